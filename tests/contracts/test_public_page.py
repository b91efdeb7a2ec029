"""The public page of a contract: what it shows in every state, and what it never does."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.clauses.terms import ContractKind
from marketplace.contracts import queries_public
from marketplace.contracts.models import Contract
from marketplace.contracts.queries_public import VERIFIABLE
from marketplace.contracts.rules import ContractState, Method
from marketplace.contracts.verification import Match
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.numbers import format_number
from marketplace.kernel.quantities import format_quantity
from marketplace.ledger import service_roots
from marketplace.ledger.models import Entry
from marketplace.web.fields import format_phone
from tests.contracts import deals
from tests.contracts.test_pages import text_of
from tests.contracts.test_public_check import files_of
from tests.factories import Factories


def test_the_entry_stands_in_the_published_root_or_will(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make, Method.APP)
    code = deal.contract.code
    entry = db.session.scalars(
        select(Entry).filter_by(subject=f"contract:{deal.contract.id}", event="contract:sealed")
    ).first()
    assert entry
    hashed = entry.hash
    db.session.commit()
    before = text_of(client.get(f"/verify/{code}"))
    assert "sẽ có trong mã công bố sau nửa đêm nay" in before
    assert hashed in before
    service_roots.seal(local_date(make.now), now=make.now + timedelta(days=1))
    db.session.commit()
    after = text_of(client.get(f"/verify/{code}"))
    assert "Có, trong mã công bố ngày 15/10/2026" in after
    assert 'href="/ledger/2026-10-15"' in after
    proof = json.loads(client.get(f"/ledger/proof.json?hash={hashed}").data)
    assert proof["root"]["number"] == 1


def test_seal_and_fingerprints_are_shown_with_what_is_missing(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make, Method.APP)
    document = deal.contract.documents[-1]
    files = files_of(document)
    code = deal.contract.code
    page = text_of(client.get(f"/verify/{code}"))
    assert "không có dấu thời gian tin cậy" in page
    assert files[Match.ISSUED] in page
    assert files[Match.FINAL] in page
    document.seal = {**(document.seal or {}), "trusted_time": "2026-10-15T03:00:05+00:00"}
    db.session.commit()
    assert "dấu thời gian tin cậy 10:00 15/10/2026" in text_of(client.get(f"/verify/{code}"))


def secrets_of(contract: Contract) -> set[str]:
    """Everything of a contract that is nobody else's business, as the rows have it and as pages write it."""
    found = {"192.0.2.7", "Lý do riêng", "Vietinbank 101"}
    for party in contract.parties:
        found |= {party.address or "", party.representative or "", party.phone or "", format_phone(party.phone or "")}
        found |= {party.tax_code or ""}
    for line in contract.lines:
        found |= {
            str(line.price),
            format_number(line.price or 0),
            line.name,
            format_quantity(line.quantity, line.measure),
        }
    found |= {str(contract.value), format_number(contract.value or 0)}
    found |= {row.signer_name for document in contract.documents for row in document.signatures}
    return {each for each in found if len(each) > 3}


MAKERS: dict[str, Callable[[Factories], Contract]] = {
    "awaiting": lambda make: deals.opened(make).contract,
    "signed in ink": lambda make: deals.signed(make).contract,
    "signed in the app": lambda make: deals.signed(make, Method.APP).contract,
    "memorandum": lambda make: deals.signed(make, kind=ContractKind.MEMORANDUM).contract,
    "recorded from paper": lambda make: deals.recorded(make).contract,
}


@pytest.mark.parametrize("state", [state.value for state in VERIFIABLE])
@pytest.mark.parametrize("kind", MAKERS)
def test_neither_prices_nor_persons_are_public(make: Factories, client: FlaskClient, kind: str, state: str) -> None:
    contract = MAKERS[kind](make)
    for party in contract.parties:
        party.address, party.phone, party.bank = "Bản Thử, đường Thử 5", "+84912345678", "Vietinbank 101"
        party.representative = "Bùi Thị Ỷ"
    contract.state = ContractState(state)
    contract.end_reason, contract.ended_on = "Lý do riêng", local_date(make.now)
    files = {
        file.digest for each in contract.documents for file in (each.file, each.final_file, each.evidence_file) if file
    }
    entry = queries_public.concluding_entry(contract)
    addresses = [f"/verify/{contract.code}", *(f"/verify/{contract.code}?digest={each}" for each in files)]
    if entry:
        addresses += [f"/verify/{contract.code}/proof.json", f"/ledger/proof?hash={entry.hash}"]
    secrets = secrets_of(contract)
    db.session.commit()
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        text = text_of(answer)
        assert [secret for secret in secrets if secret in text] == [], address


def test_the_script_is_a_file_and_the_page_works_without_it(make: Factories, client: FlaskClient) -> None:
    page = client.get("/verify").get_data(as_text=True)
    assert re.findall("<script[^>]*>", page) == re.findall('<script src="/static/js/app[^"]*" defer>', page)
    assert "Tệp chỉ được đối chiếu, không lưu lại" in page
    assert re.search(r'data-fingerprint="here"[^>]* hidden', page)
