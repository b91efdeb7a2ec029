"""Loading the units of both eras from the files in data/; a second load changes nothing."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from marketplace.extensions import db
from marketplace.places.models import UNKNOWN_START, AdminUnit, ReportingArea, ReportingAreaUnit, Succession
from marketplace.places.names import folded_name, split_type

DATA = Path(__file__).parent / "data"
LEVELS = ("province", "district", "commune")
CHUNK = 2000

Key = tuple[str, str, bool]
"""Level, code, and whether it is of today's era: what the files refer to a unit by."""


@dataclass
class Loaded:
    """What a load did, for each kind of row."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, created: int, changed: int, unchanged: int) -> None:
        self.created[what] = self.created.get(what, 0) + created
        self.changed[what] = self.changed.get(what, 0) + changed
        self.unchanged[what] = self.unchanged.get(what, 0) + unchanged

    @property
    def nothing_new(self) -> bool:
        return not any([*self.created.values(), *self.changed.values()])


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file in data/."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load(progress: Callable[[str, int], None] = lambda what, done: None) -> Loaded:
    """Import units, successions and reporting areas; the caller commits. `progress` hears of every chunk."""
    loaded = Loaded()
    ids = load_units(loaded, progress)
    load_successions(loaded, ids, progress)
    load_areas(loaded, ids)
    return loaded


def load_units(loaded: Loaded, progress: Callable[[str, int], None]) -> dict[Key, int]:
    """Provinces, then districts, then communes, so that parents are there; returns the ids by key."""
    columns = [column for column in AdminUnit.__table__.columns if column.name != "id"]
    stored = {(row.code, row.valid_from): row for row in db.session.execute(select(AdminUnit.__table__))}
    ids: dict[Key, int] = {}
    by_level: dict[str, list[dict[str, str]]] = {level: [] for level in LEVELS}
    for row in rows_of("admin_units.csv"):
        by_level[row["level"]].append(row)
    done = 0
    for level in LEVELS:
        fresh, altered = [], []
        for row in by_level[level]:
            wanted = unit_values(row, ids)
            before = stored.get((wanted["code"], wanted["valid_from"]))
            if before is None:
                fresh.append(wanted)
            elif any(getattr(before, column.name) != wanted[column.name] for column in columns):
                altered.append({"id": before.id, **wanted})
        for part in chunks(fresh):
            db.session.execute(insert(AdminUnit), part)
            progress("units", done := done + len(part))
        if altered:
            db.session.execute(update(AdminUnit), altered)
        loaded.count("units", len(fresh), len(altered), len(by_level[level]) - len(fresh) - len(altered))
        found = db.session.execute(
            select(AdminUnit.code, AdminUnit.valid_to, AdminUnit.id).where(AdminUnit.level == level)
        )
        ids |= {(level, row.code, row.valid_to is None): row.id for row in found}
    return ids


def unit_values(row: dict[str, str], ids: dict[Key, int]) -> dict[str, Any]:
    """A row of the file as the table holds it; the parent is of the same era."""
    today = not row["valid_to"]
    parent = None
    if row["parent_code"]:
        level = "province" if today or row["level"] == "district" else "district"
        parent = ids[level, row["parent_code"], today]
    return {
        "level": row["level"],
        # Seven rows of the source carry another type than their name says; people read the name.
        "type": split_type(row["name"])[0] or row["type"],
        "code": row["code"],
        "name": row["name"],
        "folded": folded_name(row["name"]),
        "parent_id": parent,
        "valid_from": date.fromisoformat(row["valid_from"]) if row["valid_from"] else UNKNOWN_START,
        "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        "lat": float(row["lat"]) if row["lat"] else None,
        "lon": float(row["lon"]) if row["lon"] else None,
        "area_km2": round(Decimal(row["area_km2"]), 3) if row["area_km2"] else None,
    }


def load_successions(loaded: Loaded, ids: dict[Key, int], progress: Callable[[str, int], None]) -> None:
    """Which old unit went into which new one."""
    wanted = {
        (ids[row["level"], row["old_code"], False], ids[row["level"], row["new_code"], True]): row["extent"]
        for row in rows_of("admin_unit_successors.csv")
    }
    stored = {(row.old_id, row.new_id): row for row in db.session.execute(select(Succession.__table__))}
    fresh = [
        {"old_id": old, "new_id": new, "extent": extent}
        for (old, new), extent in wanted.items()
        if (old, new) not in stored
    ]
    altered = [
        {"id": stored[pair].id, "extent": extent}
        for pair, extent in wanted.items()
        if pair in stored and stored[pair].extent != extent
    ]
    done = 0
    for part in chunks(fresh):
        db.session.execute(insert(Succession), part)
        progress("successions", done := done + len(part))
    if altered:
        db.session.execute(update(Succession), altered)
    loaded.count("successions", len(fresh), len(altered), len(wanted) - len(fresh) - len(altered))


def load_areas(loaded: Loaded, ids: dict[Key, int]) -> None:
    """Reporting areas and which units, of either era, belong to them."""
    rows = list(rows_of("reporting_areas.csv"))
    stored = {area.code: area for area in db.session.scalars(select(ReportingArea))}
    fresh = {row["area"]: row for row in rows if row["area"] not in stored}
    for row in fresh.values():
        area = ReportingArea(code=row["area"], name=row["name"], province_id=ids["province", row["province"], True])
        db.session.add(area)
        stored[area.code] = area
    db.session.flush()
    members = {(row.area_id, row.unit_id) for row in db.session.execute(select(ReportingAreaUnit.__table__))}
    wanted = {(stored[row["area"]].id, ids["commune", row["code"], row["era"] == "new"]) for row in rows}
    new = [{"area_id": area, "unit_id": unit} for area, unit in sorted(wanted - members)]
    if new:
        db.session.execute(insert(ReportingAreaUnit), new)
    loaded.count("areas", len(fresh), 0, len({row["area"] for row in rows}) - len(fresh))
    loaded.count("units of areas", len(new), 0, len(wanted) - len(new))


def chunks(rows: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """The rows in parts, so that long work can say how far it is."""
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
