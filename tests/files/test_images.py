"""Photos come out upright, in three sizes, and tell nothing about where they were taken."""

import io

import pytest
from PIL import Image

from marketplace.files.images import reencode
from marketplace.kernel.errors import Refusal
from tests.files.samples import SIDEWAYS, archive, huge_png, photo, plain_pdf, workbook


def opened(data: bytes) -> Image.Image:
    """The picture in these bytes."""
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_sizes_in_webp(kind: str) -> None:
    encoded = reencode(photo(1600, 1200, kind))
    assert {size: opened(data).size for size, data in encoded.items()} == {
        320: (320, 240),
        640: (640, 480),
        1280: (1280, 960),
    }
    assert {opened(data).format for data in encoded.values()} == {"WEBP"}


def test_place_and_camera_are_gone() -> None:
    original = photo()
    assert opened(original).getexif().get_ifd(0x8825)
    for data in reencode(original).values():
        assert not opened(data).getexif()
        assert b"EXIF" not in data
        assert "Máy ảnh thử nghiệm".encode() not in data


def test_a_sideways_photo_is_turned_upright() -> None:
    picture = opened(reencode(photo(1600, 1200, orientation=SIDEWAYS))[640]).convert("RGB")
    assert picture.size == (480, 640)
    red, _, blue = picture.getpixel((240, 20))
    assert red > 200
    assert blue < 60


def test_small_pictures_are_not_enlarged_and_transparency_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 40), (0, 0, 0, 0)).save(out, "PNG")
    picture = opened(reencode(out.getvalue())[1280]).convert("RGB")
    assert picture.size == (50, 40)
    assert min(picture.getpixel((10, 10))) > 250


def test_the_same_photo_gives_the_same_bytes() -> None:
    assert reencode(photo(300, 200)) == reencode(photo(300, 200))


@pytest.mark.parametrize("size", [(8000, 6000), (65000, 65000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused_by_their_header(size: tuple[int, int]) -> None:
    with pytest.raises(Refusal):
        reencode(huge_png(*size))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.97])
def test_truncated_files_are_refused(kind: str, part: float) -> None:
    data = photo(800, 600, kind)
    with pytest.raises(Refusal):
        reencode(data[: int(len(data) * part)])


@pytest.mark.parametrize(
    "data", [plain_pdf(), workbook(), archive(a=b"x"), b"", b"GIF89a", photo(40, 30) + archive(a=b"x")]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        reencode(data)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # about the damage
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_bytes_raise_nothing_but_a_refusal(kind: str) -> None:
    data = photo(64, 48, kind)
    for position in range(0, len(data), max(1, len(data) // 150)):
        damaged = data[:position] + bytes([data[position] ^ 0xFF]) + data[position + 1 :]
        try:
            reencode(damaged)
        except Refusal:
            continue
