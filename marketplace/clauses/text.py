"""PURE: the text of a contract as one structured document: what is frozen, hashed, shown, printed and signed."""

import json
import unicodedata
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
"""Control, direction and unassigned characters: they could make a printed line read otherwise than it is stored."""


@dataclass(frozen=True, slots=True)
class PartyText:
    """One party as the document names it: "Bên A (Bên bán)", its name, and lines of (label, value)."""

    label: str
    name: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the document; `align` has one letter for each column (l, c, r), `widths` its share of the line."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    widths: tuple[int, ...]
    foot: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered sentence of a clause ("2.1"); a clause of one sentence needs no number."""

    number: str
    text: str
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause: "Điều 2", its title, its paragraphs.

    `key` ("price", "delivery") stays the same when the number moves; texts frozen before there were keys have none.
    """

    number: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Where one party signs."""

    label: str
    note: str
    name: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: a question that people have, and its answer in plain words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ContractText:
    """A whole contract, every word of it; nothing is added when it is drawn but page numbers and the check code."""

    title: str
    number: str
    opening: str
    closing: str = ""
    subtitle: str = ""
    national_header: bool = True
    legal_bases: tuple[str, ...] = ()
    parties: tuple[PartyText, ...] = ()
    agreement: str = ""
    clauses: tuple[Clause, ...] = ()
    signatures: tuple[SignatureBlock, ...] = ()
    summary: tuple[Line, ...] = ()  # older texts have none

    def document(self) -> dict[str, Any]:
        """Plain lists and dictionaries (JSON) in one Unicode form: what is stored, hashed and given to the printers."""
        return plain(asdict(self))


def plain(value: Any) -> Any:
    """Tuples as lists, and text in NFC without invisible characters: what reads the same must hash the same."""
    if isinstance(value, str):
        visible = (sign for sign in value if sign == "\n" or unicodedata.category(sign) not in INVISIBLE)
        return unicodedata.normalize("NFC", "".join(visible))
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def canonical(document: dict[str, Any]) -> bytes:
    """The one byte form of a document: the same content gives the same bytes on every machine."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(document: dict[str, Any]) -> str:
    """SHA-256 of the document's content, hexadecimal."""
    return sha256(canonical(document)).hexdigest()


def short(digest: str) -> str:
    """The first sixteen digits of a fingerprint in groups of four, for people to compare by eye."""
    return " ".join(digest[start : start + 4].upper() for start in range(0, 16, 4))
