"""Alembic's environment: the application's tables, without the search index and the queue's own tables."""

from typing import Any

from alembic import context
from flask import current_app

from marketplace.extensions import db

HIDDEN = ("_fts", "huey_")


def include_object(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave out what no model declares: text index tables and columns, the task queue's tables."""
    if not reflected or compare_to is not None:
        return True
    if kind == "table":
        return not any(word in (name or "") for word in HIDDEN)
    if kind in ("index", "column"):
        return "tsv" not in (name or "")
    return True


def run_migrations() -> None:
    """On the application's own engine, one transaction for all."""
    extension = current_app.extensions["migrate"]
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            **extension.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
