"""Counting rules of design.md §4 on contracts: which line, which day, which commune, what counts as signed."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from marketplace.clauses.terms import ContractKind
from marketplace.contracts.models import Change
from marketplace.contracts.rules import ContractState, Counting, Method
from marketplace.extensions import db
from marketplace.kernel.dates import Period
from marketplace.offers.rules import LinkageForm
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.products.rules import Group
from marketplace.promotion.models import TradeEvent
from marketplace.promotion.rules import EventKind, EventState, Reach
from marketplace.reports import contracts, counting, coverage, geography
from marketplace.reports.asked import Asked
from marketplace.reports.figures import SEVERAL, Figure, Report, Worth, having
from marketplace.reports.territories import Scope, of_area, of_unit
from tests.factories import Factories
from tests.reports.deals import deal

Commune = Callable[[str], AdminUnit]
QUARTER = Asked(at=date(2026, 9, 30), period=Period.quarter(2026, 3))


def single(report: Report, name: str) -> Figure:
    return next(each for each in [report.total, *report.figures] if each.name == name)


def rows_of(report: Report, name: str) -> dict[str, int]:
    return {row.name: row.count for each in report.breakdowns if each.name == name for row in each.figures if row.count}


def scope_of(place: ReportingArea | AdminUnit) -> Scope:
    """A reporting area, or a commune, read anew."""
    db.session.info.pop("geography", None)
    if isinstance(place, ReportingArea):
        around = geography.of(place.province_id)
        return of_area(around.areas[place.id], around)
    around = geography.of(place.parent_id)
    return of_unit(around.units[place.id], around)


def ask(area: ReportingArea, asked: Asked = QUARTER) -> Report:
    return contracts.report(scope_of(area), asked)


def test_linkage_and_sale_are_two_lines_and_their_sum(make: Factories, area: ReportingArea, commune: Commune) -> None:
    seller = make.cooperative(unit=commune("Than Uyên"))
    buyer = make.company(unit=make.unit("Phường Cửa Nam", parent=make.unit("Thành phố Hà Nội")))
    deal(make, [seller], buyer)
    deal(make, [seller], buyer, form=LinkageForm.F2_INPUT_SALE)
    deal(make, [seller], buyer, form=None)
    deal(make, [seller], buyer, form=None, kind=ContractKind.MEMORANDUM)
    deal(make, [seller], buyer, form=None, kind=ContractKind.FRAMEWORK)
    deal(make, [seller], buyer, fixes_quantity=False)
    deal(make, [seller], buyer, with_households=True)
    found = ask(area)
    assert found.total.count == 3
    counts = {name: single(found, name).count for name in ("linkage", "sale", "memorandum", "framework", "households")}
    assert counts == {"linkage": 2, "sale": 1, "memorandum": 1, "framework": 2, "households": 1}
    assert rows_of(found, "by_form") == {"F2_INPUT_SALE": 1, "F3_PROD_SALE": 1, "none": 1}
    assert found.total.worth == Worth(360_000_000, 0, 0)


@pytest.mark.parametrize(
    ("values", "signed", "in_force"),
    [
        ({}, 1, 1),
        ({"signed_on": date(2026, 6, 30)}, 0, 1),
        ({"signed_on": date(2026, 7, 1)}, 1, 1),
        ({"signed_on": date(2026, 9, 30), "starts_on": date(2026, 10, 1)}, 1, 0),
        ({"ends_on": date(2026, 9, 29)}, 1, 0),
        ({"ends_on": date(2026, 9, 30)}, 1, 1),
        ({"ends_on": None}, 1, 1),
        ({"state": ContractState.TERMINATED, "ended_on": date(2026, 9, 1)}, 1, 0),
        ({"state": ContractState.TERMINATED, "ended_on": date(2026, 10, 5)}, 1, 1),
        ({"state": ContractState.COMPLETED, "ended_on": date(2026, 9, 1)}, 1, 0),
        ({"state": ContractState.SUSPENDED}, 1, 1),
        ({"state": ContractState.AWAITING}, 0, 0),
        ({"state": ContractState.RECORDED}, 0, 0),
        ({"state": ContractState.CANCELLED}, 0, 0),
    ],
)
def test_signed_in_the_period_and_in_force_at_the_day(
    make: Factories, area: ReportingArea, commune: Commune, values: dict[str, object], signed: int, in_force: int
) -> None:
    deal(make, [make.cooperative(unit=commune("Than Uyên"))], make.company(), **values)  # type: ignore[arg-type]
    found = ask(area)
    assert (found.total.count, single(found, "in_force").count) == (signed, in_force)
    by_force = ask(area, QUARTER.but(basis="force"))
    assert (by_force.total.count, single(by_force, "signed").count) == (in_force, signed)
    assert single(found, "suspended").count == (values.get("state") == ContractState.SUSPENDED)


@pytest.mark.parametrize(
    ("effective_on", "ends_on", "value", "in_force", "worth"),
    [
        (date(2026, 9, 30), date(2026, 12, 31), 150_000_000, 1, 150_000_000),
        (date(2026, 10, 1), date(2026, 12, 31), 150_000_000, 0, 120_000_000),
        (date(2026, 9, 1), None, 100_000_000, 0, 100_000_000),
        (date(2026, 9, 1), date(2026, 9, 30), None, 1, None),
    ],
)
def test_an_annex_counts_from_its_day_on(
    make: Factories,
    area: ReportingArea,
    commune: Commune,
    effective_on: date,
    ends_on: date | None,
    value: int | None,
    in_force: int,
    worth: int | None,
) -> None:
    seller = make.cooperative(unit=commune("Than Uyên"))
    made = deal(make, [seller], make.company(), ends_on=date(2026, 9, 20))
    change = {"effective_on": effective_on, "ends_on": ends_on, "value": value, "terms": {}, "number": "PL01"}
    make.add(Change(contract_id=made.id, source="later_paper:1", **change))
    found = ask(area)
    assert (found.total.count, single(found, "in_force").count) == (1, in_force)
    assert found.total.worth == (Worth(worth) if worth else Worth(0, 0, 1))


def test_what_comes_after_the_period_is_a_late_entry(make: Factories, area: ReportingArea, commune: Commune) -> None:
    seller, buyer = make.cooperative(unit=commune("Than Uyên")), make.company()
    deal(make, [seller], buyer, concluded_at=datetime(2026, 9, 30, 16, 59, tzinfo=UTC))
    deal(make, [seller], buyer, concluded_at=datetime(2026, 9, 30, 17, 1, tzinfo=UTC))
    found = ask(area)
    assert (found.total.count, single(found, "late").count) == (2, 1)


@pytest.mark.parametrize(
    ("method", "attested", "setting", "counted"),
    [
        (Method.WET_INK, False, None, True),
        (Method.DIGITAL, False, None, True),
        (Method.APP, False, None, False),
        (Method.APP, True, None, True),
        (Method.APP, False, {Counting.APP}, True),
        (Method.WET_INK, False, {Counting.DIGITAL}, False),
    ],
)
def test_the_provinces_setting_says_what_counts(
    make: Factories,
    area: ReportingArea,
    province: AdminUnit,
    commune: Commune,
    method: Method,
    attested: bool,
    setting: set[Counting] | None,
    counted: bool,
) -> None:
    if setting:
        counting.change(province, setting, actor=make.officer(province), now=make.now)
    deal(make, [make.cooperative(unit=commune("Than Uyên"))], make.company(), method=method, attested=attested)
    found = ask(area)
    assert (found.total.count, single(found, "uncounted").count) == (counted, not counted)
    assert rows_of(found, "by_method") == ({str(method): 1} if counted else {})


def test_two_sellers_and_two_goods_count_once_and_show_under_each(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    sellers = [make.cooperative(unit=commune("Than Uyên")), make.cooperative(unit=commune("Mường Kim"))]
    deal(make, sellers, make.company(), groups=[Group.TP, Group.DU])
    found = ask(area)
    assert (found.total.count, found.total.worth) == (1, Worth(120_000_000, 0, 0))
    assert rows_of(found, "by_group") == {"TP": 1, "DU": 1}
    by_unit = next(each for each in found.breakdowns if each.name == "by_unit")
    assert (sum(row.count for row in by_unit.figures if row.name != SEVERAL), by_unit.overlapping) == (2, True)


def test_a_contract_belongs_to_the_sellers_commune(make: Factories, area: ReportingArea, commune: Commune) -> None:
    seller, buyer = make.cooperative(unit=commune("Than Uyên")), make.company(unit=commune("Mường Kim"))
    deal(make, [seller], buyer)
    assert contracts.report(scope_of(commune("Than Uyên")), QUARTER).total.count == 1
    assert contracts.report(scope_of(commune("Mường Kim")), QUARTER).total.count == 0


def test_where_the_buyer_is(make: Factories, area: ReportingArea, province: AdminUnit, commune: Commune) -> None:
    seller = make.cooperative(unit=commune("Than Uyên"))
    elsewhere = make.unit("Xã Bình Lư", parent=province)
    hanoi = make.unit("Phường Cửa Nam", parent=make.unit("Thành phố Hà Nội"))
    deal(make, [seller], make.company(unit=commune("Khoen On")))
    deal(make, [seller], make.company(unit=elsewhere))
    deal(make, [seller], make.company(unit=hanoi))
    deal(make, [seller], None, abroad=True)
    deal(make, [seller], None)
    assert rows_of(ask(area), "by_buyer") == {"area": 1, "province": 1, "country": 1, "abroad": 1, "none": 1}


def test_an_old_seat_is_shown_under_either_eras_commune(make: Factories, area: ReportingArea) -> None:
    old = next(row for row in places.units_of_area(area, "old") if row.name == "Xã Phúc Than")
    deal(make, [make.cooperative(unit=old)], make.company())
    new = next(row for row in places.units_of_area(area) if row.name == "Xã Mường Than")
    assert rows_of(ask(area), "by_unit") == {str(new.id): 1}
    assert rows_of(ask(area, QUARTER.but(units="old")), "by_unit") == {str(old.id): 1}


def test_a_seat_of_today_cannot_be_told_in_old_units(make: Factories, area: ReportingArea, commune: Commune) -> None:
    deal(make, [make.cooperative(unit=commune("Than Uyên"))], make.company())
    assert rows_of(ask(area, QUARTER.but(units="old")), "by_unit") == {"none": 1}


def test_values_say_what_they_are_made_of(make: Factories, area: ReportingArea, commune: Commune) -> None:
    seller, buyer = make.cooperative(unit=commune("Than Uyên")), make.company()
    deal(make, [seller], buyer, value=None)
    deal(make, [seller], buyer, value=50_000_000, value_estimated=True)
    deal(make, [seller], buyer, value=70_000_000)
    assert ask(area).total.worth == Worth(amount=120_000_000, estimated=1, undetermined=1)


def test_by_trade_event(make: Factories, area: ReportingArea, province: AdminUnit, commune: Commune) -> None:
    event = make.add(
        TradeEvent(
            name="Hội chợ Thử",
            kind=EventKind.FAIR,
            reach=Reach.PROVINCE,
            place="Quảng trường",
            starts_on=date(2026, 8, 8),
            ends_on=date(2026, 8, 10),
            organiser="Sở Thử",
            organiser_unit_id=province.id,
            state=EventState.CLOSED,
            created_at=make.now,
        )
    )
    seller, buyer = make.cooperative(unit=commune("Than Uyên")), make.company()
    deal(make, [seller], buyer, event_id=event.id)
    deal(make, [seller], buyer)
    assert rows_of(ask(area), "by_event") == {str(event.id): 1, "none": 1}


def test_coverage_tells_chains_of_cooperatives_from_those_of_others(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    buyer = make.company(unit=commune("Khoen On"))
    by_default = make.cooperative(unit=commune("Than Uyên"))
    led = make.cooperative(unit=commune("Mường Kim"))
    of_others = make.cooperative(unit=commune("Mường Than"))
    deal(make, [by_default], buyer)
    deal(make, [led], buyer, lead=led)
    deal(make, [of_others], buyer, lead=buyer)
    deal(make, [make.cooperative(unit=commune("Khoen On"))], buyer, form=None)
    table = {str(line.name): line.counts for line in coverage.lines(scope_of(area), QUARTER)}
    assert table == {
        "Xã Khoen On": (1, 1, 0, 0, 1, 0),
        "Xã Mường Kim": (1, 1, 1, 0, 1, 0),
        "Xã Mường Than": (1, 1, 0, 1, 1, 0),
        "Xã Than Uyên": (1, 1, 1, 0, 1, 0),
    }
    found = coverage.report(scope_of(area), QUARTER)
    counts = {each.name: each.count for each in found.figures}
    assert counts == {"with_cooperative": 4, "with_chain": 2, "with_chain_of_others": 1, "only_others": 1}
    for each in found.every_figure():
        assert each.count == len(having(found.facts, each.wanted))
