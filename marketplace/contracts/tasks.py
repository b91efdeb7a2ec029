"""Background work of contracts: reminders, each made once."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import not_, select

from marketplace.contracts import policy
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import end_at, expired_at
from marketplace.contracts.rules import ContractState, ends_at
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.messages import msgid
from marketplace.web.writes import transaction

PATIENCE = timedelta(days=3)
"""After so long a signature that is missing is asked for again; as long before the last day to sign, too."""
DRAFT_PATIENCE = timedelta(days=7)
ENDING = timedelta(days=30)


def remind(_app: Flask) -> int:
    """Whoever is awaited, before a time runs out and when it has; contracts that end soon. Returns how many were told."""
    return remind_to_answer() + remind_to_sign() + remind_of_last_day() + tell_expired() + remind_of_end()


def remind_to_answer() -> int:
    """Who has not answered a draft for a week; again only after another turn."""
    told = 0
    with transaction() as now:
        waiting = select(Contract).where(
            Contract.state == ContractState.DRAFT, Contract.turn_since < now - DRAFT_PATIENCE
        )
        for contract in db.session.scalars(waiting).unique():
            assert contract.turn_since is not None
            told += tell(
                contract,
                msgid("The draft of contract %(number)s has waited for you for a week.", number=named(contract)),
                now=now,
                actor=None,
                parties=policy.turn_in_draft(contract),
                once=f"contract:{contract.id}:draft:{contract.turn_since:%Y%m%d%H%M%S}",
            )
    return told


def remind_to_sign() -> int:
    """Those whose turn it is; again only for another text."""
    told = 0
    with transaction() as now:
        waiting = select(Contract).where(
            Contract.state == ContractState.AWAITING,
            Contract.turn_since < now - PATIENCE,
            not_(expired_at(local_date(now))) | Contract.sign_by.is_(None),
        )
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


def remind_of_last_day() -> int:
    """Those whose signature is missing, three days before nobody can sign any more."""
    told = 0
    with transaction() as now:
        today = local_date(now)
        soon = select(Contract).where(
            Contract.state == ContractState.AWAITING, Contract.sign_by.between(today, today + PATIENCE)
        )
        for contract in db.session.scalars(soon).unique():
            assert contract.sign_by is not None
            words = {"number": named(contract), "day": format_date(contract.sign_by)}
            told += tell(
                contract,
                msgid("Contract %(number)s can be signed until %(day)s only.", **words),
                now=now,
                actor=None,
                parties=policy.awaited(contract),
                once=f"contract:{contract.id}:last-day:{contract.sign_by.isoformat()}",
            )
    return told


def tell_expired() -> int:
    """Everybody, once for each last day, that it has passed and what can be done."""
    told = 0
    with transaction() as now:
        for contract in db.session.scalars(select(Contract).where(expired_at(local_date(now)))).unique():
            assert contract.sign_by is not None
            words = {"number": named(contract), "day": format_date(contract.sign_by)}
            told += tell(
                contract,
                msgid("Contract %(number)s was not signed by %(day)s. Extend the time, or change the text.", **words),
                now=now,
                actor=None,
                once=f"contract:{contract.id}:expired:{contract.sign_by.isoformat()}",
            )
    return told


def remind_of_end() -> int:
    """Both sides, that it ends soon."""
    told = 0
    with transaction() as now:
        today = local_date(now)
        ending = select(Contract).where(
            Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED)),
            end_at(None).between(today, today + ENDING),
        )
        for contract in db.session.scalars(ending).unique():
            end = ends_at(None, contract)
            assert end is not None
            told += tell(
                contract,
                msgid("Contract %(number)s ends on %(day)s.", number=named(contract), day=format_date(end)),
                now=now,
                actor=None,
                once=f"contract:{contract.id}:ends:{end.isoformat()}",
            )
    return told
