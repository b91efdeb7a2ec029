"""Settings of the whole installation that live in its database."""

from typing import Any

from marketplace.extensions import db
from marketplace.web.models import Setting


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
