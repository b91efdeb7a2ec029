"""Lighthouse's four marks on a phone, where node, npm and Chromium are there; elsewhere it says what is missing."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.bench.reads import Visitors
from tests.bench.served import ROOT, serving
from tests.bench.stages import Installation
from tests.bench.tables import heading, table
from tests.bench.weight import CHROMIUM, FLAGS

VERSION = "12.8.2"
PLACE = ROOT / "build" / "lighthouse"
MARKS = ("performance", "accessibility", "best-practices", "seo")
GOAL = (98, 100, 100, 100)
PAGES = {
    "home": "/",
    "products": "/products",
    "product": "/products/{product}",
    "offer": "/offers/{offer}",
    "check a contract": "/verify/{code}",
}


def run(installation: Installation) -> dict[str, dict[str, object]]:
    """The marks of the key pages, and what lowered them."""
    heading(f"Lighthouse {VERSION}, mobile (goal {'/'.join(map(str, GOAL))})")
    program = installed()
    if program is None:
        return {}
    names = Visitors(installation.app()).names
    found = {}
    with serving(installation.folder, installation.url) as address:
        for words, path in PAGES.items():
            found[words] = judge(program, address + path.format(**names), installation.folder / "lighthouse.json")
    table(("page", *MARKS), [(words, *each["marks"]) for words, each in found.items()])  # type: ignore[misc]
    for words, each in found.items():
        for reason in each["lowered"]:  # type: ignore[attr-defined]
            print(f"  {words}: {reason}")
    return found


def installed() -> Path | None:
    """The program, fetched once into build/; None with a sentence where that is not possible."""
    program = PLACE / "node_modules" / ".bin" / "lighthouse"
    if not CHROMIUM or not shutil.which("npm") or not shutil.which("node"):
        print("  Not run: install Debian's packages 'chromium', 'nodejs' and 'npm'; the rest comes by itself.")
        return None
    if not program.exists():
        PLACE.mkdir(parents=True, exist_ok=True)
        fetch = ["npm", "install", "--prefix", str(PLACE), "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
        done = subprocess.run(fetch, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"  Not run: npm could not fetch it: {done.stderr.strip()[-300:]}")
            return None
    return program


def judge(program: Path, url: str, file: Path) -> dict[str, object]:
    """One page: the marks, and the audits that cost points."""
    command = [
        str(program),
        url,
        "--quiet",
        "--output=json",
        f"--output-path={file}",
        f"--only-categories={','.join(MARKS)}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
    ]
    variables = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=180)
    if done.returncode:
        return {"marks": ["–"] * len(MARKS), "lowered": [done.stderr.strip()[-300:]]}
    report = json.loads(file.read_text(encoding="utf-8"))
    marks, lowered = [], []
    for mark in MARKS:
        category = report["categories"][mark]
        marks.append(round((category["score"] or 0) * 100))
        for each in category["auditRefs"]:
            audit = report["audits"][each["id"]]
            if each["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                lowered.append(f"{mark}: {audit['title']} {audit.get('displayValue', '')}".rstrip())
    return {"marks": marks, "lowered": lowered}
