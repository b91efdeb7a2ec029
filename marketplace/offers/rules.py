"""PURE: states of a purchase offer, the seven forms of linkage, what a buyer states, reasons of an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from marketplace.kernel.dates import add_months, month_start, months_between
from marketplace.kernel.errors import Refusal
from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.prices import PriceKind, line_value
from marketplace.kernel.quantities import QUANTITY_PLACES, format_quantity
from marketplace.organisations.rules import Verification
from marketplace.products.rules import CERTIFICATE_KINDS, CertificateKind, Group

LONGEST_MONTHS = 24
"""An offer takes quotes for two years at most; its deliveries may go on for five."""
DELIVERY_MONTHS = 60


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

LINKAGE_HELP: dict[LinkageForm, Message] = {
    LinkageForm.F1_FULL: msgid("From supplying inputs and services to production, harvest, processing and sale."),
    LinkageForm.F2_INPUT_SALE: msgid("Inputs and services are supplied, and the produce is sold together."),
    LinkageForm.F3_PROD_SALE: msgid("Production and harvest are organised together with the sale."),
    LinkageForm.F4_INPUT_PROD_SALE: msgid("Inputs and services, production and harvest together with the sale."),
    LinkageForm.F5_PROD_PROC_SALE: msgid("Production, harvest, preparation or processing together with the sale."),
    LinkageForm.F6_INPUT_PROC_SALE: msgid("Inputs and services, preparation or processing together with the sale."),
    LinkageForm.F7_PROC_SALE: msgid("Preparation or processing together with the sale."),
}
"""The wording of the decree, as help beside each form."""

PLAIN_SALE = msgid("Plain sale, without linkage")


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


OFFER_WORDS: dict[StrEnum, Message] = {
    OfferState.DRAFT: msgid("Draft"),
    OfferState.OPEN: msgid("Taking quotes"),
    OfferState.CLOSED: msgid("Closed, no outcome yet"),
    OfferState.AWARDED: msgid("Supplier chosen"),
    OfferState.NOT_AWARDED: msgid("Ended without a choice"),
    OfferState.WITHDRAWN: msgid("Withdrawn by the buyer"),
    OfferAct.PUBLISH: msgid("Publish"),
    OfferAct.CLOSE: msgid("Close"),
    OfferAct.AWARD: msgid("Accept a quote"),
    OfferAct.END_WITHOUT_AWARD: msgid("End without choosing"),
    OfferAct.WITHDRAW: msgid("Take back"),
}

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
    labels=OFFER_WORDS,
)

OFFER_STATES: dict[OfferState, tuple[Message, str]] = {
    OfferState.DRAFT: (OFFER_WORDS[OfferState.DRAFT], "waiting"),
    OfferState.OPEN: (OFFER_WORDS[OfferState.OPEN], "in_force"),
    OfferState.CLOSED: (OFFER_WORDS[OfferState.CLOSED], "waiting"),
    OfferState.AWARDED: (OFFER_WORDS[OfferState.AWARDED], "signed"),
    OfferState.NOT_AWARDED: (OFFER_WORDS[OfferState.NOT_AWARDED], "ended"),
    OfferState.WITHDRAWN: (OFFER_WORDS[OfferState.WITHDRAWN], "ended"),
}
"""Words and kind of state pill."""


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


DEMAND_LEVELS: dict[DemandLevel, Message] = {
    DemandLevel.MUST: msgid("Must have"),
    DemandLevel.NICE: msgid("Nice to have"),
}


@dataclass(frozen=True)
class Asked:
    """One quality demand as typed: a certificate, a sentence, or both."""

    level: DemandLevel
    certificate: CertificateKind | None = None
    text: str = ""


@dataclass(frozen=True)
class Need:
    """What a buyer states: six facts, and everything optional."""

    what: str
    quantity: Decimal
    measure: str
    unit_id: int
    closes_on: date
    price: int | None = None  # đồng for one measure; None: "thỏa thuận"
    price_kind: PriceKind = PriceKind.NEGOTIABLE
    group: Group | None = None
    place: str | None = None
    minimum_stars: int | None = None
    payment_days: int | None = None
    inputs: str | None = None
    advance: int | None = None
    linkage_form: LinkageForm | None = None
    note: str | None = None
    months: Mapping[date, Decimal] = field(default_factory=dict)  # first of the month → quantity
    demands: tuple[Asked, ...] = ()


SETTLED_ONCE_OPEN = ("what", "measure", "linkage_form", "demands")
"""What sellers answer to: it stays as published, so that every answer keeps its meaning."""


def check(need: Need, today: date) -> None:
    """Facts that do not go together are refused at the field that should change."""
    if need.closes_on < today:
        raise Refusal(msgid("The closing date has passed: choose today or a later day."), field="closes_on")
    if need.closes_on > add_months(today, LONGEST_MONTHS):
        raise Refusal(msgid("Choose a closing date within the next two years."), field="closes_on")
    if (need.price is None) != (need.price_kind == PriceKind.NEGOTIABLE):
        raise Refusal(msgid("A floor price needs an amount: write it, or choose a fixed price."), field="price")
    if need.price is not None:
        line_value(need.quantity, need.price)
    if need.months:
        check_months(need, today)
    for row in need.demands:
        if row.certificate is None and not row.text:
            raise Refusal(msgid("Choose a certificate or describe the demand in words."), field="demands")
    kinds = [row.certificate for row in need.demands if row.certificate not in (None, CertificateKind.KHAC)]
    for kind in kinds:
        if kind is not None and kinds.count(kind) > 1:
            name = CERTIFICATE_KINDS[kind]
            raise Refusal(msgid("The certificate %(name)s is asked for twice.", name=name), field="demands")


def check_months(need: Need, today: date) -> None:
    """Deliveries lie ahead, and their quantities come to the whole."""
    first, last = min(need.months), max(need.months)
    if first < month_start(today):
        raise Refusal(msgid("A month of delivery has passed: choose this month or a later one."), field="months")
    if last > add_months(month_start(today), DELIVERY_MONTHS):
        raise Refusal(msgid("Deliveries can be planned for five years at most."), field="months")
    total = sum(need.months.values(), Decimal(0))
    if total != need.quantity:
        raise Refusal(
            msgid(
                "The months add up to %(sum)s, but the quantity is %(quantity)s: change one of the two.",
                sum=format_quantity(total, need.measure),
                quantity=format_quantity(need.quantity, need.measure),
            ),
            field="quantity",
        )


def spread(quantity: Decimal, first: date, last: date) -> dict[date, Decimal]:
    """The quantity evenly over the months, in stored places; what does not divide is added to the last month."""
    months = months_between(first, last)
    each = (quantity / len(months)).quantize(Decimal(1).scaleb(-QUANTITY_PLACES), ROUND_DOWN)
    shares = dict.fromkeys(months, each)
    shares[months[-1]] = quantity - each * (len(months) - 1)
    return {month: share for month, share in shares.items() if share}


NOT_YET: dict[Verification, Message] = {
    Verification.PENDING: msgid("%(name)s is still waiting for verification by an officer."),
    Verification.RETURNED: msgid("The application of %(name)s was returned: complete it and send it again."),
    Verification.LISTED: msgid("%(name)s is in the register but not yet claimed and verified."),
    Verification.SUSPENDED: msgid("%(name)s is suspended; ask the officer who looks after it."),
}


def not_yet(name: str, verification: Verification) -> Message | None:
    """Why an organisation may draft but not publish, quote or sign; None: it may."""
    found = NOT_YET.get(verification)
    return None if found is None else Message(found.text, {"name": name})
