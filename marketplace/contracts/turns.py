"""Whose turn it is, in one sentence, and the one act of the person whose turn it is."""

from dataclasses import dataclass

from marketplace.contracts import policy
from marketplace.contracts.models import Contract
from marketplace.contracts.policy import Standing
from marketplace.contracts.rules import ACTS, ContractAct, ContractState
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
        return signing_turn(contract, standing)
    if contract.state == ContractState.RECORDED:
        return record_turn(contract, standing)
    sentence = ENDED.get(contract.state)
    return Turn(sentence) if sentence else None


def draft_turn(contract: Contract, standing: Standing) -> Turn:
    """Both sides look the draft through; either opens it."""
    act = ContractAct.OPEN_FOR_SIGNING if policy.may_open(contract, standing) else None
    if contract.documents:
        return Turn(msgid("Changes were asked for: correct the draft, then open it for signing again."), act)
    return Turn(msgid("Both sides look the draft through and correct it; then it is opened for signing."), act)


def signing_turn(contract: Contract, standing: Standing) -> Turn:
    """Those whose signature is missing."""
    if policy.may_sign(contract, standing) is not None:
        return Turn(msgid("Waiting for you to sign."), ContractAct.SIGN)
    names = ", ".join(party.name for party in policy.awaited(contract))
    return Turn(msgid("Waiting for %(names)s to sign.", names=names))


def record_turn(contract: Contract, standing: Standing) -> Turn:
    """The other party, or an officer."""
    if policy.may_confirm(contract, standing) is not None:
        return Turn(msgid("Somebody recorded this paper contract with you. Is it yours?"), ContractAct.CONFIRM)
    if policy.may_attest(contract, standing):
        return Turn(
            msgid("Waiting for an officer who has seen the original, or for the other party."), ContractAct.ATTEST
        )
    return Turn(msgid("Waiting for the other party to confirm, or for an officer to attest the original."))
