"""What people keep elsewhere, brought to `flask ledger verify`: the roots as JSON or as a table, the proof of an entry."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from marketplace.extensions import db
from marketplace.ledger import queries
from marketplace.ledger.models import Entry
from marketplace.ledger.roots import stated
from marketplace.ledger.rules import written
from tests.ledger.conftest import Verify
from tests.ledger.tampering import by_hand
from tests.ledger.test_verify import change_content, faults, link_again, root_again


def test_the_table_of_roots_serves_as_well(
    client: FlaskClient, verify: Verify, ledger: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "roots.csv"
    file.write_bytes(client.get("/ledger/roots.csv").data)
    assert verify("--roots", str(file))["compared"] == 2
    forged = file.read_text().replace(",6,", ",7,")
    file.write_text(forged)
    assert "is damaged itself" in app_refuses(client, file)
    file.write_text("number,day\r\n1,2026-10-15\r\n")
    assert "no roots.csv" in app_refuses(client, file)


def app_refuses(client: FlaskClient, file: Path) -> str:
    """What is said of a file that proves nothing."""
    done = client.application.test_cli_runner().invoke(args=["ledger", "verify", "--roots", str(file)])
    assert done.exit_code == 2
    return done.output


def proof_kept(subject: str, seq: int, folder: Path) -> Path:
    """An entry with its proof, as a page gives it away."""
    entry = db.session.scalars(select(Entry).filter_by(subject=subject, seq=seq)).one()
    found = queries.inclusion(entry)
    file = folder / "proof.json"
    proof = {"entry": written(entry).decode(), "hash": entry.hash, "proof": stated(found) if found else None}
    file.write_text(json.dumps(proof))
    return file


def test_a_proof_whose_path_was_changed_is_refused(app: Flask, ledger: list[str], tmp_path: Path) -> None:
    file = proof_kept(ledger[1], 3, tmp_path)
    for name, value in (("position", 0), ("path", []), ("position", "x"), ("path", ["x"]), ("root", None)):
        given = json.loads(file.read_text())
        given["proof"][name] = value
        forged = tmp_path / "forged.json"
        forged.write_text(json.dumps(given))
        done = app.test_cli_runner().invoke(args=["ledger", "verify", "--proof", str(forged)])
        assert (done.exit_code, "no proof.json" in done.output) == (2, True), name


def test_a_kept_proof_holds_an_entry_before_any_root_does(verify: Verify, ledger: list[str], tmp_path: Path) -> None:
    """The last entries of a chain, taken away the same day: the chain does not miss them, who kept a proof does."""
    file = proof_kept(ledger[1], 4, tmp_path)
    found = verify("--proof", str(file))
    assert (found["broken"], found["proofs"]) == ([], 1)
    with by_hand() as connection:
        connection.execute(text("DELETE FROM ledger_detail"))
        connection.execute(text("DELETE FROM ledger_entry WHERE subject = :s AND seq = 4"), {"s": ledger[1]})
    assert verify()["broken"] == []
    assert faults(verify("--proof", str(file))) == [("kept", ledger[1], 4)]


def test_a_kept_proof_holds_all_before_it_and_its_root(verify: Verify, ledger: list[str], tmp_path: Path) -> None:
    file = proof_kept(ledger[1], 3, tmp_path)
    with by_hand() as connection:
        change_content(connection, ledger[1])
        link_again(connection, ledger[1])
        root_again(connection)
    assert verify()["broken"] == []
    assert faults(verify("--proof", str(file))) == [("kept", ledger[1], 3), ("published", None, None)]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"entry": "{}", "hash": "x"}', "[" * 100_000, '{"entry": 1}'])
def test_a_file_that_is_no_proof_is_refused(app: Flask, ledger: list[str], tmp_path: Path, content: str) -> None:
    file = tmp_path / "proof.json"
    file.write_text(content)
    done = app.test_cli_runner().invoke(args=["ledger", "verify", "--proof", str(file)])
    assert (done.exit_code, "no proof.json" in done.output) == (2, True)
