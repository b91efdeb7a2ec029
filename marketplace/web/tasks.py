"""What the worker does for the plumbing: once a night, forget submissions that nobody repeats any more."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import delete
from sqlalchemy.engine import CursorResult

from marketplace.extensions import db
from marketplace.web.models import Submission
from marketplace.web.writes import transaction

REPEATED_WITHIN = timedelta(days=30)
"""A page left open longer is stale anyway: its version has moved on."""


def forget_submissions(_app: Flask) -> int:
    """Delete the keys of old submissions; how many went."""
    with transaction() as now:
        done = db.session.execute(delete(Submission).where(Submission.at < now - REPEATED_WITHIN))
    return done.rowcount if isinstance(done, CursorResult) else 0
