"""What a price means and what a line comes to; rules that follow a market come later."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import LIMIT, rounded


class PriceKind(StrEnum):
    """How the price of an offer, a quote or a line of goods is fixed."""

    FIXED = "fixed"
    FLOOR = "floor"
    NEGOTIABLE = "negotiable"


PRICE_KINDS: dict[PriceKind, Message] = {
    PriceKind.FIXED: msgid("Fixed price"),
    PriceKind.FLOOR: msgid("Floor price"),
    PriceKind.NEGOTIABLE: msgid("Price to be agreed"),
}


def line_value(quantity: Decimal | int, price: int) -> int:
    """Quantity × unit price in whole đồng, halves rounded up."""
    if quantity < 0 or price < 0:
        raise ValueError("a line has no negative quantity or price")
    value = rounded(Decimal(quantity) * price, 0)
    if value > LIMIT:
        raise Refusal(msgid("This comes to more than can be recorded: check the quantity and the price."))
    return int(value)


def total(values: Iterable[int | None]) -> int | None:
    """The sum of the lines; None, which reads "not determined", when there is no line or one has no value."""
    known: list[int] = []
    for value in values:
        if value is None:
            return None
        known.append(value)
    return sum(known) if known else None
