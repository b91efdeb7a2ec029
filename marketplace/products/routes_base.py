"""The blueprint of the slice, and what its views share."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from marketplace.kernel.errors import NotVisible
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import capacities
from marketplace.products import policy, queries
from marketplace.products.models import Product
from marketplace.web.forms import Form

bp = Blueprint("products", __name__, url_prefix="/products")


def me() -> Any:
    """The visitor as a row, not a proxy."""
    return current_user._get_current_object()


def seen(product_id: int) -> Product:
    """The product of this address, or a 404."""
    return queries.get(product_id, visible_to=me())


def editable(product_id: int) -> Product:
    """A product that this person may edit, or a 404."""
    product = queries.get_own(product_id, me())
    need(policy.may_edit(capacities(me()), product))
    return product


def overseen(product: Product) -> bool:
    """Whether the visitor is an officer of the owner's territory, and not of the owner or its helper."""
    return organisations.oversees(me(), product.organisation, acting=True) and not policy.owns(
        capacities(me()), product
    )


def need(permission: bool) -> None:
    """What one may not do is not there."""
    if not permission:
        raise NotVisible


def refused(form: Form, product_id: int) -> Response:
    """One-button forms stand on the product's page: what was refused is said there."""
    sentences = [*form.refusals, *(sentence for field in form.errors.values() for sentence in field)]
    for sentence in sentences:
        flash(sentence, "problem")
    return redirect(url_for("products.show", product_id=product_id), 303)


def uploaded(files: Any) -> list[FileStorage]:
    """The files that were really chosen."""
    return [each for each in files or [] if isinstance(each, FileStorage) and each.filename]
