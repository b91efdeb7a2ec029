"""Drawing a later paper up: its draft, its text, fixing the text for signing, dropping it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.annexes import queries
from marketplace.annexes.annex_text import annex_text
from marketplace.annexes.effective import NewTerms, difference, replaced
from marketplace.annexes.models import Paper
from marketplace.annexes.policy import RUNNING, alive
from marketplace.annexes.rules import ALLOWED, FIELDS, PAPER, AnnexReason, Field, PaperAct, PaperKind, PaperState
from marketplace.annexes.rules import called as name_of
from marketplace.annexes.settlement import Settlement
from marketplace.annexes.settlement_text import settlement_text
from marketplace.annexes.telling import tell
from marketplace.clauses import text
from marketplace.clauses.documents import render_pdf
from marketplace.clauses.terms import Terms
from marketplace.clauses.terms import check as check_terms
from marketplace.contracts.models import Contract, Document, Line, Share
from marketplace.contracts.rules import ends_at
from marketplace.contracts.telling import named
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.service import record

OVER = msgid("The contract has ended meanwhile, so its terms are no longer changed.")
NOT_ENDED = msgid("A contract in force is first completed or terminated, then settled.")
PLAIN_WORDS = (AnnexReason.OTHER, AnnexReason.CORRECTION)
"""Reasons that say nothing without words of the parties."""


@dataclass(frozen=True)
class Annex:
    """What was typed of an annex; `wanted` may repeat values that stand, only what differs is kept."""

    reason: AnnexReason
    effective_on: date
    wanted: NewTerms
    explanation: str = ""


def draft_annex(contract: Contract, given: Annex, *, actor: User, on_behalf_of: int | None, now: datetime) -> Paper:
    """A new annex, as a draft that both sides may correct."""
    paper = begin(contract, PaperKind.ANNEX, actor, now)
    write_annex(paper, contract, given)
    return added(paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now)


def draft_settlement(
    contract: Contract, found: Settlement, *, actor: User, on_behalf_of: int | None, now: datetime
) -> Paper:
    """New settlement minutes; there is one set of them at a time."""
    paper = begin(contract, PaperKind.SETTLEMENT, actor, now)
    if not alive(paper, contract, local_date(now)):
        raise Refusal(NOT_ENDED)
    unfinished = select(Paper.id).filter_by(contract_id=contract.id, kind=PaperKind.SETTLEMENT)
    if db.session.scalar(unfinished.where(Paper.state.in_((PaperState.DRAFT, PaperState.AWAITING))).limit(1)):
        raise Refusal(msgid("Settlement minutes are being drawn up already; go on with those."))
    paper.terms = found.stored()
    return added(paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now)


def begin(contract: Contract, kind: PaperKind, actor: User, now: datetime) -> Paper:
    """An empty paper with the next number of its kind. The contract's row is held, so no two get the same."""
    return Paper(
        contract_id=contract.id,
        series=queries.next_series(contract),
        kind=kind,
        number=queries.next_number(contract, kind),
        state=PaperState.DRAFT,
        turn_since=now,
        created_by_id=actor.id,
        created_at=now,
    )


def added(paper: Paper, contract: Contract, *, actor: User, on_behalf_of: int | None, now: datetime) -> Paper:
    """Store it and tell the other side."""
    db.session.add(paper)
    db.session.flush()
    note("contract:paper_drafted", paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now, data=gist(paper))
    told = msgid("%(paper)s of contract %(number)s was drafted: please look it through.", **names(paper, contract))
    tell(paper, contract, told, now=now, actor=actor)
    return paper


def edit_annex(
    paper: Paper, contract: Contract, given: Annex, *, actor: User, on_behalf_of: int | None, now: datetime
) -> None:
    """Correct the draft of an annex."""
    paper.state = PAPER.after(paper.state, PaperAct.EDIT)
    write_annex(paper, contract, given)
    edited(paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now)


def edit_settlement(
    paper: Paper, contract: Contract, found: Settlement, *, actor: User, on_behalf_of: int | None, now: datetime
) -> None:
    """Correct the figures of the minutes."""
    paper.state = PAPER.after(paper.state, PaperAct.EDIT)
    paper.terms = found.stored()
    edited(paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now)


def edited(paper: Paper, contract: Contract, *, actor: User, on_behalf_of: int | None, now: datetime) -> None:
    """In the ledger, with whose turn it is from now on."""
    paper.turn_since = now
    db.session.flush()
    note("contract:paper_edited", paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now, data=gist(paper))


def write_annex(paper: Paper, contract: Contract, given: Annex) -> None:
    """Keep what differs from the terms that stand, if it may be changed for this reason."""
    if contract.state not in RUNNING:
        raise Refusal(OVER)
    if given.reason in PLAIN_WORDS and not given.explanation:
        raise Refusal(msgid("Say in your own words what is changed, and why."), field="explanation")
    check_day(contract, given.effective_on)
    standing = queries.terms_on(contract, given.effective_on).terms
    new = difference(standing, given.wanted)
    check_new(contract, given, standing, new)
    paper.reason, paper.explanation = given.reason, given.explanation or None
    paper.effective_on, paper.terms = given.effective_on, new.stored()


def check_day(contract: Contract, day: date) -> None:
    """An annex changes a contract from its signing until its end, not outside."""
    if contract.signed_on is None or day < contract.signed_on:
        raise Refusal(msgid("An annex cannot take effect before the contract was signed."), field="effective_on")
    end = ends_at(day, contract)
    if end is not None and day > end:
        raise Refusal(
            msgid("The contract ends on %(day)s: the annex must take effect by then.", day=format_date(end)),
            field="effective_on",
        )


def check_new(contract: Contract, given: Annex, standing: Terms, new: NewTerms) -> None:
    """Only fields of this reason, something at all, and terms that can stand."""
    forbidden = new.fields - ALLOWED[given.reason]
    if forbidden:
        raise Refusal(msgid("An annex for this reason does not change: %(field)s.", field=FIELDS[min(forbidden)]))
    if not new.fields:
        raise Refusal(msgid("Nothing is changed yet: enter the new value of what changes."))
    if new.ends_on is not None and new.ends_on < given.effective_on:
        raise Refusal(msgid("The new end lies before the day on which the annex takes effect."), field="ends_on")
    if new.fields & {Field.QUANTITY, Field.MONTHS} and has_shares(contract):
        raise Refusal(
            msgid(
                "Several sellers share these quantities: agree on a new split with a new contract for the difference."
            )
        )
    try:
        check_terms(new.applied(standing))
    except Refusal as refusal:
        raise Refusal(
            refusal.message, "ends_on" if refusal.field is None and new.ends_on else refusal.field
        ) from refusal


def has_shares(contract: Contract) -> bool:
    """Whether several sellers share the quantities out."""
    lines = select(Line.id).where(Line.contract_id == contract.id)
    return db.session.scalar(select(Share.id).where(Share.line_id.in_(lines)).limit(1)) is not None


def retroactive(paper: Paper, day: date) -> bool:
    """Whether the annex would take effect before anybody can have signed it."""
    return paper.effective_on is not None and paper.effective_on < (paper.signed_on or day)


# The text ---------------------------------------------------------------------------------------------------------


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
    if other is not None and other.id != paper.id:
        if not alive(other, contract, local_date(now)):
            raise Refusal(msgid("%(paper)s can no longer be signed: open it and decline it first.", paper=other.label))
        raise Refusal(
            msgid("%(paper)s is being signed: finish or decline it first.", paper=other.label),
        )
    if paper.kind == PaperKind.ANNEX:
        assert paper.effective_on is not None
        check_day(contract, paper.effective_on)
        new, standing = NewTerms.read(paper.terms), queries.terms_on(contract, paper.effective_on).terms
        if replaced(standing, new) != frozen.before:
            raise Stale(paper)
        check_terms(new.applied(standing))
    for party in contract.parties:
        if party.organisation is not None and not party.organisation.verified:
            raise Refusal(msgid("%(name)s is not verified yet, so it cannot sign.", name=party.name))


def cancel(paper: Paper, contract: Contract, reason: str, *, actor: User, now: datetime) -> None:
    """Drop a draft; its number is free again."""
    paper.state = PAPER.after(paper.state, PaperAct.CANCEL)
    paper.end_reason, paper.turn_since = reason, None
    db.session.flush()
    note("contract:paper_cancelled", paper, contract, actor=actor, now=now, reason=reason)
    told = msgid("%(paper)s of contract %(number)s was dropped: %(reason)s", **names(paper, contract), reason=reason)
    tell(paper, contract, told, now=now, actor=actor)


def note(
    event: str,
    paper: Paper,
    contract: Contract,
    *,
    actor: User | None,
    now: datetime,
    on_behalf_of: int | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """A later paper's events stand in its contract's chain, under its label."""
    record(
        event,
        contract,
        actor=actor.id if actor else None,
        on_behalf_of=on_behalf_of,
        now=now,
        data={"paper": paper.label, "series": paper.series, **(data or {})},
        personal={"reason": reason},
    )


def gist(paper: Paper) -> dict[str, Any]:
    """What the paper changes, for the ledger, where nothing can be erased: of people's own words only the digest."""
    effective_on = paper.effective_on.isoformat() if paper.effective_on else None
    terms = dict(paper.terms)
    if terms.get("clause"):
        terms["clause"] = sha256(terms["clause"].encode()).hexdigest()
    return {"reason_code": paper.reason, "effective_on": effective_on, "terms": terms}


def names(paper: Paper, contract: Contract) -> dict[str, str | Message]:
    """Paper and contract, for sentences."""
    return {"paper": called(paper), "number": named(contract)}


def called(paper: Paper) -> Message:
    """How a paper is called in a sentence."""
    return name_of(paper.kind, paper.number)
