"""PURE: "Điểm cần lưu ý", what a signatory should look at twice before signing."""

from collections.abc import Iterator
from datetime import date

from marketplace.clauses.terms import Goods, Party, Terms
from marketplace.kernel.dates import format_date
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.prices import PriceKind

LATE_PAYMENT = 30
"""Days after delivery; later than this a cooperative lives on credit."""


def points(terms: Terms, parties: list[Party], today: date) -> list[Message]:
    """Every point worth a second look, the gravest first."""
    return [*goods_points(terms), *payment_points(terms), *date_points(terms, today), *party_points(parties)]


def goods_points(terms: Terms) -> Iterator[Message]:
    """What each line leaves open."""
    if not terms.goods:
        yield msgid("The contract names no goods yet.")
    for line in terms.goods:
        if line.price is None:
            yield msgid("%(goods)s: no price is fixed. Write how the price will be agreed.", goods=line.name)
        elif line.price_kind is not PriceKind.FIXED:
            yield msgid("%(goods)s: the price may change, so the value is an estimate.", goods=line.name)
        if line.quantity is None:
            yield msgid("%(goods)s: no quantity is fixed.", goods=line.name)
        elif not line.schedule:
            yield msgid("%(goods)s: no quantities by month.", goods=line.name)
        yield from month_points(line, terms)


def month_points(line: Goods, terms: Terms) -> Iterator[Message]:
    """Months outside the contract's own dates."""
    if line.schedule and terms.ends_on and max(line.schedule) > terms.ends_on:
        yield msgid("%(goods)s: a month of delivery lies after the contract's end.", goods=line.name)


def payment_points(terms: Terms) -> Iterator[Message]:
    """When the money comes."""
    if terms.payment_days is None:
        yield msgid("No day of payment is fixed.")
    elif terms.payment_days > LATE_PAYMENT:
        yield msgid("Payment comes only %(days)s days after delivery.", days=terms.payment_days)
    if terms.penalty_percent:
        yield msgid("Who breaks the contract pays a penalty (%(percent)s%%).", percent=str(terms.penalty_percent))


def date_points(terms: Terms, today: date) -> Iterator[Message]:
    """Whether it ends, and when."""
    if terms.ends_on is None:
        yield msgid("The contract has no end date.")
    elif terms.ends_on < today:
        yield msgid("The end date %(day)s has passed already.", day=format_date(terms.ends_on))


def party_points(parties: list[Party]) -> Iterator[Message]:
    """What will have to be written by hand."""
    for party in parties:
        if not party.representative:
            yield msgid("%(name)s: the representative is not named; a blank is left to fill by hand.", name=party.name)
