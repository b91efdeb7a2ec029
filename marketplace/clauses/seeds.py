"""PURE: the templates that come with the application: where the database has none, contracts are written from these."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marketplace.clauses.terms import ContractKind

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
