"""What to look at twice: each piece of advice where it is due and not where it is not; on the pages before sending and signing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.annexes.advice import Neighbour, advice
from marketplace.annexes.effective import NewTerms
from marketplace.annexes.line_changes import LineChange
from marketplace.annexes.rules import AnnexReason, Field
from marketplace.clauses.terms import ContractKind
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.web import clock
from tests.annexes import papers
from tests.annexes.papers import DEARER, annex
from tests.annexes.test_effective import DECEMBER, NOVEMBER, TERMS
from tests.annexes.test_pages import filled
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, text_of
from tests.factories import Factories

TODAY = clock.today()
DAY = date(2026, 11, 15)
LINKAGE = replace(TERMS, kind=ContractKind.LINKAGE, starts_on=date(2026, 10, 1), ends_on=date(2031, 9, 30))
APRIL = date(2027, 4, 1)


@pytest.mark.parametrize(
    ("standing", "new", "signed_on", "beside", "said"),
    [
        (TERMS, DEARER, DAY, {}, []),
        (TERMS, DEARER, DAY + timedelta(1), {}, ["it reaches back", "delivered since"]),
        (TERMS, NewTerms(place="Kho"), DAY + timedelta(1), {}, ["it reaches back"]),
        (TERMS, NewTerms(ends_on=date(2026, 11, 30)), DAY, {}, ["is to be delivered until"]),
        (TERMS, NewTerms(ends_on=date(2026, 12, 1)), DAY, {}, []),
        (TERMS, NewTerms(lines={1: LineChange(months={APRIL: Decimal(20)})}), DAY, {}, ["is to be delivered until"]),
        (
            TERMS,
            NewTerms(ends_on=date(2027, 9, 30), lines={1: LineChange(months={APRIL: Decimal(20)})}),
            DAY,
            {},
            ["no longer stand"],
        ),
        (
            TERMS,
            NewTerms(
                ends_on=date(2027, 9, 30),
                lines={1: LineChange(months={NOVEMBER: Decimal(10), DECEMBER: Decimal(5), APRIL: Decimal(5)})},
            ),
            DAY,
            {},
            [],
        ),
        (LINKAGE, NewTerms(ends_on=date(2028, 9, 30)), DAY, {}, ["less than three years"]),
        (LINKAGE, NewTerms(ends_on=date(2032, 9, 30)), DAY, {}, []),
        (
            TERMS,
            NewTerms(ends_on=date(2027, 9, 30)),
            DAY,
            {"contracts": [Neighbour("02/HĐ", APRIL)]},
            ["promised twice"],
        ),
        (
            TERMS,
            DEARER,
            DAY,
            {"annexes": [Neighbour("PL02", fields=frozenset({Field.PRICE, Field.PLACE}))]},
            ["changes the same"],
        ),
        (TERMS, DEARER, DAY, {"annexes": [Neighbour("PL02", fields=frozenset({Field.PLACE}))]}, []),
    ],
)
def test_advice_where_it_is_due(
    standing: object, new: NewTerms, signed_on: date, beside: dict[str, list[Neighbour]], said: list[str]
) -> None:
    found = [message.text for message in advice(standing, new, DAY, signed_on, **beside)]  # type: ignore[arg-type]
    assert len(found) == len(said)
    assert all(words in text for words, text in zip(said, found, strict=True))


def test_it_stands_before_the_text_is_fixed_and_at_signing_for_the_parties(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC) - timedelta(days=3)
    deal = deals.signed(make, starts_on=None, ends_on=TODAY + timedelta(days=50))
    twin = deals.signed(make, starts_on=TODAY + timedelta(60), ends_on=TODAY + timedelta(days=90), number="02/HĐ")
    for party, other in zip(twin.sides, deal.sides, strict=True):
        party.organisation_id = other.organisation_id
    given = annex(AnnexReason.CORRECTION, replace(DEARER, ends_on=TODAY + timedelta(80)), TODAY - timedelta(2), "Sửa")
    later = papers.draft(deal, given, make.now)
    papers.draft(deal, annex(AnnexReason.PRICE, DEARER, TODAY), make.now)
    make.commit()
    base, browser = f"/contracts/{deal.contract.id}/annexes/1", sign_in(deal.farmer)
    for path in (base, f"{base}/sign"):
        page = text_of(browser.get(path))
        assert "02/HĐ" in page
        assert "PL02" in page
        if path == base:
            papers.open_text(later, make.now)
            make.commit()
    assert "02/HĐ" not in text_of(sign_in(make.officer(make.unit("Xã Than Uyên"))).get(base))


def test_a_short_notice_is_told_once_and_then_taken(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=TODAY + timedelta(days=90))
    make.commit()
    number, browser = deal.contract.id, sign_in(deal.trader)
    path = f"/contracts/{number}/terminate"

    def state() -> ContractState:
        db.session.expire_all()
        found = db.session.get(Contract, number)
        assert found is not None
        return found.state

    typed = {"ground": "breach", "day": format_date(TODAY), "notice_on": format_date(TODAY), "reason": "Không giao"}
    data = filled(text_of(browser.get(path)), **typed)
    assert browser.post(path, data={**data, "notice_on": ""}).status_code == 422
    told = browser.post(path, data=data)
    assert told.status_code == 200
    assert "30" in text_of(told)
    assert state() == ContractState.SIGNED
    again = filled(text_of(told), **typed)
    later = {**again, "day": format_date(TODAY + timedelta(3))}
    assert browser.post(path, data=later).status_code == 200
    assert state() == ContractState.SIGNED
    assert browser.post(path, data=again).status_code == 303
    assert state() == ContractState.TERMINATED


def test_enough_notice_is_not_talked_about(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=TODAY + timedelta(days=90))
    make.commit()
    path, browser = f"/contracts/{deal.contract.id}/terminate", sign_in(deal.trader)
    typed = {"ground": "unilateral", "day": format_date(TODAY + timedelta(30)), "notice_on": format_date(TODAY)}
    data = filled(text_of(browser.get(path)), **typed, reason="Bên bán không còn hàng")
    assert browser.post(path, data=data).status_code == 303
