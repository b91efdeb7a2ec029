"""Really at once, through the application, on both databases: one contract, one conclusion."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.contracts.models import Contract, Document, Signature
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.ledger.models import Entry
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, field, text_of
from tests.factories import PASSWORD, Factories


def at_once(*acts: Callable[[], Any]) -> list[int]:
    """Start all together; the status of each answer."""
    gate, found = threading.Barrier(len(acts)), [0] * len(acts)

    def run(place: int) -> None:
        gate.wait()
        found[place] = acts[place]().status_code

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def bare(app: Flask, browser: FlaskClient) -> FlaskClient:
    """A browser of the same session that a thread may use: no test context, no commit of the test's session."""
    cookies = browser._cookies  # type: ignore[attr-defined]
    fresh = FlaskClient(app, app.response_class)
    fresh._cookies = cookies  # type: ignore[attr-defined]
    return fresh


def test_two_acceptances_at_once_make_one_contract(app: Flask, make: Factories, sign_in: SignIn) -> None:
    deal = deals.waiting_quote(make)
    quote_id = deal.contract.id
    second = make.member(deal.buyer, authority=False)
    browsers = [bare(app, sign_in(person)) for person in (deal.trader, second, deal.trader)]
    path = f"/contracts/accept/{quote_id}"
    db.session.remove()
    found = at_once(*(lambda b=b: b.post(path, data={"seen": "1"}) for b in browsers))
    assert found == [303, 303, 303]
    assert db.session.query(Contract).count() == 1
    events = [row.event for row in db.session.query(Entry) if row.event == "contract:drawn_up"]
    assert len(events) == 1


def test_two_quotations_of_one_offer_are_not_both_accepted(app: Flask, make: Factories, sign_in: SignIn) -> None:
    deal = deals.waiting_quote(make)
    first, other = deal.contract.id, make.quote(deal.contract.offer, make.cooperative()).id
    browsers = [bare(app, sign_in(deal.trader)) for _time in range(2)]
    db.session.remove()
    found = at_once(
        lambda: browsers[0].post(f"/contracts/accept/{first}", data={"seen": "1"}),
        lambda: browsers[1].post(f"/contracts/accept/{other}", data={"seen": "1"}),
    )
    assert sorted(found)[0] == 303
    assert sorted(found)[1] in (409, 422)
    assert db.session.query(Contract).count() == 1


def test_the_last_two_signatures_at_once_conclude_once(app: Flask, make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    path = f"/contracts/{number}/confirm-in-app"
    acts = []
    for person in (deal.farmer, deal.trader):
        browser = sign_in(person)
        page = text_of(browser.get(f"/contracts/{number}/sign"))
        data = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
        data |= {"app-password": PASSWORD, "app-agree": "y"}
        acts.append(partial(bare(app, browser).post, path, data=data))
    db.session.remove()
    assert at_once(*acts) == [303, 303]
    found = db.session.query(Contract).one()
    assert found.state == ContractState.SIGNED
    assert db.session.query(Signature).count() == 2
    assert db.session.query(Entry).filter_by(event="contract:concluded").count() == 1
    document = found.documents[-1]
    assert document.sealed_at is not None
    assert document.evidence_file is not None
    assert db.session.query(Entry).filter_by(event="contract:sealed").count() == 1


@pytest.mark.parametrize("act", ["request-changes", "decline"])
def test_the_last_signature_against_sending_back(app: Flask, make: Factories, sign_in: SignIn, act: str) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    deals.sign(deal, deal.sides[0], make.now)
    buyer, seller = sign_in(deal.trader), sign_in(deal.farmer)
    page = text_of(buyer.get(f"/contracts/{number}/sign"))
    data = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    data |= {"app-password": PASSWORD, "app-agree": "y"}
    back = {"version": str(deal.contract.version), "reason": "Sửa lại giá"}
    signing = partial(bare(app, buyer).post, f"/contracts/{number}/confirm-in-app", data=data)
    returning = partial(bare(app, seller).post, f"/contracts/{number}/{act}", data=back)
    db.session.remove()
    signed, returned = at_once(signing, returning)
    found = db.session.query(Contract).one()
    document = db.session.query(Document).one()
    if found.state == ContractState.SIGNED:
        assert (signed, document.sealed_at is not None, document.voided_at) == (303, True, None)
        assert returned in (404, 409, 422, 303)
        assert db.session.query(Signature).count() == 2
    else:
        assert returned == 303
        assert document.voided_at is not None
        assert document.sealed_at is None
        assert signed in (409, 303, 422)
        assert db.session.query(Signature).count() == 1
        assert db.session.query(Entry).filter_by(event="contract:signature_refused").count() == 1
    assert db.session.query(Entry).filter_by(event="contract:sealed").count() == (found.state == ContractState.SIGNED)


def test_an_older_version_or_a_stranger_accepts_nothing(make: Factories, sign_in: SignIn) -> None:
    deal = deals.waiting_quote(make)
    path = f"/contracts/accept/{deal.contract.id}"
    stranger = make.member(make.company())
    buyer = sign_in(deal.trader)
    assert buyer.post(path, data={"seen": "2"}).status_code == 409
    assert buyer.post(path, data={}).status_code == 409
    assert sign_in(stranger).post(path, data={"seen": "1"}).status_code == 404
    assert sign_in(deal.farmer).post(path, data={"seen": "1"}).status_code == 404
    assert db.session.query(Contract).count() == 0
    assert buyer.post(path, data={"seen": "1"}).status_code == 303
