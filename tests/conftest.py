"""What every test may ask for: the application on both databases, people and things, a critical client."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pyotp
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import text, update

from marketplace.accounts.models import User
from marketplace.app import create_app
from marketplace.config import Settings
from marketplace.extensions import db
from marketplace.signatures import checking
from marketplace.signatures.keys import create_seal, create_statement_key
from marketplace.web.settings import DEMONSTRATION
from tests.databases import postgresql
from tests.factories import PASSWORD, Factories

# The same argon2, made cheap: a test signs somebody in several times, and slowness is all that full strength adds.
CHEAP = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
TESTING: dict[str, Any] = {
    "TESTING": True,
    "WTF_CSRF_ENABLED": False,
    "RATELIMIT_ENABLED": False,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP,
}
# The same examples everywhere, and no clock: what a test finds must not depend on the machine or on who else computes.
hypothesis.settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def unhurried() -> None:
    """Other tests compute beside: the check of a signature is waited for longer than a person would."""
    checking.PATIENCE, checking.ANSWER = 60.0, 3600.0


class Visitor(FlaskClient):
    """A browser: each request has an application context of its own (g, database session), as on a server."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """What the test has made is committed first, so that the request sees it and nothing stays locked."""
        if has_app_context():
            db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)


def make_app(url: str, folder: Path, **config: Any) -> Flask:
    """An application for tests; `config` overrides TESTING's values."""
    settings = Settings(
        instance=folder,
        database_url=url,
        secret_key="tests only, never a secret",
        password_salt="tests only",
        files_url=f"file://{folder / 'files'}",
        seal_key=str(folder / "seal.pem"),
        statement_key=str(folder / "statement.pem"),
        testing=True,
        extra={**TESTING, **config},
    )
    app = create_app(settings)
    app.test_client_class = Visitor
    return app


def number_apart() -> None:
    """Every table counts from a number of its own: one thing's id never passes for another's, nor for a test's guess."""
    counted = [table.name for table in db.metadata.sorted_tables if table.autoincrement_column is not None]
    with db.engine.begin() as connection:
        for place, name in enumerate(counted, start=1):
            sequence = {"name": name, "start": place * 10_007}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :start)"), sequence)


class Backend:
    """One database with the tables made once; emptied between tests, faster than making it anew."""

    def __init__(self, name: str, url: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        create_seal(folder / "seal.pem", "Thử nghiệm", datetime(2026, 1, 1, tzinfo=UTC))
        create_statement_key(folder / "statement.pem")
        self.app = make_app(url, folder)
        with self.app.app_context():
            db.create_all()
            if name == "postgresql":
                number_apart()
            db.engine.dispose()
        if name == "sqlite":
            self.file = Path(url.removeprefix("sqlite:///"))
            self.pristine = folder / "pristine.sqlite3"
            shutil.copy(self.file, self.pristine)

    def empty(self) -> None:
        """Back to no rows at all, and nothing remembered of them."""
        self.app.extensions.pop(DEMONSTRATION, None)
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
            if self.name == "sqlite":
                for leftover in self.folder.glob(f"{self.file.name}-*"):
                    leftover.unlink()
                shutil.copy(self.pristine, self.file)
                return
            names = [table.name for table in db.metadata.sorted_tables]
            with db.engine.begin() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text("; ".join(f'DELETE FROM "{name}"' for name in names)))


@pytest.fixture(scope="session")
def sqlite_backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    folder = tmp_path_factory.mktemp("sqlite")
    return Backend("sqlite", f"sqlite:///{folder / 'tests.sqlite3'}", folder)


@pytest.fixture(scope="session")
def postgresql_backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with postgresql() as url:
        backend = Backend("postgresql", url, tmp_path_factory.mktemp("postgresql"))
        yield backend
        with backend.app.app_context():
            db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each of the two databases in turn, empty."""
    found: Backend = request.getfixturevalue(f"{request.param}_backend")
    found.empty()
    return found


@pytest.fixture
def app(backend: Backend) -> Iterator[Flask]:
    """The application with an application context, on an empty database."""
    with backend.app.app_context():
        yield backend.app
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    """A fixed present for services, which never read the clock themselves."""
    return datetime(2026, 10, 15, 3, 0, tzinfo=UTC)


@pytest.fixture
def make(app: Flask, now: datetime) -> Factories:
    """People and things to test with: `make.cooperative(...)`."""
    return Factories(now)


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Any], FlaskClient]:
    """A browser in which a user has signed in by the real forms, with a code where one is asked: `sign_in(user)`."""

    phones: dict[int, pyotp.TOTP] = {}

    def enter(user: Any) -> FlaskClient:
        browser = app.test_client()
        identity, number = user.email or user.us_phone_number, user.id
        answer = browser.post("/login", data={"identity": identity, "passcode": PASSWORD})
        assert answer.status_code in (302, 303), answer.get_data(as_text=True)[:2000]
        if "/login/code" in answer.location:
            # Each code is good once and for half a minute; a test may sign the same person in several times.
            db.session.execute(update(User).where(User.id == number).values(tf_last_counter=None))
            db.session.commit()
            done = browser.post("/login/code", data={"code": phones[number].now()})
        elif "second-factor" in answer.location:
            page = browser.post(answer.location, data={"setup": "authenticator"}).get_data(as_text=True)
            key = re.search(r'<strong class="fingerprint">([A-Z2-7 -]+)</strong>', page)
            assert key, page[:3000]
            phones[number] = pyotp.TOTP(re.sub("[ -]", "", key[1]))
            done = browser.post("/login/code", data={"code": phones[number].now()})
        else:
            return browser
        assert done.status_code in (302, 303), done.get_data(as_text=True)[:2000]
        return browser

    return enter
