"""`flask places load`: the administrative units of both eras and the reporting areas."""

import json
import sys
from dataclasses import asdict

import click
from flask.cli import AppGroup

from marketplace.places import service
from marketplace.web.writes import transaction

group = AppGroup("places", help="Administrative units and reporting areas.")


@group.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def load(as_json: bool) -> None:
    """Import data/admin_units.csv and what belongs to it; a second run changes nothing and says so."""

    def progress(what: str, done: int) -> None:
        click.echo(f"  {what}: {done}", file=sys.stderr)

    with transaction():
        loaded = service.load(progress)
    if as_json:
        click.echo(json.dumps(asdict(loaded)))
        return
    for what in loaded.created:
        numbers = (loaded.created[what], loaded.changed[what], loaded.unchanged[what])
        click.echo("{}: {} created, {} changed, {} unchanged".format(what, *numbers))
    if loaded.nothing_new:
        click.echo("Everything was there already; nothing was changed.")
