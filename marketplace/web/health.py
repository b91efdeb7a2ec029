"""For load balancers: /healthz says the process lives, /readyz that it can serve."""

from collections.abc import Callable
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from marketplace.extensions import db
from marketplace.web.access import Public, allow

bp = Blueprint("health", __name__)
TOLD = "told by readyz"


@bp.route("/healthz")
@allow(Public)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.route("/readyz")
@allow(Public)
def readyz() -> tuple[Response, int]:
    """Database reachable, no migration pending, files writable; each with its own word.

    What later slices add (the seal) is told and does not fail the whole: everything else goes on without it.
    """
    checks = {"database": database(), "migrations": migrations(), "files": files()}
    good = all(checks.values())
    told = {name: look() for name, look in current_app.extensions.get(TOLD, {}).items()}
    words = {name: "ok" if well else "failed" for name, well in {**checks, **told}.items() if well is not None}
    return jsonify(status="ok" if good else "failed", **words), 200 if good else 503


def database() -> bool:
    """A query comes back."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        current_app.logger.exception("database not reachable")
        return False
    return True


def migrations() -> bool:
    """The database is at the newest migration."""
    try:
        current = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        current_app.logger.exception("migrations not readable")
        return False
    folder = current_app.extensions["migrate"].directory
    return current == ScriptDirectory(folder).get_current_head()


def files() -> bool:
    """The local file store can be written to."""
    folder = Path(current_app.config["SETTINGS"].files_url.removeprefix("file://"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".ready"
        probe.write_bytes(b"")
        probe.unlink(missing_ok=True)
    except OSError:
        current_app.logger.exception("file store not writable")
        return False
    return True


def init_app(app: Flask, told: dict[str, Callable[[], bool | None]]) -> None:
    """What later slices have to tell: working, not working, or None where it is not set up."""
    app.extensions[TOLD] = told
