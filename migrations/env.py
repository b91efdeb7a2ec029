"""Alembic's environment: the application's tables, without the text index and the queue's own tables."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

from marketplace import textindex
from marketplace.extensions import db


def include_object(_thing: Any, name: str | None, _kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave out what no model declares: the text index, the task queue's tables."""
    if not reflected or compare_to is not None:
        return True
    return not (textindex.unmanaged(name) or (name or "").startswith("huey_"))


def render_item(kind: str, thing: Any, _context: Any) -> str | bool:
    """Write our column types as the plain ones beneath: a migration must not change when the application does."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


def run_migrations() -> None:
    """On the application's own engine, one transaction for all."""
    extension = current_app.extensions["migrate"]
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            render_item=render_item,
            **extension.configure_args,
        )
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A batch drops a table and makes it anew: rows that point to it must wait for that. No transaction yet.
            raw = connection.connection.dbapi_connection
            raw.execute("pragma foreign_keys=off")
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (lost := connection.exec_driver_sql("pragma foreign_key_check").fetchall()):
                raise RuntimeError(f"rows point to what is not there: {lost[:5]}")
        if sqlite:
            connection.commit()  # the pragma is silently ignored inside a transaction
            raw.execute("pragma foreign_keys=on")


run_migrations()
