"""What the worker does for the ledger: once a day has ended in Vietnam, make its root."""

from datetime import timedelta

from flask import Flask

from marketplace.ledger import queries, service_roots
from marketplace.web import clock
from marketplace.web.writes import transaction


def seal_day(_app: Flask) -> int:
    """The root of yesterday, also hours or days later; how many entries it holds. Every host may try."""
    yesterday = clock.today() - timedelta(days=1)
    last = queries.latest_root()
    if (last is not None and last.day >= yesterday) or not queries.waits(yesterday):
        return 0
    with transaction() as now:
        root = service_roots.seal(yesterday, now=now)
    return root.entries if root else 0
