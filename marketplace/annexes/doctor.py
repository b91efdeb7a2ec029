"""What `flask doctor` says of later papers: signed by all, and not concluded."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from marketplace.annexes import policy
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import PaperState
from marketplace.config import Settings
from marketplace.contracts.doctor import must_not_be
from marketplace.contracts.models import Contract
from marketplace.contracts.telling import named
from marketplace.extensions import db
from marketplace.signatures.doctor import Check


def unfinished(_settings: Settings, _now: datetime) -> Iterable[Check]:
    """Nothing, as long as all is well: the line about contracts says so."""
    waiting = select(Paper, Contract).join(Contract, Contract.id == Paper.contract_id)
    try:
        rows = list(db.session.execute(waiting.where(Paper.state == PaperState.AWAITING)).unique())
    except DBAPIError:
        db.session.rollback()
        return  # said of the database already
    stuck = [f"{paper.label} – {named(contract)}" for paper, contract in rows if not policy.unsigned(paper, contract)]
    if stuck:
        yield must_not_be(stuck)
