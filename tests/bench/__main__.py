"""`python -m tests.bench`: everything in a few minutes; `--only reads` and the like run a part, `--json FILE` keeps it."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import ledger, lighthouse, reads, signing, weight, work, writes
from tests.bench.stages import Backend, backends
from tests.bench.tables import heading

PARTS = ("reads", "work", "writes", "ledger", "signing", "weight", "lighthouse")


def main() -> int:
    """Make the databases, measure, print."""
    asked = arguments()
    started = time.perf_counter()
    found: dict[str, Any] = {"machine": machine(), "products": asked.products}
    print(f"{found['machine']}. All ratios are of this run; the milliseconds are this machine's at this hour.")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, backends(Path(folder), asked.databases) as made:
        for backend in made:
            backend.prepare(asked.products, say)
        for backend in made:
            found[backend.name] = measure(backend, asked.only)
        if "signing" in asked.only:
            found["signing"] = signing.measure()
            signing.show(found["signing"])
        if "weight" in asked.only:
            found["weight"] = weight.run(made[0].sizes["small"])
        if "lighthouse" in asked.only:
            found["lighthouse"] = lighthouse.run(made[0].sizes["small"])
    print(f"\nAll of it took {time.perf_counter() - started:.0f} s.")
    if asked.json:
        asked.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def measure(backend: Backend, parts: list[str]) -> dict[str, Any]:
    """What is measured on each database."""
    found: dict[str, Any] = {"rows": backend.rows}
    if "reads" in parts:
        found["reads"] = reads.measure(backend)
        reads.show(backend, found["reads"])
    if "work" in parts:
        found["work"] = work.measure(backend)
        work.show(backend, found["work"])
    if "writes" in parts:
        found["writes"] = writes.measure(backend)
        writes.show(backend, found["writes"])
    if "ledger" in parts:
        found["ledger"] = ledger.measure(backend)
        ledger.show(backend, found["ledger"])
    return found


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--products", type=int, default=2000, help="N; the second database has ten times as many")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts to run")
    kinds = ["SQLite", "PostgreSQL"]
    parser.add_argument("--databases", nargs="+", choices=kinds, default=kinds)
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    return parser.parse_args()


def machine() -> str:
    """What it ran on, without naming it."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {load:.1f}"


def say(text: str) -> None:
    """Progress; results go to standard output."""
    print(f"  … {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    heading("Performance, as ratios")
    raise SystemExit(main())
