"""PURE: states of a purchase offer, the seven forms of linkage, demands, reasons of an outcome."""

from datetime import date
from enum import StrEnum

from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid


class LinkageForm(StrEnum):
    """Decree 98/2018/NĐ-CP Art. 4 (domain.md §2.3). None of them: a plain sale of finished goods."""

    F1_FULL = "F1_FULL"
    F2_INPUT_SALE = "F2_INPUT_SALE"
    F3_PROD_SALE = "F3_PROD_SALE"
    F4_INPUT_PROD_SALE = "F4_INPUT_PROD_SALE"
    F5_PROD_PROC_SALE = "F5_PROD_PROC_SALE"
    F6_INPUT_PROC_SALE = "F6_INPUT_PROC_SALE"
    F7_PROC_SALE = "F7_PROC_SALE"


LINKAGE_FORMS: dict[LinkageForm, Message] = {
    LinkageForm.F1_FULL: msgid("Form 1: inputs, production, harvest, processing and sale"),
    LinkageForm.F2_INPUT_SALE: msgid("Form 2: inputs and sale"),
    LinkageForm.F3_PROD_SALE: msgid("Form 3: production, harvest and sale"),
    LinkageForm.F4_INPUT_PROD_SALE: msgid("Form 4: inputs, production, harvest and sale"),
    LinkageForm.F5_PROD_PROC_SALE: msgid("Form 5: production, harvest, processing and sale"),
    LinkageForm.F6_INPUT_PROC_SALE: msgid("Form 6: inputs, processing and sale"),
    LinkageForm.F7_PROC_SALE: msgid("Form 7: processing and sale"),
}


class OfferState(StrEnum):
    """Draft → open → closed → awarded | not awarded | withdrawn (design.md §3)."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"
    WITHDRAWN = "withdrawn"


class OfferAct(StrEnum):
    """What the buyer does; a passed deadline closes by itself without an act."""

    PUBLISH = "publish"
    CLOSE = "close"
    AWARD = "award"
    END_WITHOUT_AWARD = "end_without_award"
    WITHDRAW = "withdraw"


OFFER = Lifecycle(
    "purchase offer",
    {
        (OfferState.DRAFT, OfferAct.PUBLISH): OfferState.OPEN,
        (OfferState.DRAFT, OfferAct.WITHDRAW): OfferState.WITHDRAWN,
        (OfferState.OPEN, OfferAct.CLOSE): OfferState.CLOSED,
        (OfferState.OPEN, OfferAct.AWARD): OfferState.AWARDED,
        (OfferState.OPEN, OfferAct.END_WITHOUT_AWARD): OfferState.NOT_AWARDED,
        (OfferState.OPEN, OfferAct.WITHDRAW): OfferState.WITHDRAWN,
        (OfferState.CLOSED, OfferAct.AWARD): OfferState.AWARDED,
        (OfferState.CLOSED, OfferAct.END_WITHOUT_AWARD): OfferState.NOT_AWARDED,
        (OfferState.CLOSED, OfferAct.WITHDRAW): OfferState.WITHDRAWN,
    },
)


def state_on(day: date, state: OfferState, closes_on: date) -> OfferState:
    """What a date brings: an open offer is closed from the day after its closing date; computed, never stored."""
    return OfferState.CLOSED if state == OfferState.OPEN and day > closes_on else state


class NoAward(StrEnum):
    """Why an offer ended without a contract."""

    NO_QUOTES = "no_quotes"
    TOO_DEAR = "too_dear"
    QUALITY = "quality"
    QUANTITY = "quantity"
    BOUGHT_ELSEWHERE = "bought_elsewhere"
    NO_LONGER_NEEDED = "no_longer_needed"


NO_AWARD: dict[NoAward, Message] = {
    NoAward.NO_QUOTES: msgid("No quotations came"),
    NoAward.TOO_DEAR: msgid("Prices were too high"),
    NoAward.QUALITY: msgid("Quality did not fit"),
    NoAward.QUANTITY: msgid("Quantities did not fit"),
    NoAward.BOUGHT_ELSEWHERE: msgid("Bought elsewhere"),
    NoAward.NO_LONGER_NEEDED: msgid("No longer needed"),
}


class DemandLevel(StrEnum):
    """A must excludes, a nice-to-have ranks."""

    MUST = "must"
    NICE = "nice"
