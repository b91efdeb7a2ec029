"""The counts beside the filters of the public list: one query over capped candidates."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from marketplace.extensions import db
from marketplace.places.models import AdminUnit
from marketplace.products import queries
from marketplace.products.models import Certificate, HarvestMonth, Product
from marketplace.products.rules import CertificateKind, CertificateState

CAP = 1000
"""Counts are made of so many newest rows at most; beyond it they read "1.000+"."""

Source = Callable[..., Select[*tuple[Any, ...]]]
"""Makes a select of columns from the products that match the words, newest first."""


@dataclass(frozen=True)
class Count:
    """How many of the candidates have this value."""

    value: str
    count: int
    label: str = ""
    around: str = ""


def holds_on(day: date) -> ColumnElement[bool]:
    """A certificate that is shown as good on a day; OCOP only when it counts, others also as declared."""
    declared = and_(
        Certificate.kind != CertificateKind.OCOP,
        Certificate.state.in_((CertificateState.DECLARED, CertificateState.CHECKED)),
        or_(Certificate.issued_on.is_(None), Certificate.issued_on <= day),
        or_(Certificate.last_day.is_(None), Certificate.last_day >= day),
    )
    return or_(declared, queries.counts_on(day))


def count(source: Source, chosen: dict[str, ColumnElement[bool]], day: date) -> tuple[int, dict[str, list[Count]]]:
    """How many rows there are, and how many each value would leave; a facet's own choice does not narrow it. One query."""
    narrowed: dict[str, Any] = {}

    def base(facet: str) -> Any:
        name = facet if facet in chosen else "all"
        if name not in narrowed:
            where = [condition for other, condition in chosen.items() if other != name]
            statement = source(Product.id, Product.group, Product.unit_id).where(queries.public(), *where)
            narrowed[name] = statement.limit(CAP + 1).cte(f"base_{name}")
        return narrowed[name]

    total, group, commune = base("all"), base("group"), base("commune")
    unit, above = aliased(AdminUnit), aliased(AdminUnit)
    empty = literal("")
    places = (
        select(literal("commune"), text(commune.c.unit_id), func.count(), unit.name, func.coalesce(above.name, ""))
        .join(unit, unit.id == commune.c.unit_id)
        .outerjoin(above, above.id == unit.parent_id)
        .group_by(commune.c.unit_id, unit.name, above.name)
    )
    rows: Any = db.session.execute(
        union_all(
            select(literal("total"), empty, func.count(), empty, empty).select_from(total),
            select(literal("group"), text(group.c.group), func.count(), empty, empty).group_by(group.c.group),
            places,
            held(base("stars"), "stars", Certificate.stars, queries.counts_on(day)),
            held(base("certificate"), "certificate", Certificate.kind, holds_on(day)),
            months(base("month")),
        )
    )
    found: dict[str, list[Count]] = {}
    for name, value, number, label, around in rows:
        found.setdefault(name, []).append(Count(value, number, label, around))
    all_rows = found.pop("total")[0].count
    return all_rows, {name: tidy(values) for name, values in found.items()}


def tidy(values: list[Count]) -> list[Count]:
    """Capped counts stay capped."""
    return [replace(each, count=min(each.count, CAP)) for each in values]


def text(value: Any) -> ColumnElement[str]:
    """A value as text, so that all counts come in one statement."""
    return cast(value, String)


def held(base: Any, name: str, value: Any, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Counts of products by what their certificates say."""
    each = func.count(Certificate.product_id.distinct())
    statement = select(literal(name), text(value), each, literal(""), literal(""))
    return statement.join(base, base.c.id == Certificate.product_id).where(condition).group_by(value)


def months(base: Any) -> Select[*tuple[Any, ...]]:
    """Counts of products by harvest month."""
    statement = select(literal("month"), text(HarvestMonth.month), func.count(), literal(""), literal(""))
    return statement.join(base, base.c.id == HarvestMonth.product_id).group_by(HarvestMonth.month)
