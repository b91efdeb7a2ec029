"""Where: the areas an official may read, one of them chosen, and its communes in either era."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.kernel.errors import NotVisible
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Post
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.places.queries import Era


@dataclass(frozen=True)
class Scope:
    """An area that figures are read for; `unit_ids` None: everything there is."""

    key: str
    name: str
    unit_ids: frozenset[int] | None = None
    province_id: int | None = None
    area: ReportingArea | None = None
    unit: AdminUnit | None = None


EVERYWHERE = Scope("", "")


def of_area(area: ReportingArea) -> Scope:
    """A reporting area."""
    return Scope(area.code, area.name, frozenset(places.area_ids(area.id)), area.province_id, area=area)


def of_unit(unit: AdminUnit) -> Scope:
    """A province or a commune, with the units of the other era that it covers."""
    province = unit.id if unit.level == "province" else unit.parent_id
    return Scope(f"u{unit.id}", unit.name, frozenset(places.covered(unit.id)), province, unit=unit)


def choices(user: Any, today: date) -> dict[str, AdminUnit | ReportingArea]:
    """What an official may choose, widest first: each post's own, and what lies in it."""
    found: dict[str, AdminUnit | ReportingArea] = {}
    for post in capacities(user).posts:
        for place in inside(post, today):
            found.setdefault(place.code if isinstance(place, ReportingArea) else f"u{place.id}", place)
    return found


def inside(post: Post, today: date) -> list[AdminUnit | ReportingArea]:
    """A post's own area first, then the reporting areas and communes of today in it."""
    if post.area is not None:
        return [post.area, *places.units_of_area(post.area)]
    if post.unit is None:
        return []
    if post.unit.level != "province":
        return [post.unit]
    areas = [area for area in places.areas() if area.province_id == post.unit.id]
    return [post.unit, *areas, *places.communes(post.unit.id, today)]


def chosen(key: str, found: dict[str, AdminUnit | ReportingArea]) -> Scope:
    """The area asked for, by default the first; NotVisible where it is not theirs to read."""
    if not found or (key and key not in found):
        raise NotVisible
    place = found[key or next(iter(found))]
    return of_area(place) if isinstance(place, ReportingArea) else of_unit(place)


def named(name: str, today: date) -> Scope | None:
    """An area by what somebody typed at a command: a reporting area, a province, a commune."""
    area = places.area_by_name(name)
    if area is not None:
        return of_area(area)
    folded = places.names.folded_name(name)
    unit = next((row for row in places.provinces(today) if row.folded == folded), None)
    unit = unit or places.find_commune(name, at=today)
    return None if unit is None else of_unit(unit)


def communes(scope: Scope, era: Era) -> list[AdminUnit]:
    """The communes of one era in the scope, by alphabet; nothing where the scope is everything."""
    if scope.area is not None:
        return places.units_of_area(scope.area, era)
    if scope.unit_ids is None:
        return []
    found = places.units(scope.unit_ids).values()
    return places.ordered(row for row in found if row.level == "commune" and (row.valid_to is None) == (era == "new"))
