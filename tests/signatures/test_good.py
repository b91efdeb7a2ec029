"""Signatures as they should be: accepted, with everything that the record needs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from marketplace.signatures.verdict import Reason, Verdict, VerdictKind, read
from tests.signatures.pki import BUYER, DAY, NOW, PEM, SELLER, Authority, World, name_of, rsa_key
from tests.signatures.signer import sign, signer_of, stamps, time_stamped

Check = Callable[..., Verdict]


def test_one_signature_is_accepted_and_described(verdict: Check, world: World, one: bytes) -> None:
    found = verdict(one, slot="A")
    assert found.kind == VerdictKind.ACCEPT
    assert found.reason == Reason.GOOD
    (only,) = found.signatures
    certificate = world.seller.certificate
    assert (only.slot, only.tax_code, only.reason) == ("A", SELLER, Reason.GOOD)
    assert only.signer == "HTX Nông nghiệp Bản Thử"
    assert f"MST:{SELLER}" in only.subject
    assert "CA công cộng thử" in only.issuer
    assert only.serial == f"{certificate.serial_number:X}"
    assert (only.not_before, only.not_after) == (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    assert only.signed_at == NOW
    assert only.trusted_at is None, "a missing trusted time is never replaced"
    assert only.digest_algorithm == "sha256"


def test_two_signatures_one_after_the_other(verdict: Check, one: bytes, two: bytes) -> None:
    found = verdict(two, slot="B")
    assert found.reason == Reason.GOOD
    assert [entry.slot for entry in found.signatures] == ["A", "B"]
    assert verdict(two, slot="B", base=one).reason == Reason.GOOD, "compared with the previous signer's file"
    assert verdict(two).reason == Reason.GOOD


def test_the_order_of_the_parties_is_not_ours_to_prescribe(verdict: Check, world: World, issued: bytes) -> None:
    other_way = sign(sign(issued, world.buyer, name="1"), world.seller, name="2")
    assert verdict(other_way, slot="A").reason == Reason.GOOD


def test_a_trusted_time_stamp_is_recorded(verdict: Check, world: World, issued: bytes) -> None:
    then = NOW - timedelta(hours=5)
    (found,) = verdict(sign(issued, world.seller, stamper=stamps(world.stamper, then))).signatures
    assert found.trusted_at == then
    assert found.reason == Reason.GOOD


def test_a_time_stamp_of_a_separate_authority(verdict: Check, world: World, issued: bytes) -> None:
    alone = World().middle.stamper()
    signed = sign(issued, world.seller, stamper=stamps(alone))
    found = verdict(signed)
    assert found.reason == Reason.GOOD
    assert found.signatures[0].trusted_at is None, "an authority that nobody trusts vouches for nothing"
    found = verdict(signed, tsa_roots=alone.chain[0].public_bytes(PEM))
    assert found.signatures[0].trusted_at == NOW


def test_a_root_of_time_stamps_makes_nobody_a_party(verdict: Check, world: World, one: bytes) -> None:
    found = verdict(one, without=("roots",), tsa_roots=world.root.certificate.public_bytes(PEM))
    assert found.reason == Reason.NOT_CONFIGURED


def test_a_time_stamp_over_the_file_vouches_for_the_signature_under_it(
    verdict: Check, world: World, one: bytes
) -> None:
    found = verdict(time_stamped(one, world.stamper))
    assert found.reason == Reason.GOOD
    assert [entry.slot for entry in found.signatures] == ["A", "time"]
    assert found.signatures[0].trusted_at == NOW


def test_a_certifying_first_signature(verdict: Check, world: World, issued: bytes) -> None:
    first = sign(issued, world.seller, name="A", certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    assert verdict(first, slot="A").reason == Reason.GOOD
    assert verdict(sign(first, world.buyer, name="B"), slot="B").reason == Reason.GOOD


def test_a_visible_stamp_on_an_empty_place(verdict: Check, world: World, issued: bytes) -> None:
    assert verdict(sign(issued, world.seller, box=(10, 10, 40, 25))).reason == Reason.GOOD


def test_the_older_form_of_signature_and_rsa(verdict: Check, world: World, issued: bytes) -> None:
    holder = world.middle.party(SELLER, key=rsa_key("party"))
    old = sign(issued, holder, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED, md_algorithm="sha512")
    assert verdict(old).reason == Reason.GOOD
    assert verdict(sign(issued, holder, signer=signer_of(holder, prefer_pss=True))).reason == Reason.GOOD


def test_sealed_afterwards(verdict: Check, world: World, two: bytes) -> None:
    sealed = sign(two, world.platform, name="Seal", stamper=stamps(world.stamper))
    found = verdict(sealed)
    assert found.reason == Reason.GOOD
    assert [(entry.slot, entry.reason) for entry in found.signatures] == [
        ("A", Reason.GOOD),
        ("B", Reason.GOOD),
        ("seal", Reason.SEAL),
    ]
    assert verdict(sealed, base=two).reason == Reason.GOOD
    assert verdict(sealed, without=("seal_roots",)).reason == Reason.UNTRUSTED


def test_the_seal_of_an_operator_who_is_an_organisation_itself(verdict: Check, world: World, two: bytes) -> None:
    sealed = sign(two, world.other, name="Seal")
    found = verdict(sealed, seal_roots=world.other.certificate.public_bytes(PEM))
    assert [entry.slot for entry in found.signatures] == ["A", "B", "seal"]
    assert found.reason == Reason.GOOD


def test_a_branch_signs_for_itself_only(verdict: Check, world: World, issued: bytes) -> None:
    branch = world.middle.party(f"{SELLER}-001")
    signed = sign(issued, branch)
    assert verdict(signed).reason == Reason.OTHER_PARTY
    assert verdict(signed, parties={"A": f"{SELLER}-001", "B": BUYER}).reason == Reason.GOOD


@pytest.mark.parametrize("code", [f"{SELLER}-001", f"{SELLER}001"], ids=["with its dash", "without"])
def test_the_dash_of_a_dependent_unit_is_for_the_eye(verdict: Check, world: World, issued: bytes, code: str) -> None:
    signed = sign(issued, world.middle.party(code))
    found = verdict(signed, parties={"A": f"{SELLER}-001", "B": BUYER})
    assert (found.reason, found.signatures[0].tax_code) == (Reason.GOOD, f"{SELLER}-001")


def test_a_household_signs_with_a_personal_number(verdict: Check, world: World, issued: bytes) -> None:
    signed = sign(issued, world.middle.party("012345678901"))
    assert verdict(signed, parties={"A": "012345678901", "B": BUYER}).reason == Reason.GOOD


def test_an_authority_trusted_without_the_one_above_it(verdict: Check, world: World, issued: bytes) -> None:
    alone = {"roots": world.middle.certificate.public_bytes(PEM), "crls": world.middle.crl().public_bytes(PEM)}
    assert verdict(sign(issued, world.seller), **alone).reason == Reason.GOOD
    lists = World().middle.crl().public_bytes(PEM)
    assert verdict(sign(issued, world.seller), **alone | {"crls": lists}).reason == Reason.NO_REVOCATION_INFORMATION


def test_an_authority_under_two_roots(verdict: Check, world: World, issued: bytes) -> None:
    """Whichever of them is trusted here, and whichever certificates come along or are installed."""
    other = Authority("Gốc thứ hai")
    cross = Authority("CA công cộng thử", other, key=world.middle.key).certificate
    lists = b"".join(one.crl().public_bytes(PEM) for one in (world.root, world.middle, other))
    for chain in ([world.middle.certificate], [cross], [world.middle.certificate, cross], []):
        holder = world.middle.party(SELLER)
        holder.chain = chain
        signed = sign(issued, holder)
        for root in (world.root.certificate, other.certificate):
            both = world.middle.certificate.public_bytes(PEM) + cross.public_bytes(PEM)
            found = verdict(signed, roots=root.public_bytes(PEM), intermediates=both, crls=lists)
            assert found.reason == Reason.GOOD


def test_a_file_of_many_certificates_and_lists(verdict: Check, world: World, one: bytes) -> None:
    more = World()
    both = world.root.certificate.public_bytes(PEM) + more.root.certificate.public_bytes(PEM)
    lists = b"".join(found.crl().public_bytes(PEM) for found in (more.root, more.middle, world.root, world.middle))
    assert verdict(one, roots=both, crls=lists).reason == Reason.GOOD


def test_an_authority_trusted_together_with_its_root(verdict: Check, world: World, two: bytes) -> None:
    both = world.root.certificate.public_bytes(PEM) + world.middle.certificate.public_bytes(PEM)
    assert verdict(two, roots=both).reason == Reason.GOOD
    sealed = sign(two, world.middle.issue(name_of("Nền tảng có chứng thư")), name="Seal")
    found = verdict(sealed, seal_roots=both)
    assert (found.reason, found.signatures[-1].slot) == (Reason.GOOD, "seal")


def test_the_answer_survives_the_way_through_json(verdict: Check, world: World, issued: bytes) -> None:
    found = verdict(sign(issued, world.seller, stamper=stamps(world.stamper)))
    assert read({"reason": found.reason, "signatures": [entry.stored() for entry in found.signatures]}) == found


def test_it_still_holds_on_the_last_day(verdict: Check, world: World, one: bytes) -> None:
    last = world.seller.certificate.not_valid_after_utc
    lists = b"".join(found.crl(until=last + DAY).public_bytes(PEM) for found in (world.root, world.middle))
    assert verdict(one, now=last, crls=lists).reason == Reason.GOOD
    assert verdict(one, now=last + DAY, crls=lists).reason == Reason.EXPIRED
