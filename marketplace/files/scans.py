"""A signed paper as one document: the PDF that somebody scanned, or one made of the photos that a phone took.

pypdf checks and writes the PDFs: pure Python (BSD), so nothing to compile and no memory errors, and it already reads
streams only when asked. pikepdf is quicker but wraps a C++ library (MPL), which is more than these few calls need.
"""

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

from marketplace.files.images import upright
from marketplace.files.sniff import MB, SCANS, MediaType, media_type, too_many
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid

MOST_PHOTOS = 20
LONGEST_SIDE = 2000
JPEG_QUALITY = 80
A4 = (595.28, 841.89)
MARGIN = 14.17
"""Points: 5 mm."""
PATIENCE = 20
CHECK = Path(__file__).with_name("pdf_check.py")
UNREADABLE = msgid("This PDF cannot be read; scan the paper again, or send photos of its pages.")
REFUSALS = {
    "trailing": msgid("This PDF is incomplete or carries something after its end; save it anew and send that."),
    "encrypted": msgid("This PDF is locked with a password; save it without one and send that."),
    "pages": msgid("A PDF must have 1 to 200 pages."),
    "active": msgid("This PDF contains a script, an action or an attachment; print it to a plain PDF and send that."),
    "complex": UNREADABLE,
    "broken": UNREADABLE,
}


def one_document(pages: Sequence[bytes]) -> bytes:
    """One PDF as it is, after checking; or up to 20 photos as one PDF, a page each; the same photos, the same bytes."""
    if not pages:
        raise Refusal(msgid("Choose one PDF, or photos of all the pages."))
    if len(pages) > MOST_PHOTOS:
        raise Refusal(too_many(MOST_PHOTOS))
    found = [media_type(page, SCANS) for page in pages]
    if MediaType.PDF not in found:
        return from_photos(pages)
    if len(pages) > 1:
        raise Refusal(msgid("Send either one PDF or only photos, not both together."))
    check_pdf(pages[0])
    return pages[0]


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is damaged, locked, too long or does anything by itself; read in a process with limits."""
    media_type(data, {MediaType.PDF})
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHECK)],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={"LC_ALL": "C.UTF-8"},  # none of ours: it reads strangers' files, and our secrets stand there
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(UNREADABLE) from error
    word = done.stdout.decode("ascii", "replace")
    if done.returncode != 0 or word != "ok":
        raise Refusal(REFUSALS.get(word, UNREADABLE))


def from_photos(photos: Sequence[bytes]) -> bytes:
    """An A4 page for each photo, upright, lying when the photo is wider than high."""
    writer = PdfWriter()
    writer.metadata = None
    for photo in photos:
        add_page(writer, upright(photo, LONGEST_SIDE))
    out = io.BytesIO()
    writer.write(out)
    if out.tell() > 20 * MB:
        raise Refusal(msgid("These photos are too large together; send fewer of them."))
    return out.getvalue()


def add_page(writer: PdfWriter, picture: Image.Image) -> None:
    """One photo, as large as the margins allow, in the middle of its page."""
    width, height = A4 if picture.height >= picture.width else A4[::-1]
    scale = min((width - 2 * MARGIN) / picture.width, (height - 2 * MARGIN) / picture.height)
    drawn = (picture.width * scale, picture.height * scale)
    left, bottom = (width - drawn[0]) / 2, (height - drawn[1]) / 2
    page = writer.add_blank_page(width, height)
    image = writer._add_object(jpeg(picture))
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/Photo"): image})}
    )
    content = StreamObject()
    content.set_data(f"q {drawn[0]:.2f} 0 0 {drawn[1]:.2f} {left:.2f} {bottom:.2f} cm /Photo Do Q".encode())
    page[NameObject("/Contents")] = writer._add_object(content)


def jpeg(picture: Image.Image) -> StreamObject:
    """The picture as a PDF image whose stream is a plain JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    image = StreamObject()
    image.set_data(out.getvalue())
    image.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(picture.width),
            NameObject("/Height"): NumberObject(picture.height),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/DCTDecode"),
        }
    )
    return image
