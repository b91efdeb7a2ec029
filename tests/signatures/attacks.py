"""Ways to tamper with a signed contract, written as an attacker would write them."""

import asyncio
import hashlib
import io
import re
import zlib
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import SimpleSigner

RANGE = re.compile(rb"/ByteRange ?\[(\d+) +(\d+) +(\d+) +(\d+) *\]( *)")


def update(pdf: bytes, change: Any) -> bytes:
    """One more writing of the file by `change(writer)`."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stream(data: bytes) -> generic.StreamObject:
    """A plain stream."""
    return generic.StreamObject(stream_data=data)


def page_of(writer: IncrementalPdfFileWriter, number: int = 0) -> generic.DictionaryObject:
    """A page, marked as changed."""
    reference = writer.find_page_for_modification(number)[0]
    writer.mark_update(reference)
    page: generic.DictionaryObject = reference.get_object()
    return page


def other_page(pdf: bytes) -> bytes:
    """Another content on page one."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page_of(writer)[pdf_name("/Contents")] = writer.add_object(stream(b"BT ET"))

    return update(pdf, change)


def turned_page(pdf: bytes) -> bytes:
    """Page one on its side."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page_of(writer)[pdf_name("/Rotate")] = generic.NumberObject(90)

    return update(pdf, change)


def overwritten_content(pdf: bytes) -> bytes:
    """The content stream of page one exchanged under its own number: the page itself stays as it is."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        contents = page.raw_get("/Contents")
        reference = contents if isinstance(contents, generic.IndirectObject) else contents[0]
        number = reference.idnum
        writer.objects[(0, number)] = stream(b"BT ET")

    return update(pdf, change)


def annotation(pdf: bytes, **entries: Any) -> bytes:
    """A note over page one."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): numbers(100, 600, 300, 640),
                pdf_name("/Contents"): generic.TextStringObject("25.000.000"),
                **{pdf_name(f"/{key}"): value for key, value in entries.items()},
            }
        )
        add_annotation(writer, writer.add_object(note))

    return update(pdf, change)


def numbers(*values: int) -> generic.ArrayObject:
    """An array of numbers."""
    return generic.ArrayObject(map(generic.NumberObject, values))


def add_annotation(writer: IncrementalPdfFileWriter, reference: generic.IndirectObject) -> None:
    """Onto page one."""
    page = page_of(writer)
    present = page.get("/Annots", generic.ArrayObject())
    page[pdf_name("/Annots")] = generic.ArrayObject([*present, reference])


def freed(pdf: bytes, number: int) -> bytes:
    """The object with this number thrown away."""
    return raw_update(pdf, {}, free=[number])


def field(pdf: bytes, value: str, number: int | None = None) -> bytes:
    """A form field with a value; `number` exchanges the value of one that is there."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        if number is not None:
            found = generic.Reference(number, 0, writer).get_object()
            found[pdf_name("/V")] = generic.TextStringObject(value)
            writer.mark_update(generic.Reference(number, 0, writer))
            return
        entry = generic.DictionaryObject(
            {
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): generic.TextStringObject("price"),
                pdf_name("/V"): generic.TextStringObject(value),
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/Rect"): numbers(100, 600, 300, 640),
            }
        )
        reference = writer.add_object(entry)
        add_annotation(writer, reference)
        form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([reference])})
        writer.root[pdf_name("/AcroForm")] = writer.add_object(form)
        writer.update_root()

    return update(pdf, change)


def script(pdf: bytes) -> bytes:
    """A script that runs when the file is opened."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.TextStringObject("app.alert(1)")}
        )
        writer.update_root()

    return update(pdf, change)


def titled(pdf: bytes, title: str) -> bytes:
    """Another title in the file's properties."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        info = generic.DictionaryObject({pdf_name("/Title"): generic.TextStringObject(title)})
        writer.set_info(writer.add_object(info))

    return update(pdf, change)


def last_start(pdf: bytes) -> int:
    """Where the newest cross-reference table begins."""
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def root_of(pdf: bytes) -> bytes:
    """The reference to the catalogue."""
    return re.findall(rb"/Root\s+(\d+ \d+ R)", pdf)[-1]


def size_of(pdf: bytes) -> int:
    """One more than the highest number of an object."""
    return int(re.findall(rb"/Size\s+(\d+)", pdf)[-1])


def raw_update(
    pdf: bytes,
    objects: dict[int, bytes],
    trailer: bytes = b"",
    *,
    free: list[int] | None = None,
    previous: int | None = None,
) -> bytes:
    """An update written by hand, byte by byte, for what no library would write."""
    out = bytearray(pdf + b"\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n"
    for number in sorted([*places, *(free or [])]):
        entry = b"%010d 00000 n" % places[number] if number in places else b"0000000000 00001 f"
        out += b"%d 1\n%s\r\n" % (number, entry)
    size = max([size_of(pdf), *(number + 1 for number in objects)])
    back = last_start(pdf) if previous is None else previous
    out += b"trailer\n<</Size %d/Root %s/Prev %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        root_of(pdf),
        back,
        trailer,
        start,
    )
    return bytes(out)


def bomb(pdf: bytes, size: int) -> bytes:
    """A cross-reference stream that unpacks to `size` bytes of nothing."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()
    number = size_of(pdf)
    start = len(pdf) + 1
    head = b"<</Type/XRef/W[1 4 2]/Size %d/Index[0 %d]/Root %s/Prev %d/Filter/FlateDecode/Length %d>>" % (
        number + 1,
        size // 7,
        root_of(pdf),
        last_start(pdf),
        len(packed),
    )
    body = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, packed)
    return pdf + b"\n" + body + b"startxref\n%d\n%%%%EOF\n" % start


def ranges(pdf: bytes) -> tuple[int, int, int, int]:
    """The newest signature's."""
    last = list(RANGE.finditer(pdf))[-1]
    return tuple(int(last[n]) for n in range(1, 5))  # type: ignore[return-value]


def with_range(pdf: bytes, numbers: tuple[int, int, int, int]) -> bytes:
    """The same file saying that other bytes are signed."""
    last = list(RANGE.finditer(pdf))[-1]
    text = b"/ByteRange [%d %d %d %d]" % numbers
    return pdf[: last.start()] + text.ljust(len(last[0])) + pdf[last.end() :]


def signed_again(pdf: bytes, signer: SimpleSigner, numbers: tuple[int, int, int, int]) -> bytes:
    """A correct signature over exactly those bytes, in the place that is there."""
    _, first, _, _ = ranges(pdf)
    place = pdf.index(b">", first)
    pdf = with_range(pdf, numbers)
    begin, length, after, rest = numbers
    digest = hashlib.sha256(pdf[begin : begin + length] + pdf[after : after + rest]).digest()
    message = asyncio.run(signer.async_sign(digest, "sha256", use_pades=True)).dump()
    held = message.hex().encode().ljust(place - first - 1, b"0")
    return pdf[: first + 1] + held + pdf[place:]


def text(value: str) -> generic.TextStringObject:
    """A string."""
    return generic.TextStringObject(value)


def name(value: str) -> generic.NameObject:
    """A name."""
    return pdf_name(value)


def reader_of(pdf: bytes) -> PdfFileReader:
    """The file, read."""
    return PdfFileReader(io.BytesIO(pdf))


def page_number(pdf: bytes) -> int:
    """The number of the object of the first page."""
    tree = reader_of(pdf).root["/Pages"]
    while tree["/Type"] == "/Pages":
        reference = tree["/Kids"].raw_get(0)
        tree = reference.get_object()
    return int(reference.idnum)


def font_number(pdf: bytes) -> int:
    """The number of the object of a font of the first page."""
    page = generic.Reference(page_number(pdf), 0, reader_of(pdf)).get_object()
    fonts = page["/Resources"]["/Font"]
    return int(fonts.raw_get(next(iter(fonts))).idnum)


def dropped(pdf: bytes) -> bytes:
    """The last annotation of page one taken off it again."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = page_of(writer)
        page[pdf_name("/Annots")] = generic.ArrayObject(list(page["/Annots"])[:-1])

    return update(pdf, change)


def field_number(pdf: bytes) -> int:
    """The number of the object of the first form field."""
    return int(reader_of(pdf).root["/AcroForm"]["/Fields"].raw_get(0).idnum)


def swapped_pages(pdf: bytes, number: int) -> bytes:
    """The catalogue leads to another page tree."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[pdf_name("/Pages")] = generic.IndirectObject(number, 0, writer)
        writer.update_root()

    return update(pdf, change)


def moved_behind(front: bytes, pdf: bytes) -> bytes:
    """A whole document behind another one, with all its offsets moved."""
    shift = len(front) + 1
    start = last_start(pdf)
    table = re.sub(rb"(\d{10}) (\d{5}) n", lambda found: b"%010d %s n" % (int(found[1]) + shift, found[2]), pdf[start:])
    table = re.sub(rb"startxref\s+\d+", b"startxref\n%d" % (start + shift), table)
    return front + b"\n" + pdf[:start] + table


def field_with(pdf: bytes, entry: bytes) -> bytes:
    """One more signature field, which does something."""
    number = size_of(pdf)
    form = reader_of(pdf).root.raw_get("/AcroForm")
    old = field_number(pdf)
    fields = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 0 0]%s>>" % entry
    body = b"<</SigFlags 3/Fields[%d 0 R %d 0 R]>>" % (old, number)
    if isinstance(form, generic.IndirectObject):
        return raw_update(pdf, {number: fields, form.idnum: body})
    raise AssertionError("the form is no object of its own")


def attachment(pdf: bytes) -> bytes:
    """A file in the file."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        held = writer.add_object(stream(b"MZ"))
        spec = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Filespec"),
                pdf_name("/F"): text("x.exe"),
                pdf_name("/EF"): generic.DictionaryObject({pdf_name("/F"): held}),
            }
        )
        names = generic.DictionaryObject(
            {pdf_name("/Names"): generic.ArrayObject([text("x"), writer.add_object(spec)])}
        )
        writer.root[pdf_name("/Names")] = generic.DictionaryObject({pdf_name("/EmbeddedFiles"): names})
        writer.update_root()

    return update(pdf, change)


def with_catalogue(pdf: bytes, entries: bytes, objects: dict[int, bytes]) -> bytes:
    """The catalogue with more in it, and more objects."""
    number = int(root_of(pdf).split()[0])
    found = re.search(rb"\n%d 0 obj\s*<<(.*?)>>\s*endobj" % number, pdf, re.DOTALL)
    assert found is not None
    return raw_update(pdf, {number: b"<<%s%s>>" % (found[1], entries), **objects})


def object_bomb(pdf: bytes, size: int) -> bytes:
    """An object stream that unpacks to `size` bytes, with the catalogue in it."""
    packer = zlib.compressobj(9)
    number = size_of(pdf)
    root = int(root_of(pdf).split()[0])
    packed = packer.compress(b"%d 0 " % root) + b"".join(packer.compress(b" " * (1 << 20)) for _ in range(size >> 20))
    packed += packer.flush()
    at = len(pdf) + 1
    held = b"%d 0 obj\n<</Type/ObjStm/N 1/First 10/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        number,
        len(packed),
        packed,
    )
    start = at + len(held)
    table = b"\2" + number.to_bytes(4, "big") + b"\0\0" + b"\1" + at.to_bytes(4, "big") + b"\0\0"
    head = b"<</Type/XRef/W[1 4 2]/Size %d/Index[%d 1 %d 1]/Root %s/Prev %d/Length %d>>" % (
        number + 2,
        root,
        number,
        root_of(pdf),
        last_start(pdf),
        len(table),
    )
    body = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number + 1, head, table)
    return pdf + b"\n" + held + body + b"startxref\n%d\n%%%%EOF\n" % start
