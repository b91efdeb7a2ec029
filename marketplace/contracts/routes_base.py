"""The blueprint of the slice, and what its views share."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.contracts import queries
from marketplace.contracts.models import Contract
from marketplace.contracts.policy import Standing
from marketplace.kernel.errors import NotVisible, Stale
from marketplace.web.forms import Form

bp = Blueprint("contracts", __name__)

DRAWING = "120/hour"
"""Files that are drawn anew for each request, for one address: each costs a core for tenths of a second."""


def me() -> Any:
    """The visitor as a row, not a proxy."""
    return current_user._get_current_object()


def seen(contract_id: int) -> Contract:
    """The contract of this address, or a 404."""
    return queries.get(contract_id, visible_to=me())


def locked(contract_id: int) -> Contract:
    """The same inside a write, with its row held."""
    return queries.get_locked(contract_id, visible_to=me())


def standing_to(contract: Contract) -> Standing:
    """How the visitor stands to it."""
    return queries.standing(me(), contract)


def need(permission: object) -> None:
    """What one may not do is not there."""
    if not permission:
        raise NotVisible


def still(permission: object, contract: Contract) -> None:
    """What a party could do a moment ago and no longer can: a page that says so, and keeps what was typed."""
    if not permission:
        need(standing_to(contract).sides)
        raise Stale(contract)


def show_url(contract_id: int) -> str:
    """The contract's page."""
    return url_for("contracts.show", contract_id=contract_id)


def refused(form: Form, contract_id: int) -> Response:
    """One-button forms stand on the contract's page: what was refused is said there."""
    errors = [error for field in form for error in field.errors]
    for sentence in [*form.refusals, *errors]:
        flash(str(sentence), "problem")
    return redirect(show_url(contract_id), 303)
