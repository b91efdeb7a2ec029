"""PURE: who may see and do what with a quote. A seller sees its own only, the buyer all that were sent.

Of a pooled quote the leading cooperative is the seller; its partners see it, and answer for their own part only.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from marketplace.offers.policy import Acting, Offered, takes_quotes
from marketplace.offers.rules import OFFER, OfferAct
from marketplace.offers.rules import state_on as offer_state_on
from marketplace.quotes.models import QuotePart
from marketplace.quotes.pooling import PartState
from marketplace.quotes.rules import QUOTE, QuoteAct, QuoteState, state_on


class Standing(Protocol):
    """What is asked of the version that stands."""

    valid_until: date | None
    submitted_at: datetime | None

    @property
    def parts(self) -> Sequence[QuotePart]: ...


class Quoted(Protocol):
    """What is asked of a quote."""

    seller_id: int
    pooled: bool
    state: QuoteState
    submitted_at: datetime | None

    @property
    def offer(self) -> Offered: ...

    @property
    def latest(self) -> Standing: ...

    @property
    def working(self) -> Standing: ...


def sells(who: Acting, quote: Quoted) -> bool:
    """One of the seller's people, or its helper by mandate; of a pooled quote those of the leading cooperative."""
    return quote.seller_id in who.organisation_ids


def buys(who: Acting, quote: Quoted) -> bool:
    """The same on the buyer's side."""
    return quote.offer.buyer_id in who.organisation_ids


def own_parts(who: Acting, quote: Quoted, version: Standing) -> list[QuotePart]:
    """The parts in a version for which this person speaks, without the leading cooperative's."""
    if not quote.pooled:
        return []
    own = who.organisation_ids - {quote.seller_id}
    return [part for part in version.parts if part.organisation_id in own and part.state not in GONE]


GONE = (PartState.DECLINED, PartState.LEFT)


def may_see_working(who: Acting, quote: Quoted) -> bool:
    """What is in the making: its sellers only, and of these not who has declined it."""
    return sells(who, quote) or bool(own_parts(who, quote, quote.working))


def may_see_version(who: Acting, quote: Quoted, version: Standing) -> bool:
    """A version that was sent: its two sides; a partner only those in which it has a part, not what was asked before."""
    return sells(who, quote) or buys(who, quote) or bool(own_parts(who, quote, version))


def may_edit(who: Acting, quote: Quoted, day: date) -> bool:
    """The seller, while the offer takes quotes: a draft changes, what was sent gets a new version."""
    return sells(who, quote) and takes_quotes(quote.offer, day) and QUOTE.allows(quote.state, QuoteAct.SUBMIT)


def may_answer_part(who: Acting, quote: Quoted, day: date) -> list[QuotePart]:
    """The parts to which this person may say yes or no now: of a version that is not sent yet."""
    if quote.working.submitted_at is not None or not takes_quotes(quote.offer, day):
        return []
    return own_parts(who, quote, quote.working) if QUOTE.allows(quote.state, QuoteAct.SUBMIT) else []


def may_leave(who: Acting, quote: Quoted) -> list[QuotePart]:
    """The parts that may be taken out of what the buyer has, until it is decided."""
    return own_parts(who, quote, quote.latest) if QUOTE.allows(quote.state, QuoteAct.REOPEN) else []


def may_send(who: Acting, quote: Quoted, day: date) -> bool:
    """The leading cooperative, once everybody has agreed to the version as it reads."""
    if not quote.pooled or quote.working.submitted_at is not None or not may_edit(who, quote, day):
        return False
    return all(part.state == PartState.AGREED for part in quote.working.parts)


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
