"""Triggers that refuse to change or delete what is recorded: the database itself keeps the ledger insert-only.

They are no part of the metadata: made after each table is (`create_all`), and by migrations with
`install(op.get_bind())`, also after every batch, for SQLite makes a table anew in a batch and drops what hung on it.
Who owns the database can drop them; what such a hand does then is found by `flask ledger verify`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, inspect

FUNCTION = "ledger_insert_only"


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
        for statement in self.sqlite() if connection.dialect.name == "sqlite" else self.postgresql():
            connection.exec_driver_sql(statement)

    def sqlite(self) -> list[str]:
        """A trigger for each act."""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.table} is insert-only'); END"
        there = " OR ".join(f"({key})" for key in self.keys)
        made = {"replace": f"BEFORE INSERT ON {self.table} WHEN EXISTS (SELECT 1 FROM {self.table} WHERE {there})"}
        made |= {act: f"BEFORE {act.upper()} ON {self.table}" for act in self.acts if act != "truncate"}
        return [
            statement
            for act, when in made.items()
            for statement in (
                f"DROP TRIGGER IF EXISTS {self.table}_no_{act}",
                f"CREATE TRIGGER {self.table}_no_{act} {when} {refuse}",
            )
        ]

    def postgresql(self) -> list[str]:
        """A trigger for each act, for the whole statement: TRUNCATE knows no rows."""
        return [
            # Of class 23 (integrity), as SQLite's is.
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '%% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
            *(
                f"CREATE OR REPLACE TRIGGER {self.table}_no_{act} BEFORE {act.upper()} ON {self.table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
                for act in self.acts
            ),
        ]


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


def after_create(table: Table, connection: Connection, **_options: Any) -> None:
    """For the tables' `after_create` event."""
    for guard in GUARDS:
        if guard.table == table.name:
            guard.install(connection)
