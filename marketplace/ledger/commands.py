"""`flask ledger verify` reads everything again and names what is broken; `flask ledger root` makes and shows roots."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from marketplace.kernel.dates import format_date
from marketplace.ledger import queries, service_roots
from marketplace.ledger.audit import Finding, Report, audit
from marketplace.ledger.roots import Published, first_broken_root, published
from marketplace.web import clock
from marketplace.web.messages import say
from marketplace.web.writes import transaction

group = AppGroup("ledger", help="The record of who did what.")
EVERY = 2.0
"""Seconds between two lines of progress."""


@group.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--roots",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier copy of the published roots.json, kept somewhere else, to compare with.",
)
def verify(as_json: bool, roots: Path | None) -> None:
    """Check every chain, personal detail and root; exit status 1 when something is broken."""
    report = audit(read_published(roots) if roots else None, progress())
    if as_json:
        click.echo(json.dumps(plain(report), ensure_ascii=False))
    else:
        show(report)
    if report.broken:
        raise SystemExit(1)


def progress() -> Callable[[str, int], None]:
    """Prints how far it is, now and then, where nobody mistakes it for the result."""
    last = time.monotonic()

    def tell(what: str, done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            click.echo(f"  … {done:,} {what}", err=True)

    return tell


def read_published(path: Path) -> list[Published]:
    """The roots of a file as the page of roots gives it away; one that breaks in itself proves nothing."""
    try:
        content = json.loads(path.read_bytes())
        rows = content.get("roots") if isinstance(content, dict) else content
        if not isinstance(rows, list) or not rows:
            raise ValueError("there is no list of roots in it")
        found = [Published.read(row) for row in rows]
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{path.name} is no roots.json: {error}") from error
    wrong = first_broken_root(found)
    if wrong is not None:
        raise click.UsageError(f"{path.name} is damaged itself: its root number {wrong.number} does not fit")
    return found


def plain(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "subjects": report.subjects,
        "entries": report.entries,
        "details": report.details,
        "roots": report.roots,
        "waiting": report.waiting,
        "compared": report.published,
        "count": report.broken,
        "broken": [described(finding) for finding in report.findings],
    }


def described(finding: Finding) -> dict[str, Any]:
    """One broken thing."""
    return {
        "fault": finding.fault,
        "subject": finding.subject,
        "seq": finding.seq,
        "entry": finding.entry,
        "root": finding.root,
        "sentence": say(finding.sentence),
    }


def show(report: Report) -> None:
    """The same for people."""
    said = _(
        "%(subjects)s chains with %(entries)s entries, %(details)s personal details and %(roots)s roots were checked.",
        subjects=report.subjects,
        entries=report.entries,
        details=report.details,
        roots=report.roots,
    )
    click.echo(said)
    click.echo(_("%(count)s entries wait for the next root.", count=report.waiting))
    if report.published is not None:
        click.echo(_("Compared with %(count)s published roots.", count=report.published))
    if not report.broken:
        click.echo(_("Everything fits together."))
        return
    click.echo(_("Broken: %(count)s.", count=report.broken))
    for finding in report.findings:
        click.echo(f"  - {say(finding.sentence)}")


@group.command()
@click.option("--make", is_flag=True, help="First make one over everything recorded so far.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def root(make: bool, as_json: bool) -> None:
    """Show the newest root."""
    if make:
        with transaction() as now:
            service_roots.seal(clock.today(), now=now)
    found = queries.latest_root()
    if as_json:
        click.echo(json.dumps({"root": published(found) if found else None, "waiting": queries.count_unsealed()}))
    elif found is None:
        click.echo(_("There is no root yet."))
    else:
        facts = {"number": found.number, "day": format_date(found.day), "entries": found.entries}
        click.echo(_("Root number %(number)s of %(day)s with %(entries)s entries:", **facts))
        click.echo(f"  {found.hash}")
    if not as_json:
        click.echo(_("%(count)s entries wait for the next root.", count=queries.count_unsealed()))
