"""What a file is, told by its content and never by its name; how large it may be; a harmless name for it."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from enum import StrEnum

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid

MB = 1024 * 1024


class MediaType(StrEnum):
    """The kinds of file that we take, by their media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


IMAGES = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.WEBP})
SCANS = IMAGES | {MediaType.PDF}
LIMITS = {
    MediaType.PDF: 20 * MB,
    MediaType.JPEG: 15 * MB,
    MediaType.PNG: 15 * MB,
    MediaType.WEBP: 15 * MB,
    MediaType.XLSX: 10 * MB,
}
NAMES: dict[MediaType, tuple[str, ...]] = {
    MediaType.PDF: ("pdf",),
    MediaType.JPEG: ("jpg", "jpeg", "jfif"),
    MediaType.PNG: ("png",),
    MediaType.WEBP: ("webp",),
    MediaType.XLSX: ("xlsx",),
}
"""File name endings, the usual one first."""
MOST_UNPACKED = 200 * MB
MOST_ENTRIES = 2000
LONGEST_NAME = 120
WORKBOOK = "xl/workbook.xml"
FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def media_type(data: bytes, allowed: Collection[MediaType]) -> MediaType:
    """The kind of this file, or a Refusal: unknown, not wanted here, too large, or two kinds in one."""
    if not data:
        raise Refusal(msgid("This file is empty; choose another one."))
    found = by_content(data)
    if found is None or found not in allowed:
        raise Refusal(msgid("Files of this kind are not accepted here; choose %(kinds)s.", kinds=kinds(allowed)))
    if len(data) > LIMITS[found]:
        limit = LIMITS[found] // MB
        raise Refusal(msgid("This file is larger than %(limit)s MB; make it smaller and send it again.", limit=limit))
    if found is not MediaType.XLSX and two_kinds(data, found):
        raise Refusal(msgid("This file hides a second file inside; save it anew from its program and send that."))
    return found


def kinds(allowed: Collection[MediaType]) -> str:
    """Names for people: "PDF, JPG, PNG"."""
    return ", ".join(NAMES[kind][0].upper() for kind in MediaType if kind in allowed)


def by_content(data: bytes) -> MediaType | None:
    """The kind that the first bytes show; for Excel the parts inside as well."""
    if data.startswith(b"%PDF-"):
        return MediaType.PDF
    if data.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return MediaType.WEBP
    if data.startswith(b"PK\x03\x04") and is_workbook(data):
        return MediaType.XLSX
    return None


def is_workbook(data: bytes) -> bool:
    """An Excel workbook without macros, that does not unpack to something huge."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            entries = parts.infolist()
            names = {entry.filename for entry in entries}
            small = len(entries) <= MOST_ENTRIES and sum(entry.file_size for entry in entries) <= MOST_UNPACKED
            locked = any(entry.flag_bits & 1 for entry in entries)
            if not small or locked or WORKBOOK not in names or "xl/vbaProject.bin" in names:
                return False
            with parts.open("[Content_Types].xml") as types:
                return b"spreadsheetml.sheet.main+xml" in types.read(MB)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError, RuntimeError, zlib.error):
        return False


def two_kinds(data: bytes, found: MediaType) -> bool:
    """A polyglot: it would open as something else as well."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        return True
    return found is not MediaType.PDF and b"%PDF-" in data[:1024]


def clean_name(name: str, kind: MediaType) -> str:
    """The name without path, control or direction signs, at most 120 characters, ending in what the file is."""
    visible = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", visible))[-1]
    stem, dot, ending = " ".join(FORBIDDEN.sub(" ", last).split()).rpartition(".")
    if not dot or ending.lower() not in NAMES[kind]:
        stem, ending = (f"{stem}{dot}{ending}", NAMES[kind][0])
    stem = stem.strip(" .-")
    if not stem or DEVICES.fullmatch(stem):
        stem = f"tep-{stem}".strip("-")
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip(' .')}.{ending.lower()}"


def too_many(limit: int) -> Message:
    """For lists of files."""
    return msgid("At most %(limit)s files can be sent at once.", limit=limit)
