"""Whose turn it is, in one sentence, and the one act of the person whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.clauses.terms import Side
from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.policy import Standing
from marketplace.contracts.rules import ACTS, ContractAct, ContractState
from marketplace.kernel.dates import format_date
from marketplace.kernel.messages import Message, msgid


@dataclass(frozen=True)
class Turn:
    """What is awaited; `act` is the primary button of this person, None when somebody else is awaited."""

    sentence: Message
    act: ContractAct | None = None

    @property
    def label(self) -> Message | None:
        """The words on the button."""
        return ACTS[self.act] if self.act else None


ENDED: dict[ContractState, Message] = {
    ContractState.SUSPENDED: msgid("The contract is on hold."),
    ContractState.COMPLETED: msgid("The contract has been performed in full."),
    ContractState.TERMINATED: msgid("The contract was terminated before its end."),
    ContractState.SETTLED: msgid("The contract is settled."),
    ContractState.CANCELLED: msgid("This draft was dropped."),
    ContractState.DECLINED: msgid("One side did not agree to this contract."),
}


def turn_of(contract: Contract, standing: Standing) -> Turn | None:
    """Whose turn it is; None where nobody is awaited and nothing needs to be said."""
    if contract.state == ContractState.DRAFT:
        return draft_turn(contract, standing)
    if contract.state == ContractState.AWAITING:
        return overdue_turn(contract, standing) if policy.over(contract, standing) else signing_turn(contract, standing)
    if contract.state == ContractState.RECORDED:
        return record_turn(contract, standing)
    if contract.state == ContractState.SUSPENDED and contract.suspended_on is not None:
        return Turn(msgid("The contract is on hold since %(day)s.", day=format_date(contract.suspended_on)))
    if contract.state == ContractState.TERMINATED and contract.ended_on is not None:
        return Turn(msgid("Ended early: the contract's last day is %(day)s.", day=format_date(contract.ended_on)))
    sentence = ENDED.get(contract.state)
    return Turn(sentence) if sentence else None


def draft_turn(contract: Contract, standing: Standing) -> Turn:
    """The side that did not write last looks the draft through, corrects or opens it; at first both do."""
    awaited = policy.turn_in_draft(contract)
    mine = any(party.id in standing.sides for party in awaited)
    if contract.left_by is not None and not mine:
        names = ", ".join(party.name for party in awaited)
        return Turn(msgid("Waiting for %(names)s to look the draft through and answer.", names=names))
    act = ContractAct.OPEN_FOR_SIGNING if policy.may_open(contract, standing) else None
    if contract.documents:
        return Turn(msgid("Changes were asked for: correct the draft, then open it for signing again."), act)
    if contract.left_by is not None:
        return Turn(msgid("Your turn: look the draft through, correct it, or open it for signing."), act)
    return Turn(msgid("Both sides look the draft through and correct it; then it is opened for signing."), act)


def signing_turn(contract: Contract, standing: Standing) -> Turn:
    """Those whose signature is missing."""
    if policy.may_sign(contract, standing) is not None:
        return Turn(msgid("Waiting for you to sign."), ContractAct.SIGN)
    names = ", ".join(party.name for party in policy.awaited(contract))
    return Turn(msgid("Waiting for %(names)s to sign.", names=names))


def overdue_turn(contract: Contract, standing: Standing) -> Turn:
    """Nobody signed in time: either side gives the same text more time, or sends it back."""
    assert contract.sign_by is not None
    act = ContractAct.EXTEND if policy.may_extend(contract, standing) else None
    day = format_date(contract.sign_by)
    if act is None:
        return Turn(msgid("The time to sign ended on %(day)s. The parties may extend it.", day=day))
    return Turn(
        msgid("The time to sign ended on %(day)s. Extend it, or ask for changes and make a new text.", day=day), act
    )


def record_turn(contract: Contract, standing: Standing) -> Turn:
    """The sides that have not said yet that it is theirs, or an officer."""
    if policy.may_confirm(contract, standing) is not None:
        return Turn(msgid("Somebody recorded this paper contract with you. Is it yours?"), ContractAct.CONFIRM)
    act = ContractAct.ATTEST if policy.may_attest(contract, standing) else None
    spoken = {party.side for party in contract.parties if party.recorded}
    silent = [party for party in contract.parties if party.side not in spoken]
    if any(all(party.organisation_id is None for party in silent if party.side == side) for side in sides_of(silent)):
        # A side that has nobody here cannot confirm.
        return Turn(msgid("Waiting for an officer who has seen the original."), act)
    names = ", ".join(party.name for party in silent if party.organisation_id is not None)
    return Turn(
        msgid("Waiting for %(names)s to confirm it, or for an officer who has seen the original.", names=names), act
    )


def sides_of(parties: Iterable[Party]) -> set[Side]:
    """The sides that they stand on."""
    return {party.side for party in parties}
