"""The blueprint of the slice, and what its views share."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.web.forms import Form

bp = Blueprint("quotes", __name__)


def me() -> Any:
    """The visitor as a row, not a proxy."""
    return current_user._get_current_object()


def back(form: Form, quote_id: int) -> Response:
    """One-button forms stand on the quote's page: what was refused is said there."""
    errors = [error for field in form for error in field.errors]
    for sentence in [*form.refusals, *errors]:
        flash(str(sentence), "problem")
    return redirect(url_for("quotes.show", quote_id=quote_id), 303)
