"""The database itself refuses to change or delete what is recorded, on both kinds, made by either way."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, delete, text
from sqlalchemy.exc import IntegrityError

from marketplace.extensions import db
from marketplace.ledger import guards
from marketplace.ledger.models import Detail, Entry
from marketplace.ledger.service import record
from tests.conftest import make_app
from tests.databases import postgresql
from tests.factories import Factories

REFUSED = [
    "UPDATE ledger_entry SET event = 'forged'",
    "UPDATE ledger_entry SET actor = NULL WHERE seq = 1",
    "DELETE FROM ledger_entry",
    "DELETE FROM ledger_membership",
    "DELETE FROM ledger_root",
    "UPDATE ledger_root SET made_at = made_at",
    "UPDATE ledger_membership SET hash = ''",
    "UPDATE ledger_detail SET value = 'other'",
    "INSERT INTO ledger_entry (id, subject, seq, event, at, data, digests, previous, hash) "
    "SELECT id, subject, seq, 'forged', at, data, digests, previous, hash FROM ledger_entry WHERE true "
    "ON CONFLICT (subject, seq) DO UPDATE SET event = 'forged'",
]
REPLACES = [
    "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
    "INSERT OR REPLACE INTO ledger_entry (subject, seq, event, at, data, digests, previous, hash) "
    "SELECT subject, seq, 'forged', at, data, digests, previous, hash FROM ledger_entry",
    "INSERT OR REPLACE INTO ledger_detail SELECT * FROM ledger_detail",
    "INSERT OR REPLACE INTO ledger_root SELECT * FROM ledger_root",
    "INSERT OR REPLACE INTO ledger_root SELECT number + 1, day, entries, merkle, previous, hash, made_at FROM ledger_root",
    "INSERT OR REPLACE INTO ledger_membership SELECT * FROM ledger_membership",
]


@pytest.fixture
def recorded(make: Factories, now: datetime) -> Any:
    """An entry with a personal detail, in a root."""
    unit = make.unit("Xã Thử")
    entry = record("unit:made", unit, actor=7, now=now, personal={"address": "192.0.2.1"})
    hashed = "0" * 64
    for statement in (
        "INSERT INTO ledger_root (number, day, entries, merkle, previous, hash, made_at) "
        "VALUES (1, '2026-10-14', 1, :h, :h, :h, '2026-10-15 00:00:00')",
        "INSERT INTO ledger_membership (entry_id, root, position, subject, seq, hash) VALUES (:id, 1, 0, 'x', 1, :h)",
    ):
        db.session.execute(
            text(statement).bindparams(**{"h": hashed} | ({"id": entry.id} if ":id" in statement else {}))
        )
    db.session.commit()
    return entry


def refuses(statement: str) -> None:
    """The statement fails, and says why."""
    with pytest.raises(IntegrityError, match="insert-only"):
        db.session.execute(text(statement))
    db.session.rollback()


@pytest.mark.parametrize("statement", REFUSED)
def test_a_hand_is_stopped(recorded: Entry, statement: str) -> None:
    refuses(statement)


def test_replacing_is_changing(app: Flask, recorded: Entry) -> None:
    """Each database's own way around."""
    if db.engine.dialect.name == "sqlite":
        for statement in REPLACES:
            refuses(statement)
        return
    for table in ("ledger_entry", "ledger_root", "ledger_membership"):
        refuses(f"TRUNCATE {table} CASCADE")


def test_a_personal_detail_may_be_erased(recorded: Entry) -> None:
    db.session.execute(delete(Detail))
    db.session.commit()
    assert db.session.query(Detail).count() == 0


def test_more_may_be_recorded(recorded: Entry, make: Factories, now: datetime) -> None:
    assert record("unit:made", make.unit("Xã Khác"), actor=None, now=now).seq == 1


def test_without_the_triggers_the_same_hand_would_succeed(recorded: Entry) -> None:
    """So the refusals above are theirs."""
    connection = db.session.connection()
    guards.remove(connection)
    assert triggers(connection) == set()
    db.session.execute(text("UPDATE ledger_entry SET event = 'forged'"))
    db.session.rollback()
    assert triggers(db.session.connection()) == expected()


def triggers(connection: Connection) -> set[str]:
    """Those of the ledger that the database has."""
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'ledger%'"
    )
    return set(connection.scalars(text(catalogue)))


def expected() -> set[str]:
    """Those that must be there."""
    dialect = db.engine.dialect.name
    return {name for guard in guards.GUARDS for name in guard.names(dialect)}


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A database made by migrations."""

    def opened(url: str) -> Iterator[Flask]:
        app = make_app(url, tmp_path)
        with app.app_context():
            upgrade()
            yield app
            db.session.remove()
            db.engine.dispose()

    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path / 'migrated.sqlite3'}")
        return
    with postgresql("guards") as url:
        yield from opened(url)


def test_migrations_leave_them_also_after_a_batch(migrated: Flask) -> None:
    with db.engine.begin() as connection:
        assert triggers(connection) == expected()
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(
            "ledger_entry", recreate="always" if on_sqlite(connection) else "auto"
        ) as batch:
            batch.alter_column("event", nullable=True)
        if on_sqlite(connection):
            assert triggers(connection) != expected(), "a batch no longer drops triggers: this test shows nothing"
        guards.install(connection)
        assert triggers(connection) == expected()


def on_sqlite(connection: Connection) -> bool:
    """Whether a batch makes the table anew."""
    return connection.dialect.name == "sqlite"


def test_only_the_guarded_tables_have_guards() -> None:

    assert {guard.table for guard in guards.GUARDS} == {
        name for name in db.metadata.tables if name.startswith("ledger_")
    }
