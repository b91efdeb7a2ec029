"""Which stored files nobody points to."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, and_, exists, select

from marketplace.extensions import db
from marketplace.files.models import StoredFile


def pointing_columns() -> list[Column]:
    """Every column of any slice with a foreign key to stored_file: a new slice's files are safe without a list here."""
    table = StoredFile.__table__
    return [
        column
        for other in db.metadata.sorted_tables
        for column in other.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def unnamed(before: datetime) -> list[StoredFile]:
    """Files stored before a moment that no row points to."""
    named = [exists().where(column == StoredFile.id) for column in pointing_columns()]
    statement = select(StoredFile).where(StoredFile.stored_at < before, and_(True, *(~each for each in named)))
    return list(db.session.scalars(statement.order_by(StoredFile.id)))


def known(digests: Iterable[str]) -> set[str]:
    """Those of the digests that some row still has."""
    asked = list(digests)
    found: set[str] = set()
    for start in range(0, len(asked), 500):
        part = asked[start : start + 500]
        found.update(db.session.scalars(select(StoredFile.digest).where(StoredFile.digest.in_(part))))
    return found
