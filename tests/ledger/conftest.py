"""A ledger of a few days: three subjects, two roots, and something that waits for the next."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.ledger import service_roots
from marketplace.ledger.models import Root
from marketplace.ledger.service import record
from tests.factories import Factories

DAY = timedelta(days=1)


def fill(units: list[Any], at: datetime) -> None:
    """One entry with a personal detail in each chain."""
    for number, unit in enumerate(units):
        when = at + timedelta(seconds=number)
        data = {"tên": "Bùi Thị Ỷ", "n": number}
        record(
            "unit:named", unit, actor=7, on_behalf_of=number, now=when, data=data, personal={"reason": f"lý do {at}"}
        )


def seal(day: datetime, *, now: datetime) -> Root | None:
    """The root of the Vietnamese day of a moment, committed."""
    root = service_roots.seal(local_date(day), now=now)
    db.session.commit()
    return root


@pytest.fixture
def units(make: Factories) -> list[Any]:
    """Three subjects."""
    return [make.unit(f"Xã Thử {number}") for number in range(3)]


@pytest.fixture
def ledger(units: list[Any], now: datetime) -> list[str]:
    """Entries of four days (two of them in the second root), the last day's without a root; their subjects."""
    for day in range(4):
        fill(units, now + day * DAY)
        db.session.commit()
        if day in (0, 2):
            assert seal(now + day * DAY, now=now + (day + 1) * DAY)
    return [f"admin_unit:{unit.id}" for unit in units]
