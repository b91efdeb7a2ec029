"""What people keep elsewhere and bring along: the published roots (JSON or CSV), the proof of one contract's entry."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from marketplace.ledger.roots import Inclusion, Published, first_broken_root, verify_inclusion


class Unfit(ValueError):
    """The file proves nothing, and why."""


@dataclass(frozen=True)
class KeptEntry:
    """An entry as it stood when somebody downloaded its proof."""

    subject: str
    seq: int
    hash: str
    root: Published | None


def read_roots(path: Path) -> list[Published]:
    """The roots of a file as the page of roots gives it away; one that breaks in itself proves nothing."""
    try:
        found = [Published.read(row) for row in rows_of(path.read_bytes())]
    except (ValueError, RecursionError, csv.Error) as error:
        raise Unfit(f"{path.name} is no roots.json and no roots.csv: {error}") from error
    wrong = first_broken_root(found)
    if wrong is not None:
        raise Unfit(f"{path.name} is damaged itself: its root number {wrong.number} does not fit")
    return found


def rows_of(data: bytes) -> Sequence[Any]:
    """The rows of either form."""
    text = data.decode("utf-8-sig")
    if text.startswith("number,"):
        return [as_published(row) for row in csv.DictReader(text.splitlines())]
    content = json.loads(text)
    rows = content.get("roots") if isinstance(content, dict) else content
    if not isinstance(rows, list) or not rows:
        raise ValueError("there is no list of roots in it")
    return rows


def as_published(row: dict[str, Any]) -> dict[str, Any]:
    """A line of the table, its counts as numbers."""
    return {**row, "number": int(row.get("number") or ""), "entries": int(row.get("entries") or "")}


def read_proof(path: Path) -> KeptEntry:
    """The entry of a proof.json, and the root that it came with."""
    try:
        given = json.loads(path.read_bytes())
        words = given["entry"]
        entry, proof = json.loads(words), given.get("proof")
        held = Inclusion.read(proof) if proof else None
        found = KeptEntry(entry["subject"], entry["seq"], given["hash"], held.root if held else None)
        if sha256(words.encode()).hexdigest() != found.hash:
            raise ValueError("its entry does not give its hash")
        if held and not verify_inclusion(found.hash, held):
            raise ValueError("its path does not lead to its root")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise Unfit(f"{path.name} is no proof.json: {error}") from error
    if not isinstance(found.subject, str) or type(found.seq) is not int:
        raise Unfit(f"{path.name} is no proof.json: it names no entry")
    return found
