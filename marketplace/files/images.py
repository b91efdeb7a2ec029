"""Photos re-encoded in our own sizes: upright, without EXIF or GPS, without anything hidden behind the picture."""

import io
import struct

from PIL import Image, ImageOps

from marketplace.files.sniff import IMAGES, media_type
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid

SIZES = (320, 640, 1280)
MOST_PIXELS = 40_000_000
QUALITY = 78
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    struct.error,
    EOFError,
    IndexError,
    OverflowError,
    Image.DecompressionBombError,
)
"""What Pillow's decoders raise on a damaged file."""
DAMAGED = msgid("This picture is damaged or incomplete; take it again or choose another one.")


def reencode(data: bytes) -> dict[int, bytes]:
    """The picture as WebP, at most 320, 640 and 1280 px on its longer side; a smaller one keeps its size."""
    picture = upright(data, SIZES[-1])
    encoded = {}
    for size in sorted(SIZES, reverse=True):
        picture.thumbnail((size, size), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=QUALITY, method=4)
        encoded[size] = out.getvalue()
    return encoded


def upright(data: bytes, longest: int) -> Image.Image:
    """The pixels alone, upright, in RGB on white, at most `longest` px; the header is read before any pixel."""
    kind = media_type(data, IMAGES)
    try:
        with Image.open(io.BytesIO(data), formats=[kind.removeprefix("image/").upper()]) as picture:
            check_size(picture.width, picture.height)
            # A JPEG can be decoded at a fraction of its size, which is several times quicker.
            picture.draft("RGB", (longest, longest))
            picture.load()
            turned = ImageOps.exif_transpose(picture)
            turned.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            return on_white(turned)
    except BROKEN as error:
        raise Refusal(DAMAGED) from error


def check_size(width: int, height: int) -> None:
    """Refuse what would fill the memory, before it is decoded."""
    if width * height > MOST_PIXELS:
        raise Refusal(msgid("This picture is larger than 40 megapixels; make it smaller and send it again."))
    if min(width, height) < 1:
        raise Refusal(DAMAGED)


def on_white(picture: Image.Image) -> Image.Image:
    """RGB without transparency and without the metadata that an image object carries along."""
    ground = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        ground.paste(layer, mask=layer.getchannel("A"))
    else:
        ground.paste(picture.convert("RGB"))
    return ground
