"""Making a root over everything that is in none yet. It belongs to the caller's transaction."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, literal, select

from marketplace.extensions import db
from marketplace.kernel.dates import day_end
from marketplace.ledger import queries
from marketplace.ledger.merkle import Tree
from marketplace.ledger.models import Entry, Membership, Root
from marketplace.ledger.roots import hash_of_root
from marketplace.ledger.rules import START
from marketplace.ledger.service import hold


def seal(day: date, *, now: datetime) -> Root | None:
    """The root of a day, over all entries of that day and before which are in no root.

    Every day has one from the first entry on, also a day without entries: then nobody has to believe that there were none.
    None where the day has its root already, or nothing was ever recorded. What came too late for an earlier root, or
    while no worker ran, is in this one. Two hosts at once: the second waits (PostgreSQL; on SQLite one writes at a time),
    then finds the day done; the unique day and number would stop it anyway.
    """
    hold("ledger_root")
    last = queries.latest_root()
    if last is not None and last.day >= day:
        return None
    number = last.number + 1 if last else 1
    merkle = gather(number, day)
    if not merkle.size and last is None:
        return None
    root = Root(
        number=number,
        day=day,
        entries=merkle.size,
        merkle=merkle.root().hex(),
        previous=last.hash if last else START,
        made_at=now,
    )
    root.hash = hash_of_root(root)
    db.session.add(root)
    db.session.flush()
    return root


def days_without(until: date) -> list[date]:
    """The days up to this one that should have a root and have none yet; the first root begins the days."""
    last = queries.latest_root()
    if last is None:
        return [until]
    return [last.day + timedelta(days=ahead) for ahead in range(1, (until - last.day).days + 1)]


def gather(number: int, day: date) -> Tree:
    """Write down which entries the root holds, in the order they came; then their tree. Nothing is kept in memory."""
    position = func.row_number().over(order_by=Entry.id) - 1
    found = select(Entry.id, literal(number), position, Entry.subject, Entry.seq, Entry.hash)
    waiting = found.where(Entry.at < day_end(day), queries.in_no_root())
    columns = ["entry_id", "root", "position", "subject", "seq", "hash"]
    db.session.execute(insert(Membership).from_select(columns, waiting))
    return Tree(queries.hashes_of(number))
