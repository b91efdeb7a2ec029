"""Form fields that speak Vietnamese: numbers, money, dates, months, phones; the typed text survives every error."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import phonenumbers
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import StopValidation

from marketplace.kernel.dates import format_date, format_month, parse_date, parse_month
from marketplace.kernel.errors import Refusal
from marketplace.kernel.numbers import format_number, parse_decimal, parse_money
from marketplace.web.messages import say


class ParsedField(StringField):
    """A text field whose data is parsed by a kernel function and shown again exactly as typed."""

    parse: Callable[[str], Any]
    show: Callable[[Any], str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text; a Refusal of the parser becomes the field's error."""
        if not valuelist:
            return
        self.typed = valuelist[0]
        text = self.typed.strip()
        if not text:
            self.data = None
            return
        try:
            self.data = type(self).parse(text)
        except Refusal as refusal:
            self.data = None
            raise ValueError(say(refusal.message)) from refusal

    def pre_validate(self, form: Any) -> None:
        """A text that was refused stops the chain: "please fill this in" beside it would be wrong."""
        if self.process_errors:
            raise StopValidation

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else type(self).show(self.data)


class MoneyField(ParsedField):
    """Whole đồng: `1.200.000`, `45k`, `1,2tr`."""

    data: int | None
    parse = staticmethod(parse_money)
    show = staticmethod(lambda value: format_number(value))


class DecimalField(ParsedField):
    """A Vietnamese decimal: `1.234,5`."""

    data: Decimal | None
    parse = staticmethod(parse_decimal)
    show = staticmethod(lambda value: format_number(value))


class DateField(ParsedField):
    """A day written day/month/year."""

    data: date | None
    parse = staticmethod(parse_date)
    show = staticmethod(format_date)


class MonthField(ParsedField):
    """A month written month/year; its data is the first of the month."""

    data: date | None
    parse = staticmethod(parse_month)
    show = staticmethod(format_month)


def parse_phone(text: str) -> str:
    """A Vietnamese number as E.164, from any way of writing it."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise ValueError(_("Write the phone number with its digits, for example 0912 345 678.")) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(_("Write the phone number with its digits, for example 0912 345 678."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_phone(number: str) -> str:
    """National grouping: 0912 345 678."""
    parsed = phonenumbers.parse(number, "VN")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


class PhoneField(ParsedField):
    """A phone number, kept as E.164."""

    data: str | None
    parse = staticmethod(parse_phone)
    show = staticmethod(format_phone)


class PositiveMixin:
    """Refuses zero and less."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)  # type: ignore[misc]
        if self.data is not None and self.data <= 0:  # type: ignore[attr-defined]
            raise StopValidation(_("Please give a number above 0."))


LARGEST_QUANTITY = 10**9
"""Of whatever unit: more is a slip of the finger, and sums of it would leave what databases count with."""


class QuantityField(PositiveMixin, DecimalField):
    """A positive quantity with at most three decimal places."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is not None and self.data != round(self.data, 3):
            raise StopValidation(_("At most three places after the comma."))
        if self.data is not None and self.data > LARGEST_QUANTITY:
            limit = format_number(LARGEST_QUANTITY)
            raise StopValidation(_("This number is too large: the largest is %(limit)s.", limit=limit))


class PriceField(PositiveMixin, MoneyField):
    """A positive price in đồng."""
