"""`flask seal create`: keys for a test installation; a real one gets its certificate from a certification authority."""

import json
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from marketplace.config import PREFIX, Settings
from marketplace.signatures.doctor import Health, examine, worst
from marketplace.signatures.keys import create_seal, create_statement_key
from marketplace.web import clock
from marketplace.web.messages import say

group = AppGroup("seal", help="The platform's seal over finished contracts.")


@group.command()
@click.option("--force", is_flag=True, help="Put existing keys aside and make new ones.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def create(force: bool, as_json: bool) -> None:
    """Make the seal's key with a self-signed certificate, and the key of the statements, each where the settings say."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.seal_key or not settings.statement_key:
        raise click.ClickException(f"Set {PREFIX}SEAL_KEY and {PREFIX}STATEMENT_KEY first; see docs/deploy.md.")
    there = [path for path in (settings.seal_key, settings.statement_key) if Path(path).exists()]
    if there and not force:
        raise click.ClickException(f"{there[0]} exists already. With --force it is put aside and replaced.")
    now = clock.now()
    for path in there:
        put_aside(Path(path), now)
    made = make_missing(settings, now)
    click.echo(json.dumps({"made": made}) if as_json else "\n".join(f"made: {path}" for path in made))


def make_missing(settings: Settings, now: datetime, since: datetime | None = None) -> list[str]:
    """The keys that are not there yet; what is there stays. Returns the paths."""
    made = []
    if settings.seal_key and not Path(settings.seal_key).exists():
        create_seal(Path(settings.seal_key), settings.site_name, since or now)
        made.append(settings.seal_key)
    if settings.statement_key and not Path(settings.statement_key).exists():
        create_statement_key(Path(settings.statement_key))
        made.append(settings.statement_key)
    return made


def put_aside(path: Path, now: datetime) -> None:
    """An old key is never deleted: papers that it sealed are checked with its certificate."""
    path.rename(path.with_name(f"{path.name}.{now:%Y%m%d%H%M%S}.old"))


@click.command("doctor")
@with_appcontext
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def doctor(as_json: bool) -> None:
    """Look at keys, certificates, fonts, trust roots, time stamps and migrations; exit status 1 on a problem."""
    checks = examine(clock.now())
    if as_json:
        rows = [{"name": row.name, "status": row.health.value, "sentence": say(row.sentence)} for row in checks]
        click.echo(json.dumps({"status": worst(checks).value, "checks": rows}, ensure_ascii=False))
    else:
        for row in checks:
            click.echo(f"{row.health.value:8}{row.name:18}{say(row.sentence)}")
    if worst(checks) == Health.PROBLEM:
        raise SystemExit(1)
