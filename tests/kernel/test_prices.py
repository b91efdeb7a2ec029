"""What a line and a list of lines come to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import Refusal
from marketplace.kernel.numbers import LIMIT
from marketplace.kernel.prices import PRICE_KINDS, PriceKind, line_value, total


@pytest.mark.parametrize(
    ("quantity", "price", "value"),
    [
        (Decimal("1500"), 25_000, 37_500_000),
        (Decimal("0.5"), 25_001, 12_501),
        (Decimal("0.333"), 1_000, 333),
        (Decimal("0.001"), 499, 0),
        (Decimal("0.001"), 500, 1),
        (3, 10, 30),
        (Decimal("12.345"), 0, 0),
        (Decimal("0.001"), 10**15, 10**12),
    ],
)
def test_line_value(quantity: Decimal | int, price: int, value: int) -> None:
    assert line_value(quantity, price) == value


@given(st.decimals(0, 10**6, places=3), st.integers(0, 10**8))
def test_a_line_is_off_by_half_a_dong_at_most(quantity: Decimal, price: int) -> None:
    thousandths = int(quantity * 1000) * price
    assert abs(line_value(quantity, price) * 1000 - thousandths) <= 500


def test_a_line_beyond_the_limit_is_refused_with_a_remedy() -> None:
    assert line_value(Decimal(1), LIMIT) == LIMIT
    for quantity, price in ((Decimal("1.001"), LIMIT), (Decimal(LIMIT), LIMIT)):
        with pytest.raises(Refusal, match="check the quantity and the price"):
            line_value(quantity, price)


def test_negative_lines_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="negative"):
        line_value(Decimal(-1), 5)
    with pytest.raises(ValueError, match="negative"):
        line_value(Decimal(1), -5)


def test_a_total_is_not_determined_when_a_line_is_not() -> None:
    assert total([1, 2, 3]) == 6
    assert total([0]) == 0
    assert total([1, None, 3]) is None
    assert total([]) is None


def test_every_kind_of_price_has_its_words() -> None:
    assert set(PRICE_KINDS) == set(PriceKind)
