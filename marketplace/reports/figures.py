"""PURE: figures as filters over facts. A figure and the rows behind it come from the same facts by the same filter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import share

UNKNOWN = "none"
"""The mark of a fact that has no value in a dimension: its unit is not assignable, its sector not stated."""

SEVERAL = "several"
"""The mark of a worth that belongs to several marks together, and nothing says how it is shared out among them."""

Wanted = Mapping[str, str]
"""A filter: for each dimension the mark that a fact must carry, or several separated by commas."""


@dataclass(frozen=True)
class Part:
    """A part of a fact's worth, with its one mark in each dimension that the worth is shared out by."""

    marks: Mapping[str, str]
    value: int | None
    divided: bool = True  # False: shared with somebody outside what was asked for, and nothing says how

    def lies(self, asked: Mapping[str, frozenset[str]], loosely: bool = False) -> bool:
        """Whether a filter takes it in; `loosely`: as far as can be told."""
        return all(
            self.marks[name] in wanted or (loosely and self.marks[name] == SEVERAL)
            for name, wanted in asked.items()
            if name in self.marks
        )


@dataclass(frozen=True)
class Fact:
    """One thing that is counted, with its marks in every dimension; a contract of two sellers carries two communes."""

    id: int
    marks: Mapping[str, frozenset[str]]
    order: str = ""  # what lists of rows are sorted by
    value: int | None = None
    estimated: bool = False
    row: Any = field(default=None, compare=False, repr=False)  # what a list shows of it
    parts: Sequence[Part] = ()  # of its worth; none: the whole lies wherever the fact does
    name: str = ""  # where there is no order, lists are by alphabet
    count: int = 1  # so many things of exactly these marks, where SQL has counted them


def marks(**values: object) -> dict[str, frozenset[str]]:
    """Marks from single values or collections of them; nothing becomes UNKNOWN."""
    return {dimension: mark(value) for dimension, value in values.items()}


def mark(value: object) -> frozenset[str]:
    """The marks of one dimension."""
    if isinstance(value, bool):
        return frozenset({"yes" if value else "no"})
    several = value if isinstance(value, (set, frozenset, list, tuple)) else [value]
    return frozenset(UNKNOWN if each is None else str(each) for each in several) or frozenset({UNKNOWN})


def split(wanted: Wanted) -> dict[str, frozenset[str]]:
    """A filter as sets of marks."""
    return {dimension: frozenset(value.split(",")) for dimension, value in wanted.items()}


def having(facts: Iterable[Fact], wanted: Wanted) -> list[Fact]:
    """The facts that carry every wanted mark."""
    asked = split(wanted)
    return [fact for fact in facts if all(asked[name] & fact.marks.get(name, frozenset()) for name in asked)]


def counted(facts: Iterable[Fact]) -> int:
    """How many things these facts are."""
    return sum(fact.count for fact in facts)


@dataclass(frozen=True)
class Worth:
    """A sum of values that says what it is made of: "chưa xác định" is counted, never taken for 0."""

    amount: int = 0
    estimated: int = 0
    undetermined: int = 0
    undivided: int = 0

    @classmethod
    def of(cls, facts: Iterable[Fact], wanted: Wanted | None = None) -> "Worth":
        """What of these facts lies under a filter: of a shared contract only its part."""
        asked, found = split(wanted or {}), cls()
        for fact in facts:
            found = found.plus(cls.of_one(fact, asked))
        return found

    @classmethod
    def of_one(cls, fact: Fact, asked: Mapping[str, frozenset[str]]) -> "Worth":
        """Of one fact."""
        parts = fact.parts or (Part({}, fact.value),)
        inside = [part for part in parts if part.divided and part.lies(asked)]
        known = [part.value for part in inside if part.value is not None]
        loose = any(part.lies(asked, loosely=True) and part not in inside for part in parts)
        return cls(
            sum(known), int(fact.estimated and bool(known)), int(bool(inside) and not known), int(loose and not known)
        )

    def plus(self, other: "Worth") -> "Worth":
        """Both together."""
        return Worth(
            self.amount + other.amount,
            self.estimated + other.estimated,
            self.undetermined + other.undetermined,
            self.undivided + other.undivided,
        )

    @property
    def told(self) -> bool:
        """Whether there is a sum to write: where nothing is known, 0 would be a lie."""
        return bool(self.amount) or not (self.undetermined or self.undivided)

    def notes(self) -> list[Message]:
        """What the sum is made of, and what is not in it."""
        counts = (
            (self.estimated, msgid("%(count)s estimated", count=self.estimated)),
            (self.undetermined, msgid("%(count)s not determined", count=self.undetermined)),
            (self.undivided, msgid("%(count)s not shared out", count=self.undivided)),
        )
        return [words for count, words in counts if count]


@dataclass(frozen=True)
class Figure:
    """A count, the words for it, and the filter that leads to its rows."""

    name: str
    label: Message | str
    wanted: Wanted
    count: int
    worth: Worth | None = None
    note: Message | None = None


@dataclass(frozen=True)
class Breakdown:
    """The same facts by one dimension. `overlapping`: a fact may show in several rows, so they may exceed the total."""

    name: str
    label: Message
    figures: Sequence[Figure]
    total: int
    overlapping: bool = False


@dataclass(frozen=True)
class Dimension:
    """What facts are broken down by: its marks in the order they are shown, with their words."""

    name: str
    label: Message
    words: Mapping[str, Message | str]
    unknown: Message = field(default=msgid("Not stated"))
    keep_empty: bool = True


def figure(
    name: str,
    label: Message | str,
    facts: Iterable[Fact],
    wanted: Wanted,
    *,
    worth: bool = False,
    note: Message | None = None,
) -> Figure:
    """Count the facts that pass the filter."""
    found = having(facts, wanted)
    return Figure(name, label, dict(wanted), counted(found), Worth.of(found, wanted) if worth else None, note)


def breakdown(facts: Iterable[Fact], dimension: Dimension, base: Wanted, *, worth: bool = False) -> Breakdown:
    """The facts that pass `base`, by a dimension; a row for what is unknown only where there is some."""
    found = having(facts, base)
    by_mark: dict[str, list[Fact]] = {}
    for fact in found:
        for each in fact.marks.get(dimension.name, frozenset({UNKNOWN})):
            by_mark.setdefault(each, []).append(fact)
    rest = sorted(set(by_mark) - set(dimension.words) - {UNKNOWN, SEVERAL})
    order: dict[str, Message | str] = {**dimension.words, **{each: each for each in rest}}
    if UNKNOWN in by_mark:
        order[UNKNOWN] = dimension.unknown
    if SEVERAL in by_mark:
        order[SEVERAL] = msgid("Of several together, the value not shared out")
    rows = [
        Figure(
            name=each,
            label=words,
            wanted={**base, dimension.name: each},
            count=counted(by_mark.get(each, [])),
            worth=Worth.of(by_mark.get(each, []), {**base, dimension.name: each}) if worth else None,
        )
        for each, words in order.items()
        if dimension.keep_empty or each in by_mark
    ]
    total = counted(found)
    overlapping = sum(row.count for row in rows) > total
    return Breakdown(f"by_{dimension.name}", dimension.label, rows, total, overlapping)


@dataclass(frozen=True)
class Growth:
    """Against another day: the difference, and its share of what there was."""

    before: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.before

    @property
    def ratio(self) -> Decimal | None:
        """None where there was nothing: growth from 0 has no percentage."""
        return share(self.difference, self.before)


@dataclass(frozen=True)
class Report:
    """One report: its total first, then single figures, then breakdowns; the facts are what all of them count."""

    name: str
    total: Figure
    figures: Sequence[Figure]
    breakdowns: Sequence[Breakdown]
    facts: Sequence[Fact]
    notes: Sequence[Message] = ()
    growth: Growth | None = None

    def every_figure(self) -> list[Figure]:
        """All figures of the page."""
        return [self.total, *self.figures, *(row for each in self.breakdowns for row in each.figures)]


class CellKind(StrEnum):
    """How a cell is shown, and written to Excel."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    WORDS = "words"  # a Message, or several


@dataclass(frozen=True)
class Column:
    """One column of a list of rows."""

    label: Message
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True)
class Row:
    """One of the rows behind a figure: its cells in the order of the columns, and the page it leads to."""

    id: int
    cells: Sequence[object]
    endpoint: str = ""
    values: Mapping[str, int] = field(default_factory=dict)


def shares(figures: Sequence[Figure], total: int) -> list[Decimal | None]:
    """Each row's share of the total, computed from counts."""
    return [share(row.count, total) for row in figures]
