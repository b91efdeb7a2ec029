"""`flask files sweep`: removes files that were uploaded and then used by nothing."""

import json

import click
from flask.cli import AppGroup

from marketplace.files.service import YOUNG, delete_bytes, delete_rows
from marketplace.web.writes import transaction

group = AppGroup("files", help="Stored files.")


@group.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def sweep(as_json: bool) -> None:
    """Delete files older than a day that no row points to, and bytes that no row has."""
    with transaction() as now:
        rows = delete_rows(now - YOUNG)
    swept = delete_bytes(now - YOUNG)
    if as_json:
        click.echo(json.dumps({"rows": rows, "files": swept}))
    else:
        click.echo(f"{rows} unnamed rows and {swept} files deleted")
