"""The report on contracts: signed in a period and in force at a day, each line apart, and their breakdowns."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select

from marketplace.contracts.models import Contract, Party
from marketplace.contracts.terms import Side
from marketplace.extensions import db
from marketplace.kernel.dates import Period
from marketplace.kernel.messages import Message, msgid
from marketplace.places.queries import Era
from marketplace.promotion.models import TradeEvent
from marketplace.reports import contract_facts
from marketplace.reports.asked import Asked, without_blanks
from marketplace.reports.contract_facts import FRAMEWORK, HOUSEHOLDS, LINKAGE, MEMORANDUM, SALE
from marketplace.reports.cooperatives import names_of
from marketplace.reports.dimensions import BUYER, FORM, GOODS, METHOD, SECTOR, by_event, by_unit
from marketplace.reports.figures import (
    UNKNOWN,
    CellKind,
    Column,
    Fact,
    Report,
    Row,
    breakdown,
    figure,
    having,
)
from marketplace.reports.territories import Scope, communes

LINES: dict[str, Message] = {
    LINKAGE: msgid("Linkage contracts (forms 1–7)"),
    SALE: msgid("Sale contracts"),
    HOUSEHOLDS: msgid("Contracts with farm households"),
    FRAMEWORK: msgid("Framework agreements"),
    MEMORANDUM: msgid("Memoranda"),
}
BOTH = f"{LINKAGE},{SALE}"
COLUMNS = (
    Column(msgid("Contract number")),
    Column(msgid("Kind of contract"), CellKind.WORDS),
    Column(msgid("Sellers")),
    Column(msgid("Buyers")),
    Column(msgid("Day of signing"), CellKind.DATE),
    Column(msgid("In force from"), CellKind.DATE),
    Column(msgid("In force until"), CellKind.DATE),
    Column(msgid("Value (đồng)"), CellKind.MONEY),
    Column(msgid("Note on the value"), CellKind.WORDS),
)


def report(scope: Scope, asked: Asked) -> Report:
    """The figures of the page, the command and the Excel file; breakdowns by what the question's basis is."""
    era: Era = "old" if asked.units == "old" else "new"
    found = contract_facts.facts(scope, asked, era)
    narrowed = without_blanks({"sector": asked.sector})
    signed = {"signed": "yes", "counted": "yes", **narrowed}
    force = {"force": "yes", "counted": "yes", **narrowed}
    main, other = (force, signed) if asked.basis == "force" else (signed, force)
    base = {"line": BOTH, **main}
    units = {str(row.id): row.name for row in communes(scope, era)} or names_of(found)
    dimensions = [by_unit(units, era), SECTOR, GOODS, FORM, METHOD, by_event(event_names(found)), BUYER]
    return Report(
        name="contracts",
        total=figure("total", TOTALS[asked.basis == "force"], found, base, worth=True),
        figures=[
            *(figure(line, words, found, {"line": line, **main}, worth=True) for line, words in LINES.items()),
            figure(
                "signed" if asked.basis == "force" else "in_force",
                TOTALS[asked.basis != "force"],
                found,
                {"line": BOTH, **other},
                worth=True,
            ),
            figure(
                "suspended", msgid("of those in force, suspended"), found, {"line": BOTH, **force, "suspended": "yes"}
            ),
            figure(
                "late", msgid("Signed in the period, entered after it"), found, {"line": BOTH, **signed, "late": "yes"}
            ),
            figure(
                "uncounted",
                msgid("Signed in a way that does not count"),
                found,
                {"line": BOTH, **main, "counted": "no"},
            ),
        ],
        breakdowns=[breakdown(found, dimension, base, worth=True) for dimension in dimensions],
        facts=found,
        notes=[
            msgid("A contract belongs to its seller's seat at signing; the total counts it once."),
            msgid("Memoranda, framework agreements and contracts with farm households are not in the total."),
        ],
    )


TOTALS = (msgid("Contracts signed in the period"), msgid("Contracts in force at the day"))


def event_names(found: Sequence[Fact]) -> dict[str, str]:
    """The trade events that these contracts were made at, newest first. One query."""
    ids = {int(each) for fact in found for each in fact.marks["event"] if each != UNKNOWN}
    statement = select(TradeEvent.id, TradeEvent.name).where(TradeEvent.id.in_(ids))
    return {str(row.id): row.name for row in db.session.execute(statement.order_by(TradeEvent.starts_on.desc()))}


COUNTED = {"line": BOTH, "counted": "yes"}


def signed_in(found: Sequence[Fact], period: Period) -> int:
    """Counted linkage and sale contracts signed in a period that the facts reach over; their order begins with the day."""
    first, last = period.first.isoformat(), period.last.isoformat()
    return sum(first <= fact.order[:10] <= last for fact in having(found, COUNTED))


def rows(found: Sequence[Fact], era: Era) -> list[Row]:
    """What a list shows of these contracts, in the same order. Two queries."""
    ids = [fact.id for fact in found]
    by_id = {row.id: row for row in db.session.execute(details(ids))}
    names: dict[tuple[int, Side], list[str]] = {}
    parties = select(Party.contract_id, Party.side, Party.name).where(Party.contract_id.in_(ids))
    for party in db.session.execute(parties.order_by(Party.position)):
        names.setdefault((party.contract_id, party.side), []).append(party.name)
    return [
        Row(
            id=fact.id,
            cells=[
                by_id[fact.id].number or by_id[fact.id].code,
                LINES[next(iter(fact.marks["line"]))],
                "; ".join(names.get((fact.id, Side.SELLER), [])),
                "; ".join(names.get((fact.id, Side.BUYER), [])),
                by_id[fact.id].signed_on,
                by_id[fact.id].starts_on,
                by_id[fact.id].ends_on,
                fact.value,
                worth_words(fact),
            ],
            endpoint="contracts.show",
            values={"contract_id": fact.id},
        )
        for fact in found
    ]


def worth_words(fact: Fact) -> Message | str:
    """What the value is worth as a number."""
    if fact.value is None:
        return msgid("not determined")
    return msgid("estimate") if fact.estimated else ""


def details(ids: Sequence[int]) -> Select[int, str, str, date | None, date | None, date | None]:
    """The columns of a list."""
    return select(
        Contract.id, Contract.number, Contract.code, Contract.signed_on, Contract.starts_on, Contract.ends_on
    ).where(Contract.id.in_(ids))
