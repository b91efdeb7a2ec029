"""What the worker does for the ledger: once a day has ended in Vietnam, make its root, also of a day without entries."""

from datetime import timedelta

from flask import Flask

from marketplace.ledger import service_roots
from marketplace.web import clock
from marketplace.web.writes import transaction


def seal_day(_app: Flask) -> int:
    """The roots of the days up to yesterday, also where no worker ran for days; how many. Every host may try."""
    yesterday = clock.today() - timedelta(days=1)
    made = 0
    for day in service_roots.days_without(yesterday):
        with transaction() as now:
            made += service_roots.seal(day, now=now) is not None
    return made
