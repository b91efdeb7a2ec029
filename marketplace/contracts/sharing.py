"""How several sellers share out one contract: what the stored shares say, as terms and as a table for the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import inspect, select
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.clauses.terms import Portion
from marketplace.contracts.models import Contract, Line, Party, Share
from marketplace.contracts.policy import is_shared, sellers
from marketplace.extensions import db
from marketplace.kernel.prices import line_value

Months = Mapping[date | None, Decimal]
"""Month → quantity; None: the whole of a line that names no months."""


@dataclass(frozen=True)
class Row:
    """One seller's months of one line, with the sum."""

    party: Party
    months: Months

    @property
    def total(self) -> Decimal:
        """All months together."""
        return sum(self.months.values(), Decimal(0))


@dataclass(frozen=True)
class Shared:
    """A line of goods and how it is shared out."""

    line: Line
    months: list[date | None]
    rows: list[Row]

    @property
    def uneven(self) -> bool:
        """Whether the shares do not come to what the line says."""
        sums = {
            month: sum((row.months.get(month, Decimal(0)) for row in self.rows), Decimal(0)) for month in self.months
        }
        return any(found != self.whole(month) for month, found in sums.items())

    def worth(self, row: Row) -> int | None:
        """What a seller's share comes to at the line's price; None without one."""
        return None if self.line.price is None else line_value(row.total, self.line.price)

    def whole(self, month: date | None) -> Decimal:
        """What the line says for a month."""
        return whole_of(self.line).get(month, Decimal(0))


def whole_of(line: Line) -> Months:
    """A line's months; without months its quantity under None."""
    months: dict[date | None, Decimal] = {row.month: row.quantity for row in line.months}
    return months or {None: line.quantity or Decimal(0)}


def months_of(party: Party, line: Line) -> dict[date | None, Decimal]:
    """A seller's share of a line."""
    return {row.month: row.quantity for row in shares_of(party, line)}


def with_shares(contract: Contract) -> list[Party]:
    """The sellers with their shares, which are read at once for all of them. One query."""
    selling = sellers(contract)
    missing = [party for party in selling if party.id is not None and "shares" in inspect(party).unloaded]
    if missing:
        statement = select(Share).where(Share.party_id.in_([party.id for party in missing]))
        rows = list(db.session.scalars(statement.order_by(Share.line_id, Share.month)))
        for party in missing:
            set_committed_value(party, "shares", [row for row in rows if row.party_id == party.id])
    return selling


def shares_of(party: Party, line: Line) -> list[Share]:
    """The same as rows."""
    return [row for row in party.shares if row.line_id == line.id]


def portions(contract: Contract) -> tuple[Portion, ...]:
    """The shares as the clauses take them; nothing for one seller."""
    if not is_shared(contract) or contract.on_paper:  # of a paper only its scan says who delivers what
        return ()
    selling = with_shares(contract)
    return tuple(
        Portion(place, party.name, row, months_of(party, line), party.lead)
        for place, party in enumerate(selling)
        for row, line in enumerate(contract.lines)
    )


def shared_out(contract: Contract) -> list[Shared]:
    """For the page: each line with its months and sellers; nothing for one seller."""
    if not is_shared(contract) or contract.on_paper:
        return []
    selling = with_shares(contract)
    found = []
    for line in contract.lines:
        rows = [Row(party, months_of(party, line)) for party in selling]
        months = {*whole_of(line), *(month for row in rows for month in row.months)}
        found.append(Shared(line, sorted(months, key=lambda month: month or date.min), rows))
    return found
