"""A signed PDF as a file: the issued bytes in front, nothing behind, nothing in it that acts by itself."""

import io
import re
import zipfile
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader, process_data_at_eof

from marketplace.signatures.verdict import Reason

MB = 1024 * 1024
LARGEST = 32 * MB
MOST_OBJECTS = 200_000
MOST_STEPS = 2_000_000
MOST_REVISIONS = 60
END = re.compile(rb"%%EOF(?:\r\n|\n|\r)?\Z")
ACTIVE = {
    "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA", "/SubmitForm",
    "/ImportData", "/ResetForm", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound", "/3D", "/AA",
}  # fmt: skip
"""What acts or hides: scripts, launches, attachments, forms that send, media, triggers."""
LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=32 * MB),
    document_budget=DocumentDecodeBudget(base_allowance=64 * MB, max_ratio=4),
)


def slurped(path: str) -> bytes:
    """A file, one byte more than allowed at most; a pipe, a device or a folder is none. Raises OSError or ValueError."""
    if not Path(path).is_file():
        raise FileNotFoundError(path)
    with Path(path).open("rb") as file:
        return file.read(LARGEST + 1)


def outside(data: bytes, issued: bytes) -> Reason | None:
    """What can be said without reading the PDF."""
    if not data:
        return Reason.EMPTY
    if len(data) > LARGEST:
        return Reason.TOO_LARGE
    if not data.startswith(b"%PDF-"):
        return Reason.NOT_PDF
    if not data.startswith(issued):
        return Reason.NOT_ISSUED
    if data == issued:
        return Reason.NO_SIGNATURE
    if not END.search(data[-16:]):
        return Reason.TRAILING
    # One file that is two: what a PDF reader skips as a remark, an archive program opens.
    return Reason.ACTIVE if zipfile.is_zipfile(io.BytesIO(data)) else None


def opened(data: bytes) -> PdfFileReader:
    """The file read strictly: no repair, no second cross-reference tables, little to unpack."""
    return PdfFileReader(io.BytesIO(data), strict=True, decode_limits=LIMITS)


def inside(reader: PdfFileReader) -> Reason | None:
    """What is in the file that may not be in a contract."""
    if "/Encrypt" in reader.trailer_view:
        return Reason.ENCRYPTED
    if reader.xrefs.hybrid_xrefs_present:
        return Reason.BROKEN
    if reader.xrefs.total_revisions > MOST_REVISIONS or int(reader.trailer["/Size"]) > MOST_OBJECTS:
        return Reason.COMPLEX
    return walk(reader)


def walk(reader: PdfFileReader) -> Reason | None:
    """Every object that can be reached from the trailer, once; streams stay packed."""
    waiting: list[object] = [reader.trailer_view]
    met: set[tuple[int, int]] = set()
    for _step in range(MOST_STEPS):
        if not waiting:
            return None
        thing = waiting.pop()
        if isinstance(thing, generic.IndirectObject):
            key = (thing.idnum, thing.generation)
            if key not in met:
                met.add(key)
                waiting.append(thing.get_object())
        elif isinstance(thing, generic.DictionaryObject):
            if ACTIVE & thing.keys():
                return Reason.ACTIVE
            waiting.extend(thing.raw_get(key) for key in thing)
        elif isinstance(thing, generic.ArrayObject):
            waiting.extend(thing.raw_get(index) for index in range(len(thing)))
        elif isinstance(thing, generic.NameObject) and thing in ACTIVE:
            return Reason.ACTIVE
    return Reason.COMPLEX


def dead_end(reader: PdfFileReader, data: bytes) -> bool:
    """Whether bytes follow the end of the newest revision: they belong to none, so no signature and no rule sees them.

    A copied last line (`startxref`, place, `%%EOF`) would otherwise make any tail look like the end of the file.
    """
    newest = reader.xrefs.get_xref_container_info(reader.xrefs.total_revisions - 1)
    return data.count(b"%%EOF", newest.end_location) != 1


def issued_revision(reader: PdfFileReader, issued: bytes) -> int | None:
    """Which writing of the file the issued bytes are; None when the file does not build on them.

    Bytes that are in front but that no cross-reference table leads to would be seen by nobody.
    """
    stream = io.BytesIO(issued)
    stream.seek(-1, io.SEEK_END)
    try:
        start = process_data_at_eof(stream)
    except (PdfReadError, ValueError):
        return None
    for revision in range(reader.xrefs.total_revisions):
        ends = reader.xrefs.get_xref_container_info(revision).end_location
        if ends > len(issued):
            return None
        if reader.xrefs.get_startxref_for_revision(revision) == start:
            return revision
    return None
