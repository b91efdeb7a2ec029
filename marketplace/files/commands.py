"""`flask files sweep`: removes files that were uploaded and then used by nothing."""

import json
from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from marketplace.extensions import db
from marketplace.files import queries, store
from marketplace.web.writes import transaction

group = AppGroup("files", help="Stored files.")
DAY = timedelta(days=1)


@group.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def sweep(as_json: bool) -> None:
    """Delete files older than a day that no row points to, and bytes that no row has."""
    with transaction() as now:
        rows = delete_rows(now - DAY)
    swept = delete_bytes(now - DAY)
    if as_json:
        click.echo(json.dumps({"rows": rows, "files": swept}))
    else:
        click.echo(f"{rows} unnamed rows and {swept} files deleted")


def delete_rows(before: datetime) -> int:
    """Unnamed rows stored before a moment; the caller commits."""
    unnamed = queries.unnamed(before)
    for stored in unnamed:
        db.session.delete(stored)
    db.session.flush()
    return len(unnamed)


def delete_bytes(before: datetime) -> int:
    """Bytes last put before a moment whose digest no row has; young ones may belong to a write still under way."""
    kept = store.current()
    old = list(kept.digests(before))
    known = queries.known(old)
    return sum(kept.delete(digest, before) for digest in old if digest not in known)
