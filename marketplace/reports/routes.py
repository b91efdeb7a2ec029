"""The desk and its reports: figures with their chart and table, the rows behind each, and the Excel file."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.contracts.rules import Counting
from marketplace.kernel.dates import Period
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.vietnamese import fold
from marketplace.organisations.access import Official, capacities
from marketplace.reports import contract_facts, excel, shown, territories, waiting
from marketplace.reports import counting as setting
from marketplace.reports import coverage as communes_covered
from marketplace.reports import desk as today_on_desk
from marketplace.reports.asked import Asked, usual_days, usual_periods
from marketplace.reports.contracts import COUNTED
from marketplace.reports.figures import Figure, Worth
from marketplace.reports.forms import CountingForm, FilterForm
from marketplace.reports.queries import DIMENSIONS, REPORTS, behind
from marketplace.reports.territories import Scope
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.messages import say
from marketplace.web.writes import write

bp = Blueprint("reports", __name__)
NAME = "/reports/<any(cooperatives,ocop,contracts,coverage):name>"
SIZE = 100
# Which report is drawn by which template.
PAGES = {
    "cooperatives": "reports/cooperatives.html",
    "ocop": "reports/ocop.html",
    "contracts": "reports/contracts.html",
}


@bp.route("/desk")
@allow(Official)
def desk() -> str:
    """What waits for me, the quarter's figures as doors, contracts by month, coverage."""
    form, scope, asked = question()
    found = today_on_desk.read(current_user, scope, asked)
    return render_template(
        "reports/desk.html",
        **frame(form, scope, asked),
        desk=found,
        acts=bool(capacities(current_user).acting_posts),
        waiting=waiting.read(current_user, clock.now()),
        **gone_by(found.glances[0].figure, scope, asked),
        bars=shown.months_chart(found.months, door_of_period(asked)),
        table=found.coverage,
        columns=communes_covered.COLUMNS,
        doors=communes_covered.DOORS,
    )


@bp.route("/reports")
@allow(Official)
def index() -> str:
    """The reports there are."""
    return render_template("reports/index.html", reports=REPORTS, may_set=bool(setting.provinces(current_user)))


@bp.route("/reports/cooperatives")
@allow(Official)
def cooperatives() -> str:
    """Cooperatives at a day."""
    return page("cooperatives")


@bp.route("/reports/ocop")
@allow(Official)
def ocop() -> str:
    """OCOP products at a day."""
    return page("ocop")


@bp.route("/reports/contracts")
@allow(Official)
def contracts() -> str:
    """Contracts signed in a period, and in force at a day."""
    return page("contracts")


@bp.route("/reports/coverage")
@allow(Official)
def coverage() -> str:
    """Communes with a cooperative, and with a chain led by one."""
    form, scope, asked = question()
    table = communes_covered.lines(scope, asked)
    return render_template(
        "reports/coverage.html",
        **frame(form, scope, asked),
        name="coverage",
        report=communes_covered.summary(table),
        table=table,
        columns=communes_covered.COLUMNS,
        doors=communes_covered.DOORS,
    )


@bp.route(f"{NAME}/rows")
@allow(Official)
def rows(name: str) -> str:
    """Exactly the rows that a figure counts."""
    form, scope, asked = question()
    report = REPORTS[name].with_rows(scope, asked)
    wanted = filter_asked() or dict(report.total.wanted)
    found = behind(report, wanted)
    place = next((n for n, fact in enumerate(found, 1) if str(fact.id) == request.args.get("after")), 0)
    shown_rows = found[place : place + SIZE]
    return render_template(
        "reports/rows.html",
        **frame(form, scope, asked),
        name=name,
        kind=REPORTS[name],
        wanted=wanted,
        count=len(found),
        rows=REPORTS[name].rows(shown_rows, scope, asked, wanted),
        linked=current_app.view_functions,
        worth=shown.worth_words(Worth.of(found, wanted)) if report.total.worth is not None and found else "",
        older=shown_rows[-1].id if place + SIZE < len(found) else None,
        first_page=place == 0,
    )


@bp.route(f"{NAME}/export")
@allow(Official)
def export(name: str) -> Response:
    """The report and its rows as an Excel file."""
    _form, scope, asked = question()
    report = REPORTS[name].with_rows(scope, asked)
    wanted = filter_asked() or report.total.wanted
    found = behind(report, wanted)
    book = excel.write(
        report,
        REPORTS[name],
        REPORTS[name].rows(found, scope, asked, wanted),
        head=[say(line) for line in excel.head(report, scope, asked, scope.geography.counting(scope.province_id))],
        say=say,
    )
    file = f"{name}-{fold(scope.name).replace(' ', '-')}-{asked.at.isoformat()}.xlsx"
    return send_file(BytesIO(book), as_attachment=True, download_name=file, mimetype=excel.TYPE)


@bp.route("/reports/counting", methods=["GET", "POST"])
@allow(Official, acting=True)
def counting() -> Any:
    """Which ways of signing count in the officers' province."""
    found = setting.provinces(current_user)
    if not found:
        raise NotVisible
    province = found[0]
    form = CountingForm(counting=[str(code) for code in setting.of_province(province.id)])
    if form.accepted():
        with write(form) as now:
            chosen = [Counting(code) for code in form.counting.data or []]
            setting.change(province, chosen, actor=current_user, now=now)
            return form.done(_("Saved. Every report now counts by this rule and says so."), url_for(".index"))
    return render_template("reports/counting.html", form=form, province=province)


def page(name: str) -> str:
    """A report with single figures and breakdowns."""
    form, scope, asked = question()
    report = REPORTS[name].ask(scope, asked)
    beside = gone_by(report.total, scope, asked) if REPORTS[name].by_period and asked.basis == "signed" else {}
    return render_template(PAGES[name], **frame(form, scope, asked), name=name, report=report, **beside)


def gone_by(signed: Figure, scope: Scope, asked: Asked) -> dict[str, Any]:
    """Where nothing is signed in the period: said, with the way to the last one that has something."""
    if signed.count or asked.sector:
        return {}
    period = contract_facts.last_with_some(scope, asked)
    return {"nothing": True, "before": period, "there": asked.but(period=period, at=period.last) if period else None}


def question() -> tuple[FilterForm, Scope, Asked]:
    """The filter line, the area it names (if the official may read it), and the question."""
    today = clock.today()
    areas = territories.choices(current_user)
    form = FilterForm({key: place.name for key, (place, _around) in areas.items()}, request.args)
    asked = form.asked(today, request.args.get("basis", ""))
    scope = territories.chosen(asked.area, areas)
    form.area.data = scope.key
    return form, scope, asked.but(area=scope.key)


def door_of_period(asked: Asked) -> Callable[[Period], str]:
    """The way to the contracts that count as signed in a period."""
    wanted = {**COUNTED, "signed": "yes"}
    return lambda period: door("contracts", asked.but(period=period), wanted)


def door(name: str, asked: Asked, wanted: Mapping[str, str]) -> str:
    """The address of exactly the rows that a figure counts."""
    values: dict[str, Any] = {**asked.address(), **wanted}
    return url_for("reports.rows", name=name, **values)


def filter_asked() -> dict[str, str]:
    """The figure's filter in the address."""
    return {name: request.args[name] for name in request.args if name in DIMENSIONS and request.args[name]}


def frame(form: FilterForm, scope: Scope, asked: Asked) -> dict[str, Any]:
    """What every page of figures shows around them."""
    today = clock.today()
    return {
        "form": form,
        "scope": scope,
        "asked": asked,
        "today": today,
        "days": usual_days(today),
        "periods": usual_periods(today),
        "counted": [setting.COUNTINGS[code] for code in sorted(scope.geography.counting(scope.province_id))],
        "door": lambda name, wanted: door(name, asked, wanted),
        "chart": shown.chart,
        "communes_chart": shown.communes_chart,
        "note_of": shown.note_of,
        "growth_words": shown.growth_words,
        "since_words": shown.since_words,
    }
