"""A contract of several cooperatives in the figures: once in totals, under each seller's commune, seen by each officer."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.contracts import queries, service_sharing
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import Counting, Method, Standing, standing_on
from marketplace.extensions import db
from marketplace.home import market
from marketplace.kernel.dates import Period, local_date
from marketplace.kernel.errors import NotVisible
from marketplace.places.models import ReportingArea
from marketplace.reports import contracts
from marketplace.reports.asked import Asked
from marketplace.reports.figures import Worth
from marketplace.reports.territories import everywhere
from marketplace.web import settings
from tests.contracts import test_pooled as made
from tests.factories import Factories
from tests.reports.deals import deal
from tests.reports.test_contracts import rows_of, scope_of


def signed(make: Factories, now: datetime, leaving: bool = False) -> made.Pooled:
    """Signed by all on paper; or by those that are left after one has gone."""
    pooled = made.drawn(make)
    if leaving:
        person = pooled.pool.person(pooled.pool.second)
        service_sharing.leave_contract(pooled.contract, pooled.party(2), "Mất mùa", actor=person, now=now)
    made.deals.open_text(pooled.deal, now)
    for party in pooled.contract.parties:
        made.sign(pooled, party, now)
    return pooled


def figures(app: Flask, *arguments: str) -> dict[str, Any]:
    """`flask figures contracts … --json`."""
    answer = app.test_cli_runner().invoke(args=["figures", "contracts", *arguments, "--json"])
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.stdout))


def asked(day: date, **values: str) -> Asked:
    """The quarter of the day."""
    return Asked(at=day, period=Period.quarter(day.year, (day.month + 2) // 3), **values)


def test_once_in_the_total_and_under_each_commune(
    app: Flask, make: Factories, area: ReportingArea, now: datetime
) -> None:
    pooled, day = signed(make, now), local_date(now)
    make.commit()
    found = figures(app, "--from", day.isoformat(), "--to", day.isoformat(), "--area", "Than Uyên")
    assert (found["total"], found["in_force"]) == (1, 1)
    assert sorted(found["by_unit"].values()) == [0, 1, 1, 1]
    report = contracts.report(scope_of(area), asked(day, basis="force"))
    by_unit = next(each for each in report.breakdowns if each.name == "by_unit")
    assert (report.total.count, report.total.worth, by_unit.overlapping) == (1, Worth(40 * 18_000_000, 0, 0), True)
    assert standing_on(day, pooled.contract) == Standing.IN_FORCE
    assert db.session.scalar(select(func.count(Contract.id)).where(queries.in_force_at(day))) == 1


def test_each_communes_officer_sees_it_and_counts_it(make: Factories, area: ReportingArea, now: datetime) -> None:
    pooled, day = signed(make, now), local_date(now)
    for name in ("Xã Than Uyên", "Xã Mường Kim", "Xã Khoen On"):
        unit = make.unit(name)
        officer = make.officer(unit)
        assert queries.get(pooled.contract.id, visible_to=officer) is pooled.contract
        assert contracts.report(scope_of(unit), asked(day)).total.count == 1


def test_who_left_before_signing_is_no_seller_in_any_figure(
    make: Factories, area: ReportingArea, now: datetime
) -> None:
    pooled, day = signed(make, now, leaving=True), local_date(now)
    unit = make.unit("Xã Khoen On")
    assert contracts.report(scope_of(unit), asked(day)).total.count == 0
    report = contracts.report(scope_of(area), asked(day))
    assert report.total.count == 1
    assert sum(rows_of(report, "by_unit").values()) == 2
    assert pooled.contract.value == 34 * 18_000_000
    with pytest.raises(NotVisible):
        queries.get(pooled.contract.id, visible_to=make.officer(unit))


def test_each_sellers_product_is_under_contract(make: Factories, area: ReportingArea, now: datetime) -> None:
    pooled, day = signed(make, now), local_date(now)
    (line,) = pooled.contract.lines
    own = {row.product_id for party in pooled.contract.parties for row in party.shares if row.product_id}
    strange = make.product(pooled.pool.second)
    assert line.product_id in own
    for row in pooled.party(1).shares:
        row.product_id = strange.id
    db.session.flush()
    assert queries.count_of_product(strange.id, day) == 1
    for party in pooled.contract.parties:
        for row in party.shares:
            row.product_id = None
    db.session.flush()
    assert queries.count_of_product(line.product_id or 0, day) == 0


@pytest.mark.parametrize("first", ["here", "away"])
def test_the_home_page_counts_by_the_same_provinces_setting(
    make: Factories, area: ReportingArea, now: datetime, first: str
) -> None:
    away = make.unit("Xã Xa", parent=make.unit("Tỉnh Xa"))
    sellers = [make.cooperative(unit=make.unit("Xã Than Uyên")), make.cooperative(unit=away)]
    deal(make, sellers if first == "here" else sellers[::-1], make.company(), method=Method.APP)
    day = date(2026, 9, 30)
    for setting in ([], [Counting.APP], [Counting.INK]):
        settings.put(f"counting:{away.parent_id}", [str(code) for code in setting])
        db.session.info.pop("geography", None)
        every = contracts.report(everywhere(), asked(day, basis="force")).total.count
        assert market.figures(day).contracts == every == int(first == "away" and Counting.APP in setting)
