"""PURE: the templates that come with the application: where the database has none, contracts are written from these."""

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marketplace.clauses.terms import ContractKind
from marketplace.kernel.vietnamese import fold

FOLDER = Path(__file__).parent / "seeds"
DEFAULTS = {
    ContractKind.LINKAGE: "production",
    ContractKind.SALE: "goods_sale",
    ContractKind.FRAMEWORK: "framework",
    ContractKind.MEMORANDUM: "memorandum",
}
"""What a contract of each kind is written from unless its parties choose another."""
ORDER = ("offtake", "production", "inputs", "goods_sale", "framework", "memorandum")


@cache
def seeds() -> Mapping[str, Mapping[str, Any]]:
    """Every shipped template by its code: code, kind, name, body."""
    return MappingProxyType({code: json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8")) for code in ORDER})


def body_for(kind: ContractKind) -> dict[str, Any]:
    """The body of the shipped template of this kind."""
    body: dict[str, Any] = seeds()[DEFAULTS[kind]]["body"]
    return body


def key_for(title: str, taken: Collection[str]) -> str:
    """The key of a new clause: that of the shipped clause with the same title, else the title's letters; none twice."""
    words = fold(title)
    clauses = (clause for seed in seeds().values() for clause in seed["body"]["clauses"])
    shipped = next((clause["key"] for clause in clauses if fold(clause["title"]) == words), "")
    if shipped and shipped not in taken:
        return str(shipped)
    stem = words.replace(" ", "_")[:30].strip("_")
    stem = stem if stem[:1].isalpha() else f"clause_{stem}".rstrip("_")
    return next(key for key in (stem, *(f"{stem}_{n}" for n in range(2, 99))) if key not in taken)
