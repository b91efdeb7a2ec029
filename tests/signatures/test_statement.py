"""The signed statement in the QR code: short, and checked with nothing but the published key."""

import base64
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from marketplace.clauses.documents import check_mark
from marketplace.clauses.text import short
from marketplace.config import Settings
from marketplace.signatures import keys
from marketplace.signatures.keys import read_statement_key
from marketplace.signatures.statement import public_key, published, stated, statement

URL = "https://lien-ket.example.vn/verify/7F3KQ9ZXWM"
LONG = "https://" + "lienket-than-uyen." * 4 + "laichau.example.gov.vn"
SAID = stated("7F3KQ9ZXWM", "01/2026/HĐMB", "ab" * 32, date(2026, 10, 15))
PROGRAM = Path(__file__).resolve().parents[2] / "static" / "kiem-tra-ma-qr.py"
OLDER = {"c": "7F3KQ9ZXWM", "d": "2026-10-15", "n": "x", "t": "q6urq6urq6urq6urq6urqw"}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Path]:
    keys.create_statement_key(tmp_path / "statement.pem")
    app = Flask("statement")
    app.config["SETTINGS"] = Settings(statement_key=str(tmp_path / "statement.pem"))
    with app.app_context():
        (tmp_path / "keys.json").write_text(json.dumps(published()))
        yield tmp_path


def stranger(folder: Path, scanned: str, *number: str) -> tuple[int, str]:
    """The program that everybody may download, run on the published key and what a phone has read."""
    command = [sys.executable, "-X", "utf8", "-I", str(PROGRAM), "keys.json", scanned, *number]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def scanned() -> str:
    """What stands in the code of a contract."""
    return f"{URL}#{statement(SAID)}"


def test_a_stranger_reads_what_was_stated_without_any_library(installed: Path) -> None:
    status, said = stranger(installed, scanned(), "01/2026/HĐMB")
    assert status == 0
    for each in ("7F3KQ9ZXWM", "15/10/2026", short("ab" * 32), "ĐÚNG số hợp đồng"):
        assert each in said
    status, said = stranger(installed, scanned(), "02/2026/HĐMB")
    assert (status, "SAI  số hợp đồng" in said) == (1, True)


@pytest.mark.parametrize(
    ("old", "new"), [("7F3KQ9ZXWM", "7F3KQ9ZXWN"), ("20261015", "20261016"), ("#v2", "#v3"), ("q6", "q7"), ("#", "")]
)
def test_a_stranger_finds_what_was_changed(installed: Path, old: str, new: str) -> None:
    assert old in scanned()
    assert stranger(installed, scanned().replace(old, new))[0] == 1


@pytest.mark.parametrize("text", ["", "x", "https://x/verify/A", "#v1.", "#v1.e30.AA", "#v2.a.b.c.d", "#v2.1.2.3.é"])
def test_what_is_no_statement_is_said_to_be_none(installed: Path, text: str) -> None:
    assert stranger(installed, text)[0] == 1


def test_another_key_has_not_signed_it(installed: Path) -> None:
    (installed / "keys.json").write_text(json.dumps({"keys": [{"x": base64.urlsafe_b64encode(bytes(32)).decode()}]}))
    assert stranger(installed, scanned())[0] == 1


def test_papers_of_the_first_release_are_still_read(installed: Path) -> None:
    body = base64.urlsafe_b64encode(json.dumps(OLDER).encode()).rstrip(b"=").decode()
    signed = Ed25519PrivateKey.from_private_bytes(
        read_statement_key(str(installed / "statement.pem")).private_bytes_raw()
    )
    signature = base64.urlsafe_b64encode(signed.sign(f"v1.{body}".encode())).rstrip(b"=").decode()
    assert stranger(installed, f"{URL}#v1.{body}.{signature}")[0] == 0
    assert stranger(installed, f"{URL}#v1.{body[:-4]}AAAA.{signature}")[0] == 1


@pytest.mark.usefixtures("installed")
def test_the_check_of_the_handbook_needs_no_server() -> None:
    """The lines of docs/kiem-tra-ngoai-mang.md, run as they are printed."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "kiem-tra-ngoai-mang.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.S)
    assert found
    lines = found[1].splitlines()
    assert len([line for line in lines if line.strip()]) <= 10
    space = {"scanned": scanned(), "published": published()}
    exec(compile("\n".join(lines), "handbook", "exec"), space)  # our own page
    assert (space["code"], space["day"]) == ("7F3KQ9ZXWM", "20261015")
    space["scanned"] = scanned().replace("20261015", "20261016")
    with pytest.raises(InvalidSignature):
        exec(compile("\n".join(lines), "handbook", "exec"), space)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("address", "level"),
    [("https://lien-ket.example.vn", "M"), ("https://lienket-than-uyen.laichau.example.gov.vn", "M"), (LONG, "L")],
)
def test_the_code_can_be_read_from_paper(address: str, level: str) -> None:
    """No dot smaller than 0.42 mm, four dots of white around, and corrected as well as the address allows."""
    url = f"{address}/verify/7F3KQ9ZXWM"
    mark = check_mark(url, statement(SAID))
    code = segno.make(f"{url}#{statement(SAID)}", error=level.lower(), micro=False, boost_error=False)
    assert int(mark["width"]) / code.symbol_size(border=4)[0] >= 0.42, "millimetres for one dot"
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=4, xmldecl=False)
    assert mark["qr"] == drawn.getvalue().decode()


def test_without_a_key_there_is_no_statement() -> None:
    app = Flask("statement")
    app.config["SETTINGS"] = Settings()
    with app.app_context():
        assert (statement(SAID), public_key(), published()) == ("", b"", {"keys": []})
