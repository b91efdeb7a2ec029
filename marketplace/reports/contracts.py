"""The report on contracts: signed in a period and in force at a day, each line apart, and their breakdowns."""

from collections.abc import Sequence

from marketplace.kernel.dates import Period
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import format_money
from marketplace.places.queries import Era
from marketplace.reports import contract_facts
from marketplace.reports.asked import Asked, without_blanks
from marketplace.reports.contract_facts import FRAMEWORK, HOUSEHOLDS, LINKAGE, MEMORANDUM, SALE
from marketplace.reports.cooperatives import units_used
from marketplace.reports.dimensions import BUYER, FORM, GOODS, METHOD, SECTOR, by_event, by_unit
from marketplace.reports.figures import (
    CellKind,
    Column,
    Fact,
    Report,
    Row,
    Wanted,
    Worth,
    breakdown,
    figure,
    having,
)
from marketplace.reports.territories import Scope

LINES: dict[str, Message] = {
    LINKAGE: msgid("Linkage contracts (forms 1–7)"),
    SALE: msgid("Sale contracts"),
    HOUSEHOLDS: msgid("Contracts with farm households"),
    FRAMEWORK: msgid("Framework agreements"),
    MEMORANDUM: msgid("Memoranda"),
}
NOTES = (
    msgid(
        "A contract belongs to its seller's seat at signing. With several sellers or goods it stands under each; "
        "the total counts it once, and its value is shared out, so that the values come to the total."
    ),
    msgid("Memoranda, framework agreements and contracts with farm households are not in the total."),
    msgid("End dates and values are those of the terms at the day, annexes included."),
)
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
    units = scope.words(era, units_used(found))
    dimensions = [by_unit(units, era), SECTOR, GOODS, FORM, METHOD, by_event(event_names(found)), BUYER]
    return Report(
        name="contracts",
        total=figure("total", TOTALS[asked.basis == "force"], found, base, worth=True),
        figures=[
            figure(
                "unseen",
                msgid("of the total, on paper whose original no officer has seen"),
                found,
                {**base, "seen": "no"},
                worth=True,
            ),
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
        notes=NOTES,
    )


TOTALS = (msgid("Contracts signed in the period"), msgid("Contracts in force at the day"))


def event_names(found: Sequence[Fact]) -> dict[str, str]:
    """The trade events that these contracts were made at, newest first."""
    rows = sorted((fact.row.row for fact in found if fact.row.row.event_id), key=lambda row: -row.event_id)
    return {str(row.event_id): row.event_name for row in rows}


COUNTED = {"line": BOTH, "counted": "yes"}


def signed_in(found: Sequence[Fact], period: Period) -> int:
    """Counted linkage and sale contracts signed in a period that the facts reach over; their order begins with the day."""
    first, last = period.first.isoformat(), period.last.isoformat()
    return sum(first <= fact.order[:10] <= last for fact in having(found, COUNTED))


def rows(found: Sequence[Fact], wanted: Wanted) -> list[Row]:
    """What a list shows of these contracts, in the same order; the value is what the figure counts of each."""
    return [
        Row(
            id=fact.id,
            cells=[
                fact.row.row.number or fact.row.row.code,
                LINES[next(iter(fact.marks["line"]))],
                "; ".join(party.party_name for party in fact.row.sellers),
                "; ".join(party.party_name for party in fact.row.buyers),
                fact.row.row.signed_on,
                fact.row.row.starts_on,
                fact.row.row.ends_on,
                *worth_cells(fact, wanted),
            ],
            endpoint="contracts.show",
            values={"contract_id": fact.id},
        )
        for fact in found
    ]


def worth_cells(fact: Fact, wanted: Wanted) -> tuple[int | None, Message | str]:
    """What a figure counts of a contract's worth, and what there is to say of it."""
    worth = Worth.of([fact], wanted)
    if not worth.told:
        return None, msgid("not determined") if worth.undetermined else msgid("not shared out among several")
    if fact.value is None or worth.amount == fact.value:
        return worth.amount, msgid("estimate") if worth.estimated else ""
    whole = format_money(fact.value)
    if worth.estimated:
        return worth.amount, msgid("estimate; part of %(whole)s", whole=whole)
    return worth.amount, msgid("part of %(whole)s", whole=whole)
