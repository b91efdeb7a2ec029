"""Whether the visible stamp of a signature covers words of the contract: a stamp may say what it likes, so it hides nothing."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

TOKEN = re.compile(
    rb"\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-Fa-f\s]*>|\[|\]|/[^\s\[\]()<>/]*|[-+]?(?:\d+\.?\d*|\.\d+)|[A-Za-z][A-Za-z0-9]*\*?|['\"]",
    re.DOTALL,
)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b"", b"\r": b""}
MOST_TOKENS = 300_000
USUAL_WIDTH = 500.0
TOUCHING = 1.0
"""Points that a stamp may reach into a line: frames touch."""

ACTIONS = {"/A", "/PA"}
MOVING = 8 | 16
"""A stamp that keeps its size or its direction whatever the page does lies now here and now there."""

Box = tuple[float, float, float, float]
ANYWHERE: Box = (-math.inf, -math.inf, math.inf, math.inf)
Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1, 0, 0, 1, 0, 0)


def over_text(issued: HistoricalResolver, places: list[tuple[int, Box]]) -> bool:
    """Whether one of these places lies over words of the issued text."""
    pages = list(pages_of(issued)) if places else []
    return any(meet(stamp, words) for number, stamp in places for words in words_of(pages[number]))


def stamped(reader: PdfFileReader, issued: HistoricalResolver) -> list[tuple[int, Box]]:
    """The visible places of new signature fields: number of the page, rectangle; one place may be on several pages."""
    shown: dict[int, list[int]] = {}
    for number, page in enumerate(pages_of(reader)):
        for entry in page.get("/Annots", generic.ArrayObject()):
            if isinstance(entry, generic.IndirectObject):
                shown.setdefault(entry.reference.idnum, []).append(number)
    found = []
    for reference in widgets(reader):
        if reference.idnum not in shown or not issued.is_ref_unassignable(reference):
            continue
        widget: Any = reference.get_object()
        if widget.get("/Subtype") != "/Widget":
            raise PdfError("a signature field that shows itself as something else")
        x1, y1, x2, y2 = (float(value) for value in widget["/Rect"])
        box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        if box[0] < box[2] and box[1] < box[3]:
            box = ANYWHERE if int(widget.get("/F", 0)) & MOVING else box
            found += [(number, box) for number in shown[reference.idnum]]
    return found


def active(reader: PdfFileReader, issued: HistoricalResolver) -> bool:
    """Whether a new signature field does something when it is touched; a link of the contract itself may."""
    fresh: list[Any] = [one.get_object() for one in widgets(reader) if issued.is_ref_unassignable(one)]
    return any(ACTIONS & field.keys() for field in fresh)


def widgets(reader: PdfFileReader) -> Iterator[generic.Reference]:
    """Every place of every signature field, signed or not."""
    for _name, _value, place in enumerate_sig_fields(reader):
        if isinstance(place, generic.IndirectObject):
            yield place.reference
            for kid in place.get_object().get("/Kids", ()):
                if isinstance(kid, generic.IndirectObject):
                    yield kid.reference


def pages_of(document: PdfFileReader | HistoricalResolver) -> Iterator[generic.DictionaryObject]:
    """The pages in their order."""
    waiting = [document.root["/Pages"]]
    while waiting:
        node = waiting.pop(0)
        if node["/Type"] == "/Pages":
            waiting[:0] = [kid.get_object() for kid in node["/Kids"]]
        else:
            yield node


def meet(stamp: Box, words: Box) -> bool:
    """Whether two rectangles share more than their frames."""
    wide = min(stamp[2], words[2]) - max(stamp[0], words[0])
    high = min(stamp[3], words[3]) - max(stamp[1], words[1])
    return wide > TOUCHING and high > TOUCHING


@dataclass
class Pen:
    """Where the content stream of a page is writing."""

    fonts: generic.DictionaryObject
    page: Matrix = PLAIN
    kept: list[Matrix] = field(default_factory=list)
    line: Matrix = PLAIN
    text: Matrix = PLAIN
    size: float = 1
    leading: float = 0
    font: "Font | None" = None
    marks: list[bool] = field(default_factory=list)

    @property
    def artifact(self) -> bool:
        """Head lines, foot lines and ornaments are no words of the contract."""
        return any(self.marks)

    def next_line(self, x: float, y: float) -> None:
        """Move from the beginning of the line."""
        self.line = self.text = times((1, 0, 0, 1, x, y), self.line)


@dataclass(frozen=True)
class Font:
    """How wide its signs are, in thousandths, and of how many bytes they are."""

    widths: dict[int, float]
    usual: float
    length: int

    def width(self, text: bytes) -> float:
        """Of some signs together."""
        codes = (int.from_bytes(text[at : at + self.length], "big") for at in range(0, len(text), self.length))
        return sum(self.widths.get(code, self.usual) for code in codes)


def words_of(page: generic.DictionaryObject) -> Iterator[Box]:
    """The rectangles of everything written on a page."""
    resources = page["/Resources"]
    pen = Pen(resources.get("/Font", generic.DictionaryObject()))
    fonts: dict[bytes, Font] = {}
    operands: list[bytes] = []
    for number, found in enumerate(TOKEN.finditer(content_of(page))):
        if number > MOST_TOKENS:
            raise PdfError("too much is written on this page")
        token = found[0]
        if not (token[:1].isalpha() or token in (b"'", b'"')):
            operands.append(token)
            continue
        if token == b"Tf":
            name = operands[-2]
            fonts[name] = pen.font = fonts.get(name) or font_of(pen.fonts, name)
            pen.size = float(operands[-1])
        elif token in (b"TJ", b"Tj", b"'", b'"'):
            if token in (b"'", b'"'):
                pen.next_line(0, -pen.leading)
            box = written(pen, operands)
            if box is not None and not pen.artifact:
                yield box
        else:
            move(pen, token, operands)
        operands = []


def content_of(page: generic.DictionaryObject) -> bytes:
    """The content streams of a page as one."""
    contents = page["/Contents"] if "/Contents" in page else generic.ArrayObject()
    parts = contents if isinstance(contents, generic.ArrayObject) else [contents]
    return b"\n".join(part.get_object().data for part in parts)


def move(pen: Pen, operator: bytes, operands: list[bytes]) -> None:
    """What changes the place of the next words."""
    if operator == b"q":
        pen.kept.append(pen.page)
    elif operator == b"Q" and pen.kept:
        pen.page = pen.kept.pop()
    elif operator == b"cm":
        pen.page = times(matrix(operands), pen.page)
    elif operator == b"BT":
        pen.line = pen.text = PLAIN
    elif operator == b"Tm":
        pen.line = pen.text = matrix(operands)
    elif operator in (b"Td", b"TD"):
        x, y = (float(value) for value in operands[-2:])
        pen.leading = -y if operator == b"TD" else pen.leading
        pen.next_line(x, y)
    elif operator == b"T*":
        pen.next_line(0, -pen.leading)
    elif operator == b"TL":
        pen.leading = float(operands[-1])
    elif operator in (b"BDC", b"BMC"):
        pen.marks.append(bool(operands) and operands[0] == b"/Artifact")
    elif operator == b"EMC" and pen.marks:
        pen.marks.pop()


def written(pen: Pen, operands: list[bytes]) -> Box | None:
    """The rectangle of one piece of text; the pen moves behind it."""
    font = pen.font or Font({}, USUAL_WIDTH, 1)
    width, signs = 0.0, 0
    for operand in operands:
        if operand[:1] in (b"(", b"<"):
            text = string(operand)
            width, signs = width + font.width(text), signs + len(text)
        elif operand[:1] not in (b"[", b"]"):
            width -= float(operand)
    wide = width / 1000 * pen.size
    place = times(pen.text, pen.page)
    pen.text = times((1, 0, 0, 1, wide, 0), pen.text)
    if not signs:
        return None
    corners = [point(place, x, y) for x in (0, wide) for y in (-0.2 * pen.size, 0.7 * pen.size)]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(up), max(across), max(up)


def font_of(fonts: generic.DictionaryObject, name: bytes) -> Font:
    """The widths of a font of the page."""
    found = fonts[name.decode("latin-1")]
    if found["/Subtype"] != "/Type0":
        first = int(found.get("/FirstChar", 0))
        widths = {first + place: float(width) for place, width in enumerate(found.get("/Widths", ()))}
        return Font(widths, USUAL_WIDTH, 1)
    below = found["/DescendantFonts"][0]
    widths = {}
    given = list(below.get("/W", ()))
    while len(given) >= 2:
        first = int(given.pop(0))
        if isinstance(given[0], generic.ArrayObject):
            widths |= {first + place: float(width) for place, width in enumerate(given.pop(0))}
        else:
            last, width = int(given.pop(0)), float(given.pop(0))
            widths |= dict.fromkeys(range(first, min(last, 65_535) + 1), width)
    return Font(widths, float(below.get("/DW", 1000)), 2)


def string(token: bytes) -> bytes:
    """The bytes of a string as it is written in a content stream."""
    if token.startswith(b"<"):
        digits = re.sub(rb"\s", b"", token[1:-1])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))

    def plain(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) & 255]) if code[:1].isdigit() else LETTERS.get(code, code)

    return ESCAPE.sub(plain, token[1:-1])


def matrix(operands: list[bytes]) -> Matrix:
    """The last six numbers."""
    a, b, c, d, e, f = (float(value) for value in operands[-6:])
    return a, b, c, d, e, f


def times(first: Matrix, then: Matrix) -> Matrix:
    """One change of place after another."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def point(place: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to lie."""
    a, b, c, d, e, f = place
    return a * x + c * y + e, b * x + d * y + f
