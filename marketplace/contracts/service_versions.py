"""Keeping the text as each side left it, so that the other sees what was changed, and who is to answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.clauses.text import fingerprint
from marketplace.contracts import figures, queries
from marketplace.contracts.models import Contract, Revision
from marketplace.extensions import db


def leave(
    contract: Contract, text: dict[str, Any], *, actor: User, on_behalf_of: int | None, now: datetime
) -> Revision | None:
    """One side is done with the draft for now: its text is kept, and it is the others' turn. Flushes."""
    side = side_of(contract, actor, on_behalf_of)
    contract.left_by, contract.turn_since = side, now
    db.session.flush()
    return keep(contract, text, side=side, by=actor, now=now)


def keep(contract: Contract, text: dict[str, Any], *, side: int | None, by: User, now: datetime) -> Revision | None:
    """Store a text with its figures; the same text as the last one is not stored twice."""
    last = latest(contract)
    digest, numbers = fingerprint(text), figures.kept(contract)
    if last is not None and (last.text_digest, last.figures) == (digest, numbers):
        return None
    revision = Revision(
        contract_id=contract.id,
        number=last.number + 1 if last else 1,
        text=text,
        text_digest=digest,
        figures=numbers,
        side=side,
        by_id=by.id,
        at=now,
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def latest(contract: Contract) -> Revision | None:
    """The last text that was kept."""
    statement = select(Revision).filter_by(contract_id=contract.id).order_by(Revision.number.desc())
    return db.session.scalar(statement.limit(1))


def side_of(contract: Contract, actor: User, on_behalf_of: int | None) -> int | None:
    """The position of the party in whose name somebody acts; of several, the one whose turn it is."""
    if on_behalf_of is not None:
        ours = [party.position for party in contract.parties if party.organisation_id == on_behalf_of]
    else:
        belongs = queries.standing(actor, contract).belongs
        ours = [party.position for party in contract.parties if party.id in belongs]
    return next((position for position in ours if position != contract.left_by), ours[0] if ours else None)
