"""PURE: names of organisations and communes as registers write them: one key for all spellings, and the kind in them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

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
    """A commune as written: its type where given, its folded name, what stood below and above it in the address."""

    type: str | None
    folded: str
    text: str
    detail: str = ""
    above: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """With the district and province, where they were written."""
        return ", ".join((self.text, *self.above))


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


TYPED = r"(xã|xa|x|phường|phuong|p|thị trấn|thi tran|tt|đặc khu|dac khu)(?:\s*\.\s*|\s+)(\S.*)"
WITHIN = r"\b(xã|thị trấn|phường|x\.|tt\.?|p\.)\s*(\S.*)"


def commune(text: str) -> Commune | None:
    """Find the commune in an address; None where no part of it can be one."""
    parts = [clean(part) for part in re.split(r"[,;]|\s[-–]\s", clean(text)) if fold(part)]
    above = tuple(part for part in parts if ABOVE.match(fold(part)))
    below = [part for part in parts if part not in above]
    for expression, match in ((TYPED, re.fullmatch), (WITHIN, re.search)):
        for part in reversed(below):
            if found := match(expression, part, re.I):
                kind = COMMUNE_TYPES[fold(found[1])]
                rest = [other for other in below if other != part] + [part[: found.start()].strip()]
                named = f"{kind} {clean(found[2])}"
                return Commune(kind, fold(found[2]), named[0].upper() + named[1:], ", ".join(filter(None, rest)), above)
    if not below:
        return None
    return Commune(None, fold(below[-1]), below[-1], ", ".join(below[:-1]), above)


SWITCH = date(2025, 7, 1)
"""From this day on there are the communes of today."""

Named = tuple[str | None, str]


def era_of(written: Iterable[Named], old: Collection[Named], new: Collection[Named], latest: date | None) -> str:
    """Whether a file means the communes of before or after 1 July 2025: by names that only one era has, else by its dates."""
    only_old = only_new = 0
    for kind, folded in set(written):
        in_old = any(name == folded and kind in (None, type_) for type_, name in old)
        in_new = any(name == folded and kind in (None, type_) for type_, name in new)
        only_old += in_old and not in_new
        only_new += in_new and not in_old
    if bool(only_old) != bool(only_new):
        return "old" if only_old else "new"
    return "new" if latest is None or latest >= SWITCH else "old"
