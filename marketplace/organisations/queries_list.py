"""Reads of lists: the public list with its filters, the officers' queue, an organisation's history."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.identifiers import compact_tax_code
from marketplace.kernel.messages import msgid
from marketplace.kernel.vietnamese import sort_key
from marketplace.ledger.queries import history as entries_of
from marketplace.organisations import queries
from marketplace.organisations.models import Membership, Organisation, OrganisationPlace
from marketplace.organisations.rules import (
    EVENTS,
    KINDS,
    SECTORS,
    Kind,
    MembershipState,
    Sector,
    Verification,
    folded_name,
    overdue_until,
)
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, Succession
from marketplace.web.messages import say

COUNTED = 2000
"""Filters count at most so many candidates; more than that is shown as "and more"."""

LONGEST_QUEUE = 100

LABELS = (msgid("Kind"), msgid("Sector"), msgid("Commune"))


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for."""

    text: str = ""
    kinds: tuple[Kind, ...] = ()
    sectors: tuple[Sector, ...] = ()
    unit_id: int | None = None


@dataclass(frozen=True)
class Option:
    """One choice of a filter, with how many it would show."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """One filter."""

    name: str
    label: str
    options: list[Option]
    single: bool = False


@dataclass(frozen=True)
class Event:
    """One line of a history."""

    at: datetime
    text: str
    who: str
    on_behalf_of: str


def matching(text: str) -> list[ColumnElement[bool]]:
    """Every word begins a word of the name; a number may be the tax code."""
    code = compact_tax_code(text)
    if code.isascii() and code.isdigit() and len(code) in (10, 13):
        return [Organisation.tax_code == code]
    padded = " " + Organisation.folded
    return [padded.contains(f" {word}", autoescape=True) for word in folded_name(text).split()[:8]]


def search(user: Any, wanted: Wanted) -> Select[Organisation]:
    """What this person may see and looks for."""
    statement = queries.visible_to(user).where(*matching(wanted.text))
    if wanted.kinds:
        statement = statement.where(Organisation.kind.in_(wanted.kinds))
    if wanted.sectors:
        statement = statement.where(Organisation.sector.in_(wanted.sectors))
    if wanted.unit_id is not None:
        seats = select(OrganisationPlace.organisation_id).where(
            OrganisationPlace.valid_to.is_(None), OrganisationPlace.unit_id.in_(places.covered(wanted.unit_id))
        )
        statement = statement.where(Organisation.id.in_(seats))
    return statement


def facets(user: Any, wanted: Wanted) -> list[Facet]:
    """The filters with counts; each counts what the others leave. One query whatever the number of rows."""
    seat, whole, today = aliased(AdminUnit), aliased(Succession), aliased(AdminUnit)
    place, current = OrganisationPlace, seat.valid_to.is_(None)
    rows = db.session.execute(
        search(user, Wanted(wanted.text))
        .outerjoin(place, and_(place.organisation_id == Organisation.id, place.valid_to.is_(None)))
        .outerjoin(seat, seat.id == place.unit_id)
        .outerjoin(whole, and_(whole.old_id == seat.id, whole.extent == "whole"))
        .outerjoin(today, or_(and_(current, today.id == seat.id), today.id == whole.new_id))
        .with_only_columns(Organisation.kind, Organisation.sector, today.id.label("unit"), today.name)
        .order_by(Organisation.id.desc())
        .limit(COUNTED)
    ).all()
    found = [(row.kind, row.sector, row.unit) for row in rows]
    names = {row.unit: row.name for row in rows if row.unit is not None}
    chosen: tuple[Any, ...] = (set(wanted.kinds), set(wanted.sectors), {wanted.unit_id} - {None})

    def count(facet: int) -> Counter[Any]:
        others = [place for place in range(3) if place != facet and chosen[place]]
        return Counter(row[facet] for row in found if all(row[place] in chosen[place] for place in others))

    kinds, sectors, units = count(0), count(1), count(2)
    communes = sorted(names.items(), key=lambda unit: sort_key(unit[1]))
    return [
        Facet("kind", say(LABELS[0]), options(((str(k), say(KINDS[k]), kinds[k]) for k in KINDS), wanted.kinds)),
        Facet(
            "sector", say(LABELS[1]), options(((str(k), say(SECTORS[k]), sectors[k]) for k in SECTORS), wanted.sectors)
        ),
        Facet(
            "unit",
            say(LABELS[2]),
            options(((str(key), name, units[key]) for key, name in communes), (str(wanted.unit_id),)),
            single=True,
        ),
    ]


def options(found: Iterable[tuple[str, str, int]], selected: Iterable[str]) -> list[Option]:
    """Choices that would show something, and those taken."""
    taken = set(selected)
    return [Option(value, label, number, value in taken) for value, label, number in found if number or value in taken]


# The officers' queue ---------------------------------------------------------------------------------------------


def queue(user: Any, state: Verification, *, now: datetime, due: bool = False) -> Select[Organisation]:
    """Organisations in this state in the officer's territory, longest waiting first.

    `due`: those which the province must see to, because no commune's officer does, or the commune's did not in time.
    """
    statement = select(Organisation).where(Organisation.verification == state, queries.overseen_by(user, acting=True))
    if due:
        seats = select(OrganisationPlace.organisation_id).where(
            OrganisationPlace.valid_to.is_(None), OrganisationPlace.unit_id.in_(queries.officers_units("commune"))
        )
        late = Organisation.submitted_at < overdue_until(local_date(now))
        statement = statement.where(or_(Organisation.id.not_in(seats), late))
    return statement.order_by(Organisation.submitted_at, Organisation.id).limit(LONGEST_QUEUE)


def queue_counts(user: Any) -> dict[Verification, int]:
    """How many organisations of the territory are in each state. One query."""
    statement = (
        select(Organisation.verification, func.count())
        .where(queries.overseen_by(user, acting=True))
        .group_by(Organisation.verification)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def open_requests(user: Any) -> list[Membership]:
    """Requests to join that wait in the officer's territory, oldest first."""
    statement = (
        select(Membership)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.state == MembershipState.REQUESTED, queries.overseen_by(user, acting=True))
        .order_by(Membership.requested_at, Membership.id)
        .limit(LONGEST_QUEUE)
    )
    return list(db.session.scalars(statement))


def namesakes(organisation: Organisation) -> list[Organisation]:
    """Others of the same folded name: an officer should know before verifying."""
    statement = select(Organisation).where(
        Organisation.folded == organisation.folded, Organisation.id != organisation.id
    )
    return list(db.session.scalars(statement.order_by(Organisation.id).limit(10)))


# History ---------------------------------------------------------------------------------------------------------


def history(organisation: Organisation) -> list[Event]:
    """What was done to it, by whom, newest first. Two queries."""
    entries = [entry for entry in entries_of(organisation) if entry.event in EVENTS]
    return [
        Event(entry.at, say(EVENTS[entry.event]), name, organisation.name if entry.on_behalf_of else "")
        for entry, name in zip(entries, names_of(entry.actor for entry in entries), strict=True)
    ]


def names_of(ids: Iterable[int | None]) -> list[str]:
    """The names of users in the same order; an empty one for the system. One query."""
    wanted = list(ids)
    people = {key for key in wanted if key is not None}
    statement = select(User.id, User.name).where(User.id.in_(people))
    known = {row.id: row.name for row in db.session.execute(statement)} if people else {}
    return [known.get(key, "") if key is not None else "" for key in wanted]
