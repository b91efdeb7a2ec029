"""The ledger of many: entries by bulk insert with their real hashes, how fast a root is made and everything read again."""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.ledger import service_roots
from marketplace.ledger.audit import audit
from marketplace.ledger.models import Detail, Entry
from marketplace.ledger.rules import START, digest_of_detail, hash_of
from tests.bench.fill import Pen
from tests.bench.reads import FLOOR, Visitors
from tests.bench.stages import Backend
from tests.bench.tables import heading, table, times

EVENTS, CHAINS, ROUNDS = 50_000, 5_000, 5
SALT, ADDRESS = "ab" * 16, "192.0.2.1"


def entries(pen: Pen, moment: datetime) -> Iterator[dict[str, Any]]:
    """What contracts leave in the ledger: ten entries a chain, every fifth with a personal detail."""
    last: dict[str, tuple[int, str]] = {}
    columns = [column.name for column in Entry.__table__.columns]
    for number in range(EVENTS):
        subject = f"bench:{number % CHAINS}"
        seq, previous = last.get(subject, (0, START))
        entry = Entry(
            id=pen.new_id(Entry),
            subject=subject,
            seq=seq + 1,
            event="contract:signed",
            actor=number % 50,
            on_behalf_of=None,
            at=moment + timedelta(seconds=number),
            data={"digest": "a" * 64, "method": "app_confirmation", "tên": "Hợp đồng nguyên tắc"},
            digests={"address": digest_of_detail(SALT, ADDRESS)} if number % 5 == 0 else {},
            previous=previous,
        )
        entry.hash = hash_of(entry)
        last[subject] = (entry.seq, entry.hash)
        yield {name: getattr(entry, name) for name in columns}


def fill() -> None:
    """Write them, of the last hours: what says to be older than the last root is rightly found."""
    with db.engine.begin() as connection:
        pen = Pen(connection, date.today())
        rows = list(entries(pen, datetime.now(UTC) - timedelta(seconds=EVENTS)))
        pen.write(Entry, rows)
        secrets = {"name": "address", "salt": SALT, "value": ADDRESS}
        pen.write(Detail, [pen.like(Detail, secrets, entry_id=row["id"]) for row in rows if row["digests"]])


def measure(backend: Backend) -> dict[str, dict[str, float]]:
    """Seconds for all entries, entries a second, and the ratio to the floor page."""
    visitors = Visitors(backend.sizes["small"].app())
    page = statistics.median(visitors.seconds("", FLOOR) for _round in range(ROUNDS * 2))
    with visitors.app.app_context():
        fill()
        start = time.perf_counter()
        root = service_roots.seal(local_date(datetime.now(UTC)), now=datetime.now(UTC))
        db.session.commit()
        taken = {"making a root": [time.perf_counter() - start], "flask ledger verify": []}
        for _round in range(ROUNDS):
            start = time.perf_counter()
            report = audit()
            taken["flask ledger verify"].append(time.perf_counter() - start)
            if report.broken or root is None:
                raise RuntimeError("the ledger of the measurement is broken")
        db.session.remove()
    visitors.engine.dispose()
    found = {}
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        found[name] = {"seconds": middle, "ratio": middle / page, "rate": report.entries / middle}
    return found


def show(backend: Backend, found: dict[str, dict[str, float]]) -> None:
    """The table of one database."""
    heading(f"Ledger on {backend.name}: {EVENTS:,} entries in {CHAINS:,} chains, and the demonstration's")
    rows = [
        (name, f"{each['rate']:,.0f}", times(each["ratio"]), f"{each['seconds'] * 1000:,.0f}")
        for name, each in found.items()
    ]
    table(("work", "entries a second", "to the floor page", "ms"), rows)
