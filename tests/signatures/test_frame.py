"""What a signature carries along is covered by nothing: no byte of it may be another one in an accepted file."""

from collections.abc import Callable

import pytest
from asn1crypto import cms
from cryptography import x509

from marketplace.signatures.verdict import Reason, Verdict, VerdictKind
from tests.signatures import attacks
from tests.signatures.pki import DER, Holder, World
from tests.signatures.signer import sign, stamps

Check = Callable[..., Verdict]


def held(pdf: bytes) -> bytes:
    """The newest signature's own bytes."""
    _, start, after, _ = attacks.ranges(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : after - 1].decode())).dump()


def other(pdf: bytes, place: int, bit: int = 0) -> bytes:
    """One bit of them changed."""
    _, start, _, _ = attacks.ranges(pdf)
    at = start + 1 + 2 * place
    return pdf[:at] + b"%02X" % (int(pdf[at : at + 2], 16) ^ (1 << bit)) + pdf[at + 2 :]


@pytest.fixture(scope="module")
def full(world: World, issued: bytes) -> bytes:
    """Signed and stamped with all certificates up to the root."""
    whole = Holder(world.seller.key, world.seller.certificate, [*world.seller.chain, world.root.certificate])
    return sign(issued, whole, stamper=stamps(world.stamper))


def names_of(certificate: x509.Certificate) -> list[bytes]:
    """What another byte would make a certificate of somebody unknown."""
    key = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    return [certificate.issuer.public_bytes(), certificate.subject.public_bytes(), key, certificate.signature]


def test_names_and_keys_of_authorities(verdict: Check, world: World, full: bytes) -> None:
    assert verdict(full).reason == Reason.GOOD
    message = held(full)
    for authority in (world.middle.certificate, world.root.certificate):
        begin = message.index(authority.public_bytes(DER))
        for part in names_of(authority):
            place = message.index(part, begin) + len(part) - 2
            assert verdict(other(full, place)).kind == VerdictKind.REJECT


def test_the_frame(verdict: Check, full: bytes) -> None:
    """Lengths that take in the unused room, numbers of versions, the kinds of what is not signed."""
    message = held(full)
    signer = message.rindex(world_of(message))
    token = message.index(cms.CMSAttributeType("signature_time_stamp_token").dump())
    version = message.index(b"\x02\x01\x01") + 2
    places = [2, 3, version, version + 1, version + 3, *range(token, token + 14, 3), *range(signer - 9, signer)]
    for place in places:
        assert verdict(other(full, place, 1)).kind == VerdictKind.REJECT, place


def world_of(message: bytes) -> bytes:
    """The name of the signer's authority, as the signature writes it."""
    found: bytes = cms.ContentInfo.load(message)["content"]["signer_infos"][0]["sid"].chosen["issuer"].dump()
    return found


@pytest.mark.parametrize("bit", range(8))
def test_some_bytes_everywhere(verdict: Check, full: bytes, bit: int) -> None:
    """Also where another reader chokes: a certificate of version 4 is a broken signature and no failure."""
    for place in range(bit, len(held(full)), 197):
        assert verdict(other(full, place, bit)).kind == VerdictKind.REJECT, place


def test_a_certificate_of_no_known_version(verdict: Check, world: World, full: bytes) -> None:
    place = held(full).index(world.seller.der) + world.seller.der.index(b"\xa0\x03\x02\x01\x02") + 4
    assert verdict(other(full, place)).reason == Reason.BROKEN_SIGNATURE


def test_whatever_a_parser_raises_is_a_verdict(verdict: Check, full: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd(Exception):
        """Of no kind that is known."""

    def odd(*_: object) -> None:
        raise Odd

    monkeypatch.setattr("marketplace.signatures.contents.opened", odd)
    assert verdict(full).reason == Reason.BROKEN
