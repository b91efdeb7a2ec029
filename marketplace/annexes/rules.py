"""PURE: papers that parties sign after the contract: their states and acts, reasons of an annex, what each may change."""

from datetime import date
from enum import StrEnum

from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid


class PaperKind(StrEnum):
    """An annex changes the terms; the settlement minutes (biên bản thanh lý) close the account."""

    ANNEX = "annex"
    SETTLEMENT = "settlement"


class PaperState(StrEnum):
    """What somebody did to the paper; whether it is effective is computed from its day."""

    DRAFT = "draft"
    AWAITING = "awaiting_signatures"
    SIGNED = "signed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class PaperAct(StrEnum):
    """The last signature is the act `conclude`."""

    EDIT = "edit"
    OPEN_FOR_SIGNING = "open_for_signing"
    CANCEL = "cancel"
    SIGN = "sign"
    CONCLUDE = "conclude"
    REQUEST_CHANGES = "request_changes"
    DECLINE = "decline"
    LAPSE = "lapse"


S, A = PaperState, PaperAct

PAPER = Lifecycle(
    "paper",
    {
        (S.DRAFT, A.EDIT): S.DRAFT,
        (S.DRAFT, A.OPEN_FOR_SIGNING): S.AWAITING,
        (S.DRAFT, A.CANCEL): S.CANCELLED,
        (S.AWAITING, A.SIGN): S.AWAITING,
        (S.AWAITING, A.CONCLUDE): S.SIGNED,
        (S.AWAITING, A.REQUEST_CHANGES): S.DRAFT,
        (S.AWAITING, A.DECLINE): S.DECLINED,
        # The contract ended first.
        (S.DRAFT, A.LAPSE): S.LAPSED,
        (S.AWAITING, A.LAPSE): S.LAPSED,
    },
)

STATES: dict[PaperState, tuple[Message, str]] = {
    S.DRAFT: (msgid("Being drafted"), "waiting"),
    S.AWAITING: (msgid("Waiting to be signed"), "waiting"),
    S.SIGNED: (msgid("Signed, takes effect"), "in_force"),
    S.DECLINED: (msgid("One side did not sign"), "problem"),
    S.CANCELLED: (msgid("Dropped before signing"), "ended"),
    S.LAPSED: (msgid("Void: the contract ended first"), "ended"),
}
"""The words for a state and the kind of its pill; `shown_on` adds what a date brings."""

ACTS: dict[PaperAct, Message] = {
    A.EDIT: msgid("Correct the paper"),
    A.OPEN_FOR_SIGNING: msgid("Fix the text for signing"),
    A.CANCEL: msgid("Drop this paper"),
    A.SIGN: msgid("Sign this paper"),
    A.CONCLUDE: msgid("Conclude this paper"),
    A.REQUEST_CHANGES: msgid("Ask for other wording"),
    A.DECLINE: msgid("Refuse to sign"),
    A.LAPSE: msgid("Void this paper"),
}

PAPER.labels.update((state, words) for state, (words, _kind) in STATES.items())
PAPER.labels.update(ACTS.items())

OPEN = frozenset({S.DRAFT, S.AWAITING})
"""States in which something is still to be done."""


class AnnexReason(StrEnum):
    """Why the terms are changed; it decides what the annex may change."""

    PRICE = "price"
    QUANTITY = "quantity"
    SCHEDULE = "schedule"
    TERM = "term"
    PLACE_PAYMENT = "place_payment"
    CORRECTION = "correction"
    OTHER = "other"


REASONS: dict[AnnexReason, Message] = {
    AnnexReason.PRICE: msgid("The price changes"),
    AnnexReason.QUANTITY: msgid("The quantity changes, or goods are added"),
    AnnexReason.SCHEDULE: msgid("The months of delivery change"),
    AnnexReason.TERM: msgid("A new end date (extension, renewal)"),
    AnnexReason.PLACE_PAYMENT: msgid("Place of delivery or days to pay change"),
    AnnexReason.CORRECTION: msgid("A mistake in the contract is corrected"),
    AnnexReason.OTHER: msgid("Another reason"),
}


class Field(StrEnum):
    """What an annex can change; those of a line are changed line by line."""

    ENDS_ON = "ends_on"
    PLACE = "place"
    PAYMENT_DAYS = "payment_days"
    CLAUSE = "clause"
    QUANTITY = "quantity"
    PRICE = "price"
    MONTHS = "months"
    SPLIT = "split"
    GOODS = "goods"


FIELDS: dict[Field, Message] = {
    Field.ENDS_ON: msgid("End date"),
    Field.PLACE: msgid("Delivery place"),
    Field.PAYMENT_DAYS: msgid("Days to pay"),
    Field.CLAUSE: msgid("Added clause"),
    Field.QUANTITY: msgid("Quantity agreed"),
    Field.PRICE: msgid("Unit price"),
    Field.MONTHS: msgid("Quantities by month"),
    Field.SPLIT: msgid("Who of the sellers delivers how much"),
    Field.GOODS: msgid("Goods added"),
}
OF_LINE = frozenset({Field.QUANTITY, Field.PRICE, Field.MONTHS, Field.SPLIT})

ALLOWED: dict[AnnexReason, frozenset[Field]] = {
    AnnexReason.PRICE: frozenset({Field.PRICE}),
    AnnexReason.QUANTITY: frozenset({Field.QUANTITY, Field.MONTHS, Field.SPLIT, Field.GOODS}),
    AnnexReason.SCHEDULE: frozenset({Field.MONTHS, Field.SPLIT}),
    # Another season brings its own quantities.
    AnnexReason.TERM: frozenset({Field.ENDS_ON, Field.QUANTITY, Field.MONTHS, Field.SPLIT}),
    AnnexReason.PLACE_PAYMENT: frozenset({Field.PLACE, Field.PAYMENT_DAYS}),
    AnnexReason.CORRECTION: frozenset(Field),
    AnnexReason.OTHER: frozenset(Field),
}
"""A field that its reason does not allow is refused, however it came."""

RENEW_FROM = 60
"""A renewal is proposed from so many days before the end; it can be drafted at any time."""


def label(kind: PaperKind, number: int) -> str:
    """As it stands on paper: PL01, or BBTL for the settlement minutes."""
    if kind == PaperKind.SETTLEMENT:
        return "BBTL" if number == 1 else f"BBTL{number:02d}"
    return f"PL{number:02d}"


def called(kind: PaperKind, number: int) -> Message:
    """How a paper is called in a sentence."""
    if kind == PaperKind.ANNEX:
        return msgid("Annex %(label)s", label=label(kind, number))
    return msgid("Settlement minutes")


def shown_on(day: date, state: PaperState, effective_on: date | None) -> tuple[Message, str]:
    """The state as people see it on a day, and the kind of its pill."""
    if state == PaperState.SIGNED and effective_on is not None and effective_on > day:
        return msgid("Signed, not yet effective"), "signed"
    return STATES[state]
