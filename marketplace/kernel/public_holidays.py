"""PURE: Vietnam's public holidays that fall on weekdays: on them no working day is counted.

Labour Code 2019, Article 112 (New Year, five days of Tết, Hùng Kings, 30 April, 1 May, two days around 2 September), since
2026 also 24 November; a holiday on a weekend is made good on the next working day. 2025 and 2026 with the days that the
Government exchanged for a working Saturday; later years by the law alone, to be corrected when the Government decides.
Read from the package `holidays` 0.109 (MIT), which itself would load the calendars of all countries at every start.
"""

from datetime import date

BY_YEAR = {
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
    2027: "01-01 02-04 02-05 02-08 02-09 02-10 04-16 04-30 05-03 09-02 09-03 11-24",
    2028: "01-03 01-24 01-25 01-26 01-27 01-28 04-04 05-01 05-02 09-01 09-04 11-24",
    2029: "01-01 02-12 02-13 02-14 02-15 02-16 04-23 04-30 05-01 09-03 09-04 11-26",
    2030: "01-01 01-31 02-01 02-04 02-05 02-06 04-12 04-30 05-01 09-02 09-03 11-25",
}
PUBLIC_HOLIDAYS = frozenset(
    date.fromisoformat(f"{year}-{day}") for year, days in BY_YEAR.items() for day in days.split()
)


def known(year: int) -> bool:
    """Whether this year's holidays are in the table."""
    return year in BY_YEAR
