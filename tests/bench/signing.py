"""What it takes to draw a contract's PDF and to check one with two digital signatures, its process included."""

import json
import re
import statistics
import subprocess
import tempfile
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from marketplace.clauses.documents import render_pdf
from marketplace.signatures.checking import PROGRAM, asked
from marketplace.signatures.verdict import Reason
from tests.bench.tables import heading, table
from tests.clauses.examples import ISSUED, TERMS, document
from tests.signatures.attacks import bomb
from tests.signatures.pki import BUYER, NOW, SELLER, World
from tests.signatures.signer import contract, sign, stamps

TIMES = 9
TELL = "import atexit, sys; atexit.register(lambda: sys.stderr.write(open('/proc/self/status').read())); "


def measure() -> dict[str, Any]:
    """Medians in seconds, and the greatest memory of a checking process in MB."""
    world = World()
    with tempfile.TemporaryDirectory(prefix="signing-") as name:
        folder = Path(name)
        files = {key: [path] for key, path in world.write(folder).items()}
        issued = contract()
        (folder / "issued.pdf").write_bytes(issued)
        request = {"issued": str(folder / "issued.pdf"), "parties": {"A": SELLER, "B": BUYER}, "now": NOW.isoformat()}
        request |= {**files, "signed": str(folder / "signed.pdf"), "closing": True}
        first = sign(issued, world.seller, name="A", stamper=stamps(world.stamper))
        (folder / "signed.pdf").write_bytes(sign(first, world.buyer, name="B", stamper=stamps(world.stamper)))
        assert asked(request).reason == Reason.GOOD
        numbers = count(1)
        found = {
            # Another number each time: the typesetter remembers a text that it has set.
            "draw up and print": median(lambda: render_pdf(numbered(next(numbers)), issued_at=ISSUED)),
            "check two signatures": median(lambda: asked(request)),
            "memory, two signatures": memory(request),
        }
        (folder / "signed.pdf").write_bytes(bomb(issued, 1 << 30))
        found["refuse a bomb of 1 GB"] = median(lambda: asked(request))
        found["memory, the bomb"] = memory(request)
    return found


def numbered(number: int) -> dict[str, Any]:
    """Another contract of the same words."""
    return document(replace(TERMS, payment_days=number, season=f"vụ Mùa {2020 + number}"))


def median(act: Any) -> float:
    """Of several runs."""
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def memory(request: dict[str, Any]) -> float:
    """The most that one checking process held, as it says itself at its end: the starter's does not count."""
    python, isolated, command, start, *rest = PROGRAM
    program = [python, isolated, command, TELL + start, *rest]
    done = subprocess.run(program, input=json.dumps(request).encode(), capture_output=True, check=True)
    kilobytes = re.search(rb"VmHWM:\s+(\d+) kB", done.stderr)
    assert kilobytes is not None
    return int(kilobytes[1]) / 1024


def show(found: dict[str, Any]) -> None:
    """As a table."""
    heading("Signing")
    rows = [
        [name, f"{value:.0f} MB" if "memory" in name else f"{value * 1000:.0f} ms"] for name, value in found.items()
    ]
    table(["work", "median"], rows)
