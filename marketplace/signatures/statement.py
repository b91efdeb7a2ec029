"""A short statement signed with Ed25519, for a QR code: whoever has the published key checks it without any server."""

import base64
import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import current_app

from marketplace.config import Settings
from marketplace.signatures.keys import KeyProblem, read_statement_key

VERSION = "v1"
LONGEST = 1000
"""More is no statement of ours."""


def statement(payload: Mapping[str, Any]) -> str:
    """`v1.<payload>.<signature>`, both base64url; "" where this installation has no key for statements.

    What is signed is the text before the second dot, so nobody has to write the JSON again in order to check it.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.statement_key:
        return ""
    try:
        key = read_statement_key(settings.statement_key)
    except KeyProblem as problem:
        current_app.logger.error("no statement in the QR code: the key is %s", problem.code)
        return ""
    signed = f"{VERSION}.{packed(canonical(payload))}"
    return f"{signed}.{packed(key.sign(signed.encode()))}"


def about(code: str, number: str, text_digest: str, day: date) -> dict[str, str]:
    """What the code on a paper states: this platform issued it, under this code and number, with this content.

    Short, so that the code can still be read from paper: `c` code, `n` the first 8 bytes of the number's SHA-256, `t` the
    first 16 bytes of the content's fingerprint (its beginning stands at the foot of every page), `d` day of issue.
    """
    return {
        "c": code,
        "d": day.isoformat(),
        "n": packed(sha256(number.encode()).digest()[:8]),
        "t": packed(bytes.fromhex(text_digest)[:16]),
    }


def read(text: str, key: bytes) -> dict[str, Any] | None:
    """The payload of a statement that this public key (32 bytes) has signed; None for anything else."""
    version, _, rest = text.partition(".")
    body, _, signature = rest.partition(".")
    if version != VERSION or len(text) > LONGEST:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(unpacked(signature), f"{version}.{body}".encode())
        found = json.loads(unpacked(body))
    except (InvalidSignature, ValueError):
        return None
    return found if isinstance(found, dict) else None


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


def canonical(payload: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def packed(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unpacked(text: str) -> bytes:
    """The bytes of base64url without padding; ValueError for anything else."""
    if not text.isascii():
        raise ValueError("not base64url")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
