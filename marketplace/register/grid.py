"""PURE: a sheet as it stands in the file: rows of cell values, merged ranges, and where a row begins and ends."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from marketplace.kernel.vietnamese import clean

SPACES = " \t\r\n\u00a0\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value: an Excel error such as #REF!, or a formula stored without its result."""

    error: str = ""


Value = None | str | int | float | bool | datetime | date | time | timedelta | Broken


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, bounds inclusive, rows and columns counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something; `number` as Excel shows it."""

    number: int
    values: tuple[Value, ...]

    def at(self, column: int) -> Value:
        """The value in a column (from 1); beyond the row's end there is nothing."""
        return self.values[column - 1] if column <= len(self.values) else None

    def filled(self) -> list[int]:
        """The columns that hold something."""
        return [index for index, value in enumerate(self.values, 1) if not blank(value)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows in order, those without any value left out."""

    name: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    width: int = field(default=0)


def blank(value: Value) -> bool:
    """Nothing in it, or only spaces."""
    return value is None or (isinstance(value, str) and not value.strip(SPACES))


def text_of(value: Any) -> str:
    """What a person reads in the cell, on one line, as NFC without stray spaces."""
    if value is None:
        return ""
    if isinstance(value, Broken):
        return value.error
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return clean(str(value).replace("\n", " "))


def letter(column: int) -> str:
    """The column's letters: 1 → A, 28 → AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
