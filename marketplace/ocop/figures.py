"""PURE: sums over certified products."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeVar

Row = TypeVar("Row")


def counted_by(rows: Iterable[Any], name: str) -> dict[Any, int]:
    """How many rows have each value of an attribute: `counted_by(rows, "stars")` → {4: 4, 3: 22}."""
    return dict(Counter(getattr(row, name) for row in rows))


def narrowed(rows: Iterable[Row], **wanted: str | None) -> list[Row]:
    """The rows whose attributes are as wanted; what is not given does not narrow."""
    asked = {name: value for name, value in wanted.items() if value}
    return [row for row in rows if all(str(getattr(row, name)) == value for name, value in asked.items())]
