"""Every write in one short transaction: idempotency key, the change, its ledger entry, commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import current_app, session
from flask_login import current_user
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from marketplace.extensions import db
from marketplace.kernel.errors import Refusal, Repeated, Stale
from marketplace.kernel.messages import msgid
from marketplace.web import clock
from marketplace.web.forms import Form
from marketplace.web.models import Submission

UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK = "23505", "40001", "40P01"
RACES = {UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK, "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
"""By the codes of PostgreSQL and of SQLite."""
FULL = {"53100", "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"}
"""A full disk; SQLite gives a quota that is used up the names of the last two."""
NO_ROOM = msgid(
    "This platform has no room left to store anything. Nothing was recorded; what you typed is still here. "
    "Please try again later, or tell the administrator."
)


def owner() -> str:
    """Whose submissions a key is unique among: the user's, or an anonymous session's."""
    if current_user.is_authenticated:
        return f"user:{current_user.id}"
    if "visitor" not in session:
        session["visitor"] = uuid4().hex
    return f"session:{session['visitor']}"


@contextmanager
def transaction() -> Iterator[datetime]:
    """A write outside a form (commands, tasks): begins afresh, commits at its end, rolls back on any error."""
    db.session.rollback()
    db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
    try:
        yield clock.now()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@contextmanager
def write(form: Form) -> Iterator[datetime]:
    """The write of one submitted form.

    Inside: load again, `form.check(thing)`, call the service, `return form.done(message, url)`.
    A Refusal rolls back and lands on the form, and the view goes on to show it again;
    a repeated submission raises Repeated with the first one's answer; a lost race raises Stale: a version that moved on,
    a place that a unique constraint gave to somebody else, a deadlock that the database broke.
    """
    who, answered = owner(), False
    try:
        with transaction() as now:
            claim(who, form.key.data or uuid4().hex, now)
            yield now
            answered = True
            remember(who, form)
    except Refusal as refusal:
        form.refuse(refusal)
    except StaleDataError as error:
        raise Stale from error
    except DBAPIError as error:
        if was_race(error):
            raise Stale from error
        # From here on the view has its answer ("saved"): swallowing the error would let that answer out.
        if answered or not is_full(error):
            raise
        current_app.logger.exception("the disk of the database is full")
        form.refuse(Refusal(NO_ROOM))


def was_race(error: DBAPIError) -> bool:
    """Whether somebody else was faster, and not a mistake of ours: doing the same again may well succeed."""
    return code_of(error) in RACES


def is_full(error: Exception) -> bool:
    """Whether the database had no room left to store anything."""
    return isinstance(error, DBAPIError) and code_of(error) in FULL


def code_of(error: DBAPIError) -> str | None:
    """What the database says it is."""
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)


def claim(who: str, key: str, now: datetime) -> None:
    """Insert the idempotency key, or raise Repeated with the answer that the first submission got."""
    try:
        db.session.execute(insert(Submission).values(owner=who, key=key, answer="", at=now))
    except IntegrityError as error:
        db.session.rollback()
        answer = db.session.scalar(select(Submission.answer).filter_by(owner=who, key=key))
        raise Repeated(answer or "/") from error


def remember(who: str, form: Form) -> None:
    """Store where the submission led, for repeats of it."""
    statement = update(Submission).where(Submission.owner == who, Submission.key == form.key.data)
    db.session.execute(statement.values(answer=form.answer[:500]))


def lock(thing: Any) -> None:
    """Load the row anew and hold it until the end of the transaction (SQLite holds the whole database already)."""
    db.session.refresh(thing, with_for_update={"of": type(thing)})
