"""PURE: states of a quote and what a date brings; reasons for declining."""

from datetime import date
from enum import StrEnum

from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid


class QuoteState(StrEnum):
    """Draft → submitted (v1…vn) → accepted | declined | withdrawn; expired comes by date."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class QuoteAct(StrEnum):
    """What the two sides do; a new version of a submitted quote is a submission again."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


QUOTE = Lifecycle(
    "quote",
    {
        (QuoteState.DRAFT, QuoteAct.SUBMIT): QuoteState.SUBMITTED,
        (QuoteState.DRAFT, QuoteAct.WITHDRAW): QuoteState.WITHDRAWN,
        (QuoteState.SUBMITTED, QuoteAct.SUBMIT): QuoteState.SUBMITTED,
        (QuoteState.SUBMITTED, QuoteAct.ACCEPT): QuoteState.ACCEPTED,
        (QuoteState.SUBMITTED, QuoteAct.DECLINE): QuoteState.DECLINED,
        (QuoteState.SUBMITTED, QuoteAct.WITHDRAW): QuoteState.WITHDRAWN,
    },
)


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
