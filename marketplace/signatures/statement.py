"""A short statement signed with Ed25519, for a QR code: whoever has the published key checks it without any server."""

import base64
from datetime import date
from hashlib import sha256
from typing import Any

from flask import current_app

from marketplace.config import Settings
from marketplace.signatures.keys import KeyProblem, read_statement_key

FORM = "v2"


def stated(code: str, number: str, text_digest: str, day: date) -> str:
    """What the code on a paper states: this platform issued it, under this code and number, with this content.

    `<code>#v2.<day>.<n>.<t>`: `n` is the beginning of the number's SHA-256 (8 bytes), `t` that of the content's fingerprint
    (16 bytes; 8 of them stand at the foot of every page). Dots instead of JSON, and the code only once, in the address: a
    short text gives a coarse code, which can still be read from a bad copy.
    """
    number_digest, content = sha256(number.encode()).digest()[:8], bytes.fromhex(text_digest)[:16]
    return f"{code}#{FORM}.{day:%Y%m%d}.{packed(number_digest)}.{packed(content)}"


def statement(said: str) -> str:
    """What stands behind the `#` of the address: form, day, number, content, and the signature over all of it and the code.

    "" where this installation has no key for statements. `<address up to the code>` + this is `<address>/<said>.<signature>`.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.statement_key:
        return ""
    try:
        key = read_statement_key(settings.statement_key)
    except KeyProblem as problem:
        current_app.logger.error("no statement in the QR code: the key is %s", problem.code)
        return ""
    return f"{said.partition('#')[2]}.{packed(key.sign(said.encode()))}"


def public_key() -> bytes:
    """The key to check with, 32 bytes; b"" where there is none."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        key = read_statement_key(settings.statement_key) if settings.statement_key else None
    except KeyProblem:
        return b""
    return key.public_key().public_bytes_raw() if key else b""


def published() -> dict[str, Any]:
    """The public key as a JSON web key set (RFC 8037)."""
    key = public_key()
    return {
        "keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": key_id(key), "x": packed(key)}] if key else []
    }


def key_id(key: bytes) -> str:
    """A short name of a key, made from the key itself."""
    return packed(sha256(key).digest()[:8])


def packed(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
