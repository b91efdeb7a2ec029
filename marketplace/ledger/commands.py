"""`flask ledger verify`: recompute every chain and name the first broken entry."""

import json

import click
from flask.cli import AppGroup

from marketplace.ledger import queries
from marketplace.ledger.rules import first_broken

group = AppGroup("ledger", help="The record of who did what.")


@group.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def verify(as_json: bool) -> None:
    """Check every chain; exit status 1 when one is broken."""
    subjects, broken = 0, []
    for subject, entries in queries.chains():
        subjects += 1
        bad = first_broken(entries)
        if bad is not None:
            broken.append({"subject": subject, "entry": bad.id, "seq": bad.seq})
    if as_json:
        click.echo(json.dumps({"subjects": subjects, "broken": broken}))
    else:
        click.echo(f"{subjects} chains checked, {len(broken)} broken")
        for row in broken:
            click.echo(f"  {row['subject']}: first broken entry {row['entry']} (number {row['seq']} of its chain)")
    if broken:
        raise SystemExit(1)
