"""The text in force; an installation that has published none of its own starts from the shipped version 1."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select

from marketplace.extensions import db
from marketplace.policies.models import PolicyText
from marketplace.policies.rules import Name

SHIPPED_AT = datetime(2026, 11, 23, tzinfo=UTC)


@cache
def shipped(name: Name) -> str:
    """The text that comes with the application."""
    return (Path(__file__).parent / "texts" / f"{name}.txt").read_text(encoding="utf-8")


def versions(name: Name) -> list[PolicyText]:
    """All published versions, newest first, down to the shipped one. One query."""
    own = list(db.session.scalars(select(PolicyText).filter_by(name=name).order_by(PolicyText.number.desc())))
    return [*own, PolicyText(name=name, number=1, body=shipped(name), published_at=SHIPPED_AT)]


def current(name: Name) -> PolicyText:
    """The version in force."""
    return versions(name)[0]
