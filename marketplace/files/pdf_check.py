"""Reads a PDF from standard input and says in one word whether we keep it.

Run as a program of its own (see scans.py): it takes limits on memory and computing time for itself first, so that a
file made to exhaust a parser ends this process and nothing else. It uses nothing of the application.
"""

import io
import resource
import sys

from pypdf import PdfReader, overwrite_configuration
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

MEMORY = 768 * 1024 * 1024
SECONDS = 10
MOST_PAGES = 200
MOST_OBJECTS = 200_000
UNPACKED = 16 * 1024 * 1024
"""Only object and cross-reference streams are ever unpacked here; none needs more."""
ACTIVE = {
    "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA", "/SubmitForm",
    "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
}  # fmt: skip
"""What acts or hides: scripts, launches, attachments, forms that send, media."""


def verdict(data: bytes) -> str:
    """`ok`, or the one word for what is wrong."""
    if data.rpartition(b"%%EOF")[2].strip(b"\r\n\t \x00") or b"%%EOF" not in data:
        return "trailing"
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        return "encrypted"
    pages = len(reader.pages)
    if not 1 <= pages <= MOST_PAGES:
        return "pages"
    return walk(reader)


def walk(reader: PdfReader) -> str:
    """Every object that can be reached from the trailer, once; streams stay packed."""
    waiting: list[object] = [reader.trailer]
    met: set[tuple[int, int]] = set()
    steps = 0
    while waiting:
        thing = waiting.pop()
        steps += 1
        if steps > MOST_OBJECTS * 10 or len(met) > MOST_OBJECTS:
            return "complex"
        if isinstance(thing, IndirectObject):
            key = (thing.idnum, thing.generation)
            if key not in met:
                met.add(key)
                waiting.append(thing.get_object())
        elif isinstance(thing, DictionaryObject):
            if ACTIVE & thing.keys():
                return "active"
            waiting.extend(dict.values(thing))
        elif isinstance(thing, ArrayObject):
            waiting.extend(list.__iter__(thing))
        elif isinstance(thing, NameObject) and thing in ACTIVE:
            return "active"
    return "ok"


def main() -> int:
    """Limits first, then the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    overwrite_configuration(
        zlib_maximum_output_length=UNPACKED,
        lzw_maximum_output_length=UNPACKED,
        run_length_maximum_output_length=UNPACKED,
        brotli_maximum_output_length=UNPACKED,
        jbig2dec_binary=None,
    )
    try:
        word = verdict(sys.stdin.buffer.read())
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError):
        word = "broken"
    except (RecursionError, MemoryError, OverflowError):
        word = "complex"
    sys.stdout.write(word)
    return 0


if __name__ == "__main__":
    sys.exit(main())
