"""Reads of places: units by id and by what people wrote, what became of them, and what an official's post covers."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, Protocol

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from marketplace.extensions import db
from marketplace.kernel.vietnamese import fold, sort_key
from marketplace.places import names
from marketplace.places.models import AdminUnit, ReportingArea, ReportingAreaUnit, Succession

Era = Literal["new", "old"]

WITH_PARENTS = joinedload(AdminUnit.parent).joinedload(AdminUnit.parent)


class Territorial(Protocol):
    """An official's post: it stands in a unit or in a reporting area."""

    unit_id: int | None
    area_id: int | None


def unit(unit_id: int) -> AdminUnit | None:
    """A unit by its id."""
    return db.session.get(AdminUnit, unit_id)


def units(ids: Iterable[int]) -> dict[int, AdminUnit]:
    """Several units by id. One query."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {row.id: row for row in db.session.scalars(select(AdminUnit).where(AdminUnit.id.in_(wanted)))}


def valid(statement: Select[AdminUnit], at: date) -> Select[AdminUnit]:
    """Only units that were there on a day."""
    ends_later = or_(AdminUnit.valid_to.is_(None), AdminUnit.valid_to >= at)
    return statement.where(AdminUnit.valid_from <= at, ends_later)


def provinces(at: date) -> list[AdminUnit]:
    """The provinces of a day, by alphabet. One query."""
    return ordered(db.session.scalars(valid(select(AdminUnit).where(AdminUnit.level == "province"), at)))


def communes(province_id: int, at: date) -> list[AdminUnit]:
    """The communes of a province on a day (through its districts while there were any), by alphabet."""
    districts = select(AdminUnit.id).where(AdminUnit.parent_id.in_(same_province(province_id)))
    statement = select(AdminUnit).where(
        AdminUnit.level == "commune",
        or_(AdminUnit.parent_id.in_(same_province(province_id)), AdminUnit.parent_id.in_(districts)),
    )
    return ordered(db.session.scalars(valid(statement, at)))


def same_province(province_id: int) -> list[int]:
    """The province and those of the other era that went into it or that it went into. One query."""
    rows = db.session.execute(
        select(Succession.old_id, Succession.new_id).where(
            or_(Succession.new_id == province_id, Succession.old_id == province_id)
        )
    )
    return sorted({province_id, *(place for row in rows for place in row)})


def ordered(found: Iterable[AdminUnit]) -> list[AdminUnit]:
    """In Vietnamese order of their names without the type."""
    return sorted(found, key=lambda row: (sort_key(row.name.removeprefix(row.type.capitalize())), row.name))


# What became of a unit -------------------------------------------------------------------------------------------


def successors(ids: Iterable[int]) -> dict[int, int]:
    """Old unit → the new one that it went into wholly; a divided unit is not in it. One query."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    whole = select(Succession.old_id, Succession.new_id).where(
        Succession.old_id.in_(wanted), Succession.extent == "whole"
    )
    return {row.old_id: row.new_id for row in db.session.execute(whole)}


def successor(old: AdminUnit) -> AdminUnit | None:
    """The unit that an old one went into wholly; None when it was divided, or is a unit of today."""
    found = successors([old.id]).get(old.id)
    return None if found is None else unit(found)


def predecessors(new: AdminUnit) -> list[AdminUnit]:
    """The old units that went wholly into this one, by alphabet. One query."""
    statement = select(AdminUnit).join(Succession, Succession.old_id == AdminUnit.id)
    return ordered(db.session.scalars(statement.where(Succession.new_id == new.id, Succession.extent == "whole")))


def origins(ids: Iterable[int]) -> dict[int, int]:
    """New unit → the only old unit that it is, where it was taken over unchanged. One query."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found: dict[int, list[tuple[int, str]]] = {}
    for row in db.session.execute(select(Succession.__table__).where(Succession.new_id.in_(wanted))):
        found.setdefault(row.new_id, []).append((row.old_id, row.extent))
    return {new: parts[0][0] for new, parts in found.items() if len(parts) == 1 and parts[0][1] == "whole"}


def resolve(place: AdminUnit | None, era: Era) -> AdminUnit | None:
    """The unit in the other era's terms; None where it cannot be assigned to one."""
    if place is None:
        return None
    current = place.valid_to is None
    if current == (era == "new"):
        return place
    found = (successors if era == "new" else origins)([place.id]).get(place.id)
    return None if found is None else unit(found)


def resolved(ids: Iterable[int], era: Era) -> dict[int, int | None]:
    """The same for many ids: where each stands in that era's units, None: not assignable. Two queries, kept a request."""
    cache: dict[int, int | None] = db.session.info.setdefault(f"resolved {era}", {})
    wanted = set(ids)
    known = units(wanted - cache.keys())
    there = {key for key, row in known.items() if (row.valid_to is None) == (era == "new")}
    moved = (successors if era == "new" else origins)(set(known) - there)
    cache.update({key: key if key in there else moved.get(key) for key in known})
    return {key: cache[key] for key in wanted & cache.keys()}


# What a post covers ----------------------------------------------------------------------------------------------


def covered(unit_id: int) -> set[int]:
    """The unit, the old units that went wholly into it, and everything below them: ids of both eras. One query."""
    cache: dict[int, set[int]] = db.session.info.setdefault("covered", {})
    if unit_id not in cache:
        before = select(Succession.old_id).where(Succession.new_id == unit_id, Succession.extent == "whole")
        roots = select(AdminUnit.id).where(or_(AdminUnit.id == unit_id, AdminUnit.id.in_(before)))
        tree = roots.cte("tree", recursive=True)
        tree = tree.union(select(AdminUnit.id).where(AdminUnit.parent_id == tree.c.id))
        cache[unit_id] = set(db.session.scalars(select(tree.c.id)))
    return cache[unit_id]


def area_ids(area_id: int) -> set[int]:
    """The units of both eras in a reporting area. One query."""
    return set(db.session.scalars(select(ReportingAreaUnit.unit_id).where(ReportingAreaUnit.area_id == area_id)))


def territory_ids(post: Territorial) -> set[int]:
    """All units, of both eras, that a post covers."""
    if post.unit_id is not None:
        return covered(post.unit_id)
    return set() if post.area_id is None else area_ids(post.area_id)


def within(place: AdminUnit, ancestor: AdminUnit) -> bool:
    """Whether a unit is that one, lies in it, or went wholly into it."""
    return place.id in covered(ancestor.id)


# Reporting areas -------------------------------------------------------------------------------------------------


def areas() -> list[ReportingArea]:
    """All reporting areas. One query."""
    return list(db.session.scalars(select(ReportingArea).order_by(ReportingArea.name)))


def area_by_name(name: str) -> ReportingArea | None:
    """An area by its name or code, with or without diacritics."""
    wanted = fold(name)
    return next((row for row in areas() if wanted in (fold(row.name), fold(row.code))), None)


def units_of_area(area: ReportingArea, era: Era = "new") -> list[AdminUnit]:
    """The area's communes of one era, by alphabet. One query."""
    statement = (
        select(AdminUnit)
        .join(ReportingAreaUnit, ReportingAreaUnit.unit_id == AdminUnit.id)
        .where(ReportingAreaUnit.area_id == area.id)
    )
    today = AdminUnit.valid_to.is_(None) if era == "new" else AdminUnit.valid_to.is_not(None)
    return ordered(db.session.scalars(statement.where(today)))


# What people wrote -----------------------------------------------------------------------------------------------


def find_commune(
    text: str, *, at: date, province_id: int | None = None, area: ReportingArea | None = None
) -> AdminUnit | None:
    """The one commune meant by a written name, or None when there is none or more than one.

    Units of the day `at` go first, then those of the other era (a paper of 2026 may still say "TT Than Uyên");
    within each, the type that was written must agree before it may differ.
    """
    found = candidates(text, at=at, province_id=province_id, area=area)
    return found[0] if len(found) == 1 else None


def candidates(
    text: str, *, at: date, province_id: int | None = None, area: ReportingArea | None = None
) -> list[AdminUnit]:
    """The communes that a written name may mean, after everything in the text has been used to tell them apart."""
    written = names.read(text)
    statement = select(AdminUnit).where(AdminUnit.level == "commune", AdminUnit.folded == written.folded)
    if area is not None:
        statement = statement.where(AdminUnit.id.in_(area_ids(area.id)))
    found = list(db.session.scalars(statement.options(WITH_PARENTS)))
    if area is None and province_id is not None:
        inside = set(same_province(province_id))
        found = [row for row in found if inside & {above.id for above in chain_of(row)}]
    for typed in (True, False):
        for same_day in (True, False):
            chosen = [
                row for row in found if (not typed or written.type in (None, row.type)) and holds(row, at) == same_day
            ]
            if chosen:
                return told_apart(chosen, written.around)
    return []


def told_apart(found: list[AdminUnit], around: tuple[str, ...]) -> list[AdminUnit]:
    """Those whose district or province was named beside them, if that leaves any."""
    if len(found) > 1 and around:
        named = [row for row in found if {above.folded for above in chain_of(row)} & set(around)]
        return named or found
    return found


def chain_of(place: AdminUnit) -> list[AdminUnit]:
    """The units above a place, nearest first."""
    above = place.parent
    return [] if above is None else [above, *chain_of(above)]


def holds(place: AdminUnit, at: date) -> bool:
    """Whether the unit was there on a day."""
    return place.valid_from <= at and (place.valid_to is None or at <= place.valid_to)
