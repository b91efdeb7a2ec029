"""PURE: what a price means, what it comes to when the market moves, and what a line is worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import LIMIT, format_number, rounded


class PriceKind(StrEnum):
    """How the price of an offer, a quote or a line of goods is fixed."""

    FIXED = "fixed"
    FLOOR = "floor"
    FLOOR_SHARE = "floor_share"
    MARKET = "market"
    CEILING = "ceiling"
    NEGOTIABLE = "negotiable"


PRICE_KINDS: dict[PriceKind, Message] = {
    PriceKind.FIXED: msgid("Fixed price"),
    PriceKind.FLOOR: msgid("Floor price"),
    PriceKind.FLOOR_SHARE: msgid("Floor price and a share of the rise"),
    PriceKind.MARKET: msgid("Market price, more or less some per cent"),
    PriceKind.CEILING: msgid("Market price with a ceiling"),
    PriceKind.NEGOTIABLE: msgid("Price to be agreed"),
}
SIMPLE_KINDS = (PriceKind.FIXED, PriceKind.FLOOR, PriceKind.NEGOTIABLE)
"""What offers and quotes know; a rule with percentages and bounds is agreed in the contract."""
MARKET_KINDS = frozenset({PriceKind.FLOOR, PriceKind.FLOOR_SHARE, PriceKind.MARKET, PriceKind.CEILING})
"""What is computed from a market price."""
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class PriceRule:
    """How a price is found, in đồng for one measure.

    `price` is the fixed price, or the floor (which MARKET and CEILING may have too); for a price to be agreed it only
    informs. `percent` is the seller's share of what the market pays above the floor (FLOOR_SHARE), or by how much the
    price lies over or, negative, under the market's (MARKET, CEILING). `most` is the ceiling.
    """

    kind: PriceKind
    price: int | None = None
    percent: Decimal | None = None
    most: int | None = None


def check(rule: PriceRule) -> None:
    """Refuse, at the field to correct, a rule that could not be computed or would not mean what was typed."""
    kind, floor, percent, most = rule.kind, rule.price, rule.percent, rule.most
    if kind in (PriceKind.FLOOR, PriceKind.FLOOR_SHARE) and not floor:
        raise Refusal(msgid("Write the floor price: the least that the seller gets."), "price")
    if kind == PriceKind.FLOOR_SHARE and (percent is None or not 0 < percent <= WHOLE):
        raise Refusal(
            msgid("Write which share of the rise the seller gets: more than 0, at most 100 per cent."), "percent"
        )
    if percent is not None and percent != rounded(percent, 2):
        raise Refusal(msgid("Write the per cent with two decimals at most."), "percent")
    if kind in (PriceKind.MARKET, PriceKind.CEILING):
        if percent is not None and not -WHOLE < percent <= WHOLE:
            raise Refusal(
                msgid("Write by how many per cent the price differs from the market's: −99 to 100."), "percent"
            )
    elif percent is not None and kind != PriceKind.FLOOR_SHARE:
        raise Refusal(msgid("This kind of price has no percentage: leave it empty."), "percent")
    if kind == PriceKind.CEILING:
        if not most:
            raise Refusal(msgid("Write the ceiling: the most that the buyer pays."), "most")
        if floor is not None and floor > most:
            raise Refusal(msgid("The ceiling lies under the floor: correct one of the two."), "most")
    elif most is not None:
        raise Refusal(msgid("Only a market price with a ceiling has a highest price: leave it empty."), "most")


def pay(rule: PriceRule, market: int | None) -> int | None:
    """The price in whole đồng, halves rounded up; None, which reads "not determined", when something is missing.

    One function for everything: the table that is printed in the contract, the example in the summary and the price of
    every delivery. It never falls when the market rises, never pays less than the floor nor more than the ceiling.
    """
    if market is not None and market < 0:
        raise ValueError("a market has no negative price")
    if rule.kind == PriceKind.FIXED:
        return rule.price
    if rule.kind == PriceKind.NEGOTIABLE or market is None:
        return None
    if rule.kind in (PriceKind.FLOOR, PriceKind.FLOOR_SHARE):
        if rule.price is None:
            return None
        share = WHOLE if rule.kind == PriceKind.FLOOR else rule.percent
        return None if share is None else rule.price + part(max(market - rule.price, 0), share)
    if rule.kind == PriceKind.CEILING and rule.most is None:
        return None
    found = part(market, WHOLE + (rule.percent or 0))
    found = found if rule.price is None else max(found, rule.price)
    return found if rule.most is None else min(found, rule.most)


def part(amount: int, percent: Decimal) -> int:
    """So many per cent of an amount that is not negative, in whole đồng, halves rounded up."""
    exact = Fraction(amount) * Fraction(percent) / 100
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def describe(rule: PriceRule) -> Message:
    """The rule in one short sentence for pages."""
    kind, percent = rule.kind, rule.percent or Decimal(0)
    price, most = (format_number(amount) if amount is not None else "…" for amount in (rule.price, rule.most))
    if kind == PriceKind.NEGOTIABLE:
        return msgid("to be agreed before each delivery")
    if kind == PriceKind.FIXED:
        return msgid("%(price)s đ, whatever the market does", price=price)
    if kind == PriceKind.FLOOR:
        return msgid("the market price, at least %(price)s đ", price=price)
    if kind == PriceKind.FLOOR_SHARE:
        return msgid(
            "%(price)s đ, and %(percent)s%% of what the market pays above it",
            price=price,
            percent=format_number(percent),
        )
    market = market_price(percent)
    if rule.price is not None and kind == PriceKind.CEILING:
        return msgid("%(market)s, at least %(price)s đ, at most %(most)s đ", market=market, price=price, most=most)
    if kind == PriceKind.CEILING:
        return msgid("%(market)s, at most %(most)s đ", market=market, most=most)
    return market if rule.price is None else msgid("%(market)s, at least %(price)s đ", market=market, price=price)


def market_price(percent: Decimal) -> Message:
    """The market's price, or so many per cent over or under it."""
    if not percent:
        return msgid("the market price")
    amount = format_number(abs(percent))
    if percent > 0:
        return msgid("the market price and %(percent)s%% more", percent=amount)
    return msgid("the market price less %(percent)s%%", percent=amount)


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
