"""Amounts in đồng: every usual way to type one, what is refused, and how amounts are shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import Refusal
from marketplace.kernel.numbers import LIMIT, format_money, format_money_short, format_number, parse_money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.200.000", 1_200_000),
        ("1200000", 1_200_000),
        ("1 200 000 đ", 1_200_000),
        ("1.200.000,00", 1_200_000),
        ("1.200.000 VNĐ", 1_200_000),
        ("1.200.000 vnd", 1_200_000),
        ("1.200.000₫", 1_200_000),
        ("1.200.000 đồng", 1_200_000),
        ("45000dong", 45_000),
        ("0", 0),
        ("0 đ", 0),
        ("45k", 45_000),
        ("45 K", 45_000),
        ("45,5k", 45_500),
        ("45k5", 45_500),
        ("45k500", 45_500),
        ("45 nghìn", 45_000),
        ("45 ngàn đồng", 45_000),
        ("45 nghin dong", 45_000),
        ("1,2tr", 1_200_000),
        ("1,2 triệu", 1_200_000),
        ("1,2 trieu", 1_200_000),
        ("350 tr.đ", 350_000_000),
        ("350 trđ", 350_000_000),
        ("1tr2", 1_200_000),
        ("1tr20", 1_200_000),
        ("1tr25", 1_250_000),
        ("1tr250", 1_250_000),
        ("1tr05", 1_050_000),
        ("1 triệu 2", 1_200_000),
        ("1 triệu 200", 1_200_000),
        ("1 triệu 200 nghìn", 1_200_000),
        ("2 triệu rưỡi", 2_500_000),
        ("3 tỷ", 3_000_000_000),
        ("3 tỉ", 3_000_000_000),
        ("1tỷ5", 1_500_000_000),
        ("1 tỷ 200 triệu 500 nghìn đồng", 1_200_500_000),
        ("2 tỷ 500", 2_500_000_000),
        ("1.234tr", 1_234_000_000),
        ("1.500 triệu đồng", 1_500_000_000),
        ("1.000.000 tỷ", 10**15),
    ],
)
def test_amounts_that_are_understood(text: str, amount: int) -> None:
    assert parse_money(text) == amount
    assert parse_money(unicodedata.normalize("NFD", text)) == amount


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("1.2tr", "comma, for example 1,2"),
        ("12.5", "comma, for example 12,5"),
        ("1,2tr5", "Write the amount"),
        ("1 triệu 20", "Write the amount"),
        ("1 triệu 2000 nghìn", "Write the amount"),
        ("5 nghìn 1 triệu", "Write the amount"),
        ("1tr 1tr", "Write the amount"),
        ("1tr 0,5tr", "Write the amount"),
        ("1 triệu 1000 nghìn", "Write the amount"),
        ("1tr2500", "Write the amount"),
        ("rưỡi", "Write the amount"),
        ("k", "Write the amount"),
        ("đồng", "Write the amount"),
        ("5 đ đ", "Write the amount"),
        ("45k/kg", "Write the amount"),
        ("45 kg", "Write the amount"),
        ("30-40k", "Write the amount"),
        ("5 usd", "Write the amount"),
        ("thỏa thuận", "Write the amount"),
        ("-5k", "without the minus"),
        ("1200,5", "whole đồng"),
        ("0,0001k", "whole đồng"),
        ("1.000.001 tỷ", "largest is"),
        ("1.000.000 tỷ 1 nghìn", "largest is"),
        ("", "Write a number"),
        ("٤٥k", "digits 0 to 9"),
        ("45½k", "digits 0 to 9"),
    ],
)
def test_what_is_not_understood_gets_a_remedy(text: str, remedy: str) -> None:
    with pytest.raises(Refusal, match=remedy):
        parse_money(text)


@given(st.text(alphabet="0123456789., ktrỷđồngvdiệuỡươ") | st.text())
def test_any_text_gives_an_amount_or_a_refusal(text: str) -> None:
    try:
        amount = parse_money(text)
    except Refusal:
        return
    assert 0 <= amount <= LIMIT


@given(st.integers(0, LIMIT))
def test_what_is_shown_is_understood(amount: int) -> None:
    assert parse_money(format_money(amount)) == amount
    assert parse_money(format_number(amount)) == amount


@given(st.integers(0, LIMIT))
def test_the_short_form_is_understood_and_close(amount: int) -> None:
    step = 10**7 if amount >= 10**9 - 50_000 else 10**5 if amount >= 10**6 else 1
    assert abs(parse_money(format_money_short(amount)) - amount) * 2 <= step


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0 đồng"),
        (45_000, "45.000 đồng"),
        (999_999, "999.999 đồng"),
        (1_000_000, "1 triệu đồng"),
        (350_000_000, "350 triệu đồng"),
        (350_440_000, "350,4 triệu đồng"),
        (350_450_000, "350,5 triệu đồng"),
        (999_949_999, "999,9 triệu đồng"),
        (999_950_000, "1 tỷ đồng"),
        (1_200_000_000, "1,2 tỷ đồng"),
        (1_254_000_000, "1,25 tỷ đồng"),
        (12_500_000_000_000, "12.500 tỷ đồng"),
        (-1_200_000_000, "−1,2 tỷ đồng"),
    ],
)
def test_format_money_short(amount: int, shown: str) -> None:
    assert format_money_short(amount) == shown


def test_format_money() -> None:
    assert format_money(1_200_000) == "1.200.000 đ"
    assert format_money(-500) == "−500 đ"
