"""`flask figures …`: the same numbers as the pages, for people and (with --json) for programs."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from marketplace.kernel.dates import Period, format_date, parse_date
from marketplace.kernel.errors import Refusal
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit
from marketplace.places.names import folded_name
from marketplace.reports import coverage
from marketplace.reports.asked import NEW, OLD, Asked, quarter_of, units_of
from marketplace.reports.figures import Breakdown, Figure, Report, Worth
from marketplace.reports.queries import REPORTS
from marketplace.reports.shown import note_of
from marketplace.reports.territories import Scope, everywhere, named
from marketplace.web import clock
from marketplace.web.messages import say

group = AppGroup("figures", help="The officials' figures, as the pages show them.")


class Day(click.ParamType):
    """A day written day/month/year or year-month-day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else parse_date(value)
        except Refusal as refusal:
            self.fail(say(refusal.message), param, ctx)


def question(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every report takes."""
    for option in reversed(
        [
            click.option("--at", type=Day(), help="The day that the figures are of (today)."),
            click.option("--since", type=Day(), help="The day to compare with."),
            click.option("--from", "first", type=Day(), help="First day of the period."),
            click.option("--to", "last", type=Day(), help="Last day of the period."),
            click.option("--area", default="", help="A reporting area, province or commune, by name (everything)."),
            click.option("--units", type=click.Choice([NEW, OLD]), help="Communes since, or until, the merger."),
            click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output."),
        ]
    ):
        command = option(command)
    return command


def add(name: str, words: str) -> None:
    """One command for one report."""

    @group.command(name, help=words)
    @question
    def command(
        at: date | None,
        since: date | None,
        first: date | None,
        last: date | None,
        area: str,
        units: str | None,
        as_json: bool,
    ) -> None:
        today = clock.today()
        asked = ask(today, at, since, first, last, units)
        scope = find(area, today)
        report = REPORTS[name].ask(scope, asked)
        click.echo(
            json.dumps(plain(report, scope, asked), ensure_ascii=False) if as_json else table(report, scope, asked)
        )


def ask(
    today: date, at: date | None, since: date | None, first: date | None, last: date | None, units: str | None
) -> Asked:
    """The question; a period asks for what was signed in it, a day alone for what is in force."""
    if (first is None) != (last is None):
        raise click.UsageError("Give both --from and --to, or neither.")
    if first and last and last < first:
        raise click.UsageError("--to comes before --from.")
    period = Period(first, last) if first and last else quarter_of(at or today)
    day = at or (min(period.last, today) if last else today)
    basis = "force" if at and not first else "signed"
    return Asked(at=day, period=period, since=since, units=units or units_of(day), basis=basis)


def find(area: str, today: date) -> Scope:
    """The area by its name."""
    scope = named(area, units_called(area, today)) if area else everywhere()
    if scope is None:
        raise click.BadParameter(f"There is no area, province or commune called {area!r}.", param_hint="--area")
    return scope


def units_called(name: str, today: date) -> list[AdminUnit]:
    """The province of that name, else the commune."""
    folded = folded_name(name)
    provinces = [row for row in places.provinces(today) if row.folded == folded]
    return provinces or places.candidates(name, at=today)


def plain(report: Report, scope: Scope, asked: Asked) -> dict[str, Any]:
    """One object: the total, the single figures, the breakdowns, and what was asked."""
    answer: dict[str, Any] = {"total": report.total.count}
    answer |= {figure.name: figure.count for figure in report.figures}
    if report.total.worth is not None:
        answer["value"] = worth(report.total.worth)
    if report.growth is not None:
        answer["before"] = report.growth.before
        answer["difference"] = report.growth.difference
        answer["growth_percent"] = None if report.growth.ratio is None else round(float(report.growth.ratio * 100), 1)
    for each in report.breakdowns:
        answer[each.name] = {key(row, each): row.count for row in each.figures}
        if report.total.worth is not None:
            answer[f"{each.name}_value"] = {key(row, each): worth(row.worth) for row in each.figures if row.worth}
    if report.name == "coverage":
        answer["by_unit"] = {
            say(line.name): dict(zip(coverage.NAMES, line.counts, strict=True)) for line in coverage.lines(scope, asked)
        }
    answer["at"] = asked.at.isoformat()
    if REPORTS[report.name].by_period:
        answer |= {"from": asked.period.first.isoformat(), "to": asked.period.last.isoformat(), "basis": asked.basis}
    return answer | {"area": scope.name, "units": asked.units}


def key(row: Figure, breakdown: Breakdown) -> str:
    """Codes stay codes; what is stored under a number (a commune, an event) is named."""
    if breakdown.name in ("by_unit", "by_event") and row.name.isdigit():
        twice = sum(each.label == row.label for each in breakdown.figures) > 1
        return f"{say(row.label)} ({row.name})" if twice else say(row.label)
    return row.name


def worth(value: Worth) -> dict[str, int]:
    """A sum of values with what it is made of."""
    return {
        "amount": value.amount,
        "estimated": value.estimated,
        "undetermined": value.undetermined,
        "undivided": value.undivided,
    }


def table(report: Report, scope: Scope, asked: Asked) -> str:
    """The same for reading."""
    lines = [f"{say(REPORTS[report.name].title)} · {format_date(asked.at)} · {scope.name or '—'}"]
    singles = [report.total, *report.figures]
    width = max(len(say(row.label)) for row in [*singles, *(row for each in report.breakdowns for row in each.figures)])
    lines += [line_of(row, width) for row in singles]
    if report.growth is not None:
        lines.append(f"  {report.growth.before} → {report.growth.now} ({report.growth.difference:+d})")
    for each in report.breakdowns:
        lines += ["", say(each.label), *(line_of(row, width) for row in each.figures)]
    if report.name == "coverage":
        lines += [""] + [
            f"  {say(line.name):<{width}}  " + " ".join(f"{n:>4}" for n in line.counts)
            for line in coverage.lines(scope, asked)
        ]
    return "\n".join(lines)


def line_of(row: Figure, width: int) -> str:
    """One figure: words, count, and what it is worth."""
    return f"  {say(row.label):<{width}}  {row.count:>6}  {note_of(row)}".rstrip()


add("cooperatives", "Cooperatives at a day: total, active, by sector and commune.")
add("ocop", "OCOP products at a day: by stars, group, owner and commune; those under evaluation apart.")
add("contracts", "Contracts signed in a period, or in force at a day.")
add("coverage", "Communes with a cooperative, and with a chain led by one.")
