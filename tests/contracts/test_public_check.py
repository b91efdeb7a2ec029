"""The public check in its three ways: what is recognised, what is shown, what stays hidden, and how often one may guess."""

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.clauses.codes import check_code
from marketplace.clauses.documents import footer
from marketplace.contracts import queries_public, service_signing
from marketplace.contracts.models import Contract, Document
from marketplace.contracts.rules import Method
from marketplace.contracts.verification import Match, match
from marketplace.extensions import db, limiter
from marketplace.files.service import keep, read
from marketplace.files.sniff import MediaType
from marketplace.kernel.dates import local_date
from marketplace.ledger import service_roots
from marketplace.ledger.models import Entry
from marketplace.ledger.roots import Inclusion, verify_inclusion
from tests.conftest import make_app
from tests.contracts import deals
from tests.contracts.test_pages import text_of
from tests.factories import Factories
from tests.files.samples import plain_pdf

WRONG = "Không có hợp đồng nào mang số này cùng sáu chữ số này"


def ask(client: FlaskClient, number: str, digits: str) -> Any:
    """The form with a number and its digits."""
    return client.post("/verify", data={"number": number, "digits": digits})


# By the number with six digits ------------------------------------------------------------------------------------


def test_the_digits_follow_from_the_code_and_stand_beside_the_number() -> None:
    assert check_code("7KQ2MWX9PA") == check_code("7KQ2MWX9PA") != check_code("7KQ2MWX9PB")
    assert all(re.fullmatch(r"[0-9]{6}", check_code(f"CODE{number}")) for number in range(200))
    document = {"number": "01/2026/HĐMB"}
    lines = footer(document, "https://example.vn/verify/7KQ2MWX9PA", "7KQ2MWX9PA")
    assert lines[0].startswith(f"01/2026/HĐMB · Mã số kiểm tra {check_code('7KQ2MWX9PA')} · ")
    assert "kiểm tra" not in " ".join(footer(document, None, None))


def test_a_number_with_its_digits_leads_to_the_contract(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make)
    code, number = deal.contract.code, deal.contract.number
    digits = check_code(code)
    for typed in (number, f"  {number} ", number.lower().replace("đ", "Đ"), number.replace("/", "/")):
        answer = ask(client, typed, f"{digits[:3]} {digits[3:]}")
        assert (answer.status_code, answer.location) == (303, f"/verify/{code}"), typed


def test_wrong_digits_and_an_unknown_number_are_told_alike(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make)
    number, digits = deal.contract.number, check_code(deal.contract.code)
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    draft = deals.draft(make, number="77/2026/HĐMB").contract
    said = []
    for typed, given in ((number, wrong), ("99/2026/HĐMB", digits), (draft.number, check_code(draft.code))):
        answer = ask(client, typed, given)
        assert answer.status_code == 422
        page = text_of(answer)
        assert WRONG in page
        # Apart from what was typed, and the keys of the form, not a letter differs.
        said.append(re.sub(r'value="[^"]*"', "", page))
    assert len(set(said)) == 1


@pytest.mark.parametrize(
    ("number", "digits"), [("01/2026/HĐMB", ""), ("", "123456"), ("01/2026/HĐMB", "12345"), ("x", "١٢٣٤٥٦")]
)
def test_both_are_needed(client: FlaskClient, number: str, digits: str) -> None:
    answer = ask(client, number, digits)
    assert answer.status_code == 422
    assert "Hãy nhập cả hai" in text_of(answer)


def test_of_several_papers_of_one_number_the_digits_choose(make: Factories, client: FlaskClient) -> None:
    first, second = deals.signed(make).contract, deals.signed(make).contract
    second.number = first.number
    db.session.commit()
    for contract in (first, second):
        assert ask(client, first.number, check_code(contract.code)).location == f"/verify/{contract.code}"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser where the limits hold as in operation."""
    app = make_app(f"sqlite:///{tmp_path / 'limited.sqlite3'}", tmp_path, RATELIMIT_ENABLED=True)
    with app.app_context():
        limiter.reset()
        db.create_all()
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = False


@pytest.fixture
def number(visitor: FlaskClient, now: datetime) -> str:
    """Of a signed contract."""
    return deals.signed(Factories(now)).contract.number


def wrong_for(number: str) -> tuple[str, str]:
    """Digits of a contract, and others."""
    code = db.session.scalars(select(Contract.code).filter_by(number=number)).one()
    return check_code(code), f"{(int(check_code(code)) + 1) % 10**6:06}"


def test_guessing_one_number_is_stopped_from_all_addresses_together(visitor: FlaskClient, number: str) -> None:
    right, wrong = wrong_for(number)

    def from_address(place: int, typed: str, digits: str) -> int:
        address = {"REMOTE_ADDR": f"198.51.100.{place}"}
        data = {"number": typed, "digits": digits, "csrf_token": ""}
        return visitor.post("/verify", data=data, environ_overrides=address).status_code

    assert [from_address(place, number, wrong) for place in range(10)] == [422] * 10
    assert from_address(99, f" {number.lower()}", right) == 429, "nobody knows whether the right digits were guessed"
    assert from_address(99, "02/2026/HĐMB", right) == 422, "another number is not affected"


def test_guessing_many_numbers_from_one_address_is_stopped(visitor: FlaskClient) -> None:
    answers = [ask(visitor, f"{number}/2026/HĐMB", "123456").status_code for number in range(31)]
    assert answers == [422] * 30 + [429]


def test_a_right_answer_forgives_the_wrong_ones_before_it(visitor: FlaskClient, number: str) -> None:
    right, wrong = wrong_for(number)
    for _round in range(2):
        assert [ask(visitor, number, wrong).status_code for _try in range(9)] == [422] * 9
        assert ask(visitor, number, right).status_code == 303


# By a file --------------------------------------------------------------------------------------------------------


def files_of(document: Document) -> dict[Match, str]:
    """Every file that people may hold of a document, by what it is."""
    assert document.final_file
    assert document.evidence_file
    return {
        Match.ISSUED: document.file_digest,
        Match.FINAL: document.final_file.digest,
        Match.EVIDENCE: document.evidence_file.digest,
    }


def test_every_file_of_a_contract_is_recognised(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make, Method.APP)
    code, document = deal.contract.code, deal.contract.documents[-1]
    signed = keep(plain_pdf() + b"% signed", "ky-so.pdf", make.now, None, {MediaType.PDF})
    document.signed_file_id = signed.id
    db.session.commit()
    expected = {**files_of(document), Match.SIGNED: signed.digest}
    for kind, digest in expected.items():
        assert match(queries_public.all_documents(deal.contract), digest) == kind
    words = {Match.FINAL: "niêm phong", Match.EVIDENCE: "bản xác nhận ký kết", Match.SIGNED: "chữ ký số"}
    for kind, digest in expected.items():
        answer = client.post("/verify", data={"digest": digest})
        assert answer.location == f"/verify/{code}?digest={digest}"
        page = text_of(client.get(answer.location))
        assert 'class="notice notice-good"' in page
        assert words.get(kind, "đúng là hợp đồng như đã phát hành") in page.split('id="result"')[1].split("</div>")[0]


def test_a_file_sent_without_script_is_compared_and_not_kept(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make, Method.APP)
    final = deal.contract.documents[-1].final_file
    assert final is not None
    data, code = read(final), deal.contract.code
    answer = client.post("/verify", data={"file": (io.BytesIO(data), "x.pdf")})
    assert answer.location == f"/verify/{code}?digest={sha256(data).hexdigest()}"
    assert client.post("/verify", data={"file": (io.BytesIO(data + b" "), "x.pdf")}).status_code == 422


def test_an_older_version_is_said_to_be_one(make: Factories, client: FlaskClient) -> None:
    deal = deals.opened(make)
    old = deal.contract.documents[-1].file_digest
    service_signing.request_changes(deal.contract, "Sửa giá", actor=deal.farmer, now=make.now)
    db.session.commit()
    db.session.refresh(deal.contract)
    draft = plain_pdf() + b"% second"
    file = keep(draft, "hop-dong.pdf", make.now, None, {MediaType.PDF})
    deals.open_text(deal, make.now)
    db.session.refresh(deal.contract)
    document = deal.contract.documents[-1]
    document.file_id, document.file_digest = file.id, file.digest
    db.session.commit()
    page = text_of(client.get(f"/verify/{deal.contract.code}?digest={old}"))
    assert "Đây là bản cũ, không còn giá trị" in page
    assert 'class="notice notice-warning"' in page


def test_a_later_paper_belongs_to_its_contract(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make)
    file = keep(plain_pdf() + b"% annex", "phu-luc.pdf", make.now, None, {MediaType.PDF})
    make.add(
        Document(
            contract_id=deal.contract.id,
            series=1,
            number=1,
            text={},
            text_digest="0" * 64,
            file_id=file.id,
            file_digest=file.digest,
            frozen_at=make.now,
        )
    )
    db.session.commit()
    answer = client.post("/verify", data={"digest": file.digest})
    assert answer.location.startswith(f"/verify/{deal.contract.code}?")
    assert "thuộc phụ lục hoặc văn bản kèm theo" in text_of(client.get(answer.location))


@pytest.mark.parametrize("digest", ["0" * 64, "x" * 64, "0" * 63, "' OR 1=1", "A" * 64])
def test_what_is_no_file_of_ours_leads_nowhere(make: Factories, client: FlaskClient, digest: str) -> None:
    code = deals.signed(make).contract.code
    assert client.post("/verify", data={"digest": digest}).status_code == 422
    page = client.get("/verify/" + code, query_string={"digest": digest})
    assert page.status_code == 200
    assert ('id="result"' in page.get_data(as_text=True)) == (digest == "0" * 64)


def test_the_proof_leads_from_a_file_in_hand_to_the_published_root(make: Factories, client: FlaskClient) -> None:
    """Without asking this server for anything but the entry's own words."""
    deal = deals.signed(make, Method.APP)
    final = deal.contract.documents[-1].final_file
    assert final is not None
    data, code = read(final), deal.contract.code
    db.session.commit()
    waiting = json.loads(client.get(f"/verify/{code}/proof.json").data)
    assert waiting["proof"] is None
    service_roots.seal(local_date(make.now), now=make.now)
    db.session.commit()
    given = json.loads(client.get(f"/verify/{code}/proof.json").data)
    assert json.loads(given["entry"])["data"]["final"] == sha256(data).hexdigest()
    assert sha256(given["entry"].encode()).hexdigest() == given["hash"] == waiting["hash"]
    assert verify_inclusion(given["hash"], Inclusion.read(given["proof"]))
    for secret in (deal.farmer.name, deal.trader.name, "25000000", "192.0.2.7"):
        assert secret not in json.dumps(given, ensure_ascii=False)


def test_an_unsigned_contract_has_no_proof_yet(make: Factories, client: FlaskClient) -> None:
    code = deals.opened(make).contract.code
    assert client.get(f"/verify/{code}/proof.json").status_code == 404


# What is shown ----------------------------------------------------------------------------------------------------


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


def test_neither_prices_nor_persons_are_public(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make, Method.APP)
    for party in deal.sides:
        party.address, party.phone, party.representative = "Bản Thử, đường Thử 5", "+84912345678", "Bùi Thị Ỷ"
    deal.farmer.name = "Lò Văn Ỵ"
    secrets: list[str] = [
        "Bản Thử",
        "912345678",
        "345 678",
        "Bùi Thị Ỷ",
        "Lò Văn Ỵ",
        "25.000.000",
        "500.000.000",
        "192.0.2.7",
    ]
    code = deal.contract.code
    db.session.commit()
    page = text_of(client.get(f"/verify/{code}"))
    assert [secret for secret in secrets if secret in page] == []


def test_the_script_is_a_file_and_the_page_works_without_it(make: Factories, client: FlaskClient) -> None:
    page = client.get("/verify").get_data(as_text=True)
    assert re.findall("<script[^>]*>", page) == re.findall('<script src="/static/js/app[^"]*" defer>', page)
    assert "Tệp chỉ được đối chiếu, không lưu lại" in page
    assert re.search(r'data-fingerprint="here"[^>]* hidden', page)
