"""Where: the areas an official may read, and one of them chosen."""

from dataclasses import dataclass
from typing import Any

from marketplace.kernel.errors import NotVisible
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Post
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit
from marketplace.places.queries import Era
from marketplace.reports import geography
from marketplace.reports.geography import Area, Geography, Unit


@dataclass(frozen=True)
class Scope:
    """An area that figures are read for; `unit_ids` None: everything there is."""

    key: str
    name: str
    geography: Geography
    unit_ids: frozenset[int] | None = None
    province_id: int | None = None
    area_id: int | None = None
    whole_province: bool = False

    def communes(self, era: Era) -> list[Unit]:
        """The communes of one era in it, by alphabet; none where it is everything."""
        return self.geography.communes(self.unit_ids or (), era)

    def words(self, era: Era, used: set[str]) -> dict[str, str]:
        """Their ids and names as marks and words; where it is everything, only of the communes in use."""
        found = self.communes(era)
        if self.unit_ids is None:
            found = self.geography.communes((int(key) for key in used if key.isdigit()), era)
        return {str(unit.id): unit.name for unit in found}


def of_area(area: Area, around: Geography) -> Scope:
    """A reporting area."""
    return Scope(area.code, area.name, around, frozenset(area.unit_ids), area.province_id, area_id=area.id)


def of_unit(unit: Unit, around: Geography) -> Scope:
    """A province or a commune, with the units of the other era that it covers."""
    province = unit.level == "province"
    return Scope(
        f"u{unit.id}", unit.name, around, around.covered(unit.id), around.province(unit.id), whole_province=province
    )


def everywhere() -> Scope:
    """Everything there is."""
    return Scope("", "", geography.of(None))


Place = tuple[Unit | Area, Geography]


def choices(user: Any) -> dict[str, Place]:
    """What an official may choose, widest first: each post's own, and what lies in it. Two queries a province."""
    found: dict[str, Place] = {}
    for post in capacities(user).posts:
        around = geography.of(province_of(post))
        for place in inside(post, around):
            found.setdefault(place.code if isinstance(place, Area) else f"u{place.id}", (place, around))
    return found


def province_of(post: Post) -> int | None:
    """The province that a post is in."""
    if post.area is not None:
        return post.area.province_id
    unit = post.unit
    return None if unit is None else unit.id if unit.level == "province" else unit.parent_id


def inside(post: Post, around: Geography) -> list[Unit | Area]:
    """A post's own area first, then the reporting areas and communes of today in it."""
    if post.area_id is not None:
        area = around.areas[post.area_id]
        return [area, *around.communes(area.unit_ids, "new")]
    unit = around.units.get(post.unit_id or 0)
    if unit is None or unit.level != "province":
        return [unit] if unit else []
    return [unit, *around.areas.values(), *around.communes(around.units, "new")]


def chosen(key: str, found: dict[str, Place]) -> Scope:
    """The area asked for, by default the first; NotVisible where it is not theirs to read."""
    if not found or (key and key not in found):
        raise NotVisible
    place, around = found[key or next(iter(found))]
    return of_area(place, around) if isinstance(place, Area) else of_unit(place, around)


def named(name: str, units: list[AdminUnit]) -> Scope | None:
    """An area by what somebody typed at a command: a reporting area, else one of these units."""
    area = places.area_by_name(name)
    if area is not None:
        around = geography.of(area.province_id)
        return of_area(around.areas[area.id], around)
    if len(units) != 1:
        return None
    unit = units[0]
    around = geography.of(unit.id if unit.level == "province" else unit.parent_id)
    return of_unit(around.units[unit.id], around) if unit.id in around.units else None
