"""Background work of later papers: a signature that is missing, and an end near enough to speak of a renewal; each told once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.annexes import policy
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import RENEW_FROM, PaperState
from marketplace.annexes.service_drafting import names
from marketplace.annexes.telling import path_to
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import end_at
from marketplace.contracts.rules import ContractState, ends_at
from marketplace.contracts.tasks import ENDING, PATIENCE, Due, tell_due, those
from marketplace.contracts.telling import named
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.messages import msgid


def remind(_app: Flask) -> int:
    """What is due today. Returns how many were told."""
    return tell_due(unsigned) + tell_due(renewals)


def unsigned(now: datetime) -> Iterator[Due]:
    """Those whose turn it is for more than three days; again only for another text."""
    waiting = (
        select(Paper, Contract)
        .join(Contract, Contract.id == Paper.contract_id)
        .where(Paper.state == PaperState.AWAITING, Paper.turn_since < now - PATIENCE)
    )
    for paper, contract in db.session.execute(waiting).unique():
        if policy.alive(paper, contract, local_date(now)):
            said = msgid(
                "%(paper)s of contract %(number)s has waited for your signature for three days.",
                **names(paper, contract),
            )
            once = f"later_paper:{paper.id}:sign:{paper.documents[-1].number}"
            yield Due(contract, said, once, policy.awaited(paper, contract), path_to(paper))


def renewals(now: datetime) -> Iterator[Due]:
    """Both sides, between sixty and thirty days before the end; then another reminder takes over."""
    today = local_date(now)
    near = end_at(None).between(today + ENDING + timedelta(days=1), today + timedelta(days=RENEW_FROM))
    for contract in those(Contract.state == ContractState.SIGNED, near):
        end = ends_at(None, contract)
        assert end is not None
        words = {"number": named(contract), "day": format_date(end)}
        said = msgid("Contract %(number)s ends on %(day)s. To go on, propose a renewal on its page.", **words)
        yield Due(contract, said, f"contract:{contract.id}:renew:{end.isoformat()}")
