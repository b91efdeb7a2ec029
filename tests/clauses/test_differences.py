"""What changed between two texts: exact, readable, and quick whatever is put in."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.clauses.differences import MOST_ROWS, Kind, differences, words
from marketplace.clauses.drafting import contract_text
from marketplace.clauses.terms import ContractKind, Goods, Party, Side, Terms
from marketplace.kernel.prices import PriceKind

PARTIES = [Party(Side.SELLER, "HTX Thử"), Party(Side.BUYER, "Công ty Thử")]
WORDS = st.lists(st.sampled_from(["a", "b", "ngày", "10.000", ",", ".", " ", "\n", "Ỷ"]), max_size=60).map("".join)


def line(place: int, **values: Any) -> Goods:
    """Rice of a kind."""
    much = values.pop("quantity", Decimal(1000))
    given = {"unit": "kg", "price_kind": PriceKind.FIXED, "price": 20_000, "schedule": {date(2026, 11, 1): much}}
    return Goods(**{"name": f"Gạo số {place}", "quantity": much, **given, **values})


def text(*goods: Goods, **terms: Any) -> dict[str, Any]:
    """A sale of these goods."""
    return contract_text(Terms(kind=ContractKind.SALE, goods=goods, **terms), PARTIES, number="01/2026").document()


def read(pieces: Any) -> list[tuple[str, str]]:
    """Pieces as plain pairs."""
    return [(piece.kind.value, piece.text) for piece in pieces]


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS)
def test_nothing_is_lost_or_made_up(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == after


def test_a_figure_is_exchanged_whole() -> None:
    pieces = words("Trả trong 10.000 ngày.", "Trả trong 12.000 ngày.")
    assert read(pieces) == [
        ("same", "Trả trong "),
        ("gone", "10.000"),
        ("new", "12.000"),
        ("same", " ngày."),
    ]


def test_the_clauses_that_changed_and_no_others() -> None:
    before = text(line(1), payment_days=15)
    after = text(line(1), payment_days=20, extra="Bên B cho mượn 500 bao.")
    found = differences(before, after)
    assert [(change.key, change.kind) for change in found] == [("payment", Kind.CHANGED), ("further", Kind.NEW)]
    assert ("gone", "15") in read(found[0].passages[0].pieces)
    assert ("new", "20") in read(found[0].passages[0].pieces)
    assert differences(before, before) == []


def test_a_clause_that_only_moved_is_no_change() -> None:
    found = differences(text(line(1)), text(line(1), advance_inputs="2 tấn phân bón"))
    assert {change.key for change in found} == {"advance", "inputs_risk"}, "those behind them have another number only"


@pytest.mark.parametrize("keys", [True, False])
def test_a_clause_that_went_stands_where_it_stood(keys: bool) -> None:
    before, after = text(line(1), advance_inputs="2 tấn phân bón"), text(line(1))
    if not keys:
        for document in (before, after):
            for clause in document["clauses"]:
                del clause["key"]
    found = differences(before, after)
    assert found
    if keys:
        gone = [("advance", Kind.GONE), ("inputs_risk", Kind.GONE)]
        assert [(change.key, change.kind) for change in found] == gone


def test_rows_are_paired_by_their_goods() -> None:
    goods = [line(place) for place in range(1, 6)]
    later = [goods[0], line(3, quantity=Decimal(1200)), goods[3], goods[4], line(9)]
    found = {sheet.caption: sheet for change in differences(text(*goods), text(*later)) for sheet in change.sheets}
    rows = found["Hàng hóa, số lượng, đơn giá"].rows
    assert [row.kind for row in rows].count(Kind.CHANGED) >= 2
    changed = next(row for row in rows if ("same", "Gạo số 3") in [pair for cell in row.cells for pair in read(cell)])
    assert ("new", "1.200") in [pair for cell in changed.cells for pair in read(cell)]
    assert all(("same", "Gạo số 1") not in read(row.cells[1]) for row in rows), "an unchanged row is not shown"


def counted(work: Callable[..., Any], *given: Any) -> tuple[Any, int]:
    """What a function makes, and how many calls that took: its work, whatever the machine's speed."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        return work(*given), calls
    finally:
        sys.setprofile(None)


def test_three_hundred_lines_stay_quick() -> None:
    goods = [line(place) for place in range(300)]
    upside_down = [replace(each, name=f"Chè {each.name}", price=1) for each in reversed(goods)]
    before, after = text(*goods), text(*upside_down)
    found, calls = counted(differences, before, after)
    assert calls < 500_000
    sheets = [sheet for change in found for sheet in change.sheets]
    assert all(len(sheet.rows) <= MOST_ROWS for sheet in sheets)
    assert max(sheet.more for sheet in sheets) >= 300 - MOST_ROWS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 5_000, "b a " * 5_000),
        ("a. b. " * 5_000, "b. a. " * 5_000),
        ("x" * 200_000, "y" * 200_000),
        ("a\n" * 3_000, "b\n" * 3_000 + "a\n" * 3_000),
    ],
)
def test_hostile_texts_stay_quick(before: str, after: str) -> None:
    pieces, calls = counted(words, before, after)
    assert calls < 50_000
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == after
