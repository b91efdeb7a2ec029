"""`flask products reindex`: make the search words of every product anew, after a name changed or the rules of words did."""

import json

import click
from flask.cli import AppGroup

from marketplace.products import service
from marketplace.web.writes import transaction

group = AppGroup("products", help="The catalogue.")
BATCH = 500


@group.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def reindex(as_json: bool) -> None:
    """Go through all products in small transactions; those whose words are right are left alone."""
    seen, changed, last = 0, 0, 0
    while True:
        with transaction():
            rows, made = service.reindex(after=last, limit=BATCH)
        if not rows:
            break
        seen, changed, last = seen + len(rows), changed + made, rows[-1]
        if not as_json:
            click.echo(f"{seen} products …", err=True)
    if as_json:
        click.echo(json.dumps({"products": seen, "changed": changed}))
    else:
        click.echo(f"{seen} products, the words of {changed} made anew")
