"""Reads for imports: what the database knows of the things a file names, and the uploads an officer may see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, or_, select

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation, OrganisationPlace, StatusChange
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.register.models import RegisterImport
from marketplace.register.names import SWITCH

T = TypeVar("T")
LAST_OLD_DAY = date.fromordinal(SWITCH.toordinal() - 1)


def visible_to(user: Any) -> Select[RegisterImport]:
    """One's own uploads; officers of the province see their province's."""
    mine = RegisterImport.uploaded_by_id == user.id
    provinces = [post.unit_id for post in capacities(user).acting_posts if post.unit and post.unit.level == "province"]
    return select(RegisterImport).where(or_(mine, RegisterImport.province_id.in_(provinces)))


def get(import_id: int, visible_to: Any) -> RegisterImport:
    """One upload, or NotVisible."""
    found = db.session.scalar(seen_by(visible_to).where(RegisterImport.id == import_id))
    if found is None:
        raise NotVisible
    return found


seen_by = visible_to
"""The same function under a name that `get` does not hide."""


def province_of(user: Any) -> AdminUnit | None:
    """The province that an officer's first acting post lies in."""
    for post in capacities(user).acting_posts:
        unit = post.unit
        while unit is not None and unit.level != "province":
            unit = unit.parent
        if unit is not None:
            return unit
    return None


def areas_of(user: Any) -> list[ReportingArea]:
    """Reporting areas that touch an officer's territory."""
    territory = organisations.territory(user, acting=True)
    return [area for area in places.areas() if territory & places.area_ids(area.id)]


def communes(area: ReportingArea | None, province_id: int | None, era: places.Era) -> list[AdminUnit]:
    """The communes of an era in an area, else in a province; none where neither is known."""
    if area is not None:
        return places.units_of_area(area, era)
    if province_id is None:
        return []
    return places.communes(province_id, LAST_OLD_DAY if era == "old" else SWITCH)


def hold_communes(area: ReportingArea | None, province: AdminUnit | None) -> None:
    """Let imports and registrations in the same communes follow each other, so that nothing is entered twice at once."""
    province_id = province.id if province else None
    units = [*communes(area, province_id, "old"), *communes(area, province_id, "new")]
    ids = [unit.id for unit in units]
    if ids:
        statement = select(AdminUnit.id).where(AdminUnit.id.in_(ids)).order_by(AdminUnit.id)
        db.session.execute(statement.with_for_update(key_share=True)).all()


def chunks(values: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """Lists short enough for one statement."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


class Known:
    """Organisations that share a tax code or a folded name with something in the file, with what they are compared by."""

    def __init__(self, codes: Iterable[str], keys: Iterable[str]) -> None:
        found: dict[int, Organisation] = {}
        for column, values in ((Organisation.tax_code, set(codes)), (Organisation.folded, set(keys))):
            for some in chunks(sorted(values)):
                found |= {row.id: row for row in db.session.scalars(select(Organisation).where(column.in_(some)))}
        self.by_code = {row.tax_code: row for row in found.values() if row.tax_code}
        self.by_key: dict[str, list[Organisation]] = defaultdict(list)
        for row in sorted(found.values(), key=lambda row: row.id):
            self.by_key[row.folded].append(row)
        self.statuses = latest_statuses(found)
        units = {place.unit_id for row in found.values() for place in row.places}
        self.after: dict[int, int] = places.successors(units)

    def learn(self, units: Iterable[int]) -> None:
        """Also know what became of the units that the file names."""
        self.after |= places.successors(set(units) - set(self.after))

    def related(self, one: int, other: int) -> bool:
        """The same unit, or one went wholly into the other; two old units of one new one are not."""
        return one == other or self.after.get(one) == other or self.after.get(other) == one


def latest_statuses(ids: Iterable[int]) -> dict[int, StatusChange]:
    """The last entered status of each organisation."""
    found: dict[int, StatusChange] = {}
    for some in chunks(ids):
        statement = select(StatusChange).where(StatusChange.organisation_id.in_(some))
        for row in db.session.scalars(statement.order_by(StatusChange.effective_on, StatusChange.id)):
            found[row.organisation_id] = row
    return found


def names_within(units: set[int] | None, limit: int = 5000) -> list[str]:
    """Names of organisations seated in these units, for "did you mean"."""
    statement = select(Organisation.name).order_by(Organisation.id).limit(limit)
    if units is not None:
        seated = select(OrganisationPlace.organisation_id).where(OrganisationPlace.unit_id.in_(sorted(units)))
        statement = statement.where(Organisation.id.in_(seated))
    return list(db.session.scalars(statement))
