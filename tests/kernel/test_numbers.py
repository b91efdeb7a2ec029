"""Numbers as typed and as shown: a table of both, round trips, and a remedy for whatever is not understood."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import Refusal
from marketplace.kernel.numbers import LIMIT, format_number, format_percent, parse_decimal, rounded, share

DECIMALS = st.decimals(-LIMIT, LIMIT, places=3)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234.567,5", "1234567.5"),
        ("1234567", "1234567"),
        ("1.234.567", "1234567"),
        ("1.234", "1234"),
        ("1234,5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("0,25", "0.25"),
        ("05", "5"),
        ("0", "0"),
        (" 12 ", "12"),
        ("1 234 567,25", "1234567.25"),
        ("1\u00a0234", "1234"),
        ("1\u202f234", "1234"),
        ("-3,5", "-3.5"),
        ("−1.000", "-1000"),
        ("1.000.000.000.000.000", "1000000000000000"),
    ],
)
def test_numbers_that_are_understood(text: str, number: str) -> None:
    assert parse_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("12.5", "comma, for example 12,5"),
        ("10.00", "comma, for example 10,00"),
        ("0.500", "comma, for example 0,500"),
        ("1234.567", "comma, for example 1234,567"),
        ("1,234,567", "dots for thousands and a comma"),
        ("1.23.456", "dots for thousands and a comma"),
        ("1.234 567", "dots for thousands and a comma"),
        ("5 6", "dots for thousands and a comma"),
        ("1,", "dots for thousands and a comma"),
        (",5", "dots for thousands and a comma"),
        ("--5", "dots for thousands and a comma"),
        ("1e5", "dots for thousands and a comma"),
        ("năm", "dots for thousands and a comma"),
        ("=1+1", "dots for thousands and a comma"),
        ("NaN", "dots for thousands and a comma"),
        ("Infinity", "dots for thousands and a comma"),
        ("", "Write a number, for example"),
        (" \u200b ", "Write a number, for example"),
        ("١٢", "digits 0 to 9"),
        ("１２", "digits 0 to 9"),
        ("1½", "digits 0 to 9"),
        ("m²", "digits 0 to 9"),
        ("1.000.000.000.000.001", "largest is 1.000.000.000.000.000"),
        ("-1.000.000.000.000.001", "largest is 1.000.000.000.000.000"),
        ("9" * 10_000, "largest is 1.000.000.000.000.000"),
    ],
)
def test_what_is_not_understood_gets_a_remedy(text: str, remedy: str) -> None:
    with pytest.raises(Refusal, match=remedy):
        parse_decimal(text)


@given(st.text(alphabet="0123456789.,- k٣½đ") | st.text())
def test_any_text_gives_a_number_or_a_refusal(text: str) -> None:
    try:
        number = parse_decimal(text)
    except Refusal:
        return
    assert abs(number) <= LIMIT


@pytest.mark.parametrize(
    ("number", "places", "shown"),
    [
        (1234567, None, "1.234.567"),
        (Decimal("1234567.500"), None, "1.234.567,5"),
        (Decimal("1E+6"), None, "1.000.000"),
        (Decimal("0.001"), None, "0,001"),
        (999, None, "999"),
        (0, None, "0"),
        (-1234, None, "−1.234"),
        (Decimal("12.345"), 2, "12,35"),
        (Decimal("12.344"), 2, "12,34"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("-0.5"), 0, "−1"),
        (Decimal("-0.004"), 2, "0,00"),
        (3, 2, "3,00"),
    ],
)
def test_format_number(number: Decimal | int, places: int | None, shown: str) -> None:
    assert format_number(number, places) == shown


@given(DECIMALS)
def test_what_is_shown_is_understood(number: Decimal) -> None:
    assert parse_decimal(format_number(number)) == number
    assert parse_decimal(format_number(number, 3)) == number


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        format_number(0.1)  # type: ignore[arg-type]


def test_rounding_is_half_up_also_for_long_numbers() -> None:
    assert rounded(Decimal("2.5"), 0) == 3
    assert rounded(Decimal("-2.5"), 0) == -3
    assert rounded(Decimal("1234567890123456789012345678.0005"), 3) == Decimal("1234567890123456789012345678.001")


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(35, 71, "49,3%"), (7, 71, "9,9%"), (3, 71, "4,2%"), (27, 44, "61,4%"), (0, 71, "0,0%"), (71, 71, "100,0%")],
)
def test_the_shares_of_the_source_paper(part: int, whole: int, shown: str) -> None:
    ratio = share(part, whole)
    assert ratio is not None
    assert format_percent(ratio) == shown


def test_percent_with_other_places_and_no_share_without_a_whole() -> None:
    assert format_percent(Decimal("0.61363"), 2) == "61,36%"
    assert share(3, 0) is None
