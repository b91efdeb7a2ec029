"""Pages: time as a ratio to a page that reads next to nothing, growth from N to 10·N rows, and queries."""

import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select

from marketplace.contracts.models import Contract
from marketplace.extensions import db
from marketplace.offers.models import PurchaseOffer
from marketplace.products.models import Product
from tests.bench import served
from tests.bench.stages import Backend
from tests.bench.tables import heading, table, times

FLOOR = "/policies/privacy"
ROUNDS = 7
ENOUGH, FEWEST = 1.0, 3
"""A page that has taken so many seconds is not asked more often than this."""

# What is asked: words, who asks, address. {…} are rows of the database that is asked.
PAGES: list[tuple[str, str, str]] = [
    ("floor: a page of one text", "", FLOOR),
    ("home, visitor", "", "/"),
    ("products, newest", "", "/products"),
    ("products, deep page by key", "", "/products?after={product}"),
    ("products, “gạo nếp”", "", "/products?q=gạo nếp"),
    ("products, “gao nep”", "", "/products?q=gao nep"),
    ("products, a word nobody used", "", "/products?q=zzzz"),
    ("products, two filters", "", "/products?group=TP&stars=4&stars=3"),
    ("products, words and filter, cheapest", "", "/products?q=mật ong&stars=4&sort=cheapest"),
    ("product", "", "/products/{product}"),
    ("offers, newest", "", "/offers"),
    ("offers, “gạo nếp”", "", "/offers?q=gạo nếp"),
    ("offer", "", "/offers/{offer}"),
    ("organisations", "", "/organisations"),
    ("check a contract", "", "/verify/{code}"),
    ("home, cooperative", served.COOPERATIVE, "/"),
    ("own products", served.COOPERATIVE, "/products/mine"),
    ("contracts, cooperative", served.COOPERATIVE, "/contracts"),
    ("home, buyer", served.BUYER, "/"),
    ("desk, commune", served.OFFICER, "/desk"),
    ("desk, province", served.PROVINCE, "/desk"),
    ("report: cooperatives", served.PROVINCE, "/reports/cooperatives"),
    ("report: OCOP", served.PROVINCE, "/reports/ocop"),
    ("report: contracts", served.PROVINCE, "/reports/contracts"),
    ("report: coverage", served.PROVINCE, "/reports/coverage"),
    ("rows behind a figure", served.PROVINCE, "/reports/contracts/rows"),
]


@dataclass
class Visitors:
    """Signed-in clients of one installation, and the rows that the addresses name."""

    app: Flask
    names: dict[str, object] = field(default_factory=dict)
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.app.app_context():
            self.engine: Engine = db.engine
            published = select(Product.id).where(Product.state == "published").order_by(Product.id)
            middle = (db.session.scalar(select(func.count()).select_from(Product)) or 0) // 2
            self.names["product"] = db.session.scalar(published.offset(middle).limit(1))
            listed = select(PurchaseOffer.id).where(PurchaseOffer.addressed_to_id.is_(None))
            self.names["offer"] = db.session.scalar(listed.where(PurchaseOffer.state == "open").limit(1))
            self.names["code"] = db.session.scalar(select(Contract.code).where(Contract.state == "signed").limit(1))
            db.session.remove()
        for _words, who, _address in PAGES:
            if who not in self.clients:
                self.clients[who] = self.sign_in(who)

    def sign_in(self, identity: str) -> FlaskClient:
        """A client of its own for each person."""
        client = self.app.test_client()
        if identity:
            answer = client.post("/login", data={"identity": identity, "passcode": served.PASSWORD})
            if answer.status_code not in (302, 303):
                raise RuntimeError(f"sign-in of {identity}: {answer.status_code}")
        return client

    def seconds(self, who: str, address: str) -> float:
        """One request, until the last byte is there."""
        path = address.format(**self.names)
        start = time.perf_counter()
        answer = self.clients[who].get(path)
        answer.get_data()
        taken = time.perf_counter() - start
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        return taken

    def queries(self, who: str, address: str) -> int:
        """How many statements reach the database."""
        with statements(self.engine) as seen:
            self.seconds(who, address)
        return len(seen)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement meanwhile, beginnings and ends of transactions apart."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def measure(backend: Backend) -> list[dict[str, object]]:
    """N and 10·N take turns page by page, so that a noisy minute falls on both."""
    sizes = {name: Visitors(installation.app()) for name, installation in backend.sizes.items()}
    taken: dict[tuple[str, str], list[float]] = {}
    gc.collect()
    for turn in range(ROUNDS + 1):
        for words, who, address in PAGES:
            for name, visitors in sizes.items():
                known = taken.setdefault((words, name), [])
                if len(known) >= FEWEST and sum(known) > ENOUGH:
                    continue
                seconds = visitors.seconds(who, address)
                if turn:  # the first round only warms up
                    known.append(seconds)
    medians = {key: statistics.median(values) for key, values in taken.items()}
    # It does not depend on the rows, so both databases' requests make one floor: half the noise.
    floor = statistics.median([each for name in sizes for each in taken[PAGES[0][0], name]])
    found: list[dict[str, object]] = [
        {
            "page": words,
            "queries": sizes["large"].queries(who, address),
            "floors": medians[words, "small"] / floor,
            "growth": medians[words, "large"] / medians[words, "small"],
            "ms": medians[words, "large"] * 1000,
        }
        for words, who, address in PAGES
    ]
    for visitors in sizes.values():
        visitors.engine.dispose()
    return found


def show(backend: Backend, found: list[dict[str, object]]) -> None:
    """The table of one database."""
    heading(f"Pages on {backend.name}: median of up to {ROUNDS} requests, N and 10·N by turns")
    for name, rows in backend.rows.items():
        print(f"  {name}: " + ", ".join(f"{number:,} {noun}" for noun, number in rows.items()))
    head = ("page", "queries", "N / floor", "10·N / N", "ms at 10·N")
    table(
        head,
        [
            (row["page"], row["queries"], times(float(row["floors"])), f"{row['growth']:.2f}", f"{row['ms']:.1f}")  # type: ignore[arg-type]
            for row in found
        ],
    )
