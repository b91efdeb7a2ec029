"""`flask register import FILE`: what an officials' file would do to the register, or doing it."""

import json
import sys
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from marketplace.kernel.errors import Refusal
from marketplace.kernel.vietnamese import fold
from marketplace.places import queries as places
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
@click.option(
    "--area", help="Reporting area or province whose communes the file names; by default the only area there is."
)
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
        scope = bounds(area, era)
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


def bounds(name: str | None, era: str | None) -> Scope:
    """The communes that the file may name: of a reporting area or a province; without a name of the only area there is."""
    today = clock.today()
    known = places.areas()
    if name is None:
        return Scope(today, area=known[0] if len(known) == 1 else None, era=era)
    area = places.area_by_name(name)
    if area is not None:
        return Scope(today, area=area, era=era)
    for province in places.provinces(today):
        if fold(name) in (province.folded, fold(province.name)):
            return Scope(today, province=province, era=era)
    names = ", ".join(area.name for area in known) or "none is loaded"
    raise click.BadParameter(f"there is no reporting area or province {name!r} (areas: {names})", param_hint="--area")


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
