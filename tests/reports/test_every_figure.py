"""Every figure of the demonstration opens exactly its rows: all officials, all reports, both eras, days and periods."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.demo.cast import PASSWORD
from marketplace.extensions import db
from marketplace.home import market
from marketplace.kernel.dates import Period
from marketplace.organisations.access import capacities
from marketplace.reports import contracts, territories
from marketplace.reports.asked import Asked, quarter_of, usual_days, usual_periods
from marketplace.reports.figures import CellKind, Report, Worth, having
from marketplace.reports.queries import REPORTS, behind
from marketplace.reports.territories import Scope, everywhere
from marketplace.web import clock
from tests.conftest import make_app
from tests.reports.doors import doors, rows_behind

OFFICIALS = ("canbo.xa@example.vn", "canbo.xa2@example.vn", "canbo.tinh@example.vn")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration, on SQLite."""
    folder = tmp_path_factory.mktemp("figures")
    app = make_app(f"sqlite:///{folder / 'demo.sqlite3'}", folder)
    with app.app_context():
        db.create_all()
    answer = app.test_cli_runner().invoke(args=["demo", "load", "--once", "--json"])
    assert answer.exit_code == 0, answer.output
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo(loaded: Flask) -> Iterator[Flask]:
    """The same, entered."""
    with loaded.app_context():
        yield loaded
        db.session.rollback()
        db.session.remove()


def questions(today: date) -> list[Asked]:
    """Every usual day and period, by both eras' communes, signed and in force."""
    days = [day for _words, day in usual_days(today)]
    whole = Period(date(2015, 1, 1), today + timedelta(days=400))
    usual = usual_periods(today)
    periods = [usual[0], usual[1], usual[4], *usual[-2:], whole]
    asked = [Asked(at=min(period.last, today), period=period) for period in periods]
    asked += [Asked(at=day, period=quarter_of(day), basis="force") for day in [*days, today + timedelta(days=90)]]
    return [each.but(units=units) for each in asked for units in ("new", "old")]


def scopes(email: str) -> list[Scope]:
    """What an official may choose: all of it, of a province's communes only those in which there is something."""
    user = db.session.query(User).filter_by(email=email).one()
    capacities(user)
    found = territories.choices(user)
    chosen = [territories.chosen(key, found) for key in found]
    inside = {unit.name for scope in chosen if scope.area_id for unit in scope.communes("new")}
    return [
        scope for scope in chosen if len(chosen) == 1 or scope.area_id or scope.whole_province or scope.name in inside
    ]


def check(report: Report, each: Report, scope: Scope, asked: Asked) -> int:
    """Counts and sums of all figures against the rows that a list shows."""
    kind, seen = REPORTS[report.name], 0
    money = [place for place, column in enumerate(kind.columns) if column.kind == CellKind.MONEY]
    for figure in report.every_figure():
        rows = kind.rows(behind(each, figure.wanted), scope, asked, figure.wanted)
        assert len(rows) == figure.count, (scope.name, asked, figure)
        assert len({row.id for row in rows}) == len(rows)
        if figure.worth is not None:
            total = sum(row.cells[money[0]] or 0 for row in rows)  # type: ignore[misc]
            assert total == figure.worth.amount, (scope.name, asked, figure)
        seen += bool(figure.count)
    for breakdown in report.breakdowns:
        amounts = [row.worth.amount for row in breakdown.figures if row.worth is not None]
        if amounts and breakdown.total == report.total.count:
            assert report.total.worth is not None
            assert sum(amounts) == report.total.worth.amount, (scope.name, asked, breakdown.name)
        assert sum(row.count for row in breakdown.figures) >= breakdown.total
    return seen


@pytest.mark.parametrize("email", OFFICIALS)
def test_every_figure_of_every_question_is_its_rows(demo: Flask, email: str) -> None:
    seen = 0
    for scope in scopes(email):
        for asked in questions(clock.today()):
            for kind in REPORTS.values():
                seen += check(kind.ask(scope, asked), kind.with_rows(scope, asked), scope, asked)
    assert seen > 500


@pytest.mark.parametrize("email", OFFICIALS)
@pytest.mark.parametrize(
    "page", ["/desk", "/reports/cooperatives", "/reports/ocop", "/reports/contracts", "/reports/coverage"]
)
def test_every_number_of_the_pages_opens_its_rows(demo: Flask, email: str, page: str) -> None:
    browser: FlaskClient = demo.test_client()
    assert browser.post("/login", data={"identity": email, "passcode": PASSWORD}).status_code == 302
    found: dict[str, int] = {}
    today = clock.today()
    year = f"from=01/01/{today.year}&to=31/12/{today.year}"
    for question in ("", f"?{year}", f"?{year}&units=old", f"?{year}&basis=force"):
        found |= dict(doors(browser, page + question))
    assert found
    for address, count in found.items():
        assert rows_behind(browser, address) == count, address


def test_parts_of_an_area_come_to_the_whole(demo: Flask) -> None:
    """Cooperatives and certified products add up over communes; so do the values of contracts, not their numbers."""
    found = {scope.name: scope for scope in scopes("canbo.tinh@example.vn")}
    whole = found["Than Uyên"]
    inside = [found[unit.name] for unit in whole.communes("new")]
    for asked in questions(clock.today()):
        if asked.units == "old":
            continue
        one = contracts.report(whole, asked)
        parts = [contracts.report(scope, asked) for scope in inside]
        assert one.total.worth is not None
        worths = [part.total.worth or Worth() for part in parts]
        seated = having(one.facts, {**one.total.wanted, "unit": ",".join(str(u.id) for u in whole.communes("new"))})
        apart = one.total.worth.amount - Worth.of(seated).amount
        assert sum(worth.amount for worth in worths) + apart == one.total.worth.amount
        assert sum(part.total.count for part in parts) >= one.total.count - (one.total.count - len(seated))
        for name in ("cooperatives", "ocop"):
            totals = [REPORTS[name].ask(scope, asked).total.count for scope in inside]
            total = REPORTS[name].ask(whole, asked)
            unknown = sum(
                row.count
                for each in total.breakdowns
                for row in each.figures
                if each.name == "by_unit" and row.name == "none"
            )
            assert sum(totals) + unknown == total.total.count, (name, asked)


def test_the_home_page_and_the_command_say_the_same(demo: Flask) -> None:
    today = clock.today()
    asked = Asked(at=today, period=quarter_of(today), basis="force")
    shown = market.figures(today).contracts
    assert contracts.report(everywhere(), asked).total.count == shown > 0
    answer = demo.test_cli_runner().invoke(args=["figures", "contracts", "--at", today.isoformat(), "--json"])
    said: dict[str, Any] = json.loads(answer.stdout)
    assert said["total"] == shown
    for name in ("by_unit", "by_sector", "by_group", "by_form", "by_method", "by_event", "by_buyer"):
        assert sum(row["amount"] for row in said[f"{name}_value"].values()) == said["value"]["amount"], name
