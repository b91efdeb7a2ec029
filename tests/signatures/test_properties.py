"""A signing program writes its name and the time into a file's properties; it may not say another thing of the contract."""

from collections.abc import Callable

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from marketplace.signatures.verdict import Reason, Verdict
from tests.signatures import attacks
from tests.signatures.pki import World
from tests.signatures.signer import sign

Check = Callable[..., Verdict]
TITLE = "Hợp đồng".encode()
OTHER = "Hợp đống".encode()


def described(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """Another word in the XMP description, in a new object."""
    data = attacks.reader_of(pdf).root["/Metadata"].data
    assert old in data

    def change(writer: IncrementalPdfFileWriter) -> None:
        held = attacks.stream(data.replace(old, new, 1))
        held[attacks.name("/Type")], held[attacks.name("/Subtype")] = attacks.name("/Metadata"), attacks.name("/XML")
        writer.root[attacks.name("/Metadata")] = writer.add_object(held)
        writer.update_root()

    return attacks.update(pdf, change)


def informed(pdf: bytes, **entries: str) -> bytes:
    """Other entries in the file's properties."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        info = writer.trailer["/Info"]
        for key, value in entries.items():
            info[attacks.name(f"/{key}")] = attacks.text(value)
        writer.mark_update(writer.trailer.raw_get("/Info").reference)

    return attacks.update(pdf, change)


def unmarked(pdf: bytes) -> bytes:
    """The catalogue says that the text is not tagged."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[attacks.name("/MarkInfo")] = generic.DictionaryObject(
            {attacks.name("/Marked"): generic.BooleanObject(False)}
        )
        writer.update_root()

    return attacks.update(pdf, change)


def undescribed(pdf: bytes) -> bytes:
    """No description any more."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root["/Metadata"]
        writer.update_root()

    return attacks.update(pdf, change)


OTHER_WORDS = {
    "description: title": lambda pdf: described(pdf, TITLE, OTHER),
    "description: one more word": lambda pdf: described(
        pdf, b"</dc:title>", b"</dc:title><dc:rights>15.000</dc:rights>"
    ),
    "description: gone": undescribed,
    "properties: own entry": lambda pdf: informed(pdf, Gia="15.000"),
    "properties: day": lambda pdf: informed(pdf, CreationDate="D:20240101000000Z"),
    "properties: made by": lambda pdf: informed(pdf, Creator="15.000"),
    "catalogue: tagged": unmarked,
}


@pytest.mark.parametrize("change", OTHER_WORDS.values(), ids=OTHER_WORDS.keys())
def test_another_word_about_the_contract(
    verdict: Check, world: World, issued: bytes, one: bytes, change: Callable[[bytes], bytes]
) -> None:
    assert verdict(change(one)).reason == Reason.CHANGED_LATER
    assert verdict(sign(change(issued), world.seller)).reason == Reason.CHANGED_BEFORE


def test_words_about_saving(verdict: Check, world: World, issued: bytes) -> None:
    """The library that signs here rewrites both; others write only their name."""
    saved = informed(issued, Producer="Ký số 2.0", ModDate="D:20260120030000Z", Trapped="False")
    assert verdict(sign(saved, world.seller)).reason == Reason.GOOD
