"""OCOP at a day: products whose stars count, by their one counted certificate; those under evaluation apart from them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from marketplace.extensions import db
from marketplace.kernel.dates import add_months
from marketplace.kernel.messages import msgid
from marketplace.ocop.models import Evaluation, Round
from marketplace.ocop.queries import under_evaluation
from marketplace.ocop.rules import round_label
from marketplace.organisations.models import Organisation, OrganisationPlace
from marketplace.places.models import ReportingArea
from marketplace.places.queries import Era
from marketplace.products.models import Certificate, Product
from marketplace.products.queries import counted_certificates
from marketplace.products.rules import GROUPS, SOON_MONTHS
from marketplace.reports.asked import Asked, without_blanks
from marketplace.reports.cooperatives import unit_name, units_used
from marketplace.reports.dimensions import GROUP, OWNER, STARS, by_unit
from marketplace.reports.figures import (
    CellKind,
    Column,
    Dimension,
    Fact,
    Report,
    Row,
    breakdown,
    figure,
    having,
    marks,
)
from marketplace.reports.territories import Scope

CERTIFIED, EVALUATED = "certified", "evaluation"
COLUMNS = (
    Column(msgid("Product")),
    Column(msgid("Owner")),
    Column(msgid("Group"), CellKind.WORDS),
    Column(msgid("Commune"), CellKind.WORDS),
    Column(msgid("Stars"), CellKind.NUMBER),
    Column(msgid("Decision number")),
    Column(msgid("Issued on"), CellKind.DATE),
    Column(msgid("Last valid day"), CellKind.DATE),
    Column(msgid("Round of evaluation")),
)


def located_products(day: date) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    """Where a product counts: the commune it comes from, else its owner's seat of the day; and the join for it."""
    seated = and_(
        OrganisationPlace.organisation_id == Product.organisation_id,
        OrganisationPlace.valid_from <= day,
        or_(OrganisationPlace.valid_to.is_(None), OrganisationPlace.valid_to >= day),
    )
    return func.coalesce(Product.unit_id, OrganisationPlace.unit_id), seated


def statement(scope: Scope, day: date) -> Select[*tuple[Any, ...]]:
    """Products with the certificate that counts on the day."""
    unit, seated = located_products(day)
    counted = counted_certificates(day).subquery()
    found = (
        select(
            Product.id,
            Product.name,
            Product.group,
            Organisation.kind,
            Organisation.sector,
            counted.c.stars,
            Certificate.number,
            Certificate.issued_on,
            Certificate.last_day,
            Certificate.round_label,
            Organisation.name.label("owner"),
            unit.label("unit_id"),
        )
        .join(counted, counted.c.product_id == Product.id)
        .join(Certificate, Certificate.id == counted.c.certificate_id)
        .join(Organisation, Organisation.id == Product.organisation_id)
        .outerjoin(OrganisationPlace, seated)
    )
    return found if scope.unit_ids is None else found.where(inside(scope, unit))


def inside(scope: Scope, unit: ColumnElement[int | None]) -> ColumnElement[bool]:
    """In the scope; a product of no known commune belongs where a round of the area, or of the province, evaluated it."""
    held = select(Evaluation.product_id).join(Round).join(ReportingArea, ReportingArea.id == Round.area_id)
    if scope.area_id is not None:
        held = held.where(Round.area_id == scope.area_id)
    elif scope.whole_province:
        held = held.where(ReportingArea.province_id == scope.province_id)
    else:
        return unit.in_(scope.unit_ids or ())
    return or_(unit.in_(scope.unit_ids or ()), and_(unit.is_(None), Product.id.in_(held)))


def evaluations(scope: Scope, day: date) -> Select[*tuple[Any, ...]]:
    """Products in rounds that had not decided by the day."""
    unit, seated = located_products(day)
    found = (
        under_evaluation(day)
        .join(Product, Product.id == Evaluation.product_id)
        .join(Organisation, Organisation.id == Product.organisation_id)
        .outerjoin(OrganisationPlace, seated)
        .with_only_columns(
            Product.id,
            Product.name,
            Product.group,
            Organisation.kind,
            Organisation.sector,
            Round.year,
            Round.number,
            Organisation.name.label("owner"),
            unit.label("unit_id"),
            maintain_column_froms=True,
        )
    )
    return found if scope.unit_ids is None else found.where(inside(scope, unit))


def cells(scope: Scope, day: date, era: Era) -> list[Fact]:
    """The certified products counted by all their marks, so that not each of a province comes to Python. One query."""
    unit, _seated = located_products(day)
    soon = and_(Certificate.last_day.is_not(None), Certificate.last_day <= add_months(day, SOON_MONTHS))
    each = (
        statement(scope, day)
        .with_only_columns(
            Product.group,
            Organisation.kind,
            Organisation.sector,
            Certificate.stars,
            unit.label("unit_id"),
            soon.label("expiring"),
            maintain_column_froms=True,
        )
        .subquery()
    )
    return [
        fact(row, scope, era, count=row.number, state=CERTIFIED, stars=row.stars, expiring=bool(row.expiring))
        for row in db.session.execute(select(*each.c, func.count().label("number")).group_by(*each.c))
    ]


def evaluated(scope: Scope, day: date, era: Era) -> list[Fact]:
    """Products under evaluation, each by its newest round, which stands first. One query."""
    rows: dict[int, Any] = {}
    for row in db.session.execute(evaluations(scope, day)):
        rows.setdefault(row.id, row)
    return [
        fact(row, scope, era, id=row.id, name=row.name, state=EVALUATED, round=round_label(row.year, row.number))
        for row in rows.values()
    ]


def certified(scope: Scope, day: date, era: Era) -> list[Fact]:
    """Products with valid stars. One query."""
    rows = {row.id: row for row in db.session.execute(statement(scope, day))}
    soon = add_months(day, SOON_MONTHS)
    return [
        fact(
            row,
            scope,
            era,
            id=row.id,
            name=row.name,
            state=CERTIFIED,
            stars=row.stars,
            expiring=row.last_day is not None and row.last_day <= soon,
        )
        for row in rows.values()
    ]


def fact(row: Any, scope: Scope, era: Era, *, id: int = 0, name: str = "", count: int = 1, **more: object) -> Fact:
    """One product with its marks, or as many as have exactly these."""
    unit = scope.geography.commune(row.unit_id, era)
    found = marks(group=row.group, owner=row.kind, sector=row.sector, unit=unit, **more)
    return Fact(id=id, marks=found, name=name, row=row, count=count)


def report(scope: Scope, asked: Asked, each: bool = False) -> Report:
    """The figures of the page, the command and the Excel file; `each`: every product a fact, for a list of them."""
    era: Era = "old" if asked.units == "old" else "new"
    stars = certified(scope, asked.at, era) if each else cells(scope, asked.at, era)
    found = [*stars, *evaluated(scope, asked.at, era)]
    narrowed = without_blanks({"sector": asked.sector})
    base = {"state": CERTIFIED, **narrowed}
    waiting = {"state": EVALUATED, **narrowed}
    units = scope.words(era, units_used(found))
    labels = sorted({each for row in having(found, waiting) for each in row.marks["round"]}, reverse=True)
    rounds = Dimension("round", msgid("Under evaluation, by round"), {each: each for each in labels})
    return Report(
        name="ocop",
        total=figure("total", msgid("OCOP products with valid stars"), found, base),
        figures=[
            figure("under_evaluation", msgid("Under evaluation, not certified"), found, waiting),
            figure("expiring", msgid("of those valid, ending within 6 months"), found, {**base, "expiring": "yes"}),
        ],
        breakdowns=[
            breakdown(found, STARS, base),
            breakdown(found, GROUP, base),
            breakdown(found, OWNER, base),
            breakdown(found, by_unit(units, era), base),
            breakdown(found, rounds, waiting),
        ],
        facts=found,
        notes=[msgid("A product counts once, by its latest certificate that is checked and valid on the day.")],
    )


def rows(found: Sequence[Fact], scope: Scope) -> list[Row]:
    """What a list shows of these products, in the same order."""
    return [
        Row(
            id=fact.id,
            cells=[
                fact.row.name,
                fact.row.owner,
                GROUPS[fact.row.group],
                unit_name(fact, scope),
                *paper_cells(fact),
            ],
            endpoint="products.show",
            values={"product_id": fact.id},
        )
        for fact in found
    ]


def paper_cells(fact: Fact) -> list[object]:
    """Stars, decision, days and round of a certified product; of one under evaluation only its round."""
    if fact.marks["state"] == {EVALUATED}:
        return [None, "", None, None, round_label(fact.row.year, fact.row.number)]
    paper = fact.row
    return [paper.stars, paper.number, paper.issued_on, paper.last_day, paper.round_label or ""]
