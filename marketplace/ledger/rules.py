"""PURE: what an entry is made of, its canonical text, its hash, and how a chain is checked."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

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


Chained = TypeVar("Chained", bound=Link)


def canonical(values: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8 text: the same bytes wherever it is computed."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def moment_text(moment: datetime) -> str:
    """A time as it is hashed: UTC with microseconds."""
    return moment.isoformat(timespec="microseconds")


def digest_of_detail(salt: str, value: str) -> str:
    """A personal detail stands in the chain only as this; erasing salt and value leaves the chain whole."""
    return hashlib.sha256(f"{salt}\x00{value}".encode()).hexdigest()


def hash_of(entry: Link) -> str:
    """SHA-256 over the entry and the hash before it."""
    return hashlib.sha256(
        canonical(
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
    ).hexdigest()


def first_broken(entries: Iterable[Chained]) -> Chained | None:
    """The first entry of one subject's chain that does not follow from the one before, or None."""
    previous = START
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq or entry.previous != previous or entry.hash != hash_of(entry):
            return entry
        previous = entry.hash
    return None
