"""PURE: who may see and do what with a purchase offer."""

from datetime import date
from typing import Protocol

from marketplace.offers.rules import OFFER, OfferAct, OfferState, state_on


class Acting(Protocol):
    """In whose name somebody may act (organisations' Capacities)."""

    @property
    def organisation_ids(self) -> set[int]: ...


class Offered(Protocol):
    """What is asked of an offer."""

    buyer_id: int
    addressed_to_id: int | None
    state: OfferState
    closes_on: date


def owns(who: Acting, offer: Offered) -> bool:
    """One of the buyer's people, or its helper by mandate."""
    return offer.buyer_id in who.organisation_ids


def may_see(who: Acting, offer: Offered, published: bool) -> bool:
    """The buyer always; once published everybody, or the one seller that it is addressed to."""
    if owns(who, offer):
        return True
    if not published:
        return False
    return offer.addressed_to_id is None or offer.addressed_to_id in who.organisation_ids


def may_edit(who: Acting, offer: Offered, day: date) -> bool:
    """The buyer, while it is a draft or still takes quotes."""
    editable = (OfferState.DRAFT, OfferState.OPEN)
    return owns(who, offer) and state_on(day, offer.state, offer.closes_on) in editable


def may(who: Acting, offer: Offered, act: OfferAct, day: date) -> bool:
    """Whether the buyer's button for this act is shown; what its date has closed need not be closed again."""
    state = state_on(day, offer.state, offer.closes_on)
    return owns(who, offer) and OFFER.allows(state, act)


def takes_quotes(offer: Offered, day: date) -> bool:
    """Whether a seller may still answer."""
    return state_on(day, offer.state, offer.closes_on) == OfferState.OPEN


def may_answer_as(organisation_id: int, offer: Offered) -> bool:
    """Whether this organisation is one that may answer: not the buyer itself, and the one addressed where one is."""
    return organisation_id != offer.buyer_id and offer.addressed_to_id in (None, organisation_id)
