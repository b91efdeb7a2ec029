"""Reads of later papers: those of a contract, the terms on a day, what waits for whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from marketplace.annexes import policy
from marketplace.annexes.effective import Change, Effective, NewTerms, effective_terms
from marketplace.annexes.models import Paper
from marketplace.annexes.paper_text import Basis
from marketplace.annexes.rules import PaperKind, PaperState
from marketplace.contracts.models import Contract, Document, Party, Signature
from marketplace.contracts.policy import Standing
from marketplace.contracts.service_drawing import parties_of, terms_of
from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.kernel.errors import NotVisible
from marketplace.organisations.access import capacities


def papers_of(contract: Contract) -> list[Paper]:
    """All later papers of a contract, in the order in which they were begun. Three queries."""
    statement = select(Paper).filter_by(contract_id=contract.id).order_by(Paper.series)
    return list(db.session.scalars(statement))


def get(contract: Contract, series: int, standing: Standing) -> Paper:
    """One paper of this contract, or NotVisible."""
    found = db.session.scalar(select(Paper).filter_by(contract_id=contract.id, series=series))
    if found is None or not policy.may_see(found, standing):
        raise NotVisible
    return found


def next_series(contract: Contract) -> int:
    """The series of the next paper."""
    return (db.session.scalar(select(func.max(Paper.series)).filter_by(contract_id=contract.id)) or 0) + 1


def next_number(contract: Contract, kind: PaperKind) -> int:
    """The number of the next paper of its kind; one that was dropped leaves its number free."""
    used = select(func.max(Paper.number)).where(
        Paper.contract_id == contract.id, Paper.kind == kind, Paper.state != PaperState.CANCELLED
    )
    return (db.session.scalar(used) or 0) + 1


def count_of(contract: Contract) -> int:
    """How many annexes are signed: what the public check shows."""
    statement = select(func.count(Paper.id)).where(
        Paper.contract_id == contract.id, Paper.kind == PaperKind.ANNEX, Paper.state == PaperState.SIGNED
    )
    return db.session.scalar(statement) or 0


def being_signed(contract: Contract) -> Paper | None:
    """The paper that is open for signing; at most one, so that none rests on terms that another moves."""
    return db.session.scalar(select(Paper).filter_by(contract_id=contract.id, state=PaperState.AWAITING))


def changes_of(contract: Contract, before: str = "") -> list[Change]:
    """What signed annexes changed, in the order in which they take effect; only those signed `before` this one."""
    own = next((row.id for row in contract.changes if row.number == before), None)
    rows = (row for row in contract.changes if own is None or row.id < own)
    return [Change(row.number, row.effective_on, NewTerms.read(row.terms)) for row in rows]


def terms_on(contract: Contract, day: date | None) -> Effective:
    """The terms as they stand on a day; None: with every signed annex."""
    return effective_terms(terms_of(contract), changes_of(contract), day)


def basis_of(contract: Contract, day: date | None) -> Basis:
    """The contract as its later papers name it, with the annexes in effect on a day (None: all)."""
    document = contract.documents[-1] if contract.documents else None
    title = contract.title or (document.text["title"] if document else "") or "Hợp đồng"
    annexes = tuple(
        f"Phụ lục số {change.number} có hiệu lực từ ngày {format_date(change.effective_on)}"
        for change in contract.changes
        if day is None or change.effective_on <= day
    )
    parties = tuple(parties_of(contract))
    assert contract.signed_on is not None
    return Basis(title[0].upper() + title[1:], contract.number, contract.signed_on, parties, annexes)


def waiting_for(user: Any, limit: int = 50) -> Sequence[Row[*tuple[Any, ...]]]:
    """Papers that this person may sign now, longest waiting first, as rows of columns. One query.

    `policy.awaited` says the same of one paper: with a fixed order, nobody before the one whose turn it is.
    """
    own = [key for key in capacities(user).organisation_ids if capacities(user).signs_for(key)]
    before = aliased(Party)
    earlier = or_(
        turn_at(before) < turn_at(Party), and_(turn_at(before) == turn_at(Party), before.position < Party.position)
    )
    first = select(before.id).where(
        before.contract_id == Contract.id, before.left_at.is_(None), earlier, ~signed_by(before).exists()
    )
    statement = (
        select(
            Paper.id.label("paper_id"),
            Paper.series,
            Paper.kind,
            Paper.number,
            Paper.turn_since,
            Contract.id,
            Contract.number.label("contract_number"),
            Contract.title,
            Contract.code,
        )
        .join(Contract, Contract.id == Paper.contract_id)
        .join(Party, Party.contract_id == Contract.id)
        .where(
            Paper.state == PaperState.AWAITING,
            Party.organisation_id.in_(own),
            Party.left_at.is_(None),
            ~signed_by(Party).exists(),
            not_(Contract.ordered) | ~first.exists(),
            Contract.state.in_(policy.RUNNING) | (Paper.kind == PaperKind.SETTLEMENT),
        )
        .order_by(Paper.turn_since, Paper.id)
        .distinct()
    )
    return db.session.execute(statement.limit(limit)).all()


def turn_at(party: Any) -> ColumnElement[int]:
    """When a party's turn comes; `contracts.policy.missing` in Python."""
    return func.coalesce(party.signs_at, party.position)


def signed_by(party: Any) -> Select[int]:
    """A party's signature under the text of the paper that stands."""
    return (
        select(Signature.id)
        .join(Document, Document.id == Signature.document_id)
        .where(
            Document.contract_id == Paper.contract_id,
            Document.series == Paper.series,
            Document.voided_at.is_(None),
            Signature.party_id == party.id,
        )
        .correlate(Paper, party)
    )
