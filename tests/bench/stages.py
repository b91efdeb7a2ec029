"""Fresh installations on both databases, with N and 10·N products; and how long the commands that make them take."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy.engine import make_url

from marketplace import config
from marketplace.app import create_app
from marketplace.extensions import db
from tests.bench.fill import fill
from tests.bench.served import ROOT, environment, flask
from tests.databases import postgresql

SAMPLE = ROOT / "marketplace" / "register" / "data" / "so_theo_doi_htx_than_uyen_2023.xlsx"


@dataclass(frozen=True)
class Installation:
    """A folder and a database."""

    folder: Path
    url: str

    def command(self, *arguments: str) -> float:
        """Run a `flask` command; the seconds it computed, for those it waited say more about the machine's other work."""
        before = os.times()
        flask(environment(self.folder, self.url), *arguments)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    def app(self) -> Flask:
        """The application on it, for requests within this process."""
        settings = config.read({"MARKETPLACE_INSTANCE": str(self.folder), "MARKETPLACE_DATABASE_URL": self.url})
        extra = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}
        return create_app(replace(settings, testing=True, extra=extra))


@dataclass
class Backend:
    """One kind of database: where its installations are made, and what was measured on the way."""

    name: str
    folder: Path
    url: str
    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    sizes: dict[str, Installation] = field(default_factory=dict)

    def fresh(self, name: str) -> Installation:
        """An empty one."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        if self.name == "SQLite":
            return Installation(folder, f"sqlite:///{folder / 'marketplace.sqlite3'}")
        return Installation(folder, self.create(name))

    def copy(self, source: Installation, name: str) -> Installation:
        """A second one with the same rows and files; nobody may be at work in the first."""
        shutil.copytree(source.folder, self.folder / name)
        if self.name == "SQLite":
            return Installation(self.folder / name, f"sqlite:///{self.folder / name / 'marketplace.sqlite3'}")
        return Installation(self.folder / name, self.create(name, make_url(source.url).database or ""))

    def create(self, name: str, template: str = "template1") -> str:
        """A database on the server, like another."""
        base = make_url(self.url)
        database = f"{base.database}_{name}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return base.set(database=database).render_as_string(hide_password=False)

    def drop(self) -> None:
        """Leave the server as it was."""
        for made in ("empty", "register", "demo", "small", "large"):
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{make_url(self.url).database}_{made}" WITH (FORCE)')

    def prepare(self, products: int, say: Callable[[str], None]) -> None:
        """Migrate, load places, import the sample register, load the demonstration, and multiply it."""
        empty = self.fresh("empty")
        say(f"{self.name}: migrations, places, register, demonstration")
        empty.command("db", "upgrade")
        # A command that has nothing to do: what starting Python and the application costs.
        self.seconds["a command with nothing to do"] = empty.command("users", "--help")
        self.seconds["places load (14,149 units)"] = empty.command("places", "load", "--json")
        register = self.copy(empty, "register")
        self.seconds["register import, 71 cooperatives"] = register.command(
            "register", "import", str(SAMPLE), "--apply", "--json"
        )
        self.seconds["the same file again"] = register.command("register", "import", str(SAMPLE), "--apply", "--json")
        demo = self.copy(empty, "demo")
        self.seconds["demo load"] = demo.command("demo", "load", "--once")
        source = demo
        for name, number in (("small", products), ("large", products * 10)):
            say(f"{self.name}: {number:,} products")
            self.sizes[name] = self.copy(source, name)
            self.rows[name] = multiply(self.sizes[name], number)
            source = self.sizes[name]


def multiply(installation: Installation, products: int) -> dict[str, int]:
    """Fill it by bulk inserts; its rows."""
    with installation.app().app_context():
        with db.engine.connect() as connection:
            rows = fill(connection, date.today(), products)
        db.session.remove()
        db.engine.dispose()
    return rows


@contextmanager
def backends(folder: Path, names: list[str]) -> Iterator[list[Backend]]:
    """The kinds of database that were asked for."""
    made = [Backend("SQLite", folder / "sqlite", "")] if "SQLite" in names else []
    if "PostgreSQL" not in names:
        yield made
        return
    with postgresql("bench") as url:
        server = Backend("PostgreSQL", folder / "postgresql", url)
        try:
            yield [*made, server]
        finally:
            server.drop()
