"""The figures of a contract's rows as they were agreed, as one digest: the ledger holds it from the day the text is fixed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from marketplace.contracts.models import Contract, Line, LineMonth, Party
from marketplace.extensions import db
from marketplace.ledger.reading import raw
from marketplace.ledger.rules import canonical

FORM = "1"
"""Other columns than these would be another form; entries of the first one stay as they are."""
OF_CONTRACT = (
    "number",
    "starts_on",
    "ends_on",
    "value",
    "payment_days",
    "advance",
    "deposit",
    "penalty_percent",
    "tolerance",
    "households",
    "area_ha",
)
OF_LINE = ("position", "name", "quantity", "measure", "price_kind", "price_percent", "price_most", "price")
OF_PARTY = ("position", "side", "name", "tax_code")


def digest_of(contract_id: int) -> str:
    """Of one contract, as its rows are now (flushed)."""
    return digests_of([contract_id])[contract_id]


def digests_of(ids: Collection[int]) -> dict[int, str]:
    """Of many, in four queries; as the database keeps the values, so that no hand can make them unreadable."""
    months = grouped(ids, LineMonth, ("month", "quantity"), by=LineMonth.line_id)
    lines = grouped(ids, Line, ("id", *OF_LINE), by=Line.contract_id)
    parties = grouped(ids, Party, OF_PARTY, by=Party.contract_id)
    contracts = grouped(ids, Contract, OF_CONTRACT, by=Contract.id)
    return {
        number: made(row, parties[number], [(line[1:], months[line[0]]) for line in lines[number]])
        for number, (row,) in contracts.items()
    }


def grouped(ids: Collection[int], model: Any, names: Iterable[str], *, by: Any) -> dict[int, list[tuple[Any, ...]]]:
    """Rows of these contracts by what they belong to, always in the same order."""
    columns = raw(*(getattr(model, name) for name in names))
    statement = select(by.label("owner"), *columns).where(owner(model).in_(ids))
    if model is LineMonth:
        statement = statement.join(Line, Line.id == LineMonth.line_id)
    if model is Party:
        statement = statement.where(Party.left_at.is_(None))
    order = {Line: Line.position, LineMonth: LineMonth.month, Party: Party.position, Contract: Contract.id}[model]
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in db.session.execute(statement.order_by(order)):
        found[row.owner].append(tuple(row)[1:])
    return found


def owner(model: Any) -> Any:
    """The column that says of which contract a row is."""
    return Contract.id if model is Contract else Line.contract_id if model is LineMonth else model.contract_id


def made(contract: tuple[Any, ...], parties: list[Any], lines: list[Any]) -> str:
    """The digest, after the form's number."""
    values = {"contract": list(contract), "parties": parties, "lines": lines}
    return f"{FORM}:{sha256(canonical(values)).hexdigest()}"
