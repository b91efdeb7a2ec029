"""Open papers that come to nothing because their contract has ended: void in the same transaction, noted, everybody told."""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.annexes import policy
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import OPEN, PAPER, PaperAct, PaperKind, PaperState
from marketplace.annexes.service_drafting import names, note
from marketplace.annexes.telling import tell
from marketplace.contracts.models import Contract
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.messages import Message, msgid


def lapse_all(contract: Contract, *, actor: User | None, now: datetime) -> None:
    """The contract has just ended, or was settled: what can no longer be concluded is void. Its row is held by the caller."""
    open_papers = select(Paper).where(Paper.contract_id == contract.id, Paper.state.in_(OPEN)).order_by(Paper.series)
    for paper in db.session.scalars(open_papers).all():
        if not policy.alive(paper, contract, local_date(now)):
            told = msgid(
                "%(paper)s of contract %(number)s is void: the contract ended before all had signed it.",
                **names(paper, contract),
            )
            lapse(paper, contract, told, actor=actor, now=now)


def supersedes(paper: Paper, other: Paper) -> bool:
    """Whether fixing the text of one voids the other: nothing more is changed in what is being settled."""
    return (paper.kind, other.kind) == (PaperKind.SETTLEMENT, PaperKind.ANNEX)


def supersede(other: Paper, contract: Contract, *, actor: User, now: datetime) -> None:
    """The minutes are opened for signing: the annex that was still awaited is void."""
    told = msgid(
        "%(paper)s of contract %(number)s is void: the contract is being settled.",
        **names(other, contract),
    )
    lapse(other, contract, told, actor=actor, now=now)


def lapse(paper: Paper, contract: Contract, told: Message, *, actor: User | None, now: datetime) -> None:
    """One paper: signatures under its text have no effect."""
    opened = paper.state == PaperState.AWAITING
    paper.state = PAPER.after(paper.state, PaperAct.LAPSE)
    paper.turn_since = None
    if opened:
        paper.documents[-1].voided_at = now
    db.session.flush()
    note("contract:paper_lapsed", paper, contract, actor=actor, now=now)
    tell(paper, contract, told, now=now, actor=actor)
