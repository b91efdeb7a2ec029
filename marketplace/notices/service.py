"""Telling people: the notice and its mail are rows of the caller's transaction; the worker sends later."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.messages import Message
from marketplace.notices.models import Notice, Outgoing
from marketplace.web.messages import say


def notify(
    users: Iterable[User],
    message: Message,
    *,
    url: str,
    now: datetime,
    subject: str = "",
    once: str | None = None,
) -> int:
    """Tell each user once: a notice in the app, and a mail where an address is known. Returns how many were told.

    `url` is a path inside the application (the sender puts the installation's address before it);
    `once` names a reminder that must not be made twice.
    """
    told = 0
    for user in {user.id: user for user in users}.values():
        if once and db.session.scalar(select(Notice.id).filter_by(user_id=user.id, once=once)):
            continue
        db.session.add(
            Notice(
                user_id=user.id,
                text=message.text,
                values={name: plain(value) for name, value in dict(message.values).items()},
                url=url,
                subject=subject,
                once=once,
                created_at=now,
            )
        )
        if user.email:
            post(user.email, say(message), say(message), path=url, now=now)
        told += 1
    db.session.flush()
    return told


def plain(value: object) -> str | int:
    """A value as JSON can keep it; a message inside a message is translated now."""
    if isinstance(value, Message):
        return say(value)
    return value if isinstance(value, int) else str(value)


def post(recipient: str, subject: str, body: str, *, path: str = "", now: datetime) -> None:
    """Put a mail into the outbox; the sender adds the full address of `path`."""
    closing = _("You get this message because you have an account here.")
    db.session.add(
        Outgoing(
            recipient=recipient,
            subject=subject[:200],
            body=f"{body}\n\n--\n{closing}\n",
            path=path,
            created_at=now,
            next_try_at=now,
        )
    )


def read(user_id: int, subject: str, *, now: datetime) -> None:
    """Mark what somebody was told about a subject as read (when they act on it)."""
    statement = update(Notice).where(Notice.user_id == user_id, Notice.subject == subject, Notice.read_at.is_(None))
    db.session.execute(statement.values(read_at=now))
