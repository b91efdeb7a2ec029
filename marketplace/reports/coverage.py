"""Coverage by commune (domain.md §5.4): communes with a cooperative, with a chain led by one, with a chain led by others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import sort_key
from marketplace.places.queries import Era
from marketplace.reports import contract_facts, cooperatives, ocop
from marketplace.reports.asked import Asked
from marketplace.reports.contract_facts import LINKAGE
from marketplace.reports.contracts import BOTH
from marketplace.reports.cooperatives import units_used
from marketplace.reports.dimensions import NOT_ASSIGNABLE
from marketplace.reports.figures import UNKNOWN, CellKind, Column, Fact, Report, Row, figure, having, marks
from marketplace.reports.territories import Scope

CHAIN = {"line": LINKAGE, "force": "yes", "counted": "yes"}
FORCE = {"line": BOTH, "force": "yes", "counted": "yes"}
ACTIVE = {**cooperatives.COUNTED, "active": "yes"}
STARRED = {"state": ocop.CERTIFIED}
COLUMNS = (
    Column(msgid("Commune")),
    Column(msgid("HTX"), CellKind.NUMBER),
    Column(msgid("HTX active"), CellKind.NUMBER),
    Column(msgid("Chains led by HTX"), CellKind.NUMBER),
    Column(msgid("Chains of others"), CellKind.NUMBER),
    Column(msgid("Contracts in force"), CellKind.NUMBER),
    Column(msgid("OCOP valid"), CellKind.NUMBER),
)
NAMES = ("cooperatives", "active", "chains", "chains_of_others", "contracts_in_force", "ocop")
"""What the numbers of a line are called where programs read them."""

DOORS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("cooperatives", cooperatives.COUNTED, "unit"),
    ("cooperatives", ACTIVE, "unit"),
    ("contracts", CHAIN, "led"),
    ("contracts", CHAIN, "led_by_others"),
    ("contracts", FORCE, "unit"),
    ("ocop", STARRED, "unit"),
)
"""For each number of a line: the report whose rows it counts, the filter, and the dimension that holds the commune."""


@dataclass(frozen=True)
class Line:
    """One commune of the coverage table."""

    unit_id: int | None  # None: what no commune can be told for
    name: str | Message
    cooperatives: int
    active: int
    led: int
    led_by_others: int
    in_force: int
    ocop: int

    @property
    def key(self) -> str:
        """The mark of the commune in every report."""
        return UNKNOWN if self.unit_id is None else str(self.unit_id)

    @property
    def counts(self) -> tuple[int, ...]:
        """In the order of the columns."""
        return self.cooperatives, self.active, self.led, self.led_by_others, self.in_force, self.ocop


def tally(found: Iterable[Fact], dimension: str) -> Counter[str]:
    """How many facts carry each mark of a dimension."""
    tallied: Counter[str] = Counter()
    for fact in found:
        for each in fact.marks.get(dimension, ()):
            tallied[each] += fact.count
    return tallied


def lines(scope: Scope, asked: Asked) -> list[Line]:
    """The communes of the scope with their counts at the day."""
    era: Era = "old" if asked.units == "old" else "new"
    return table(
        scope,
        era,
        cooperatives.facts(scope, asked.at, era),
        contract_facts.facts(scope, asked, era),
        ocop.cells(scope, asked.at, era),
    )


def table(
    scope: Scope, era: Era, members: Sequence[Fact], contracts: Sequence[Fact], stars: Sequence[Fact]
) -> list[Line]:
    """The same from facts that were read already; last, apart, what can be told of no commune."""
    names = scope.words(era, units_used([*members, *contracts, *stars]))
    columns = [
        tally(having(members, cooperatives.COUNTED), "unit"),
        tally(having(members, ACTIVE), "unit"),
        tally(having(contracts, CHAIN), "led"),
        tally(having(contracts, CHAIN), "led_by_others"),
        tally(having(contracts, FORCE), "unit"),
        tally(having(stars, STARRED), "unit"),
    ]
    found = [Line(int(key), name, *(column[key] for column in columns)) for key, name in names.items()]
    if any(column[UNKNOWN] for column in columns):
        found.append(Line(None, NOT_ASSIGNABLE, *(column[UNKNOWN] for column in columns)))
    return found


def report(scope: Scope, asked: Asked) -> Report:
    """Communes as facts: the figures count communes, the table behind them counts what is in each."""
    return summary(lines(scope, asked))


def summary(table: Sequence[Line]) -> Report:
    """The figures over a coverage table."""
    found = [
        Fact(
            id=line.unit_id,
            marks=marks(
                unit=line.unit_id,
                cooperative=line.cooperatives > 0,
                chain=line.led > 0,
                others=line.led_by_others > 0,
                only_others=line.led_by_others > 0 and line.led == 0,
            ),
            order=sort_key(str(line.name)),
        )
        for line in table
        if line.unit_id is not None
    ]
    return Report(
        name="coverage",
        total=figure("total", msgid("Number of communes"), found, {}),
        figures=[
            figure("with_cooperative", msgid("with at least one cooperative"), found, {"cooperative": "yes"}),
            figure("with_chain", msgid("with a chain led by a cooperative"), found, {"chain": "yes"}),
            figure("with_chain_of_others", msgid("with a chain led by others"), found, {"others": "yes"}),
            figure("only_others", msgid("with chains led by others only"), found, {"only_others": "yes"}),
        ],
        breakdowns=[],
        facts=found,
        notes=[
            msgid(
                "A commune has a chain led by a cooperative when at least one linkage contract of forms 1–7 is in force "
                "at the day whose lead, by default the selling cooperative, has its seat there."
            ),
            msgid("Chains are counted by their contracts."),
        ],
    )


def rows(found: Sequence[Fact], table: Sequence[Line]) -> list[Row]:
    """The communes of the table that a figure counts, in the same order."""
    by_id = {line.unit_id: line for line in table}
    return [Row(id=fact.id, cells=[by_id[fact.id].name, *by_id[fact.id].counts]) for fact in found]
