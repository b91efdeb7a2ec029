"""PURE: which column means what, by the words of its heading; what kind of sheet it is; where its header stands."""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import fold
from marketplace.register import terms, vocabulary
from marketplace.register.grid import Merge, Row, Sheet, blank, letter, text_of

SEARCHED_ROWS = 40
TALLEST_HEADER = 3
ENOUGH_COLUMNS = 3

FIELDS: dict[str, dict[str, list[str]]] = {"cooperatives": vocabulary.COOPERATIVE, "ocop": vocabulary.OCOP}
NAMES: dict[str, Message] = {
    "name": msgid("name of the cooperative"),
    "founded": msgid("founding date"),
    "commune": msgid("address (commune)"),
    "product": msgid("name of the product"),
    "owner": msgid("owner"),
}
"""What the columns are called to a person, where one is missing."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that must occur, words that must not, or the whole heading."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...] = ()
    whole: bool = False


@dataclass(slots=True)
class Header:
    """The header found in a sheet: its rows, what each column means, and what could not be told."""

    kind: str
    first: int
    last: int
    columns: dict[str, int] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    unit: int | None = None
    ambiguous: dict[str, list[int]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def unread(self) -> list[str]:
        """Headings of columns that nobody will read, for the person who imports."""
        used = {*self.columns.values(), *self.marks, *(c for columns in self.ambiguous.values() for c in columns)}
        return [text for column, text in sorted(self.headings.items()) if column not in used]


def words(text: str) -> str:
    """A heading's words, folded, with abbreviations written out and long names made one word."""
    folded = f" {' '.join(vocabulary.ABBREVIATIONS.get(word, word) for word in fold(text).split())} "
    for phrase, word in vocabulary.PHRASES.items():
        folded = folded.replace(f" {phrase} ", f" {word} ")
    return folded.strip()


@cache
def pattern(text: str) -> Pattern:
    """Read one pattern of the vocabulary."""
    if text.startswith("="):
        return Pattern((text[1:],), whole=True)
    wanted, *unwanted = text.split(" - ")
    return Pattern(tuple(wanted.split(" + ")), tuple(unwanted))


def contains(text: str, phrase: str) -> bool:
    """The phrase occurs as whole words."""
    return f" {phrase} " in f" {text} "


def score(pattern: Pattern, parts: tuple[str, ...], core: str) -> int:
    """How strongly the pattern speaks for a heading: words found, twice where they stand in its lowest row."""
    if pattern.whole:
        return 2 * len(core.split()) if core == pattern.wanted[0] else 0
    if any(contains(part, phrase) for part in (*parts, core) for phrase in pattern.unwanted):
        return 0
    total = 0
    for phrase in pattern.wanted:
        if contains(core, phrase):
            total += 2 * len(phrase.split())
        elif any(contains(part, phrase) for part in parts):
            total += len(phrase.split())
        else:
            return 0
    return total + (core == " ".join(pattern.wanted))


def split(heading: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """A heading's rows as (upper rows and remarks in brackets, the core of its lowest row)."""
    *upper, lowest = heading
    remarks = re.findall(r"\(([^)]*)\)", lowest)
    core = re.sub(r"\([^)]*\)?", " ", lowest)
    if not fold(core):
        core, remarks = lowest, []
    return tuple(words(part) for part in (*upper, *remarks)), words(core)


@lru_cache(maxsize=4096)
def meanings(heading: tuple[str, ...], kind: str) -> tuple[tuple[int, str], ...]:
    """What a heading can mean in a kind of sheet, the strongest first."""
    parts, core = split(heading)
    found = []
    for name, patterns in FIELDS[kind].items():
        best = max(score(pattern(text), parts, core) for text in patterns)
        if best:
            found.append((best, name))
    return tuple(sorted(found, key=lambda pair: -pair[0]))


def sector_mark(heading: tuple[str, ...]) -> str | None:
    """The sector of a column that is only ticked, such as NLN, XD, TM-DV under "Lĩnh vực"."""
    core = fold(heading[-1])
    return terms.SECTORS.get(core)


UNITS = [
    (1_000_000_000, r"\bty( dong)?\b"),
    (1_000_000, r"\b(trieu( dong)?|trd|tr d|tr dong|trieu d)\b"),
    (1_000, r"\b(nghin( dong)?|ngan( dong)?|1000 ?d(ong)?|1 000 ?d(ong)?)\b"),
    (1, r"\b(dong|vnd|d)\b"),
]


UNIT_WORDS = {10**9: "tỷ đồng", 10**6: "triệu đồng", 1000: "nghìn đồng", 1: "đồng"}


def money_unit(text: str) -> int | None:
    """The unit a heading or a line above the table states for money: đồng, nghìn, triệu, tỷ."""
    folded = fold(text)
    for factor, expression in UNITS:
        if re.search(expression, folded):
            return factor
    return None


def find(sheet: Sheet) -> Header | None:
    """The header of a sheet, or None where nothing in it looks like a register."""
    best: tuple[tuple[int, int], Header] | None = None
    rows = [row for row in sheet.rows[:SEARCHED_ROWS] if len(row.filled()) > 1]
    for start, row in enumerate(rows):
        if any(merge.top < row.number <= merge.bottom for merge in sheet.merges if merge.left == merge.right):
            continue  # the lower half of merged headings
        for height in range(1, TALLEST_HEADER + 1):
            block = rows[start : start + height]
            if len(block) < height or block[-1].number - row.number >= height or not all(map(wordy, block)):
                break
            header = read(block, sheet)
            worth = len(header.columns) + len(header.marks)
            if worth >= ENOUGH_COLUMNS and (best is None or (worth, -height) > best[0]):
                best = ((worth, -height), header)
    if best is None:
        return None
    header = best[1]
    header.unit = capital_unit(sheet, header)
    return header


def wordy(row: Row) -> bool:
    """Could be a row of headings: words only, and more than one."""
    values = [row.at(column) for column in row.filled()]
    return all(isinstance(value, str) for value in values) and not re.fullmatch(
        r"\d+\.?|[IVX]+\.?", str(values[0]).strip()
    )


def read(block: list[Row], sheet: Sheet) -> Header:
    """What the columns mean if these rows were the header; the better of the two kinds of sheet."""
    headings = spread(block, sheet)
    candidates = [assign(headings, kind, block) for kind in FIELDS]
    hint = fold(f"{sheet.name} {above(sheet, block[0].number)}")

    def worth(header: Header) -> tuple[int, int, int]:
        main = vocabulary.REQUIRED[header.kind][0]
        decisive = len(vocabulary.DECISIVE[header.kind] & set(header.columns))
        return (main in header.columns) + bool(decisive), decisive, ("ocop" in hint) == (header.kind == "ocop")

    header = max(candidates, key=worth)
    if not worth(header)[1] and "name" not in header.columns:
        header.columns = {}
    return header


def spread(block: list[Row], sheet: Sheet) -> dict[int, tuple[str, ...]]:
    """For each column its heading's texts from top to bottom, merged ranges filled."""
    width = max(len(row.values) for row in block)
    grid = [[text_of(row.at(column)) for column in range(1, width + 1)] for row in block]
    for level, row in enumerate(block):
        for merge in sheet.merges:
            if merge.top <= row.number <= merge.bottom and not title(merge, width):
                source = merge.top - block[0].number
                if 0 <= source < len(block):
                    for column in range(merge.left, min(merge.right, width) + 1):
                        grid[level][column - 1] = grid[source][merge.left - 1]
    for level in range(len(block) - 1):
        for column in range(1, width):
            below = any(grid[deeper][column] for deeper in range(level + 1, len(block)))
            if not grid[level][column] and below and not any(deeper[column - 1] == "" for deeper in grid[level + 1 :]):
                grid[level][column] = grid[level][column - 1]
    headings = {}
    for column in range(width):
        texts = list(dict.fromkeys(row[column] for row in grid if row[column]))
        if texts:
            headings[column + 1] = tuple(texts)
    return headings


def title(merge: Merge, width: int) -> bool:
    """A range merged over most of the table is a title, not a heading."""
    return merge.right - merge.left + 1 > 0.6 * width


def above(sheet: Sheet, number: int) -> str:
    """The text of the lines above a row."""
    return " ".join(text_of(value) for row in sheet.rows if row.number < number for value in row.values if value)


def assign(headings: dict[int, tuple[str, ...]], kind: str, block: list[Row]) -> Header:
    """Give each meaning to the column that speaks for it most; equal claims stay open and are reported."""
    header = Header(kind, block[0].number, block[-1].number)
    header.headings = {column: " / ".join(texts) for column, texts in headings.items()}
    ticked = {column: mark for column, texts in headings.items() if (mark := sector_mark(texts))}
    if kind == "cooperatives" and len(set(ticked.values())) > 1:
        header.marks = ticked
    claims: dict[str, list[tuple[int, int]]] = {}
    for column, texts in headings.items():
        ranked = meanings(texts, kind)
        if ranked and column not in header.marks:
            strength, name = ranked[0]
            claims.setdefault(name, []).append((strength, column))
    for name, columns in claims.items():
        strongest = max(columns)[0]
        chosen = [column for strength, column in columns if strength == strongest]
        if len(chosen) == 1:
            header.columns[name] = chosen[0]
        else:
            header.ambiguous[name] = chosen
    required = vocabulary.REQUIRED[kind]
    header.missing = [name for name in required if name not in header.columns and name not in header.ambiguous]
    return header


def capital_unit(sheet: Sheet, header: Header) -> int | None:
    """The unit of money of the capital column: in its heading, else stated above the table."""
    column = header.columns.get("capital")
    if column is None:
        return None
    stated = money_unit(header.headings[column])
    if stated is None:
        for row in sheet.rows:
            text = " ".join(text_of(value) for value in row.values if not blank(value))
            if row.number < header.first and re.search(r"\b(dvt|don vi( tinh)?)\b", fold(text)):
                stated = money_unit(text.split(":")[-1]) or stated
    return stated


def problems(header: Header) -> list[tuple[int | None, str, Message]]:
    """What is wrong with a header, each as (column, heading, sentence with its remedy)."""
    found: list[tuple[int | None, str, Message]] = []
    for name in header.missing:
        found.append(
            (
                None,
                "",
                msgid("There is no column for the %(column)s. Add one, or rename its heading.", column=NAMES[name]),
            )
        )
    for columns in header.ambiguous.values():
        first, second = columns[:2]
        found.append(
            (
                second,
                header.headings[second],
                msgid(
                    "Columns %(first)s and %(second)s seem to mean the same. Rename or delete one of them.",
                    first=letter(first),
                    second=letter(second),
                ),
            )
        )
    return found
