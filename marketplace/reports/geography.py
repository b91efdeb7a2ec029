"""The units that figures are told by, read once for a province: both eras, what became of them, its reporting areas."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import String, and_, cast, literal, or_, select

from marketplace.contracts.counting import SETTING
from marketplace.contracts.rules import DEFAULT_COUNTING, Counting
from marketplace.extensions import db
from marketplace.kernel.vietnamese import sort_key
from marketplace.places.models import AdminUnit, ReportingArea, ReportingAreaUnit, Succession
from marketplace.places.queries import Era
from marketplace.web.models import Setting


@dataclass(frozen=True)
class Unit:
    """A province, district or commune of either era."""

    id: int
    level: str
    type: str
    name: str
    parent_id: int | None
    today: bool
    lat: float | None
    lon: float | None
    area_km2: Decimal | None


@dataclass
class Area:
    """A reporting area with its units of both eras."""

    id: int
    code: str
    name: str
    province_id: int
    unit_ids: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Geography:
    """Units by id; old → the new one they went into wholly; new → the old ones; what counts in each province."""

    units: Mapping[int, Unit]
    later: Mapping[int, int]
    earlier: Mapping[int, set[int]]
    divided: frozenset[int]
    areas: Mapping[int, Area]
    countings: Mapping[int, frozenset[Counting]]

    def commune(self, unit_id: int | None, era: Era) -> int | None:
        """Where a unit stands in that era's communes; None: not assignable."""
        unit = self.units.get(unit_id or 0)
        if unit is None or unit.today == (era == "new"):
            return unit.id if unit else None
        if era == "new":
            return self.later.get(unit.id)
        before = self.earlier.get(unit.id, set())
        return next(iter(before)) if len(before) == 1 and unit.id not in self.divided else None

    def covered(self, unit_id: int) -> frozenset[int]:
        """The unit, the old units that went wholly into it, and everything below them."""
        inside = {unit_id, *self.earlier.get(unit_id, set())}
        while more := {unit.id for unit in self.units.values() if unit.parent_id in inside} - inside:
            inside |= more
        return frozenset(inside)

    def communes(self, ids: Iterable[int], era: Era) -> list[Unit]:
        """Those of them that are communes of the era, by alphabet without their type."""
        found = (self.units[key] for key in ids if key in self.units)
        return by_alphabet(unit for unit in found if unit.level == "commune" and unit.today == (era == "new"))

    def province(self, unit_id: int | None) -> int | None:
        """Today's province of a unit; None for what is not in this geography."""
        unit = self.units.get(unit_id or 0)
        while unit is not None and unit.parent_id is not None:
            unit = self.units.get(unit.parent_id)
        return None if unit is None else self.later.get(unit.id, unit.id)

    def areas_of(self, unit_id: int | None) -> set[int]:
        """The reporting areas that a unit belongs to."""
        return {area.id for area in self.areas.values() if unit_id in area.unit_ids}

    def counting(self, province_id: int | None) -> frozenset[Counting]:
        """What counts as signed in a province."""
        return self.countings.get(province_id or 0, DEFAULT_COUNTING)


def by_alphabet(units: Iterable[Unit]) -> list[Unit]:
    """In Vietnamese order of their names without the type."""
    return sorted(units, key=lambda unit: (sort_key(unit.name.removeprefix(unit.type.capitalize())), unit.name))


def of(province_id: int | None) -> Geography:
    """A province's, or (None) everything there is. Two queries, kept for the request."""
    cache: dict[int | None, Geography] = db.session.info.setdefault("geography", {})
    if province_id not in cache:
        cache[province_id] = read(province_id)
    return cache[province_id]


def read(province_id: int | None) -> Geography:
    """The two queries behind it."""
    units: dict[int, Unit] = {}
    later: dict[int, int] = {}
    earlier: dict[int, set[int]] = defaultdict(set)
    divided: set[int] = set()
    for row in db.session.execute(tree(province_id)):
        units[row.id] = Unit(
            row.id, row.level, row.type, row.name, row.parent_id, row.valid_to is None, row.lat, row.lon, row.area_km2
        )
        if row.extent == "whole":
            later[row.id] = row.new_id
            earlier[row.new_id].add(row.id)
        elif row.extent is not None:
            divided.add(row.new_id)
    areas: dict[int, Area] = {}
    countings: dict[int, frozenset[Counting]] = {}
    for row in db.session.execute(around(province_id)):
        if row.value is not None:
            countings[row.province_id] = frozenset(Counting(code) for code in row.value)
        if row.area_id is not None:
            area = areas.setdefault(row.area_id, Area(row.area_id, row.code, row.name, row.province_id))
            area.unit_ids.add(row.unit_id)
    return Geography(units, later, earlier, frozenset(divided), areas, countings)


def tree(province_id: int | None) -> Any:
    """The province, those that went into it and all below them, each with what became of it."""
    statement = select(
        AdminUnit.id,
        AdminUnit.level,
        AdminUnit.type,
        AdminUnit.name,
        AdminUnit.parent_id,
        AdminUnit.valid_to,
        AdminUnit.lat,
        AdminUnit.lon,
        AdminUnit.area_km2,
        Succession.new_id,
        Succession.extent,
    ).outerjoin(Succession, Succession.old_id == AdminUnit.id)
    if province_id is None:
        return statement
    before = select(Succession.old_id).where(Succession.new_id == province_id, Succession.extent == "whole")
    roots = select(AdminUnit.id).where(or_(AdminUnit.id == province_id, AdminUnit.id.in_(before)))
    below = roots.cte("below", recursive=True)
    below = below.union(select(AdminUnit.id).where(AdminUnit.parent_id == below.c.id))
    return statement.where(AdminUnit.id.in_(select(below.c.id)))


def around(province_id: int | None) -> Any:
    """Reporting areas with their units, and what counts, of the province or of all."""
    statement = (
        select(
            AdminUnit.id.label("province_id"),
            Setting.value,
            ReportingArea.id.label("area_id"),
            ReportingArea.code,
            ReportingArea.name,
            ReportingAreaUnit.unit_id,
        )
        .outerjoin(Setting, Setting.name == literal(SETTING, String) + cast(AdminUnit.id, String))
        .outerjoin(ReportingArea, ReportingArea.province_id == AdminUnit.id)
        .outerjoin(ReportingAreaUnit, ReportingAreaUnit.area_id == ReportingArea.id)
    )
    here = AdminUnit.id == province_id if province_id is not None else AdminUnit.level == "province"
    return statement.where(and_(here, AdminUnit.valid_to.is_(None)))
