"""Who may change a signed contract's course alone, and from which day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.contracts import policy, queries, service_ending
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractAct, ContractState, EndGround
from marketplace.contracts.service_ending import Said
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal
from marketplace.web import clock
from tests.annexes.test_pages import filled
from tests.contracts import deals
from tests.contracts.test_pages import text_of
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


def test_who_put_it_on_hold_takes_it_up_again(make: Factories) -> None:
    deal = deals.signed(make)
    contract, buyer = deal.contract, deal.contract.parties[1]
    said = Said(ContractAct.SUSPEND, local_date(make.now), reason="mưa lũ")
    service_ending.declare(contract, buyer, said, actor=deal.trader, now=make.now)
    own, other = queries.standing(deal.trader, contract), queries.standing(deal.farmer, contract)
    assert policy.may_declare(contract, own, ContractAct.RESUME) is buyer
    assert policy.may_declare(contract, other, ContractAct.RESUME) is None
    assert policy.may_declare(contract, other, ContractAct.TERMINATE) is contract.parties[0]


def ended_alone(deal: deals.Deal, make: Factories, day: date) -> None:
    """The seller ends it by its own word."""
    notice = deal.contract.signed_on
    said = Said(ContractAct.TERMINATE, day, "mất mùa", EndGround.FORCE_MAJEURE, notice_on=notice)
    service_ending.declare(deal.contract, deal.contract.parties[0], said, actor=deal.farmer, now=make.now)


def test_one_side_alone_ends_no_day_gone_by(make: Factories) -> None:
    deal, today = deals.signed(make), local_date(make.now)
    deal.contract.signed_on = today - timedelta(days=30)
    with pytest.raises(Refusal) as refused:
        ended_alone(deal, make, today - timedelta(days=1))
    assert refused.value.field == "day"
    ended_alone(deal, make, today)
    assert deal.contract.ended_on == today


def test_after_signing_it_is_ended_with_a_day_and_a_reason(make: Factories, sign_in: SignIn) -> None:
    deal = deals.signed(make)
    number, version = deal.contract.id, str(deal.contract.version)
    browser = sign_in(deal.farmer)
    assert browser.get(f"/contracts/{number}/terminate").status_code == 200
    assert browser.get(f"/contracts/{number}/resume").status_code == 404
    data = {"version": version, "day": format_date(clock.today()), "reason": ""}
    assert browser.post(f"/contracts/{number}/terminate", data=data).status_code == 422
    data |= {"ground": "unilateral", "reason": "Không còn vùng trồng"}
    refused = browser.post(f"/contracts/{number}/terminate", data=data)
    assert refused.status_code == 422
    assert "notice_on" in refused.get_data(as_text=True)
    told = browser.post(f"/contracts/{number}/terminate", data={**data, "notice_on": data["day"]})
    assert told.status_code == 200, "short notice: said once, then taken"
    done = browser.post(f"/contracts/{number}/terminate", data=filled(text_of(told)))
    assert done.status_code == 303
    db.session.rollback()
    assert db.session.get_one(Contract, number).state == ContractState.TERMINATED
