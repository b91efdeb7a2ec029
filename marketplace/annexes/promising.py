"""What the products of a contract's sellers have promised, month by month, by the terms that stand at its end."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from marketplace.annexes import queries
from marketplace.annexes.effective import effective_terms
from marketplace.annexes.line_changes import of_line
from marketplace.clauses.terms import Terms
from marketplace.contracts.models import Contract, Line
from marketplace.contracts.policy import is_shared, sellers
from marketplace.contracts.service_drawing import terms_of
from marketplace.contracts.sharing import shares_of
from marketplace.extensions import db
from marketplace.kernel.dates import month_start, months_between
from marketplace.kernel.errors import Refusal
from marketplace.kernel.quantities import convert
from marketplace.ledger.queries import subject_of
from marketplace.products.models import Commitment, Product


@dataclass(frozen=True)
class Source:
    """Whose products a line of goods comes from: by the seller's place, None where there is one seller."""

    measure: str
    products: Mapping[int | None, int]


def promise(contract: Contract) -> None:
    """Write it down where products and search read it."""
    wanted = promised(contract)
    rows = select(Commitment).where(Commitment.source == subject_of(contract))
    known = {(row.product_id, row.month): row for row in db.session.scalars(rows)}
    for key, row in known.items():
        much = wanted.pop(key, None)
        if much is None:
            # Kept at nothing, not voided: the month is free, the contract runs.
            row.quantity = Decimal(0)
        else:
            row.quantity, row.voided_at = much, None
    source = subject_of(contract)
    db.session.add_all(
        Commitment(product_id=product_id, month=month, quantity=much, source=source)
        for (product_id, month), much in wanted.items()
    )


def promised(contract: Contract) -> dict[tuple[int, date], Decimal]:
    """By product and month, in the product's own measure; lines that cannot be compared promise nothing."""
    changes, terms, sources = queries.changes_of(contract), terms_of(contract), sources_of(contract)
    every = [terms, *(effective_terms(terms, changes, change.effective_on).terms for change in changes)]
    months = {month for each in every for line in each.goods for month in line.schedule}
    found: dict[tuple[int, date], Decimal] = {}
    for month in months_between(min(months), max(months)) if months else ():
        last = month.replace(day=monthrange(month.year, month.month)[1])
        for product, much in due(effective_terms(terms, changes, last).terms, month_start(month), sources):
            found[product, month] = found.get((product, month), Decimal(0)) + much
    return found


def due(terms: Terms, month: date, sources: list[Source]) -> Iterator[tuple[int, Decimal]]:
    """Products with what is due of each in a month."""
    for place, line in enumerate(terms.goods):
        parts = {portion.seller: portion.schedule for portion in of_line(terms.split, place)}
        amounts: dict[int | None, Decimal | None] = {seller: months.get(month) for seller, months in parts.items()}
        source = sources[place]
        for seller, much in (amounts or {None: line.schedule.get(month)}).items():
            product_id = source.products.get(seller)
            if not much or product_id is None:
                continue
            try:
                yield product_id, convert(much, source.measure, db.session.get_one(Product, product_id).measure)
            except Refusal:  # tonnes and packets: nothing that can be compared
                continue


def sources_of(contract: Contract) -> list[Source]:
    """Of every line that stands or will stand, in the order of the terms."""
    added = (line for change in queries.changes_of(contract) for line in change.new.added)
    return [
        *(source_of(contract, line) for line in contract.lines),
        *(Source(line.measure, {line.seller: line.product_id} if line.product_id else {}) for line in added),
    ]


def source_of(contract: Contract, line: Line) -> Source:
    """Of several sellers each has its own product, as far as it names one."""
    if not is_shared(contract):
        return Source(line.measure, {None: line.product_id} if line.product_id else {})
    found: dict[int | None, int] = {}
    for place, party in enumerate(sellers(contract)):
        own = next((row.product_id for row in shares_of(party, line) if row.product_id), None)
        if own is None and line.product is not None and line.product.organisation_id == party.organisation_id:
            own = line.product_id
        if own is not None:
            found[place] = own
    return Source(line.measure, found)
