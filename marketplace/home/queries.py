"""What waits for a person and what runs out soon, gathered from all slices: few queries, whatever there is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from marketplace.accounts.models import User
from marketplace.annexes import queries as annexes
from marketplace.annexes.rules import called
from marketplace.contracts import queries as contracts
from marketplace.contracts.declarations import to_answer
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractState
from marketplace.contracts.telling import named
from marketplace.extensions import db
from marketplace.home.rules import CONTRACT_DAYS, OfferSeen, next_step, task_of_offer
from marketplace.kernel.dates import add_months, format_date, local_date
from marketplace.kernel.messages import Message, msgid
from marketplace.offers import queries as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.queries_matching import Match, matching_for
from marketplace.offers.rules import OfferState
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.rules import MembershipState
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import SOON_MONTHS, CertificateState, ProductState
from marketplace.quotes.models import Quote, QuotePart, QuoteVersion
from marketplace.quotes.pooling import PartState
from marketplace.quotes.rules import QuoteState
from marketplace.web.addresses import path_of

MATCHES = 6
MOST = 100
"""Offers looked at; who has more works from the lists."""


@dataclass(frozen=True)
class Task:
    """One thing to do or to know: a sentence, the page where it is done, since when it waits or when it ends."""

    sentence: Message
    url: str
    since: datetime | None = None
    until: date | None = None


@dataclass
class Work:
    """A person's work on a day: whose turn it is, longest waiting first; what ends, the nearest first."""

    waiting: list[Task] = field(default_factory=list)
    ending: list[Task] = field(default_factory=list)

    def take(self, tasks: Iterable[Task]) -> None:
        """Sort tasks by what they are: with a last day they end, else they wait."""
        for task in tasks:
            (self.waiting if task.until is None else self.ending).append(task)


def work_of(user: Any, now: datetime) -> Work:
    """Everything that stands on a person's home page, except what fits and what is new."""
    day, found = local_date(now), Work()
    found.take(standings(user))
    found.take(requests(user))
    if capacities(user).organisation_ids:
        found.take(of_contracts(user))
        found.take(of_papers(user))
        found.take(ending_contracts(user, day))
        found.take(of_offers(user, day))
        found.take(of_pooled_quotes(user, day))
        found.take(of_products(user, day))
    found.waiting.sort(key=lambda task: task.since or now)
    found.ending.sort(key=lambda task: task.until or day)
    return found


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
            url = path_of("organisations.show", organisation_id=organisation.id)
            yield Task(sentence, url, organisation.submitted_at)


def requests(user: Any) -> Iterator[Task]:
    """People who ask to join, for who may sign; and one's own requests that nobody has decided. One query."""
    found = capacities(user)
    own = [row.organisation_id for row in found.memberships if found.signs_for(row.organisation_id)]
    statement = (
        select(Membership.organisation_id, Membership.user_id, Membership.requested_at, User.name, Organisation.name)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.state == MembershipState.REQUESTED,
            or_(Membership.user_id == user.id, Membership.organisation_id.in_(own)),
        )
    )
    for organisation_id, person_id, since, person, name in db.session.execute(statement.order_by(Membership.id)):
        if person_id == user.id:
            sentence = msgid("Your request to join %(name)s waits for its people.", name=name)
            yield Task(sentence, path_of("organisations.mine"), since)
        else:
            sentence = msgid("%(person)s asks to join %(name)s.", person=person, name=name)
            yield Task(sentence, path_of("organisations.members", organisation_id=organisation_id), since)


# Contracts -------------------------------------------------------------------------------------------------------


def of_contracts(user: Any) -> Iterator[Task]:
    """Contracts to look through, sign or confirm; what an official attests stands on the desk."""
    own = capacities(user).organisation_ids
    for row in contracts.waiting_for(user):
        if any(party.organisation_id in own for party in row.contract.parties):
            sentence = msgid("%(number)s: %(sentence)s", number=named(row.contract), sentence=row.sentence)
            yield Task(sentence, row.url, row.since)


def of_papers(user: Any) -> Iterator[Task]:
    """Later papers to sign, and what the other side declared and this one has to answer. Two queries."""
    for row in annexes.waiting_for(user):
        number, paper = row.contract_number or row.title or row.code, called(row.kind, row.number)
        sentence = msgid("%(number)s: %(paper)s waits for your signature.", number=number, paper=paper)
        yield Task(sentence, path_of("annexes.show", contract_id=row.id, series=row.series), row.turn_since)
    for row in to_answer(user):
        number = row.number or row.title or row.code
        sentence = msgid("%(number)s: the other side waits for your word on its end.", number=number)
        yield Task(sentence, path_of("contracts.show", contract_id=row.id) + "#declarations", row.at)


def ending_contracts(user: Any, today: date) -> Iterator[Task]:
    """Contracts in force that end within a month, by the annexes signed so far. One query."""
    end = contracts.end_at(None).label("ends_on")
    statement = contracts.mine(user).where(
        Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED)),
        end.between(today, today + timedelta(days=CONTRACT_DAYS)),
    )
    columns = statement.with_only_columns(Contract.id, Contract.number, Contract.title, Contract.code, end)
    for row in db.session.execute(columns.order_by(end, Contract.id)):
        number = row.number or row.title or row.code
        sentence = msgid("Contract %(number)s ends on %(day)s.", number=number, day=format_date(row.ends_on))
        yield Task(sentence, path_of("contracts.show", contract_id=row.id), until=row.ends_on)


# Offers and quotes -----------------------------------------------------------------------------------------------


def of_offers(user: Any, day: date) -> Iterator[Task]:
    """Own offers to publish, compare and end; enquiries and begun answers of sellers. One query."""
    own = capacities(user).organisation_ids
    quoted = select(Quote.changed_at).where(Quote.offer_id == PurchaseOffer.id).correlate(PurchaseOffer)
    received = quoted.where(Quote.state == QuoteState.SUBMITTED)
    mine = quoted.where(Quote.seller_id.in_(own))
    drafted = mine.where(Quote.state == QuoteState.DRAFT).with_only_columns(func.max(Quote.changed_at))
    answered = mine.where(Quote.state != QuoteState.DRAFT).with_only_columns(func.count(Quote.id))
    still = (OfferState.DRAFT, OfferState.OPEN, OfferState.CLOSED)
    asked = PurchaseOffer.addressed_to_id.in_(own)
    statement = (
        select(
            PurchaseOffer.id,
            PurchaseOffer.what,
            PurchaseOffer.state,
            PurchaseOffer.closes_on,
            PurchaseOffer.changed_at,
            Organisation.name.label("buyer"),
            PurchaseOffer.buyer_id.in_(own).label("bought"),
            asked.label("asked"),
            received.with_only_columns(func.count(Quote.id)).scalar_subquery().label("received"),
            drafted.scalar_subquery().label("drafted"),
            answered.scalar_subquery().label("answered"),
        )
        .join(Organisation, Organisation.id == PurchaseOffer.buyer_id)
        .where(
            or_(
                and_(PurchaseOffer.buyer_id.in_(own), PurchaseOffer.state.in_(still)),
                and_(offers.takes_quotes(day), or_(asked, drafted.scalar_subquery().is_not(None))),
            )
        )
        .order_by(PurchaseOffer.id.desc())
        .limit(MOST)
    )
    for row in db.session.execute(statement):
        seen = OfferSeen(**{**row._mapping, "drafted": row.drafted is not None})
        task = task_of_offer(seen, day)
        if task is not None:
            url = path_of(task.endpoint, offer_id=row.id)
            yield Task(task.sentence, url, since=row.changed_at, until=row.closes_on if task.ends else None)


def of_pooled_quotes(user: Any, day: date) -> Iterator[Task]:
    """Pooled quotes to which one's organisation is asked to agree. One query."""
    statement = (
        select(QuoteVersion.quote_id, PurchaseOffer.what, Organisation.name, Quote.changed_at)
        .join(QuotePart, QuotePart.version_id == QuoteVersion.id)
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .join(PurchaseOffer, PurchaseOffer.id == Quote.offer_id)
        .join(Organisation, Organisation.id == Quote.seller_id)
        .where(
            QuotePart.organisation_id.in_(capacities(user).organisation_ids),
            QuotePart.state == PartState.INVITED,
            QuoteVersion.submitted_at.is_(None),
            Quote.pooled,
            Quote.state.in_((QuoteState.DRAFT, QuoteState.SUBMITTED)),
            offers.takes_quotes(day),
        )
        .order_by(QuoteVersion.id.desc())
        .limit(MOST)
    )
    for quote_id, what, lead, since in db.session.execute(statement):
        sentence = msgid("%(lead)s asks you to answer “%(what)s” together: agree, or say no.", lead=lead, what=what)
        yield Task(sentence, path_of("quotes.show", quote_id=quote_id), since)


# Products --------------------------------------------------------------------------------------------------------


def of_products(user: Any, today: date) -> Iterator[Task]:
    """Drafts, counted together, and certificates of listed products that run out within half a year. One query."""
    own = capacities(user).organisation_ids
    ending = and_(
        Certificate.product_id == Product.id,
        Product.state == ProductState.PUBLISHED,
        Certificate.state.in_((CertificateState.CHECKED, CertificateState.DECLARED)),
        Certificate.last_day.between(today, add_months(today, SOON_MONTHS)),
    )
    statement = (
        select(Product.id, Product.name, Product.state, Certificate.last_day)
        .outerjoin(Certificate, ending)
        .where(Product.organisation_id.in_(own), or_(Product.state == ProductState.DRAFT, Certificate.id.is_not(None)))
        .order_by(Product.id)
    )
    drafts = 0
    for row in db.session.execute(statement):
        if row.state == ProductState.DRAFT:
            drafts += 1
            continue
        day = format_date(row.last_day)
        sentence = msgid("A certificate of “%(name)s” runs out on %(day)s.", name=row.name, day=day)
        yield Task(sentence, path_of("products.show", product_id=row.id), until=row.last_day)
    if drafts:
        sentence = msgid("%(count)s products are drafts: complete and publish them.", count=drafts)
        yield Task(sentence, path_of("products.mine"))
