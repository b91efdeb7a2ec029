"""Periods of reports: their days, names, what lies before them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.dates import Period
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid

PERIODS = st.builds(
    lambda first, days: Period(first, first + timedelta(days=days)),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.integers(0, 800),
)


@pytest.mark.parametrize(
    ("period", "first", "last", "label"),
    [
        (Period.month(2024, 2), date(2024, 2, 1), date(2024, 2, 29), "Month 2/2024"),
        (Period.month(2023, 12), date(2023, 12, 1), date(2023, 12, 31), "Month 12/2023"),
        (Period.quarter(2023, 1), date(2023, 1, 1), date(2023, 3, 31), "Quarter I/2023"),
        (Period.quarter(2024, 2), date(2024, 4, 1), date(2024, 6, 30), "Quarter II/2024"),
        (Period.quarter(2023, 4), date(2023, 10, 1), date(2023, 12, 31), "Quarter IV/2023"),
        (Period.half(2023, 1), date(2023, 1, 1), date(2023, 6, 30), "First 6 months of 2023"),
        (Period.half(2023, 2), date(2023, 7, 1), date(2023, 12, 31), "Last 6 months of 2023"),
        (Period.nine_months(2023), date(2023, 1, 1), date(2023, 9, 30), "First 9 months of 2023"),
        (Period.year(2023), date(2023, 1, 1), date(2023, 12, 31), "Year 2023"),
        (Period.of_months(date(2023, 2, 7), 3), date(2023, 2, 1), date(2023, 4, 30), "01/02/2023 to 30/04/2023"),
        (Period(date(2023, 1, 5), date(2023, 1, 31)), date(2023, 1, 5), date(2023, 1, 31), "05/01/2023 to 31/01/2023"),
    ],
)
def test_periods_and_their_names(period: Period, first: date, last: date, label: str) -> None:
    assert (period.first, period.last, str(period.label())) == (first, last, label)


def test_the_label_is_a_message() -> None:
    assert Period.quarter(2023, 3).label() == msgid("Quarter %(quarter)s/%(year)s", quarter="III", year=2023)


@pytest.mark.parametrize(
    ("period", "previous", "year_before"),
    [
        (Period.month(2024, 1), Period.month(2023, 12), Period.month(2023, 1)),
        (Period.month(2024, 2), Period.month(2024, 1), Period.month(2023, 2)),
        (Period.quarter(2023, 1), Period.quarter(2022, 4), Period.quarter(2022, 1)),
        (Period.half(2023, 1), Period.half(2022, 2), Period.half(2022, 1)),
        (Period.year(2023), Period.year(2022), Period.year(2022)),
        (
            Period(date(2024, 2, 20), date(2024, 2, 29)),
            Period(date(2024, 2, 10), date(2024, 2, 19)),
            Period(date(2023, 2, 20), date(2023, 2, 28)),
        ),
    ],
)
def test_what_lies_before(period: Period, previous: Period, year_before: Period) -> None:
    assert period.previous() == previous
    assert period.year_before() == year_before


@given(PERIODS)
def test_the_previous_period_ends_the_day_before(period: Period) -> None:
    previous = period.previous()
    assert previous.last + timedelta(days=1) == period.first
    if period.whole_months():
        assert previous.whole_months() == period.whole_months()
    else:
        assert previous.last - previous.first == period.last - period.first


@given(PERIODS)
def test_months_cover_the_period(period: Period) -> None:
    months = list(period.months())
    assert all(month.day == 1 for month in months)
    assert months[0] <= period.first
    assert (months[-1].year, months[-1].month) == (period.last.year, period.last.month)
    assert (
        len(months)
        == len(set(months))
        == ((period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1)
    )


def test_days_and_moments_inside() -> None:
    january = Period.month(2026, 1)
    assert date(2026, 1, 1) in january
    assert date(2026, 1, 31) in january
    assert date(2026, 2, 1) not in january
    assert (january.start, january.end) == (
        datetime(2025, 12, 31, 17, tzinfo=UTC),
        datetime(2026, 1, 31, 17, tzinfo=UTC),
    )


def test_a_moment_is_not_a_day() -> None:
    assert datetime(2026, 1, 5, tzinfo=UTC) not in Period.month(2026, 1)


def test_a_period_that_ends_before_it_begins_is_refused_at_its_end() -> None:
    with pytest.raises(Refusal, match="ends before it begins") as refused:
        Period(date(2026, 1, 2), date(2026, 1, 1))
    assert refused.value.field == "last"
