"""Files that were tampered with: each is refused, and for the right reason."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm

from marketplace.clauses.documents import render_pdf
from marketplace.signatures.verdict import Reason, Verdict
from tests.clauses.examples import ISSUED, document
from tests.signatures import attacks
from tests.signatures.pki import World
from tests.signatures.signer import sign, signer_of

NOTHING = {900: b"null"}
"""An object that nothing leads to."""
Check = Callable[..., Verdict]


def flipped(data: bytes, place: int) -> bytes:
    """One bit of one byte changed."""
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_a_changed_byte_of_the_contract(verdict: Check, one: bytes) -> None:
    assert verdict(flipped(one, 5000)).reason == Reason.NOT_ISSUED


def test_a_changed_byte_that_both_files_have(verdict: Check, one: bytes, issued: bytes) -> None:
    """As if the issued file had been exchanged as well: then the signature itself says so."""
    longest = max(re.finditer(rb"stream\n.*?\nendstream", issued, re.DOTALL), key=lambda found: len(found[0]))
    place = longest.start() + 500
    assert verdict(flipped(one, place), base=flipped(issued, place)).reason == Reason.CHANGED


def test_a_changed_byte_behind_the_contract(verdict: Check, one: bytes) -> None:
    assert verdict(one.replace(b"20260120", b"20260121")).reason == Reason.CHANGED


def test_a_changed_byte_in_the_unused_room_of_the_signature(verdict: Check, one: bytes) -> None:
    _, start, after, _ = attacks.ranges(one)
    assert one[after - 2 : after] == b"0>"
    assert verdict(one[: after - 2] + b"1" + one[after - 1 :]).reason == Reason.PARTIAL
    assert verdict(one[: after - 2] + b" " + one[after - 1 :]).reason == Reason.PARTIAL
    assert verdict(one[: start + 1] + one[start + 1 : after].swapcase() + one[after:]).reason == Reason.GOOD
    assert (
        verdict(one[: start + 1] + one[start + 1 : start + 99].swapcase() + one[start + 99 :]).reason == Reason.PARTIAL
    )


def test_a_changed_byte_of_the_mathematics(verdict: Check, world: World, issued: bytes) -> None:
    """The value of the signature itself, by exchanging the certificate's key for another one."""
    impostor = world.middle.party("0090000019")
    impostor.key = world.other.key
    assert verdict(sign(issued, impostor)).reason == Reason.FORGED


LATER = {
    "page content": attacks.other_page,
    "page turned": attacks.turned_page,
    "content stream overwritten": attacks.overwritten_content,
    "annotation": attacks.annotation,
    "text field": lambda pdf: attacks.annotation(pdf, T=attacks.text("x"), FT=attacks.name("/Tx")),
    "title": lambda pdf: attacks.titled(pdf, "Hợp đồng khác"),
}


@pytest.mark.parametrize("change", LATER.values(), ids=LATER.keys())
def test_an_incremental_change_after_signing(verdict: Check, one: bytes, change: Callable[[bytes], bytes]) -> None:
    assert verdict(change(one)).reason == Reason.CHANGED_LATER


@pytest.mark.parametrize("change", LATER.values(), ids=LATER.keys())
def test_an_incremental_change_before_signing(
    verdict: Check, world: World, issued: bytes, change: Callable[[bytes], bytes]
) -> None:
    """The attacker is the first signer: everything is signed, but it is not what was issued."""
    assert verdict(sign(change(issued), world.seller), slot="A").reason == Reason.CHANGED_BEFORE


@pytest.mark.parametrize("change", LATER.values(), ids=LATER.keys())
def test_an_incremental_change_between_two_signatures(
    verdict: Check, world: World, one: bytes, change: Callable[[bytes], bytes]
) -> None:
    changed = sign(change(one), world.buyer, name="B")
    assert verdict(changed, slot="B").reason == Reason.CHANGED_LATER
    assert verdict(changed, slot="B", base=one).reason == Reason.CHANGED_LATER


def test_a_form_field_refilled_after_signing(verdict: Check, world: World, issued: bytes) -> None:
    form = attacks.field(issued, "25000")
    signed = sign(form, world.seller)
    number = attacks.field_number(form)
    assert verdict(signed, base=form).reason == Reason.GOOD
    assert verdict(attacks.field(signed, "15000", number), base=form).reason == Reason.CHANGED_LATER
    before = sign(attacks.field(form, "15000", number), world.seller)
    assert verdict(before, base=form).reason == Reason.CHANGED_BEFORE


def test_shadow_hide(verdict: Check, world: World, issued: bytes) -> None:
    """An overlay is there when one signs, and is taken away afterwards."""
    covered = attacks.annotation(issued)
    signed = sign(covered, world.seller)
    assert verdict(signed).reason == Reason.CHANGED_BEFORE
    assert verdict(signed, base=covered).reason == Reason.GOOD
    assert verdict(attacks.dropped(signed), base=covered).reason == Reason.CHANGED_LATER
    number = attacks.size_of(covered) - 1
    assert verdict(attacks.raw_update(signed, {number: b"null"}), base=covered).reason == Reason.CHANGED_LATER
    assert verdict(attacks.freed(signed, number), base=covered).reason == Reason.BROKEN


def test_shadow_replace(verdict: Check, one: bytes) -> None:
    """A font that shows other figures for the same letters."""
    number = attacks.font_number(one)
    shown = attacks.raw_update(one, {number: b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>"})
    assert verdict(shown).reason == Reason.CHANGED_LATER


def test_shadow_swap(verdict: Check, world: World, issued: bytes) -> None:
    """A second page tree lies ready, seen by nobody; one line exchanges it after signing."""
    number = attacks.size_of(issued)
    tree = {
        number: b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 1),
        number + 1: b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>" % number,
    }
    prepared = attacks.raw_update(issued, tree)
    signed = sign(prepared, world.seller)
    assert verdict(signed).reason == Reason.GOOD, "what nobody sees harms nobody yet"
    assert verdict(attacks.swapped_pages(signed, number)).reason == Reason.CHANGED_LATER
    assert verdict(sign(attacks.swapped_pages(prepared, number), world.seller)).reason == Reason.CHANGED_BEFORE


def test_a_file_that_does_not_build_on_the_issued_bytes(verdict: Check, world: World, issued: bytes) -> None:
    """Our bytes in front, then a whole other document that no table connects with them."""
    other = render_pdf(document() | {"number": "99/2026/HĐLK"}, issued_at=ISSUED)
    assert verdict(sign(attacks.moved_behind(issued, other), world.seller)).reason == Reason.NOT_ISSUED


def test_another_contract(verdict: Check, world: World) -> None:
    other = render_pdf(document() | {"number": "99/2026/HĐLK"}, issued_at=ISSUED)
    assert verdict(sign(other, world.seller)).reason == Reason.NOT_ISSUED


def test_the_second_signer_does_not_build_on_the_first(verdict: Check, world: World, issued: bytes, one: bytes) -> None:
    """Two people sign at the same time: the later one has to download the file of the earlier."""
    assert verdict(sign(issued, world.buyer), slot="B", base=one).reason == Reason.NOT_ISSUED


def test_a_short_byte_range(verdict: Check, world: World, one: bytes) -> None:
    start, first, after, rest = attacks.ranges(one)
    for numbers in (
        (start, first, after, rest - 10),
        (start, first, after + 10, rest - 10),
        (start, first - 10, after, rest),
        (start + 10, first - 10, after, rest),
        (start, first, after - 20, rest + 20),
        (start, first, after, rest + 10),
        (0, 0, 0, 0),
    ):
        assert verdict(attacks.with_range(one, numbers)).reason == Reason.PARTIAL


def test_a_short_byte_range_that_the_signer_meant(verdict: Check, world: World, one: bytes) -> None:
    """Made with the right key: mathematics alone finds nothing wrong."""
    start, first, after, rest = attacks.ranges(one)
    signer = signer_of(world.seller)
    assert verdict(attacks.signed_again(one, signer, (start, first, after, rest))).reason == Reason.GOOD
    for numbers in (
        (start, first, after, rest - 10),
        (start, first, after + 10, rest - 10),
        (start, first - 10, after, rest),
        (start, first, after - 30, rest),
        (0, 10, after, rest),
    ):
        assert verdict(attacks.signed_again(one, signer, numbers)).reason == Reason.PARTIAL


def test_trailing_bytes(verdict: Check, one: bytes, two: bytes) -> None:
    for tail in (b"x", b"\n\n", b"\0" * 1000, b"%PDF-1.7", b"\n%%EOF x"):
        assert verdict(one + tail).reason == Reason.TRAILING
    assert verdict(one + b"\n%%EOF\n").reason in (Reason.PARTIAL, Reason.BROKEN, Reason.CHANGED_LATER)
    assert verdict(two[:-2]).reason == Reason.TRAILING


def test_scripts_and_attachments(verdict: Check, world: World, issued: bytes, one: bytes) -> None:
    assert verdict(sign(attacks.script(issued), world.seller)).reason == Reason.ACTIVE
    assert verdict(attacks.script(one)).reason == Reason.ACTIVE
    for entry in (b"/AA<</O 1 0 R>>", b"/A<</S/Launch/F(x.exe)>>", b"/A<</S/SubmitForm/F(http://x.example)>>"):
        assert verdict(attacks.field_with(one, entry)).reason == Reason.ACTIVE
    assert verdict(sign(attacks.attachment(issued), world.seller)).reason == Reason.ACTIVE


def test_a_locked_file(verdict: Check, world: World, issued: bytes, one: bytes) -> None:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(one)))
    writer.encrypt("mật khẩu")
    out = io.BytesIO()
    writer.write(out)
    assert verdict(out.getvalue()).reason == Reason.NOT_ISSUED
    handler = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>" % (b"00" * 32, b"00" * 32)
    assert verdict(attacks.raw_update(issued, NOTHING, handler)).reason == Reason.ENCRYPTED


def test_a_signature_that_leaves_no_room_for_others(verdict: Check, world: World, issued: bytes) -> None:
    lock = {"certify": True, "docmdp_permissions": MDPPerm.NO_CHANGES}
    closed = sign(issued, world.seller, name="A", **lock)
    assert verdict(closed, slot="A").reason == Reason.LOCKED
    assert verdict(closed, slot="A", parties={"A": "0090000019"}).reason == Reason.GOOD, "nobody else has to sign"
    assert verdict(closed, slot="A", parties={"A": "0090000019"}, closing=False).reason == Reason.LOCKED


def test_signatures_in_the_wrong_order(verdict: Check, world: World, one: bytes, two: bytes) -> None:
    assert verdict(one, slot="B").reason == Reason.OUT_OF_TURN
    assert verdict(two, slot="A").reason == Reason.OUT_OF_TURN
    assert verdict(sign(one, world.seller, name="A2"), slot="A").reason == Reason.SIGNED_TWICE
    sealed = sign(one, world.platform, name="S")
    assert verdict(sign(sealed, world.buyer, name="B"), slot="B").reason == Reason.AFTER_SEAL
    assert verdict(sign(sealed, world.buyer, name="B"), slot="B", base=sealed).reason == Reason.GOOD


def test_no_new_signature(verdict: Check, world: World, issued: bytes, one: bytes) -> None:
    assert verdict(issued).reason == Reason.NO_SIGNATURE
    assert verdict(one, base=one, slot="A").reason == Reason.NO_SIGNATURE
    assert verdict(attacks.raw_update(issued, NOTHING)).reason == Reason.NO_SIGNATURE
    assert verdict(attacks.raw_update(one, NOTHING), base=one).reason == Reason.NO_SIGNATURE
    assert verdict(sign(issued, world.platform)).reason == Reason.NO_SIGNATURE, "the seal is no party"


def test_another_kind_of_signature(verdict: Check, one: bytes) -> None:
    assert verdict(one.replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1 ")).reason == Reason.UNSUPPORTED
    assert verdict(one.replace(b"/ETSI.CAdES.detached", b"/ETSI.RFC3161       ")).reason == Reason.BROKEN_SIGNATURE
    _start, first, _after, _ = attacks.ranges(one)
    assert verdict(one[: first + 1] + b"00" * 40 + one[first + 81 :]).reason == Reason.BROKEN_SIGNATURE


def test_an_archive_hidden_in_the_file(verdict: Check, world: World, issued: bytes) -> None:
    """A PDF for one program, a ZIP for another: covered by the signature, and still refused."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hop-dong.txt", "khác")
    held = issued + b"\n%" + packed.getvalue() + b"\n"
    signed = sign(attacks.raw_update(held, NOTHING), world.seller)
    assert zipfile.is_zipfile(io.BytesIO(signed))
    assert verdict(signed).reason == Reason.ACTIVE
    assert verdict(sign(issued, world.seller) + packed.getvalue()).reason == Reason.TRAILING
    assert verdict(b"<html>" + issued).reason == Reason.NOT_PDF
    assert verdict(b"\n" + sign(issued, world.seller)).reason == Reason.NOT_PDF


def test_fields_locked_by_the_signer(verdict: Check, world: World, issued: bytes) -> None:
    every = FieldMDPSpec(FieldMDPAction.ALL)
    no_field_left = sign(issued, world.seller, name="A", field={"field_mdp_spec": every})
    assert verdict(no_field_left, slot="A").reason == Reason.LOCKED, "nobody could sign after it"
    own = FieldMDPSpec(FieldMDPAction.INCLUDE, ["A"])
    assert verdict(sign(issued, world.seller, name="A", field={"field_mdp_spec": own}), slot="A").reason == Reason.GOOD
    closed = {"field_mdp_spec": every, "doc_mdp_update_value": MDPPerm.NO_CHANGES}
    assert verdict(sign(issued, world.seller, field=closed), slot="A").reason == Reason.LOCKED
