"""PURE: the name of a round of evaluation, and what a round said of a product."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WHOLE_YEAR = 0
"""The number of a round that is known by its year only."""


@dataclass(frozen=True)
class Assessment:
    """A product's part in a round; without a day of decision it is under evaluation, apart from the certified ones."""

    year: int
    number: int = WHOLE_YEAR
    decided_on: date | None = None
    stars: int | None = None
    score: Decimal | None = None


def round_label(year: int, number: int) -> str:
    """As decisions print it: "Đợt 1 năm 2023" (the same in every language)."""
    return f"Đợt {number} năm {year}" if number != WHOLE_YEAR else f"Năm {year}"
