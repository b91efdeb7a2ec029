"""Who signs, and by what right, at the moment of signing: whatever the page said when it was loaded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from marketplace.annexes.rules import AnnexReason
from marketplace.contracts.models import Signature
from marketplace.contracts.rules import ContractState, Method
from marketplace.extensions import db
from marketplace.kernel.dates import day_end, local_date
from marketplace.ledger.models import Entry
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.queries import membership_of
from marketplace.organisations.rules import AuthorityBasis, MembershipState
from marketplace.web import clock
from tests.annexes import papers
from tests.annexes.papers import DEARER, annex
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, contract, text_of
from tests.contracts.test_sealing import confirm, refusals_of
from tests.factories import Factories

POWER = AuthorityBasis.POWER_OF_ATTORNEY
YESTERDAY = clock.today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"authority_basis": POWER, "authority_document": "05/GUQ, 01/09/2026", "authority_until": YESTERDAY}, "hết"),
        ({"authority_basis": POWER, "authority_document": None}, "chưa có số và ngày"),
        ({"authority_basis": POWER, "authority_document": "05/GUQ, 01/09/2026"}, "bản chụp giấy ủy quyền"),
        ({"authority": False}, "chưa có quyền ký"),
        ({"title": " "}, "chức vụ"),
    ],
)
def test_authority_that_ended_after_the_page_was_loaded(
    make: Factories, sign_in: SignIn, values: dict[str, Any], said: str
) -> None:
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    page = text_of(browser.get(f"/contracts/{number}/sign"))
    held = membership_of(deal.farmer.id, deal.seller)
    for name, value in values.items():
        setattr(held, name, value)
    make.commit()
    forget_capacities()
    answer = confirm(browser, number, page)
    assert answer.status_code in (303, 422)
    shown = text_of(answer if answer.status_code == 422 else browser.get(f"/contracts/{number}"))
    assert said in shown
    assert len(refusals_of(number)) == 1
    assert db.session.query(Signature).count() == 0


def test_a_page_says_beforehand_that_the_paper_of_a_power_of_attorney_is_missing(
    make: Factories, sign_in: SignIn
) -> None:
    deal = deals.opened(make)
    browser, page = sign_in(deal.farmer), f"/contracts/{deal.contract.id}/sign"
    assert "bản chụp giấy ủy quyền" not in text_of(browser.get(page))
    held = membership_of(deal.farmer.id, deal.seller)
    assert held is not None
    held.authority_basis, held.authority_document = POWER, "05/GUQ, 01/09/2026"
    make.commit()
    forget_capacities()
    shown = text_of(browser.get(page))
    assert "bản chụp giấy ủy quyền" in shown
    assert f'/organisations/{deal.seller.id}/members"' in shown


def test_a_membership_that_ended_after_the_page_was_loaded(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    page = text_of(browser.get(f"/contracts/{number}/sign"))
    membership_of(deal.farmer.id, deal.seller).state = MembershipState.ENDED
    make.commit()
    forget_capacities()
    assert confirm(browser, number, page).status_code in (403, 404)
    assert db.session.query(Signature).count() == 0


def test_an_account_that_was_closed_after_the_page_was_loaded(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    page = text_of(browser.get(f"/contracts/{number}/sign"))
    deal.farmer.active = False
    make.commit()
    answer = confirm(browser, number, page)
    assert answer.status_code in (302, 303, 401)
    assert db.session.query(Signature).count() == 0


def test_sent_twice_is_signed_once(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    page = text_of(browser.get(f"/contracts/{number}/sign"))
    answers = [confirm(browser, number, page) for _time in range(3)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, f"/contracts/{number}")}
    assert db.session.query(Signature).count() == 1
    assert refusals_of(number) == []
    assert db.session.query(Entry).filter_by(event="contract:signed").count() == 1


def test_a_wrong_password_signs_nothing_and_says_so(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    page = text_of(browser.get(f"/contracts/{number}/sign"))
    answer = confirm(browser, number, page, **{"app-password": "sai rồi"})
    assert answer.status_code == 422
    assert "chưa có gì được ký" in text_of(answer)
    assert 'href="#in-app"' in text_of(answer), "without scripts nothing else leads to the form, far below"
    assert 'href="#in-app"' not in page
    assert "sai rồi" not in text_of(answer)
    assert db.session.query(Signature).count() == 0
    assert confirm(browser, number, text_of(answer)).status_code == 303


class Midnight:
    """The clock of the web, that passes midnight at its nth look."""

    def __init__(self, before: datetime, at: int) -> None:
        self.before, self.at, self.looks = before, at, 0

    def __call__(self) -> datetime:
        self.looks += 1
        return self.before if self.looks < self.at else self.before + timedelta(seconds=2)


@pytest.mark.parametrize("at", range(1, 9))
@pytest.mark.parametrize("last_day", [True, False])
def test_midnight_while_the_last_signature_is_made(
    make: Factories, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, at: int, last_day: bool
) -> None:
    today = datetime.now(UTC)
    make.now = today
    deal = deals.opened(make, sign_by=local_date(today) if last_day else None)
    number, buyer = deal.contract.id, sign_in(deal.trader)
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    page = text_of(buyer.get(f"/contracts/{number}/sign"))
    with monkeypatch.context() as late:
        late.setattr(clock, "now", Midnight(day_end(local_date(today)) - timedelta(seconds=1), at))
        answer = confirm(buyer, number, page)
    assert answer.status_code in (303, 422)
    found = contract(number)
    document = found.documents[-1]
    if found.state == ContractState.SIGNED:
        last = document.signatures[-1]
        assert document.sealed_at is not None
        assert (last.method, last.signed_on) == (Method.APP, local_date(last.recorded_at))
        assert not last_day or last.signed_on <= local_date(today)
    else:
        assert last_day
        assert refusals_of(number) in (["expired"], [])
        assert document.sealed_at is None


def test_who_sends_a_later_paper_back_too_late_is_told(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None)
    later = papers.draft(deal, annex(AnnexReason.PRICE, DEARER, clock.today()), make.now)
    papers.open_text(later, make.now)
    version, browser = str(later.paper.version), sign_in(deal.trader)
    for party in deal.sides:
        papers.sign(later, party, make.now)
    make.commit()
    for act in ("request-changes", "decline"):
        sent = {"version": version, "reason": "Giá cao quá"}
        answer = browser.post(f"/contracts/{deal.contract.id}/annexes/1/{act}", data=sent)
        assert answer.status_code == 409
        assert "Giá cao quá" in text_of(answer)
