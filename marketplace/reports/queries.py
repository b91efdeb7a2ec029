"""The reports by name: each asked of a scope, with the rows behind any of its figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import sort_key
from marketplace.reports import contracts, cooperatives, coverage, ocop
from marketplace.reports.asked import Asked
from marketplace.reports.figures import Column, Fact, Report, Row, Wanted, having
from marketplace.reports.territories import Scope


@dataclass(frozen=True)
class Kind:
    """One report: its words, how it is asked, and the list behind its figures."""

    title: Message
    ask: Callable[[Scope, Asked], Report]
    columns: Sequence[Column]
    rows: Callable[[Sequence[Fact], Scope, Asked, Wanted], list[Row]]
    by_period: bool = False
    listed: Callable[[Scope, Asked], Report] | None = None  # the same with each thing a fact, where `ask` counts in SQL

    def with_rows(self, scope: Scope, asked: Asked) -> Report:
        """The report whose facts are the rows of a list."""
        return (self.listed or self.ask)(scope, asked)


REPORTS: Mapping[str, Kind] = {
    "cooperatives": Kind(
        msgid("Cooperatives"),
        cooperatives.report,
        cooperatives.COLUMNS,
        lambda found, scope, asked, wanted: cooperatives.rows(found, scope),
    ),
    "ocop": Kind(
        msgid("OCOP products"),
        ocop.report,
        ocop.COLUMNS,
        lambda found, scope, asked, wanted: ocop.rows(found, scope),
        listed=lambda scope, asked: ocop.report(scope, asked, each=True),
    ),
    "contracts": Kind(
        msgid("Contracts"),
        contracts.report,
        contracts.COLUMNS,
        lambda found, scope, asked, wanted: contracts.rows(found, wanted),
        by_period=True,
    ),
    "coverage": Kind(
        msgid("Coverage by commune"),
        coverage.report,
        coverage.COLUMNS,
        lambda found, scope, asked, wanted: coverage.rows(found, coverage.lines(scope, asked)),
    ),
}

DIMENSIONS = frozenset(
    {
        *("kind", "sector", "status", "active", "dated", "unit"),
        *("state", "stars", "group", "owner", "expiring", "round"),
        *(
            "line",
            "form",
            "counted",
            "signed",
            "force",
            "suspended",
            "late",
            "seen",
            "month",
            "event",
            "method",
            "buyer",
        ),
        *("led", "led_by_others", "cooperative", "chain", "others", "only_others"),
    }
)
"""What an address may filter by."""


def behind(report: Report, wanted: Wanted) -> list[Fact]:
    """The facts behind a figure, in the order of a list: contracts newest first, everything else by alphabet."""
    found = having(report.facts, wanted)
    return sorted(found, key=lambda fact: fact.order or sort_key(fact.name), reverse=report.name == "contracts")
