"""PURE: numbers, dates, sums and unnumbered clauses as a Vietnamese contract writes them.

Document words, never translated; drafting.py says why.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.clauses.text import Table
from marketplace.kernel.dates import long_date
from marketplace.kernel.numbers import format_number
from marketplace.kernel.vietnamese import dong_in_words

Sentence = str | tuple[str, Table | None]
"""A sentence of a clause; a table may stand under it."""
BLANK = "………………………………"
"""Where a person writes by hand."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A clause before it has its number; without sentences it is left out. `key` names it whatever its number."""

    key: str
    title: str
    sentences: list[Sentence]


def ended(typed: str) -> str:
    """What somebody typed, as the end of a sentence: one line, one full stop; nothing stays nothing."""
    line = joined(typed)
    return f"{line}." if line else ""


def quantity(number: Decimal | int) -> str:
    """20000 → "20.000"; decimals only where there are some."""
    return format_number(number)


def percent(number: Decimal) -> str:
    """Decimal("7.50") → "7,5%"."""
    return f"{format_number(number)}%"


def money(amount: int) -> str:
    """25000 → "25.000 đồng"."""
    return f"{format_number(amount)} đồng"


def money_words(amount: int) -> str:
    """25000 → "25.000 đồng (bằng chữ: Hai mươi lăm nghìn đồng)"."""
    return f"{money(amount)} (bằng chữ: {dong_in_words(amount)})"


def signing_day(day: date | None) -> str:
    """The day of signing; dots to be filled in by hand while nobody knows it."""
    return long_date(day) if day else "ngày …… tháng …… năm 20……"


def copies_each(copies: int, parties: int) -> str:
    """Who keeps how many of the copies."""
    share, rest = divmod(copies, parties or 1)
    return f"mỗi bên giữ {share:02d} bản" if share and not rest else "mỗi bên giữ ít nhất 01 bản"


def joined(typed: str) -> str:
    """What somebody typed, as a part of a sentence: one line, without its own full stop."""
    return " ".join(typed.split()).rstrip(" .;,")
