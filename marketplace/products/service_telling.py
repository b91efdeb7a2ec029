"""Whom to tell about a listing or a certificate, in the transaction of what happened."""

from datetime import datetime

from marketplace.kernel.messages import Message
from marketplace.notices.service import notify
from marketplace.organisations import queries as organisations
from marketplace.products.models import Product
from marketplace.web.addresses import path_of


def tell_owner(product: Product, message: Message, *, now: datetime) -> None:
    """The owner's people, with the address of the product."""
    url = path_of("products.show", product_id=product.id)
    notify(organisations.people(product.organisation), message, url=url, subject=f"product:{product.id}", now=now)


def tell_officers(product: Product, message: Message, *, once: str, now: datetime) -> None:
    """The officers who decide about its certificates."""
    url = path_of("ocop.certificates")
    notify(organisations.officers_for(product.organisation), message, url=url, once=once, now=now)
