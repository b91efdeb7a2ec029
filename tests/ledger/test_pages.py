"""The public pages of the ledger: roots to keep, proofs, and nothing that was recorded."""

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.ledger.models import Entry, Membership, Root
from marketplace.ledger.roots import Inclusion, Published, first_broken_root, verify_inclusion
from tests.critic import complaints
from tests.ledger.conftest import DAY, seal

PAGES = ["/ledger", "/ledger/2026-10-15", "/ledger/2026-10-17", "/ledger/proof", "/ledger/proof?hash=" + "ab" * 32]


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_in_order(client: FlaskClient, ledger: list[str], path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert complaints(answer.get_data(as_text=True)) == []


@pytest.mark.parametrize("path", [*PAGES, "/ledger/roots.json", "/ledger/roots.csv"])
def test_nothing_of_what_was_recorded_is_published(client: FlaskClient, ledger: list[str], path: str) -> None:
    text = client.get(path).get_data(as_text=True)
    for secret in ("Bùi Thị Ỷ", "admin_unit", "unit:named", "lý do"):
        assert secret not in text


def test_without_roots_the_page_says_so(client: FlaskClient) -> None:
    assert "Chưa có mã nào" in client.get("/ledger").get_data(as_text=True)
    assert json.loads(client.get("/ledger/roots.json").data) == {"roots": []}


def test_what_everybody_keeps_is_what_verify_compares_with(
    app: Flask, client: FlaskClient, ledger: list[str], tmp_path: Path
) -> None:
    answer = client.get("/ledger/roots.json")
    roots = [Published.read(row) for row in json.loads(answer.data)["roots"]]
    assert [root.number for root in roots] == [1, 2]
    assert first_broken_root(roots) is None
    kept = tmp_path / "roots.json"
    kept.write_bytes(answer.data)
    done = app.test_cli_runner().invoke(args=["ledger", "verify", "--roots", str(kept), "--json"])
    assert json.loads(done.stdout)["compared"] == 2
    rows = list(csv.DictReader(io.StringIO(client.get("/ledger/roots.csv").get_data(as_text=True))))
    assert [row["hash"] for row in rows] == [root.hash for root in roots]


@pytest.mark.parametrize("name", ["roots.json", "roots.csv"])
def test_who_has_the_newest_is_told_so(client: FlaskClient, app: Flask, ledger: list[str], name: str) -> None:
    first = client.get(f"/ledger/{name}")
    again = client.get(f"/ledger/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    app.test_cli_runner().invoke(args=["ledger", "root", "--make"])
    assert client.get(f"/ledger/{name}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_page_json_and_csv_agree_also_on_a_day_without_entries(
    app: Flask, client: FlaskClient, ledger: list[str], now: datetime
) -> None:
    for day in (3, 4):
        assert seal(now + day * DAY, now=now + (day + 1) * DAY)
    roots = json.loads(client.get("/ledger/roots.json").data)["roots"]
    rows = list(csv.DictReader(io.StringIO(client.get("/ledger/roots.csv").get_data(as_text=True))))
    assert [{name: str(value) for name, value in root.items()} for root in roots] == rows
    page = client.get("/ledger").get_data(as_text=True)
    assert [root["hash"] for root in roots[::-1]] == re.findall(r'class="fingerprint">([0-9a-f]{64})<', page)
    assert roots[-1]["entries"] == 0
    day = client.get("/ledger/" + roots[-1]["day"]).get_data(as_text=True)
    assert roots[-1]["hash"] in day
    assert "không ghi gì mới" in day


def test_the_newest_stands_first_and_older_ones_follow(client: FlaskClient, ledger: list[str]) -> None:
    text = client.get("/ledger").get_data(as_text=True)
    assert 0 < text.index("17/10/2026") < text.index("15/10/2026")


def test_a_day_tells_its_neighbours_and_how_its_code_is_made(client: FlaskClient, ledger: list[str]) -> None:
    text = client.get("/ledger/2026-10-17").get_data(as_text=True)
    root = db.session.scalars(select(Root).filter_by(number=2)).one()
    assert root.hash in text
    assert "/ledger/2026-10-15" in text
    assert f"&#34;merkle&#34;:&#34;{root.merkle}&#34;" in text


@pytest.mark.parametrize("path", ["2026-10-16", "today", "20261015x", "0000-00-00", "proof.json", "proof.json?hash=x"])
def test_where_nothing_is_nothing_is_found(client: FlaskClient, ledger: list[str], path: str) -> None:
    assert client.get(f"/ledger/{path}").status_code == 404


def test_a_proof_can_be_checked_elsewhere(client: FlaskClient, ledger: list[str]) -> None:
    hashed = db.session.scalars(select(Membership.hash).filter_by(root=2, position=4)).one()
    assert "Có trong mã đã công bố ngày 17/10/2026" in client.get(f"/ledger/proof?hash={hashed}").get_data(as_text=True)
    given = json.loads(client.get(f"/ledger/proof.json?hash={hashed}").data)
    proof = Inclusion.read(given)
    assert verify_inclusion(hashed, proof)


def test_what_waits_for_the_night_is_not_proven_yet(client: FlaskClient, ledger: list[str]) -> None:
    waiting = select(Entry.hash).where(Entry.id.not_in(select(Membership.entry_id))).limit(1)
    hashed = db.session.scalars(waiting).one()
    assert "Chưa có mã công bố nào" in client.get(f"/ledger/proof?hash={hashed}").get_data(as_text=True)
    assert client.get(f"/ledger/proof.json?hash={hashed}").status_code == 404
