"""Offers by the table and by the calendar: every state with every act, Python and SQL agreeing, shares that add up."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.kernel.prices import PriceKind
from marketplace.offers import policy, queries
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import OFFER, Need, NoAward, OfferAct, OfferState, check, spread, state_on
from tests.factories import Factories

POSSIBLE = {
    OfferState.DRAFT: {OfferAct.PUBLISH, OfferAct.WITHDRAW},
    OfferState.OPEN: {OfferAct.CLOSE, OfferAct.AWARD, OfferAct.END_WITHOUT_AWARD, OfferAct.WITHDRAW},
    OfferState.CLOSED: {OfferAct.AWARD, OfferAct.END_WITHOUT_AWARD, OfferAct.WITHDRAW},
}
TODAY = date(2026, 10, 15)


class Who:
    """Somebody who works for some organisations."""

    def __init__(self, *ids: int) -> None:
        self.organisation_ids = set(ids)


@pytest.mark.parametrize(("state", "act"), list(product(OfferState, OfferAct)))
def test_every_state_with_every_act(state: OfferState, act: OfferAct) -> None:
    possible = act in POSSIBLE.get(state, set())
    assert OFFER.allows(state, act) is possible
    offer = PurchaseOffer(buyer_id=1, state=state, closes_on=TODAY)
    assert policy.may(Who(1), offer, act, TODAY) is possible
    assert not policy.may(Who(2), offer, act, TODAY)
    if not possible:
        with pytest.raises(Refusal):
            OFFER.after(state, act)


def test_an_offer_takes_quotes_until_the_end_of_its_last_day() -> None:
    assert state_on(TODAY, OfferState.OPEN, TODAY) == OfferState.OPEN
    assert state_on(TODAY + timedelta(1), OfferState.OPEN, TODAY) == OfferState.CLOSED
    assert state_on(TODAY + timedelta(1), OfferState.AWARDED, TODAY) == OfferState.AWARDED


def test_python_and_sql_agree_on_the_state_of_a_day(make: Factories) -> None:
    buyer = make.company()
    for state, shift in product(OfferState, (-1, 0, 1)):
        make.offer(buyer, state=state, closes_on=TODAY + timedelta(shift))
    rows = db.session.execute(select(PurchaseOffer, queries.state_at(TODAY))).all()
    assert len(rows) == 18
    for offer, found in rows:
        assert found == state_on(TODAY, offer.state, offer.closes_on)
    open_ids = set(db.session.scalars(select(PurchaseOffer.id).where(queries.takes_quotes(TODAY))))
    assert open_ids == {offer.id for offer, _found in rows if policy.takes_quotes(offer, TODAY)}
    assert len(open_ids) == 2


@given(st.integers(1, 10**9), st.integers(0, 30))
def test_shares_add_up_to_the_quantity(thousandths: int, more: int) -> None:
    quantity = Decimal(thousandths) / 1000
    last = date(2026 + (8 + more) // 12, (8 + more) % 12 + 1, 1)
    shares = spread(quantity, date(2026, 9, 1), last)
    assert sum(shares.values()) == quantity
    assert all(share == round(share, 3) and share > 0 for share in shares.values())


def need(**values: object) -> Need:
    """A need that is right, but for `values`."""
    facts = {"what": "Gạo", "quantity": Decimal(40), "measure": "tan", "unit_id": 1, "closes_on": TODAY, **values}
    return Need(**facts)  # type: ignore[arg-type]


def test_a_worth_that_no_column_holds_is_refused() -> None:
    with pytest.raises(Refusal, match="more than can be recorded"):
        check(need(quantity=Decimal(10**12), price=10**12, price_kind=PriceKind.FIXED), TODAY)


def test_the_reasons_of_an_outcome_have_words() -> None:
    assert len(NoAward) == 6
    check(need(), TODAY)
