"""Rows, tables and triggers in a state that no application leaves: `flask ledger verify` names them and never stops."""

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.extensions import db
from marketplace.ledger import guards
from tests.ledger.conftest import Verify
from tests.ledger.tampering import by_hand, do
from tests.ledger.test_verify import faults


@pytest.mark.parametrize(
    "change",
    [
        "data = 'no JSON'",
        "data = X'ff00'",
        "at = 'yesterday'",
        "at = 5",
        "seq = 'two'",
        "digests = '[1]'",
        "actor = X'00'",
        "event = CAST(X'ff' AS TEXT)",
        "subject = CAST(X'ff' AS TEXT)",
        "hash = X'00'",
        "data = '" + "[" * 100_000 + "'",
        "data = '" + "9" * 5_000 + "'",
        "data = '\"\\ud800\"'",
    ],
)
def test_what_no_application_could_read_is_a_finding_too(
    app: Flask, verify: Verify, ledger: list[str], change: str
) -> None:
    """SQLite keeps anything; PostgreSQL refuses such values itself."""
    if db.engine.dialect.name == "sqlite":
        with by_hand() as connection:  # not as a text(): a colon would be a parameter
            connection.exec_driver_sql(f"UPDATE ledger_entry SET {change} WHERE subject = ? AND seq = 2", (ledger[1],))
        assert (ledger[1], True) in {(row["subject"], bool(row["sentence"])) for row in verify()["broken"]}


@pytest.mark.parametrize(
    "change",
    ["at = 'infinity'", "at = '20000-01-01'", "at = '0044-03-15 BC'", "data = '%s'" % ("9" * 5_000)],
)
def test_what_no_driver_could_read_is_a_finding_too(app: Flask, verify: Verify, ledger: list[str], change: str) -> None:
    """PostgreSQL keeps days and numbers that Python has not."""
    if db.engine.dialect.name == "postgresql":
        do(f"UPDATE ledger_entry SET {change} WHERE subject = :s AND seq = 2", s=ledger[1])
        assert faults(verify())[0] == ("changed", ledger[1], 2)


def test_a_day_of_a_root_that_is_none(app: Flask, verify: Verify, ledger: list[str]) -> None:
    do("UPDATE ledger_root SET day = :d WHERE number = 2", d="infinity" if on_postgresql() else "x")
    assert ("root", 2) in {(row["fault"], row["root"]) for row in verify()["broken"]}


def on_postgresql() -> bool:
    """Which of the two databases this is."""
    return db.engine.dialect.name == "postgresql"


@pytest.mark.parametrize("name", ["ledger_detail", "ledger_membership"])
def test_a_table_renamed_is_told_and_no_traceback(app: Flask, ledger: list[str], name: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {name} RENAME TO elsewhere"))
    try:
        done = app.test_cli_runner().invoke(args=["ledger", "verify"])
        assert (done.exit_code, type(done.exception)) == (1, SystemExit)
        assert "Không đọc được hết cơ sở dữ liệu" in done.output
    finally:
        with db.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE elsewhere RENAME TO {name}"))
            guards.install(connection)


def test_a_protection_taken_away_or_weakened_is_told(app: Flask, verify: Verify, ledger: list[str]) -> None:
    weaken = (
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_update"
        if on_postgresql()
        else "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry WHEN 0 BEGIN SELECT 1; END"
    )
    try:
        with db.engine.begin() as connection:
            table = " ON ledger_root" if on_postgresql() else ""
            connection.execute(text(f"DROP TRIGGER ledger_root_no_delete{table}"))
            if not on_postgresql():
                connection.execute(text("DROP TRIGGER ledger_entry_no_update"))
            connection.execute(text(weaken))
        found = verify()["broken"]
        assert {row["fault"] for row in found} == {"unguarded"}
        assert [
            name
            for row in found
            for name in ("ledger_entry_no_update", "ledger_root_no_delete")
            if name in row["sentence"]
        ] == ["ledger_entry_no_update", "ledger_root_no_delete"]
        assert app.test_cli_runner().invoke(args=["ledger", "protect"]).exit_code == 0
        assert verify()["broken"] == []
    finally:
        with db.engine.begin() as connection:
            guards.install(connection)
