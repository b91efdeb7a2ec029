"""PURE: one cell to one value, by what its column holds; every refusal names the remedy."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from marketplace.kernel.dates import add_months, parse_date, parse_month
from marketplace.kernel.errors import Refusal
from marketplace.kernel.identifiers import compact_tax_code
from marketplace.kernel.messages import msgid
from marketplace.kernel.numbers import parse_decimal, parse_money
from marketplace.kernel.vietnamese import fold
from marketplace.register.grid import Broken, Value, blank, text_of

EARLIEST, LATEST = 1945, 2100
SMALLEST_CAPITAL, LARGEST_CAPITAL = 1_000_000, 10**15
EMPTY_MARKS = frozenset({"-", "–", "—", "_", ".", "...", "…", "/", "//", "''", '"'})
EMPTY_WORDS = frozenset({"khong", "khong co", "chua co", "chua ro", "chua xac dinh", "ko", "ko co", "nil", "null"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, and how exactly it was known: a year alone stands for its last day."""

    day: date
    precision: str = "day"


def empty(value: Value) -> bool:
    """Blank, or one of the marks and words by which officials say "nothing here"."""
    if blank(value):
        return True
    return isinstance(value, str) and (value.strip() in EMPTY_MARKS or fold(value) in EMPTY_WORDS)


def usable(value: Value) -> Value:
    """The value itself, unless the cell shows an Excel error or lacks its result."""
    if isinstance(value, Broken):
        if value.error:
            raise Refusal(
                msgid("The cell shows the error %(error)s. Correct the formula, or type the value.", error=value.error)
            )
        raise Refusal(
            msgid(
                "The formula in this cell has no stored result. Open the file in Excel, save it, and upload it again."
            )
        )
    return value


def text(value: Value, longest: int = 200) -> str:
    """Any cell as clean text, no longer than what is kept."""
    written = text_of(usable(value))
    if len(written) > longest:
        raise Refusal(
            msgid("The text has %(length)s characters; shorten it to %(most)s.", length=len(written), most=longest)
        )
    return written


def dated(value: Value) -> Dated:
    """A day: date cells, Excel serial numbers, 16/6/2022, "ngày 16 tháng 6 năm 2022", 5/2019, 2019."""
    value = usable(value)
    if isinstance(value, datetime):
        return Dated(_plausible(value.date(), value))
    if isinstance(value, date):
        return Dated(_plausible(value, value))
    if isinstance(value, time | timedelta | bool):
        raise _not_a_date(value)
    if isinstance(value, int | float):
        return _dated_number(value)
    return _dated_text(text_of(value))


def _dated_number(value: int | float) -> Dated:
    if EARLIEST <= value <= LATEST and value == int(value):
        return Dated(date(int(value), 12, 31), "year")
    if 1000 <= value < 10_000:
        raise _unlikely(value)
    if 10_000 <= value <= 80_000:
        return Dated(_plausible(date(1899, 12, 30) + timedelta(days=int(value)), value))
    raise _not_a_date(value)


def _dated_text(written: str) -> Dated:
    folded = fold(written)
    if year := re.fullmatch(r"(?:nam )?([0-9]{4})", folded):
        return _dated_number(int(year[1]))
    if re.fullmatch(r"[0-9]{5}", folded):
        return _dated_number(int(folded))
    try:
        first = parse_month(written)
    except Refusal:
        return Dated(_plausible(parse_date(re.sub(r"\s+0?0:00(:00)?$", "", written)), written))
    return Dated(_plausible(add_months(first, 1) - timedelta(days=1), written), "month")


def _plausible(day: date, written: object) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise _unlikely(text_of(written))
    return day


def _unlikely(written: object) -> Refusal:
    return Refusal(msgid("The year in “%(value)s” cannot be right. Correct it.", value=str(written)))


def _not_a_date(written: object) -> Refusal:
    return Refusal(
        msgid(
            "“%(value)s” is not a date. Write day/month/year (16/6/2022), or the year alone (2019) where the day is not known.",
            value=text_of(written),
        )
    )


def number(value: Value) -> Decimal:
    """A number as a number or as Vietnamese text: 1.234,5."""
    value = usable(value)
    if isinstance(value, bool | datetime | date | time | timedelta):
        raise _not_a_number(value)
    if isinstance(value, int | float) and abs(value) <= LARGEST_CAPITAL:  # neither infinite nor NaN
        return Decimal(str(value))
    if isinstance(value, int | float):
        raise _not_a_number(value)
    return parse_decimal(text_of(value))


def _not_a_number(written: object) -> Refusal:
    return Refusal(msgid("“%(value)s” is not a number. Write digits only, for example 15.", value=text_of(written)))


def whole(value: Value) -> int:
    """A count: 7, "07", "1.234", "05 thành viên"."""
    if isinstance(usable(value), str):
        value = re.sub(r"\s*(thành viên|thanh vien|tv|người|nguoi|xã viên|hộ|htx)\.?$", "", text_of(value), flags=re.I)
    found = number(value)
    if found != found.to_integral_value() or not 0 <= found < 1_000_000:
        raise Refusal(msgid("“%(value)s” is not a count. Write a whole number, for example 15.", value=text_of(value)))
    return int(found)


def score(value: Value) -> Decimal:
    """Points out of a hundred, two decimal places."""
    if isinstance(usable(value), str):
        value = re.sub(r"\s*(điểm|đ|/\s*100)$", "", text_of(value), flags=re.I)
        value = value.replace(".", ",") if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", value) else value
    found = number(value)
    if not 0 <= found <= 100:
        raise Refusal(
            msgid("“%(value)s” is not a score. Write points from 0 to 100, for example 79,1.", value=text_of(value))
        )
    return found.quantize(Decimal("0.01"))


WORDS_OF_MONEY = {
    "ty": 10**9,
    "ti": 10**9,
    "ty dong": 10**9,
    "trieu": 10**6,
    "tr": 10**6,
    "trieu dong": 10**6,
    "trd": 10**6,
    "tr d": 10**6,
    "nghin": 1000,
    "ngan": 1000,
    "k": 1000,
    "nghin dong": 1000,
    "ngan dong": 1000,
    "dong": 1,
    "d": 1,
    "vnd": 1,
}


def money(value: Value, unit: int | None) -> int | None:
    """Charter capital in đồng; the cell's own unit wins over its column's. Zero says that it is not known."""
    value = usable(value)
    amount = _stated_amount(text_of(value)) if isinstance(value, str) else None
    if amount is None:
        amount = number(value) * (unit or 1)
    if amount == 0:
        return None
    if amount != amount.to_integral_value() or not 0 < amount <= LARGEST_CAPITAL:
        raise _not_money(value)
    if amount < SMALLEST_CAPITAL:
        raise Refusal(
            msgid(
                "A capital of %(value)s đồng is too small to be meant. Write the unit in the heading, for example “(triệu đồng)”.",
                value=str(int(amount)),
            )
        )
    return int(amount)


def _stated_amount(written: str) -> Decimal | None:
    """An amount that states its own unit: "1,2 tỷ", "500 triệu đồng", "1.200 trđ"; None for bare digits."""
    digits, unit = re.fullmatch(r"([0-9.,\s]*)(.*)", written, re.S).groups()  # type: ignore[union-attr]
    if not unit:
        return None
    factor = WORDS_OF_MONEY.get(fold(unit))
    return parse_decimal(digits) * factor if factor and digits else Decimal(parse_money(written))


def _not_money(written: object) -> Refusal:
    return Refusal(
        msgid(
            "“%(value)s” is not an amount of money. Write 1.200.000.000, or 1,2 tỷ, or 500 triệu.",
            value=text_of(written),
        )
    )


def phone(value: Value) -> str:
    """A phone number as +84…; the leading zero that Excel ate is given back; of several numbers the first."""
    written = text(value)
    first = re.split(r"[;/,]|\s-\s|\bhoặc\b", written)[0]
    digits = re.sub(r"[\s.\-()']", "", first)
    if found := re.fullmatch(r"(?:0|\+?84)?([35789][0-9]{8}|2[0-9]{9})", digits):
        return "+84" + found[1]
    if found := re.fullmatch(r"0?(1[89]00[0-9]{4,6})", digits):
        return "+84" + found[1]
    raise Refusal(
        msgid("“%(value)s” is not a phone number. Write its ten digits, or leave the cell empty.", value=written)
    )


def email(value: Value) -> str:
    """An e-mail address, as far as its form goes."""
    written = text(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", written):
        raise Refusal(
            msgid("“%(value)s” is not an e-mail address. Correct it, or leave the cell empty.", value=written)
        )
    return written


def tax_code(value: Value, valid: Callable[[str], bool], personal: bool = False) -> str:
    """A tax code without marks; zeros that Excel ate are given back where the check digit agrees."""
    written = text(value).lstrip("'")
    code = compact_tax_code(written)
    if re.fullmatch(r"[0-9]{1,9}", code) and valid(code.zfill(10)):
        return code.zfill(10)
    if re.fullmatch(r"[0-9]{11,12}", code) and not personal and valid(code.zfill(13)):
        return code.zfill(13)
    if re.fullmatch(r"[0-9]{12}", code) and personal:
        return code
    if re.fullmatch(r"[0-9]{10}|[0-9]{13}", code) and valid(code):
        return code
    raise Refusal(
        msgid(
            "“%(value)s” is not a tax code: 10 or 13 digits, the tenth checks the others. "
            "Compare it with the certificate, or leave the cell empty.",
            value=written,
        )
    )
