"""Really at once, through the application, on both databases: an annex against a termination, exactly one wins."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from marketplace.annexes.models import Paper
from marketplace.annexes.rules import AnnexReason, PaperState
from marketplace.annexes.turns import over
from marketplace.contracts.labels import EVENTS
from marketplace.contracts.models import Change, Contract, Signature
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.kernel.messages import Message
from marketplace.ledger.models import Entry
from marketplace.products.models import Commitment
from marketplace.web import clock
from marketplace.web.messages import say
from tests.annexes import papers
from tests.annexes.papers import DEARER, annex
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, field, text_of
from tests.contracts.test_races import at_once, bare
from tests.factories import PASSWORD, Factories

BASE = "/contracts/{}/annexes/1"


def half_signed(make: Factories) -> papers.Later:
    """An annex that only the seller has still to sign."""
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=clock.today() + timedelta(days=90))
    later = papers.draft(deal, annex(AnnexReason.PRICE, DEARER, clock.today()), make.now)
    papers.open_text(later, make.now)
    papers.sign(later, deal.sides[1], make.now)
    make.commit()
    return later


def signature(app: Flask, sign_in: SignIn, later: papers.Later) -> Any:
    """The last signature, ready to be sent."""
    base, browser = BASE.format(later.contract.id), sign_in(later.deal.farmer)
    page = text_of(browser.get(f"{base}/sign"))
    data = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    data |= {"app-password": PASSWORD, "app-agree": "y"}
    return partial(bare(app, browser).post, f"{base}/confirm-in-app", data=data)


def termination(app: Flask, sign_in: SignIn, later: papers.Later) -> Any:
    """The buyer's end of the contract for breach, ready to be sent."""
    path, browser = f"/contracts/{later.contract.id}/terminate", sign_in(later.deal.trader)
    page, today = text_of(browser.get(path)), format_date(clock.today())
    data = {name: field(page, name) for name in ("key", "version")}
    data |= {"ground": "breach", "day": today, "notice_on": today, "reason": "Không giao hàng"}
    # The advice that the notice is short was read.
    data |= {"looked_at": f"breach/{clock.today()}/{clock.today()}"}
    return partial(bare(app, browser).post, path, data=data)


@pytest.mark.parametrize("_time", range(3))
def test_an_annex_against_a_termination(app: Flask, make: Factories, sign_in: SignIn, _time: int) -> None:
    later = half_signed(make)
    number = later.contract.id
    sign, end = signature(app, sign_in, later), termination(app, sign_in, later)
    db.session.remove()
    signed, ended = at_once(sign, end)
    contract, paper = db.session.get(Contract, number), db.session.query(Paper).one()
    annexed = paper.state == PaperState.SIGNED
    assert annexed != (contract.state == ContractState.TERMINATED)
    assert db.session.query(Change).count() == annexed
    # Under the annex, two signatures or one; never a signature without its effect.
    assert db.session.query(Signature).count() == 2 + 1 + annexed
    promised = db.session.query(Commitment).filter_by(voided_at=None).count()
    assert (promised > 0) == annexed
    events = {row.event for row in db.session.query(Entry).filter_by(subject=f"contract:{number}")}
    if annexed:
        assert (signed, ended) == (303, 409)
        assert "contract:terminated" not in events
        return
    assert ended == 303
    # The page of the paper says why: the refusal stands there, and in the ledger.
    assert signed in (303, 409, 422)
    assert "contract:paper_concluded" not in events
    refused = db.session.query(Entry).filter_by(event="contract:signature_refused").one()
    assert refused.data["reason"] == "contract_over"


def test_who_loses_is_told_why(app: Flask, make: Factories, sign_in: SignIn) -> None:
    later = half_signed(make)
    base, number, why = BASE.format(later.contract.id), later.contract.id, say(over(later.paper))
    sign, end = signature(app, sign_in, later), termination(app, sign_in, later)
    db.session.remove()
    assert at_once(end) == [303]
    assert at_once(sign) == [303]
    browser = sign_in(db.session.merge(later.deal.farmer))
    assert why in text_of(browser.get(base))
    assert db.session.get(Contract, number).state == ContractState.TERMINATED


def test_a_termination_that_comes_second_meets_a_changed_contract(app: Flask, make: Factories, sign_in: SignIn) -> None:
    later = half_signed(make)
    number = later.contract.id
    sign, end = signature(app, sign_in, later), termination(app, sign_in, later)
    db.session.remove()
    answers: list[Any] = []

    def end_and_keep() -> Any:
        answers.append(end())
        return answers[-1]

    assert at_once(sign) == [303]
    assert at_once(end_and_keep) == [409]
    assert say(Message(EVENTS["contract:paper_concluded"].text, {"paper": "PL01"})) in text_of(answers[0])
    assert db.session.get(Contract, number).state == ContractState.SIGNED


def test_the_last_two_signatures_at_once_conclude_once(app: Flask, make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=clock.today() + timedelta(days=90))
    later = papers.draft(deal, annex(AnnexReason.PRICE, DEARER, clock.today()), make.now)
    papers.open_text(later, make.now)
    make.commit()
    first = signature(app, sign_in, later)
    later.deal.farmer, later.deal.trader = later.deal.trader, later.deal.farmer
    second = signature(app, sign_in, later)
    db.session.remove()
    assert at_once(first, second) == [303, 303]
    assert db.session.query(Paper).one().state == PaperState.SIGNED
    assert db.session.query(Change).count() == 1
    assert db.session.query(Entry).filter_by(event="contract:paper_concluded").count() == 1
