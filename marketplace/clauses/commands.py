"""`flask templates load`: the templates that come with the application."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup

from marketplace.clauses import service
from marketplace.web.writes import transaction

group = AppGroup("templates", help="Templates of contracts.")


@group.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def load(as_json: bool) -> None:
    """Put the shipped templates into the database; a second run changes nothing and says so.

    A template that the administrator has worded anew is left alone.
    """
    with transaction() as now:
        loaded = service.load(now)
    if as_json:
        click.echo(json.dumps(asdict(loaded)))
        return
    for words, codes in (
        ("new", loaded.created),
        ("a new version", loaded.renewed),
        ("as before", loaded.unchanged),
        ("worded by this installation, left alone", loaded.own),
    ):
        if codes:
            click.echo(f"{words}: {', '.join(codes)}")
