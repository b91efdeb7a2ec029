"""Who may do what, without a request and without a database."""

from dataclasses import dataclass, field

import pytest

from marketplace.products import policy
from marketplace.products.rules import CertificateAct, CertificateState, ProductAct, ProductState


@dataclass
class Who:
    """Somebody who acts for some organisations."""

    organisation_ids: set[int] = field(default_factory=set)


@dataclass
class Thing:
    """A product of organisation 1."""

    organisation_id: int = 1
    state: ProductState = ProductState.PUBLISHED
    taken_down_reason: str | None = None
    price_public: bool = True


@dataclass
class Paper:
    """One of its certificates."""

    state: CertificateState = CertificateState.DECLARED
    from_register: bool = False


OWNER, OTHER = Who({1}), Who({2})


def test_owners_edit_until_it_is_archived() -> None:
    assert policy.may_edit(OWNER, Thing())
    assert policy.may_edit(OWNER, Thing(state=ProductState.HIDDEN, taken_down_reason="x"))
    assert not policy.may_edit(OWNER, Thing(state=ProductState.ARCHIVED))
    assert not policy.may_edit(OTHER, Thing())


@pytest.mark.parametrize("act", list(ProductAct))
def test_nobody_else_has_the_owners_buttons(act: ProductAct) -> None:
    for state in ProductState:
        assert not policy.may(OTHER, Thing(state=state), act)


def test_officers_and_owners_have_different_buttons() -> None:
    down = Thing(state=ProductState.HIDDEN, taken_down_reason="x")
    assert policy.may(OWNER, Thing(), ProductAct.HIDE)
    assert not policy.may(OWNER, Thing(), ProductAct.TAKE_DOWN)
    assert not policy.may(OWNER, down, ProductAct.SHOW)
    assert policy.may_as_officer(True, Thing(), ProductAct.TAKE_DOWN)
    assert policy.may_as_officer(True, down, ProductAct.RELEASE)
    assert not policy.may_as_officer(True, Thing(state=ProductState.HIDDEN), ProductAct.RELEASE)
    assert not policy.may_as_officer(False, Thing(), ProductAct.TAKE_DOWN)
    assert not policy.may_as_officer(True, Thing(), ProductAct.HIDE)


def test_hidden_prices() -> None:
    hidden = Thing(price_public=False)
    assert not policy.sees_price(OTHER, hidden, verified_party=False)
    assert policy.sees_price(OTHER, hidden, verified_party=True)
    assert policy.sees_price(OWNER, hidden, verified_party=False)
    assert policy.sees_price(OTHER, Thing(), verified_party=False)


def test_what_an_office_recorded_stands() -> None:
    assert policy.may_correct(OWNER, Thing(), Paper())
    assert policy.may_correct(OWNER, Thing(), Paper(CertificateState.REFUSED))
    assert not policy.may_correct(OWNER, Thing(), Paper(CertificateState.CHECKED))
    assert not policy.may_correct(OWNER, Thing(), Paper(from_register=True))
    assert not policy.may_correct(OTHER, Thing(), Paper())


def test_officers_decide_where_the_state_allows() -> None:
    assert policy.may_decide(True, Paper(), CertificateAct.CHECK)
    assert policy.may_decide(True, Paper(CertificateState.CHECKED), CertificateAct.WITHDRAW)
    assert not policy.may_decide(True, Paper(), CertificateAct.WITHDRAW)
    assert not policy.may_decide(False, Paper(), CertificateAct.CHECK)
    assert not policy.may_decide(True, Paper(CertificateState.REFUSED), CertificateAct.DECLARE)
