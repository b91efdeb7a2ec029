"""PURE: states of a quote and what a date brings; what a seller says; reasons for declining."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from marketplace.kernel.errors import Refusal
from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.prices import PriceKind, line_value


class QuoteState(StrEnum):
    """Draft → submitted (v1…vn) → accepted | declined | withdrawn; expired comes by date."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class QuoteAct(StrEnum):
    """What the two sides do; a new version of a submitted quote is a submission again.

    Reopened: one of several sellers has left, so what was sent no longer stands.
    """

    SUBMIT = "submit"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


QUOTE_WORDS: dict[StrEnum, Message] = {
    QuoteState.DRAFT: msgid("Draft"),
    QuoteState.SUBMITTED: msgid("Waiting for the buyer"),
    QuoteState.ACCEPTED: msgid("Accepted"),
    QuoteState.DECLINED: msgid("Declined"),
    QuoteState.WITHDRAWN: msgid("Withdrawn by the seller"),
    QuoteState.EXPIRED: msgid("Validity has run out"),
    QuoteAct.SUBMIT: msgid("Send the quote"),
    QuoteAct.ACCEPT: msgid("Accept"),
    QuoteAct.DECLINE: msgid("Decline"),
    QuoteAct.WITHDRAW: msgid("Take back"),
    QuoteAct.REOPEN: msgid("Leave the pooled quote"),
}

QUOTE = Lifecycle(
    "quote",
    {
        (QuoteState.DRAFT, QuoteAct.SUBMIT): QuoteState.SUBMITTED,
        (QuoteState.DRAFT, QuoteAct.WITHDRAW): QuoteState.WITHDRAWN,
        (QuoteState.SUBMITTED, QuoteAct.SUBMIT): QuoteState.SUBMITTED,
        (QuoteState.SUBMITTED, QuoteAct.ACCEPT): QuoteState.ACCEPTED,
        (QuoteState.SUBMITTED, QuoteAct.DECLINE): QuoteState.DECLINED,
        (QuoteState.SUBMITTED, QuoteAct.WITHDRAW): QuoteState.WITHDRAWN,
        (QuoteState.SUBMITTED, QuoteAct.REOPEN): QuoteState.DRAFT,
        # "Too dear" is answered with a better price: while the offer is open, a new version may follow.
        (QuoteState.DECLINED, QuoteAct.SUBMIT): QuoteState.SUBMITTED,
        (QuoteState.WITHDRAWN, QuoteAct.SUBMIT): QuoteState.SUBMITTED,
    },
    labels=QUOTE_WORDS,
)

QUOTE_STATES: dict[QuoteState, tuple[Message, str]] = {
    QuoteState.DRAFT: (QUOTE_WORDS[QuoteState.DRAFT], "waiting"),
    QuoteState.SUBMITTED: (QUOTE_WORDS[QuoteState.SUBMITTED], "waiting"),
    QuoteState.ACCEPTED: (QUOTE_WORDS[QuoteState.ACCEPTED], "in_force"),
    QuoteState.DECLINED: (QUOTE_WORDS[QuoteState.DECLINED], "problem"),
    QuoteState.WITHDRAWN: (QUOTE_WORDS[QuoteState.WITHDRAWN], "ended"),
    QuoteState.EXPIRED: (QUOTE_WORDS[QuoteState.EXPIRED], "ended"),
}
"""Words and kind of state pill."""


def state_on(day: date, state: QuoteState, valid_until: date | None) -> QuoteState:
    """A submitted quote is expired from the day after it was valid; computed, never stored."""
    expired = state == QuoteState.SUBMITTED and valid_until is not None and day > valid_until
    return QuoteState.EXPIRED if expired else state


class Decline(StrEnum):
    """Why a buyer declines."""

    PRICE = "price"
    QUANTITY = "quantity"
    QUALITY = "quality"
    TERMS = "terms"
    OTHER_CHOSEN = "other_chosen"


DECLINES: dict[Decline, Message] = {
    Decline.PRICE: msgid("The price is too high"),
    Decline.QUANTITY: msgid("The quantities do not fit"),
    Decline.QUALITY: msgid("The quality demands are not met"),
    Decline.TERMS: msgid("The terms do not fit"),
    Decline.OTHER_CHOSEN: msgid("Another quotation was chosen"),
}


@dataclass(frozen=True)
class Said:
    """What a seller answers: price, months, terms, the products meant, and a word to each demand."""

    price: int  # đồng for one of the offer's measure
    quantity: Decimal  # total, in the offer's measure
    price_kind: PriceKind = PriceKind.FIXED
    months: Mapping[date, Decimal] = field(default_factory=dict)
    payment_days: int | None = None
    valid_until: date | None = None
    terms: str | None = None
    product_ids: tuple[int, ...] = ()
    answers: Mapping[int, tuple[bool, str]] = field(default_factory=dict)  # demand → met, note


def check(said: Said, offered_months: Mapping[date, Decimal], demands: tuple[int, ...], today: date) -> None:
    """What goes out must be whole: each demand answered, the months those of the offer, the validity ahead."""
    if said.price_kind == PriceKind.NEGOTIABLE:
        raise ValueError("a quote names a price")
    line_value(said.quantity, said.price)
    if said.valid_until is not None and said.valid_until < today:
        raise Refusal(msgid("The quote would already have run out: choose today or a later day."), field="valid_until")
    if set(said.months) - set(offered_months):
        raise Refusal(msgid("The buyer has changed the months of delivery: load the page again."))
    if said.months and sum(said.months.values(), Decimal(0)) != said.quantity:
        raise ValueError("the quantity is the sum of the months")
    for demand in demands:
        if demand not in said.answers:
            raise Refusal(msgid("Answer yes or no to this demand."), field=f"met_{demand}")


@dataclass(frozen=True)
class Shortfall:
    """A month in which less is quoted than wanted."""

    month: date
    missing: Decimal


def shortfalls(wanted: Mapping[date, Decimal], quoted: Mapping[date, Decimal]) -> list[Shortfall]:
    """The months that are not fully met, in order."""
    gaps = ((month, amount - quoted.get(month, Decimal(0))) for month, amount in sorted(wanted.items()))
    return [Shortfall(month, gap) for month, gap in gaps if gap > 0]
