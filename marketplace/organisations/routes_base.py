"""The blueprint of the slice, and what its views share."""

from typing import Any

from flask import Blueprint, flash, redirect
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.kernel.errors import NotVisible
from marketplace.organisations import queries
from marketplace.organisations.forms import SeatFields
from marketplace.organisations.models import Organisation
from marketplace.organisations.policy import Standing
from marketplace.places import queries as places
from marketplace.web import clock
from marketplace.web.forms import Form

bp = Blueprint("organisations", __name__)


def me() -> Any:
    """The visitor as a row, not a proxy."""
    return current_user._get_current_object()


def seen(organisation_id: int) -> Organisation:
    """The organisation of this address, or a 404."""
    return queries.get(organisation_id, visible_to=me())


def standing_to(organisation: Organisation) -> Standing:
    """How the visitor stands to it."""
    return queries.standing(me(), organisation)


def need(permission: bool) -> None:
    """What one may not do is not there."""
    if not permission:
        raise NotVisible


def home_province() -> int | None:
    """The province that this installation works in: that of its first reporting area."""
    return next((area.province_id for area in places.areas()), None)


def offer_places(form: SeatFields) -> None:
    """Fill both selects: today's provinces, and the communes of the one that is chosen."""
    province = form.province.data
    communes = places.communes(province, clock.today()) if province else []
    form.offer_places(places.provinces(clock.today()), communes)


def refused(form: Form, url: str) -> Response:
    """One-button forms stand on another page: what was refused is said there."""
    for sentence in form.refusals:
        flash(sentence, "problem")
    return redirect(url, 303)
