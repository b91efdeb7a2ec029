"""Telling people: the notice and its mail are rows of the caller's transaction; the worker sends later."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import clean
from marketplace.ledger.service import record
from marketplace.notices.mail import CLOSING
from marketplace.notices.models import Notice, Outgoing
from marketplace.web.messages import say
from marketplace.web.writes import lock


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
    """Put a mail into the outbox; the sender adds the full address of `path`.

    An address of more than one line would let its writer add headers; nothing that accounts/ accepts looks so.
    """
    if clean(recipient) != recipient or any(sign.isspace() for sign in recipient):
        raise ValueError(f"not the address of one person: {recipient!r}")
    closing = _("You get this message because you have an account here.")
    db.session.add(
        Outgoing(
            recipient=recipient,
            subject=clean(subject)[:200],
            body=f"{body}{CLOSING}{closing}\n",
            path=path,
            created_at=now,
            next_try_at=now,
        )
    )


def read(user_id: int, subject: str, *, now: datetime) -> None:
    """Mark what somebody was told about a subject as read (when they act on it)."""
    mark(Notice.user_id == user_id, Notice.subject == subject, now=now)


def read_one(notice: Notice, *, now: datetime) -> None:
    """Mark one notice as read."""
    mark(Notice.id == notice.id, now=now)


def read_all(user_id: int, *, now: datetime) -> None:
    """Mark everything that somebody was told as read."""
    mark(Notice.user_id == user_id, now=now)


def mark(*conditions: ColumnElement[bool], now: datetime) -> None:
    """Only what is unread gets the moment: the first reading counts."""
    db.session.execute(update(Notice).where(*conditions, Notice.read_at.is_(None)).values(read_at=now))


def retry(mail: Outgoing, *, actor: int, now: datetime) -> None:
    """The administrator has mended what was wrong: try again now, with all attempts to come."""
    lock(mail)
    if mail.sent_at is not None:
        raise Refusal(msgid("This mail has been sent already."))
    mail.attempts, mail.given_up, mail.next_try_at = 0, False, now
    db.session.flush()
    record("mail:retried", mail, actor=actor, now=now)
