"""PURE: what annexes change, and the terms as they stand on a day: the contract and every annex in effect by then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from marketplace.annexes.line_changes import NONE, LineChange, NewLine, shared, standing_split, tidy
from marketplace.annexes.rules import Field
from marketplace.clauses.terms import Terms


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What one annex sets, and nothing else; lines by their place in the goods table, from 1."""

    ends_on: date | None = None
    place: str | None = None
    payment_days: int | None = None
    clause: str | None = None
    lines: Mapping[int, LineChange] = field(default_factory=dict)
    added: tuple[NewLine, ...] = ()  # they stand after the lines that are there on its day

    @property
    def fields(self) -> frozenset[Field]:
        """What it changes."""
        given = {
            Field.ENDS_ON: self.ends_on,
            Field.PLACE: self.place,
            Field.PAYMENT_DAYS: self.payment_days,
            Field.CLAUSE: self.clause,
        }
        own = frozenset(name for name, value in given.items() if value is not None)
        own |= {Field.GOODS} if self.added else frozenset()
        return own.union(*(line.fields for line in self.lines.values()))

    def stored(self) -> dict[str, Any]:
        """As JSON: only what is changed."""
        found: dict[str, Any] = {
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "place": self.place,
            "payment_days": self.payment_days,
            "clause": self.clause,
        }
        lines = {str(place): line.stored() for place, line in sorted(self.lines.items()) if line.fields}
        found |= {"lines": lines or None, "added": [line.stored() for line in self.added] or None}
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "NewTerms":
        """Back from JSON."""
        return cls(
            ends_on=date.fromisoformat(stored["ends_on"]) if stored.get("ends_on") else None,
            place=stored.get("place"),
            payment_days=stored.get("payment_days"),
            clause=stored.get("clause"),
            lines={int(place): LineChange.read(line) for place, line in stored.get("lines", {}).items()},
            added=tuple(NewLine.read(line) for line in stored.get("added", ())),
        )

    def applied(self, terms: Terms) -> Terms:
        """The terms with the new values; a line that the contract does not have changes nothing."""
        goods = (self.lines.get(place, NONE).applied(line) for place, line in enumerate(terms.goods, start=1))
        return replace(
            terms,
            goods=(*goods, *(line.goods for line in self.added)),
            split=shared(terms.split, self.lines, self.added, len(terms.goods)),
            ends_on=self.ends_on or terms.ends_on,
            place=terms.place if self.place is None else self.place,
            payment_days=terms.payment_days if self.payment_days is None else self.payment_days,
        )

    def keys(self) -> Iterator[str]:
        """A name for each changed value: "ends_on", "2.price"."""
        for name in sorted(self.fields):
            places = [place for place, line in sorted(self.lines.items()) if name in line.fields]
            yield from (f"{place}.{name}" for place in places) if places else (name.value,)


@dataclass(frozen=True, slots=True)
class Change:
    """A signed annex: what it sets, and from when."""

    number: str
    effective_on: date
    new: NewTerms


@dataclass(frozen=True, slots=True)
class Effective:
    """Terms as they stand on a day; `origins` says for each changed value which annex set it."""

    terms: Terms
    origins: Mapping[str, Change] = field(default_factory=dict)
    clauses: tuple[Change, ...] = ()  # annexes that add a clause

    def origin(self, name: str, line: int | None = None) -> Change | None:
        """The annex by which a value stands; None: by the contract itself."""
        return self.origins.get(f"{line}.{name}" if line else name)


def effective_terms(terms: Terms, changes: Sequence[Change], day: date | None) -> Effective:
    """The contract's terms and the annexes in effect on a day (None: all of them), later ones over earlier ones.

    `changes` in the order of their signing; of two that take effect on one day, the one signed later holds.
    """
    origins: dict[str, Change] = {}
    clauses = []
    for change in sorted(changes, key=lambda change: change.effective_on):
        if day is not None and change.effective_on > day:
            continue
        before, terms = len(terms.goods), change.new.applied(terms)
        origins |= dict.fromkeys(change.new.keys(), change)
        origins |= {f"{place}.{Field.GOODS}": change for place in range(before + 1, len(terms.goods) + 1)}
        if change.new.clause:
            clauses.append(change)
    return Effective(terms, origins, tuple(clauses))


def difference(standing: Terms, wanted: NewTerms) -> NewTerms:
    """Of what was typed, only what differs from the terms that stand: a form shows all, an annex says what changes."""
    lines = {
        place: changed
        for place in range(1, len(standing.goods) + 1)
        if place in wanted.lines and (changed := line_difference(standing, place, wanted.lines[place])).fields
    }
    return NewTerms(
        ends_on=wanted.ends_on if wanted.ends_on != standing.ends_on else None,
        place=wanted.place if wanted.place and wanted.place != standing.place else None,
        payment_days=wanted.payment_days if wanted.payment_days != standing.payment_days else None,
        clause=wanted.clause or None,
        lines=lines,
        added=wanted.added,
    )


def line_difference(standing: Terms, place: int, typed: LineChange) -> LineChange:
    """Of one line; a new split says what it makes of the whole quantity and of the months."""
    line = standing.goods[place - 1]
    split = typed.split
    if split is not None and tidy(split) == standing_split(standing.split, place - 1):
        split = None
    after = typed.applied(line)
    asked_quantity = typed.quantity is not None or split is not None
    asked_months = typed.months is not None or split is not None
    return LineChange(
        quantity=after.quantity if asked_quantity and after.quantity != line.quantity else None,
        price=typed.price if typed.price != line.price else None,
        months=after.schedule if asked_months and dict(after.schedule) != dict(line.schedule) else None,
        percent=typed.percent if typed.percent != line.percent else None,
        most=typed.most if typed.most != line.most else None,
        split=split,
    )


def replaced(standing: Terms, new: NewTerms) -> dict[str, Any]:
    """The values that stand now for everything that the annex sets: if they move, its text is no longer right."""
    lines = {
        str(place): LineChange(
            quantity=line.quantity if change.quantity is not None else None,
            price=line.price if change.price is not None else None,
            months=line.schedule if change.months is not None else None,
            percent=line.percent if change.percent is not None else None,
            most=line.most if change.most is not None else None,
            split=standing_split(standing.split, place - 1) if change.split is not None else None,
        ).stored()
        for place, line in enumerate(standing.goods, start=1)
        if (change := new.lines.get(place)) is not None
    }
    own: dict[str, Any] = {}
    if new.ends_on is not None:
        own["ends_on"] = standing.ends_on.isoformat() if standing.ends_on else None
    if new.place is not None:
        own["place"] = standing.place
    if new.payment_days is not None:
        own["payment_days"] = standing.payment_days
    if new.added:
        own["goods"] = len(standing.goods)
    return own | ({"lines": lines} if lines else {})
