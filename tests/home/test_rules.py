"""What an offer asks of a person, what an organisation has to do next, and when a certificate is reminded of."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from marketplace.home.rules import OfferSeen, next_step, reminder_months, task_of_offer
from marketplace.offers.rules import OfferState
from marketplace.organisations.rules import Verification

TODAY = date(2026, 10, 15)
MINE = OfferSeen(
    id=1,
    what="Gạo",
    state=OfferState.OPEN,
    closes_on=date(2026, 11, 15),
    changed_at=datetime(2026, 10, 1, tzinfo=UTC),
    buyer="Công ty Thử",
    bought=True,
    asked=False,
    received=0,
    drafted=False,
    answered=0,
)
ASKED = replace(MINE, bought=False, asked=True)


@pytest.mark.parametrize(
    ("offer", "endpoint", "ends"),
    [
        (replace(MINE, state=OfferState.DRAFT), "offers.show", False),
        (replace(MINE, received=2), "quotes.compare", False),
        (replace(MINE, received=2, closes_on=date(2026, 10, 1)), "quotes.compare", False),
        (replace(MINE, closes_on=date(2026, 10, 14)), "offers.show", False),
        (replace(MINE, state=OfferState.CLOSED), "offers.show", False),
        (replace(MINE, closes_on=date(2026, 10, 18)), "offers.show", True),
        (ASKED, "offers.show", False),
        (replace(ASKED, drafted=True), "quotes.answer", False),
    ],
)
def test_each_standing_of_an_offer_has_its_task(offer: OfferSeen, endpoint: str, ends: bool) -> None:
    task = task_of_offer(offer, TODAY)
    assert task is not None
    assert (task.endpoint, task.ends) == (endpoint, ends)


@pytest.mark.parametrize("offer", [MINE, replace(ASKED, answered=1), replace(MINE, closes_on=date(2026, 10, 19))])
def test_where_others_are_awaited_there_is_no_task(offer: OfferSeen) -> None:
    assert task_of_offer(offer, TODAY) is None


def test_only_a_verified_organisation_has_nothing_to_do() -> None:
    assert next_step("HTX Thử", Verification.VERIFIED) is None
    assert "HTX Thử" in str(next_step("HTX Thử", Verification.RETURNED))


@pytest.mark.parametrize(
    ("last_day", "months"),
    [
        (date(2026, 10, 14), None),
        (TODAY, 3),
        (date(2027, 1, 15), 3),
        (date(2027, 1, 16), 6),
        (date(2027, 4, 15), 6),
        (date(2027, 4, 16), None),
    ],
)
def test_a_certificate_is_reminded_of_six_and_three_months_before(last_day: date, months: int | None) -> None:
    assert reminder_months(last_day, TODAY) == months
