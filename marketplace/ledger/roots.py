"""PURE: what a daily root is made of, the proof that an entry stands in one, and how a chain of roots is checked."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from marketplace.ledger.merkle import proves
from marketplace.ledger.rules import START, canonical

HEX = frozenset("0123456789abcdef")


class RootLike(Protocol):
    """A root as the database, a published file or a proof has it; only read here."""

    @property
    def number(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def entries(self) -> int: ...
    @property
    def merkle(self) -> str: ...
    @property
    def previous(self) -> str: ...
    @property
    def hash(self) -> str: ...


@dataclass(frozen=True)
class Published:
    """A root as everybody may read and keep it."""

    number: int
    day: date
    entries: int
    merkle: str
    previous: str
    hash: str

    @classmethod
    def read(cls, row: Any) -> "Published":
        """One root of a published file; a ValueError says what is wrong with it."""
        if not isinstance(row, Mapping):
            raise ValueError("a root is an object with number, day, entries, merkle, previous and hash")
        number, entries = row.get("number"), row.get("entries")
        if type(number) is not int or type(entries) is not int:
            raise ValueError("number and entries of a root are whole numbers")
        hashes = [row.get(name) for name in ("merkle", "previous", "hash")]
        if not all(isinstance(each, str) and len(each) == 64 and HEX.issuperset(each) for each in hashes):
            raise ValueError(f"root {number}: merkle, previous and hash are 64 hexadecimal digits each")
        return cls(number, date.fromisoformat(str(row.get("day"))), entries, *map(str, hashes))


@dataclass(frozen=True)
class Inclusion:
    """The proof that one entry stands in a published root: the root, the place among its entries, the neighbours."""

    root: Published
    position: int
    path: tuple[str, ...]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Inclusion":
        """A proof as it was published; a ValueError or KeyError says what is wrong with it."""
        position, path = given["position"], given["path"]
        if type(position) is not int or not isinstance(path, list) or not all(isinstance(each, str) for each in path):
            raise ValueError("a proof has a position and a path of hashes")
        return cls(Published.read(given["root"]), position, tuple(path))


def published(root: RootLike) -> dict[str, Any]:
    """A root as it is published; what its hash is made of, and the hash."""
    return {**hashed(root), "hash": root.hash}


def stated(proof: Inclusion) -> dict[str, Any]:
    """A proof as it is published."""
    return {"root": published(proof.root), "position": proof.position, "path": list(proof.path)}


def hashed(root: RootLike) -> dict[str, Any]:
    """What the hash of a root is made of."""
    return {
        "number": root.number,
        "day": root.day.isoformat(),
        "entries": root.entries,
        "merkle": root.merkle,
        "previous": root.previous,
    }


def hash_of_root(root: RootLike) -> str:
    """SHA-256 over the canonical JSON of number, day, entries, Merkle root, and the hash of the root before."""
    return hashlib.sha256(canonical(hashed(root))).hexdigest()


def verify_inclusion(entry_hash: str, proof: Inclusion) -> bool:
    """Whether the proof leads from an entry's hash to the Merkle root, and from that to the root's own hash."""
    try:
        neighbours = [bytes.fromhex(each) for each in proof.path]
        entry, merkle = bytes.fromhex(entry_hash), bytes.fromhex(proof.root.merkle)
    except ValueError:
        return False
    leads = proves(entry, proof.position, proof.root.entries, neighbours, merkle)
    return leads and hash_of_root(proof.root) == proof.root.hash


def first_broken_root(roots: Iterable[RootLike]) -> RootLike | None:
    """The first root that does not follow from the one before, or None; a list may begin with any of them."""
    before: RootLike | None = None
    for root in roots:
        first = before is None and root.number == 1 and root.previous != START
        breaks = before is not None and (
            root.number != before.number + 1 or root.previous != before.hash or root.day <= before.day
        )
        if first or breaks or root.hash != hash_of_root(root):
            return root
        before = root
    return None
