"""Reads of the ledger: a subject's history, all chains for checking."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import select

from marketplace.extensions import db
from marketplace.ledger.models import Entry


def subject_of(thing: Any) -> str:
    """The ledger's name of a stored thing: its table and id."""
    return f"{thing.__tablename__}:{thing.id}"


def history(thing: Any, limit: int = 200) -> list[Entry]:
    """What was recorded about a thing, newest first. One query."""
    statement = select(Entry).filter_by(subject=subject_of(thing)).order_by(Entry.seq.desc()).limit(limit)
    return list(db.session.scalars(statement))


def recent(thing: Any) -> list[Entry]:
    """The last few entries, for the page that tells somebody that a thing has changed meanwhile."""
    return [] if thing is None else history(thing, limit=3)


def chains() -> Iterator[tuple[str, Iterator[Entry]]]:
    """Every subject with its entries in order, streamed."""
    statement = select(Entry).order_by(Entry.subject, Entry.seq).execution_options(yield_per=1000)
    yield from groupby(db.session.scalars(statement), key=lambda entry: entry.subject)
