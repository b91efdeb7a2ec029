"""`flask ledger verify` on contracts: what a hand changes in rows and files after the ledger recorded them is found."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.contracts import service_drawing, service_signing
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import Method
from marketplace.extensions import db
from marketplace.files import store
from tests.contracts import deals
from tests.factories import Factories
from tests.ledger.tampering import by_hand

Verify = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def verify(app: Flask) -> Verify:
    """What the command finds; its exit status agrees."""

    def run() -> list[dict[str, Any]]:
        db.session.rollback()
        done = app.test_cli_runner().invoke(args=["ledger", "verify", "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        found: list[dict[str, Any]] = json.loads(done.stdout)["broken"]
        assert done.exit_code == (1 if found else 0)
        return found

    return run


@pytest.fixture
def contract(make: Factories) -> Contract:
    """Signed in the application by both, and sealed."""
    deal = deals.signed(make, Method.APP)
    db.session.commit()
    return deal.contract


def test_untouched_contracts_of_every_kind_are_whole(make: Factories, verify: Verify, contract: Contract) -> None:
    deals.draft(make, number="02/2026")
    deals.opened(make, number="03/2026")
    deals.signed(make, number="04/2026")
    deals.recorded(make)
    db.session.commit()
    assert verify() == []


def test_a_text_sent_back_corrected_and_dropped_is_whole(make: Factories, verify: Verify) -> None:
    deal = deals.opened(make)
    service_signing.request_changes(deal.contract, "Sửa ngày", actor=deal.farmer, now=make.now)
    by = {"actor": deal.trader, "now": make.now}
    changes = {"payment_days": 77}
    service_drawing.edit(deal.contract, changes, None, {}, None, **by, on_behalf_of=None)  # type: ignore[arg-type]
    service_signing.cancel(deal.contract, "Không bán nữa", **by)  # type: ignore[arg-type]
    db.session.commit()
    assert verify() == []


# What a hand does, and which words of the sentence name it.
HANDS = {
    "a text": ('UPDATE contract_document SET text = \'{"title": "x"}\'', "row", "văn bản"),
    "a text no JSON could be": ("UPDATE contract_document SET text = '[1]'", "row", "văn bản"),
    "the text's fingerprint": ("UPDATE contract_document SET text_digest = file_digest", "row", "văn bản"),
    "the fingerprint of what was issued": (
        "UPDATE contract_document SET file_digest = text_digest",
        "row",
        "phát hành",
    ),
    "another file behind it": (
        "UPDATE contract_document SET file_id = evidence_file_id",
        "row",
        "phát hành",
    ),
    "another sealed file": ("UPDATE contract_document SET final_file_id = file_id", "row", "niêm phong"),
    "no sealed file": ("UPDATE contract_document SET final_file_id = NULL", "row", "niêm phong"),
    "another evidence page": ("UPDATE contract_document SET evidence_file_id = file_id", "row", "xác nhận ký kết"),
    "a file's own row": (
        "UPDATE stored_file SET digest = '0' WHERE id = (SELECT final_file_id FROM contract_document)",
        "row",
        "niêm phong",
    ),
    "the note of the seal": ("UPDATE contract_document SET seal = '{}'", "row", "niêm phong"),
    "a digital signature that was not": (
        "UPDATE contract_document SET signed_file_id = file_id",
        "unrecorded",
        "chữ ký số",
    ),
    "a text that was never fixed": (
        "INSERT INTO contract_document (id, contract_id, series, number, text, text_digest, file_id, file_digest, frozen_at) "
        "SELECT 900, contract_id, 0, 2, text, text_digest, file_id, file_digest, frozen_at FROM contract_document",
        "unrecorded",
        "văn bản",
    ),
    "who signed": ("UPDATE contract_signature SET signer_name = 'Ai khác'", "row", "chữ ký"),
    "when": ("UPDATE contract_signature SET signed_on = '2026-01-01'", "row", "chữ ký"),
    "how": ("UPDATE contract_signature SET method = 'wet_ink'", "row", "chữ ký"),
    "what": ("UPDATE contract_signature SET digest = '0'", "row", "chữ ký"),
    "a signature taken away": ("DELETE FROM contract_signature", "row", "chữ ký"),
    "an attestation": ("UPDATE contract_signature SET attested_at = recorded_at", "unrecorded", "cán bộ"),
    "the state": ("UPDATE contract SET state = 'terminated'", "row", "trạng thái"),
    "a state that is none": ("UPDATE contract SET state = 'x'", "row", "trạng thái"),
    "the day of signing": ("UPDATE contract SET signed_on = '2026-01-01'", "row", "ngày ký"),
    "a price": ("UPDATE contract_line SET price = 1", "row", "đã thỏa thuận"),
    "a quantity": ("UPDATE contract_line_month SET quantity = quantity + 1", "row", "đã thỏa thuận"),
    "the end": ("UPDATE contract SET ends_on = '2030-01-01'", "row", "đã thỏa thuận"),
    "another party": ("UPDATE contract_party SET name = 'Công ty khác' WHERE position = 2", "row", "đã thỏa thuận"),
    "a change without an annex": (
        "INSERT INTO contract_change (id, contract_id, effective_on, source, number, terms, value_estimated) "
        "SELECT 900, id, '2026-12-01', 'contract_paper:9', 'PL01', '{}', false FROM contract",
        "unrecorded",
        "PL01",
    ),
}


@pytest.mark.parametrize("hand", HANDS)
def test_a_row_changed_by_hand_is_found(verify: Verify, contract: Contract, hand: str) -> None:
    statement, fault, words = HANDS[hand]
    subject = f"contract:{contract.id}"
    with by_hand() as connection:
        assert connection.execute(text(statement)).rowcount
    found = verify()
    assert (fault, True) in {(row["fault"], words in row["sentence"]) for row in found}, found
    assert {row["subject"] for row in found} == {subject}


def test_a_contract_deleted_with_everything_of_it_is_missed(verify: Verify, contract: Contract) -> None:
    number = contract.id
    tables = ("signature", "document", "line_month", "line", "party", "revision")
    with by_hand() as connection:
        for name in tables:
            connection.execute(text(f"DELETE FROM contract_{name}"))
        connection.execute(text("DELETE FROM contract"))
    (found,) = verify()
    assert (found["fault"], found["subject"], found["seq"]) == ("row", f"contract:{number}", 1)


def test_a_signature_whose_entry_was_taken_away_the_same_day_is_found(verify: Verify, contract: Contract) -> None:
    """No chain misses its own last entries, and no root holds them yet: the rows that they brought about do."""
    subject = f"contract:{contract.id}"
    with by_hand() as connection:
        connection.execute(text("DELETE FROM ledger_detail"))
        first = "SELECT min(seq) FROM ledger_entry WHERE subject = :s AND event = 'contract:signed'"
        connection.execute(text(f"DELETE FROM ledger_entry WHERE subject = :s AND seq >= ({first})"), {"s": subject})
    found = verify()
    assert {row["fault"] for row in found} == {"row", "unrecorded"}
    assert {row["subject"] for row in found} == {subject}


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_file_damaged_on_disk_is_found(verify: Verify, contract: Contract, damage: str) -> None:
    final = contract.documents[-1].final_file
    assert final is not None
    path = store.current().path(final.digest)
    data = path.read_bytes()
    if damage == "changed":
        path.chmod(0o600)
        path.write_bytes(data[:-1] + b"x")
    else:
        path.unlink()
    (found,) = verify()
    assert (found["fault"], "niêm phong" in found["sentence"]) == ("file", True)


def test_a_recorded_paper_is_held_to_its_scan(make: Factories, verify: Verify) -> None:
    contract = deals.recorded(make).contract
    db.session.commit()
    with by_hand() as connection:
        connection.execute(text("UPDATE contract_signature SET signed_on = '2025-01-01'"))
        connection.execute(text("UPDATE contract_line SET price = 1"))
    assert [(row["fault"], row["subject"]) for row in verify()] == [
        ("row", f"contract:{contract.id}"),
        ("unrecorded", f"contract:{contract.id}"),
        ("unrecorded", f"contract:{contract.id}"),
    ]
