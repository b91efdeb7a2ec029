"""PURE: a pooled quote: who stands in it, how the shares come to the whole, and what exactly was agreed to."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from marketplace.kernel.dates import format_month
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.quantities import format_quantity

MOST = 20
"""So many cooperatives stand in one quote at most."""

Months = Mapping[date | None, Decimal]
"""Month → quantity; None: the whole of an offer that names no months."""


class PartState(StrEnum):
    """What a cooperative has said to the version as it reads now."""

    INVITED = "invited"
    AGREED = "agreed"
    DECLINED = "declined"
    LEFT = "left"


PART_STATES: dict[PartState, tuple[Message, str]] = {
    PartState.INVITED: (msgid("Has not answered yet"), "waiting"),
    PartState.AGREED: (msgid("Has agreed"), "signed"),
    PartState.DECLINED: (msgid("Does not take part"), "problem"),
    PartState.LEFT: (msgid("Has left"), "ended"),
}
"""Words and kind of pill."""


def added(shares: Iterable[Months]) -> dict[date | None, Decimal]:
    """What the shares come to, month by month."""
    found: dict[date | None, Decimal] = {}
    for months in shares:
        for month, quantity in months.items():
            found[month] = found.get(month, Decimal(0)) + quantity
    return found


def without(whole: Months, share: Months) -> dict[date | None, Decimal]:
    """What is left when one share goes; a month with nothing left is no month."""
    rest = {month: quantity - share.get(month, Decimal(0)) for month, quantity in whole.items()}
    return {month: quantity for month, quantity in rest.items() if quantity > 0}


def check_shares(whole: Months, shares: Iterable[Months], measure: str) -> None:
    """Refuse shares that do not come to the whole; the sentence names the month and the difference."""
    found = added(shares)
    for month in sorted({*whole, *found}, key=lambda each: each or date.min):
        wanted, given = whole.get(month, Decimal(0)), found.get(month, Decimal(0))
        if wanted == given:
            continue
        values: dict[str, Any] = {
            "when": format_month(month) if month else msgid("The whole"),
            "shares": format_quantity(given, measure),
            "whole": format_quantity(wanted, measure),
            "difference": format_quantity(abs(wanted - given), measure),
        }
        if given < wanted:
            sentence = msgid(
                "%(when)s: the shares come to %(shares)s, the quote says %(whole)s; %(difference)s are missing.",
                **values,
            )
        else:
            sentence = msgid(
                "%(when)s: the shares come to %(shares)s, the quote says %(whole)s; %(difference)s too much.", **values
            )
        raise Refusal(sentence)


class Stated(Protocol):
    """A version as it reads."""

    price: int
    price_kind: Any
    quantity: Decimal
    payment_days: int | None
    valid_until: date | None
    terms: str | None
    months: Any
    answers: Any
    products: Any
    parts: Any


def content(version: Stated) -> str:
    """The fingerprint of everything that a version says: a partner agrees to this and to nothing else."""
    said = [
        version.price,
        str(version.price_kind.value),
        plain(version.quantity),
        version.payment_days,
        version.valid_until,
        version.terms or "",
        [(row.month, plain(row.quantity)) for row in sorted(version.months, key=lambda row: row.month)],
        sorted((row.demand_id, row.met, row.note) for row in version.answers),
        sorted(row.id for row in version.products),
        sorted(
            (part.organisation_id, [(str(row.month), plain(row.quantity)) for row in ordered(part.months)])
            for part in version.parts
            if part.state != PartState.LEFT
        ),
    ]
    return sha256(repr(said).encode()).hexdigest()


def plain(quantity: Decimal) -> str:
    """30, 30.000 and 3E+1 are one quantity."""
    return format(Decimal(quantity).normalize(), "f")


def ordered(months: Iterable[Any]) -> list[Any]:
    """Rows of months in their order."""
    return sorted(months, key=lambda row: row.month or date.min)
