"""Figures are filters: what they count is what their rows are."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.dates import Period
from marketplace.kernel.messages import msgid
from marketplace.reports.asked import Asked, quarter_of, units_of, usual_periods
from marketplace.reports.figures import UNKNOWN, Dimension, Fact, Growth, Worth, breakdown, figure, having, marks

SECTORS = Dimension("sector", msgid("By sector"), {"NLN": "Nông", "XD": "Xây"})

facts = st.lists(
    st.builds(
        lambda id, sector, units, value, estimated: Fact(id, marks(sector=sector, unit=units), "", value, estimated),
        st.integers(1, 10**6),
        st.sampled_from(["NLN", "XD", "VT", None]),
        st.sets(st.integers(1, 4)),
        st.one_of(st.none(), st.integers(0, 10**9)),
        st.booleans(),
    ),
    unique_by=lambda fact: fact.id,
)


@given(facts)
def test_every_figure_counts_exactly_its_rows(found: list[Fact]) -> None:
    for dimension in (SECTORS, Dimension("unit", msgid("By commune"), {"1": "Một", "2": "Hai"})):
        for row in breakdown(found, dimension, {}).figures:
            assert row.count == len(having(found, row.wanted))


@given(facts)
def test_a_breakdown_leaves_nothing_out(found: list[Fact]) -> None:
    by_sector = breakdown(found, SECTORS, {})
    assert sum(row.count for row in by_sector.figures) == len(found)
    assert not by_sector.overlapping
    names = [row.name for row in by_sector.figures]
    assert names[:2] == ["NLN", "XD"]
    assert (UNKNOWN in names) == any(fact.marks["sector"] == {UNKNOWN} for fact in found)


def test_two_communes_of_one_contract_show_under_each_and_say_so() -> None:
    found = [Fact(1, marks(unit={3, 4})), Fact(2, marks(unit=3))]
    by_unit = breakdown(found, Dimension("unit", msgid("By commune"), {"3": "Ba", "4": "Bốn"}), {})
    assert [row.count for row in by_unit.figures] == [2, 1]
    assert (by_unit.total, by_unit.overlapping) == (2, True)


def test_a_filter_may_name_several_marks() -> None:
    found = [Fact(1, marks(line="linkage")), Fact(2, marks(line="sale")), Fact(3, marks(line="memorandum"))]
    assert figure("total", msgid("Contracts"), found, {"line": "linkage,sale"}).count == 2


def test_no_price_is_not_nought() -> None:
    found = [Fact(1, {}, "", 5, True), Fact(2, {}, "", 7), Fact(3, {}, "", None)]
    assert Worth.of(found) == Worth(amount=12, estimated=1, undetermined=1)


def test_growth_is_computed_from_counts() -> None:
    growth = Growth(44, 71)
    assert growth.difference == 27
    assert growth.ratio == Decimal(27) / Decimal(44)
    assert Growth(0, 3).ratio is None


def test_the_address_holds_the_question() -> None:
    asked = Asked(
        at=date(2023, 9, 30), period=Period.quarter(2023, 3), area="than-uyen", units="old", since=date(2020, 12, 31)
    )
    assert asked.address() == {
        "at": "30/09/2023",
        "since": "31/12/2020",
        "from": "01/07/2023",
        "to": "30/09/2023",
        "area": "than-uyen",
        "units": "old",
    }


def test_communes_are_those_of_the_day() -> None:
    assert units_of(date(2025, 6, 30)) == "old"
    assert units_of(date(2025, 7, 1)) == "new"


def test_usual_periods_begin_with_this_quarter() -> None:
    found = usual_periods(date(2026, 1, 15))
    assert found[0] == quarter_of(date(2026, 1, 15)) == Period.quarter(2026, 1)
    assert found[1] == Period.quarter(2025, 4)
    assert len(set(found)) == len(found)
