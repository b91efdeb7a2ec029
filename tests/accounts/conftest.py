"""What the account tests share: an application with its guards on, and the codes that a phone would show."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.extensions import db, limiter
from marketplace.ledger.models import Entry
from marketplace.notices.models import Outgoing
from tests.conftest import Backend, make_app
from tests.factories import PASSWORD, Factories


@pytest.fixture
def guarded(backend: Backend, tmp_path: Path) -> Iterator[Flask]:
    """The application as it really runs: forged and too many requests are refused."""
    url = backend.app.config["SETTINGS"].database_url
    app = make_app(url, tmp_path, WTF_CSRF_ENABLED=True, RATELIMIT_ENABLED=True)
    with app.app_context():
        limiter.reset()
        yield app
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = False


@pytest.fixture
def guarded_make(guarded: Flask, now: datetime) -> Factories:
    """People in the guarded application."""
    return Factories(now)


def token_in(page: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def send(client: FlaskClient, url: str, **data: Any) -> Any:
    """Open a page and send its form, token included."""
    return client.post(url, data={"csrf_token": token_in(client.get(url).get_data(as_text=True)), **data})


def key_in(page: str) -> str:
    """The authenticator key that a page shows."""
    found = re.search(r'<strong class="fingerprint">([A-Z2-7 -]+)</strong>', page)
    assert found, page[:3000]
    return found[1].replace("-", "").replace(" ", "")


@pytest.fixture
def set_up_code() -> Callable[[FlaskClient], pyotp.TOTP]:
    """Set an authenticator app up for who is signed in; returns the app."""

    def set_up(client: FlaskClient) -> pyotp.TOTP:
        page = client.post("/account/second-factor", data={"setup": "authenticator"}).get_data(as_text=True)
        phone = pyotp.TOTP(key_in(page))
        answer = client.post("/login/code", data={"code": phone.now()})
        assert answer.status_code == 302, answer.get_data(as_text=True)[:3000]
        return phone

    return set_up


def events(user: Any) -> list[str]:
    """What the ledger has on a person, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(Entry.event).filter_by(subject=f"account:{user.id}").order_by(Entry.seq)))


def mails() -> list[Outgoing]:
    """What waits in the outbox."""
    db.session.rollback()
    return list(db.session.scalars(select(Outgoing).order_by(Outgoing.id)))


def log_in(client: FlaskClient, identity: str, password: str = PASSWORD, **more: Any) -> Any:
    """Send the sign-in form (of an application that asks for no token)."""
    return client.post("/login", data={"identity": identity, "passcode": password, **more})
