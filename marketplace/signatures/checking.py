"""Asks a process with limits what a digitally signed PDF is worth; whatever becomes of that process, there is a verdict."""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from flask import current_app

from marketplace.config import ROOT, Settings, listed_files
from marketplace.kernel.identifiers import format_tax_code
from marketplace.signatures.verdict import Reason, Verdict, read

log = logging.getLogger(__name__)

PATIENCE = 8.0
"""Seconds, whatever the process is waiting for; one that only computes ends itself before, unless others compute too."""
LEAST = 1.0
ANSWER = 8.5
"""A command has its verdict within so many seconds from its own start, which may itself be slow on a busy machine."""
LONG_RUN = 30.0
TURNS = BoundedSemaphore(2)
"""So many at once in one server process: each may take a core and hundreds of megabytes. Others wait, off the clock."""
# Without garbage collection: nothing lives long, and it would take half of the time that a large table needs.
START = "import gc, runpy, sys; gc.disable(); sys.path.insert(0, sys.argv.pop()); runpy.run_module(sys.argv.pop(), run_name='__main__')"
PROGRAM = [sys.executable, "-I", "-c", START, "marketplace.signatures.inspection", str(ROOT)]
"""Isolated: nothing of the environment or of the current folder decides what is run."""


def check(signed: bytes, *, issued: bytes, party: str, others: Sequence[str], now: datetime) -> Verdict:
    """Whether `signed` is `issued` with one more good signature, made by the party with this tax code.

    `others` are the tax codes of the parties that may have signed before. Slow (a second): never inside a write
    transaction. Never raises for a file.
    """
    parties = {code: format_tax_code(code) for code in (party, *others)}
    with tempfile.TemporaryDirectory(prefix="signed-") as folder:
        files = {"signed": Path(folder) / "signed.pdf", "issued": Path(folder) / "issued.pdf"}
        files["signed"].write_bytes(signed)
        files["issued"].write_bytes(issued)
        request: dict[str, Any] = {name: str(path) for name, path in files.items()}
        request |= {"parties": parties, "slot": party, "now": now.isoformat()}
        try:
            request |= configured(current_app.config["SETTINGS"])
        except OSError:
            return Verdict(Reason.UNREADABLE_SETTING)
        return asked(request)


def configured(settings: Settings) -> dict[str, list[str]]:
    """The operator's files."""
    given = {
        "roots": settings.trust_roots,
        "intermediates": settings.intermediates,
        "crls": os.pathsep.join(filter(None, (settings.crls, settings.seal_crls))),
        "tsa_roots": settings.tsa_roots,
        "seal_roots": settings.seal_roots,
    }
    return {name: [str(path) for path in listed_files(value)] for name, value in given.items()}


def time_left() -> float:
    """How long a command may wait for the process, by how long ago it was started itself."""
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        up = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return PATIENCE
    age = up - ticks / os.sysconf("SC_CLK_TCK")
    # A process of some age is no command that somebody has just typed.
    return min(PATIENCE, max(LEAST, ANSWER - age)) if age < LONG_RUN else PATIENCE


def asked(request: dict[str, Any], patience: float | None = None) -> Verdict:
    """The answer of a fresh process that has nothing of ours: no settings, no secrets, no network to ask."""
    try:
        with TURNS:
            done = subprocess.run(
                PROGRAM,
                input=json.dumps(request).encode(),
                capture_output=True,
                timeout=PATIENCE if patience is None else patience,
                check=False,
                env={"LC_ALL": "C.UTF-8"},
            )
    except (OSError, subprocess.TimeoutExpired):
        return Verdict(Reason.BUSY)
    try:
        if done.returncode == 0:
            return read(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        log.warning("unreadable answer of the checking process")
    if done.returncode > 0:
        # Its last line only: a person who asked for a verdict reads this too.
        log.warning(
            "the checking process failed: %s", done.stderr[-300:].decode("utf-8", "replace").rpartition("\n ")[2]
        )
    return Verdict(Reason.COMPLEX if done.returncode < 0 else Reason.BROKEN)
