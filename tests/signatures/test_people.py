"""Who signed: only the key and the tax code of a trusted certificate count, and only while it holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from marketplace.signatures.verdict import Reason, Verdict, VerdictKind
from tests.signatures.pki import BUYER, DAY, NOW, PEM, SELLER, Authority, World, name_of, rsa_key, uid
from tests.signatures.signer import Astray, sign, stamps, time_stamped

Check = Callable[..., Verdict]
SOON = timedelta(hours=1)


def lists(*authorities: Authority, **when: object) -> bytes:
    """Their revocation lists in one file."""
    return b"".join(found.crl(**when).public_bytes(PEM) for found in authorities)  # type: ignore[arg-type]


def test_another_company(verdict: Check, world: World, issued: bytes) -> None:
    found = verdict(sign(issued, world.other), slot="A")
    assert found.reason == Reason.OTHER_PARTY
    assert found.signatures[0].slot == ""
    assert found.signatures[0].tax_code == "0090000033"


NAMES = {
    "tax code in the common name": name_of(f"HTX Bản Thử MST:{SELLER}"),
    "tax code as common name": name_of(f"MST:{SELLER}"),
    "tax code as serial number": name_of("HTX", x509.NameAttribute(NameOID.SERIAL_NUMBER, f"MST:{SELLER}")),
    "tax code as organisation's identifier": name_of(
        "HTX", x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"MST:{SELLER}")
    ),
    "without prefix": name_of("HTX", uid(SELLER)),
    "small letters": name_of("HTX", uid(f"mst:{SELLER}")),
    "an identity card": name_of("Bùi Thị Ỷ", uid(f"CCCD:{SELLER}")),
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_alone_is_nobody(verdict: Check, world: World, issued: bytes, name: x509.Name) -> None:
    assert verdict(sign(issued, world.middle.issue(name)), slot="A").reason == Reason.NO_TAX_CODE


@pytest.mark.parametrize(
    "code",
    [
        SELLER[:-1],
        SELLER + "0",
        f" {SELLER}",
        f"{SELLER} ",
        f"{SELLER}-001",
        f"{SELLER}, UID=MST:{BUYER}",
        f"{SELLER}\0x",
    ],
)
def test_a_code_that_only_resembles(verdict: Check, world: World, issued: bytes, code: str) -> None:
    assert verdict(sign(issued, world.middle.party(code)), slot="A").reason == Reason.OTHER_PARTY


def test_two_tax_codes_are_none(verdict: Check, world: World, issued: bytes) -> None:
    both = world.middle.issue(name_of("Hai đơn vị", uid(f"MST:{SELLER}"), uid(f"MST:{BUYER}")))
    assert verdict(sign(issued, both)).reason == Reason.NO_TAX_CODE


def test_a_tax_code_beside_a_person(verdict: Check, world: World, issued: bytes) -> None:
    """As authorities issue it to a person in an organisation; also in one part of the name together."""
    person = world.middle.issue(name_of("Bùi Thị Ỷ", uid("CCCD:012345678901"), uid(f"MST:{SELLER}")))
    assert verdict(sign(issued, person), slot="A").reason == Reason.GOOD
    together = x509.Name(
        [
            x509.RelativeDistinguishedName([uid(f"MST:{SELLER}"), x509.NameAttribute(NameOID.TITLE, "Giám đốc")]),
            x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "HTX")]),
        ]
    )
    assert verdict(sign(issued, world.middle.issue(together)), slot="A").reason == Reason.GOOD


def test_a_rogue_root_of_the_same_name(verdict: Check, world: World, issued: bytes) -> None:
    """The same names all the way up, other keys, and the rogue certificates put into the signature."""
    root = Authority("Gốc thử nghiệm")
    middle = Authority("CA công cộng thử", root)
    rogue = middle.party(SELLER, "HTX Nông nghiệp Bản Thử")
    rogue.chain.append(root.certificate)
    assert verdict(sign(issued, rogue), slot="A").reason == Reason.UNTRUSTED
    assert verdict(sign(issued, Authority("Gốc thử nghiệm").party(SELLER)), slot="A").reason == Reason.UNTRUSTED


def test_a_certificate_made_by_oneself(verdict: Check, world: World, issued: bytes) -> None:
    own = Authority("x")
    own.name = name_of("HTX", uid(f"MST:{SELLER}"))
    alone = own.issue(own.name, key=own.key)
    alone.chain = []
    assert verdict(sign(issued, alone)).reason == Reason.UNTRUSTED


def test_a_party_that_issues_certificates(verdict: Check, world: World, issued: bytes) -> None:
    """A party's certificate is no authority, whatever it signs."""
    fake = Authority("x", world.middle)
    fake.key, fake.name, fake.certificate = world.other.key, world.other.certificate.subject, world.other.certificate
    assert verdict(sign(issued, fake.party(SELLER))).reason == Reason.UNTRUSTED


def test_the_intermediate_may_come_with_the_signature(verdict: Check, world: World, one: bytes, issued: bytes) -> None:
    assert verdict(one, without=("intermediates",)).reason == Reason.GOOD
    holder = world.middle.party(SELLER)
    holder.chain = []
    assert verdict(sign(issued, holder)).reason == Reason.GOOD
    assert verdict(sign(issued, holder), without=("intermediates",)).reason == Reason.UNTRUSTED


def test_expired(verdict: Check, world: World, issued: bytes) -> None:
    old = world.middle.party(SELLER, until=NOW - DAY)
    assert verdict(sign(issued, old, moment=NOW - 2 * DAY)).reason == Reason.EXPIRED, (
        "the signer's own clock proves nothing"
    )


def test_expired_later_with_a_trusted_time_stamp(verdict: Check, world: World, issued: bytes) -> None:
    old = world.middle.party(SELLER, until=NOW - DAY)
    found = verdict(sign(issued, old, stamper=stamps(world.stamper, NOW - 2 * DAY)))
    assert (found.kind, found.reason) == (VerdictKind.REVIEW, Reason.EXPIRED_LATER)
    assert found.signatures[0].slot == "A"
    late = verdict(sign(issued, old, stamper=stamps(world.stamper, NOW - SOON)))
    assert late.reason == Reason.EXPIRED, "stamped after it had expired"


def test_not_yet_valid(verdict: Check, world: World, issued: bytes) -> None:
    assert verdict(sign(issued, world.middle.party(SELLER, made=NOW + DAY))).reason == Reason.NOT_YET_VALID


def revoked(world: World, when: object, **options: object) -> tuple[World, object]:
    """A party whose certificate was revoked then, in a list that nobody else shares."""
    holder = world.middle.party(SELLER, **options)  # type: ignore[arg-type]
    world.middle.revoked = {holder.certificate.serial_number: when}  # type: ignore[dict-item]
    return world, holder


@pytest.mark.parametrize("points", [True, False], ids=["names a list", "names no list"])
def test_revoked(verdict: Check, issued: bytes, points: bool) -> None:
    world, holder = revoked(World(), NOW - 3 * DAY, points=points)
    files = {"roots": world.root.certificate.public_bytes(PEM), "crls": lists(world.root, world.middle)}
    assert verdict(sign(issued, holder), **files).reason == Reason.REVOKED
    stamped = sign(issued, holder, stamper=stamps(world.stamper, NOW - DAY))
    assert verdict(stamped, **files).reason == Reason.REVOKED, "stamped after it had been revoked"


@pytest.mark.parametrize("points", [True, False], ids=["names a list", "names no list"])
def test_revoked_later_with_a_trusted_time_stamp(verdict: Check, issued: bytes, points: bool) -> None:
    world, holder = revoked(World(), NOW - DAY, points=points)
    files = {"roots": world.root.certificate.public_bytes(PEM), "crls": lists(world.root, world.middle)}
    found = verdict(sign(issued, holder, stamper=stamps(world.stamper, NOW - 2 * DAY)), **files)
    assert (found.kind, found.reason) == (VerdictKind.REVIEW, Reason.REVOKED_LATER)
    untrusted = stamps(World().stamper, NOW - 2 * DAY)
    assert verdict(sign(issued, holder, stamper=untrusted), **files).reason == Reason.REVOKED
    assert verdict(sign(issued, holder, moment=NOW - 2 * DAY), **files).reason == Reason.REVOKED


def test_a_revoked_authority(verdict: Check, issued: bytes) -> None:
    world = World()
    world.root.revoked = {world.middle.certificate.serial_number: NOW - 3 * DAY}
    files = {"roots": world.root.certificate.public_bytes(PEM), "crls": lists(world.root, world.middle)}
    assert verdict(sign(issued, world.seller), **files).reason == Reason.REVOKED


def test_revocation_cannot_be_found_out(verdict: Check, world: World, one: bytes, issued: bytes) -> None:
    found = verdict(one, without=("crls",))
    assert (found.kind, found.reason) == (VerdictKind.REVIEW, Reason.NO_REVOCATION_INFORMATION)
    assert verdict(one, crls=lists(world.root)).reason == Reason.NO_REVOCATION_INFORMATION, "the middle's is missing"
    old = lists(world.root, world.middle, made=NOW - 9 * DAY, until=NOW - DAY)
    assert verdict(one, crls=old).reason == Reason.NO_REVOCATION_INFORMATION, "the list is too old"
    stranger = World()
    foreign = lists(stranger.root, stranger.middle)
    assert verdict(one, crls=foreign).reason == Reason.NO_REVOCATION_INFORMATION, "of others with the same names"


def test_a_list_forged_by_somebody_of_the_same_name_revokes_nobody(verdict: Check, world: World, one: bytes) -> None:
    rogue = World()
    rogue.middle.revoked = {world.seller.certificate.serial_number: NOW - DAY}
    assert verdict(one, crls=lists(world.root, world.middle, rogue.middle)).reason == Reason.GOOD


def test_not_for_signing(verdict: Check, world: World, issued: bytes) -> None:
    web = world.middle.party(SELLER, allowed=("digital_signature", "key_encipherment"))
    assert verdict(sign(issued, web)).reason == Reason.NOT_FOR_SIGNING


@pytest.mark.parametrize("purpose", ["SERVER_AUTH", "CODE_SIGNING", "TIME_STAMPING", "OCSP_SIGNING"])
def test_a_machine_signs_no_contract(verdict: Check, world: World, issued: bytes, purpose: str) -> None:
    extended = getattr(ExtendedKeyUsageOID, purpose)
    machine = world.middle.party(SELLER, extended=[extended])
    assert verdict(sign(issued, machine)).reason == Reason.NOT_FOR_SIGNING
    person = world.middle.party(SELLER, extended=[extended, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    assert verdict(sign(issued, person)).reason == Reason.GOOD


@pytest.mark.parametrize("digest", ["sha1", "md5", "sha224"])
def test_a_weak_digest(verdict: Check, world: World, issued: bytes, digest: str) -> None:
    holder = world.middle.party(SELLER, key=rsa_key("party"))
    assert verdict(sign(issued, holder, md_algorithm=digest)).reason == Reason.WEAK


def test_a_weak_key(verdict: Check, world: World, issued: bytes) -> None:
    assert verdict(sign(issued, world.middle.party(SELLER, key=rsa_key("weak", 1024)))).reason == Reason.WEAK
    assert (
        verdict(sign(issued, world.middle.party(SELLER, key=ec.generate_private_key(ec.SECP192R1())))).reason
        == Reason.WEAK
    )


def test_a_weak_key_of_an_authority(verdict: Check, issued: bytes) -> None:
    world = World()
    weak = Authority("CA yếu", world.root, key=rsa_key("weak", 1024))
    files = {"roots": world.root.certificate.public_bytes(PEM), "crls": lists(world.root, weak)}
    assert verdict(sign(issued, weak.party(SELLER)), **files).reason == Reason.WEAK


def test_a_time_stamp_of_something_else(verdict: Check, world: World, issued: bytes, one: bytes) -> None:
    astray = Astray(world.stamper)
    assert verdict(sign(issued, world.seller, stamper=astray)).reason == Reason.TIME_STAMP_BROKEN
    assert verdict(time_stamped(one, world.stamper, stamper=astray)).reason == Reason.TIME_STAMP_BROKEN


def test_a_certificate_that_may_not_stamp_time(verdict: Check, world: World, issued: bytes) -> None:
    """Trusted for signing, not for telling the time: an expired signer cannot stamp for himself."""
    party = world.middle.party(SELLER, key=rsa_key("party"), until=NOW - DAY)
    own = world.middle.party(BUYER, key=rsa_key("stamper"))
    assert verdict(sign(issued, party, stamper=stamps(own, NOW - 2 * DAY))).reason == Reason.EXPIRED


def test_no_roots_no_acceptance(verdict: Check, one: bytes) -> None:
    found = verdict(one, without=("roots",))
    assert (found.kind, found.reason) == (VerdictKind.REVIEW, Reason.NOT_CONFIGURED)


@pytest.mark.parametrize("name", ["roots", "intermediates", "crls", "seal_roots"])
@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_unreadable_settings(verdict: Check, one: bytes, name: str, content: bytes) -> None:
    found = verdict(one, **{name: content})
    assert (found.kind, found.reason) == (VerdictKind.REVIEW, Reason.UNREADABLE_SETTING)
