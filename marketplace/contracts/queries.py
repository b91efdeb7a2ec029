"""Reads of contracts: who may see which, how a person stands to one, lists, the public verification."""

from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from marketplace.contracts.models import Contract, Party
from marketplace.contracts.policy import Standing
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import capacities
from marketplace.quotes.models import Quote

NOT_FOR_OFFICIALS = (ContractState.DRAFT, ContractState.CANCELLED)
"""What parties only think about is not an official's business."""
VERIFIABLE = (
    ContractState.AWAITING,
    ContractState.SIGNED,
    ContractState.SUSPENDED,
    ContractState.COMPLETED,
    ContractState.TERMINATED,
    ContractState.SETTLED,
)


def visible_to(user: Any) -> Select[tuple[Contract]]:
    """The contracts that this person may see: of their organisations, and of their territory."""
    if not user.is_authenticated:
        return select(Contract).where(false())
    own = capacities(user).organisation_ids
    reasons: list[ColumnElement[bool]] = []
    if own:
        reasons.append(Contract.id.in_(select(Party.contract_id).where(Party.organisation_id.in_(own))))
    units = organisations.territory(user)
    if units:
        seated = select(Party.contract_id).where(Party.seat_id.in_(units))
        reasons.append(Contract.id.in_(seated) & Contract.state.not_in(NOT_FOR_OFFICIALS))
    if organisations.has_province_post(user):
        # A contract none of whose parties has a known seat would otherwise be nobody's to attest.
        seatless = ~Contract.id.in_(select(Party.contract_id).where(Party.seat_id.is_not(None)))
        reasons.append(seatless & Contract.state.not_in(NOT_FOR_OFFICIALS))
    return select(Contract).where(or_(*reasons) if reasons else false())


seen_by = visible_to
"""The same function under a name that `get` does not hide."""


def get(contract_id: int, visible_to: Any) -> Contract:
    """One contract, or NotVisible."""
    found = db.session.scalar(seen_by(visible_to).where(Contract.id == contract_id))
    if found is None:
        raise NotVisible
    return found


def standing(user: Any, contract: Contract) -> Standing:
    """How this person stands to this contract, for the policy."""
    if not user.is_authenticated:
        return Standing()
    found = capacities(user)
    parties = [party for party in contract.parties if party.organisation_id is not None]
    seats = {party.seat_id for party in contract.parties if party.seat_id is not None}
    anywhere = not seats and organisations.has_province_post(user)
    return Standing(
        belongs=frozenset(party.id for party in parties if found.belongs(party.organisation_id)),
        helps=frozenset(party.id for party in parties if found.helps(party.organisation_id)),
        signs=frozenset(
            party.id for party in parties if party.organisation.verified and found.signs_for(party.organisation_id)
        ),
        reads=anywhere or bool(seats & organisations.territory(user)),
        acts=bool(seats & organisations.territory(user, acting=True))
        or (not seats and organisations.has_province_post(user, acting=True)),
    )


def mine(user: Any) -> Select[tuple[Contract]]:
    """The contracts of the organisations that a user works for."""
    own = capacities(user).organisation_ids
    parties = select(Party.contract_id).where(Party.organisation_id.in_(own))
    return select(Contract).where(Contract.id.in_(parties) if own else false())


def of_quote(quote: Quote) -> Contract | None:
    """The contract that a quote became."""
    return db.session.scalar(select(Contract).filter_by(quote_id=quote.id))


def of_quotes(quote_ids: list[int]) -> dict[int, Contract]:
    """The same for several quotes, one query."""
    rows = db.session.scalars(select(Contract).where(Contract.quote_id.in_(quote_ids))).unique()
    return {row.quote_id: row for row in rows if row.quote_id is not None}


def by_code(code: str) -> Contract:
    """For the public page: a contract whose text was frozen, by its code, however it was typed; or NotVisible."""
    clean = "".join(letter for letter in code.upper() if letter.isalnum())
    found = db.session.scalar(select(Contract).where(Contract.code == clean, Contract.state.in_(VERIFIABLE)))
    if found is None:
        raise NotVisible
    return found


def next_number(year: int) -> int:
    """A running number to propose: how many contracts were drawn up this year, plus one."""
    statement = select(func.count(Contract.id)).where(Contract.number.like(f"%/{year}/%"))
    return (db.session.scalar(statement) or 0) + 1
