"""Reads of the ledger: a subject's history, the roots, the proof that an entry stands in one."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.sql import ColumnElement

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.ledger.merkle import Tree, leaf, path
from marketplace.ledger.models import Entry, Membership, Root
from marketplace.ledger.roots import Inclusion, Published

BLOCK = 1024
"""Leaves that a proof reads; a power of two, so that a block is a subtree."""


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


def in_no_root() -> ColumnElement[bool]:
    """Entries that no root holds yet. By their absence, never by "id above the last": ids are committed in any order."""
    return ~exists().where(Membership.entry_id == Entry.id)


def count_unsealed() -> int:
    """How many entries wait for the next root."""
    return db.session.scalar(select(func.count(Entry.id)).where(in_no_root())) or 0


def latest_root(day: date | None = None) -> Root | None:
    """The newest root, or the newest up to a day."""
    statement = select(Root).order_by(Root.number.desc()).limit(1)
    return db.session.scalar(statement if day is None else statement.where(Root.day <= day))


def roots() -> Select[tuple[Root]]:
    """All roots, for the page that lists them."""
    return select(Root)


def all_roots() -> Iterator[Root]:
    """All roots, oldest first, streamed."""
    yield from db.session.scalars(select(Root).order_by(Root.number).execution_options(yield_per=500))


def root_on(day: date) -> Root:
    """The root of a day."""
    root = db.session.scalar(select(Root).filter_by(day=day))
    if root is None:
        raise NotVisible
    return root


def root_numbered(number: int) -> Root | None:
    """A neighbour of a root."""
    return db.session.get(Root, number)


def root_of(entry: Entry) -> Root | None:
    """The root that an entry stands in. One query."""
    held = select(Membership.root).where(Membership.entry_id == entry.id).scalar_subquery()
    return db.session.scalar(select(Root).where(Root.number == held))


def inclusion(entry: Entry) -> Inclusion | None:
    """The proof that an entry stands in its root; None where it waits for one."""
    held = db.session.scalar(select(Membership).filter_by(entry_id=entry.id))
    return None if held is None else proof_of(held)


def proof_of_hash(entry_hash: str) -> Inclusion | None:
    """The same for somebody who has only the entry's hash."""
    held = db.session.scalar(select(Membership).filter_by(hash=entry_hash).limit(1))
    return None if held is None else proof_of(held)


def proof_of(held: Membership) -> Inclusion:
    """From a leaf to its root: among the leaves of its block, then among the blocks."""
    root = db.session.get_one(Root, held.root)
    number, place = divmod(held.position, BLOCK)
    near = [leaf(each) for each in hashes_of(root.number, number * BLOCK, BLOCK)]
    found = path(near, place, len(near))
    if root.entries > BLOCK:
        far = blocks_of(root.number, root.hash)
        found += path(far, number, len(far))
    known = Published(root.number, root.day, root.entries, root.merkle, root.previous, root.hash)
    return Inclusion(known, held.position, tuple(each.hex() for each in found))


def hashes_of(number: int, start: int = 0, limit: int | None = None) -> Iterator[bytes]:
    """The hashes of the entries in a root, from a place on."""
    statement = select(Membership.hash).where(Membership.root == number, Membership.position >= start)
    statement = statement.order_by(Membership.position).limit(limit).execution_options(yield_per=5_000)
    for hashed in db.session.scalars(statement):
        yield bytes.fromhex(hashed)


@lru_cache(maxsize=64)
def blocks_of(number: int, _root_hash: str) -> tuple[bytes, ...]:
    """The subtrees over each thousand leaves of a root, read once: what a root holds never changes."""
    found, hashes = [], hashes_of(number)
    while block := list(islice(hashes, BLOCK)):
        found.append(Tree(block).root())
    return tuple(found)
