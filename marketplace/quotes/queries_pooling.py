"""Reads for pooled quotes: whom a typed name means, and a partner's own products."""

from sqlalchemy import select

from marketplace.extensions import db
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation
from marketplace.organisations.queries_list import matching
from marketplace.organisations.rules import COOPERATIVES, Verification, folded_name
from marketplace.products.models import Product
from marketplace.products.rules import ProductState

NAMED = 8
"""So many of the same words are asked about at most."""


def cooperatives_named(text: str, but: set[int]) -> list[Organisation]:
    """The verified cooperatives that a typed name or tax code may mean; the one of exactly this name alone."""
    able = (Organisation.kind.in_(COOPERATIVES), Organisation.verification == Verification.VERIFIED)
    free = Organisation.id.not_in(sorted(but))
    by_code = organisations.by_tax_code(text)
    if by_code is not None:
        return list(db.session.scalars(select(Organisation).where(Organisation.id == by_code.id, *able, free)))
    words = matching(text)
    if not words:
        return []
    statement = select(Organisation).where(*words, *able, free).order_by(Organisation.folded, Organisation.id)
    found = list(db.session.scalars(statement.limit(NAMED)).unique())
    exact = [row for row in found if row.folded == folded_name(text)]
    return exact if len(exact) == 1 else found


def products_of(organisation_id: int) -> list[Product]:
    """A partner's own products that may be meant."""
    states = (ProductState.DRAFT, ProductState.PUBLISHED, ProductState.HIDDEN)
    statement = select(Product).where(Product.organisation_id == organisation_id, Product.state.in_(states))
    return list(db.session.scalars(statement.order_by(Product.name, Product.id).limit(50)))
