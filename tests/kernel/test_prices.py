"""What a line and a list of lines come to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import Refusal
from marketplace.kernel.numbers import LIMIT
from marketplace.kernel.prices import (
    MARKET_KINDS,
    PRICE_KINDS,
    SIMPLE_KINDS,
    PriceKind,
    PriceRule,
    check,
    describe,
    line_value,
    pay,
    total,
)


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


MONEY = st.integers(1, 10**9)
SHARES = st.decimals("0.01", 100, places=2)
CHANGES = st.none() | st.decimals("-99.99", 100, places=2)


@st.composite
def rules(draw: st.DrawFn) -> PriceRule:
    """Every rule that `check` lets through."""
    kind = draw(st.sampled_from(list(PriceKind)))
    if kind in (PriceKind.FIXED, PriceKind.NEGOTIABLE):
        return PriceRule(kind, draw(st.none() | MONEY))
    if kind in (PriceKind.FLOOR, PriceKind.FLOOR_SHARE):
        return PriceRule(kind, draw(MONEY), draw(SHARES) if kind == PriceKind.FLOOR_SHARE else None)
    floor = draw(st.none() | MONEY)
    most = draw(st.integers(floor or 1, 2 * 10**9)) if kind == PriceKind.CEILING else None
    return PriceRule(kind, floor, draw(CHANGES), most)


F, S, M, C, N, X = (
    PriceKind.FLOOR,
    PriceKind.FLOOR_SHARE,
    PriceKind.MARKET,
    PriceKind.CEILING,
    PriceKind.NEGOTIABLE,
    PriceKind.FIXED,
)


@pytest.mark.parametrize(
    ("rule", "market", "paid"),
    [
        (PriceRule(X, 25_000), 40_000, 25_000),
        (PriceRule(X, 25_000), None, 25_000),
        (PriceRule(X), 40_000, None),
        (PriceRule(N, 25_000), 40_000, None),
        (PriceRule(F, 25_000), None, None),
        (PriceRule(F, 25_000), 20_000, 25_000),
        (PriceRule(F, 25_000), 31_000, 31_000),
        (PriceRule(F), 31_000, None),
        (PriceRule(S, 25_000, Decimal(50)), 20_000, 25_000),
        (PriceRule(S, 25_000, Decimal(50)), 31_000, 28_000),
        (PriceRule(S, 25_000, Decimal(50)), 25_001, 25_001),  # half a đồng is rounded up
        (PriceRule(S, 25_000, Decimal("33.33")), 25_100, 25_033),
        (PriceRule(S, 25_000), 31_000, None),
        (PriceRule(M), 31_000, 31_000),
        (PriceRule(M, None, Decimal(-5)), 31_000, 29_450),
        (PriceRule(M, None, Decimal(10)), 31_005, 34_106),  # 34105,5
        (PriceRule(M, 30_000, Decimal(-5)), 31_000, 30_000),
        (PriceRule(C, None, None, 30_000), 31_000, 30_000),
        (PriceRule(C, 20_000, None, 30_000), 15_000, 20_000),
        (PriceRule(C, 20_000, Decimal(-10), 30_000), 30_000, 27_000),
        (PriceRule(C), 31_000, None),
        (PriceRule(M), 0, 0),
    ],
)
def test_what_a_rule_pays(rule: PriceRule, market: int | None, paid: int | None) -> None:
    assert pay(rule, market) == paid


@given(rules(), st.integers(0, 10**10), st.integers(0, 10**10))
def test_a_price_never_falls_when_the_market_rises(rule: PriceRule, one: int, other: int) -> None:
    check(rule)
    low, high = (pay(rule, market) for market in sorted((one, other)))
    assert (low is None) == (high is None)
    if low is not None and high is not None:
        assert low <= high


@given(rules(), st.integers(0, 10**10))
def test_a_price_lies_between_floor_and_ceiling_and_says_what_it_needs(rule: PriceRule, market: int) -> None:
    paid = pay(rule, market)
    assert (paid is None) == (rule.kind == N or (rule.kind == X and rule.price is None))
    if paid is not None and rule.price is not None:
        assert paid >= rule.price
    if paid is not None and rule.most is not None:
        assert paid <= rule.most
    assert (pay(rule, None) is None) == (rule.kind in MARKET_KINDS or paid is None)


@given(rules(), st.integers(0, 10**10))
def test_a_share_is_exact_to_half_a_dong(rule: PriceRule, market: int) -> None:
    paid = pay(rule, market)
    if rule.kind == S and paid is not None and market > rule.price:
        exact = rule.price * 10_000 + (market - rule.price) * int(rule.percent * 100)
        assert -5_000 < paid * 10_000 - exact <= 5_000


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (PriceRule(F), "price"),
        (PriceRule(F, 0), "price"),
        (PriceRule(F, 5, Decimal(5)), "percent"),
        (PriceRule(S, None, Decimal(50)), "price"),
        (PriceRule(S, 5), "percent"),
        (PriceRule(S, 5, Decimal(0)), "percent"),
        (PriceRule(S, 5, Decimal("100.01")), "percent"),
        (PriceRule(S, 5, Decimal("0.001")), "percent"),
        (PriceRule(S, 5, Decimal(50), 9), "most"),
        (PriceRule(M, None, Decimal(-100)), "percent"),
        (PriceRule(M, None, Decimal(101)), "percent"),
        (PriceRule(M, None, None, 9), "most"),
        (PriceRule(C), "most"),
        (PriceRule(C, 10, None, 9), "most"),
        (PriceRule(X, 5, Decimal(1)), "percent"),
        (PriceRule(X, 5, None, 5), "most"),
        (PriceRule(N, None, Decimal(1)), "percent"),
    ],
)
def test_a_rule_that_cannot_be_computed_is_refused_at_its_field(rule: PriceRule, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        check(rule)
    assert refused.value.field == field


def test_a_negative_market_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="negative"):
        pay(PriceRule(M), -1)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (PriceRule(X, 25_000), "25.000 đ, whatever the market does"),
        (PriceRule(F, 25_000), "the market price, at least 25.000 đ"),
        (PriceRule(S, 25_000, Decimal("7.5")), "25.000 đ, and 7,5% of what the market pays above it"),
        (PriceRule(M), "the market price"),
        (PriceRule(M, 9, Decimal(-5)), "the market price less 5%, at least 9 đ"),
        (PriceRule(C, None, Decimal(5), 30_000), "the market price and 5% more, at most 30.000 đ"),
        (PriceRule(C, 9, None, 30_000), "the market price, at least 9 đ, at most 30.000 đ"),
        (PriceRule(N), "to be agreed before each delivery"),
    ],
)
def test_every_rule_has_its_sentence(rule: PriceRule, words: str) -> None:
    assert str(describe(rule)) == words


def test_offers_and_quotes_know_only_the_simple_kinds() -> None:
    assert set(SIMPLE_KINDS) == {X, F, N}
