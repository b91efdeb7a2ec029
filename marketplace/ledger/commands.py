"""`flask ledger verify` reads everything again and names what is broken; `flask ledger root` makes and shows roots."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.ledger import guards, queries, service_roots
from marketplace.ledger.audit import Finding, Report, audit
from marketplace.ledger.kept import Unfit, read_proof, read_roots
from marketplace.ledger.roots import published
from marketplace.web import clock, handed
from marketplace.web.messages import say
from marketplace.web.writes import transaction

group = AppGroup("ledger", help="The record of who did what.")
EVERY = 2.0
"""Seconds between two lines of progress."""


def copy_of(help: str) -> dict[str, Any]:
    """An option that takes a file which somebody kept."""
    return {"type": click.Path(exists=True, dir_okay=False, path_type=Path), "help": help}


@group.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--roots", **copy_of("A copy of the published roots.json or roots.csv, kept somewhere else."))
@click.option("--proof", "proofs", multiple=True, **copy_of("A contract's proof.json, kept somewhere else."))
def verify(as_json: bool, roots: Path | None, proofs: tuple[Path, ...]) -> None:
    """Check every chain, personal detail and root, and what the tables say; exit status 1 when something is broken."""
    try:
        published, kept = read_roots(roots) if roots else None, [read_proof(path) for path in proofs]
    except Unfit as unfit:
        raise click.UsageError(str(unfit)) from unfit
    report = audit(published, progress(), kept=kept, comparisons=handed.take("ledger_comparisons"))
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


def plain(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "subjects": report.subjects,
        "entries": report.entries,
        "details": report.details,
        "roots": report.roots,
        "waiting": report.waiting,
        "compared": report.published,
        "proofs": report.kept,
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
    if report.kept:
        click.echo(_("Compared with %(count)s kept proofs.", count=report.kept))
    if not report.broken:
        click.echo(_("Everything fits together."))
        return
    click.echo(_("Broken: %(count)s.", count=report.broken))
    for finding in report.findings:
        click.echo(f"  - {say(finding.sentence)}")


@group.command()
def protect() -> None:
    """Make the triggers again that keep the ledger insert-only."""
    with transaction():
        guards.install(db.session.connection())
    click.echo(_("The database protects the ledger again."))


@group.command()
@click.option("--make", is_flag=True, help="First make one over everything recorded so far.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def root(make: bool, as_json: bool) -> None:
    """Show the newest root."""
    if make:
        for day in service_roots.days_without(clock.today()):
            with transaction() as now:
                service_roots.seal(day, now=now)
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
