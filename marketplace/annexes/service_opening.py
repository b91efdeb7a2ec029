"""Fixing the text of a later paper for signing: written, drawn, and refused where it could not be concluded."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from marketplace.accounts.models import User
from marketplace.annexes import queries
from marketplace.annexes.annex_text import annex_text
from marketplace.annexes.effective import NewTerms, replaced
from marketplace.annexes.models import Paper
from marketplace.annexes.policy import alive
from marketplace.annexes.rules import PAPER, PaperAct, PaperKind
from marketplace.annexes.service_drafting import (
    NOT_ENDED,
    OVER,
    check_day,
    check_goods,
    check_later,
    gist,
    names,
    note,
    stand,
)
from marketplace.annexes.service_lapsing import supersede, supersedes
from marketplace.annexes.settlement import Settlement
from marketplace.annexes.settlement_text import settlement_text
from marketplace.annexes.telling import tell
from marketplace.clauses import text
from marketplace.clauses.documents import render_pdf
from marketplace.contracts.models import Contract, Document
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.messages import msgid


@dataclass(frozen=True)
class Frozen:
    """A text made ready for signing, before any write transaction is open."""

    version: int
    document: dict[str, Any]
    pdf: bytes
    before: dict[str, Any]


def written(paper: Paper, contract: Contract) -> tuple[dict[str, Any], dict[str, Any]]:
    """The paper's text as it reads now, and the values that it replaces."""
    if paper.kind == PaperKind.SETTLEMENT:
        basis = queries.basis_of(contract, contract.ended_on)
        terms = queries.terms_on(contract, contract.ended_on).terms
        found = Settlement.read(paper.terms)
        return settlement_text(basis, label=paper.label, found=found, terms=terms).document(), {}
    assert paper.reason is not None
    assert paper.effective_on is not None
    new, standing = NewTerms.read(paper.terms), queries.terms_on(contract, paper.effective_on).terms
    made = annex_text(
        # Only annexes that hold by then are part of what this one rests on.
        queries.basis_of(contract, paper.effective_on),
        label=paper.label,
        reason=paper.reason,
        explanation=paper.explanation or "",
        effective_on=paper.effective_on,
        standing=standing,
        new=new,
    )
    return made.document(), replaced(standing, new)


def draw(paper: Paper, contract: Contract, *, now: datetime, verify_url: str | None, draft: bool = False) -> Frozen:
    """Write and render; slow (tenths of a second), so never inside a write."""
    document, before = written(paper, contract)
    code = None if draft else contract.code
    pdf = render_pdf(document, issued_at=now, verify_url=None if draft else verify_url, code=code, draft=draft)
    return Frozen(paper.version, document, pdf, before)


def open_for_signing(
    paper: Paper,
    contract: Contract,
    frozen: Frozen,
    file: StoredFile,
    *,
    actor: User,
    on_behalf_of: int | None,
    now: datetime,
) -> Document:
    """Freeze the text: from here on it is signed or sent back, never changed. `file` holds exactly `frozen.pdf`."""
    if paper.version != frozen.version:
        raise Stale(paper)
    ready(paper, contract, frozen, now)
    other = queries.being_signed(contract)
    if other is not None and supersedes(paper, other):
        supersede(other, contract, actor=actor, now=now)
    paper.state = PAPER.after(paper.state, PaperAct.OPEN_FOR_SIGNING)
    paper.turn_since, paper.before, paper.end_reason = now, frozen.before, None
    document = Document(
        contract_id=contract.id,
        series=paper.series,
        number=len(paper.documents) + 1,
        text=frozen.document,
        text_digest=text.fingerprint(frozen.document),
        file_id=file.id,
        file_digest=sha256(frozen.pdf).hexdigest(),
        frozen_at=now,
        frozen_by_id=actor.id,
    )
    db.session.add(document)
    db.session.flush()
    data = {"document": document.number, "text": document.text_digest, "file": document.file_digest, **gist(paper)}
    note("contract:paper_opened", paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now, data=data)
    db.session.refresh(paper, ["documents"])
    told = msgid("%(paper)s of contract %(number)s is ready to be signed.", **names(paper, contract))
    tell(paper, contract, told, now=now, actor=actor)
    return document


def ready(paper: Paper, contract: Contract, frozen: Frozen, now: datetime) -> None:
    """Refuse to freeze what could not be concluded as it reads."""
    if not alive(paper, contract, local_date(now)):
        raise Refusal(OVER if paper.kind == PaperKind.ANNEX else NOT_ENDED)
    other = queries.being_signed(contract)
    if other is not None and other.id != paper.id and not supersedes(paper, other):
        raise Refusal(msgid("%(paper)s is being signed: finish or decline it first.", paper=other.label))
    if paper.kind == PaperKind.ANNEX:
        assert paper.effective_on is not None
        check_day(contract, paper.effective_on)
        new, standing = NewTerms.read(paper.terms), queries.terms_on(contract, paper.effective_on).terms
        if replaced(standing, new) != frozen.before:
            raise Stale(paper)
        check_goods(contract, paper.effective_on, standing, new)
        stand(new.applied(standing))
        check_later(contract, paper.effective_on, new)
    for party in contract.parties:
        if party.organisation is not None and not party.organisation.verified:
            raise Refusal(msgid("%(name)s is not verified yet, so it cannot sign.", name=party.name))
