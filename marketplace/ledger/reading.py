"""Rows as the database keeps them: a hand may have written there what no object could hold, and no driver could read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Date, Select, Text, cast, func, type_coerce
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import NullType

from marketplace.columns import Moment
from marketplace.extensions import db

PIECE = 2_000


class Broken:
    """Where a value can no longer be read: it is equal to nothing and has no JSON, so that no hash comes of it."""

    def isoformat(self, timespec: str = "") -> "Broken":
        """As a time, it stays unreadable."""
        return self


def on_sqlite() -> bool:
    """Which of the two databases this is."""
    return db.session.get_bind().dialect.name == "sqlite"


def raw(*columns: Any) -> list[Any]:
    """Columns without their types."""
    return [as_kept(column).label(column.key) for column in columns]


def as_kept(column: Any) -> ColumnElement[Any]:
    """SQLite keeps times and JSON as text. PostgreSQL is asked for text: its driver stops at a year 20000."""
    if not on_sqlite():
        if isinstance(column.type, Moment):
            return type_coerce(func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US"), NullType)
        if isinstance(column.type, Date):
            return type_coerce(func.to_char(column, "YYYY-MM-DD"), NullType)
        if isinstance(column.type, JSON):
            return type_coerce(cast(column, Text), NullType)
    return type_coerce(column, NullType)


def stream(statement: Select[Any]) -> Iterator[Any]:
    """Rows in pieces, never all at once."""
    yield from db.session.execute(statement.execution_options(yield_per=PIECE))


@contextmanager
def any_text() -> Iterator[None]:
    """SQLite keeps bytes as text that are none; read so, they fit no hash instead of stopping the reader."""
    if not on_sqlite():
        yield
        return
    connection: Any = db.session.connection().connection.dbapi_connection
    before = connection.text_factory
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        yield
    finally:
        connection.text_factory = before


def moment(value: Any) -> Any:
    """A time in UTC, kept as text."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return Broken()


def plain(value: Any) -> Any:
    """JSON, kept as text."""
    try:
        return json.loads(value)
    except (TypeError, ValueError, RecursionError):
        return Broken()
