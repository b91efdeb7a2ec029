"""PURE: what an entry is made of, its canonical text, its hash, and how a chain is checked."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from marketplace.kernel.messages import msgid

START = "0" * 64


class Link(Protocol):
    """What is hashed of an entry; only read here."""

    @property
    def subject(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def event(self) -> str: ...
    @property
    def actor(self) -> int | None: ...
    @property
    def on_behalf_of(self) -> int | None: ...
    @property
    def at_text(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def digests(self) -> Mapping[str, str]: ...
    @property
    def previous(self) -> str: ...
    @property
    def hash(self) -> str: ...


def canonical(values: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8 text: the same bytes wherever it is computed."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def moment_text(moment: datetime) -> str:
    """A time as it is hashed: UTC with microseconds."""
    return moment.isoformat(timespec="microseconds")


def digest_of_detail(salt: str, value: str) -> str:
    """A personal detail stands in the chain only as this; erasing salt and value leaves the chain whole."""
    return hashlib.sha256(f"{salt}\x00{value}".encode()).hexdigest()


def written(entry: Link) -> bytes:
    """The entry and the hash before it, as they are hashed."""
    return canonical(
        {
            "subject": entry.subject,
            "seq": entry.seq,
            "event": entry.event,
            "actor": entry.actor,
            "on_behalf_of": entry.on_behalf_of,
            "at": entry.at_text,
            "data": entry.data,
            "digests": entry.digests,
            "previous": entry.previous,
        }
    )


def hash_of(entry: Link) -> str:
    """SHA-256 over what is written."""
    return hashlib.sha256(written(entry)).hexdigest()


class Fault(StrEnum):
    """What can be wrong with a chain, a detail, a root; the value is what `flask ledger verify --json` prints."""

    GAP = "gap"
    CHANGED = "changed"
    UNLINKED = "unlinked"
    DETAIL = "detail"
    ORPHAN = "orphan"
    MISSING = "missing"
    REWRITTEN = "rewritten"
    LATE = "late"
    MEMBERS = "members"
    ROOT = "root"
    PUBLISHED = "published"
    KEPT = "kept"
    UNGUARDED = "unguarded"
    UNREADABLE = "unreadable"
    ROW = "row"
    UNRECORDED = "unrecorded"
    FILE = "file"


FAULTS = {
    Fault.GAP: msgid("%(subject)s: entry number %(expected)s is missing; number %(seq)s stands in its place."),
    Fault.CHANGED: msgid("%(subject)s: entry number %(seq)s was changed; its content does not give its hash."),
    Fault.UNLINKED: msgid(
        "%(subject)s: entry number %(seq)s does not follow from the entry before it, as that one is now."
    ),
    Fault.DETAIL: msgid("%(subject)s: the personal detail “%(name)s” of entry number %(seq)s is not the one recorded."),
    Fault.ORPHAN: msgid("The personal detail “%(name)s” belongs to entry %(entry)s, which is no longer there."),
    Fault.MISSING: msgid("%(subject)s: entry number %(seq)s is gone; it stands in the root of %(day)s."),
    Fault.REWRITTEN: msgid("%(subject)s: entry number %(seq)s is not what it was when the root of %(day)s was made."),
    Fault.LATE: msgid(
        "%(subject)s: entry number %(seq)s says it is of %(said)s, but was not there when the root of %(day)s was made."
    ),
    Fault.MEMBERS: msgid("The entries noted for the root of %(day)s do not give that root."),
    Fault.ROOT: msgid("The root number %(number)s of %(day)s was changed, or does not follow from the one before it."),
    Fault.PUBLISHED: msgid("The root number %(number)s of %(day)s is not the one that was published."),
    Fault.KEPT: msgid("%(subject)s: entry number %(seq)s is not the one that somebody kept with its proof."),
    Fault.UNGUARDED: msgid("The protection “%(name)s” against changes by hand was taken from the database."),
    Fault.UNREADABLE: msgid("The database could not be read to its end: %(why)s"),
    Fault.ROW: msgid("%(subject)s: %(what)s is no longer what entry number %(seq)s recorded."),
    Fault.UNRECORDED: msgid("%(subject)s: %(what)s stands in the tables, but no entry recorded it."),
    Fault.FILE: msgid("%(subject)s: %(what)s is missing or damaged in the file store; entry number %(seq)s names it."),
}


def fault(entry: Link, seq: int, previous: str) -> Fault | None:
    """What is wrong with an entry at this place of its chain, after an entry of this hash."""
    if entry.seq != seq:
        return Fault.GAP
    if entry.previous != previous:
        return Fault.UNLINKED
    try:
        whole = entry.hash == hash_of(entry)
    except (TypeError, ValueError, RecursionError):  # a hand wrote there what no entry holds
        whole = False
    return None if whole else Fault.CHANGED
