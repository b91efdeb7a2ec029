"""What waits for a person and what runs out soon, gathered from all slices; each source is a fixed number of queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from marketplace.contracts import queries as contracts
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractState
from marketplace.contracts.telling import named
from marketplace.extensions import db
from marketplace.home.rules import CONTRACT_DAYS, OFFER_DAYS, next_step
from marketplace.kernel.dates import add_months, format_date, local_date
from marketplace.kernel.messages import Message, msgid
from marketplace.offers import queries as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.queries_matching import Match, matching_for
from marketplace.offers.rules import OfferState
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Membership
from marketplace.organisations.rules import MembershipState
from marketplace.products import queries as products
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import SOON_MONTHS, CertificateState, ProductState
from marketplace.quotes.models import Quote
from marketplace.quotes.rules import QuoteState
from marketplace.web.addresses import path_of

MATCHES = 6


@dataclass(frozen=True)
class Task:
    """One thing to do or to know: a sentence, the page where it is done, since when it waits or when it ends."""

    sentence: Message
    url: str
    since: datetime | None = None
    until: date | None = None


def waiting_for(user: Any, now: datetime) -> list[Task]:
    """Whose turn it is: everything that waits for this person, longest waiting first."""
    day = local_date(now)
    found = [
        *standings(user),
        *requests(user),
        *of_contracts(user),
        *enquiries(user, day),
        *to_decide(user),
        *outcomes(user, day),
        *drafts(user, day),
    ]
    return sorted(found, key=lambda task: task.since or now)


def ending_soon(user: Any, today: date) -> list[Task]:
    """What runs out: certificates, contracts, own offers; the nearest first."""
    found = [*certificates(user, today), *ending_contracts(user, today), *closing_offers(user, today)]
    return sorted(found, key=lambda task: task.until or today)


def matching(user: Any, now: datetime) -> list[Match]:
    """Open offers that the products of one's organisations answer, best first."""
    own = [row.organisation for row in capacities(user).memberships if row.organisation.verified]
    matches = [match for organisation in own[:3] for match in matching_for(organisation, now, MATCHES)]
    return list({match.offer.id: match for match in matches}.values())[:MATCHES]


# Organisations ---------------------------------------------------------------------------------------------------


def standings(user: Any) -> Iterator[Task]:
    """Organisations that may not act yet, and the next step. No query."""
    for organisation in capacities(user).organisations:
        sentence = next_step(organisation.name, organisation.verification)
        if sentence is not None:
            yield Task(
                sentence, path_of("organisations.show", organisation_id=organisation.id), organisation.submitted_at
            )


def requests(user: Any) -> Iterator[Task]:
    """People who ask to join, for who may sign; and one's own requests that nobody has decided. Two queries."""
    found = capacities(user)
    own = [row.organisation_id for row in found.memberships if found.signs_for(row.organisation_id)]
    asked = select(Membership).where(Membership.organisation_id.in_(own), Membership.state == MembershipState.REQUESTED)
    for row in db.session.scalars(asked.order_by(Membership.id)) if own else ():
        sentence = msgid("%(person)s asks to join %(name)s.", person=row.user.name, name=row.organisation.name)
        yield Task(sentence, path_of("organisations.members", organisation_id=row.organisation_id), row.requested_at)
    for row in organisations.requests_of(user):
        sentence = msgid("Your request to join %(name)s waits for its people.", name=row.organisation.name)
        yield Task(sentence, path_of("organisations.mine"), row.requested_at)


# Contracts -------------------------------------------------------------------------------------------------------


def of_contracts(user: Any) -> Iterator[Task]:
    """Contracts to look through, sign or confirm; what an official attests stands on the desk."""
    own = capacities(user).organisation_ids
    if not own:
        return
    for row in contracts.waiting_for(user):
        if any(party.organisation_id in own for party in row.contract.parties):
            sentence = msgid("%(number)s: %(sentence)s", number=named(row.contract), sentence=row.sentence)
            yield Task(sentence, row.url, row.since)


def ending_contracts(user: Any, today: date) -> Iterator[Task]:
    """Contracts in force that end within a month. One query."""
    statement = contracts.mine(user).where(
        Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED)),
        Contract.ends_on.between(today, today + timedelta(days=CONTRACT_DAYS)),
    )
    columns = statement.with_only_columns(Contract.id, Contract.number, Contract.title, Contract.code, Contract.ends_on)
    for row in db.session.execute(columns.order_by(Contract.ends_on, Contract.id)):
        number = row.number or row.title or row.code
        sentence = msgid("Contract %(number)s ends on %(day)s.", number=number, day=format_date(row.ends_on))
        yield Task(sentence, path_of("contracts.show", contract_id=row.id), until=row.ends_on)


# Offers and quotes -----------------------------------------------------------------------------------------------


def enquiries(user: Any, day: date) -> Iterator[Task]:
    """Buyers who ask exactly this seller, until they are answered. Two queries."""
    asked = offers.addressed_to(user, day)
    own = capacities(user).organisation_ids
    answered = select(Quote.offer_id).where(Quote.seller_id.in_(own), Quote.state != QuoteState.DRAFT)
    done = set(db.session.scalars(answered.where(Quote.offer_id.in_([row.id for row in asked])))) if asked else set()
    for row in asked:
        if row.id not in done:
            sentence = msgid(
                "%(buyer)s asks you for “%(what)s”: answer with a quote.", buyer=row.buyer.name, what=row.what
            )
            yield Task(sentence, path_of("offers.show", offer_id=row.id), row.published_at)


def to_decide(user: Any) -> Iterator[Task]:
    """Quotes that wait for the buyer, one line for each offer. One query."""
    own = capacities(user).organisation_ids
    if not own:
        return
    statement = (
        select(PurchaseOffer.id, PurchaseOffer.what, func.count(Quote.id), func.min(Quote.submitted_at))
        .join(Quote, Quote.offer_id == PurchaseOffer.id)
        .where(
            PurchaseOffer.buyer_id.in_(own),
            PurchaseOffer.state.in_((OfferState.OPEN, OfferState.CLOSED)),
            Quote.state == QuoteState.SUBMITTED,
        )
        .group_by(PurchaseOffer.id, PurchaseOffer.what)
    )
    for offer_id, what, count, since in db.session.execute(statement):
        sentence = msgid("“%(what)s”: %(count)s quotes wait for you to compare and choose.", what=what, count=count)
        yield Task(sentence, path_of("quotes.compare", offer_id=offer_id), since)


def outcomes(user: Any, day: date) -> Iterator[Task]:
    """Closed offers without an outcome and without a quote to decide on (those stand above). Two queries."""
    for row in offers.outcome_awaited(user, day):
        sentence = msgid("“%(what)s” is closed: choose a quote, or say why none was chosen.", what=row.what)
        yield Task(sentence, path_of("offers.show", offer_id=row.id), row.changed_at)


def drafts(user: Any, day: date) -> Iterator[Task]:
    """What was begun and not sent: products together, offers and quotes by name. Four queries."""
    own = capacities(user).organisation_ids
    if not own:
        return
    waiting = products.mine_counts(user).get(ProductState.DRAFT, 0)
    if waiting:
        yield Task(
            msgid("%(count)s products are drafts: complete and publish them.", count=waiting), path_of("products.mine")
        )
    for row in db.session.scalars(offers.mine(user).where(PurchaseOffer.state == OfferState.DRAFT).limit(5)):
        sentence = msgid("The offer “%(what)s” is a draft: publish it.", what=row.what)
        yield Task(sentence, path_of("offers.show", offer_id=row.id), row.changed_at)
    statement = (
        select(PurchaseOffer.id, PurchaseOffer.what, Quote.changed_at)
        .join(Quote, Quote.offer_id == PurchaseOffer.id)
        .where(Quote.seller_id.in_(own), Quote.state == QuoteState.DRAFT, offers.takes_quotes(day))
    )
    for offer_id, what, since in db.session.execute(statement.limit(5)):
        sentence = msgid("Your quote for “%(what)s” is a draft: send it.", what=what)
        yield Task(sentence, path_of("quotes.answer", offer_id=offer_id), since)


def closing_offers(user: Any, today: date) -> Iterator[Task]:
    """Own open offers that close within days. Two queries."""
    statement = offers.mine(user).where(
        PurchaseOffer.state == OfferState.OPEN,
        PurchaseOffer.closes_on.between(today, today + timedelta(days=OFFER_DAYS)),
    )
    for row in db.session.scalars(statement.order_by(PurchaseOffer.closes_on)):
        sentence = msgid("“%(what)s” takes quotes until %(day)s.", what=row.what, day=format_date(row.closes_on))
        yield Task(sentence, path_of("offers.show", offer_id=row.id), until=row.closes_on)


# Certificates ----------------------------------------------------------------------------------------------------


def certificates(user: Any, today: date) -> Iterator[Task]:
    """Certificates of listed products that run out within half a year. One query."""
    own = capacities(user).organisation_ids
    if not own:
        return
    statement = (
        select(Product.id, Product.name, Certificate.last_day)
        .join(Certificate, Certificate.product_id == Product.id)
        .where(
            Product.organisation_id.in_(own),
            Product.state == ProductState.PUBLISHED,
            Certificate.state.in_((CertificateState.CHECKED, CertificateState.DECLARED)),
            Certificate.last_day.between(today, add_months(today, SOON_MONTHS)),
        )
    )
    for row in db.session.execute(statement):
        sentence = msgid(
            "A certificate of “%(name)s” runs out on %(day)s.", name=row.name, day=format_date(row.last_day)
        )
        yield Task(sentence, path_of("products.show", product_id=row.id), until=row.last_day)
