"""Writes of quotes: answer, send, withdraw, decline, accept; each recorded, the other side told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import NotVisible, Refusal, Stale
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.service import record
from marketplace.notices.service import notify
from marketplace.offers import policy as offers_policy
from marketplace.offers import queries as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import OFFER, OfferAct, not_yet
from marketplace.offers.rules import state_on as offer_state_on
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.products.models import Product
from marketplace.products.rules import ProductState
from marketplace.quotes import policy, queries
from marketplace.quotes.models import Quote, QuoteAnswer, QuoteMonth, QuoteVersion
from marketplace.quotes.rules import QUOTE, Decline, QuoteAct, QuoteState, Said, check, state_on
from marketplace.web.addresses import path_of
from marketplace.web.writes import lock


def draft(offer: PurchaseOffer, seller: Organisation, said: Said, *, actor: User, now: datetime) -> Quote:
    """Keep an answer that is not sent yet; nobody else sees it. Unverified organisations may draft too."""
    admit(offer, seller, actor, now)
    quote = queries.of_seller(offer, seller.id) or begin(offer, seller, now)
    if quote.state != QuoteState.DRAFT:
        raise Refusal(msgid("This quote was already sent: send a new version instead of a draft."))
    put(unsent(quote), said, quote)
    quote.changed_at = now
    db.session.flush()
    note(quote, "quote:drafted", quote.seller_id, actor, now)
    return quote


def submit(offer: PurchaseOffer, seller: Organisation, said: Said, *, actor: User, now: datetime) -> Quote:
    """Send the answer: the draft becomes version 1; what was sent before stays, and this is the next version."""
    admit(offer, seller, actor, now)
    missing = not_yet(seller.name, seller.verification)
    if missing is not None:
        raise Refusal(msgid("%(reason)s The draft is kept; send it after verification.", reason=missing))
    demands = tuple(row.id for row in offer.demands)
    check(said, {row.month: row.quantity for row in offer.months}, demands, local_date(now))
    quote = queries.of_seller(offer, seller.id) or begin(offer, seller, now)
    if quote.pooled:
        raise Refusal(msgid("Several answer together here: it is sent from the quote's page, once all have agreed."))
    first = quote.submitted_at is None
    quote.state = QUOTE.after(quote.state, QuoteAct.SUBMIT)
    version = unsent(quote)
    put(version, said, quote)
    stamp(quote, version, actor, now)
    note(quote, "quote:submitted", seller.id, actor, now, number=version.number, price=version.price)
    words = {"seller": seller.name, "what": offer.what, "number": version.number}
    new = msgid("%(seller)s answered your offer “%(what)s” with a quote.", seller=seller.name, what=offer.what)
    again = msgid("%(seller)s sent version %(number)s of its quote for “%(what)s”.", **words)
    tell_buyer(quote, new if first else again, now)
    return quote


def stamp(quote: Quote, version: QuoteVersion, actor: User, now: datetime) -> None:
    """From here on the version is with the buyer and never changes."""
    version.submitted_at, version.submitted_by_id = now, actor.id
    version.by_mandate = offers.on_behalf(actor, quote.seller_id) is not None
    quote.submitted_at = quote.submitted_at or now
    quote.changed_at, quote.decided_at, quote.decline, quote.decline_note = now, None, None, None
    db.session.flush()


def admit(offer: PurchaseOffer, seller: Organisation, actor: User, now: datetime) -> None:
    """Only in the name of one's organisation, only to an offer that takes quotes; the offer's row is held meanwhile."""
    if seller.id not in capacities(actor).organisation_ids or not offers_policy.may_answer_as(seller.id, offer):
        raise NotVisible
    lock(offer)
    if not offers_policy.takes_quotes(offer, local_date(now)):
        raise Refusal(msgid("This offer no longer takes quotes."))
    missing = not_yet(offer.buyer.name, offer.buyer.verification)
    if missing is not None:
        raise Refusal(msgid("The buyer is not verified at present, so its offer takes no quotes."))


def begin(offer: PurchaseOffer, seller: Organisation, now: datetime) -> Quote:
    """The seller's answer, with nothing in it yet."""
    quote = Quote(
        offer=offer,
        seller=seller,
        seller_id=seller.id,
        state=QuoteState.DRAFT,
        created_at=now,
        changed_at=now,
        versions=[],
    )
    db.session.add(quote)
    return quote


def unsent(quote: Quote) -> QuoteVersion:
    """The version that may still change, or the next one where the last was sent: that one is never touched again."""
    if quote.versions and quote.versions[-1].submitted_at is None:
        return quote.versions[-1]
    version = QuoteVersion(number=len(quote.versions) + 1, price=0, quantity=0)
    quote.versions.append(version)
    return version


def put(version: QuoteVersion, said: Said, quote: Quote) -> None:
    """Write what the seller says into a version."""
    for name in ("price", "price_kind", "quantity", "payment_days", "valid_until", "terms"):
        setattr(version, name, getattr(said, name))
    version.products = meant(said, quote.seller_id)
    put_months(version, said)
    put_answers(version, said, {row.id for row in quote.offer.demands})


def put_months(version: QuoteVersion, said: Said) -> None:
    """Make the months those that were said."""
    known = {row.month: row for row in version.months}
    for month, row in known.items():
        if month in said.months:
            row.quantity = said.months[month]
        else:
            version.months.remove(row)
    new = sorted(set(said.months) - set(known))
    version.months.extend(QuoteMonth(month=month, quantity=said.months[month]) for month in new)


def put_answers(version: QuoteVersion, said: Said, demands: set[int]) -> None:
    """Make the answers those that were said."""
    if set(said.answers) - demands:
        raise Refusal(msgid("The buyer has changed the demands: load the page again."))
    known = {row.demand_id: row for row in version.answers}
    for demand_id, row in known.items():
        if demand_id not in said.answers:
            version.answers.remove(row)
    for demand_id, (met, words) in said.answers.items():
        if demand_id in known:
            known[demand_id].met, known[demand_id].note = met, words
        else:
            version.answers.append(QuoteAnswer(demand_id=demand_id, met=met, note=words))


def meant(said: Said, seller_id: int) -> list[Product]:
    """The seller's own products that were ticked, as long as they are in the catalogue."""
    statement = select(Product).where(
        Product.id.in_(said.product_ids),
        Product.organisation_id == seller_id,
        Product.state.in_((ProductState.DRAFT, ProductState.PUBLISHED, ProductState.HIDDEN)),
    )
    found = list(db.session.scalars(statement)) if said.product_ids else []
    if len(found) != len(set(said.product_ids)):
        raise Refusal(msgid("Choose among your own products."), field="products")
    return found


# What comes of it ------------------------------------------------------------------------------------------------


def withdraw(quote: Quote, *, actor: User, now: datetime) -> None:
    """The seller takes the quote back; the buyer is told where it was sent."""
    if not policy.sells(capacities(actor), quote):
        raise NotVisible
    hold(quote)
    quote.state = QUOTE.after(quote.state, QuoteAct.WITHDRAW)
    quote.changed_at = quote.decided_at = now
    db.session.flush()
    note(quote, "quote:withdrawn", quote.seller_id, actor, now)
    if quote.submitted_at is not None:
        tell_buyer(quote, msgid("%(seller)s withdrew its quote for “%(what)s”.", **names(quote)), now)
    partners = [each for each in queries.sellers(quote) if each.id != quote.seller_id]
    gone = msgid("%(seller)s withdrew the pooled quote for “%(what)s” in which you stand.", **names(quote))
    tell_all(quote, partners, gone, now)


def decline(quote: Quote, reason: Decline, words: str | None, *, actor: User, now: datetime) -> None:
    """The buyer says no, and why."""
    if not policy.buys(capacities(actor), quote) or quote.submitted_at is None:
        raise NotVisible
    hold(quote)
    turn_down(quote, reason, words, actor=actor, now=now)


def turn_down(quote: Quote, reason: Decline, words: str | None, *, actor: User, now: datetime) -> None:
    """Carry out a no and tell the seller."""
    quote.state = QUOTE.after(quote.state, QuoteAct.DECLINE)
    quote.decline, quote.decline_note = reason, words
    quote.changed_at = quote.decided_at = now
    db.session.flush()
    note(quote, "quote:declined", quote.offer.buyer_id, actor, now, reason=reason.value)
    if reason == Decline.OTHER_CHOSEN:
        message = msgid("%(buyer)s chose another quotation for “%(what)s”. Thank you for yours.", **names(quote))
    else:
        message = msgid("%(buyer)s declined your quote for “%(what)s”: the reason stands there.", **names(quote))
    tell_seller(quote, message, now)


def mark_accepted(quote: Quote, *, actor: User, now: datetime) -> None:
    """The buyer takes the version that stands; the other waiting quotes are declined. Called by `contracts.accept_quote`.

    The offer's row is held first, so that of two acceptances at once exactly one wins.
    """
    if not policy.buys(capacities(actor), quote) or quote.submitted_at is None:
        raise NotVisible
    seen = quote.latest.number
    hold(quote)
    if quote.latest.number != seen:
        raise Stale(quote)
    day = local_date(now)
    offer = quote.offer
    OFFER.after(offer_state_on(day, offer.state, offer.closes_on), OfferAct.AWARD)
    if state_on(day, quote.state, quote.latest.valid_until) == QuoteState.EXPIRED:
        raise Refusal(msgid("The validity of this quote has run out: ask the seller for a new version."))
    if quote.state == QuoteState.DRAFT:
        raise Refusal(msgid("One of the sellers has left: the others share out anew and may send a new version."))
    quote.state = QUOTE.after(quote.state, QuoteAct.ACCEPT)
    quote.changed_at = quote.decided_at = now
    db.session.flush()
    note(quote, "quote:accepted", offer.buyer_id, actor, now, number=quote.latest.number)
    message = msgid("%(buyer)s accepted your quote for “%(what)s”. The contract is being drawn up.", **names(quote))
    tell_seller(quote, message, now)
    for other in queries.for_offer(offer):
        if other.id != quote.id and other.state == QuoteState.SUBMITTED:
            turn_down(other, Decline.OTHER_CHOSEN, None, actor=actor, now=now)


def hold(quote: Quote) -> None:
    """Hold the offer, then the quote, and read what stands now."""
    lock(quote.offer)
    lock(quote)
    db.session.refresh(quote, ["versions"])
    for version in quote.versions if quote.pooled else []:
        db.session.refresh(version, ["parts"])
        for part in version.parts:
            db.session.refresh(part, ["state", "agreed_to", "months"])


def names(quote: Quote) -> dict[str, str]:
    """The values that messages about a quote have."""
    return {"seller": quote.seller.name, "buyer": quote.offer.buyer.name, "what": quote.offer.what}


def note(quote: Quote, event: str, side: int, actor: User, now: datetime, **data: Any) -> None:
    """The entry of the ledger; `side` is the organisation in whose name somebody acts."""
    behalf = offers.on_behalf(actor, side)
    stated = {**data, "state": quote.state, "offer": quote.offer_id}
    record(event, quote, actor=actor.id, on_behalf_of=behalf, now=now, data=stated)


def tell_buyer(quote: Quote, message: Message, now: datetime) -> None:
    """A notice that leads to the comparison."""
    url = path_of("quotes.compare", offer_id=quote.offer_id)
    notify(offers.told(quote.offer.buyer), message, url=url, subject=f"offer:{quote.offer_id}", now=now)


def tell_seller(quote: Quote, message: Message, now: datetime) -> None:
    """A notice that leads to the seller's own quote; everybody who stands in it is told."""
    tell_all(quote, queries.sellers(quote), message, now)


def tell_all(quote: Quote, organisations: Iterable[Organisation], message: Message, now: datetime) -> None:
    """The same to these organisations."""
    url = path_of("quotes.show", quote_id=quote.id)
    users = {user.id: user for each in organisations for user in offers.told(each)}
    notify(list(users.values()), message, url=url, subject=f"quote:{quote.id}", now=now)
