"""The stored shares of several sellers: put, carried over when the goods of a draft are written anew, as the ledger has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.contracts.models import Contract, Line, Party, Share
from marketplace.contracts.policy import is_shared, sellers
from marketplace.contracts.sharing import Months, months_of
from marketplace.extensions import db

Wanted = Mapping[tuple[int, int], Months]
"""(party, line) → months."""


def stored(contract: Contract) -> list[list[object]]:
    """The shares in a form for the ledger: position of the party, of the line, month, quantity."""
    rows: list[list[object]] = [
        [party.position, line.position, month.isoformat() if month else None, str(quantity.normalize())]
        for party in sellers(contract)
        for line in contract.lines
        for month, quantity in months_of(party, line).items()
    ]
    return sorted(rows, key=str)


def put(party: Party, line: Line, months: Months) -> None:
    """Make a seller's share of a line these months; its product stays."""
    kept = {month: quantity for month, quantity in months.items() if quantity > 0}
    known = {row.month: row for row in party.shares if row.line_id == line.id}
    product_id = next((row.product_id for row in known.values() if row.product_id), None)
    for month, row in known.items():
        if month in kept:
            row.quantity = kept[month]
        else:
            party.shares.remove(row)
    new = [month for month in kept if month not in known]
    party.shares.extend(
        Share(line_id=line.id, month=month, quantity=kept[month], product_id=product_id) for month in new
    )


@dataclass(frozen=True)
class Kept:
    """A share while the lines of a draft are written anew."""

    party: Party
    name: str
    position: int
    month: date | None
    quantity: Decimal
    product_id: int | None


def lift(contract: Contract) -> list[Kept]:
    """Take the shares off the lines that are about to go."""
    lines = {line.id: line for line in contract.lines}
    kept = []
    for party in sellers(contract) if is_shared(contract) else []:
        for row in party.shares:
            line = lines[row.line_id]
            kept.append(Kept(party, line.name, line.position, row.month, row.quantity, row.product_id))
        party.shares = []
    if kept:
        db.session.flush()
    return kept


def lay(contract: Contract, kept: Iterable[Kept]) -> None:
    """Put them on the new lines: on the one of the same goods, else on the one in the same place."""
    db.session.flush()
    for each in kept:
        same = [line for line in contract.lines if line.name == each.name]
        placed = [line for line in contract.lines if line.position == each.position]
        line = next(iter([*same, *placed]), None)
        if line is not None:
            each.party.shares.append(
                Share(line_id=line.id, month=each.month, quantity=each.quantity, product_id=each.product_id)
            )
