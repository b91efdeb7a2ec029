"""A ledger of a few days: three subjects, two roots, and something that waits for the next."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.ledger import service_roots
from marketplace.ledger.models import Root
from marketplace.ledger.roots import published
from marketplace.ledger.service import record
from tests.factories import Factories

DAY = timedelta(days=1)

Verify = Callable[..., dict[str, Any]]


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


@pytest.fixture
def verify(app: Flask) -> Verify:
    """The command; its report, after its exit status was found to agree."""

    def run(*arguments: str) -> dict[str, Any]:
        db.session.rollback()
        done = app.test_cli_runner().invoke(args=["ledger", "verify", "--json", *arguments])
        assert done.output.startswith("{"), done.output
        found: dict[str, Any] = json.loads(done.stdout)
        assert done.exit_code == (1 if found["broken"] else 0)
        return found

    return run


@pytest.fixture
def kept(ledger: list[str], tmp_path: Path) -> Path:
    """The roots as a stranger downloaded them before anything happened."""
    file = tmp_path / "roots.json"
    rows = [published(root) for root in db.session.scalars(select(Root).order_by(Root.number))]
    file.write_text(json.dumps({"roots": rows}))
    return file
