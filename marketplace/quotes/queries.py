"""Reads of quotes: who sees which, those of an offer, a seller's own, whom an offer's changes concern."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.offers import queries as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.products.models import Product
from marketplace.quotes.models import Quote, QuotePart, QuoteVersion
from marketplace.quotes.pooling import PartState
from marketplace.quotes.rules import QuoteState

BRIEF = (
    joinedload(Quote.seller).lazyload(Organisation.places),
    joinedload(Quote.offer).options(
        lazyload(PurchaseOffer.months),
        lazyload(PurchaseOffer.demands),
        joinedload(PurchaseOffer.buyer).lazyload(Organisation.places),
    ),
    selectinload(Quote.versions).options(
        lazyload(QuoteVersion.months), lazyload(QuoteVersion.products), lazyload(QuoteVersion.answers)
    ),
)
"""For lists and steps: the versions' own figures, and of offer and organisations only their own rows."""
WHOLE = (
    selectinload(Quote.versions)
    .selectinload(QuoteVersion.products)
    .options(
        lazyload(Product.months),
        lazyload(Product.photos),
        joinedload(Product.organisation).lazyload(Organisation.places),
    ),
    selectinload(Quote.versions)
    .selectinload(QuoteVersion.parts)
    .options(
        joinedload(QuotePart.organisation).lazyload(Organisation.places),
        joinedload(QuotePart.product).lazyload("*"),
        joinedload(QuotePart.answered_by).lazyload("*"),
    ),
)
"""For one quote's page: its products without their pictures and seasons, and the parts of a pooled one."""
IN = (PartState.INVITED, PartState.AGREED)
"""Who has a part and has not said no to it."""


def parted(own: list[int]) -> Select[int]:
    """Ids of the pooled quotes in which these organisations have a part now: in what stands, or in what is in the making."""
    other = aliased(QuoteVersion)
    stands = select(func.coalesce(func.max(other.number), 0)).where(
        other.quote_id == QuoteVersion.quote_id, other.submitted_at.is_not(None)
    )
    return (
        select(QuoteVersion.quote_id)
        .join(QuotePart, QuotePart.version_id == QuoteVersion.id)
        .where(
            QuotePart.organisation_id.in_(own),
            QuotePart.state.in_(IN),
            QuoteVersion.number >= stands.correlate(QuoteVersion).scalar_subquery(),
        )
    )


def made_by(own: list[int]) -> ColumnElement[bool]:
    """Quotes that these organisations have made, alone or together with others."""
    return or_(Quote.seller_id.in_(own), and_(Quote.pooled, Quote.id.in_(parted(own))))


def visible(user: Any) -> ColumnElement[bool]:
    """One's own as a seller or with a part in it; as the buyer what was sent to one's offers. Nobody else sees a quote."""
    own = sorted(capacities(user).organisation_ids)
    if not own:
        return false()
    bought = select(PurchaseOffer.id).where(PurchaseOffer.buyer_id.in_(own))
    return or_(made_by(own), and_(Quote.submitted_at.is_not(None), Quote.offer_id.in_(bought)))


def visible_to(user: Any) -> Select[Quote]:
    """Every list of quotes starts here."""
    return select(Quote).where(visible(user))


def get(quote_id: int, visible_to: Any) -> Quote:
    """One quote, or NotVisible."""
    found = db.session.scalar(select(Quote).where(Quote.id == quote_id, visible(visible_to)).options(*WHOLE))
    if found is None:
        raise NotVisible
    return found


def of_seller(offer: PurchaseOffer, seller_id: int) -> Quote | None:
    """The seller's answer to this offer, which the caller holds already: it is not read again."""
    statement = select(Quote).filter_by(offer_id=offer.id, seller_id=seller_id)
    return db.session.scalar(statement.options(*WHOLE, lazyload(Quote.offer)))


def own_of(offer: PurchaseOffer, user: Any) -> list[Quote]:
    """The answers of this person's organisations to an offer."""
    own = sorted(capacities(user).organisation_ids)
    if not own:
        return []
    statement = select(Quote).where(Quote.offer_id == offer.id, made_by(own)).options(*BRIEF)
    return list(db.session.scalars(statement.order_by(Quote.id)))


def for_offer(offer: PurchaseOffer) -> list[Quote]:
    """What was sent to an offer, the first answer first; the caller has asked whether this person is the buyer."""
    statement = select(Quote).where(Quote.offer_id == offer.id, Quote.submitted_at.is_not(None)).options(*WHOLE)
    return list(db.session.scalars(statement.order_by(Quote.submitted_at, Quote.id)))


def count_of(offer: PurchaseOffer) -> int:
    """How many answers an offer has that are not withdrawn."""
    statement = select(func.count(Quote.id)).where(
        Quote.offer_id == offer.id, Quote.submitted_at.is_not(None), Quote.state != QuoteState.WITHDRAWN
    )
    return db.session.scalar(statement) or 0


def counts_of(offer_ids: list[int]) -> dict[int, int]:
    """How many answers wait for a decision, by offer. One query."""
    statement = (
        select(Quote.offer_id, func.count(Quote.id))
        .where(Quote.offer_id.in_(offer_ids), Quote.state == QuoteState.SUBMITTED)
        .group_by(Quote.offer_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)} if offer_ids else {}


def mine(user: Any) -> Select[Quote]:
    """The quotes that this person's organisations have made, of every state."""
    own = sorted(capacities(user).organisation_ids)
    return select(Quote).where(made_by(own) if own else false()).options(*BRIEF)


def offer_id_of(quote_id: int) -> int:
    """The offer that a quote answers."""
    return db.session.scalars(select(Quote.offer_id).filter_by(id=quote_id)).one()


def state_at(day: date) -> ColumnElement[QuoteState]:
    """The state on a day, in SQL: the same as `rules.state_on` for the version that stands."""
    newest = (
        select(func.max(QuoteVersion.number))
        .where(QuoteVersion.quote_id == Quote.id, QuoteVersion.submitted_at.is_not(None))
        .correlate(Quote)
        .scalar_subquery()
    )
    run_out = exists(QuoteVersion.id).where(
        QuoteVersion.quote_id == Quote.id, QuoteVersion.number == newest, QuoteVersion.valid_until < day
    )
    return case((and_(Quote.state == QuoteState.SUBMITTED, run_out), QuoteState.EXPIRED.value), else_=Quote.state)


def others_with(offer: PurchaseOffer, organisation_id: int, but: int) -> list[Quote]:
    """The other quotes to this offer in which an organisation stands already: its own that was sent, or a pooled one."""
    part = and_(Quote.pooled, Quote.id.in_(parted([organisation_id])))
    own = and_(Quote.seller_id == organisation_id, Quote.submitted_at.is_not(None))
    live = Quote.state.in_((QuoteState.DRAFT, QuoteState.SUBMITTED))
    statement = select(Quote).where(Quote.offer_id == offer.id, Quote.id != but, live, or_(own, part))
    return list(db.session.scalars(statement.options(*BRIEF).order_by(Quote.id)))


def stands_beside(offer: PurchaseOffer, organisation_id: int) -> bool:
    """Whether an organisation has a part in somebody else's pooled quote to this offer. One query."""
    part = Quote.id.in_(parted([organisation_id]))
    return bool(db.session.scalar(select(exists().where(Quote.offer_id == offer.id, Quote.pooled, part))))


def sellers(quote: Quote) -> list[Organisation]:
    """Everybody who stands in what the buyer has, or in what is in the making: the leading cooperative first."""
    found = {quote.seller_id: quote.seller}
    if quote.pooled:
        for version in (quote.latest, quote.working):
            found |= {part.organisation_id: part.organisation for part in version.parts if part.state in IN}
    return list(found.values())


def answerers(offer: PurchaseOffer) -> list[User]:
    """Who is told when an offer changes: the people of every seller whose answer waits, or who has one in the making."""
    concerned = (QuoteState.DRAFT, QuoteState.SUBMITTED)
    statement = select(Quote).where(Quote.offer_id == offer.id, Quote.state.in_(concerned)).order_by(Quote.id)
    return [user for quote in db.session.scalars(statement) for each in sellers(quote) for user in offers.told(each)]
