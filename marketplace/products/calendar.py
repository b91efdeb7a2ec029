"""PURE: the harvest calendar of the coming twelve months: capacity, what contracts took, what is free."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class CalendarMonth:
    """One calendar month in its next occurrence."""

    first: date
    harvested: bool
    capacity: Decimal | None  # None: not harvested, or the amount is unsaid
    contracted: Decimal
    free: Decimal  # for the strip; where the amount is unsaid, a height that only says "available"

    @property
    def unsaid(self) -> bool:
        """Available, nobody has said how much."""
        return self.harvested and self.capacity is None

    @property
    def over(self) -> bool:
        """More is promised than there is."""
        return self.capacity is not None and self.contracted > self.capacity


def next_months(today: date) -> list[date]:
    """The firsts of January to December, each in its next occurrence (this month is still to come)."""
    return [date(today.year + (month < today.month), month, 1) for month in range(1, 13)]


def next_twelve(
    harvest: Mapping[int, Decimal | None], contracted: Mapping[date, Decimal], today: date
) -> list[CalendarMonth]:
    """January to December with what is still free."""
    stated = [amount for amount in harvest.values() if amount]
    height = max(stated, default=Decimal(2)) / 2
    months = []
    for first in next_months(today):
        capacity, taken = harvest.get(first.month), contracted.get(first, Decimal(0))
        harvested = first.month in harvest
        free = max(capacity - taken, Decimal(0)) if capacity is not None else (height if harvested else Decimal(0))
        months.append(CalendarMonth(first, harvested, capacity, taken, free))
    return months


def heights(harvest: Mapping[int, Decimal | None]) -> list[float]:
    """The twelve cells of a list's strip."""
    return [float(month.free) for month in next_twelve(harvest, {}, date(2000, 1, 1))]
