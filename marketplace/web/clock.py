"""The one place where the present is read; everything below the edge is handed `now`."""

from datetime import UTC, date, datetime

from marketplace.kernel.dates import local_date


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Vietnam."""
    return local_date(now())
