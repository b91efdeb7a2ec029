"""Background work of notices: empty the outbox, with retries that wait longer each time."""

import smtplib
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.notices.mail import Carrier, carrier, message_of
from marketplace.notices.models import Outgoing
from marketplace.notices.rules import CLAIM, STOP, last_attempt, next_attempt
from marketplace.web import clock
from marketplace.web.writes import transaction

BATCH = 50


def send_due(app: Flask) -> int:
    """Send what is due; returns how many were sent. A mail is claimed before it is sent, so two workers never share it."""
    claimed, until = claim()
    if not claimed:
        return 0
    sent = 0
    try:
        with carrier(app.config["SETTINGS"]) as way:
            for ticket in claimed:
                if clock.now() > until:
                    break
                sent += attempt(way, ticket)
    except (OSError, smtplib.SMTPException) as error:
        current_app.logger.warning("mail server not reachable: %s", error)
        for ticket in claimed:
            put_off(ticket, str(error))
    return sent


def claim() -> tuple[list[int], datetime]:
    """Take a batch by moving its next attempt into the future; returns it, and until when it may be sent."""
    with transaction() as now:
        due = select(Outgoing).where(
            Outgoing.sent_at.is_(None), Outgoing.given_up.is_(False), Outgoing.next_try_at <= now
        )
        mails = list(db.session.scalars(due.order_by(Outgoing.id).limit(BATCH).with_for_update(skip_locked=True)))
        for mail in mails:
            mail.next_try_at = now + CLAIM
        return [mail.id for mail in mails], now + STOP


def attempt(way: Carrier, ticket: int) -> int:
    """Send one mail and remember the outcome; no transaction is open while the mail server answers."""
    message = message_of(db.session.get_one(Outgoing, ticket), current_app.config["SETTINGS"])
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
        mail.given_up = last_attempt(mail.attempts)
        mail.next_try_at = next_attempt(now, mail.attempts)
