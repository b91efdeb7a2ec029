"""The program of docs/kiem-tra-so-ghi.md, downloaded and run as a stranger would, on files alone."""

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.contracts.models import Contract
from marketplace.contracts.rules import Method
from marketplace.extensions import db
from marketplace.files.service import read
from tests.contracts import deals
from tests.factories import Factories
from tests.ledger.conftest import DAY, fill, seal

PROGRAM = re.compile(r'href="(/static/kiem-tra-hop-dong[^"]*\.py[^"]*)"')


class Stranger:
    """Somebody with three files and the program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []

    def save(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-X", "utf8", "-I", "check.py", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, encoding="utf-8", timeout=60)

    def check(self, contract: str = "contract.pdf") -> bool:
        done = self.run(contract, "proof.json", "roots.json")
        assert done.stderr == ""
        self.lines = done.stdout.splitlines()
        return done.returncode == 0


@pytest.fixture
def stranger(make: Factories, client: FlaskClient, units: list[Any], tmp_path: Path) -> Stranger:
    """They have kept the roots, the sealed contract, and its proof."""
    deal = deals.signed(make, Method.APP)
    final = deal.contract.documents[-1].final_file
    assert final is not None
    found = Stranger(tmp_path)
    link = PROGRAM.search(client.get("/ledger").get_data(as_text=True))
    assert link
    answer = client.get(link[1])
    found.save("check.py", answer.data)
    answer.close()
    found.save("contract.pdf", read(final))
    fill(units, make.now)
    code = deal.contract.code
    seal(make.now, now=make.now + DAY)
    found.save("proof.json", client.get(f"/verify/{code}/proof.json").data)
    found.save("roots.json", client.get("/ledger/roots.json").data)
    return found


def test_everything_is_in_order(stranger: Stranger) -> None:
    assert stranger.check()
    assert [line[:4] for line in stranger.lines] == ["ĐÚNG"] * 5


def test_another_file_is_found(stranger: Stranger) -> None:
    stranger.save("other.pdf", b"%PDF-1.7 another")
    assert not stranger.check("other.pdf")
    assert [line[:4].strip() for line in stranger.lines] == ["SAI", "ĐÚNG", "ĐÚNG", "ĐÚNG", "ĐÚNG"]


def test_another_entry_place_or_root_is_found(stranger: Stranger) -> None:
    given = json.loads((stranger.folder / "proof.json").read_bytes())
    for number, (where, value) in enumerate(
        [("entry", given["entry"].replace("sealed", "forged")), ("position", 0), ("merkle", sha256(b"").hexdigest())]
    ):
        forged = json.loads(json.dumps(given))
        if where == "entry":
            forged["entry"] = value
        elif where == "position":
            forged["proof"]["position"] = value
        else:
            forged["proof"]["root"]["merkle"] = value
        stranger.save("proof.json", json.dumps(forged).encode())
        assert not stranger.check()
        assert stranger.lines[number + 1].startswith("SAI")


def test_roots_written_anew_are_not_those_that_were_kept(stranger: Stranger) -> None:
    kept = json.loads((stranger.folder / "roots.json").read_bytes())
    kept["roots"][0]["hash"] = "0" * 64
    stranger.save("roots.json", json.dumps(kept).encode())
    assert not stranger.check()
    assert [line[:4].strip() for line in stranger.lines] == ["ĐÚNG", "ĐÚNG", "ĐÚNG", "ĐÚNG", "SAI"]
    assert db.session.query(Contract).count() == 1


def test_it_says_how_it_is_used_and_what_is_not_published_yet(stranger: Stranger) -> None:
    assert "hop-dong.pdf" in stranger.run().stderr
    given = json.loads((stranger.folder / "proof.json").read_bytes())
    stranger.save("proof.json", json.dumps({**given, "proof": None}).encode())
    done = stranger.run("contract.pdf", "proof.json", "roots.json")
    assert done.returncode == 1
    assert "sau nửa đêm" in done.stderr
