"""Until when a text may be signed, in which order, and who is reminded: computed from the day, never stored."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.contracts import counting, policy, queries, service_talking, tasks
from marketplace.contracts.models import Contract, Signature
from marketplace.contracts.rules import ContractState, Counting, Method, expired, shown_on
from marketplace.contracts.turns import turn_of
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.web import clock, settings
from tests.contracts import deals
from tests.contracts.deals import Deal
from tests.contracts.test_pages import SignIn, contract, field, text_of
from tests.contracts.test_races import at_once, bare
from tests.factories import PASSWORD, Factories

DAY = timedelta(days=1)


def until(deal: Deal, day: date | None) -> Deal:
    """The last day to sign."""
    deal.contract.sign_by = day
    db.session.flush()
    return deal


@pytest.mark.parametrize("days", [None, -1, 0, 1])
def test_the_last_day_in_python_and_in_sql(make: Factories, days: int | None) -> None:
    today = local_date(make.now)
    day = None if days is None else today + days * DAY
    made = [until(deals.opened(make), day), until(deals.signed(make), day), until(deals.draft(make), day)]
    recorded = until(deals.recorded(make), day)
    rows = [deal.contract for deal in (*made, recorded)]
    in_sql = set(db.session.scalars(select(Contract.id).where(queries.expired_at(today))))
    assert in_sql == {row.id for row in rows if expired(today, row)}
    assert in_sql == ({made[0].contract.id} if days == -1 else set())
    assert (shown_on(today, made[0].contract)[1] == "problem") == (days == -1)


def test_after_the_last_day_nobody_signs(make: Factories) -> None:
    deal = until(deals.opened(make), local_date(make.now))
    deals.sign(deal, deal.sides[0], make.now)
    for method in (Method.WET_INK, Method.APP):
        with pytest.raises(Refusal):
            deals.sign(deal, deal.sides[1], make.now + DAY, method)
    assert db.session.query(Signature).count() == 1


def test_more_time_keeps_text_and_signatures(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    deals.sign(deal, deal.sides[0], make.now)
    until(deal, clock.today() - DAY)
    browser = sign_in(deal.trader)
    assert browser.get(f"/contracts/{number}/sign").status_code == 303, "there is nothing to sign"
    page = text_of(browser.get(f"/contracts/{number}"))
    assert f"Hạn ký {format_date(clock.today() - DAY)} đã qua" in page
    assert f"/contracts/{number}/extend" in page
    digest = contract(number).documents[-1].file_digest
    values = {"version": field(page, "version"), "sign_by": format_date(clock.today() + 10 * DAY)}
    assert browser.post(f"/contracts/{number}/extend", data=values).status_code == 303
    found = contract(number)
    assert (found.state, found.sign_by) == (ContractState.AWAITING, clock.today() + 10 * DAY)
    assert found.documents[-1].file_digest == digest
    assert len(found.documents[-1].signatures) == 1
    entry = db.session.query(Entry).filter_by(event="contract:extended").one()
    assert entry.data["to"] == format(clock.today() + 10 * DAY)
    notice = db.session.query(Notice).filter_by(user_id=deal.farmer.id).order_by(Notice.id.desc()).first()
    assert notice is not None
    assert notice.text.startswith("Contract %(number)s may be signed until")
    assert browser.get(f"/contracts/{number}/sign").status_code == 200


@pytest.mark.parametrize("day", ["01/01/2020", "31/12/2099", "", "không"])
def test_a_last_day_that_makes_no_sense(make: Factories, sign_in: SignIn, day: str) -> None:
    deal = until(deals.opened(make), clock.today())
    number = deal.contract.id
    browser = sign_in(deal.trader)
    version = field(text_of(browser.get(f"/contracts/{number}")), "version")
    browser.post(f"/contracts/{number}/extend", data={"version": version, "sign_by": day})
    assert contract(number).sign_by == clock.today()


def test_not_earlier_than_it_was(make: Factories) -> None:
    deal = until(deals.opened(make), local_date(make.now) + 5 * DAY)
    with pytest.raises(Refusal):
        service_talking.extend(deal.contract, local_date(make.now) + DAY, actor=deal.farmer, now=make.now)


def test_who_may_not_extend(make: Factories, sign_in: SignIn) -> None:
    deal = until(deals.opened(make), clock.today())
    path = f"/contracts/{deal.contract.id}/extend"
    officer, stranger = make.officer(make.unit("Xã Than Uyên")), make.member(make.company())
    for person in (officer, stranger):
        assert sign_in(person).post(path, data={"sign_by": "31/12/2026"}).status_code in (403, 404)


def test_opening_proposes_a_last_day_and_lets_the_buyer_begin(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    page = text_of(browser.get(f"/contracts/{number}/open-for-signing"))
    assert format_date(clock.today() + 30 * DAY) in page
    values = {"version": field(page, "version"), "key": field(page, "key"), "order": "first:2"}
    wrong = browser.post(f"/contracts/{number}/open-for-signing", data={**values, "sign_by": "01/02/2020"})
    assert wrong.status_code == 422
    assert contract(number).state == ContractState.DRAFT
    right = {**values, "sign_by": format_date(clock.today() + 7 * DAY)}
    answer = browser.post(f"/contracts/{number}/open-for-signing", data=right)
    assert answer.status_code == 303, text_of(answer)
    found = contract(number)
    assert found.sign_by == clock.today() + 7 * DAY
    assert [party.position for party in policy.signing_order(found)] == [2, 1]
    assert [party.position for party in policy.awaited(found)] == [2]
    shown = text_of(browser.get(f"/contracts/{number}"))
    assert shown.index(f"1. {deal.buyer.name}") < shown.index(f"2. {deal.seller.name}")
    assert f"/contracts/{number}/sign" not in shown


def test_out_of_turn_nobody_signs(make: Factories) -> None:
    deal = deals.opened(make)
    service_talking.fix_order(deal.contract, [deal.sides[1], deal.sides[0]])
    with pytest.raises(Refusal):
        deals.sign(deal, deal.sides[0], make.now)
    deals.sign(deal, deal.sides[1], make.now)
    deals.sign(deal, deal.sides[0], make.now)
    assert deal.contract.state == ContractState.SIGNED


def reminded(app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[tuple[int, str]]:
    """Who is told what when the clock strikes."""
    db.session.commit()
    before = db.session.query(Notice.id).count()
    monkeypatch.setattr(clock, "now", lambda: now)
    tasks.remind(app)
    rows = db.session.query(Notice).order_by(Notice.id).all()
    return [(row.user_id, row.text) for row in rows[before:]]


def test_reminders_once_each(app: Flask, make: Factories, monkeypatch: pytest.MonkeyPatch) -> None:
    deal = deals.opened(make)
    service_talking.fix_order(deal.contract, list(deal.sides))
    until(deal, local_date(make.now) + 10 * DAY)
    strike: Any = partial(reminded, app, monkeypatch)
    farmer, trader = deal.farmer.id, deal.trader.id
    assert strike(make.now + DAY) == []
    waited = "Contract %(number)s has waited for your signature for three days."
    assert strike(make.now + 4 * DAY) == [(farmer, waited)], "only whose turn it is"
    assert strike(make.now + 5 * DAY) == []
    assert strike(make.now + 8 * DAY) == [(farmer, "Contract %(number)s can be signed until %(day)s only.")]
    over = "Contract %(number)s was not signed by %(day)s. Extend the time, or change the text."
    assert sorted(strike(make.now + 11 * DAY)) == sorted([(farmer, over), (trader, over)])
    assert strike(make.now + 12 * DAY) == []


def test_an_expired_text_is_not_asked_to_be_signed(
    app: Flask, make: Factories, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(deals.opened(make), local_date(make.now))
    found = reminded(app, monkeypatch, make.now + 5 * DAY)
    assert {text for _user, text in found} == {
        "Contract %(number)s was not signed by %(day)s. Extend the time, or change the text."
    }


def test_a_draft_that_waits_for_a_week(app: Flask, make: Factories, monkeypatch: pytest.MonkeyPatch) -> None:
    deal = deals.draft(make)
    deal.contract.left_by = 1
    strike: Any = partial(reminded, app, monkeypatch)
    assert strike(make.now + 6 * DAY) == []
    sentence = "The draft of contract %(number)s has waited for you for a week."
    assert strike(make.now + 8 * DAY) == [(deal.trader.id, sentence)]
    assert strike(make.now + 20 * DAY) == []


def test_on_hold_since_when(make: Factories) -> None:
    deal = deals.signed(make)
    deal.contract.state, deal.contract.suspended_on = ContractState.SUSPENDED, date(2026, 11, 2)
    turn = turn_of(deal.contract, policy.Standing())
    assert turn is not None
    assert dict(turn.sentence.values) == {"day": "02/11/2026"}


def test_a_signed_contract_that_does_not_count_says_why(make: Factories, sign_in: SignIn) -> None:
    deal = deals.signed(make, Method.APP)
    assert "chưa được tính vào thống kê" in text_of(sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}"))
    province = counting.province_of(deal.seller.unit)
    assert province is not None
    settings.put(f"{counting.SETTING}{province.id}", [Counting.INK])
    assert "không được tính vào thống kê" in text_of(sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}"))
    settings.put(f"{counting.SETTING}{province.id}", [Counting.APP])
    assert "tính vào thống kê" not in text_of(sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}"))
    inked = deals.signed(make)
    settings.put(f"{counting.SETTING}{province.id}", [Counting.INK])
    assert counting.uncounted(inked.contract) == []


@pytest.mark.parametrize("back", ["request-changes", "decline"])
def test_the_last_signature_against_sending_back(app: Flask, make: Factories, sign_in: SignIn, back: str) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    deals.sign(deal, deal.sides[0], make.now)
    signer, other = sign_in(deal.trader), sign_in(deal.farmer)
    page = text_of(signer.get(f"/contracts/{number}/sign"))
    data = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    data |= {"app-password": PASSWORD, "app-agree": "y"}
    version = field(text_of(other.get(f"/contracts/{number}")), "version")
    acts = (
        partial(bare(app, signer).post, f"/contracts/{number}/confirm-in-app", data=data),
        partial(bare(app, other).post, f"/contracts/{number}/{back}", data={"version": version, "reason": "Thôi"}),
    )
    db.session.remove()
    found = at_once(*acts)
    state = contract(number).state
    signed = db.session.query(Signature).count() == 2
    assert state in (ContractState.SIGNED, ContractState.DRAFT, ContractState.DECLINED)
    assert signed == (state == ContractState.SIGNED), "exactly one of the two happened"
    events = {row.event for row in db.session.query(Entry).filter_by(subject=f"contract:{number}")}
    assert ("contract:concluded" in events) != bool(events & {"contract:changes_requested", "contract:declined"})
    if signed:
        assert found[1] == 409, "who was late is told what changed"


def test_who_comes_too_late_is_told(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    version = field(text_of(browser.get(f"/contracts/{number}")), "version")
    for party in deal.sides:
        deals.sign(deal, party, make.now)
    for act in ("request-changes", "decline", "comment"):
        values = {"version": version, "reason": "Giá thấp quá", "clause": "", "text": "Giá thấp quá"}
        late = browser.post(f"/contracts/{number}/{act}", data=values)
        assert late.status_code == 409
        assert "Giá thấp quá" in text_of(late), "what was typed is kept"
    assert contract(number).state == ContractState.SIGNED
    stranger = sign_in(make.member(make.company()))
    assert stranger.post(f"/contracts/{number}/decline", data={"reason": "x"}).status_code == 404
