"""Many write at once through a real gunicorn: edits of listings, alone and while others sign in (argon2)."""

import statistics
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from uuid import uuid4

from tests.bench import served
from tests.bench.served import Browser, form_of, serving
from tests.bench.stages import Backend
from tests.bench.tables import heading, table, times

SECONDS = 4.0
EDITORS, ENTERING, THREADS = 3, 2, 4


@dataclass
class Tally:
    """What one kind of visitor got done."""

    taken: list[float] = field(default_factory=list)
    stale: int = 0
    failed: list[int] = field(default_factory=list)


class Editor:
    """Changes the price of one listing over and over, as fast as it is answered."""

    def __init__(self, address: str, identity: str, product: int) -> None:
        self.browser = Browser(address)
        self.browser.sign_in(identity)
        self.path = f"/products/{product}/edit"
        self.price = 10_000
        self.open()

    def open(self) -> None:
        """Read the form with its version."""
        self.form = form_of(self.browser.read(self.path), "measure")
        self.version = int(str(self.form["version"]))

    def __call__(self, tally: Tally) -> None:
        """One edit; after a lost race the form is read anew."""
        self.price += 500
        sent = {**self.form, "price": str(self.price), "version": str(self.version), "key": uuid4().hex}
        start = time.perf_counter()
        answer = self.browser.ask("POST", self.path, sent)
        if answer.status == 303:
            tally.taken.append(time.perf_counter() - start)
            self.version += 1
        elif answer.status == 409:
            tally.stale += 1
            self.open()
        else:
            tally.failed.append(answer.status)


class Entering:
    """Signs in over and over, each time as a new browser."""

    def __init__(self, address: str, identity: str) -> None:
        self.address, self.identity = address, identity

    def __call__(self, tally: Tally) -> None:
        """One sign-in with its form."""
        start = time.perf_counter()
        browser = Browser(self.address)
        browser.sign_in(self.identity)
        browser.connection.close()
        tally.taken.append(time.perf_counter() - start)


def together(acts: dict[str, list[Callable[[Tally], None]]]) -> dict[str, Tally]:
    """Everybody at once for some seconds."""
    tallies = {kind: [Tally() for _act in group] for kind, group in acts.items()}
    ready = threading.Barrier(sum(len(group) for group in acts.values()))
    crashed: list[BaseException] = []

    def work(act: Callable[[Tally], None], tally: Tally) -> None:
        ready.wait()
        end = time.perf_counter() + SECONDS
        try:
            while time.perf_counter() < end:
                act(tally)
        except BaseException as error:
            crashed.append(error)
            raise

    threads = [
        threading.Thread(target=work, args=pair)
        for kind, group in acts.items()
        for pair in zip(group, tallies[kind], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if crashed:
        raise RuntimeError("a visitor could not go on") from crashed[0]
    return {
        kind: Tally(
            [each for tally in group for each in tally.taken],
            sum(tally.stale for tally in group),
            [each for tally in group for each in tally.failed],
        )
        for kind, group in tallies.items()
    }


def own_products(browser: Browser) -> list[int]:
    """The listings that this person may edit."""
    page = browser.read("/products/mine")
    found = [int(part.split('"')[0].split("/")[0]) for part in page.split('href="/products/')[1:] if part[:1].isdigit()]
    return list(dict.fromkeys(found))


def measure(backend: Backend) -> dict[str, dict[str, float]]:
    """Edits alone, edits with sign-ins, and sign-ins alone."""
    installation = backend.sizes["small"]
    with ExitStack() as stack:
        address = stack.enter_context(serving(installation.folder, installation.url, THREADS))
        first = Browser(address)
        first.sign_in(served.COOPERATIVE)
        products = [each for each in own_products(first) if first.ask("GET", f"/products/{each}/edit").status == 200]
        editors: list[Callable[[Tally], None]] = [
            Editor(address, served.COOPERATIVE, product) for product in products[:EDITORS]
        ]
        entering: list[Callable[[Tally], None]] = [
            Entering(address, identity) for identity in (served.BUYER, served.OTHER)[:ENTERING]
        ]
        alone = together({"edits": editors})
        both = together({"edits": editors, "sign-ins": entering})
        only = together({"sign-ins": entering})
    return {
        f"edits, {len(editors)} editors": figures(alone["edits"]),
        f"edits while {ENTERING} sign in": figures(both["edits"]),
        f"sign-ins while {len(editors)} edit": figures(both["sign-ins"]),
        "sign-ins alone": figures(only["sign-ins"]),
    }


def figures(tally: Tally) -> dict[str, float]:
    """Rate and answering times; a page that another had overtaken (409) and anything else that was not accepted."""
    taken = sorted(tally.taken) or [float("nan")]
    return {
        "rate": len(tally.taken) / SECONDS,
        "median": statistics.median(taken),
        "p99": taken[min(len(taken) - 1, int(len(taken) * 0.99))],
        "stale": tally.stale,
        "failed": len(tally.failed),
    }


def show(backend: Backend, found: dict[str, dict[str, float]]) -> None:
    """The table of one database."""
    heading(f"Writes on {backend.name}: gunicorn with {THREADS} threads, {SECONDS:.0f} s each")
    first = next(iter(found.values()))["rate"]
    table(
        ("at once", "a second", "to edits alone", "median ms", "p99 ms", "409", "failed"),
        [
            (
                name,
                f"{each['rate']:.1f}",
                times(each["rate"] / first) if first else "–",
                f"{each['median'] * 1000:.0f}",
                f"{each['p99'] * 1000:.0f}",
                int(each["stale"]),
                int(each["failed"]),
            )
            for name, each in found.items()
        ],
    )
