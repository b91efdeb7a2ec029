"""The public check in its three ways: what is recognised, what is shown, what stays hidden, and how often one may guess."""

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
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


def ask_from(visitor: FlaskClient, address: str, number: str, digits: str) -> Any:
    """The form, from an address; the question of the token is another test's."""
    data = {"number": number, "digits": digits, "csrf_token": ""}
    return visitor.post("/verify", data=data, environ_overrides={"REMOTE_ADDR": address})


def held_up(answer: Any) -> bool:
    """Whether it was one try too many, and what to do instead is said."""
    return answer.status_code == 422 and "Hãy dùng mã tra cứu" in text_of(answer)


def test_guessing_one_number_is_stopped_and_keeps_nobody_else_from_it(visitor: FlaskClient, number: str) -> None:
    right, wrong = wrong_for(number)
    tries = [ask_from(visitor, "198.51.100.1", number, wrong) for _try in range(11)]
    assert [held_up(answer) for answer in tries] == [False] * 10 + [True]
    assert held_up(ask_from(visitor, "198.51.100.1", f" {number.lower()}", right)), "nor is a hit told from a miss"
    assert ask_from(visitor, "198.51.100.2", number, right).status_code == 303
    assert not held_up(ask_from(visitor, "198.51.100.1", "02/2026/HĐMB", wrong)), "another number is not affected"


def test_guessing_one_number_from_everywhere_is_stopped(visitor: FlaskClient, number: str) -> None:
    right, wrong = wrong_for(number)
    tries = [ask_from(visitor, f"198.51.100.{place // 10}", number, wrong) for place in range(100)]
    assert not any(map(held_up, tries))
    assert held_up(ask_from(visitor, "203.0.113.9", number, right))


def test_one_line_of_the_newer_kind_is_one_visitor(visitor: FlaskClient, number: str) -> None:
    _right, wrong = wrong_for(number)
    tries = [ask_from(visitor, f"2001:db8::{place:x}", number, wrong) for place in range(11)]
    assert held_up(tries[-1])
    assert not held_up(ask_from(visitor, "2001:db8:0:1::1", number, wrong))


def test_guessing_many_numbers_from_one_address_is_stopped(visitor: FlaskClient) -> None:
    answers = [held_up(ask(visitor, f"{number}/2026/HĐMB", "123456")) for number in range(31)]
    assert answers == [False] * 30 + [True]


def test_a_right_answer_costs_nothing_and_forgives_nothing(visitor: FlaskClient, number: str) -> None:
    """Whoever has a contract of the same number could otherwise guess at the other for ever."""
    right, wrong = wrong_for(number)
    for _round in range(20):
        assert ask_from(visitor, "198.51.100.1", number, right).status_code == 303
    for again in (False, True):
        assert [held_up(ask_from(visitor, "198.51.100.1", number, wrong)) for _try in range(5)] == [False] * 5
        assert ask_from(visitor, "198.51.100.1", number, right).status_code == (422 if again else 303)


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


def test_a_paper_that_came_to_nothing_is_said_to_be_none(make: Factories, client: FlaskClient) -> None:
    """Neither "not ours" nor a page of its own: whoever holds it may not take it for a contract."""
    deal = deals.opened(make)
    document = deal.contract.documents[-1]
    code, digest = deal.contract.code, document.file_digest
    service_signing.request_changes(deal.contract, "Sửa giá", actor=deal.farmer, now=make.now)
    answer = client.post("/verify", data={"digest": digest})
    assert answer.status_code == 422
    assert "không phải là hợp đồng đã được các bên ký đủ" in text_of(answer)
    page = client.get(f"/verify/{code}")
    assert page.status_code == 404
    assert f"Không có hợp đồng nào mang mã {code}" in text_of(page)


def test_an_unknown_code_is_answered_with_the_other_ways(client: FlaskClient) -> None:
    page = client.get("/verify/<b>ABC")
    assert page.status_code == 404
    assert "<b>ABC" not in page.get_data(as_text=True)
    for field in ("code", "number", "digits", "file"):
        assert f'name="{field}"' in page.get_data(as_text=True)


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
