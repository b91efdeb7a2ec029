"""PURE: reading a unit's name as people write it: "x. Mường Cang", "TT Than Uyên", "bản X, xã Y, huyện Z"."""

import re
from dataclasses import dataclass, field

from marketplace.kernel.vietnamese import fold

COMMUNE_TYPES = {"xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "dac khu": "đặc khu"}
OTHER_TYPES = {"tinh": "tỉnh", "huyen": "huyện", "quan": "quận", "thi xa": "thị xã", "thanh pho": "thành phố"}
TYPES = COMMUNE_TYPES | OTHER_TYPES
ABBREVIATIONS = {
    "x": "xa",
    "p": "phuong",
    "tt": "thi tran",
    "h": "huyen",
    "tp": "thanh pho",
    "tx": "thi xa",
    "t": "tinh",
}
BELOW_COMMUNE = re.compile(r"^(?:ban|thon|xom|khu|to|tdp|so nha|duong|pho|doi|ap|buon|khoi)\b")

OTHER_SPELLINGS = {"can ho": "kan ho"}
"""Names that papers spell in two ways which do not fold to the same (domain.md §6)."""


@dataclass(frozen=True)
class Written:
    """A commune as somebody wrote it: its folded name, its type where given, and larger units named beside it."""

    folded: str
    type: str | None = None
    around: tuple[str, ...] = field(default=())


def folded_name(text: str) -> str:
    """What names are compared by: no type, no diacritics, numbers without leading zeros."""
    return split_type(text)[1]


def split_type(text: str) -> tuple[str | None, str]:
    """The type a name begins with ("x." → "xã"), and the folded rest."""
    tokens = fold(text).split()
    for length in (2, 1):
        head = " ".join(tokens[:length])
        kind = TYPES.get(head) or TYPES.get(ABBREVIATIONS.get(head, ""))
        if kind and len(tokens) > length:
            return kind, plain(tokens[length:])
    return None, plain(tokens)


def plain(tokens: list[str]) -> str:
    """The tokens as one name: "Phường 05" is "Phường 5", and one of two known spellings is taken."""
    name = " ".join(token.lstrip("0") or "0" if token.isdigit() else token for token in tokens)
    return OTHER_SPELLINGS.get(name, name)


def read(text: str) -> Written:
    """The commune in a text that may also name a hamlet, a district and a province, separated by commas or dashes."""
    pieces = [piece for piece in re.split(r"[,;/\n]| [-–—] ", text) if fold(piece)]
    named = [(split_type(piece), fold(piece)) for piece in pieces]
    wanted = [place for place, ((kind, _), _) in enumerate(named) if kind in COMMUNE_TYPES.values()]
    if not wanted:
        wanted = [
            place
            for place, ((kind, _), whole) in enumerate(named)
            if kind not in OTHER_TYPES.values() and not BELOW_COMMUNE.match(whole)
        ]
    if not wanted:
        return Written(folded_name(text))
    (kind, name), _ = named[wanted[0]]
    return Written(name, kind, tuple(rest for (_, rest), _ in named[wanted[0] + 1 :]))
