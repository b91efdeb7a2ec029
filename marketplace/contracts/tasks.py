"""Background work of contracts: reminders, each made once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import ColumnElement, not_, select

from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.queries import end_at, expired_at
from marketplace.contracts.rules import ContractState, ends_at
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.messages import Message, msgid
from marketplace.web.writes import transaction

PATIENCE = timedelta(days=3)
"""After so long a signature that is missing is asked for again; as long before the last day to sign, too."""
DRAFT_PATIENCE = timedelta(days=7)
ENDING = timedelta(days=30)


@dataclass(frozen=True)
class Due:
    """A reminder of today: to these parties (None: all), never a second time for the same `once`."""

    contract: Contract
    message: Message
    once: str
    parties: Iterable[Party] | None = None
    url: str | None = None


def remind(_app: Flask) -> int:
    """Whoever is awaited, before a time runs out and when it has; contracts that end soon. Returns how many were told."""
    return sum(tell_due(kind) for kind in (unanswered, unsigned, last_days, expired, ending))


def tell_due(kind: Callable[[datetime], Iterator[Due]]) -> int:
    """Everything of one kind in one write; how many were told."""
    with transaction() as now:
        return sum(
            tell(due.contract, due.message, now=now, actor=None, parties=due.parties, once=due.once, url=due.url)
            for due in kind(now)
        )


def those(*which: ColumnElement[bool]) -> Iterable[Contract]:
    """The contracts that a reminder is about."""
    return db.session.scalars(select(Contract).where(*which)).unique()


def unanswered(now: datetime) -> Iterator[Due]:
    """Who has not answered a draft for a week; again only after another turn."""
    for contract in those(Contract.state == ContractState.DRAFT, Contract.turn_since < now - DRAFT_PATIENCE):
        said = msgid("The draft of contract %(number)s has waited for you for a week.", number=named(contract))
        once = f"contract:{contract.id}:draft:{contract.turn_since:%Y%m%d%H%M%S}"
        yield Due(contract, said, once, policy.turn_in_draft(contract))


def unsigned(now: datetime) -> Iterator[Due]:
    """Those whose turn it is; again only for another text."""
    waiting = (Contract.state == ContractState.AWAITING, Contract.turn_since < now - PATIENCE)
    for contract in those(*waiting, not_(expired_at(local_date(now))) | Contract.sign_by.is_(None)):
        said = msgid("Contract %(number)s has waited for your signature for three days.", number=named(contract))
        once = f"contract:{contract.id}:sign:{contract.documents[-1].number}"
        yield Due(contract, said, once, policy.awaited(contract))


def last_days(now: datetime) -> Iterator[Due]:
    """Those whose signature is missing, three days before nobody can sign any more."""
    today = local_date(now)
    for contract in those(Contract.state == ContractState.AWAITING, Contract.sign_by.between(today, today + PATIENCE)):
        assert contract.sign_by is not None
        words = {"number": named(contract), "day": format_date(contract.sign_by)}
        said = msgid("Contract %(number)s can be signed until %(day)s only.", **words)
        once = f"contract:{contract.id}:last-day:{contract.sign_by.isoformat()}"
        yield Due(contract, said, once, policy.awaited(contract))


def expired(now: datetime) -> Iterator[Due]:
    """Everybody, once for each last day, that it has passed and what can be done."""
    for contract in those(expired_at(local_date(now))):
        assert contract.sign_by is not None
        words = {"number": named(contract), "day": format_date(contract.sign_by)}
        said = msgid("Contract %(number)s was not signed by %(day)s. Extend the time, or change the text.", **words)
        yield Due(contract, said, f"contract:{contract.id}:expired:{contract.sign_by.isoformat()}")


def ending(now: datetime) -> Iterator[Due]:
    """Both sides, that it ends soon."""
    today = local_date(now)
    running = Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED))
    for contract in those(running, end_at(None).between(today, today + ENDING)):
        end = ends_at(None, contract)
        assert end is not None
        said = msgid("Contract %(number)s ends on %(day)s.", number=named(contract), day=format_date(end))
        yield Due(contract, said, f"contract:{contract.id}:ends:{end.isoformat()}")
