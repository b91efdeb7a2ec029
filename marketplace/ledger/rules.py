"""PURE: what an entry is made of, its canonical text, its hash, and how a chain is checked."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

START = "0" * 64


class Link(Protocol):
    """What is hashed of an entry."""

    subject: str
    seq: int
    event: str
    actor: int | None
    on_behalf_of: int | None
    at_text: str
    data: Mapping[str, Any]
    digests: Mapping[str, str]
    previous: str
    hash: str


def canonical(values: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8 text: the same bytes wherever it is computed."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


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


def first_broken(entries: Iterable[Link]) -> Link | None:
    """The first entry of one subject's chain that does not follow from the one before, or None."""
    previous = START
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq or entry.previous != previous or entry.hash != hash_of(entry):
            return entry
        previous = entry.hash
    return None
