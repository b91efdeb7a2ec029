"""`flask demo load`: fill an empty installation with the demonstration, once."""

import json
import sys
from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from marketplace.clauses import service as templates
from marketplace.demo import story
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal
from marketplace.ledger import service_roots
from marketplace.signatures.commands_seal import make_missing
from marketplace.web import clock
from marketplace.web.messages import say
from marketplace.web.writes import transaction

group = AppGroup("demo", help="The demonstration: invented data on an installation of its own.")


@group.command()
@click.option("--once", is_flag=True, help="Do nothing where the demonstration is loaded already.")
@click.option(
    "--migrate",
    is_flag=True,
    help="Bring the database up to date first, in the same process: `make run` starts sooner.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def load(once: bool, migrate: bool, as_json: bool) -> None:
    """Load the demonstration into an empty database and mark the installation; a real one refuses."""
    settings = current_app.config["SETTINGS"]
    if settings.production:
        raise click.ClickException("This is a production installation: it never holds the demonstration.")
    if migrate:
        upgrade()
    loaded = story.loaded()
    if not loaded and story.occupied():
        raise click.ClickException("There are data here and no mark of a demonstration: they are somebody's. Refused.")
    # The oldest papers of the story are years old, and bear their seal since then.
    make_missing(settings, clock.now(), since=clock.now() - timedelta(days=3 * 365))
    if loaded:
        if not once:
            raise click.ClickException("The demonstration is loaded already.")
        with transaction() as now:
            templates.load(now)
        answer({"loaded": False}, "The demonstration is there.", as_json)
        return
    try:
        with transaction() as now:
            rows = story.load(now, settings.public_url, lambda text: click.echo(text, file=sys.stderr))
            service_roots.seal(local_date(now) - timedelta(days=1), now=now)
    except Refusal as refusal:
        raise click.ClickException(say(refusal.message)) from refusal
    answer({"loaded": True, "rows": rows}, f"The demonstration is loaded: {rows}", as_json)


def answer(facts: dict[str, object], sentence: str, as_json: bool) -> None:
    """For people or for programs."""
    click.echo(json.dumps(facts) if as_json else sentence)
