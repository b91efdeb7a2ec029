"""What to look at twice in an open paper, with what stands beside it: other contracts of the same parties, other annexes."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.sql.functions import coalesce

from marketplace.annexes import queries
from marketplace.annexes.advice import Neighbour, added_time, advice
from marketplace.annexes.effective import NewTerms
from marketplace.annexes.models import Paper
from marketplace.annexes.policy import RUNNING
from marketplace.annexes.rules import OPEN, PaperKind
from marketplace.annexes.settlement import Settlement, warnings
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.queries import end_at
from marketplace.contracts.rules import ends_at
from marketplace.contracts.telling import named
from marketplace.extensions import db
from marketplace.kernel.messages import Message

MOST = 5
"""More of them would not be read."""


def advice_of(paper: Paper, contract: Contract, today: date) -> list[Message]:
    """Of a paper that can still be corrected; of a signed one nothing. Two queries beside the terms."""
    if paper.state not in OPEN:
        return []
    if paper.kind == PaperKind.SETTLEMENT:
        return warnings(Settlement.read(paper.terms), queries.terms_on(contract, contract.ended_on).terms)
    if paper.effective_on is None:
        return []
    new, standing = NewTerms.read(paper.terms), queries.terms_on(contract, paper.effective_on).terms
    added = added_time(standing, new)
    return advice(
        standing,
        new,
        paper.effective_on,
        today,
        contracts=at_the_same_time(contract, *added) if added else (),
        annexes=beside(paper),
    )


def at_the_same_time(contract: Contract, since: date, until: date) -> list[Neighbour]:
    """Running contracts of the same parties in some days. One query."""
    statement = select(Contract).where(
        Contract.state.in_(RUNNING),
        Contract.id != contract.id,
        coalesce(Contract.starts_on, Contract.signed_on) <= until,
        or_(end_at(None).is_(None), end_at(None) >= since),
    )
    for party in contract.parties:
        if party.organisation_id is None:
            return []
        same = select(Party.id).where(
            Party.contract_id == Contract.id,
            Party.organisation_id == party.organisation_id,
            Party.side == party.side,
            Party.left_at.is_(None),
        )
        statement = statement.where(same.correlate(Contract).exists())
    found = db.session.scalars(statement.order_by(Contract.id).limit(MOST)).unique()
    return [Neighbour(named(each), ends_at(None, each)) for each in found]


def beside(paper: Paper) -> list[Neighbour]:
    """Other open annexes of the same contract, with what they change. One query."""
    statement = select(Paper).where(
        Paper.contract_id == paper.contract_id,
        Paper.id != paper.id,
        Paper.kind == PaperKind.ANNEX,
        Paper.state.in_(OPEN),
    )
    rows = db.session.scalars(statement.order_by(Paper.series).limit(MOST))
    return [Neighbour(row.label, fields=NewTerms.read(row.terms).fields) for row in rows]
