"""PURE: a contract's worth shared out among its sellers and goods by the terms of a day: parts add up to the whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from marketplace.clauses.terms import Terms


@dataclass(frozen=True)
class Portion:
    """What one seller gets for one line of goods, both by their places from 0; None: nobody says whose it is."""

    seller: int | None
    line: int | None
    value: int | None


def parted(whole: int, weights: Sequence[Decimal | int]) -> list[int]:
    """Whole đồng by weights; what rounding leaves goes to the next, so that nothing is lost."""
    total, found, sofar, given = Fraction(sum(weights)), [], Fraction(0), 0
    for weight in weights:
        sofar += Fraction(weight)
        upto = round(whole * sofar / total)
        found.append(upto - given)
        given = upto
    return found


def portions(whole: int | None, terms: Terms, sellers: int) -> list[Portion]:
    """The worth by seller and line; a line without an amount has none, as in the whole."""
    found = [
        Portion(seller, line, value)
        for line, worth in by_line(whole, terms)
        for seller, value in by_seller(worth, line, terms, sellers)
    ]
    return found or [Portion(0 if sellers == 1 else None, None, whole)]


def by_line(whole: int | None, terms: Terms) -> Iterator[tuple[int | None, int | None]]:
    """(line, worth)."""
    known = {place: line.amount for place, line in enumerate(terms.goods) if line.amount}
    if whole is None or (not known and len(terms.goods) == 1):
        yield from ((place, whole) for place in range(len(terms.goods)))
    elif not known:
        yield None, whole
    else:
        worth = dict(zip(known, parted(whole, list(known.values())), strict=True))
        yield from (
            (place, worth.get(place, 0 if line.amount == 0 else None)) for place, line in enumerate(terms.goods)
        )


def by_seller(
    worth: int | None, line: int | None, terms: Terms, sellers: int
) -> Iterator[tuple[int | None, int | None]]:
    """(seller, value) of one line, by the quantities that the sellers share out."""
    amounts = [
        sum((sum(row.schedule.values()) for row in terms.split if (row.seller, row.line) == (seller, line)), Decimal(0))
        for seller in range(sellers)
    ]
    if sellers == 1:
        yield 0, worth
    elif not any(amounts):
        yield None, worth
    else:
        values = [None] * sellers if worth is None else parted(worth, amounts)
        yield from ((seller, value) for seller, value in enumerate(values) if amounts[seller])
