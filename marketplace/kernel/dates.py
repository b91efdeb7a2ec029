"""Days as people write and count them in Vietnam; months, periods of reports, working days, the local clock."""

import calendar
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.public_holidays import PUBLIC_HOLIDAYS
from marketplace.kernel.vietnamese import clean, fold

# Vietnam has kept UTC+7 without summer time since 1975, so no time zone database is needed.
LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
FIRST_YEAR, LAST_YEAR = 1900, 2200
_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}

_DAY_FIRST = re.compile(r"([0-9]{1,2}) ?([/.\-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_IN_WORDS = re.compile(r"(?:ngay )?([0-9]{1,2}) thang ([0-9]{1,2}) nam ([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.\- ]+[0-9]{1,2}[/.\- ]+[0-9]{2}")
_MONTH_FIRST = re.compile(r"([0-9]{1,2}) ?[/.\-] ?([0-9]{4})")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_MONTH_IN_WORDS = re.compile(r"(?:thang|t) ?([0-9]{1,2}) (?:nam )?([0-9]{4})")


def parse_date(text: str) -> date:
    """The day written day/month/year (or as in letters and forms); a Refusal says how to write it."""
    typed = clean(text)
    if found := _DAY_FIRST.fullmatch(typed):
        return _day(typed, found[4], found[3], found[1])
    if found := _IN_WORDS.fullmatch(fold(typed)):
        return _day(typed, found[3], found[2], found[1])
    if found := _ISO.fullmatch(typed):
        return _day(typed, found[1], found[2], found[3])
    if _SHORT_YEAR.fullmatch(typed):
        raise Refusal(msgid("Write the year with four digits, for example 05/01/2026."))
    raise Refusal(msgid("Write the date as day/month/year, for example 05/01/2026."))


def _day(typed: str, year: str, month: str, day: str) -> date:
    _check_year(int(year))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Refusal(
            msgid("There is no day %(typed)s: check the day and the month; the day comes first.", typed=typed)
        ) from None


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(
            msgid("Check the year: it should be from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )


def parse_month(text: str) -> date:
    """The month written month/year, as its first day; a Refusal says how to write it."""
    typed = clean(text)
    found = _ISO_MONTH.fullmatch(typed)
    year, month = (found[1], found[2]) if found else ("", "")
    if found := _MONTH_FIRST.fullmatch(typed) or _MONTH_IN_WORDS.fullmatch(fold(typed)):
        month, year = found[1], found[2]
    if not year or not 1 <= int(month) <= 12:
        raise Refusal(msgid("Write the month as month/year, for example 03/2026."))
    _check_year(int(year))
    return date(int(year), int(month), 1)


def format_date(d: date) -> str:
    """05/01/2026."""
    return f"{d.day:02}/{d.month:02}/{d.year:04}"


def format_month(d: date) -> str:
    """01/2026."""
    return f"{d.month:02}/{d.year:04}"


def long_date(d: date) -> str:
    """As in official papers: days below 10 and the months 1 and 2 are padded."""
    month = f"{d.month:02}" if d.month <= 2 else str(d.month)
    return f"ngày {d.day:02} tháng {month} năm {d.year}"


def add_months(d: date, n: int) -> date:
    """The same day n months later; where that month has no such day, its last (Civil Code Art. 148)."""
    year, month = divmod(d.year * 12 + d.month - 1 + n, 12)
    return date(year, month + 1, min(d.day, calendar.monthrange(year, month + 1)[1]))


def last_valid_day(issued: date, months: int) -> date:
    """The last day of a term in months: the day of issue does not count (Art. 147), so 15/03/2022 + 36 = 15/03/2025."""
    if months < 1:
        raise ValueError("a term has at least one month")
    return add_months(issued, months)


def working_days_after(start: date | datetime, n: int, holidays: Collection[date] = PUBLIC_HOLIDAYS) -> date:
    """The n-th working day (Monday to Friday, no public holiday) after `start`, which itself does not count."""
    if n < 0:
        raise ValueError("working days are counted forward")
    day = local_date(start) if isinstance(start, datetime) else start
    while n:
        day += timedelta(days=1)
        n -= day.weekday() < 5 and day not in holidays
    return day


def local_time(moment: datetime) -> datetime:
    """The moment on Vietnam's clock."""
    if moment.tzinfo is None:
        raise ValueError("times are aware")
    return moment.astimezone(LOCAL)


def local_date(moment: datetime) -> date:
    """The calendar day in Vietnam."""
    return local_time(moment).date()


def day_start(d: date) -> datetime:
    """The first moment of the day in Vietnam, in UTC."""
    return datetime.combine(d, time(), LOCAL).astimezone(UTC)


def day_end(d: date) -> datetime:
    """The first moment that no longer belongs to the day: compare with `moment < day_end(d)`."""
    return day_start(d + timedelta(days=1))


def month_start(d: date) -> date:
    """The month of a day, which is written as its first day."""
    return date(d.year, d.month, 1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """The months from the one of `first` to the one of `last`, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(add_months(month_start(first), n) for n in range(count))


@dataclass(frozen=True, order=True)
class Period:
    """Days from first to last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refusal(msgid("The period ends before it begins: check both days."), field="last")

    @classmethod
    def of_months(cls, first: date, count: int) -> "Period":
        """`count` whole months from the month of `first`."""
        start = month_start(first)
        return cls(start, add_months(start, count) - timedelta(days=1))

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """A calendar month."""
        return cls.of_months(date(year, month, 1), 1)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        """Quarter 1 to 4."""
        return cls.of_months(date(year, quarter * 3 - 2, 1), 3)

    @classmethod
    def half(cls, year: int, half: int) -> "Period":
        """The first or second half of a year."""
        return cls.of_months(date(year, half * 6 - 5, 1), 6)

    @classmethod
    def nine_months(cls, year: int) -> "Period":
        """The first nine months of a year, which officials report on."""
        return cls.of_months(date(year, 1, 1), 9)

    @classmethod
    def year(cls, year: int) -> "Period":
        """A calendar year."""
        return cls.of_months(date(year, 1, 1), 12)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and not isinstance(day, datetime) and self.first <= day <= self.last

    @property
    def start(self) -> datetime:
        """Its first moment, in UTC."""
        return day_start(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC: compare with `moment < period.end`."""
        return day_end(self.last)

    def months(self) -> Iterator[date]:
        """The months that it touches."""
        return iter(months_between(self.first, self.last))

    def whole_months(self) -> int | None:
        """How many months, when it consists of whole ones."""
        whole = self.first.day == 1 and (self.last + timedelta(days=1)).day == 1
        return len(months_between(self.first, self.last)) if whole else None

    def previous(self) -> "Period":
        """As many months, or days, just before."""
        if count := self.whole_months():
            return Period.of_months(add_months(self.first, -count), count)
        return Period(self.first - (self.last - self.first) - timedelta(days=1), self.first - timedelta(days=1))

    def year_before(self) -> "Period":
        """The same period of the year before, which officials compare with."""
        if count := self.whole_months():
            return Period.of_months(add_months(self.first, -12), count)
        return Period(add_months(self.first, -12), add_months(self.last, -12))

    def label(self) -> Message:
        """Its usual name, to be said by the edge."""
        year, month = self.first.year, self.first.month
        match self.whole_months(), month:
            case 1, _:
                return msgid("Month %(month)s/%(year)s", month=month, year=year)
            case 3, 1 | 4 | 7 | 10:
                return msgid("Quarter %(quarter)s/%(year)s", quarter=_ROMAN[month // 3 + 1], year=year)
            case 6, 1:
                return msgid("First 6 months of %(year)s", year=year)
            case 6, 7:
                return msgid("Last 6 months of %(year)s", year=year)
            case 9, 1:
                return msgid("First 9 months of %(year)s", year=year)
            case 12, 1:
                return msgid("Year %(year)s", year=year)
        return msgid("%(first)s to %(last)s", first=format_date(self.first), last=format_date(self.last))
