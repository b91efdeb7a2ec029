"""Background work of notices: empty the outbox, with retries that wait longer each time."""

import smtplib
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.notices.mail import Carrier, carrier, compose
from marketplace.notices.models import Outgoing
from marketplace.web.writes import transaction

WAITS = (1, 5, 15, 60, 240, 720, 1440)
"""Minutes before the next attempt; after the last one the mail is given up, and the administrator sees it."""
BATCH = 50
CLAIM = timedelta(minutes=10)


def send_due(app: Flask) -> int:
    """Send what is due; returns how many were sent. A mail is claimed before it is sent, so two workers never share it."""
    claimed = claim()
    if not claimed:
        return 0
    sent = 0
    try:
        with carrier(app.config["SETTINGS"]) as way:
            for ticket in claimed:
                sent += attempt(way, ticket)
    except (OSError, smtplib.SMTPException) as error:
        current_app.logger.warning("mail server not reachable: %s", error)
        for ticket in claimed:
            put_off(ticket, str(error))
    return sent


def claim() -> list[int]:
    """Take a batch by moving its next attempt into the future: should this process die, another takes it up then."""
    with transaction() as now:
        due = select(Outgoing).where(
            Outgoing.sent_at.is_(None), Outgoing.given_up.is_(False), Outgoing.next_try_at <= now
        )
        mails = list(db.session.scalars(due.order_by(Outgoing.id).limit(BATCH).with_for_update(skip_locked=True)))
        for mail in mails:
            mail.next_try_at = now + CLAIM
        return [mail.id for mail in mails]


def attempt(way: Carrier, ticket: int) -> int:
    """Send one mail and remember the outcome."""
    mail = db.session.get_one(Outgoing, ticket)
    settings = current_app.config["SETTINGS"]
    link = f"\n\n{settings.public_url}{mail.path}" if mail.path else ""
    message = compose(
        mail.recipient,
        mail.subject,
        mail.body.replace("\n\n--\n", f"{link}\n\n--\n", 1),
        sender=settings.mail_sender,
        at=mail.created_at,
        key=f"{mail.id}.{int(mail.created_at.timestamp())}",
    )
    db.session.rollback()
    try:
        way.send(message)
    except (OSError, smtplib.SMTPException) as error:
        put_off(ticket, str(error))
        return 0
    with transaction() as now:
        mail = db.session.get_one(Outgoing, ticket)
        mail.sent_at, mail.error, mail.attempts = now, None, mail.attempts + 1
    return 1


def put_off(ticket: int, reason: str) -> None:
    """Try again later, later each time; at last give up."""
    with transaction() as now:
        mail = db.session.get_one(Outgoing, ticket)
        if mail.sent_at is not None:
            return
        mail.error = reason[:500]
        mail.attempts += 1
        mail.given_up = mail.attempts > len(WAITS)
        mail.next_try_at = next_attempt(now, mail.attempts)


def next_attempt(now: datetime, attempts: int) -> datetime:
    """When a mail that has failed so often is tried again."""
    return now + timedelta(minutes=WAITS[min(attempts, len(WAITS)) - 1])
