"""The figures of settlement minutes: what they come to, what does not fit, and how the paper reads."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.annexes.forms import SettlementForm, settlement_form
from marketplace.annexes.paper_text import Basis
from marketplace.annexes.settlement import Delivered, Settlement, priced, warnings
from marketplace.annexes.settlement_text import settlement_text
from marketplace.clauses.terms import Party, Side
from marketplace.kernel.prices import PriceKind
from tests.annexes.test_effective import TERMS
from tests.clauses.reading import plain_text

FULL = Settlement((Delivered(Decimal(20), 500_000_000), Delivered(Decimal(500), 160_000_000)), paid=660_000_000)
BASIS = Basis(
    "Hợp đồng mua bán hàng hóa",
    "01/2026/HĐMB",
    date(2026, 10, 15),
    (Party(Side.SELLER, "HTX Than Uyên", representative="Bùi Thị Ỷ"), Party(Side.BUYER, "Công ty Đặng Ỵ")),
    ("Phụ lục số PL01 có hiệu lực từ ngày 01/11/2026",),
)


def said(found: Settlement) -> list[str]:
    return [str(each) for each in warnings(found, replace(TERMS, advance_amount=None))]


def test_everything_delivered_and_paid_leaves_nothing_to_say() -> None:
    assert (FULL.value, FULL.balance, FULL.agreed) == (660_000_000, 0, 0)
    assert said(FULL) == []


def test_a_value_left_empty_is_the_quantity_at_the_fixed_price() -> None:
    fixed, other = TERMS.goods[0], TERMS.goods[1]
    assert (fixed.price_kind, fixed.price) == (PriceKind.FIXED, 25_000_000)
    typed = Settlement((Delivered(Decimal(3)), Delivered(Decimal(3))))
    goods = (fixed, replace(other, price_kind=PriceKind.FLOOR))
    found = priced(typed, replace(TERMS, goods=goods))
    assert [line.value for line in found.delivered] == [75_000_000, None]
    assert any("Left empty, it counts as 0" in words for words in said(found))
    assert priced(FULL, TERMS) == FULL, "what was typed stands"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paid": 600_000_000}, "the buyer still owes 60.000.000 đ"),
        ({"paid": 700_000_000}, "More was paid than was delivered"),
        ({"paid": 700_000_000}, "the seller owes 40.000.000 đ back"),
        ({"paid": 600_000_000, "buyer_owes": 60_000_000}, "no day for paying"),
        ({"buyer_owes": 5, "seller_owes": 5}, "set the two debts off"),
        ({"delivered": (Delivered(), Delivered(Decimal(500), 160_000_000))}, "how much was delivered?"),
        ({"delivered": (Delivered(Decimal(19), 475_000_000), FULL.delivered[1])}, "19 came of the 20 agreed"),
        ({"delivered": (Delivered(Decimal(21), 525_000_000), FULL.delivered[1])}, "more than the 20 agreed"),
        ({"delivered": (Delivered(Decimal(20), 499_000_000), FULL.delivered[1])}, "comes to 500.000.000 đ"),
        (
            {"delivered": (Delivered(Decimal(10), 250_000_000), FULL.delivered[1]), "penalty_seller": 20_000_001},
            "more than 8 per cent",
        ),
    ],
)
def test_what_does_not_fit_is_said(changes: dict, words: str) -> None:
    assert any(words in each for each in said(replace(FULL, **changes)))


def test_eight_per_cent_of_what_is_missing_is_no_warning_and_a_tolerance_counts() -> None:
    less = replace(FULL, delivered=(Delivered(Decimal(10), 250_000_000), FULL.delivered[1]), penalty_seller=20_000_000)
    assert not any("8 per cent" in each for each in said(less))
    near = replace(FULL, delivered=(Delivered(Decimal(19), 475_000_000), FULL.delivered[1]), paid=635_000_000)
    assert warnings(near, replace(TERMS, tolerance=Decimal(5))) == []
    advanced = warnings(FULL, replace(TERMS, advance_amount=50_000_000))
    assert [str(each) for each in advanced] == [
        "The contract gave an advance of 50.000.000 đ; another sum is deducted here."
    ]


MONEY = st.integers(0, 10**12)
FIGURES = st.builds(
    Settlement,
    st.lists(st.builds(Delivered, st.none() | st.decimals(0, 10**6, places=3), st.none() | MONEY), max_size=3).map(
        tuple
    ),
    MONEY,
    MONEY,
    MONEY,
    MONEY,
    MONEY,
    MONEY,
    st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.text(max_size=20),
)


@given(found=FIGURES)
def test_figures_read_back_the_same_and_warnings_never_fail(found: Settlement) -> None:
    assert Settlement.read(found.stored()) == found
    warnings(found, TERMS)


def test_the_minutes_say_it_in_figures_and_words() -> None:
    found = replace(FULL, paid=600_000_000, buyer_owes=60_000_000, pay_by=date(2027, 5, 1), note="Trả bao bì")
    text = plain_text(settlement_text(BASIS, label="BBTL", found=found, terms=TERMS).document())
    for words in (
        "Biên bản thanh lý hợp đồng",
        "Căn cứ Phụ lục số PL01 có hiệu lực từ ngày 01/11/2026 của Hợp đồng;",
        "Tổng giá trị hàng hóa thực giao: 660.000.000 đồng (bằng chữ: Sáu trăm sáu mươi triệu đồng).",
        "Bên B còn phải trả Bên A: 60.000.000 đồng (bằng chữ: Sáu mươi triệu đồng), thanh toán chậm nhất ngày 01 tháng 5",
        "chấm dứt, trừ nghĩa vụ thanh toán ghi tại Điều 3.",
        "Trả bao bì.",
        "Bùi Thị Ỷ",
        "Còn lại (đồng): 60.000.000",
    ):
        assert words in text, words
    nothing = plain_text(settlement_text(BASIS, label="BBTL", found=FULL, terms=TERMS).document())
    assert "không bên nào còn nợ bên nào" in nothing
    assert "trừ nghĩa vụ" not in nothing


@pytest.mark.parametrize(
    ("typed", "owes"),
    [
        ({"paid": "450tr"}, (50_000_000, 0)),
        ({"paid": "520tr"}, (0, 20_000_000)),
        ({"paid": "450tr", "buyer_owes": "0"}, (0, 0)),
        ({"paid": "450tr", "buyer_owes": "40tr"}, (40_000_000, 0)),
    ],
)
def test_debts_left_empty_follow_from_the_figures(app: Flask, typed: dict[str, str], owes: tuple[int, int]) -> None:
    """Otherwise minutes would say that nobody owes anything below a table that leaves a sum."""
    figures = {"lines-0-quantity": "20", "lines-0-value": "500.000.000", **typed}
    with app.test_request_context(method="POST", data=figures):
        found = SettlementForm().settlement(TERMS)
    assert (found.buyer_owes, found.seller_owes) == owes
    with app.test_request_context():
        again = settlement_form(TERMS, found, version=1)
    assert (again.buyer_owes.data or 0, again.seller_owes.data or 0) == owes
    if owes == (0, 0):
        assert again.buyer_owes.data == 0, "saved again, it still means nothing"
