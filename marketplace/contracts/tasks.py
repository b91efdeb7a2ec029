"""Background work of contracts: reminders, each made once."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.contracts import policy
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractState
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.messages import msgid
from marketplace.web.writes import transaction

PATIENCE = timedelta(days=3)
"""After so long a signature that is missing is asked for again."""
ENDING = timedelta(days=30)


def remind(_app: Flask) -> int:
    """Signatures missing for more than three days, contracts that end within thirty. Returns how many were told."""
    return remind_to_sign() + remind_of_end()


def remind_to_sign() -> int:
    """Those whose turn it is; again only for another text."""
    told = 0
    with transaction() as now:
        waiting = select(Contract).where(Contract.state == ContractState.AWAITING, Contract.turn_since < now - PATIENCE)
        for contract in db.session.scalars(waiting).unique():
            document = contract.documents[-1]
            told += tell(
                contract,
                msgid("Contract %(number)s has waited for your signature for three days.", number=named(contract)),
                now=now,
                actor=None,
                parties=policy.awaited(contract),
                once=f"contract:{contract.id}:sign:{document.number}",
            )
    return told


def remind_of_end() -> int:
    """Both sides, that it ends soon."""
    told = 0
    with transaction() as now:
        today = local_date(now)
        ending = select(Contract).where(
            Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED)),
            Contract.ends_on.between(today, today + ENDING),
        )
        for contract in db.session.scalars(ending).unique():
            assert contract.ends_on is not None
            told += tell(
                contract,
                msgid(
                    "Contract %(number)s ends on %(day)s.", number=named(contract), day=format_date(contract.ends_on)
                ),
                now=now,
                actor=None,
                once=f"contract:{contract.id}:ends:{contract.ends_on.isoformat()}",
            )
    return told
