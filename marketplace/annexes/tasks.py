"""Background work of later papers: a signature that is missing, and an end near enough to speak of a renewal; each told once."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.annexes import policy
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import RENEW_FROM, PaperState
from marketplace.annexes.service_drafting import names
from marketplace.annexes.telling import tell
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import end_at
from marketplace.contracts.rules import ContractState, ends_at
from marketplace.contracts.tasks import ENDING, PATIENCE
from marketplace.contracts.telling import named
from marketplace.contracts.telling import tell as tell_of_contract
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.messages import msgid
from marketplace.web.writes import transaction


def remind(_app: Flask) -> int:
    """What is due today. Returns how many were told."""
    return remind_to_sign() + propose_renewal()


def remind_to_sign() -> int:
    """Those whose turn it is for more than three days; again only for another text."""
    told = 0
    with transaction() as now:
        waiting = (
            select(Paper, Contract)
            .join(Contract, Contract.id == Paper.contract_id)
            .where(Paper.state == PaperState.AWAITING, Paper.turn_since < now - PATIENCE)
        )
        for paper, contract in db.session.execute(waiting).unique():
            if not policy.alive(paper, contract, local_date(now)):
                continue
            told += tell(
                paper,
                contract,
                msgid(
                    "%(paper)s of contract %(number)s has waited for your signature for three days.",
                    **names(paper, contract),
                ),
                now=now,
                actor=None,
                parties=policy.awaited(paper, contract),
                once=f"later_paper:{paper.id}:sign:{paper.documents[-1].number}",
            )
    return told


def propose_renewal() -> int:
    """Both sides, between sixty and thirty days before the end; then another reminder takes over."""
    told = 0
    with transaction() as now:
        today = local_date(now)
        near = end_at(None).between(today + ENDING + timedelta(days=1), today + timedelta(days=RENEW_FROM))
        for contract in db.session.scalars(
            select(Contract).where(Contract.state == ContractState.SIGNED, near)
        ).unique():
            end = ends_at(None, contract)
            assert end is not None
            told += tell_of_contract(
                contract,
                msgid(
                    "Contract %(number)s ends on %(day)s. To go on, propose a renewal on its page.",
                    number=named(contract),
                    day=format_date(end),
                ),
                now=now,
                actor=None,
                once=f"contract:{contract.id}:renew:{end.isoformat()}",
            )
    return told
