"""Files are known by content; names are made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.files.sniff import IMAGES, LIMITS, LONGEST_NAME, SCANS, MediaType, clean_name, media_type
from marketplace.kernel.errors import Refusal
from tests.files.samples import archive, photo, plain_pdf, workbook

EVERY = frozenset(MediaType)


def test_each_kind_is_known_by_its_content() -> None:
    assert media_type(plain_pdf(), EVERY) is MediaType.PDF
    assert media_type(photo(40, 30), EVERY) is MediaType.JPEG
    assert media_type(photo(40, 30, "PNG"), EVERY) is MediaType.PNG
    assert media_type(photo(40, 30, "WEBP"), EVERY) is MediaType.WEBP
    assert media_type(workbook(), EVERY) is MediaType.XLSX


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + b"\0" * 40,
        b"RIFF\0\0\0\0WAVEfmt ",
        b" %PDF-1.7",
        b"PK\x03\x04 not a zip at all",
        archive(a=b"x"),
        archive(word__document=b"x"),
        archive(xl__workbook=b"x"),
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        media_type(data, EVERY)


def test_a_workbook_with_macros_is_refused() -> None:
    with pytest.raises(Refusal):
        media_type(
            archive(
                **{
                    "[Content_Types].xml": b"spreadsheetml.sheet.main+xml",
                    "xl/workbook.xml": b"",
                    "xl/vbaProject.bin": b"",
                }
            ),
            EVERY,
        )


def test_a_workbook_that_unpacks_to_something_huge_is_refused() -> None:
    parts = {"[Content_Types].xml": b"spreadsheetml.sheet.main+xml", "xl/workbook.xml": b""}
    assert media_type(archive(**parts), EVERY) is MediaType.XLSX
    with pytest.raises(Refusal):
        media_type(archive(**parts, **{"xl/sheet.xml": b"\0" * (201 * 1024 * 1024)}), EVERY)


def test_a_kind_that_is_not_wanted_here_is_refused_with_those_that_are() -> None:
    with pytest.raises(Refusal) as refused:
        media_type(workbook(), SCANS)
    assert "PDF, JPG, PNG, WEBP" in str(refused.value)


def test_a_file_above_its_kinds_limit_is_refused() -> None:
    data = plain_pdf()
    with pytest.raises(Refusal) as refused:
        media_type(data + b" " * LIMITS[MediaType.PDF], EVERY)
    assert "20 MB" in str(refused.value)


def test_polyglots_are_refused() -> None:
    picture = photo(40, 30)
    hidden = picture[:2] + b"\xff\xfe\x00\x0a%PDF-1.7" + picture[2:]
    for data in (hidden, picture + archive(a=b"x"), plain_pdf() + archive(a=b"x")):
        with pytest.raises(Refusal, match="second file"):
            media_type(data, EVERY)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Hợp đồng số 12.PDF", "Hợp đồng số 12.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\an\\hop dong.pdf", "hop dong.pdf"),
        ("gia\u202efdp.exe", "giafdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("con.pdf", "tep-con.pdf"),
        ("", "tep.pdf"),
        (".pdf", "tep.pdf"),
        ("...", "tep.pdf"),
        ("Ho\u031b\u0323p.pdf", "Hợp.pdf"),
    ],
)
def test_hostile_names_become_harmless(given_name: str, kept: str) -> None:
    assert clean_name(given_name, MediaType.PDF) == kept


@given(st.text(max_size=400), st.sampled_from(MediaType))
def test_any_name_becomes_a_short_one_with_the_right_ending(name: str, kind: MediaType) -> None:
    cleaned = clean_name(name, kind)
    assert 0 < len(cleaned) <= LONGEST_NAME
    assert "/" not in cleaned
    assert "\\" not in cleaned
    assert cleaned.isprintable()
    assert clean_name(cleaned, kind) == cleaned


def test_images_are_scans_too() -> None:
    assert IMAGES < SCANS
