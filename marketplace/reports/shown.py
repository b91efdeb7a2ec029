"""Figures in the reader's words: sums that say what they are made of, growth, the rows of charts and their doors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from marketplace.kernel.dates import Period, format_date
from marketplace.kernel.numbers import format_money_short, format_number, format_percent, share
from marketplace.reports.desk import Month
from marketplace.reports.figures import Breakdown, Figure, Growth, Worth
from marketplace.web.messages import say

Door = Callable[[str, Mapping[str, str]], str]


@dataclass(frozen=True)
class Bar:
    """A row of a chart: its words, its number, the page behind it, and a note."""

    label: str
    value: int
    url: str
    note: str = ""


def worth_words(worth: Worth | None) -> str:
    """12 triệu đồng · 1 estimated · 2 not determined; an unknown price is never shown as nothing."""
    if worth is None:
        return ""
    parts = [format_money_short(worth.amount)] if worth.told else []
    return " · ".join([*parts, *(say(words) for words in worth.notes())])


def growth_words(growth: Growth, than: str) -> str:
    """+27 (+61,4%) since 31/12/2020; no percentage where there was nothing."""
    if growth.difference == 0:
        return _("unchanged %(than)s", than=than)
    sign = "+" if growth.difference >= 0 else ""
    ratio = "" if growth.ratio is None else f" ({sign}{format_percent(growth.ratio)})"
    return f"{sign}{format_number(growth.difference)}{ratio} {than}"


def since_words(growth: Growth, day: date) -> str:
    """Growth against a day."""
    return growth_words(growth, _("since %(day)s", day=format_date(day)))


def note_of(figure: Figure) -> str:
    """What stands under a figure: its value, where it has one and is not empty."""
    return worth_words(figure.worth) if figure.count else ""


def chart(report: str, breakdown: Breakdown, door: Door) -> list[Bar]:
    """The rows of a breakdown: where there are values these are the notes, else the shares."""
    return [
        Bar(
            label=say(row.label),
            value=row.count,
            url=door(report, row.wanted),
            note=note_of(row) if row.worth is not None else share_words(row.count, breakdown.total),
        )
        for row in breakdown.figures
    ]


def communes_chart(report: Any, door: Door) -> list[Bar]:
    """The figures of the coverage report as bars, each with its share of the communes."""
    return [
        Bar(say(row.label), row.count, door("coverage", row.wanted), share_words(row.count, report.total.count))
        for row in report.figures
    ]


def months_chart(months: Sequence[Month], door_of_period: Callable[[Period], str]) -> list[Bar]:
    """The bars of the desk, each with its door."""
    return [
        Bar(str(month.first.month), month.signed, door_of_period(Period.of_months(month.first, 1))) for month in months
    ]


def share_words(count: int, total: int) -> str:
    """49,3%."""
    found = share(count, total)
    return "" if found is None else format_percent(found)
