"""Triggers that refuse to change or delete what is recorded: the database itself keeps the ledger insert-only.

They are no part of the metadata: made after each table is (`create_all`), and by migrations with
`install(op.get_bind())`, also after every batch, for SQLite makes a table anew in a batch and drops what hung on it.
Who owns the database can drop them; what such a hand does then is found by `flask ledger verify`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, inspect, text

FUNCTION = "ledger_insert_only"
BODY = "BEGIN RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END"
"""Of class 23 (integrity), as SQLite's is."""
WORKING = (
    "SELECT tgname, tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgqual IS NULL AND trim(prosrc) = :body"
)
"""PostgreSQL's triggers that do what ours do: neither switched off, nor under a condition, nor with another content."""


@dataclass(frozen=True)
class Guard:
    """One table: the columns by which a row is replaced rather than added, and whether rows may be erased."""

    table: str
    keys: tuple[str, ...]
    erasable: bool = False

    @property
    def acts(self) -> tuple[str, ...]:
        """What is refused."""
        return ("update",) if self.erasable else ("update", "delete", "truncate")

    def names(self, dialect: str) -> tuple[str, ...]:
        """Its triggers; on SQLite one more, for `INSERT OR REPLACE` deletes without asking the others."""
        acts = (*(act for act in self.acts if act != "truncate"), "replace") if dialect == "sqlite" else self.acts
        return tuple(f"{self.table}_no_{act}" for act in acts)

    def install(self, connection: Connection) -> None:
        """Make the triggers; made again they are the same."""
        if connection.dialect.name == "sqlite":
            for name, statement in self.sqlite().items():
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
                connection.exec_driver_sql(statement)
            return
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ {BODY.replace('%', '%%')} $$"
        )
        for act in self.acts:
            connection.exec_driver_sql(
                f"CREATE OR REPLACE TRIGGER {self.table}_no_{act} BEFORE {act.upper()} ON {self.table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"  # for the whole statement: TRUNCATE knows no rows
            )

    def sqlite(self) -> dict[str, str]:
        """A trigger for each act, by its name."""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.table} is insert-only'); END"
        there = " OR ".join(f"({key})" for key in self.keys)
        made = {"replace": f"BEFORE INSERT ON {self.table} WHEN EXISTS (SELECT 1 FROM {self.table} WHERE {there})"}
        made |= {act: f"BEFORE {act.upper()} ON {self.table}" for act in self.acts if act != "truncate"}
        return {
            f"{self.table}_no_{act}": f"CREATE TRIGGER {self.table}_no_{act} {when} {refuse}"
            for act, when in made.items()
        }


GUARDS = (
    Guard("ledger_entry", ("id = new.id", "subject = new.subject AND seq = new.seq")),
    Guard("ledger_root", ("number = new.number", "day = new.day")),
    Guard("ledger_membership", ("entry_id = new.entry_id", "root = new.root AND position = new.position")),
    Guard("ledger_detail", ("id = new.id",), erasable=True),
)


def install(connection: Connection) -> None:
    """For migrations: make the triggers of every table of the ledger that there is by now."""
    tables = set(inspect(connection).get_table_names())
    for guard in GUARDS:
        if guard.table in tables:
            guard.install(connection)


def remove(connection: Connection) -> None:
    """For migrations: take every trigger away."""
    tables = set(inspect(connection).get_table_names())
    sqlite = connection.dialect.name == "sqlite"
    for guard in GUARDS:
        if guard.table in tables:
            for name in guard.names(connection.dialect.name):
                connection.exec_driver_sql(
                    f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else f" ON {guard.table}"),
                )
    if not sqlite:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {FUNCTION}()")


def missing(connection: Connection) -> list[str]:
    """The triggers that are not there, or no longer do what they should."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        there = {row.name: row.sql for row in found}
        return [name for guard in GUARDS for name, made in guard.sqlite().items() if there.get(name) != made]
    found = connection.execute(text(WORKING), {"body": BODY})
    working = {(name, table.rpartition(".")[2]) for name, table in found}
    return [name for guard in GUARDS for name in guard.names("postgresql") if (name, guard.table) not in working]


def after_create(table: Table, connection: Connection, **_options: Any) -> None:
    """For the tables' `after_create` event."""
    for guard in GUARDS:
        if guard.table == table.name:
            guard.install(connection)
