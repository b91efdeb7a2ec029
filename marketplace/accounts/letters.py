"""The letter that proves an e-mail address: its link is signed, good for two days and for this address only."""

from datetime import datetime

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.messages import msgid
from marketplace.web import handed
from marketplace.web.messages import say

GOOD_FOR = 2 * 24 * 3600
"""Seconds."""


def signer() -> URLSafeTimedSerializer:
    """Signs with the installation's secret, for this purpose only."""
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="prove-email")


def send(user: User, *, now: datetime) -> None:
    """Put the letter into the outbox, in the caller's transaction; nothing to do without an unproved address."""
    if not user.email or user.email_proved_at is not None:
        return
    path = url_for("accounts.prove_email", token=signer().dumps([user.id, user.email]))
    subject = msgid("Prove your e-mail address")
    body = msgid("Open this link and press the button; until then a contract cannot be confirmed in the application.")
    handed.take("mailer")(user.email, say(subject), say(body), path=path, now=now)


def reader_of(token: str) -> User | None:
    """Whom the link was sent to; None when it is too old, altered, or the address is another one meanwhile."""
    try:
        user_id, email = signer().loads(token, max_age=GOOD_FOR)
    except (BadSignature, ValueError):
        return None
    user = db.session.get(User, user_id)
    return user if user is not None and user.active and user.email == email else None
