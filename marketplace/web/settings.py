"""Settings of the whole installation that live in its database."""

import time
from typing import Any

from flask import Flask, current_app

from marketplace.extensions import db
from marketplace.web.models import Setting

DEMONSTRATION = "demonstration"
LOOK_AGAIN = 60
"""Seconds after which a process asks again whether it has become a demonstration."""


def get(name: str, default: Any = None) -> Any:
    """The stored value, or the default. One query."""
    found = db.session.get(Setting, name)
    return default if found is None else found.value


def put(name: str, value: Any) -> None:
    """Store a value; the caller commits and records it in the ledger."""
    found = db.session.get(Setting, name)
    if found is None:
        db.session.add(Setting(name=name, value=value))
    else:
        found.value = value
    db.session.flush()
    current_app.extensions.pop(DEMONSTRATION, None)


def demonstration() -> bool:
    """Whether all data here is an illustration; every page says so, hence asked of the database once a minute only."""
    asked_at, known = current_app.extensions.get(DEMONSTRATION, (0.0, False))
    if not asked_at or time.monotonic() - asked_at > LOOK_AGAIN:
        known = bool(get(DEMONSTRATION))
        current_app.extensions[DEMONSTRATION] = (time.monotonic(), known)
    return known


def init_app(app: Flask) -> None:
    """Give templates the mark."""
    app.context_processor(lambda: {"demonstration": demonstration()})
