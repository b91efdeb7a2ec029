"""`flask register import FILE`: what an officials' file would do to the register, or doing it."""

import json
import sys
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from marketplace.kernel.errors import Refusal
from marketplace.places import queries as places
from marketplace.places.models import ReportingArea
from marketplace.register import service
from marketplace.register.rules import Plan, unpacked
from marketplace.register.scope import Scope
from marketplace.web import clock
from marketplace.web.messages import say
from marketplace.web.writes import transaction

group = AppGroup("register", help="Officials' registers.")


@group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--apply/--dry-run", "do_it", default=False, help="Write, or only show what would be written (default).")
@click.option("--area", help="Reporting area whose communes the file names; by default the only one there is.")
@click.option(
    "--era",
    type=click.Choice(["old", "new"]),
    help="Communes of before or from 1 July 2025; by default by their names.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def import_file(file: BinaryIO, do_it: bool, area: str | None, era: str | None, as_json: bool) -> None:
    """Read an Excel register. The exit status is 0 unless the file as a whole is of no use."""
    try:
        found = service.read(file.read())
        scope = Scope(clock.today(), area=area_named(area), era=era)
        if do_it:
            with transaction() as now:
                planned = service.plan_to_apply(found, scope)
                service.apply(planned, scope, actor=None, now=now)
        else:
            planned = service.preview(found, scope)
    except Refusal as refusal:
        click.echo(
            json.dumps({"error": say(refusal.message)}, ensure_ascii=False) if as_json else say(refusal.message),
            err=not as_json,
        )
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(figures(planned.plan), ensure_ascii=False))
    else:
        summary(planned.plan, do_it)


def area_named(name: str | None) -> ReportingArea | None:
    """The area asked for; without a name the only one there is."""
    if name is None:
        known = places.areas()
        return known[0] if len(known) == 1 else None
    found = places.area_by_name(name)
    if found is None:
        known_names = ", ".join(area.name for area in places.areas()) or "none is loaded"
        raise click.BadParameter(f"there is no reporting area {name!r} ({known_names})", param_hint="--area")
    return found


def figures(plan: Plan) -> dict[str, Any]:
    """Counts of rows by outcome, and the failures with row, column and reason."""
    failures = [
        {
            "sheet": problem.sheet,
            "row": problem.row,
            "column": problem.column,
            "heading": problem.heading,
            "value": problem.value,
            "reason": say(unpacked(problem.message)),
        }
        for problem in plan.problems
    ]
    return {**plan.counts(), "failures": failures, "sheets": plan.sheets}


def summary(plan: Plan, done: bool) -> None:
    """The same for people."""
    for sheet in plan.sheets:
        click.echo(f"{sheet['name']}: {sheet['kind']}, {sheet['rows']} rows")
        if sheet["unread"]:
            click.echo(f"  not read: {', '.join(sheet['unread'])}")
    counts = ", ".join(f"{number} {outcome}" for outcome, number in plan.counts().items())
    click.echo(counts)
    for problem in plan.problems:
        click.echo(f"  {problem.sheet} {problem.column}{problem.row or ''}: {say(unpacked(problem.message))}")
    if not plan.counts()["created"] and not plan.counts()["changed"]:
        click.echo("Nothing to change: the register has it all already.")
    elif not done:
        click.echo("Nothing was written. Run it again with --apply.")
