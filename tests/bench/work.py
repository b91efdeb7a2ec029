"""Work that takes more than a page: drawing up a contract and its PDF, reading a register, loading the places."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select

from marketplace.clauses.word import render_word
from marketplace.contracts.models import Contract
from marketplace.contracts.service_accepting import accept_quote
from marketplace.contracts.service_drawing import draw, written
from marketplace.extensions import db
from marketplace.offers.queries import takes_quotes
from marketplace.organisations.models import Membership
from marketplace.quotes.models import Quote
from marketplace.web import clock
from tests.bench.reads import FLOOR, Visitors
from tests.bench.stages import Backend
from tests.bench.tables import heading, table, times

LINK = "https://example.vn/verify/ABCDEFGHJK"
ROUNDS = 9
DRAWN_UP = 300
"""Milliseconds within which a contract is to stand on paper."""
TURNS = itertools.count()
COMMAND_FLOOR = "a command with nothing to do"


@contextmanager
def undone() -> Iterator[None]:
    """A write transaction that leaves nothing."""
    db.session.rollback()
    db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
    try:
        yield
    finally:
        db.session.rollback()


def median(act: Callable[[], object]) -> float:
    """Seconds; the first time only warms up."""
    taken = []
    for turn in range(ROUNDS + 1):
        start = time.perf_counter()
        act()
        if turn:
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def accept() -> None:
    """A quotation becomes a contract, with everything that is written meanwhile, and is undone again."""
    with undone():
        accepted()


def accept_and_print() -> None:
    """The same with its PDF: what somebody waits for from the quotation to the paper. A different file each time."""
    with undone():
        draw(accepted(), now=datetime.now(UTC), verify_url=f"{LINK}{next(TURNS)}")


def accepted() -> Contract:
    """A quotation that its buyer takes."""
    quote = db.session.scalars(
        select(Quote).join(Quote.offer).where(Quote.state == "submitted", takes_quotes(clock.today())).limit(1)
    ).one()
    buyer = db.session.scalars(select(Membership).where(Membership.organisation_id == quote.offer.buyer_id)).first()
    if buyer is None:
        raise RuntimeError("nobody belongs to the buyer")
    return accept_quote(quote, seen=quote.latest.number, actor=buyer.user, on_behalf_of=None, now=datetime.now(UTC))


def measure(backend: Backend) -> dict[str, dict[str, float]]:
    """Seconds and ratios."""
    visitors = Visitors(backend.sizes["large"].app())
    page = median(lambda: visitors.seconds("", FLOOR))
    now = datetime.now(UTC)
    with visitors.app.app_context(), visitors.app.test_request_context():
        contract = db.session.scalars(select(Contract).where(Contract.state == "signed").limit(1)).one()
        acts = {
            "accepting a quotation (written, 10·N)": accept,
            f"drawn up and printed (at most {DRAWN_UP} ms)": accept_and_print,
            "its text in clauses": lambda: written(contract),
            "its text as a Word file": lambda: render_word(written(contract), issued_at=now, frozen=True),
        }
        found = {name: {"seconds": (taken := median(act)), "ratio": taken / page} for name, act in acts.items()}
        db.session.rollback()
        # A different contract each time: typst remembers what it has drawn.
        contracts = iter(db.session.scalars(select(Contract).where(Contract.state == "signed").limit(ROUNDS + 1)).all())
        drawn = median(lambda: draw(next(contracts), now=now, verify_url=LINK))
        found["text and PDF (PDF/A, QR)"] = {"seconds": drawn, "ratio": drawn / page}
        db.session.remove()
    visitors.engine.dispose()
    floor = backend.seconds[COMMAND_FLOOR]
    for name, taken in backend.seconds.items():
        found[f"flask: {name}"] = {"seconds": taken, "ratio": taken / floor}
    return found


def show(backend: Backend, found: dict[str, dict[str, float]]) -> None:
    """Acts against the floor page, commands against a command with nothing to do."""
    heading(
        f"Work on {backend.name}; acts against the floor page, commands (computing time) against one with nothing to do"
    )
    rows = [(name, times(each["ratio"]), f"{each['seconds'] * 1000:,.0f}") for name, each in found.items()]
    table(("work", "ratio", "ms"), rows)
