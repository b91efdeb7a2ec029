"""What all parts of the demonstration share: the day it is loaded, its people, organisations and products."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from marketplace.accounts.models import User
from marketplace.kernel.dates import add_months, local_time, month_start
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Membership, Organisation
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit
from marketplace.products.models import Product

OPENING = date(2025, 10, 1)
"""The day on which the invented installation began: papers of the years before were entered after it."""


@dataclass
class Stage:
    """Who and what plays; the dates are counted back from `today`, so that the demonstration is always of this year."""

    today: date
    password_hash: str
    public_url: str
    say: Callable[[str], None]
    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)

    def at(self, day: date, hour: int = 9) -> datetime:
        """A working hour of a day in Vietnam."""
        offset = local_time(datetime.combine(day, time(0), UTC)).utcoffset() or timedelta(0)
        return datetime.combine(day, time(hour), UTC) - offset

    def ago(self, days: int, hour: int = 9) -> datetime:
        """So many days before today."""
        return self.at(self.day(days), hour)

    def day(self, days: int) -> date:
        """The day so many days before today; negative numbers lie ahead."""
        return self.today - timedelta(days=days)

    @staticmethod
    def day_before(day: date) -> date:
        """The day before another."""
        return day - timedelta(days=1)

    def month(self, months: int, start: date | None = None) -> date:
        """The first of the month so many months after that of a day (today)."""
        return add_months(month_start(start or self.today), months)

    def unit(self, name: str, province: str = "Lai Châu") -> AdminUnit:
        """A commune of today."""
        parent = next(unit for unit in places.provinces(self.today) if unit.name.endswith(province))
        found = places.find_commune(name, at=self.today, province_id=parent.id)
        if found is None:
            raise LookupError(f"no commune {name!r} in {province}")
        return found

    def province(self, name: str = "Lai Châu") -> AdminUnit:
        """A province of today."""
        return next(unit for unit in places.provinces(self.today) if unit.name.endswith(name))

    def actor(self, organisation: str) -> User:
        """The representative, who plays under the same key as the organisation."""
        return self.people[organisation]

    def membership(self, organisation: str) -> Membership:
        """By which the representative signs."""
        found = organisations.membership_of(self.people[organisation].id, self.organisations[organisation])
        if found is None:
            raise LookupError(f"nobody signs for {organisation}")
        return found
