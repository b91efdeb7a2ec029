"""Visible stamps: on an empty place as one likes, over words of the contract never without a person."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from marketplace.clauses.documents import render_pdf
from marketplace.signatures import contents, stamps
from marketplace.signatures.verdict import Reason, Verdict
from tests.clauses.examples import ISSUED, RICE, TERMS, document
from tests.files.samples import plain_pdf
from tests.signatures import attacks
from tests.signatures.pki import World
from tests.signatures.signer import sign

Check = Callable[..., Verdict]


def last_page(pdf: bytes) -> int:
    """Its number, from 0."""
    return len(list(stamps.pages_of(contents.opened(pdf)))) - 1


def boxes(pdf: bytes, page: int) -> list[stamps.Box]:
    """Where words stand."""
    return list(stamps.words_of(list(stamps.pages_of(contents.opened(pdf)))[page]))


def test_where_the_contract_leaves_room_for_the_signatures(verdict: Check, world: World, issued: bytes) -> None:
    page = last_page(issued)
    edges = sorted({round(box[side]) for box in boxes(issued, page) for side in (1, 3)})
    low, high = max(itertools.pairwise(edges), key=lambda pair: pair[1] - pair[0])
    assert high - low > 60, "room for a stamp between position and name"
    first = sign(issued, world.seller, name="A", box=(90, low, 290, high), page=page)
    assert verdict(first).reason == Reason.GOOD
    assert verdict(sign(first, world.buyer, name="B", box=(310, low, 530, high), page=page)).reason == Reason.GOOD


def test_over_words(verdict: Check, world: World, issued: bytes) -> None:
    for page in range(last_page(issued) + 1):
        words = boxes(issued, page)
        assert len(words) > 5
        x1, y1, x2, y2 = (round(value) for value in words[len(words) // 2])
        found = verdict(sign(issued, world.seller, box=(x2 - 20, y1, x2 + 60, y2), page=page))
        assert found.reason == Reason.STAMP_OVER_TEXT
        assert found.signatures[0].reason == Reason.GOOD, "the signature itself is all right"
        assert verdict(sign(issued, world.seller, box=(0, 0, 595, 842), page=page)).reason == Reason.STAMP_OVER_TEXT
        assert x1 < x2


def test_over_the_foot_of_a_page_nothing_is_hidden(verdict: Check, world: World, issued: bytes) -> None:
    assert verdict(sign(issued, world.seller, box=(100, 5, 300, 40))).reason == Reason.GOOD


def test_the_second_signer_hides_nothing_either(verdict: Check, world: World, one: bytes) -> None:
    over = sign(one, world.buyer, name="B", box=(100, 400, 500, 700))
    assert verdict(over, slot="B").reason == Reason.STAMP_OVER_TEXT
    assert verdict(over, slot="B", base=one).reason == Reason.STAMP_OVER_TEXT


def with_field(pdf: bytes, box: tuple[int, int, int, int], kind: str = "/Widget") -> bytes:
    """One more field for a signature, not signed."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        append_signature_field(writer, SigFieldSpec("x", box=box))
        newest = writer.root["/AcroForm"]["/Fields"][-1]
        newest[pdf_name("/Subtype")] = pdf_name(kind)

    return attacks.update(pdf, change)


def test_an_unsigned_field_that_shows_something(verdict: Check, world: World, one: bytes) -> None:
    """A field may be added before the next signature; what it shows over the text is no signature at all."""

    def after(box: tuple[int, int, int, int], kind: str = "/Widget") -> Reason:
        return verdict(sign(with_field(one, box, kind), world.buyer, name="B")).reason

    assert verdict(with_field(one, (100, 5, 300, 40))).reason == Reason.CHANGED_LATER, "nobody signed that"
    assert after((100, 5, 300, 40)) == Reason.GOOD
    assert after((100, 500, 500, 600)) == Reason.STAMP_OVER_TEXT
    assert after((100, 5, 300, 40), "/FreeText") == Reason.BROKEN


@pytest.mark.parametrize("page", [0, 3])
def test_words_are_found_where_they_stand(issued: bytes, page: int) -> None:
    """Against the margins that the template sets: every line begins and ends between them."""
    for x1, y1, x2, y2 in boxes(issued, page):
        assert 80 < x1 < x2 < 560
        assert 50 < y1 < y2 < 800
        assert 4 < y2 - y1 < 25


def test_tables_and_long_names_too(verdict: Check, world: World) -> None:
    long = render_pdf(document(replace(TERMS, goods=(RICE,) * 60)), issued_at=ISSUED)
    lines = sum(len(boxes(long, page)) for page in range(last_page(long) + 1))
    assert lines > 400
    assert (
        verdict(sign(long, world.seller, box=(100, 300, 500, 500), page=3), base=long).reason == Reason.STAMP_OVER_TEXT
    )


CONTENT = (
    b"/F1 12 Tf 14 TL BT 100 700 Td (Gi\\341 \\(25.000\\)) Tj T* [(m)-250<6f7420>] TJ 0 -20 TD (ba) ' ET",
    b"/Artifact BMC BT /F1 9 Tf 1 0 0 1 100 20 Tm (trang) Tj ET EMC q 2 0 0 2 10 10 cm BT /F1 10 Tf 50 50 Td (to) Tj ET Q",
)


def test_other_programs_write_otherwise() -> None:
    """Operators that our template does not use."""
    pdf = plain_pdf()
    number = attacks.size_of(pdf)
    assert attacks.page_number(pdf) < number
    body = b"\n".join(CONTENT)
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 32/Widths[%s]>>" % (b"500 " * 200)
    page = b"<</Type/Page/Parent 1 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 %d 0 R>>>>/Contents %d 0 R>>"
    changed = attacks.raw_update(
        pdf,
        {
            attacks.page_number(pdf): page % (number, number + 1),
            number: font,
            number + 1: b"<</Length %d>>\nstream\n%s\nendstream" % (len(body), body),
        },
    )
    found = [[round(value) for value in box] for box in boxes(changed, 0)]
    assert found == [[100, 698, 172, 708], [100, 684, 127, 694], [100, 644, 112, 654], [110, 106, 130, 124]]


def test_one_stamp_on_two_pages(verdict: Check, world: World, issued: bytes) -> None:
    """Shown on every page that lists it, also over words of an earlier one."""
    foot = (100, 5, 300, 40)

    def again(writer: IncrementalPdfFileWriter) -> None:
        attacks.add_annotation(writer, writer.root["/AcroForm"]["/Fields"].raw_get(0))

    pdf = attacks.update(sign(issued, world.seller, box=foot, page=last_page(issued)), again)
    reader = contents.opened(pdf)
    found = stamps.stamped(reader, reader.get_historical_resolver(0))
    assert [page for page, _ in found] == [0, last_page(issued)]


def changed_field(pdf: bytes, key: str, value: generic.PdfObject) -> bytes:
    """The newest field, before it is signed."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"].raw_get(-1)
        field.get_object()[pdf_name(key)] = value
        writer.mark_update(field.reference)

    return attacks.update(pdf, change)


def test_a_stamp_that_moves_with_the_reader(verdict: Check, world: World, issued: bytes) -> None:
    foot = with_field(issued, (100, 5, 300, 40))
    assert verdict(sign(foot, world.seller)).reason == Reason.GOOD
    for flag in (8, 16):
        moving = changed_field(foot, "/F", generic.NumberObject(4 | flag))
        assert verdict(sign(moving, world.seller)).reason == Reason.STAMP_OVER_TEXT


@pytest.mark.parametrize("key", ["/A", "/PA"])
def test_a_stamp_that_does_something(verdict: Check, world: World, issued: bytes, key: str) -> None:
    hide = generic.DictionaryObject({pdf_name("/S"): pdf_name("/Hide"), pdf_name("/T"): attacks.text("x")})
    field = changed_field(with_field(issued, (100, 5, 300, 40)), key, hide)
    assert verdict(sign(field, world.seller)).reason == Reason.ACTIVE
