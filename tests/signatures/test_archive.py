"""What the seal could break of PDF/A-2a and PDF/UA-1, asked of the issued, the sealed and the evidence file point by point."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject

from marketplace.clauses.documents import render_pdf
from marketplace.signatures import seal
from tests.clauses.test_documents import ISSUED, document
from tests.signatures.pki import NOW
from tests.signatures.test_seal import installed

FORBIDDEN = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState"}
EMBEDDED = {"/FontFile", "/FontFile2", "/FontFile3"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A contract as it was issued, and under the seal."""
    folder: Path = tmp_path_factory.mktemp("archive")
    plain = render_pdf(document(), issued_at=ISSUED, verify_url="https://lienket.example.vn/verify/7KQ2MWX9PA")
    with installed(folder):
        return {"issued": plain, "sealed": seal.seal(plain, now=NOW).pdf}


def objects(reader: PdfReader) -> Iterator[Any]:
    """Every object of every revision."""
    for number in range(1, int(reader.trailer["/Size"])):
        found = reader.get_object(number)
        if found is not None:
            yield found


@pytest.mark.parametrize("kind", ["issued", "sealed"])
def test_it_is_still_marked_as_archivable(files: dict[str, bytes], kind: str) -> None:
    data = files[kind]
    reader = PdfReader(io.BytesIO(data))
    catalogue = reader.trailer["/Root"]
    xmp = catalogue["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "/Filter" not in catalogue["/Metadata"], "readable without unpacking"
    assert data.startswith(b"%PDF-1.7")
    assert catalogue.get("/Version", "/1.7") == "/1.7"
    (intent,) = catalogue["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_object()["/N"] == 3
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert {"/StructTreeRoot", "/Lang"} <= set(catalogue)
    assert "/ID" in reader.trailer
    assert data.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("kind", ["issued", "sealed"])
def test_nothing_forbidden_came_in(files: dict[str, bytes], kind: str) -> None:
    reader = PdfReader(io.BytesIO(files[kind]))
    assert not reader.is_encrypted
    assert not {"/AA", "/OpenAction", "/NeedsRendering", "/Requirements"} & set(reader.trailer["/Root"])
    fonts = 0
    for each in objects(reader):
        if isinstance(each, StreamObject):
            assert each.get("/Filter") != "/LZWDecode"
            assert "/F" not in each, "nothing outside the file"
        if not isinstance(each, DictionaryObject):
            continue
        assert each.get("/S") not in FORBIDDEN
        if each.get("/Type") == "/FontDescriptor":
            fonts += 1
            assert EMBEDDED & set(each), each.get("/FontName")
    assert fonts


def test_the_invisible_field_is_one_that_both_standards_allow(files: dict[str, bytes]) -> None:
    reader = PdfReader(io.BytesIO(files["sealed"]))
    form = reader.trailer["/Root"]["/AcroForm"]
    assert not {"/XFA", "/NeedAppearances"} & set(form)
    (field,) = (each.get_object() for each in form["/Fields"])
    left, bottom, right, top = (float(each) for each in field["/Rect"])
    assert (left, bottom) == (right, top), "of no size: it needs no appearance"
    assert right < 0 > top, "outside the page: it needs no place in the structure"
    flags = int(field["/F"])
    assert flags & 4, "printable"
    assert not flags & (1 | 2 | 32 | 256), "not hidden in the four ways that PDF/A forbids"
    assert field["/TU"]
    assert not {"/A", "/AA"} & set(field)
    assert field["/P"].get_object()["/Tabs"] == "/S"


def test_the_description_is_the_issued_one_to_the_letter(files: dict[str, bytes]) -> None:
    issued, sealed = (PdfReader(io.BytesIO(files[kind])).trailer for kind in ("issued", "sealed"))
    assert sealed["/Root"]["/Metadata"].get_data() == issued["/Root"]["/Metadata"].get_data()
    assert dict(sealed["/Info"]) == dict(issued["/Info"])


def test_the_issued_file_stands_in_the_sealed_one_byte_for_byte(files: dict[str, bytes]) -> None:
    assert files["sealed"].startswith(files["issued"])
