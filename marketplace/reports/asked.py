"""PURE: what a report is asked for (day, period, area, units, sector), and the days that are usual."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from marketplace.kernel.dates import Period, format_date
from marketplace.kernel.messages import Message, msgid

MERGER = date(2025, 7, 1)
"""Since this day there are two levels; until the day before, figures by commune are by the old units."""

NEW, OLD = "new", "old"


@dataclass(frozen=True)
class Asked:
    """One question to the registers; the address of a report's page holds exactly this."""

    at: date
    period: Period
    since: date | None = None
    area: str = ""
    units: str = NEW
    sector: str = ""
    basis: str = "signed"  # contracts: signed in the period, or in force at the day

    def address(self) -> dict[str, str]:
        """For `url_for`: the same question again."""
        parts = {
            "at": format_date(self.at),
            "since": format_date(self.since) if self.since else "",
            "from": format_date(self.period.first),
            "to": format_date(self.period.last),
            "area": self.area,
            "units": self.units,
            "sector": self.sector,
            "basis": self.basis if self.basis != "signed" else "",
        }
        return {name: text for name, text in parts.items() if text}

    def but(self, **changes: object) -> "Asked":
        """The same question with something changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def units_of(day: date) -> str:
    """The era whose communes a figure of that day is shown by, unless somebody asks for the other."""
    return OLD if day < MERGER else NEW


def quarter_of(day: date) -> Period:
    """The quarter that a day lies in."""
    return Period.quarter(day.year, (day.month + 2) // 3)


def year_end_before(day: date) -> date:
    """The last day of the year before: what a year's growth is counted from."""
    return date(day.year - 1, 12, 31)


def usual_periods(today: date) -> list[Period]:
    """This quarter and the three before, half a year, nine months and the year so far asked for, last year."""
    quarters = [quarter_of(today)]
    while len(quarters) < 4:
        quarters.append(quarters[-1].previous())
    year = today.year
    return [*quarters, Period.half(year, 1), Period.nine_months(year), Period.year(year), Period.year(year - 1)]


def usual_days(today: date) -> list[tuple[Message, date]]:
    """Today, the end of the last quarter, the ends of the last two years."""
    return [
        (msgid("Today"), today),
        (msgid("End of the last quarter"), quarter_of(today).first - timedelta(days=1)),
        (msgid("End of last year"), date(today.year - 1, 12, 31)),
        (msgid("End of the year before"), date(today.year - 2, 12, 31)),
    ]


def without_blanks(wanted: Mapping[str, str]) -> dict[str, str]:
    """A filter without empty parts."""
    return {name: value for name, value in wanted.items() if value}
