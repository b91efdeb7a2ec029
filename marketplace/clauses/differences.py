"""PURE: what changed between two texts of a contract, clause by clause and word by word. Always quick, however long."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

TOKEN = re.compile(r"\s+|\w+(?:[.,/-]\w+)*|[^\w\s]")
"""A figure such as 10.000 or a date stays one word, so that it is never half crossed out."""
SENTENCE = re.compile(r"(?<=[.;:\n])(?=\s)")
MOST_PAIRS = 90_000
"""Words on one side times words on the other; beyond that whole sentences are compared, then whole paragraphs."""
MOST_ROWS = 60
"""Changed rows of one table that are shown; the rest is counted."""


COUNTERS = ("STT", "TT")


class Kind(StrEnum):
    """What became of a piece of the text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came."""

    kind: Kind
    text: str


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that changed."""

    number: str
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table that changed, cell by cell."""

    kind: Kind
    cells: tuple[Pieces, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in which something changed: the changed rows only; `more` of them are not shown."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that changed; `key` is empty for what stands around the clauses."""

    key: str
    part: str  # "head", "parties", "clause", "closing"
    number: str
    title: Pieces
    kind: Kind
    passages: tuple[Passage, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text that is compared as a whole."""

    key: str
    part: str
    number: str
    title: str
    lines: tuple[tuple[str, str], ...]
    tables: tuple[Mapping[str, Any], ...] = ()

    @property
    def words(self) -> tuple[Any, ...]:
        """What must be equal for it to be unchanged; a number that only moved is no change."""
        return self.title, tuple(text for _number, text in self.lines), tuple(map(frozen, self.tables))


def frozen(table: Mapping[str, Any]) -> tuple[Any, ...]:
    """A table as something that can be compared at once, without the running numbers of its rows."""
    skip = running(table)
    rows = (tuple(cell for place, cell in enumerate(row) if place != skip) for row in table["rows"])
    return tuple(rows), tuple(map(tuple, table["foot"]))


def running(table: Mapping[str, Any]) -> int:
    """The column that only counts the rows and so moves with every one that comes or goes, or -1."""
    return 0 if table["head"] and table["head"][0] in COUNTERS else -1


def key_of(clause: Mapping[str, Any]) -> str:
    """The name of a clause that does not change with its number; old texts have only the number."""
    return str(clause.get("key") or f"dieu-{str(clause['number']).split()[-1]}")


def sections(text: Mapping[str, Any]) -> list[Section]:
    """A stored text in its parts."""
    head = [text["title"], text["subtitle"], text["number"], *text["legal_bases"], text["opening"]]
    parties = [
        line
        for party in text["parties"]
        for line in (f"{party['label']}: {party['name']}", *(f"{label}: {value}" for label, value in party["facts"]))
    ]
    closing = [text["agreement"], text["closing"]]
    closing += [" · ".join(filter(None, (at["label"], at["position"], at["name"]))) for at in text["signatures"]]
    return [
        plain("head", head),
        plain("parties", parties),
        *(section_of(clause) for clause in text["clauses"]),
        plain("closing", closing),
    ]


def plain(part: str, lines: Sequence[str]) -> Section:
    """What is no clause."""
    return Section("", part, "", "", tuple(("", line) for line in lines if line))


def section_of(clause: Mapping[str, Any]) -> Section:
    """A clause with its paragraphs and tables."""
    paragraphs = clause["paragraphs"]
    return Section(
        key_of(clause),
        "clause",
        clause["number"],
        clause["title"],
        tuple((paragraph["number"], paragraph["text"]) for paragraph in paragraphs),
        tuple(paragraph["table"] for paragraph in paragraphs if paragraph["table"]),
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every part that is not as it was, in the order of the later text; what is gone stands where it stood."""
    old, new = sections(before), sections(after)
    waiting: dict[tuple[str, str], list[Section]] = defaultdict(list)
    for section in old:
        waiting[section.part, section.key or section.part].append(section)
    found: list[Change] = []
    for section in new:
        same = waiting[section.part, section.key or section.part]
        if not same:
            found.append(whole(section, Kind.NEW))
        elif (earlier := same.pop(0)).words != section.words:
            found.append(changed(earlier, section))
    found += [whole(section, Kind.GONE) for left in waiting.values() for section in left]
    return sorted(found, key=place_in(old, new))


def place_in(old: Sequence[Section], new: Sequence[Section]) -> Any:
    """Sorts changes by where they stand: a clause that is gone comes before the one that took its place."""
    at = {(section.part, section.key): place * 2 + 1 for place, section in enumerate(new)}
    was = {(section.part, section.key): place * 2 for place, section in enumerate(old)}
    return lambda change: at.get((change.part, change.key), was.get((change.part, change.key), 0))


def whole(section: Section, kind: Kind) -> Change:
    """A clause that came or went altogether."""
    passages = tuple(Passage(number, (Piece(kind, text),)) for number, text in section.lines)
    sheets = tuple(
        sheet_of(table, [Row(kind, tuple((Piece(kind, cell),) for cell in row)) for row in table["rows"]])
        for table in section.tables
    )
    title = (Piece(kind, section.title),)
    return Change(section.key, section.part, section.number, title, kind, passages, sheets)


def changed(before: Section, after: Section) -> Change:
    """What changed inside one clause."""
    return Change(
        after.key,
        after.part,
        after.number,
        words(before.title, after.title),
        Kind.CHANGED,
        tuple(passages(before.lines, after.lines)),
        tuple(sheets(before.tables, after.tables)),
    )


def passages(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> Iterator[Passage]:
    """The paragraphs that differ; those that took each other's place are compared word by word."""
    old, new = [text for _number, text in before], [text for _number, text in after]
    for act, i, j, k, m in steps(old, new):
        if act == "equal":
            continue
        both = min(j - i, m - k)
        for place in range(both):
            yield Passage(after[k + place][0], words(old[i + place], new[k + place]))
        for number, text in before[i + both : j]:
            yield Passage(number, (Piece(Kind.GONE, text),))
        for number, text in after[k + both : m]:
            yield Passage(number, (Piece(Kind.NEW, text),))


def words(before: str, after: str) -> Pieces:
    """The words that went and came; by sentences where there are too many words, and whole where even they are."""
    if before == after:
        return (Piece(Kind.SAME, after),) if after else ()
    for split in (TOKEN.findall, SENTENCE.split):
        old, new = split(before), split(after)
        if pairs(old, new) <= MOST_PAIRS:
            return joined(
                piece
                for act, i, j, k, m in steps(old, new)
                for piece in pieces_of(act, "".join(old[i:j]), "".join(new[k:m]))
            )
    return joined(pieces_of("replace", before, after))


def pieces_of(act: str, gone: str, new: str) -> Iterator[Piece]:
    """One step of a comparison as pieces of text."""
    if act == "equal":
        yield Piece(Kind.SAME, new)
        return
    if gone:
        yield Piece(Kind.GONE, gone)
    if new:
        yield Piece(Kind.NEW, new)


def joined(pieces: Iterator[Piece]) -> Pieces:
    """A space alone between two changed words belongs to them: fewer, longer runs read better."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind is Kind.SAME and not piece.text.strip() and found:
            found += [Piece(Kind.GONE, piece.text), Piece(Kind.NEW, piece.text)]
        else:
            found.append(piece)
    return tuple(gathered(found))


def gathered(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """What went and what came between two runs that stayed, each as one piece."""
    gone, new = "", ""
    for piece in [*pieces, Piece(Kind.SAME, "")]:
        if piece.kind is Kind.SAME:
            yield from (Piece(kind, text) for kind, text in ((Kind.GONE, gone), (Kind.NEW, new)) if text)
            gone, new = "", ""
            if piece.text:
                yield piece
        elif piece.kind is Kind.GONE:
            gone += piece.text
        else:
            new += piece.text


def common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many items both begin with, and how many of the rest both end with."""
    short, start = min(len(old), len(new)), 0
    while start < short and old[start] == new[start]:
        start += 1
    end = 0
    while end < short - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs a comparison may have to look at."""
    both = sum(common_ends(old, new))
    return (len(old) - both) * (len(new) - both)


def steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """The steps from one list to the other; what is too long to be compared is exchanged as a whole."""
    start, end = common_ends(old, new)
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield "equal", 0, start, 0, start
    if pairs(old, new) > MOST_PAIRS:
        yield "replace", start, len(old) - end, start, len(new) - end
    else:
        for act, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            yield act, i + start, j + start, k + start, m + start
    if end:
        yield "equal", len(old) - end, len(old), len(new) - end, len(new)


def sheets(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Sheet]:
    """The tables that differ, paired by what they are called."""
    old = {table["caption"]: table for table in before}
    for table in after:
        earlier = old.pop(table["caption"], {"rows": (), "foot": (), "head": table["head"], "align": table["align"]})
        rows = rows_of(earlier, table)
        if rows:
            yield sheet_of(table, rows)
    for table in old.values():
        yield sheet_of(table, rows_of(table, {**table, "rows": (), "foot": ()}))


def sheet_of(table: Mapping[str, Any], rows: Sequence[Row]) -> Sheet:
    """At most so many rows of it."""
    return Sheet(table["caption"], tuple(table["head"]), tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS))


def rows_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    """Rows that differ: paired by the words in them (goods, month, measure), the rest by their order. One pass."""
    waiting: dict[tuple[str, ...], list[Sequence[str]]] = defaultdict(list)
    for row in before["rows"]:
        waiting[name_of(row, before)].append(row)
    met: list[tuple[Sequence[str] | None, Sequence[str]]] = []
    for row in after["rows"]:
        same = waiting[name_of(row, after)]
        met.append((same.pop(0) if same else None, row))
    left = (row for rows in waiting.values() for row in rows)
    all_rows: list[tuple[Sequence[str] | None, Sequence[str] | None]]
    all_rows = [(next(left, None) if was is None else was, row) for was, row in met]
    all_rows += [(row, None) for row in left]
    feet = foot_of(before), foot_of(after)
    all_rows += [(feet[0].get(label), feet[1].get(label)) for label in {**feet[0], **feet[1]}]
    skip = max(running(before), running(after))
    found = (row_of(was, now, skip, len(after["head"])) for was, now in all_rows)
    return [row for row in found if row is not None]


def name_of(row: Sequence[str], table: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of a row that are no figures."""
    align, skip = table["align"] or "l" * len(row), running(table)
    return tuple(cell for place, cell in enumerate(row) if align[place] != "r" and place != skip)


def foot_of(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The sums under a table as rows as wide as it, called by their names where the goods are."""
    place, width = running(table) + 1, len(table["head"])
    return {label: ("",) * place + (label,) + ("",) * (width - place - 2) + (value,) for label, value in table["foot"]}


def row_of(was: Sequence[str] | None, now: Sequence[str] | None, skip: int, width: int) -> Row | None:
    """One row as pieces, or None where only its running number moved."""
    if was is None or now is None:
        kind, row = (Kind.NEW, now) if was is None else (Kind.GONE, was)
        return Row(kind, tuple((Piece(kind, cell),) if cell else () for cell in row or ()))
    told = [place for place in range(min(width, len(was), len(now))) if place != skip and was[place] != now[place]]
    if not told:
        return None
    return Row(Kind.CHANGED, tuple(words(old, new) for old, new in zip(was, now, strict=False)))
