"""Sending a mail: by SMTP as MARKETPLACE_MAIL_URL says, or, without one, as a file that the administrator can read."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from marketplace.config import ConfigurationError, Settings
from marketplace.kernel.vietnamese import clean, nfc
from marketplace.notices.models import Outgoing

TIMEOUT = 20
FOLDER = "mail"
CLOSING = "\n\n--\n"


class Carrier(Protocol):
    """Takes one message to where it goes; raises OSError or smtplib.SMTPException when it cannot."""

    def send(self, message: EmailMessage) -> None: ...


@dataclass
class Folder:
    """Keeps mails as .eml files: a demonstration sends nothing to anybody."""

    path: Path

    def send(self, message: EmailMessage) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").replace("/", "_")
        fresh = self.path / f"{name}.new"
        fresh.write_bytes(bytes(message))
        fresh.replace(self.path / f"{name}.eml")


@dataclass
class Smtp:
    """An open session with a mail server."""

    session: smtplib.SMTP

    def send(self, message: EmailMessage) -> None:
        self.session.send_message(message)


@contextmanager
def carrier(settings: Settings) -> Iterator[Carrier]:
    """One connection for all mails of one run. `smtp://user:password@host:587?starttls=1`, `smtps://host:465`."""
    if not settings.mail_url:
        yield Folder(settings.instance / FOLDER)
        return
    url = urlsplit(settings.mail_url)
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise ConfigurationError("MARKETPLACE_MAIL_URL must look like smtp://user:password@host:587?starttls=1")
    secure = ssl.create_default_context()
    if url.scheme == "smtps":
        session: smtplib.SMTP = smtplib.SMTP_SSL(url.hostname, url.port or 465, timeout=TIMEOUT, context=secure)
    else:
        session = smtplib.SMTP(url.hostname, url.port or 25, timeout=TIMEOUT)
    with session:
        if "starttls=1" in url.query:
            session.starttls(context=secure)
        if url.username:
            session.login(unquote(url.username), unquote(url.password or ""))
        yield Smtp(session)


def compose(recipient: str, subject: str, body: str, *, sender: str, at: datetime, key: str) -> EmailMessage:
    """A plain-text message; `key` makes its Message-ID the same at every attempt, so that a repeat can be noticed."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = clean(subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2] or 'localhost'}>"
    message.set_content(nfc(body))
    return message


def key_of(mail: Outgoing) -> str:
    """The same for every attempt to send this mail, and for no other."""
    return f"{mail.id}.{int(mail.created_at.timestamp())}"


def message_of(mail: Outgoing, settings: Settings) -> EmailMessage:
    """The mail as it leaves: the address of the page that it is about stands before the closing line."""
    link = f"\n\n{settings.public_url}{mail.path}" if mail.path else ""
    return compose(
        mail.recipient,
        mail.subject,
        mail.body.replace(CLOSING, link + CLOSING, 1),
        sender=settings.mail_sender,
        at=mail.created_at,
        key=key_of(mail),
    )


def kept(mail: Outgoing, settings: Settings) -> EmailMessage | None:
    """The mail as a demonstration keeps it; None where mails really leave, or this one has not been written yet."""
    if settings.mail_url:
        return None
    found = next((settings.instance / FOLDER).glob(f"{key_of(mail)}@*.eml"), None)
    return message_from_bytes(found.read_bytes(), policy=default) if found else None
