"""Sending a mail: by SMTP as MARKETPLACE_MAIL_URL says, or, without one, as a file that the administrator can read."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from marketplace.config import ConfigurationError, Settings

TIMEOUT = 20


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
        (self.path / f"{name}.eml").write_bytes(bytes(message))


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
        yield Folder(settings.instance / "mail")
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
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(at)
    domain = sender.rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{key}@{domain}>" if key else make_msgid(domain=domain)
    message.set_content(body)
    return message
