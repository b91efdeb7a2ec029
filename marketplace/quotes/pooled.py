"""What pages show of a pooled quote: names of all sellers, the table by cooperative and month, whose turn it is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from marketplace.kernel.dates import format_month
from marketplace.kernel.quantities import format_quantity
from marketplace.offers.models import PurchaseOffer
from marketplace.organisations.access import capacities
from marketplace.quotes import policy, queries, queries_pooling
from marketplace.quotes.forms_pooling import AgreeForm, PartForm
from marketplace.quotes.models import Quote, QuotePart, QuoteVersion
from marketplace.quotes.pooling import PART_STATES, PartState, content
from marketplace.web.messages import say


@dataclass(frozen=True)
class Row:
    """One cooperative's part as a row."""

    part: QuotePart
    months: list[Decimal]
    state: tuple[str, str]
    by: str
    lead: bool


@dataclass(frozen=True)
class Split:
    """The table by cooperative and month."""

    heads: list[str]
    rows: list[Row]
    sums: list[Decimal]
    total: Decimal


@dataclass(frozen=True)
class Asked:
    """What one partner is asked: its part with the forms to answer."""

    part: QuotePart
    agree: AgreeForm
    decline: PartForm
    elsewhere: list[Quote]


def sellers_name(quote: Quote, version: QuoteVersion | None = None) -> str:
    """The leading cooperative, and how many stand beside it."""
    others = len((version or quote.latest).parts) - 1 if quote.pooled else 0
    if others < 1:
        return quote.seller.name
    return _("%(name)s and %(count)s other cooperatives", name=quote.seller.name, count=others)


def split_of(quote: Quote, version: QuoteVersion) -> Split | None:
    """Who delivers how much in which month; None for a quote of one seller."""
    parts = [part for part in version.parts if part.state != PartState.LEFT or version.submitted_at]
    if not parts:
        return None
    months: list[date | None] = [row.month for row in version.months] or [None]
    rows = [row_of(quote, part, months) for part in parts]
    sums = [sum((row.months[place] for row in rows), Decimal(0)) for place in range(len(months))]
    heads = [format_month(month) if month else _("Quantity") for month in months]
    return Split(heads, rows, sums, sum(sums, Decimal(0)))


def row_of(quote: Quote, part: QuotePart, months: list[date | None]) -> Row:
    """One part."""
    given = {row.month: row.quantity for row in part.months}
    words, kind = PART_STATES[part.state]
    lead = part.organisation_id == quote.seller_id
    by = ""
    if part.by_mandate and part.answered_by is not None:
        by = _("by %(name)s on behalf of %(seller)s", name=part.answered_by.name, seller=part.organisation.name)
    return Row(part, [given.get(month, Decimal(0)) for month in months], (say(words), kind), by, lead)


def in_short(offer: PurchaseOffer, version: QuoteVersion) -> str:
    """Every cooperative with its whole quantity in one line, for the comparison."""
    return "; ".join(
        f"{part.organisation.name}: {format_quantity(part.quantity, offer.measure)}" for part in version.parts
    )


def asked_of(quote: Quote, viewer: Any, day: date) -> list[Asked]:
    """The parts to which this person may answer now, with their forms."""
    found = []
    for part in policy.may_answer_part(capacities(viewer), quote, day):
        agree = AgreeForm(
            formdata=None,
            part_id=part.id,
            seen=content(quote.working),
            product=part.product_id,
            version=quote.version,
        )
        agree.offer_products(queries_pooling.products_of(part.organisation_id))
        decline = PartForm(formdata=None, part_id=part.id, version=quote.version, prefix="")
        others = queries.others_with(quote.offer, part.organisation_id, but=quote.id)
        found.append(Asked(part, agree, decline, others))
    return found


def leaves(quote: Quote, viewer: Any) -> list[tuple[QuotePart, PartForm]]:
    """The parts that this person may take out of what the buyer has."""
    may = policy.may_leave(capacities(viewer), quote)
    return [(part, PartForm(formdata=None, part_id=part.id, version=quote.version)) for part in may]


def waiting_names(version: QuoteVersion) -> str:
    """Who has not agreed yet."""
    return ", ".join(part.organisation.name for part in version.parts if part.state != PartState.AGREED)
