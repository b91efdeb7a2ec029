"""PURE: names of organisations and communes as registers write them: one key for all spellings, and the kind in them."""

import re
from dataclasses import dataclass

from marketplace.kernel.vietnamese import clean, fold
from marketplace.organisations.rules import Kind
from marketplace.register import terms, vocabulary

COMMUNE_TYPES = {
    "xa": "xã",
    "x": "xã",
    "phuong": "phường",
    "p": "phường",
    "thi tran": "thị trấn",
    "tt": "thị trấn",
    "dac khu": "đặc khu",
}
ABOVE = re.compile(r"^(huyen|h|tinh|t|thanh pho|tp|thi xa|tx|viet nam)\b")
"""A part of an address that names a level above the commune."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune as written: its type where it is given, its folded name, and what stood below it in the address."""

    type: str | None
    folded: str
    text: str
    detail: str = ""


def kind_of(text: str) -> Kind | None:
    """The kind of organisation that a name begins with, or that a column about the kind states."""
    folded = _joined(fold(text))
    for phrase in sorted(terms.KINDS, key=len, reverse=True):
        if folded == phrase or folded.startswith(phrase + " "):
            return terms.KINDS[phrase]
    return None


def _joined(folded: str) -> str:
    padded = f" {folded} "
    for phrase, word in vocabulary.PHRASES.items():
        padded = padded.replace(f" {phrase} ", f" {word} ")
    return padded.strip()


def commune(text: str) -> Commune | None:
    """Find the commune in an address; None where no part of it can be one."""
    address = clean(text)
    parts = [clean(part) for part in re.split(r"[,;]|\s[-–]\s", address) if fold(part)]
    below = [part for part in parts if not ABOVE.match(fold(part))]
    for part in reversed(below):
        typed = re.match(
            r"^(xã|xa|x|phường|phuong|p|thị trấn|thi tran|tt|đặc khu|dac khu)(?:\s*\.\s*|\s+)(\S.*)$", part, re.I
        )
        if typed:
            return _commune(COMMUNE_TYPES[fold(typed[1])], typed[2], part, parts)
    for part in reversed(below):
        inside = re.search(r"\b(xã|thị trấn|phường|x\.|tt\.?|p\.)\s*(\S.*)$", part, re.I)
        if inside:
            detail = clean(part[: inside.start()])
            found = _commune(COMMUNE_TYPES[fold(inside[1])], inside[2], part, parts)
            return Commune(
                found.type, found.folded, found.text, ", ".join(filter(None, [*_others(part, parts), detail]))
            )
    return _commune(None, below[-1], below[-1], parts) if below else None


def _commune(kind: str | None, name: str, part: str, parts: list[str]) -> Commune:
    return Commune(kind, fold(name), part, ", ".join(_others(part, parts)))


def _others(part: str, parts: list[str]) -> list[str]:
    """What an address holds below the commune."""
    return [other for other in parts if other != part and not ABOVE.match(fold(other))]
