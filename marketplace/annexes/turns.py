"""Whose turn it is with a later paper, in one sentence, and the one act of the person whose turn it is."""

from dataclasses import dataclass
from datetime import date

from marketplace.annexes import policy
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import ACTS, PaperAct, PaperKind, PaperState
from marketplace.contracts.models import Contract
from marketplace.contracts.policy import Standing
from marketplace.kernel.messages import Message, msgid


@dataclass(frozen=True)
class Turn:
    """What is awaited; `act` is the primary button of this person, None when somebody else is awaited."""

    sentence: Message
    act: PaperAct | None = None

    @property
    def label(self) -> Message | None:
        """The words on the button."""
        return ACTS[self.act] if self.act else None


def turn_of(paper: Paper, contract: Contract, standing: Standing, day: date) -> Turn | None:
    """Whose turn it is; None where nothing is awaited."""
    if paper.state not in (PaperState.DRAFT, PaperState.AWAITING):
        return None
    if not policy.alive(paper, contract, day):
        return Turn(over(paper))
    if paper.state == PaperState.DRAFT:
        act = PaperAct.OPEN_FOR_SIGNING if policy.may_edit(paper, contract, standing, day) else None
        return Turn(msgid("Both sides look the draft through and correct it; then its text is fixed for signing."), act)
    if policy.may_sign(paper, contract, standing, day) is not None:
        return Turn(msgid("This paper waits for your signature."), PaperAct.SIGN)
    names = ", ".join(party.name for party in policy.awaited(paper, contract))
    if not names:
        return Turn(
            msgid("The other side has no account here: an officer who has seen the signed original concludes it.")
        )
    return Turn(msgid("This paper waits for the signature of %(names)s.", names=names))


def over(paper: Paper) -> Message:
    """Why an open paper comes to nothing."""
    if paper.kind == PaperKind.ANNEX:
        return msgid("The contract has ended meanwhile: this annex can no longer be signed.")
    return msgid("These minutes can be signed once the contract has ended, and as long as it is not settled.")
