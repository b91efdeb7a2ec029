"""Attempts to break the figures: late annexes, early ends, merged communes, typed names, officers of elsewhere, nothing at all."""

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.contracts.models import Change
from marketplace.contracts.rules import ContractState, Method
from marketplace.extensions import db
from marketplace.home import market
from marketplace.kernel.dates import Period
from marketplace.places.models import AdminUnit, ReportingArea, Succession
from marketplace.reports import contracts
from marketplace.reports.asked import Asked
from marketplace.reports.figures import Worth
from marketplace.reports.queries import REPORTS
from marketplace.reports.territories import everywhere
from tests.factories import Factories
from tests.reports.deals import deal
from tests.reports.test_contracts import rows_of, scope_of, single
from tests.reports.test_every_figure import check

Commune = Callable[[str], AdminUnit]
QUARTER = Asked(at=date(2026, 9, 30), period=Period.quarter(2026, 3))


def all_agree(place: ReportingArea | AdminUnit, asked: Asked = QUARTER) -> dict[str, tuple[int, int]]:
    """Every figure of every report against its rows; signed and in force of the contracts."""
    scope = scope_of(place)
    for kind in REPORTS.values():
        check(kind.ask(scope, asked), kind.with_rows(scope, asked), scope, asked)
    found = contracts.report(scope, asked)
    return {"signed": found.total.count, "in_force": single(found, "in_force").count}


def test_an_empty_database_has_figures_of_nothing(app: Flask, make: Factories) -> None:
    make.commit()
    scope = everywhere()
    for name, kind in REPORTS.items():
        report = kind.ask(scope, QUARTER)
        check(report, kind.with_rows(scope, QUARTER), scope, QUARTER)
        assert report.total.count == 0
        answer = app.test_cli_runner().invoke(args=["figures", name, "--json"])
        assert answer.exit_code == 0, answer.output
        assert json.loads(answer.stdout)["total"] == 0
        assert app.test_cli_runner().invoke(args=["figures", name]).exit_code == 0
    assert market.figures(QUARTER.at).contracts == 0


@pytest.mark.parametrize(
    ("values", "annex", "signed", "in_force"),
    [
        ({"ends_on": date(2026, 8, 31)}, (date(2026, 8, 20), date(2026, 12, 31)), 1, 1),  # renewed in time
        ({"ends_on": date(2026, 8, 31)}, (date(2026, 10, 1), date(2026, 12, 31)), 1, 0),  # in effect only later
        ({"ends_on": date(2026, 12, 31)}, (date(2026, 9, 1), date(2026, 9, 15)), 1, 0),  # shortened
        ({"signed_on": date(2026, 6, 30), "concluded_at": datetime(2026, 9, 1, tzinfo=UTC)}, None, 0, 1),  # backdated
        ({"state": ContractState.SUSPENDED}, None, 1, 1),
        ({"state": ContractState.TERMINATED, "ended_on": date(2026, 9, 30)}, None, 1, 1),  # its last day
        ({"state": ContractState.TERMINATED, "ended_on": date(2026, 9, 29)}, None, 1, 0),
        ({"state": ContractState.RECORDED}, None, 0, 0),
        ({"state": ContractState.DECLINED}, None, 0, 0),
    ],
)
def test_dates_and_states(
    make: Factories,
    area: ReportingArea,
    commune: Commune,
    values: dict[str, object],
    annex: tuple[date, date] | None,
    signed: int,
    in_force: int,
) -> None:
    contract = deal(make, [make.cooperative(unit=commune("Than Uyên"))], make.company(), **values)  # type: ignore[arg-type]
    if annex:
        since, until = annex
        make.add(
            Change(
                contract_id=contract.id,
                effective_on=since,
                source="paper:1",
                number="PL01",
                ends_on=until,
                terms={"ends_on": until.isoformat()},
                value=contract.value,
            )
        )
        contract.later_ends = [[since.isoformat(), until.isoformat()]]
        db.session.flush()
    for place in (area, commune("Than Uyên")):
        assert all_agree(place) == {"signed": signed, "in_force": in_force}
    assert all_agree(commune("Mường Kim")) == {"signed": 0, "in_force": 0}
    assert market.figures(QUARTER.at).contracts == in_force


def test_a_merged_commune_is_told_in_both_eras(make: Factories, area: ReportingArea, commune: Commune) -> None:
    old = db.session.query(Succession).filter_by(new_id=commune("Than Uyên").id, extent="whole").first()
    assert old is not None
    before = db.session.get_one(AdminUnit, old.old_id)
    deal(make, [make.cooperative(unit=before)], make.company(), signed_on=date(2026, 8, 1))
    assert all_agree(area) == {"signed": 1, "in_force": 1}
    assert rows_of(contracts.report(scope_of(area), QUARTER), "by_unit") == {str(commune("Than Uyên").id): 1}
    by_old = QUARTER.but(units="old")
    all_agree(area, by_old)
    assert rows_of(contracts.report(scope_of(area), by_old), "by_unit") == {str(before.id): 1}
    assert all_agree(commune("Than Uyên")) == {"signed": 1, "in_force": 1}


def test_a_name_in_decomposed_letters_is_the_same_area(
    app: Flask, make: Factories, area: ReportingArea, commune: Commune
) -> None:
    deal(make, [make.cooperative(unit=commune("Than Uyên"))], make.company())
    make.commit()
    period = ("--from", "2026-07-01", "--to", "2026-09-30")
    for name in ("Than Uyên", unicodedata.normalize("NFD", "Than Uyên"), "than uyen", "Xã Than Uyên"):
        answer = app.test_cli_runner().invoke(args=["figures", "contracts", "--area", name, *period, "--json"])
        assert answer.exit_code == 0, answer.output
        assert json.loads(answer.stdout)["total"] == 1, name


def test_paper_that_no_officer_saw_is_counted_and_shown_apart(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    seller = make.cooperative(unit=commune("Than Uyên"))
    deal(make, [seller], make.company())
    deal(make, [seller], make.company(), attested=True)
    deal(make, [seller], make.company(), method=Method.DIGITAL)
    found = contracts.report(scope_of(area), QUARTER)
    unseen = single(found, "unseen")
    assert (found.total.count, unseen.count, unseen.worth) == (3, 1, Worth(120_000_000))
    all_agree(area)


def test_an_officer_of_elsewhere_counts_and_opens_nothing_of_it(
    make: Factories, area: ReportingArea, commune: Commune, sign_in: Callable[[object], FlaskClient]
) -> None:
    contract = deal(make, [make.cooperative(unit=commune("Than Uyên"))], make.company())
    officer = make.officer(commune("Mường Kim"))
    make.commit()
    browser = sign_in(officer)
    period = "from=01/07/2026&to=30/09/2026"
    page = browser.get(f"/reports/contracts/rows?{period}&unit={commune('Than Uyên').id}").get_data(as_text=True)
    assert str(contract.number) not in page
    assert browser.get(f"/reports/contracts/rows?{period}&area=u{commune('Than Uyên').id}").status_code == 404
    assert browser.get(f"/contracts/{contract.id}").status_code == 404
