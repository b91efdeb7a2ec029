"""What somebody with the database's password can do: the triggers taken away, no foreign key asked, the triggers put back."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text

from marketplace.extensions import db
from marketplace.ledger import guards
from marketplace.ledger.models import Entry
from marketplace.ledger.rules import START, fault


@contextmanager
def by_hand() -> Iterator[Connection]:
    """A connection of one's own past all that protects the ledger; afterwards everything looks as before."""
    db.session.commit()
    sqlite = db.engine.dialect.name == "sqlite"
    engine = create_engine(db.engine.url) if sqlite else db.engine
    try:
        with engine.begin() as connection:
            guards.remove(connection)
            if not sqlite:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
            guards.install(connection)
    finally:
        if sqlite:
            engine.dispose()
        db.session.rollback()


def do(statement: str, **values: object) -> None:
    """One statement by hand; it must hit something."""
    with by_hand() as connection:
        assert connection.execute(text(statement), values).rowcount


def first_broken(entries: Iterable[Entry]) -> Entry | None:
    """The first entry of one subject's chain that does not follow from the one before, or None."""
    previous = START
    for seq, entry in enumerate(entries, start=1):
        if fault(entry, seq, previous):
            return entry
        previous = entry.hash
    return None
