"""Reads of purchase offers: who sees which, one offer, the buyer's own, those of a product, those that take quotes."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select
from sqlalchemy.orm import joinedload, lazyload

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.vietnamese import clean, fold
from marketplace.offers import policy
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import OfferState
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import Verification
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit
from marketplace.products.models import Product

NAMED = 3
"""How many communes of one name are listed for the buyer to choose from."""


# Who may see what ------------------------------------------------------------------------------------------------


def visible(user: Any) -> ColumnElement[bool]:
    """Published ones, except enquiries, which only their seller sees; one's own in every state."""
    own = capacities(user).organisation_ids
    published = PurchaseOffer.published_at.is_not(None)
    return or_(
        and_(published, PurchaseOffer.addressed_to_id.is_(None)),
        PurchaseOffer.buyer_id.in_(sorted(own)) if own else false(),
        and_(published, PurchaseOffer.addressed_to_id.in_(sorted(own))) if own else false(),
    )


def visible_to(user: Any) -> Select[PurchaseOffer]:
    """Every list of offers starts here."""
    return select(PurchaseOffer).where(visible(user))


def get(offer_id: int, visible_to: Any) -> PurchaseOffer:
    """One offer, or NotVisible."""
    found = db.session.scalar(select(PurchaseOffer).where(PurchaseOffer.id == offer_id, visible(visible_to)))
    if found is None:
        raise NotVisible
    return found


def get_own(offer_id: int, user: Any) -> PurchaseOffer:
    """One offer that this person may act on as its buyer or the buyer's helper."""
    found = db.session.get(PurchaseOffer, offer_id)
    if found is None or not policy.owns(capacities(user), found):
        raise NotVisible
    return found


# What a date brings ----------------------------------------------------------------------------------------------


def state_at(day: date) -> ColumnElement[OfferState]:
    """The state on a day, in SQL: the same as `rules.state_on`."""
    passed = and_(PurchaseOffer.state == OfferState.OPEN, PurchaseOffer.closes_on < day)
    return case((passed, OfferState.CLOSED.value), else_=PurchaseOffer.state)


def listed() -> ColumnElement[bool]:
    """What the public list may hold: published for everybody, not withdrawn, by an organisation verified today."""
    verified = select(Organisation.id).where(Organisation.verification == Verification.VERIFIED)
    return and_(
        PurchaseOffer.published_at.is_not(None),
        PurchaseOffer.addressed_to_id.is_(None),
        PurchaseOffer.state != OfferState.WITHDRAWN,
        PurchaseOffer.buyer_id.in_(verified),
    )


def takes_quotes(day: date) -> ColumnElement[bool]:
    """Open on a day."""
    return and_(PurchaseOffer.state == OfferState.OPEN, PurchaseOffer.closes_on >= day)


# Lists -----------------------------------------------------------------------------------------------------------


def with_demands(statement: Select[Any]) -> Select[Any]:
    """Buyer and place in the same query, months and demands in one more each."""
    return statement.options(
        joinedload(PurchaseOffer.buyer, innerjoin=True).lazyload(Organisation.places),
        joinedload(PurchaseOffer.unit, innerjoin=True).joinedload(AdminUnit.parent),
    )


def lean(statement: Select[Any]) -> Select[Any]:
    """For lists: nothing that would be loaded row by row."""
    return with_demands(statement).options(lazyload(PurchaseOffer.demands))


def mine(user: Any) -> Select[PurchaseOffer]:
    """The offers of the organisations that a person works for, of every state."""
    own = sorted(capacities(user).organisation_ids)
    return lean(select(PurchaseOffer).where(PurchaseOffer.buyer_id.in_(own) if own else false()))


def addressed_to(user: Any, day: date, limit: int = 24) -> list[PurchaseOffer]:
    """Enquiries that wait for an answer of this person's organisations, the most urgent first."""
    own = sorted(capacities(user).organisation_ids)
    if not own:
        return []
    statement = select(PurchaseOffer).where(PurchaseOffer.addressed_to_id.in_(own), takes_quotes(day))
    return list(db.session.scalars(lean(statement).order_by(PurchaseOffer.closes_on, PurchaseOffer.id).limit(limit)))


def newest_open(day: date, limit: int = 6) -> list[PurchaseOffer]:
    """What everybody may answer today, newest first. Two queries."""
    statement = lean(select(PurchaseOffer).where(listed(), takes_quotes(day)))
    return list(db.session.scalars(statement.order_by(PurchaseOffer.id.desc()).limit(limit)))


def of_product(product: Product, user: Any, limit: int = 6) -> list[PurchaseOffer]:
    """Enquiries made from a product's page that this person may see."""
    statement = visible_to(user).where(PurchaseOffer.product_id == product.id)
    return list(db.session.scalars(lean(statement).order_by(PurchaseOffer.id.desc()).limit(limit)))


# Words and people ------------------------------------------------------------------------------------------------


def on_behalf(actor: User, organisation_id: int) -> int | None:
    """The organisation, where somebody acts by its mandate only."""
    return organisation_id if capacities(actor).helps(organisation_id) else None


def told(organisation: Organisation) -> list[User]:
    """Who is told what concerns an organisation: its people, and whom it has given a mandate."""
    return [*organisations.people(organisation), *(row.helper for row in organisations.mandates(organisation))]


def place_named(text: str, day: date) -> AdminUnit:
    """The commune or province that a buyer typed; a Refusal says how to write it."""
    typed = clean(text)
    found = places.candidates(typed, at=day)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        names = "; ".join(full_name(row) for row in found[:NAMED])
        raise Refusal(
            msgid(
                "Several communes have this name: write one of them with its province, for example %(names)s.",
                names=names,
            ),
            field="where",
        )
    named = [row for row in places.provinces(day) if fold(typed) in (row.folded, fold(row.name))]
    if len(named) == 1:
        return named[0]
    raise Refusal(
        msgid("This place is not found: write the commune and the province, for example Xã Than Uyên, Lai Châu."),
        field="where",
    )


def full_name(unit: AdminUnit) -> str:
    """Commune and province: "Xã Than Uyên, Tỉnh Lai Châu"."""
    return ", ".join(row.name for row in [unit, *places.chain_of(unit)])
