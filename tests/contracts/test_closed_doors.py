"""What is not open for signing, and what is no longer one's own business, answers in words and lists nothing."""

import io
from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.annexes import queries as annexes
from marketplace.annexes import service_drafting, service_opening, service_signing
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import AnnexReason, PaperState
from marketplace.contracts import declarations, service_sharing
from marketplace.contracts.models import Contract, Document
from marketplace.contracts.rules import ContractAct
from marketplace.contracts.service_ending import Said, declare
from marketplace.extensions import limiter
from marketplace.files.service import keep
from marketplace.kernel.dates import local_date
from marketplace.organisations.access import forget_capacities
from tests.annexes.papers import LONGER, annex
from tests.contracts import deals
from tests.contracts import test_pooled as made
from tests.factories import PASSWORD, Factories
from tests.files.samples import plain_pdf

SignIn = Callable[[User], FlaskClient]


@pytest.mark.parametrize("way", ["sign", "confirm-in-app"])
def test_a_draft_has_nothing_to_sign(way: str, make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    make.commit()
    party = str(deal.sides[0].id)
    data = {
        "sign": {"party_id": party, "signed_on": "15/10/2026", "scan": (io.BytesIO(plain_pdf()), "ban-ky.pdf")},
        "confirm-in-app": {"app-party_id": party, "app-password": PASSWORD, "app-agree": "y"},
    }
    browser, number = sign_in(deal.farmer), deal.contract.id
    answer = browser.post(f"/contracts/{number}/{way}", data=data[way])
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/contracts/{number}")
    assert "chưa mở để ký" in browser.get(f"/contracts/{number}").text


def annexed(contract: Contract, who: User, now: datetime) -> tuple[Paper, Document]:
    """An annex that is open for signing."""
    by = {"actor": who, "on_behalf_of": None, "now": now}
    paper = service_drafting.draft_annex(contract, annex(AnnexReason.TERM, LONGER, date(2027, 2, 1)), **by)
    frozen = service_opening.draw(paper, contract, now=now, verify_url=None)
    file = keep(frozen.pdf, "phu-luc.pdf", now, who.id, deals.PDF)
    return paper, service_opening.open_for_signing(paper, contract, frozen, file, **by)


def test_an_annex_that_was_sent_back_is_no_officials_business(make: Factories, sign_in: SignIn, now: datetime) -> None:
    deal = deals.signed(make)
    paper, document = annexed(deal.contract, deal.farmer, now)
    document.signed_file_id = document.file_id
    officer = make.officer(make.unit("Xã Than Uyên"))
    make.commit()
    browser, path = sign_in(officer), f"/contracts/{deal.contract.id}/papers/{document.id}/signed"
    assert browser.get(path).status_code == 200
    service_signing.request_changes(paper, deal.contract, "Sửa ngày", actor=deal.farmer, now=now)
    make.commit()
    assert browser.get(path).status_code == 404
    assert sign_in(deal.trader).get(path).status_code == 200


def test_an_annex_whose_file_cannot_be_sealed_shows_its_evidence(
    make: Factories, sign_in: SignIn, now: datetime
) -> None:
    deal = deals.signed(make)
    paper, document = annexed(deal.contract, deal.farmer, now)
    document.evidence_file_id, document.sealed_at = document.file_id, now
    paper.state = PaperState.SIGNED
    make.commit()
    page = sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}/annexes/{paper.series}").text
    assert f"/papers/{document.id}/evidence" in page
    assert f"/papers/{document.id}/sealed" not in page


@pytest.mark.parametrize("place", [0, 2])
def test_who_left_a_contract_is_asked_nothing_more(place: int, make: Factories, now: datetime) -> None:
    pooled = made.opened(make)
    pool, contract = pooled.pool, pooled.contract
    gone = pool.people[pooled.party(place).organisation_id or 0]
    service_sharing.leave_contract(contract, pooled.party(place), "Lũ quét", actor=gone, now=now)
    deals.open_text(pooled.deal, now)
    for party in contract.parties:
        made.sign(pooled, party, now)
    stays = pool.people[contract.parties[0].organisation_id or 0]
    declare(contract, contract.parties[0], Said(ContractAct.COMPLETE, local_date(now)), actor=stays, now=now)
    paper, _document = annexed(contract, stays, now)
    contract.ordered = True
    forget_capacities()
    assert declarations.to_answer(pool.person(pool.buyer))
    assert not declarations.to_answer(gone)
    assert not annexes.waiting_for(gone)
    # Nobody waits for the place of who left, however early that was.
    assert [row.paper_id for row in annexes.waiting_for(stays)] == [paper.id]


@pytest.mark.parametrize("endpoint", ["contracts.preview", "contracts.word", "annexes.preview"])
def test_what_is_drawn_for_each_request_is_limited(endpoint: str, app: Flask) -> None:
    view = app.view_functions[endpoint]
    assert limiter.limit_manager.decorated_limits(f"{view.__module__}.{view.__name__}.{view.__name__}")
