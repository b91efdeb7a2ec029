"""One document out of a PDF or of photos; nothing that acts, hides or exhausts."""

import io
import struct
import tracemalloc
import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader

from marketplace.files import scans
from marketplace.files.scans import check_pdf, one_document
from marketplace.kernel.errors import Refusal
from tests.files.samples import SIDEWAYS, locked_pdf, pdf, photo, plain_pdf, workbook


def test_a_plain_pdf_stays_as_it_is() -> None:
    data = plain_pdf(3)
    assert one_document([data]) == data


def test_photos_become_one_a4_document_upright_and_always_the_same() -> None:
    photos = [photo(3000, 2000), photo(3000, 2000, orientation=SIDEWAYS), photo(500, 900, "PNG")]
    made = one_document(photos)
    assert made == one_document(photos)
    pages = PdfReader(io.BytesIO(made)).pages
    shapes = [(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pages]
    assert shapes == [(842, 595), (595, 842), (595, 842)]
    sizes = [page.images[0].image.size for page in pages]
    assert sizes == [(2000, 1333), (1333, 2000), (500, 900)]
    assert "Máy ảnh".encode() not in made
    check_pdf(made)


@pytest.mark.parametrize(
    "pages",
    [
        [],
        [b""],
        [workbook()],
        [plain_pdf(), plain_pdf()],
        [plain_pdf(), photo(40, 30)],
        [photo(40, 30)] * 21,
        [photo(40, 30), photo(400, 300)[:600]],
    ],
)
def test_what_is_no_document_is_refused(pages: list[bytes]) -> None:
    with pytest.raises(Refusal):
        one_document(pages)


SCRIPT = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


@pytest.mark.parametrize(
    "data",
    [
        plain_pdf(catalogue=f"/OpenAction {SCRIPT}"),
        plain_pdf(catalogue=f"/Names << /JavaScript << /Names [(a) {SCRIPT}] >> >>"),
        plain_pdf(page=f"/AA << /O {SCRIPT} >>"),
        plain_pdf(page="/AA << /O << /S /#4a#61vaScript /#4aS (x) >> >>"),
        plain_pdf(page="/Annots [ << /Subtype /Link /A << /S /Launch /F (cmd.exe) >> >> ]"),
        plain_pdf(page="/Annots [ << /Subtype /Link /A << /S /SubmitForm /F (http://x) >> >> ]"),
        plain_pdf(catalogue="/Names << /EmbeddedFiles << /Names [] >> >>"),
        plain_pdf(catalogue="/AcroForm << /XFA [] >>"),
    ],
)
def test_scripts_actions_and_attachments_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal, match="script"):
        check_pdf(data)


def test_links_and_a_first_page_to_open_at_are_harmless() -> None:
    check_pdf(plain_pdf(catalogue="/OpenAction [3 0 R /Fit]", page="/Annots [<< /A << /S /URI /URI (https://x) >> >>]"))


def test_locked_long_and_empty_documents_are_refused() -> None:
    check_pdf(plain_pdf(200))
    with pytest.raises(Refusal, match="200 pages"):
        check_pdf(plain_pdf(201))
    with pytest.raises(Refusal, match="200 pages"):
        check_pdf(plain_pdf(0))
    with pytest.raises(Refusal, match="password"):
        check_pdf(locked_pdf())


def test_what_follows_the_end_is_refused() -> None:
    check_pdf(plain_pdf() + b"\r\n\0\n")
    for data in (plain_pdf() + b"<script>", plain_pdf()[:-6]):
        with pytest.raises(Refusal, match="incomplete"):
            check_pdf(data)


def packed(first: bytes, megabytes: int) -> str:
    """These bytes and so many megabytes of spaces, packed: a thousandth of that in the file."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(first), *(packer.compress(b" " * 2**20) for _ in range(megabytes)), packer.flush()]
    return b"".join(parts).decode("latin-1")


def bomb_in_a_page() -> bytes:
    """A page whose content unpacks to 512 MB."""
    body = packed(b"q Q", 512)
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        f"<< /Filter /FlateDecode /Length {len(body)} >>\nstream\n{body}\nendstream",
    )


def page_in_a_stream(megabytes: int) -> bytes:
    """A PDF whose page object lies in a packed object stream, which a reader has to unpack."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    body = packed(b"3 0 " + page, megabytes)
    head = f"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {len(body)} >>"
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, text in (
        (1, "<< /Type /Catalog /Pages 2 0 R >>"),
        (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        (4, f"{head}\nstream\n{body}\nendstream"),
    ):
        places[number] = len(out)
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(out)
    entries = [(0, 0, 0), (1, places[1], 0), (1, places[2], 0), (2, 4, 0), (1, places[4], 0), (1, start, 0)]
    table = b"".join(struct.pack(">BIB", *entry) for entry in entries)
    out += f"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length {len(table)} >>\nstream\n".encode() + table
    return bytes(out) + f"\nendstream\nendobj\nstartxref\n{start}\n%%EOF".encode()


def test_bombs_stay_packed() -> None:
    inside, needed = bomb_in_a_page(), page_in_a_stream(512)
    check_pdf(page_in_a_stream(0))
    tracemalloc.start()
    check_pdf(inside)
    with pytest.raises(Refusal):
        check_pdf(needed)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 64 * 2**20, "half a gigabyte was never unpacked"


def test_loops_and_depth_end_in_a_refusal_or_an_answer() -> None:
    loop = pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1 >>")
    deep = plain_pdf(catalogue="/X " + "[" * 5000 + "]" * 5000)
    own = pdf("<< /Type /Catalog /Pages 2 0 R >>", "2 0 R")
    for data in (loop, deep, own):
        with pytest.raises(Refusal):
            check_pdf(data)


def test_damaged_pdfs_raise_nothing_but_a_refusal() -> None:
    data = plain_pdf(2, catalogue="/Lang (vi)")
    for position in range(0, len(data), len(data) // 12):
        damaged = data[:position] + b"\xff<<" + data[position + 3 :]
        try:
            check_pdf(damaged)
        except Refusal:
            continue


def test_the_process_that_reads_strangers_files_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text("import os, sys; sys.stdout.write('broken' if 'MARKETPLACE_SECRET_KEY' in os.environ else 'ok')")
    monkeypatch.setattr(scans, "CHECK", spy)
    monkeypatch.setenv("MARKETPLACE_SECRET_KEY", "hidden")
    check_pdf(plain_pdf())
