"""Reads of what both sides wrote: the versions of a text, what the others changed, comments on clauses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from marketplace.accounts.models import User
from marketplace.clauses.differences import differences
from marketplace.clauses.text import fingerprint
from marketplace.contracts.models import Comment, Contract, Document, Party, Revision
from marketplace.contracts.policy import Standing
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations.models import Organisation

NOW = "now"
"""The address of the draft as it reads at this moment."""


@dataclass(frozen=True)
class Version:
    """One text that a side left, or that was fixed for signing."""

    key: str
    words: Message
    at: datetime
    side: int | None = None
    digest: str = ""


def versions(contract: Contract, current: dict[str, Any] | None) -> list[Version]:
    """Oldest first; `current` is the draft as it reads now, which a new wording of a template may have changed."""
    columns = select(Revision.number, Revision.side, Revision.at, Revision.text_digest)
    kept = db.session.execute(columns.filter_by(contract_id=contract.id).order_by(Revision.number)).all()
    names = {party.position: party.name for party in contract.parties}
    fixed = {document.text_digest: document for document in contract.documents}
    found = [
        Version(
            str(row.number), words_of(row, names, fixed.pop(row.text_digest, None)), row.at, row.side, row.text_digest
        )
        for row in reversed(kept)
    ]
    found += [
        Version(f"v{document.number}", msgid("Text %(number)s for signing", number=document.number), document.frozen_at)
        for document in fixed.values()
    ]
    found.sort(key=lambda version: version.at)
    if current is not None and found and found[-1].digest != fingerprint(current):
        found.append(Version(NOW, msgid("The draft as it reads now"), contract.turn_since or contract.created_at))
    return found


def words_of(row: Any, names: dict[int, str], document: Document | None) -> Message:
    """How a version is called."""
    name = names.get(row.side, "")
    if document is not None:
        return msgid("Draft %(number)s, fixed as text %(text)s for signing", number=row.number, text=document.number)
    if not name:
        return msgid("Draft %(number)s", number=row.number)
    return msgid("Draft %(number)s, left by %(name)s", number=row.number, name=name)


def text_of(contract: Contract, key: str, current: dict[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The text of a version, and its figures where they were kept; or NotVisible."""
    if key == NOW and current is not None:
        return current, {}
    if key.startswith("v"):
        found = next((row for row in contract.documents if f"v{row.number}" == key), None)
        if found is not None:
            return found.text, {}
    elif key.isascii() and key.isdigit() and len(key) < 9:
        row = db.session.scalar(select(Revision).filter_by(contract_id=contract.id, number=int(key)))
        if row is not None:
            return row.text, row.figures
    raise NotVisible


def seen_last(versions: Sequence[Version], sides: Collection[int]) -> Version | None:
    """What these sides left last, or else the first version there is; None where nothing came after it."""
    if len(versions) < 2:
        return None
    own = [version for version in versions if version.side in sides]
    found = own[-1] if own else versions[0]
    return None if found is versions[-1] else found


@dataclass(frozen=True)
class News:
    """What the other side changed since one's own last text."""

    clauses: int
    since: str
    until: str


def news_for(contract: Contract, standing: Standing, current: dict[str, Any] | None) -> News | None:
    """How many parts differ from what this person's side left last. Three queries while it is negotiated, else none."""
    if contract.on_paper or not standing.sides or contract.state not in NEGOTIATED:
        return None
    if contract.state == ContractState.AWAITING and any(
        given.party_id in standing.sides for given in contract.documents[-1].signatures
    ):
        return None  # who has signed a text has read it
    known = versions(contract, current if contract.state == ContractState.DRAFT else None)
    ours = {party.position for party in contract.parties if party.id in standing.sides}
    before = seen_last(known, ours)
    if before is None:
        return None
    old, new = (text_of(contract, key, current)[0] for key in (before.key, known[-1].key))
    changes = differences(old, new)
    return News(len(changes), before.key, known[-1].key) if changes else None


NEGOTIATED = (ContractState.DRAFT, ContractState.AWAITING)


@dataclass(frozen=True)
class Said:
    """One comment with the names to show."""

    comment: Comment
    party: str
    position: int
    author: str
    on_behalf_of: str

    @property
    def open(self) -> bool:
        """Nobody has marked it as done."""
        return self.comment.done_at is None


def comments(contract: Contract) -> dict[str, list[Said]]:
    """Every comment by the key of its clause, oldest first. One query."""
    statement = (
        select(Comment, User.name, Organisation.name, Party)
        .join(Party, Party.id == Comment.party_id)
        .options(lazyload(Party.organisation), lazyload(Party.seat))
        .outerjoin(User, User.id == Comment.author_id)
        .outerjoin(Organisation, Organisation.id == Comment.on_behalf_of)
        .where(Comment.contract_id == contract.id)
        .order_by(Comment.id)
    )
    found: dict[str, list[Said]] = {}
    for comment, author, behalf, party in db.session.execute(statement):
        said = Said(comment, party.name, party.position, author or "", behalf or "")
        found.setdefault(comment.clause, []).append(said)
    return found


def comment_of(contract: Contract, comment_id: int) -> Comment:
    """One comment on this contract, or NotVisible."""
    found = db.session.scalar(select(Comment).filter_by(id=comment_id, contract_id=contract.id))
    if found is None:
        raise NotVisible
    return found


def held_about(user: User) -> list[dict[str, Any]]:
    """What a person wrote about texts, for the person to download."""
    statement = select(Comment, Contract.number).join(Contract, Contract.id == Comment.contract_id)
    rows = db.session.execute(statement.where(Comment.author_id == user.id).order_by(Comment.id))
    return [{"contract": number, "clause": row.clause, "text": row.text, "at": row.at} for row, number in rows]


def open_comments(contract: Contract) -> int:
    """How many comments nobody has marked as done, while the text can be changed. One query, later none."""
    if contract.state not in NEGOTIATED:
        return 0
    statement = select(func.count(Comment.id)).filter_by(contract_id=contract.id, done_at=None)
    return db.session.scalar(statement) or 0
