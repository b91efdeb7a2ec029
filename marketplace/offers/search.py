"""The public list: search by words, filters with counts, paging by key. At most four queries a page."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, extract, or_, select
from sqlalchemy.orm import aliased

from marketplace.extensions import db
from marketplace.kernel.prices import PriceKind
from marketplace.offers import queries
from marketplace.offers.models import WORDS, OfferMonth, PurchaseOffer
from marketplace.offers.rules import LinkageForm
from marketplace.places.models import AdminUnit
from marketplace.products.rules import Group
from marketplace.textindex import Question, best_tiers, score
from marketplace.web.paging import SIZE, Page, asked, by_key

CAP = 1000
"""Counts beside the filters are made of so many newest offers at most."""
SALE = "none"
"""In the filter of linkage forms: a plain sale."""


@dataclass(frozen=True)
class Criteria:
    """What somebody looks for; the values of one facet are alternatives, facets narrow each other."""

    q: str = ""
    groups: tuple[Group, ...] = ()
    provinces: tuple[int, ...] = ()
    communes: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    prices: tuple[PriceKind, ...] = ()
    forms: tuple[str, ...] = ()
    ended: bool = False  # also those that take no quotes any more

    @property
    def chosen(self) -> int:
        """How many filters are set."""
        lists = (self.groups, self.provinces, self.communes, self.months, self.prices, self.forms)
        return sum(len(each) for each in lists) + self.ended


@dataclass(frozen=True)
class Counts:
    """How many offers each value of a facet would leave; places with their names."""

    values: dict[str, Counter[Any]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    total: int = 0


Unit, Above = aliased(AdminUnit), aliased(AdminUnit)


def search(criteria: Criteria, *, day: date) -> tuple[Page, Counts]:
    """One page of offers, newest first (the best first where words were typed), and the counts."""
    question = Question.of(criteria.q)
    if criteria.q.strip() and question is None:
        return Page([], None, None), Counts()
    rows = candidates(question, criteria, day)
    months = months_of([row.id for row in rows])
    tests = filters(criteria, months)
    counts = count(rows, months, tests)
    if question is None:
        statement = queries.lean(select(PurchaseOffer).where(*base(criteria, day), *conditions(criteria)))
        return by_key(statement, PurchaseOffer.id), counts
    fitting = [row for row in rows if all(test(row) for test in tests.values())]
    return by_relevance(question, fitting), counts


def base(criteria: Criteria, day: date) -> list[ColumnElement[bool]]:
    """What the list is made of before any filter."""
    return [queries.listed()] if criteria.ended else [queries.listed(), queries.takes_quotes(day)]


def candidates(question: Question | None, criteria: Criteria, day: date) -> Sequence[Any]:
    """The newest rows with what the facets ask of them. One query."""
    table = PurchaseOffer.__table__.c
    columns = (table.id, table.group, table.price_kind, table.linkage_form, table.unit_id, table.what)
    where = base(criteria, day)
    if question is None:
        found = select(*columns).where(*where).order_by(table.id.desc()).limit(CAP).subquery()
    else:
        texts = (table.search_exact, table.search_fold)
        dialect = db.session.get_bind().dialect.name
        found = WORDS.candidates(dialect, question, *columns, *texts, where=where).subquery()
    statement = select(found, Unit.name.label("unit_name"), Unit.level, Above.id.label("above_id"), Above.name)
    statement = statement.join(Unit, Unit.id == found.c.unit_id).outerjoin(Above, Above.id == Unit.parent_id)
    rows = db.session.execute(statement).all()
    return rows if question is None else list(best_tiers(rows).values())


def months_of(ids: list[int]) -> dict[int, set[int]]:
    """The calendar months in which each offer takes deliveries. One query."""
    found: dict[int, set[int]] = {}
    if ids:
        statement = select(OfferMonth.offer_id, extract("month", OfferMonth.month)).where(OfferMonth.offer_id.in_(ids))
        for offer_id, month in db.session.execute(statement):
            found.setdefault(offer_id, set()).add(int(month))
    return found


def province(row: Any) -> int | None:
    """The province of a candidate."""
    return row.unit_id if row.level == "province" else row.above_id


Test = Callable[[Any], bool]


def filters(criteria: Criteria, months: dict[int, set[int]]) -> dict[str, Test]:
    """Each facet in use as a question to a candidate."""
    tests: dict[str, Test] = {
        "group": lambda row: row.group in criteria.groups,
        "province": lambda row: province(row) in criteria.provinces,
        "commune": lambda row: row.unit_id in criteria.communes,
        "month": lambda row: bool(months.get(row.id, set()) & set(criteria.months)),
        "price": lambda row: row.price_kind in criteria.prices,
        "form": lambda row: (row.linkage_form or SALE) in criteria.forms,
    }
    chosen = {
        "group": criteria.groups,
        "province": criteria.provinces,
        "commune": criteria.communes,
        "month": criteria.months,
        "price": criteria.prices,
        "form": criteria.forms,
    }
    return {name: test for name, test in tests.items() if chosen[name]}


def conditions(criteria: Criteria) -> list[ColumnElement[bool]]:
    """The same in SQL, for pages beyond the candidates."""
    found: list[ColumnElement[bool]] = []
    if criteria.groups:
        found.append(PurchaseOffer.group.in_(criteria.groups))
    if criteria.provinces:
        inside = select(AdminUnit.id).where(AdminUnit.parent_id.in_(criteria.provinces))
        found.append(or_(PurchaseOffer.unit_id.in_(criteria.provinces), PurchaseOffer.unit_id.in_(inside)))
    if criteria.communes:
        found.append(PurchaseOffer.unit_id.in_(criteria.communes))
    if criteria.months:
        month = extract("month", OfferMonth.month)
        found.append(PurchaseOffer.id.in_(select(OfferMonth.offer_id).where(month.in_(criteria.months))))
    if criteria.prices:
        found.append(PurchaseOffer.price_kind.in_(criteria.prices))
    if criteria.forms:
        named = [LinkageForm(form) for form in criteria.forms if form != SALE]
        plain = PurchaseOffer.linkage_form.is_(None)
        of_form = PurchaseOffer.linkage_form.in_(named)
        found.append(or_(of_form, plain) if SALE in criteria.forms else of_form)
    return found


def count(rows: Sequence[Any], months: dict[int, set[int]], tests: dict[str, Test]) -> Counts:
    """Each facet counts what the other facets leave."""
    values: dict[str, Counter[Any]] = {}
    for facet in ("group", "province", "commune", "month", "price", "form"):
        others = [test for name, test in tests.items() if name != facet]
        left = [row for row in rows if all(test(row) for test in others)]
        values[facet] = Counter(value for row in left for value in values_of(facet, row, months))
    names = {row.unit_id: row.unit_name for row in rows}
    names.update({row.above_id: row.name for row in rows if row.above_id is not None})
    return Counts(values, names, sum(all(test(row) for test in tests.values()) for row in rows))


def values_of(facet: str, row: Any, months: dict[int, set[int]]) -> set[Any]:
    """The values that a candidate has in a facet."""
    found: dict[str, set[Any]] = {
        "group": {row.group},
        "province": {province(row)},
        "commune": {row.unit_id} if row.level == "commune" else set(),
        "month": months.get(row.id, set()),
        "price": {row.price_kind},
        "form": {row.linkage_form or SALE},
    }
    return found[facet] - {None}


def by_relevance(question: Question, rows: list[Any]) -> Page:
    """The best first; the key is the row after which the page begins. One query and the months."""
    weights = {row.id: score(question, row.what, row.search_exact, row.search_fold) for row in rows}
    order = sorted(weights, key=lambda key: (weights[key], key), reverse=True)
    after, before = asked("after"), asked("before")
    start = order.index(after) + 1 if after in order else 0
    if before in order:
        start = max(order.index(before) - SIZE, 0)
    shown = order[start : start + SIZE]
    statement = queries.lean(select(PurchaseOffer).where(PurchaseOffer.id.in_(shown)))
    found = {row.id: row for row in db.session.scalars(statement)} if shown else {}
    more = start + SIZE < len(order)
    return Page([found[key] for key in shown], shown[-1] if more else None, shown[0] if start else None)
