"""PURE: who may see and do what with a quote. A seller sees its own only, the buyer all that were sent."""

from datetime import date, datetime
from typing import Protocol

from marketplace.offers.policy import Acting, Offered, takes_quotes
from marketplace.offers.rules import OFFER, OfferAct
from marketplace.offers.rules import state_on as offer_state_on
from marketplace.quotes.rules import QUOTE, QuoteAct, QuoteState, state_on


class Standing(Protocol):
    """What is asked of the version that stands."""

    valid_until: date | None


class Quoted(Protocol):
    """What is asked of a quote."""

    seller_id: int
    state: QuoteState
    submitted_at: datetime | None

    @property
    def offer(self) -> Offered: ...

    @property
    def latest(self) -> Standing: ...


def sells(who: Acting, quote: Quoted) -> bool:
    """One of the seller's people, or its helper by mandate."""
    return quote.seller_id in who.organisation_ids


def buys(who: Acting, quote: Quoted) -> bool:
    """The same on the buyer's side."""
    return quote.offer.buyer_id in who.organisation_ids


def may_see(who: Acting, quote: Quoted) -> bool:
    """The seller always; the buyer what was sent."""
    return sells(who, quote) or (buys(who, quote) and quote.submitted_at is not None)


def may_edit(who: Acting, quote: Quoted, day: date) -> bool:
    """The seller, while the offer takes quotes: a draft changes, what was sent gets a new version."""
    return sells(who, quote) and takes_quotes(quote.offer, day) and QUOTE.allows(quote.state, QuoteAct.SUBMIT)


def may_withdraw(who: Acting, quote: Quoted) -> bool:
    """The seller, until it is decided."""
    return sells(who, quote) and QUOTE.allows(quote.state, QuoteAct.WITHDRAW)


def may_decline(who: Acting, quote: Quoted) -> bool:
    """The buyer, while it waits."""
    return buys(who, quote) and QUOTE.allows(quote.state, QuoteAct.DECLINE)


def may_accept(who: Acting, quote: Quoted, day: date) -> bool:
    """The buyer, while the quote is valid and the offer has no outcome."""
    if not buys(who, quote) or state_on(day, quote.state, quote.latest.valid_until) != QuoteState.SUBMITTED:
        return False
    return OFFER.allows(offer_state_on(day, quote.offer.state, quote.offer.closes_on), OfferAct.AWARD)
