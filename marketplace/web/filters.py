"""How numbers, money, dates and messages look in templates; and the few globals every page has."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.kernel import dates, numbers, quantities
from marketplace.web import clock
from marketplace.web.fields import format_phone
from marketplace.web.messages import say

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def show_date(value: date | datetime | None) -> str:
    """05/01/2026; a moment shows its day in Vietnam."""
    if value is None:
        return ""
    return dates.format_date(dates.local_date(value) if isinstance(value, datetime) else value)


def show_datetime(value: datetime | None) -> str:
    """14:05 05/01/2026, Vietnamese time."""
    return "" if value is None else value.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def ago(value: datetime | date) -> str:
    """How long something has waited, in days."""
    day = dates.local_date(value) if isinstance(value, datetime) else value
    days = (clock.today() - day).days
    if days <= 0:
        return _("today")
    return ngettext("%(num)d day", "%(num)d days", days)


def iso(value: datetime) -> str:
    """For <time datetime>."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        money=lambda value: "" if value is None else numbers.format_money(value),
        money_short=lambda value: "" if value is None else numbers.format_money_short(value),
        number=lambda value, places=None: "" if value is None else numbers.format_number(value, places),
        quantity=lambda value, unit: "" if value is None else quantities.format_quantity(value, unit),
        percent=lambda value: "" if value is None else numbers.format_percent(value),
        date=show_date,
        datetime=show_datetime,
        month=lambda value: "" if value is None else dates.format_month(value),
        phone=lambda value: format_phone(value) if value else "",
        say=say,
        ago=ago,
        iso=iso,
    )
    app.jinja_env.globals.update(today=clock.today, now=clock.now)
