"""PURE: what makes quotes comparable: prices in one measure, what is missing, which is best."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from marketplace.kernel.prices import line_value
from marketplace.kernel.quantities import BasePrice, per_kg
from marketplace.offers.rules import DemandLevel
from marketplace.quotes.rules import Shortfall, shortfalls

Value = TypeVar("Value", int, Decimal)


class Demanded(Protocol):
    """One demand of the buyer."""

    id: int
    level: DemandLevel


class Pack(Protocol):
    """What is in one pack of a product."""

    net_content: Decimal | None
    net_measure: str | None


@dataclass(frozen=True)
class Standing:
    """How far a quote answers the offer."""

    met: int
    asked: int
    missing_musts: tuple[int, ...]  # demands
    short: tuple[Shortfall, ...]

    @property
    def whole(self) -> bool:
        """Every must is met."""
        return not self.missing_musts


def standing(
    demands: Sequence[Demanded],
    met: Mapping[int, bool],
    wanted: Mapping[date, Decimal],
    quoted: Mapping[date, Decimal],
) -> Standing:
    """Count the demands and the months."""
    missing = tuple(row.id for row in demands if row.level == DemandLevel.MUST and not met.get(row.id, False))
    count = sum(1 for row in demands if met.get(row.id, False))
    return Standing(count, len(demands), missing, tuple(shortfalls(wanted, quoted)))


def normalised(price: int, measure: str, packs: Sequence[Pack]) -> BasePrice | None:
    """The price for one kg or lít; a pack counts by the content that all the products meant agree on."""
    contents = {(row.net_content, row.net_measure) for row in packs}
    content, unit = contents.pop() if len(contents) == 1 else (None, None)
    return per_kg(price, measure, content, unit)


def worth(quantity: Decimal, price: int) -> int:
    """What the whole comes to."""
    return line_value(quantity, price)


def best(values: Iterable[Value | None], pick: Callable[[list[Value]], Value], eligible: Sequence[bool]) -> list[bool]:
    """Which are best by min or max, among those that may win; nothing is best where all are alike or alone."""
    known = list(values)
    running = [value for value, may in zip(known, eligible, strict=True) if may and value is not None]
    if len(running) < 2 or len(set(running)) == 1:
        return [False] * len(known)
    top = pick(running)
    return [may and value == top for value, may in zip(known, eligible, strict=True)]
