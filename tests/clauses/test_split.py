"""Several sellers in one text: the shares add up or the difference is said, and the tables' sums are right."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.clauses.split import EACH, check_split, split_tables
from marketplace.clauses.terms import ContractKind, Goods, Portion, Terms
from marketplace.kernel.dates import add_months
from marketplace.kernel.errors import Refusal
from marketplace.kernel.numbers import parse_decimal
from marketplace.kernel.prices import PriceKind

AMOUNTS = st.decimals(min_value=0, max_value=100_000, places=2)
TABLES = st.integers(1, 14).flatmap(
    lambda months: st.lists(st.lists(AMOUNTS, min_size=months, max_size=months), min_size=2, max_size=12)
)


def terms_of(table: list[list[Decimal]]) -> Terms:
    """One line of goods that says exactly what the sellers' rows come to."""
    months = [add_months(date(2026, 10, 1), place) for place in range(len(table[0]))]
    split = tuple(
        Portion(place, f"HTX {place}", 0, dict(zip(months, row, strict=True)), place == 0)
        for place, row in enumerate(table)
    )
    whole = {month: sum((row[place] for row in table), Decimal(0)) for place, month in enumerate(months)}
    total = sum(whole.values(), Decimal(0))
    goods = Goods("Gạo", "kg", total, price_kind=PriceKind.FIXED, price=30_000, schedule=whole)
    return Terms(ContractKind.SALE, goods=(goods,), split=split)


def number(cell: str) -> Decimal:
    """What a cell says; a dash is nothing."""
    return Decimal(0) if cell == "–" else parse_decimal(cell)


@given(TABLES)
def test_what_adds_up_is_taken_and_every_sum_is_right(table: list[list[Decimal]]) -> None:
    terms = terms_of(table)
    check_split(terms)
    tables = [drawn for _lead, drawn in split_tables(terms)]
    assert len(tables) == -(-len(table[0]) // EACH) + 1
    for drawn in tables[:-1]:
        assert len(drawn.head) == len(drawn.widths) == len(drawn.align) <= EACH + 2
        for row in drawn.rows:
            assert sum(map(number, row[1:-1])) == number(row[-1])
        columns = list(zip(*(row[1:] for row in drawn.rows), strict=True))
        assert all(sum(map(number, column[:-1])) == number(column[-1]) for column in columns)
    assert sum(number(row[1]) for row in tables[-1].rows[:-1]) == number(tables[-1].rows[-1][1])


@given(TABLES, st.data(), st.integers(1, 50))
def test_any_difference_is_refused_with_its_month_and_amount(
    table: list[list[Decimal]], data: st.DataObject, more: int
) -> None:
    seller, place = data.draw(st.integers(0, len(table) - 1)), data.draw(st.integers(0, len(table[0]) - 1))
    terms = terms_of(table)
    schedule = dict(terms.split[seller].schedule)
    month = sorted(schedule)[place]  # type: ignore[type-var]
    schedule[month] += more
    wrong = [
        Portion(row.seller, row.name, 0, schedule if row.seller == seller else row.schedule) for row in terms.split
    ]
    with pytest.raises(Refusal, match="too much") as refusal:
        check_split(Terms(terms.kind, goods=terms.goods, split=tuple(wrong)))
    values = dict(refusal.value.message.values)
    assert values["difference"] == f"{more} kg"
    assert f"{month:%m/%Y}" in str(values["goods"])
