"""The cross-reference tables behind the issued text: an object that stands in one twice is another one to another reader."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pyhanko.pdf_utils.reader import PdfFileReader

HEAD = re.compile(rb"\s*(\d{1,10})\s+(\d{1,10})\s*")
ENTRY = re.compile(rb"\d{10} \d{5} [nf]\s{0,3}")


def ambiguous(reader: PdfFileReader, data: bytes, issued: int) -> bool:
    """Whether a table lists an object twice; raises ValueError for one that cannot be read."""
    for revision in range(issued + 1, reader.xrefs.total_revisions):
        spans = sorted(spans_of(reader, data, revision))
        if any(first + count > following for (first, count), (following, _) in pairwise(spans)):
            return True
    return False


def spans_of(reader: PdfFileReader, data: bytes, revision: int) -> Iterator[tuple[int, int]]:
    """From which number on how many objects, for each part of a table."""
    table = reader.xrefs.get_xref_container_info(revision)
    if table.stream_ref is None:
        yield from parts_of(data[table.start_location : table.end_location])
        return
    stream = reader.get_object(table.stream_ref, revision)
    numbers = [int(number) for number in stream.get("/Index", [0, stream["/Size"]])]
    yield from zip(numbers[::2], numbers[1::2], strict=True)


def parts_of(table: bytes) -> Iterator[tuple[int, int]]:
    """The same for a table of the old kind, read line by line."""
    place = 0
    while not table.startswith(b"trailer", place):
        head = HEAD.match(table, place)
        if head is None:
            raise ValueError("a table with something else in it")
        place = head.end()
        for _ in range(int(head[2])):
            entry = ENTRY.match(table, place)
            if entry is None:
                raise ValueError("a table with fewer lines than it says")
            place = entry.end()
        if int(head[2]):
            yield int(head[1]), int(head[2])
