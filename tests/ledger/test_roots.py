"""Daily roots: what goes into which, what happens late or twice, and the proof that an entry stands in one."""

import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.ledger import queries, service_roots, tasks
from marketplace.ledger.merkle import Tree
from marketplace.ledger.models import Entry, Membership, Root
from marketplace.ledger.roots import Inclusion, Published, first_broken_root, published, stated, verify_inclusion
from marketplace.ledger.rules import START
from marketplace.ledger.service import record
from marketplace.web import clock
from tests.ledger.conftest import DAY, fill, seal


def hashes(root: Root) -> list[str]:
    """What a root should hold: entries in the order they came."""
    held = select(Membership.entry_id).filter_by(root=root.number)
    return list(db.session.scalars(select(Entry.hash).where(Entry.id.in_(held)).order_by(Entry.id)))


def test_a_root_holds_everything_of_its_day_and_of_days_without_one(ledger: list[str], now: datetime) -> None:
    first, second = db.session.scalars(select(Root).order_by(Root.number))
    assert (first.number, first.day, first.entries, first.previous) == (1, date(2026, 10, 15), 3, START)
    assert (second.number, second.day, second.entries, second.previous) == (2, date(2026, 10, 17), 6, first.hash)
    for root in (first, second):
        assert root.merkle == Tree(map(bytes.fromhex, hashes(root))).root().hex()
    assert queries.count_unsealed() == 3
    assert first_broken_root([first, second]) is None


def test_a_day_has_one_root(ledger: list[str], now: datetime) -> None:
    assert seal(now + 2 * DAY, now=now + 4 * DAY) is None
    assert seal(now + 1 * DAY, now=now + 4 * DAY) is None
    assert seal(now + 3 * DAY, now=now + 4 * DAY)
    empty = seal(now + 4 * DAY, now=now + 5 * DAY)
    assert empty, "nothing was recorded since: the day has its root all the same"
    assert (empty.number, empty.entries, empty.merkle) == (4, 0, sha256(b"").hexdigest())
    assert first_broken_root(list(db.session.scalars(select(Root).order_by(Root.number)))) is None


def test_the_day_ends_at_midnight_in_vietnam(units: list[Any], now: datetime) -> None:
    midnight = datetime(2026, 10, 15, 17, 0, tzinfo=UTC)
    for at in (midnight - timedelta(microseconds=1), midnight):
        record("unit:named", units[0], actor=None, now=at)
    assert [bool(root and root.entries) for root in (seal(midnight - DAY, now=midnight),)] == [True]
    assert queries.count_unsealed() == 1
    later = seal(midnight, now=midnight + DAY)
    assert later
    assert later.day == date(2026, 10, 16)


def test_what_is_committed_late_comes_into_the_next_root(ledger: list[str], units: list[Any], now: datetime) -> None:
    """Its id may even be lower than those of the root before: nothing is asked but whether a root holds it."""
    held = db.session.scalar(select(func.max(Membership.entry_id)))
    fill(units[:1], now + 2 * DAY)
    db.session.commit()
    root = seal(now + 3 * DAY, now=now + 4 * DAY)
    assert root
    assert root.entries == 4
    assert held


def test_the_proof_of_every_entry_convinces(ledger: list[str]) -> None:
    proven = 0
    for entry in db.session.scalars(select(Entry)):
        proof, root = queries.inclusion(entry), queries.root_of(entry)
        if proof is None:
            assert root is None
            continue
        proven += 1
        assert root
        assert published(proof.root) == published(root)
        assert Inclusion.read(json.loads(json.dumps(stated(proof)))) == proof
        assert verify_inclusion(entry.hash, proof)
        assert proof == queries.proof_of_hash(entry.hash)
        assert not verify_inclusion("00" * 32, proof)
        assert not verify_inclusion("no hash", proof)
        assert not verify_inclusion(entry.hash, other(proof, day=proof.root.day + DAY))
        assert not verify_inclusion(entry.hash, other(proof, entries=proof.root.entries + 1))
        assert not verify_inclusion(entry.hash, other(proof, hash="00" * 32))
    assert proven == 9


def other(proof: Inclusion, **changed: Any) -> Inclusion:
    """The same path to another root."""
    return replace(proof, root=replace(proof.root, **changed))


def test_the_newest_root_up_to_a_day(ledger: list[str]) -> None:
    def number(day: date | None = None) -> int:
        root = queries.latest_root(day)
        return root.number if root else 0

    assert (number(), number(date(2026, 10, 17)), number(date(2026, 10, 16)), number(date(2026, 10, 14))) == (
        2,
        2,
        1,
        0,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"number": 3},
        {"entries": 7},
        {"merkle": "0" * 64},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
        {"day": date(2026, 10, 18)},
    ],
)
def test_a_changed_root_breaks_the_chain(ledger: list[str], change: dict[str, Any]) -> None:
    roots = [Published.read(published(root)) for root in db.session.scalars(select(Root).order_by(Root.number))]
    assert first_broken_root(roots) is None
    assert first_broken_root(roots[1:]) is None
    changed = replace(roots[1], **change)
    assert first_broken_root([roots[0], changed]) == changed


def test_two_hosts_at_midnight_make_one_root(app: Flask, ledger: list[str], now: datetime) -> None:
    made: list[int | None] = []
    ready = threading.Barrier(4)

    def host() -> None:
        with app.app_context():
            ready.wait()
            db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            root = service_roots.seal(date(2026, 10, 18), now=now + 4 * DAY)
            made.append(root.number if root else None)
            db.session.commit()

    hosts = [threading.Thread(target=host) for _host in range(4)]
    for one in hosts:
        one.start()
    for one in hosts:
        one.join()
    assert sorted(made, key=str) == [3, None, None, None]
    db.session.rollback()
    assert [root.entries for root in db.session.scalars(select(Root).order_by(Root.number))] == [3, 6, 3]


def test_the_worker_seals_yesterday_once(
    app: Flask, ledger: list[str], units: list[Any], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: now + 4 * DAY)
    fill(units[:1], now + 4 * DAY)
    db.session.commit()
    assert tasks.seal_day(app) == 1
    assert tasks.seal_day(app) == 0
    assert queries.count_unsealed() == 1, "today's entry waits for the end of the day"


def test_no_day_is_without_a_root_although_no_worker_ran_or_nothing_was_recorded(
    app: Flask, ledger: list[str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: now + 7 * DAY)
    assert tasks.seal_day(app) == 4
    roots = db.session.execute(select(Root.number, Root.day, Root.entries).order_by(Root.number)).all()
    assert [tuple(row) for row in roots[1:]] == [
        (2, date(2026, 10, 17), 6),
        (3, date(2026, 10, 18), 3),
        (4, date(2026, 10, 19), 0),
        (5, date(2026, 10, 20), 0),
        (6, date(2026, 10, 21), 0),
    ]
    done = app.test_cli_runner().invoke(args=["ledger", "verify", "--json"])
    assert json.loads(done.stdout)["broken"] == []


def test_the_worker_begins_with_the_first_entry(
    app: Flask, units: list[Any], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: now + 4 * DAY)
    assert tasks.seal_day(app) == 0
    fill(units[:1], now)
    db.session.commit()
    assert tasks.seal_day(app) == 1
    assert db.session.scalars(select(Root.day)).one() == date(2026, 10, 18)


def test_the_command_makes_and_shows_the_newest(
    app: Flask, ledger: list[str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: now + 3 * DAY)
    runner = app.test_cli_runner()
    before = json.loads(runner.invoke(args=["ledger", "root", "--json"]).output)
    assert (before["root"]["number"], before["waiting"]) == (2, 3)
    after = json.loads(runner.invoke(args=["ledger", "root", "--make", "--json"]).output)
    assert (after["root"]["number"], after["waiting"]) == (3, 0)
    shown = runner.invoke(args=["ledger", "root"]).output
    assert after["root"]["hash"] in shown
    assert "Gốc số 3 ngày " in shown


def test_without_entries_there_is_no_root(app: Flask) -> None:
    assert queries.latest_root() is None
    done = app.test_cli_runner().invoke(args=["ledger", "root", "--make"])
    assert done.exit_code == 0, done.output
    assert queries.latest_root() is None
