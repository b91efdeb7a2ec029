"""Numbers and money as they are written in Vietnam: 1.234.567,5 and 45k, 1,2tr, 1tr2, 3 tỷ."""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import clean, without_marks

LIMIT = 10**15
"""No number or amount typed here is larger; sums of many still fit a database integer."""

_PLAIN = re.compile(r"[0-9]+(?:,[0-9]+)?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?|[1-9][0-9]{0,2}(?: [0-9]{3})+(?:,[0-9]+)?")
_DOT_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")
_SCALES = {"k": 10**3, "nghin": 10**3, "ngan": 10**3, "tr": 10**6, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_SCALE_NAMES = "|".join(sorted(_SCALES, key=len, reverse=True))
_NUMBER = r"[0-9][0-9.,]*(?: [0-9]{3}(?![0-9]))*(?:,[0-9]+)?"
_SCALED = re.compile(rf"({_NUMBER}) ?({_SCALE_NAMES})\.?(?![a-z])")
_CURRENCY = re.compile(r"(?<=[0-9a-z])[. ]*(?:dong|vnd|d|₫)\.?$")


def parse_decimal(text: str) -> Decimal:
    """The number written with dots or spaces for thousands and a comma for decimals; a Refusal says how to write it."""
    typed = _checked_digits(text)
    sign, digits = (-1, typed[1:].lstrip()) if typed[:1] in ("-", "−") else (1, typed)
    if not (_PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits)):
        raise Refusal(_remedy(digits))
    return sign * _within_limit(Decimal(digits.replace(".", "").replace(" ", "").replace(",", ".")))


def parse_money(text: str) -> int:
    """Whole đồng from the ways people write an amount; a Refusal says how to write it."""
    typed = _checked_digits(text)
    if typed[:1] in ("-", "−"):
        raise Refusal(msgid("An amount of money is not negative; write it without the minus sign."))
    amount = _within_limit(_amount(_CURRENCY.sub("", without_marks(typed))))
    if amount != int(amount):
        raise Refusal(msgid("Money is in whole đồng: leave out the part after the comma."))
    return int(amount)


def _amount(text: str) -> Decimal:
    """A plain number, or numbers with their scales from the largest to the smallest, and perhaps a tail."""
    total, scale, number = Decimal(0), 0, Decimal(0)
    while part := _SCALED.match(text):
        number, size = parse_decimal(part[1]), _SCALES[part[2]]
        if scale and (size >= scale or number * size >= scale):
            raise Refusal(_AMOUNT)
        total, scale, text = total + number * size, size, text[part.end() :]
        if text.startswith(" ") and _SCALED.match(text, 1):
            text = text[1:]
    if not scale and re.fullmatch(_NUMBER, text):
        return parse_decimal(text)
    if not scale or (text and number != int(number)):
        raise Refusal(_AMOUNT)
    return total + _tail(text) * scale


def _tail(text: str) -> Decimal:
    """What may follow the last scale, as a part of it: 1tr2, 1 triệu 200, 2 tỷ rưỡi; "1 triệu 20" has two readings."""
    if text.strip() == "ruoi":
        return Decimal("0.5")
    if not re.fullmatch(r"| ?[0-9]| ?[0-9]{3}|[0-9]{2}", text):
        raise Refusal(_AMOUNT)
    return Decimal(f"0.{text.strip() or 0}")


_AMOUNT = msgid("Write the amount in đồng, for example 1.200.000, 45k, 1,2tr or 3 tỷ.")


def _checked_digits(text: str) -> str:
    """The text without odd spaces; other scripts' digits are refused before anything could turn them into ours."""
    if any(not c.isascii() and c.isnumeric() for c in text):
        raise Refusal(msgid("Write the number with the digits 0 to 9."))
    typed = clean(text)
    if not typed:
        raise Refusal(msgid("Write a number, for example 1.234,5."))
    if len(typed) > 60:
        raise Refusal(_TOO_LARGE)
    return typed


_TOO_LARGE = msgid("This number is too large: the largest is %(limit)s.", limit=f"{LIMIT:,}".replace(",", "."))


def _within_limit(number: Decimal) -> Decimal:
    if abs(number) > LIMIT:
        raise Refusal(_TOO_LARGE)
    return number


def _remedy(digits: str) -> Message:
    """What to tell somebody whose number is not understood."""
    if dotted := _DOT_DECIMAL.fullmatch(digits):
        return msgid("Write decimals with a comma, for example %(example)s.", example=",".join(dotted.groups()))
    return msgid("Write the number with dots for thousands and a comma for decimals, for example 1.234.567,5.")


def format_number(number: Decimal | int, places: int | None = None) -> str:
    """1234567.5 → "1.234.567,5"; with `places`, exactly so many decimals, halves rounded up."""
    if isinstance(number, float):
        raise TypeError("a float is not exact; pass a Decimal or an int")
    number = Decimal(number)
    if places is not None:
        number = rounded(number, places)
    whole, _, decimals = f"{abs(number):f}".partition(".")
    decimals = decimals.rstrip("0") if places is None else decimals
    shown = f"{int(whole):,}".replace(",", ".") + (f",{decimals}" if decimals else "")
    return f"−{shown}" if number < 0 else shown


def rounded(number: Decimal, places: int) -> Decimal:
    """The number with so many decimals, halves rounded away from zero, however long it is."""
    with localcontext() as context:
        context.prec = 60
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def format_money(amount: int) -> str:
    """1200000 → "1.200.000 đ"."""
    return f"{format_number(amount)} đ"


def format_money_short(amount: int) -> str:
    """For figures: "350 triệu đồng", "1,25 tỷ đồng"; below a million the amount as it is."""
    for scale, name, places in ((10**9, "tỷ", 2), (10**6, "triệu", 1)):
        short = rounded(Decimal(amount) / scale, places)
        # 999.960.000 would round to "1.000 triệu": what rounds to one of the larger unit is shown in it.
        if abs(amount) >= scale or (scale == 10**9 and rounded(Decimal(abs(amount)) / 10**6, 1) >= 1000):
            return f"{format_number(short)} {name} đồng"
    return f"{format_number(amount)} đồng"


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """part / whole, computed and never stored; None when there is no whole."""
    return Decimal(part) / Decimal(whole) if whole else None


def format_percent(ratio: Decimal, places: int = 1) -> str:
    """0.493 → "49,3%"."""
    return f"{format_number(ratio * 100, places)}%"
