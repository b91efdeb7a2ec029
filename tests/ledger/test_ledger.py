"""Chains of entries: what is recorded, what a change by hand does, what may be erased."""

import json
import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from marketplace.extensions import db
from marketplace.ledger import queries
from marketplace.ledger.models import Detail, Entry
from marketplace.ledger.rules import START, canonical
from marketplace.ledger.service import record
from tests.factories import Factories
from tests.ledger.tampering import by_hand, do, first_broken


@pytest.fixture
def thing(make: Factories, now: datetime) -> Any:
    """A subject with three entries."""
    unit = make.unit("Xã Thử")
    for number, event in enumerate(("unit:made", "unit:named", "unit:named"), start=1):
        record(
            event,
            unit,
            actor=7,
            on_behalf_of=number,
            now=now + timedelta(seconds=number),
            data={"tên": "Bùi Thị Ỷ", "n": number},
            personal={"address": "192.0.2.1"},
        )
    make.commit()
    return unit


def chain(unit: Any) -> list[Entry]:
    """Its entries, oldest first, as the database has them."""
    db.session.expire_all()
    return queries.history(unit)[::-1]


def test_entries_follow_from_one_another(thing: Any) -> None:
    entries = chain(thing)
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [START, entries[0].hash, entries[1].hash]
    assert first_broken(entries) is None


@pytest.mark.parametrize(
    "change",
    [
        {"event": "unit:lost"},
        {"actor": 8},
        {"on_behalf_of": None},
        {"data": {"tên": "Bùi Thị Y", "n": 2}},
        {"digests": {}},
        {"seq": 9},
    ],
)
def test_a_changed_entry_is_named(thing: Any, change: dict[str, Any]) -> None:
    with by_hand() as connection:
        connection.execute(
            update(Entry).where(Entry.subject == queries.subject_of(thing), Entry.seq == 2).values(**change)
        )
    broken = first_broken(chain(thing))
    assert broken is not None
    assert broken.seq == (3 if "seq" in change else 2)


def test_a_removed_entry_is_noticed(thing: Any) -> None:
    second = chain(thing)[1]
    do("DELETE FROM ledger_entry WHERE id = :id", id=second.id)
    assert first_broken(chain(thing)) is not None


def test_erasing_a_personal_detail_breaks_nothing(thing: Any) -> None:
    db.session.execute(delete(Detail))
    db.session.commit()
    assert first_broken(chain(thing)) is None


def test_a_personal_detail_stands_in_no_entry(thing: Any) -> None:
    for entry in chain(thing):
        assert "192.0.2.1" not in canonical({"data": entry.data, "digests": entry.digests}).decode()


def test_two_entries_never_share_a_place(thing: Any, now: datetime) -> None:
    first = chain(thing)[0]
    db.session.add(
        Entry(subject=first.subject, seq=1, event="x", at=now, data={}, digests={}, previous=START, hash="0" * 64)
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_command_counts_chains_and_names_the_first_broken_entry(app: Flask, thing: Any) -> None:
    runner = app.test_cli_runner()
    good = runner.invoke(args=["ledger", "verify", "--json"])
    found = json.loads(good.output)
    assert (good.exit_code, found["subjects"], found["entries"], found["broken"]) == (0, 1, 3, [])
    do("UPDATE ledger_entry SET event = 'forged' WHERE seq = 2")
    bad = runner.invoke(args=["ledger", "verify", "--json"])
    assert bad.exit_code == 1
    assert json.loads(bad.output)["broken"][0]["seq"] == 2


def test_writers_at_once_wait_for_each_other_and_leave_one_whole_chain(app: Flask, thing: Any, now: datetime) -> None:
    unit_id = thing.id
    db.session.rollback()

    def append() -> None:
        with app.app_context():
            db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            record("unit:named", db.session.get_one(type(thing), unit_id), actor=None, now=now)
            time.sleep(0.05)  # the others come while this one has not committed
            db.session.commit()

    threads = [threading.Thread(target=append) for _writer in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    entries = chain(thing)
    assert [entry.seq for entry in entries] == list(range(1, 8))
    assert first_broken(entries) is None
