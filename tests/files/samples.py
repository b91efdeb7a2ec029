"""Files for tests, made on the spot: photos with a place in them, PDFs by hand, workbooks."""

import io
import struct
import zipfile
import zlib

from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

SIDEWAYS = 6
"""EXIF orientation of a phone held upright: the sensor's right side is the top."""


def photo(width: int = 1600, height: int = 1200, kind: str = "JPEG", orientation: int = 1) -> bytes:
    """A picture, red on its left half and blue on its right, with EXIF orientation and a GPS position."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Máy ảnh thử nghiệm"
    exif.get_ifd(0x8825)[2] = (21.0, 57.0, 0.0)
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


def pdf(*objects: str, trailer: str = "") -> bytes:
    """A small correct PDF from object bodies: number 1 is the catalogue, 2 the pages."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def plain_pdf(pages: int = 1, catalogue: str = "", page: str = "") -> bytes:
    """A PDF with blank pages; `catalogue` and `page` are further entries of those dictionaries."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + pages))
    return pdf(
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page} >>" for _ in range(pages)),
    )


def locked_pdf() -> bytes:
    """A PDF that opens with a password only."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("bí mật", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def workbook() -> bytes:
    """An Excel file with one cell."""
    book = Workbook()
    book.active["A1"] = "Hợp tác xã"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    """A ZIP file; a member's name has __ for a slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, body in members.items():
            parts.writestr(name.replace("__", "/"), body)
    return out.getvalue()
