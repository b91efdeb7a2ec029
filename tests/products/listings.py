"""What tests of the catalogue share: listings made by the real services."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g
from sqlalchemy import event

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.organisations.models import Organisation
from marketplace.products import service
from marketplace.products.models import Product
from marketplace.products.rules import Group, Listing
from tests.factories import Factories


def listing(seller: Organisation, name: str = "Gạo Séng Cù", **values: Any) -> Listing:
    """Five facts of a seller's product, and whatever else a test says."""
    facts = {
        "name": name,
        "group": Group.TP,
        "measure": "kg",
        "price": 30_000,
        "unit_id": seller.unit.id if seller.unit else None,
    }
    return Listing(**{**facts, **values})


def listed(make: Factories, seller: Organisation, owner: User, name: str = "Gạo Séng Cù", **values: Any) -> Product:
    """A published product."""
    g.pop("capacities", None)
    product = service.create(seller, listing(seller, name, **values), actor=owner, now=make.now)
    service.publish(product, actor=owner, now=make.now)
    return product


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Every SELECT that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
