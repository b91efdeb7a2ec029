"""The signed statement in the QR code: short, and checked with nothing but the published key."""

import base64
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from marketplace.clauses.documents import check_mark
from marketplace.config import Settings
from marketplace.signatures import keys
from marketplace.signatures.statement import about, public_key, published, read, statement

URL = "https://lien-ket.example.vn/verify/7F3KQ9ZXWM"
PAYLOAD = about("7F3KQ9ZXWM", "01/2026/HĐMB", "ab" * 32, date(2026, 10, 15))


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[None]:
    keys.create_statement_key(tmp_path / "statement.pem")
    app = Flask("statement")
    app.config["SETTINGS"] = Settings(statement_key=str(tmp_path / "statement.pem"))
    with app.app_context():
        yield


@pytest.mark.usefixtures("installed")
def test_what_was_stated_is_read_back_and_nothing_else() -> None:
    said, key = statement(PAYLOAD), public_key()
    assert read(said, key) == PAYLOAD
    assert read(said, bytes(32)) is None
    version, body, signature = said.split(".")
    other = base64.urlsafe_b64encode(json.dumps({**PAYLOAD, "c": "AAAAAAAAAA"}).encode()).rstrip(b"=").decode()
    for wrong in ("", "v1", "v1..", f"v2.{body}.{signature}", f"{version}.{other}.{signature}", said + "é", said[:-2]):
        assert read(wrong, key) is None, wrong


@pytest.mark.usefixtures("installed")
def test_the_check_of_the_handbook_needs_no_server() -> None:
    """The lines of docs/kiem-tra-ngoai-mang.md, run as they are printed."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "kiem-tra-ngoai-mang.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.S)
    assert found
    lines = found[1].splitlines()
    assert len([line for line in lines if line.strip()]) <= 10
    space = {"scanned": f"{URL}#{statement(PAYLOAD)}", "published": published()}
    exec(compile("\n".join(lines), "handbook", "exec"), space)  # our own page
    assert space["stated"] == PAYLOAD
    space["scanned"] = space["scanned"].replace("#v1.ey", "#v1.eY")
    with pytest.raises((InvalidSignature, ValueError)):
        exec(compile("\n".join(lines), "handbook", "exec"), space)
    assert isinstance(Ed25519PublicKey.from_public_bytes(public_key()), Ed25519PublicKey)


@pytest.mark.usefixtures("installed")
def test_the_code_can_be_read_from_paper() -> None:
    long = f"https://lienket-than-uyen.laichau.example.gov.vn/verify/{PAYLOAD['c']}#{statement(PAYLOAD)}"
    assert len(statement(PAYLOAD)) <= 210
    code = segno.make(long, error="l", micro=False, boost_error=False)
    assert isinstance(code.version, int)
    assert code.version <= 11
    mark = check_mark(URL, statement(PAYLOAD))
    assert int(mark["width"]) / code.symbol_size(border=2)[0] >= 0.38, "millimetres for one dot"
    drawn = io.BytesIO()
    segno.make(f"{URL}#{statement(PAYLOAD)}", error="l", micro=False, boost_error=False).save(
        drawn, kind="svg", border=2, xmldecl=False
    )
    assert mark["qr"] == drawn.getvalue().decode()


def test_without_a_key_there_is_no_statement() -> None:
    app = Flask("statement")
    app.config["SETTINGS"] = Settings()
    with app.app_context():
        assert (statement(PAYLOAD), public_key(), published()) == ("", b"", {"keys": []})
