"""Drawn pictures instead of photos: a woven band in the colours of the goods, and a page that stands for a scan."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from marketplace.clauses.documents import HERE
from marketplace.files.scans import one_document

SIZE = (1280, 960)
STEP = 80
PAPER = (1240, 1754)

Colour = tuple[int, int, int]


def woven(ground: Colour, thread: Colour, accent: Colour, turn: int = 0) -> bytes:
    """Rows of diamonds as on a brocade, as a JPEG; `turn` shifts the pattern so that no two are alike."""
    picture = Image.new("RGB", SIZE, ground)
    draw = ImageDraw.Draw(picture)
    for row, top in enumerate(range(0, SIZE[1], STEP)):
        for column, left in enumerate(range(-STEP, SIZE[0] + STEP, STEP)):
            middle = (left + STEP // 2 * ((row + turn) % 2), top + STEP // 2)
            kind = (row * 3 + column * (turn + 1)) % 5
            diamond(draw, middle, STEP // 2 - 6, thread if kind else accent)
            if kind in (0, 2):
                diamond(draw, middle, STEP // 5, ground)
    for top in (STEP // 4, SIZE[1] - STEP // 4):
        draw.line([(0, top), (SIZE[0], top)], fill=accent, width=14)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def diamond(draw: ImageDraw.ImageDraw, middle: tuple[int, int], radius: int, colour: Colour) -> None:
    """One lozenge around a point."""
    x, y = middle
    draw.polygon([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], fill=colour)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The face of the contracts, which has all Vietnamese letters."""
    return ImageFont.truetype(str(HERE / "fonts" / "Tinos_400Regular.ttf"), size)


def scan(title: str, lines: tuple[str, ...]) -> bytes:
    """A page that says what it stands for, as the PDF that a phone's photo becomes."""
    page = Image.new("RGB", PAPER, (250, 248, 240))
    draw = ImageDraw.Draw(page)
    draw.text((PAPER[0] // 2, 180), title, font=font(54), fill=(30, 30, 40), anchor="mm")
    for place, line in enumerate(lines):
        draw.text((140, 320 + 70 * place), line, font=font(38), fill=(40, 40, 50))
    for left in (180, 760):
        draw.ellipse([left, 1280, left + 300, 1580], outline=(170, 40, 40), width=8)
        draw.line(
            [(left + 30, 1500), (left + 130, 1380), (left + 190, 1480), (left + 320, 1360)], fill=(30, 50, 140), width=7
        )
    draw.text(
        (PAPER[0] // 2, 1680), "Bản quét minh họa, không có giá trị", font=font(40), fill=(120, 60, 50), anchor="mm"
    )
    out = io.BytesIO()
    page.save(out, "JPEG", quality=70)
    return one_document([out.getvalue()])
