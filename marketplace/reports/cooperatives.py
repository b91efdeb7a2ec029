"""Cooperatives at a day: founded by then and not gone, at their seat of that day (counting rule 5 of design.md §4)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select

from marketplace.extensions import db
from marketplace.kernel.identifiers import public_tax_code
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations.models import Organisation, OrganisationPlace, StatusChange
from marketplace.organisations.rules import (
    COOPERATIVES,
    GONE,
    KINDS,
    SECTORS,
    STATUSES,
    Kind,
    RegisterStatus,
    Verification,
)
from marketplace.places.queries import Era
from marketplace.reports.asked import Asked, without_blanks
from marketplace.reports.dimensions import NOT_ASSIGNABLE, SECTOR, by_unit
from marketplace.reports.figures import (
    UNKNOWN,
    CellKind,
    Column,
    Fact,
    Growth,
    Report,
    Row,
    breakdown,
    figure,
    having,
    marks,
)
from marketplace.reports.territories import Scope

COUNTED = {"kind": str(Kind.HTX), "dated": "yes"}
COLUMNS = (
    Column(msgid("Name")),
    Column(msgid("Kind"), CellKind.WORDS),
    Column(msgid("Sector"), CellKind.WORDS),
    Column(msgid("Commune"), CellKind.WORDS),
    Column(msgid("Founded on"), CellKind.DATE),
    Column(msgid("Register status"), CellKind.WORDS),
    Column(msgid("Tax code")),
)


def statement(scope: Scope, day: date) -> Select[*tuple[Any, ...]]:
    """Every cooperative organisation known to the register, with its status and seat on the day."""
    status = (
        select(StatusChange.status)
        .where(StatusChange.organisation_id == Organisation.id, StatusChange.effective_on <= day)
        .order_by(StatusChange.effective_on.desc(), StatusChange.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    seated = and_(
        OrganisationPlace.organisation_id == Organisation.id,
        OrganisationPlace.valid_from <= day,
        or_(OrganisationPlace.valid_to.is_(None), OrganisationPlace.valid_to >= day),
    )
    found = (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            Organisation.sector,
            Organisation.founded_on,
            Organisation.tax_code,
            status.label("status"),
            OrganisationPlace.unit_id,
        )
        .outerjoin(OrganisationPlace, seated)
        .where(
            Organisation.kind.in_(COOPERATIVES),
            # Somebody's unverified registration is not yet a fact; an entry of the register is, whoever claims it.
            or_(
                Organisation.listed_at.is_not(None),
                Organisation.verification.in_((Verification.VERIFIED, Verification.SUSPENDED)),
            ),
            or_(Organisation.founded_on.is_(None), Organisation.founded_on <= day),
        )
        .order_by(OrganisationPlace.valid_from)
    )
    return found if scope.unit_ids is None else found.where(OrganisationPlace.unit_id.in_(scope.unit_ids))


def facts(scope: Scope, day: date, era: Era) -> list[Fact]:
    """The cooperatives of the day with their marks. One query."""
    rows = {row.id: row for row in db.session.execute(statement(scope, day)) if row.status not in GONE}
    return [
        Fact(
            id=row.id,
            marks=marks(
                kind=row.kind,
                sector=row.sector,
                status=row.status,
                active=row.status == RegisterStatus.ACTIVE,
                dated=row.founded_on is not None,
                unit=scope.geography.commune(row.unit_id, era),
            ),
            name=row.name,
            row=row,
        )
        for row in rows.values()
    ]


def report(scope: Scope, asked: Asked) -> Report:
    """The figures of the page, the command and the Excel file."""
    era: Era = "old" if asked.units == "old" else "new"
    found = facts(scope, asked.at, era)
    narrowed = without_blanks({"sector": asked.sector})
    base = {**COUNTED, **narrowed}
    total = figure("total", msgid("Cooperatives"), found, base)
    growth = None
    if asked.since is not None:
        growth = Growth(len(having(facts(scope, asked.since, era), base)), total.count)
    units = scope.words(era, units_used(found))
    return Report(
        name="cooperatives",
        total=total,
        figures=[
            figure("active", msgid("of these active"), found, {**base, "active": "yes"}),
            figure("unions", KINDS[Kind.LHHTX], found, {"kind": str(Kind.LHHTX), "dated": "yes", **narrowed}),
            figure("groups", KINDS[Kind.THT], found, {"kind": str(Kind.THT), "dated": "yes", **narrowed}),
            figure("undated", msgid("Day of founding missing, not counted"), found, {"dated": "no", **narrowed}),
        ],
        breakdowns=[
            breakdown(found, SECTOR, base),
            breakdown(found, by_unit(units, era), base),
        ],
        facts=found,
        notes=[msgid("Unions and cooperative groups stand beside the cooperatives and are never added to them.")],
        growth=growth,
    )


def units_used(found: Sequence[Fact]) -> set[str]:
    """The communes that facts are marked with."""
    return set().union(*(fact.marks["unit"] for fact in found))


def unit_name(fact: Fact, scope: Scope) -> Message | str:
    """The name of a fact's commune."""
    (key,) = fact.marks["unit"]
    return NOT_ASSIGNABLE if key == UNKNOWN else scope.geography.units[int(key)].name


def rows(found: Sequence[Fact], scope: Scope) -> list[Row]:
    """What a list shows of these cooperatives, in the same order."""
    return [
        Row(
            id=fact.id,
            cells=[
                fact.row.name,
                KINDS[fact.row.kind],
                SECTORS.get(fact.row.sector, ""),
                unit_name(fact, scope),
                fact.row.founded_on,
                STATUSES.get(fact.row.status, ""),
                public_tax_code(fact.row.tax_code) or "",
            ],
            endpoint="organisations.show",
            values={"organisation_id": fact.id},
        )
        for fact in found
    ]
