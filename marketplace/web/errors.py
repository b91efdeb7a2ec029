"""What happened, what is kept, where to go: the pages for every error."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Repeated, Stale
from marketplace.web.addresses import way_back
from marketplace.web.writes import is_full

PAGES = {403, 404, 413, 422, 429, 500}
SECRET = ("csrf_token", "password", "passcode", "key", "version")


def typed() -> list[tuple[str, str]]:
    """What the visitor had typed, to show it again; never a secret, and nothing of what was too large to be read."""
    try:
        sent = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return []
    return [(name, value) for name, value in sent if value.strip() and not any(word in name for word in SECRET)]


def init_app(app: Flask, changes: Callable[[Any], Sequence[Any]]) -> None:
    """Register the handlers; `changes(thing)` lists what was recently recorded about a thing (the ledger's)."""

    app.jinja_env.globals["way_back"] = way_back

    @app.errorhandler(NotVisible)
    def not_visible(_error: NotVisible) -> tuple[str, int]:
        db.session.rollback()
        return render_template("errors/404.html"), 404

    @app.errorhandler(Stale)
    def stale(error: Stale) -> tuple[str, int]:
        db.session.rollback()
        return render_template("errors/409.html", changes=changes(error.what), typed=typed()), 409

    @app.errorhandler(Repeated)
    def repeated(error: Repeated) -> Response:
        flash(_("This was already saved; nothing was done twice."), f"done {request.form.get('key', '')}")
        return redirect(error.answer, 303)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> tuple[str, int]:
        return render_template("errors/422.html", typed=typed()), 400

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> tuple[str, int] | HTTPException:
        if error.code is None or error.code < 400:
            return error
        page = error.code if error.code in PAGES else (404 if error.code < 500 else 500)
        return render_template(f"errors/{page}.html", typed=typed()), error.code

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> tuple[str, int]:
        db.session.rollback()
        if is_full(error):
            app.logger.exception("the disk of the database is full")
            return render_template("errors/507.html", typed=typed()), 507
        if app.testing:
            raise error
        app.logger.exception("unexpected error on %s %s", request.method, request.path)
        return render_template("errors/500.html", typed=typed()), 500
