"""Days and months: how they are typed, shown and counted; terms in months; working days; the local clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    add_months,
    day_end,
    day_start,
    format_date,
    format_month,
    last_valid_day,
    local_date,
    long_date,
    month_start,
    months_between,
    parse_date,
    parse_month,
    working_days_after,
)
from marketplace.kernel.errors import Refusal
from marketplace.kernel.public_holidays import BY_YEAR, PUBLIC_HOLIDAYS, known

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "05/01/2026",
        "5/1/2026",
        "5-1-2026",
        "05.01.2026",
        " 05 / 01 / 2026 ",
        "2026-01-05",
        "2026-1-5",
        "ngày 05 tháng 01 năm 2026",
        "Ngày 5 tháng 1 năm 2026",
        "5 thang 1 nam 2026",
    ],
)
def test_days_that_are_understood(text: str) -> None:
    assert parse_date(text) == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "day/month/year"),
        ("2026", "day/month/year"),
        ("05/01", "day/month/year"),
        ("05/01-2026", "day/month/year"),
        ("hôm nay", "day/month/year"),
        ("٠٥/01/2026", "day/month/year"),
        ("05/01/2026 10:00", "day/month/year"),
        ("45123", "day/month/year"),
        ("5/1/26", "four digits"),
        ("31/02/2024", "no day 31/02/2024"),
        ("29/02/2023", "no day 29/02/2023"),
        ("01/31/2026", "the day comes first"),
        ("00/01/2026", "no day 00/01/2026"),
        ("ngày 31 tháng 4 năm 2026", "no day ngày 31"),
        ("05/01/0026", "from 1900 to 2200"),
        ("05/01/3026", "from 1900 to 2200"),
    ],
)
def test_what_is_not_a_day_gets_a_remedy(text: str, remedy: str) -> None:
    with pytest.raises(Refusal, match=remedy):
        parse_date(text)


@given(st.text(alphabet="0123456789/.- ngàytháăm") | st.text())
def test_any_text_gives_a_day_or_a_refusal(text: str) -> None:
    for parse in (parse_date, parse_month):
        try:
            assert FIRST_YEAR <= parse(text).year <= LAST_YEAR
        except Refusal:
            continue


@given(DAYS)
def test_what_is_shown_is_understood(day: date) -> None:
    assert parse_date(format_date(day)) == parse_date(long_date(day)) == parse_date(day.isoformat()) == day
    assert parse_month(format_month(day)) == month_start(day)


def test_days_and_months_as_shown() -> None:
    assert format_date(date(2026, 1, 5)) == "05/01/2026"
    assert format_month(date(2026, 1, 5)) == "01/2026"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2022, 2, 28), "ngày 28 tháng 02 năm 2022"),
        (date(2022, 3, 9), "ngày 09 tháng 3 năm 2022"),
        (date(2022, 6, 16), "ngày 16 tháng 6 năm 2022"),
        (date(2022, 12, 10), "ngày 10 tháng 12 năm 2022"),
    ],
)
def test_long_date_as_in_official_papers(day: date, shown: str) -> None:
    assert long_date(day) == shown


@pytest.mark.parametrize(
    "text", ["03/2026", "3/2026", "3-2026", "2026-03", "tháng 3/2026", "T3/2026", "Tháng 03 năm 2026"]
)
def test_months_that_are_understood(text: str) -> None:
    assert parse_month(text) == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["", "13/2026", "0/2026", "2026", "3", "03/26", "05/03/2026", "2026-13"])
def test_what_is_not_a_month_gets_a_remedy(text: str) -> None:
    with pytest.raises(Refusal, match="month/year"):
        parse_month(text)


def test_a_month_far_away_is_a_slip_in_the_year() -> None:
    with pytest.raises(Refusal, match="Check the year"):
        parse_month("03/0026")


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [
        (date(2022, 3, 15), 36, date(2025, 3, 15)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 2, 28), 12, date(2024, 2, 28)),
        (date(2025, 8, 31), 1, date(2025, 9, 30)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 1, 1), 12, date(2026, 1, 1)),
    ],
)
def test_the_last_valid_day_of_a_term(issued: date, months: int, last: date) -> None:
    assert last_valid_day(issued, months) == last


def test_a_term_has_months() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        last_valid_day(date(2025, 1, 1), 0)


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.integers(-500, 500))
def test_adding_months_keeps_the_day_or_takes_the_last(day: date, n: int) -> None:
    moved = add_months(day, n)
    assert (moved.year - day.year) * 12 + moved.month - day.month == n
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("start", "n", "day"),
    [
        (date(2026, 1, 5), 0, date(2026, 1, 5)),
        (date(2026, 1, 5), 3, date(2026, 1, 8)),
        (date(2026, 1, 9), 1, date(2026, 1, 12)),
        (date(2026, 1, 10), 1, date(2026, 1, 12)),
        (date(2026, 1, 5), 5, date(2026, 1, 12)),
        (datetime(2026, 1, 9, 16, 59, tzinfo=UTC), 1, date(2026, 1, 12)),
        (datetime(2026, 1, 11, 17, 0, tzinfo=UTC), 1, date(2026, 1, 13)),
    ],
)
def test_working_days(start: date, n: int, day: date) -> None:
    assert working_days_after(start, n) == day


def test_public_holidays_are_no_working_days() -> None:
    holidays = {date(2026, 9, 1), date(2026, 9, 2)}
    assert working_days_after(date(2026, 8, 31), 1, holidays) == date(2026, 9, 3)
    with pytest.raises(ValueError, match="forward"):
        working_days_after(date(2026, 8, 31), -1)


def test_the_day_begins_at_seven_hours_before_utc() -> None:
    assert day_start(date(2026, 1, 5)) == datetime(2026, 1, 4, 17, tzinfo=UTC)
    assert day_start(date(2026, 1, 5)).tzinfo is UTC
    assert day_end(date(2026, 1, 5)) == datetime(2026, 1, 5, 17, tzinfo=UTC)
    assert local_date(datetime(2026, 1, 4, 16, 59, 59, tzinfo=UTC)) == date(2026, 1, 4)
    assert local_date(datetime(2026, 1, 4, 17, tzinfo=UTC)) == date(2026, 1, 5)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)))
def test_every_moment_belongs_to_its_local_day(moment: datetime) -> None:
    day = local_date(moment)
    assert day_start(day) <= moment < day_end(day)


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2026, 1, 1))


def test_months_between_two_days() -> None:
    assert months_between(date(2025, 11, 30), date(2026, 1, 1)) == (
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    )
    assert months_between(date(2026, 1, 31), date(2026, 1, 1)) == (date(2026, 1, 1),)
    assert months_between(date(2026, 2, 1), date(2026, 1, 31)) == ()


def test_public_holidays_are_weekdays_and_as_many_as_the_law_gives() -> None:
    assert all(day.weekday() < 5 for day in PUBLIC_HOLIDAYS)
    for year in BY_YEAR:
        assert 11 <= sum(day.year == year for day in PUBLIC_HOLIDAYS) <= 13
        assert known(year)
    assert not known(min(BY_YEAR) - 1)
    assert working_days_after(date(2026, 2, 13), 3) == date(2026, 2, 25)  # over Tết Bính Ngọ
    assert working_days_after(date(2026, 11, 23), 1) == date(2026, 11, 25)
