"""After signing: what one side declares, what waits for the other's word, what is done at once, and the objections beside it."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from marketplace.contracts import policy, queries, service_ending
from marketplace.contracts.declarations import declared, to_answer
from marketplace.contracts.models import Answer, Contract, Declaration
from marketplace.contracts.rules import (
    DECLARATION,
    ContractAct,
    ContractState,
    DeclarationAct,
    DeclarationState,
    EndGround,
)
from marketplace.contracts.service_ending import OnPaper, Said
from marketplace.extensions import db
from marketplace.files.service import keep
from marketplace.kernel.dates import format_date
from marketplace.kernel.errors import Refusal
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.products.models import Commitment
from marketplace.web import clock
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, field, text_of
from tests.factories import Factories
from tests.files.samples import plain_pdf

A, S, D = ContractAct, ContractState, DeclarationState
TODAY = date(2026, 10, 15)
AGREED = Said(A.TERMINATE, TODAY, "Mất mùa", EndGround.AGREEMENT)
BROKEN = Said(A.TERMINATE, TODAY, "Không giao hàng", EndGround.BREACH, notice_on=TODAY)


def declare(deal: deals.Deal, said: Said, now: datetime, side: int = 0) -> Declaration:
    """The seller's signatory declares, or the buyer's."""
    who = (deal.farmer, deal.trader)[side]
    return service_ending.declare(deal.contract, deal.sides[side], said, actor=who, now=now)


def answer(
    deal: deals.Deal, made: Declaration, now: datetime, *, agrees: bool, reason: str = "", side: int = 1
) -> None:
    """The buyer's signatory answers, or the seller's."""
    who = (deal.farmer, deal.trader)[side]
    service_ending.answer(made, deal.sides[side], agrees=agrees, reason=reason, actor=who, now=now)


def events(contract: Any) -> list[str]:
    """What the ledger holds of the end."""
    rows = db.session.query(Entry).filter_by(subject=f"contract:{contract.id}").order_by(Entry.seq)
    return [row.event.removeprefix("contract:") for row in rows]


def promised() -> int:
    """Promises that still hold."""
    return db.session.query(Commitment).filter_by(voided_at=None).count()


def test_an_end_by_agreement_waits_for_the_other_side(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    made = declare(deal, AGREED, now)
    assert (made.state, deal.contract.state, promised()) == (D.STATED, S.SIGNED, 2)
    with pytest.raises(Refusal, match="nothing to answer"):
        answer(deal, made, now, agrees=True, side=0)
    with pytest.raises(Refusal, match="declared already"):
        declare(deal, AGREED, now, side=1)
    answer(deal, made, now, agrees=True)
    assert (made.state, deal.contract.state, promised()) == (D.EFFECTIVE, S.TERMINATED, 0)
    assert (deal.contract.end_ground, deal.contract.ended_on) == (EndGround.AGREEMENT, TODAY)
    assert deal.contract.end_reason == "Mất mùa"
    assert events(deal.contract)[-3:] == ["end_proposed", "declaration_confirmed", "terminated"]


def test_an_objection_leaves_the_contract_as_it_was(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    made = declare(deal, AGREED, now)
    with pytest.raises(Refusal, match="why"):
        answer(deal, made, now, agrees=False)
    answer(deal, made, now, agrees=False, reason="Chúng tôi vẫn cần hàng")
    assert (made.state, deal.contract.state) == (D.OBJECTED, S.SIGNED)
    again = declare(deal, AGREED, now)
    service_ending.withdraw(again, actor=deal.farmer, now=now)
    assert again.state == D.WITHDRAWN
    assert events(deal.contract)[-4:] == [
        "end_proposed",
        "declaration_objected",
        "end_proposed",
        "declaration_withdrawn",
    ]
    with pytest.raises(Refusal):
        answer(deal, again, now, agrees=True)


def test_who_ends_it_alone_has_ended_it_and_the_objection_stands_beside(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    made = declare(deal, BROKEN, now, side=1)
    assert (made.state, deal.contract.state) == (D.EFFECTIVE, S.TERMINATED)
    assert deal.contract.notice_on == TODAY
    answer(deal, made, now, agrees=False, reason="Chúng tôi đã giao đủ", side=0)
    assert (made.state, deal.contract.state) == (D.EFFECTIVE, S.TERMINATED)
    (shown,) = declared(deal.contract, queries.standing(deal.farmer, deal.contract))
    assert not shown.acts
    assert [row.reason for row in shown.row.answers] == ["Chúng tôi đã giao đủ"]
    with pytest.raises(Refusal, match="nothing to answer"):
        answer(deal, made, now, agrees=False, reason="Lần nữa", side=0)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(A.TERMINATE, TODAY, "Lý do"), "ground"),
        (Said(A.TERMINATE, TODAY, "", EndGround.AGREEMENT), "reason"),
        (Said(A.TERMINATE, TODAY, "Lý do", EndGround.UNILATERAL), "notice_on"),
        (Said(A.TERMINATE, TODAY, "Lý do", EndGround.BREACH, notice_on=TODAY + timedelta(1)), "notice_on"),
        (Said(A.TERMINATE, date(2027, 4, 1), "Lý do", EndGround.AGREEMENT), "day"),
        (Said(A.TERMINATE, TODAY - timedelta(1), "Lý do", EndGround.AGREEMENT), "day"),
        (Said(A.COMPLETE, TODAY + timedelta(1)), "day"),
        (Said(A.COMPLETE, TODAY - timedelta(1)), "day"),
        (Said(A.SUSPEND, TODAY), "reason"),
        (Said(A.SUSPEND, TODAY, "Lụt", until=TODAY - timedelta(1)), "until"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(make: Factories, now: datetime, said: Said, field: str) -> None:
    deal = deals.signed(make)
    with pytest.raises(Refusal) as refused:
        declare(deal, said, now)
    assert refused.value.field == field
    assert deal.contract.state == S.SIGNED


def test_nobody_ends_it_before_the_notice(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    later = now + timedelta(days=10)
    said = Said(A.TERMINATE, date(2026, 10, 20), "Lý do", EndGround.FORCE_MAJEURE, notice_on=date(2026, 10, 22))
    with pytest.raises(Refusal, match="before the other side was given notice"):
        declare(deal, said, later)
    ahead = Said(A.TERMINATE, date(2026, 11, 30), "Lý do", EndGround.UNILATERAL, notice_on=date(2026, 10, 25))
    declare(deal, ahead, later)
    assert queries.in_force_of(deal.seller.id, date(2026, 11, 30)) == 1
    assert queries.in_force_of(deal.seller.id, date(2026, 12, 1)) == 0


def test_completion_is_stated_confirmed_or_left_standing(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    made = declare(deal, Said(A.COMPLETE, TODAY), now)
    assert (deal.contract.state, promised()) == (S.SIGNED, 2)
    (shown,) = declared(deal.contract, queries.standing(deal.trader, deal.contract))
    assert (shown.may_confirm, shown.may_object, shown.may_withdraw) == (True, True, False)
    (own,) = declared(deal.contract, queries.standing(deal.farmer, deal.contract))
    assert (own.may_confirm, own.may_object, own.may_withdraw) == (False, False, True)
    # Without an answer the other side may still end it, and then nothing is left to confirm.
    ended = declare(deal, BROKEN, now, side=1)
    assert policy.to_answer(deal.contract, made) == []
    with pytest.raises(Refusal):
        answer(deal, made, now, agrees=True)
    assert [row.row for row in declared(deal.contract, queries.standing(deal.farmer, deal.contract))] == [ended, made]
    assert "Overtaken" in str(declared(deal.contract, queries.standing(deal.farmer, deal.contract))[1].state)


def test_a_pause_shows_since_when_and_the_other_side_is_told(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    declare(deal, Said(A.SUSPEND, TODAY, "Lụt", until=date(2026, 12, 1)), now)
    assert (deal.contract.state, deal.contract.suspended_on) == (S.SUSPENDED, TODAY)
    texts = [row.text for row in db.session.query(Notice).filter_by(user_id=deal.trader.id)]
    assert any("on hold from" in text for text in texts)
    declare(deal, Said(A.RESUME, TODAY), now, side=1)
    assert (deal.contract.state, deal.contract.suspended_on, promised()) == (S.SIGNED, None, 2)


def test_a_party_without_account_answers_on_paper_and_never_one_side_alone(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    deal.sides[1].organisation_id = None
    db.session.flush()
    db.session.expire(deal.sides[1])
    made = declare(deal, Said(A.COMPLETE, TODAY), now)
    assert (made.state, deal.contract.state) == (D.STATED, S.SIGNED)
    officer, other = make.officer(make.unit("Xã Than Uyên")), make.member(deal.seller)
    queue = [row.id for row in db.session.scalars(queries.to_attest(officer))]
    assert queue == [deal.contract.id]
    for person, parties in ((officer, [deal.sides[1]]), (other, []), (deal.farmer, [])):
        assert policy.to_record(deal.contract, made, queries.standing(person, deal.contract)) == parties
    paper = OnPaper(keep(plain_pdf(), "tra-loi.pdf", now, officer.id, deals.PDF), TODAY)
    given = {"agrees": True, "reason": "", "actor": officer, "now": now}
    for day in (date(2026, 10, 14), date(2026, 10, 16)):
        with pytest.raises(Refusal) as refused:
            service_ending.answer(made, deal.sides[1], paper=OnPaper(paper.scan, day), **given)
        assert refused.value.field == "given_on"
    service_ending.answer(made, deal.sides[1], paper=paper, **given)
    assert (made.state, deal.contract.state) == (D.EFFECTIVE, S.COMPLETED)
    (said,) = made.answers
    assert (said.scan_id, said.given_on, said.by_id) == (paper.scan.id, TODAY, officer.id)
    entry = db.session.query(Entry).filter_by(event="contract:declaration_confirmed").one()
    assert (entry.data["recorded"], entry.data["scan"], entry.data["party"]) == ("paper", paper.scan.digest, 2)
    assert list(db.session.scalars(queries.to_attest(officer))) == []


def test_an_officer_records_a_written_answer_with_its_scan(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=None)
    officer = make.officer(make.unit("Xã Than Uyên"))
    elsewhere = make.officer(make.unit("Xã Mường Kim"))
    deal.sides[1].organisation_id = None
    db.session.flush()
    db.session.expire(deal.sides[1])
    today = clock.today()
    made = declare(deal, Said(A.TERMINATE, today, "Mất mùa", EndGround.AGREEMENT), make.now)
    make.commit()
    number, party, row = deal.contract.id, deal.sides[1].id, made.id
    path, official, seller = (
        f"/contracts/{number}/declarations/{row}/record-answer",
        sign_in(officer),
        sign_in(deal.farmer),
    )
    assert path in text_of(official.get(f"/contracts/{number}"))
    assert path not in text_of(seller.get(f"/contracts/{number}"))
    assert seller.get(path).status_code in (403, 404)
    assert sign_in(elsewhere).get(path).status_code == 404
    page = text_of(official.get(path))
    data = {name: field(page, name) for name in ("key", "version")}
    data |= {"party_id": str(party), "agrees": "yes", "given_on": format_date(today), "seen_original": "y"}

    def send(**values: object) -> int:
        sent = {**data, "scan": deals.pdf_upload(), **values}
        return official.post(path, data=sent, content_type="multipart/form-data").status_code

    assert send(scan=(io.BytesIO(b""), "")) == 422
    assert send(seen_original="") == 422
    assert send(agrees="no") == 422
    assert send(party_id=str(deal.sides[0].id)) == 422
    assert send(version="99") == 409
    assert [send(), send()] == [303, 303], "sent twice is recorded once"
    assert send(key="khac") == 409, "another officer is told that it is here already"
    db.session.expire_all()
    assert db.session.get(Contract, number).state == S.TERMINATED
    answer = db.session.query(Answer).one()
    scan = f"/contracts/{number}/answers/{answer.id}/scan"
    assert scan in text_of(seller.get(f"/contracts/{number}"))
    assert seller.get(scan).data.startswith(b"%PDF")
    assert sign_in(make.member(make.company())).get(scan).status_code == 404
    assert official.get(path).status_code == 404


def test_only_what_has_ended_is_settled(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    with pytest.raises(Refusal, match="first completed or terminated"):
        service_ending.settle(deal.contract, day=TODAY, now=now)
    service_ending.settle(deal.contract, day=date(2027, 5, 1), now=datetime(2027, 5, 1, tzinfo=UTC))
    assert (deal.contract.state, promised()) == (S.SETTLED, 0)


LEADS = {
    (D.STATED, DeclarationAct.CONFIRM): D.STATED,
    (D.STATED, DeclarationAct.FULFIL): D.EFFECTIVE,
    (D.STATED, DeclarationAct.OBJECT): D.OBJECTED,
    (D.STATED, DeclarationAct.WITHDRAW): D.WITHDRAWN,
    (D.EFFECTIVE, DeclarationAct.OBJECT): D.EFFECTIVE,
}


@pytest.mark.parametrize("state", list(D))
@pytest.mark.parametrize("act", list(DeclarationAct))
def test_every_declaration_state_with_every_act(state: D, act: DeclarationAct) -> None:
    if (state, act) in LEADS:
        assert DECLARATION.after(state, act) == LEADS[state, act]
    else:
        with pytest.raises(Refusal):
            DECLARATION.after(state, act)


def test_the_pages_declare_confirm_object_and_take_back(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=date.today() + timedelta(days=200))
    number = deal.contract.id
    seller, buyer = sign_in(deal.farmer), sign_in(deal.trader)
    page = text_of(seller.get(f"/contracts/{number}/complete"))
    data = {"key": field(page, "key"), "version": field(page, "version"), "day": "15/10/2020"}
    assert seller.post(f"/contracts/{number}/complete", data=data).status_code == 422
    data["day"] = field(page, "day")
    assert seller.post(f"/contracts/{number}/complete", data=data).status_code == 303
    made = db.session.query(Declaration).one()
    path = f"/contracts/{number}/declarations/{made.id}"
    version = {"version": str(made.version)}
    assert "declarations/" in text_of(buyer.get(f"/contracts/{number}"))
    assert seller.post(f"{path}/confirm", data=version).status_code == 404
    assert buyer.post(f"{path}/withdraw", data=version).status_code == 404
    assert sign_in(make.member(make.company())).post(f"{path}/confirm", data=version).status_code == 404
    assert buyer.post(f"{path}/object", data={**version, "reason": ""}).status_code == 303
    assert db.session.get(Declaration, made.id).state == D.STATED
    assert buyer.post(f"{path}/confirm", data={"version": "7"}).status_code == 409
    assert buyer.post(f"{path}/confirm", data=version).status_code == 303
    db.session.expire_all()
    assert db.session.get(type(deal.contract), number).state == S.COMPLETED
    assert buyer.get(f"/contracts/{number}/complete").status_code == 404


def test_what_waits_for_an_answer_in_sql_and_in_python(make: Factories, now: datetime) -> None:
    deal, other = deals.signed(make), deals.signed(make)
    people = [deal.farmer, deal.trader, other.farmer, other.trader, make.member(deal.buyer, authority=False)]

    def agree() -> list[int]:
        found = []
        for person in people:
            rows = [row.id for row in to_answer(person)]
            expected = []
            for contract in (deal.contract, other.contract):
                mine = queries.standing(person, contract)
                expected += [contract.id for row in declared(contract, mine) if row.may_confirm]
            assert rows == expected
            found.append(len(rows))
        return found

    assert agree() == [0, 0, 0, 0, 0]
    made = declare(deal, AGREED, now)
    declare(other, Said(A.COMPLETE, TODAY), now, side=1)
    assert agree() == [0, 1, 1, 0, 0]
    answer(deal, made, now, agrees=True)
    assert agree() == [0, 0, 1, 0, 0]
