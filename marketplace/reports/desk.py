"""The officials' desk: the noun that other slices hang their waiting work on, and the quarter at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.kernel.dates import Period, add_months, month_start
from marketplace.kernel.messages import msgid
from marketplace.places.queries import Era
from marketplace.reports import contract_facts, contracts, cooperatives, coverage, ocop
from marketplace.reports.asked import Asked, year_end_before
from marketplace.reports.drawing import Drawing, draw
from marketplace.reports.figures import Fact, Figure, Growth, figure, having
from marketplace.reports.territories import Scope

MONTHS = 12


@dataclass(frozen=True)
class Glance:
    """One figure at the top of the desk, with the report that it opens."""

    report: str
    figure: Figure
    growth: Growth | None = None


@dataclass(frozen=True)
class Month:
    """Contracts signed in a month, and in the same month of the year before."""

    first: date
    signed: int
    before: int


@dataclass(frozen=True)
class Desk:
    """One official's desk on a day. Other slices hang panels on it: `(Desk, function(desk, viewer))`."""

    user: Any
    scope: Scope
    asked: Asked
    glances: Sequence[Glance]
    months: Sequence[Month]
    coverage: Sequence[coverage.Line]
    map: Drawing | None
    empty: int  # communes in which nothing is counted yet: left to the whole report


def read(user: Any, scope: Scope, asked: Asked) -> Desk:
    """Everything on it, from the same facts as the reports, each read once."""
    era: Era = "old" if asked.units == "old" else "new"
    last = month_start(asked.at)
    months = [add_months(last, back + 1 - MONTHS) for back in range(MONTHS)]
    reach = Period(min(add_months(months[0], -12), asked.period.year_before().first), max(asked.at, asked.period.last))
    signed = contract_facts.facts(scope, asked, era, reach)
    members = cooperatives.facts(scope, asked.at, era)
    stars = ocop.cells(scope, asked.at, era)
    table = coverage.table(scope, era, members, signed, stars)
    before = len(having(cooperatives.facts(scope, year_end_before(asked.at), era), cooperatives.COUNTED))
    return Desk(
        user=user,
        scope=scope,
        asked=asked,
        glances=[*of_contracts(signed, asked), *of_members(members, before), *of_stars(stars), *of_communes(table)],
        months=[Month(first, counted(signed, first), counted(signed, add_months(first, -12))) for first in months],
        coverage=[line for line in table if any(line.counts)] or table,
        map=draw(scope.communes(era), {line.unit_id: line.led for line in table if line.unit_id}),
        empty=sum(not any(line.counts) for line in table),
    )


def counted(signed: Sequence[Fact], month: date) -> int:
    """Contracts signed in a month."""
    return contracts.signed_in(signed, Period.of_months(month, 1))


def of_contracts(signed: Sequence[Fact], asked: Asked) -> list[Glance]:
    """Signed in the period, and in force."""
    in_period = figure("total", contracts.TOTALS[0], signed, {**contracts.COUNTED, "signed": "yes"}, worth=True)
    in_force = figure("in_force", contracts.TOTALS[1], signed, {**contracts.COUNTED, "force": "yes"}, worth=True)
    growth = Growth(contracts.signed_in(signed, asked.period.year_before()), in_period.count)
    return [Glance("contracts", in_period, growth), Glance("contracts", in_force)]


def of_members(members: Sequence[Fact], before: int) -> list[Glance]:
    """Cooperatives, against the end of last year."""
    total = figure("total", msgid("Cooperatives"), members, cooperatives.COUNTED)
    return [Glance("cooperatives", total, Growth(before, total.count))]


def of_stars(stars: Sequence[Fact]) -> list[Glance]:
    """Valid products."""
    return [Glance("ocop", figure("total", msgid("OCOP products with valid stars"), stars, {"state": ocop.CERTIFIED}))]


def of_communes(table: Sequence[coverage.Line]) -> list[Glance]:
    """Communes with a chain led by a cooperative."""
    found = coverage.summary(table).facts
    return [
        Glance(
            "coverage",
            figure("with_chain", msgid("Communes with a chain led by a cooperative"), found, {"chain": "yes"}),
        )
    ]
