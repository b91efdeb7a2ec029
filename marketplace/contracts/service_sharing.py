"""Writes of what several sellers share: made from a pooled quote, changed in the draft, and a seller that leaves it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from marketplace.accounts.models import User
from marketplace.clauses.split import check_split
from marketplace.clauses.terms import Side
from marketplace.contracts.models import Contract, Line, Party, Share
from marketplace.contracts.policy import is_shared, sellers
from marketplace.contracts.rules import CONTRACT, ContractAct, ContractState
from marketplace.contracts.service_drawing import price_up, terms_of, written
from marketplace.contracts.service_shares import Wanted, put, stored
from marketplace.contracts.service_signing import request_changes
from marketplace.contracts.service_versions import leave as left_text
from marketplace.contracts.sharing import Months, months_of
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record
from marketplace.organisations.rules import COOPERATIVES
from marketplace.quotes.models import QuotePart


def share_out(contract: Contract, parts: Sequence[QuotePart]) -> None:
    """What each cooperative agreed to in the quote is its share of the contract's one line of goods."""
    by_organisation = {part.organisation_id: part for part in parts}
    (line,) = contract.lines
    for party in sellers(contract):
        part = by_organisation[party.organisation_id or 0]
        own = line.product if line.product and line.product.organisation_id == party.organisation_id else None
        product_id = part.product_id or (own.id if own else None)
        party.shares = [
            Share(line_id=line.id, month=row.month, quantity=row.quantity, product_id=product_id) for row in part.months
        ]
    db.session.flush()


def resplit(contract: Contract, wanted: Wanted, *, actor: User, on_behalf_of: int | None, now: datetime) -> None:
    """One of the sellers changes the shares in the draft; they must come to the contract's months. All are told."""
    contract.state = CONTRACT.after(contract.state, ContractAct.EDIT)
    if not is_shared(contract):
        raise NotVisible
    before = stored(contract)
    for party in sellers(contract):
        for line in contract.lines:
            put(party, line, wanted.get((party.id, line.id), {}))
    db.session.flush()
    check_split(terms_of(contract))
    if stored(contract) == before:
        return
    left_text(contract, written(contract), actor=actor, on_behalf_of=on_behalf_of, now=now)
    data = {"shares": stored(contract)}
    record("contract:split_changed", contract, actor=actor.id, on_behalf_of=on_behalf_of, now=now, data=data)
    told = msgid(
        "The sellers' shares in contract %(number)s have changed: please look at yours.", number=named(contract)
    )
    tell(contract, told, now=now, actor=actor)


def leave_contract(contract: Contract, party: Party, reason: str, *, actor: User, now: datetime) -> None:
    """One of several sellers goes before it is signed by all: its share goes from the contract, the rest stays."""
    if contract.state == ContractState.AWAITING:
        request_changes(contract, reason, actor=actor, now=now)
    contract.state = CONTRACT.after(contract.state, ContractAct.EDIT)
    if party.side != Side.SELLER or not is_shared(contract):
        raise NotVisible
    tell_left = msgid(
        "%(name)s has left contract %(number)s; its share is taken out: %(reason)s",
        name=party.name,
        number=named(contract),
        reason=reason,
    )
    tell(contract, tell_left, now=now, actor=actor)
    for line in contract.lines:
        take_from(line, months_of(party, line))
    party.shares = []
    party.left_at = now
    pass_lead(contract, party)
    db.session.flush()
    db.session.refresh(contract, ["parties"])
    if not is_shared(contract):
        for rest in sellers(contract):
            rest.shares = []
    price_up(contract)
    contract.turn_since, contract.left_by = now, party.position  # everybody who is left looks at what remains
    db.session.flush()
    data = {"party": party.position, "shares": stored(contract)}
    record("contract:seller_left", contract, actor=actor.id, now=now, data=data, personal={"reason": reason})


def take_from(line: Line, months: Months) -> None:
    """A line without one share."""
    gone = sum(months.values(), Decimal(0))
    if line.quantity is not None:
        line.quantity -= gone
        if line.quantity <= 0:
            raise Refusal(msgid("Nothing would be left of %(goods)s: drop the draft instead.", goods=line.name))
    for row in list(line.months):
        row.quantity -= months.get(row.month, Decimal(0))
        if row.quantity <= 0:
            line.months.remove(row)


def pass_lead(contract: Contract, party: Party) -> None:
    """When the one that led leaves, the next cooperative leads."""
    if not party.lead:
        return
    party.lead = False
    rest = [each for each in sellers(contract) if each is not party]
    following = [each for each in rest if each.organisation is not None and each.organisation.kind in COOPERATIVES]
    for each in following[:1]:
        each.lead = True
