"""PURE: which lines of a sheet are data, and what the lines between them say (sector, commune, group, totals, signatures)."""

import re
from dataclasses import dataclass
from enum import Enum

from marketplace.kernel.errors import Refusal
from marketplace.kernel.vietnamese import fold
from marketplace.organisations.rules import Kind, Sector
from marketplace.register import meanings, names, terms
from marketplace.register.cells import empty
from marketplace.register.grid import Row, text_of
from marketplace.register.headings import Header, words

NUMBERED = re.compile(r"\d{1,5}\.?")
LETTERED = re.compile(r"([IVXLC]{1,7}|[A-HĐ])[.)]?")


class Line(Enum):
    """What a line is."""

    DATA = "data"
    SECTION = "section"
    UNKNOWN_SECTION = "unknown section"
    REMARK = "remark"
    NOTHING = "nothing"
    END = "end"


@dataclass(slots=True)
class Context:
    """What the section lines above a row say about it."""

    sector: Sector | None = None
    commune: names.Commune | None = None
    kind: Kind | None = None
    group: str | None = None
    stars: int | None = None
    round: meanings.Round | None = None

    def take(self, text: str, ocop: bool) -> bool:
        """Read a section line; False where it says nothing known."""
        plain = re.sub(r"^\s*([IVXLC]+|[A-HĐ]|\d+)\s*[.)/-]\s*|\(.*?\)|:.*$", "", text).strip()
        if re.match(r"(?:xã|thị trấn|phường|tt\.?|x\.)\s*\S", plain, re.I):
            self.commune = names.commune(plain)
            return True
        folded = words(plain)
        if folded in terms.KINDS:
            self.kind, self.sector = terms.KINDS[folded], None
            return True
        return self._take_ocop(plain, folded) if ocop else self._take_sector(plain)

    def _take_sector(self, plain: str) -> bool:
        found = meanings.sector_in(plain)
        if found:
            self.sector = found
        return found is not None

    def _take_ocop(self, plain: str, folded: str) -> bool:
        for name, parse in (("group", meanings.group), ("round", meanings.round_of)):
            try:
                setattr(self, name, parse(plain))
                return True
            except Refusal:
                continue
        if stars := re.search(r"\b([1-5]) sao\b", folded):
            self.stars = int(stars[1])
        return stars is not None


def classify(row: Row, header: Header, main: str) -> Line:
    """Tell what a line below the header is; `main` is the meaning of the column that names the thing."""
    order, name = _at(row, header, "order"), _at(row, header, main)
    texts = [text_of(row.at(column)) for column in row.filled()]
    others = [c for c in row.filled() if c not in (header.columns.get("order"), header.columns.get(main))]
    numbered = bool(NUMBERED.fullmatch(order))
    if not texts or _column_numbers(texts):
        return Line.NOTHING
    if not numbered and any(_total(text) for text in texts[:2]):
        return Line.NOTHING
    if name and words(name) == words(header.headings[header.columns[main]].split(" / ")[0]):
        return Line.NOTHING
    named = bool(name) and names.kind_of(name) is not None and len(fold(name).split()) > 1 and not _only_kind(name)
    if numbered and (name or others):
        return Line.SECTION if name and not others and not named and _section(name, header) else Line.DATA
    if not numbered and not named and any(_signature(text) for text in texts):
        return Line.END
    if numbered:
        return Line.NOTHING
    if LETTERED.fullmatch(order):
        return Line.SECTION if _section(name or texts[-1], header) or not others else Line.DATA
    if not named and len(others) < 2 and _section(name or texts[0], header):
        return Line.SECTION
    if name and (named or len(others) > 1):
        return Line.DATA
    return Line.UNKNOWN_SECTION if LETTERED.match(texts[0]) and re.match(r"([IVX]+|[A-H])\.", texts[0]) else Line.REMARK


def _at(row: Row, header: Header, meaning: str) -> str:
    column = header.columns.get(meaning)
    value = row.at(column) if column else None
    return "" if empty(value) else text_of(value)


def _section(text: str, header: Header) -> bool:
    """Whether a text reads like the title of a section."""
    return Context().take(text, header.kind == "ocop")


def _only_kind(name: str) -> bool:
    return words(re.sub(r"\(.*?\)|:.*$", "", name)) in terms.KINDS


def _total(text: str) -> bool:
    folded = fold(re.sub(r"\(.*?\)|[:0-9].*$", "", text))
    return folded in terms.TOTALS or folded.startswith(("tong cong", "tong so"))


def _signature(text: str) -> bool:
    folded = fold(text)
    return folded.startswith(terms.SIGNATURES) or bool(re.search(r"\bngay (\d* )?thang (\d* )?nam\b", folded))


def _column_numbers(texts: list[str]) -> bool:
    """A line that only numbers the columns: (1) (2) (3), or A B 1 2 3."""
    return len(texts) > 2 and all(re.fullmatch(r"\(?(\d{1,2}|[A-ZĐ])(=[\d+\-*/]+)?\)?", text) for text in texts)
