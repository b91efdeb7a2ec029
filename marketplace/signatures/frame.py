"""What a signature carries along and nothing covers: its frame, and the certificates beside the signer's."""

from typing import Any

from asn1crypto import algos, cms, core, parser, x509
from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.general import extract_certificate_info

from marketplace.signatures.trust import Authorities

MOST_PARTS = 64
NULL = core.Null().dump()
NUMBERS = {number: core.Integer(number).dump() for number in (1, 3)}
WITH_SETTINGS = algos.SignedDigestAlgorithmId("rsassa_pss").dump()
DETACHED = [cms.ContentType("data").dump()]
TOKEN = cms.CMSAttributeType("signature_time_stamp_token").dump()
SEQUENCE, SET, FIRST, SECOND = 0x30, 0x31, 0xA0, 0xA1
"""The tags of values in values."""


def inner(value: bytes, tag: int = SEQUENCE) -> list[bytes]:
    """The values in a value, which hold nothing between or behind them; raises ValueError."""
    if value[0] != tag:
        raise ValueError("another kind of value")
    rest: bytes = parser.parse(value, strict=True)[4]
    found = []
    while rest:
        length = parser.peek(rest)
        found.append(rest[:length])
        rest = rest[length:]
        if len(found) > MOST_PARTS:
            raise ValueError("too many values")
    return found


def framed(message: bytes) -> bool:
    """Whether the frame has exactly its parts, and each says what the signature itself says; raises ValueError.

    One signer, one digest, the certificates, at most a time stamp: whatever else could stand here is covered by
    nothing, so another reader might be shown another thing.
    """
    certificate = extract_certificate_info(cms.ContentInfo.load(message)["content"]).signer_cert
    _kind, explicit = inner(message[: parser.peek(message)])
    (data,) = inner(explicit, FIRST)
    version, digests, content, _certificates, signers = inner(data)
    (digest,), (signer,) = inner(digests, SET), inner(signers, SET)
    own_version, who, own_digest, attributes, algorithm, _value, *more = inner(signer)
    numbered = who[0] == SEQUENCE
    return (
        own_version == NUMBERS[1 if numbered else 3]
        and version == NUMBERS[1 if numbered and inner(content) == DETACHED else 3]
        and (not numbered or inner(who) == [certificate.issuer.dump(), core.Integer(certificate.serial_number).dump()])
        and inner(digest)[0] == inner(own_digest)[0]
        and all(plain(one) for one in (digest, own_digest, algorithm))
        and attributes[0] == FIRST
        and (not more or (len(more) == 1 and stamped(more[0])))
    )


def plain(algorithm: bytes) -> bool:
    """Whether an algorithm comes without settings, but for the one that needs them."""
    name, *settings = inner(algorithm)
    return settings in ([], [NULL]) or name == WITH_SETTINGS


def stamped(attributes: bytes) -> bool:
    """Whether what is not signed is a time stamp and nothing else."""
    (attribute,) = inner(attributes, SECOND)
    name, values = inner(attribute)
    (token,) = inner(values, SET)
    return name == TOKEN and framed(token)


def strangers(certificates: list[x509.Certificate], authorities: Authorities, *, all_known: bool) -> bool:
    """Whether a certificate that came along is not as its authority made it: a changed one would stay in an accepted file.

    One of an authority that nobody knows here may come along, for readers who trust another root: nothing rests on it.
    But it may not be a known one with another name. Not `all_known`: also when names are known and keys are not.
    """
    configured = [*authorities.roots, *authorities.intermediates, *authorities.seals, *authorities.stampers]
    known, same = [*configured, *certificates], {one.dump() for one in configured}
    for one in certificates:
        above = [authority for authority in known if authority.subject == one.issuer]
        named = one.authority_key_identifier in {authority.key_identifier for authority in above} - {None}
        wanted = named or (all_known and (above or any(resembles(one, other) for other in known)))
        if wanted and one.dump() not in same and not any(made_by(one, authority) for authority in above):
            return True
    return False


def resembles(one: x509.Certificate, other: x509.Certificate) -> bool:
    """Whether one of these was made from the other by changing something."""
    return one.dump() != other.dump() and (one.serial_number == other.serial_number or one.signature == other.signature)


def made_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether this key signed it, also with SHA-1 as the oldest roots did: nobody is trusted for it, it is only unchanged."""
    if certificate["signature_algorithm"].dump() != certificate["tbs_certificate"]["signature"].dump():
        return False
    if certificate["signature_value"].contents[0]:
        # A byte that says how many of the last bits do not count.
        return False
    below = pyca.load_der_x509_certificate(certificate.dump())
    key: Any = pyca.load_der_x509_certificate(authority.dump()).public_key()
    settings: tuple[Any, ...] = ()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            settings = (below.signature_algorithm_parameters, below.signature_hash_algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            settings = (below.signature_algorithm_parameters,)
        key.verify(below.signature, below.tbs_certificate_bytes, *settings)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True
