"""Signing a later paper by the same ways as the contract; the last signature brings it into effect, or nothing does."""

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from marketplace.accounts.models import User
from marketplace.annexes import policy, queries
from marketplace.annexes.effective import NewTerms, effective_terms
from marketplace.annexes.models import Paper
from marketplace.annexes.promising import promise
from marketplace.annexes.rules import PAPER, Field, PaperAct, PaperKind, PaperState
from marketplace.annexes.service_drafting import names, note
from marketplace.annexes.telling import tell
from marketplace.contracts import service_ending, service_sealing
from marketplace.contracts.models import Change, Contract, Document, Party, Signature
from marketplace.contracts.refusing import SignatureRefused
from marketplace.contracts.rules import Method
from marketplace.contracts.service_drawing import terms_of
from marketplace.contracts.service_sealing import Prepared
from marketplace.contracts.service_signing import Given, put_signature
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.messages import msgid
from marketplace.ledger.queries import subject_of

PROMISED = frozenset({Field.QUANTITY, Field.MONTHS, Field.SPLIT, Field.GOODS})
"""What changes that moves what the products have promised."""


def sign(
    paper: Paper,
    contract: Contract,
    party: Party,
    given: Given,
    *,
    actor: User,
    now: datetime,
    address: str,
    prepared: Prepared | None,
) -> Signature:
    """One party's signature; the last one concludes the paper and seals it. The contract's row is held by the caller."""
    if not policy.alive(paper, contract, local_date(now)):
        raise SignatureRefused("contract_over")
    if paper.state != PaperState.AWAITING:
        raise SignatureRefused("wrong_state")
    document = paper.documents[-1]
    signature = put_signature(document, party, given, actor=actor, now=now, address=address)
    paper.state = PAPER.after(paper.state, PaperAct.SIGN)
    paper.turn_since = now
    db.session.flush()
    if policy.unsigned(paper, contract):
        told = msgid("%(name)s has signed %(paper)s of contract %(number)s.", name=party.name, **names(paper, contract))
        tell(paper, contract, told, now=now, actor=actor)
        return signature
    service_sealing.settle(document, prepared, given.method, now=now)
    conclude(paper, contract, document, now=now)
    return signature


def conclude(paper: Paper, contract: Contract, document: Document, *, now: datetime) -> None:
    """All have signed: the annex changes the terms from its day on; the minutes settle the contract."""
    paper.state = PAPER.after(paper.state, PaperAct.CONCLUDE)
    paper.signed_on = max(signature.signed_on for signature in document.signatures)
    paper.concluded_at, paper.turn_since = now, None
    data = {"signed_on": paper.signed_on.isoformat(), "document": document.number}
    note("contract:paper_concluded", paper, contract, actor=None, now=now, data=data)
    tell(
        paper,
        contract,
        msgid("%(paper)s of contract %(number)s is signed by all.", **names(paper, contract)),
        now=now,
        actor=None,
    )
    if paper.kind == PaperKind.SETTLEMENT:
        service_ending.settle(contract, day=paper.signed_on, now=now)
        return
    write_down(paper, contract)


def write_down(paper: Paper, contract: Contract) -> None:
    """What earlier slices compute with: the change, the worth from each change on, what the products have promised."""
    assert paper.effective_on is not None
    new = NewTerms.read(paper.terms)
    change = Change(
        contract_id=contract.id,
        effective_on=paper.effective_on,
        source=subject_of(paper),
        number=paper.label,
        ends_on=new.ends_on,
        terms=paper.terms,
    )
    db.session.add(change)
    db.session.flush()
    db.session.refresh(contract, ["changes"])
    ends = ((row.effective_on, row.ends_on) for row in contract.changes if row.ends_on is not None)
    contract.later_ends = [[since.isoformat(), until.isoformat()] for since, until in ends]
    # Where that does not change the contract's own row, whoever acts on a page from before must notice all the same.
    flag_modified(contract, "later_ends")
    value(contract)
    if new.fields & PROMISED:
        promise(contract)
    db.session.flush()


def value(contract: Contract) -> None:
    """The contract's worth from each change on: one that takes effect earlier moves those after it."""
    changes = queries.changes_of(contract)
    for row in contract.changes:
        terms = effective_terms(terms_of(contract), changes, row.effective_on).terms
        row.value = terms.total
        row.value_estimated = terms.total is not None and terms.total_is_estimate


def request_changes(paper: Paper, contract: Contract, reason: str, *, actor: User, now: datetime) -> None:
    """Back to draft: the frozen text and all signatures under it are void."""
    paper.state = PAPER.after(paper.state, PaperAct.REQUEST_CHANGES)
    paper.turn_since = now
    void(paper, reason, now=now)
    note("contract:paper_changes_requested", paper, contract, actor=actor, now=now, reason=reason)
    told = msgid(
        "Other wording is asked for in %(paper)s of contract %(number)s: %(reason)s",
        **names(paper, contract),
        reason=reason,
    )
    tell(paper, contract, told, now=now, actor=actor)


def decline(paper: Paper, contract: Contract, reason: str, *, actor: User, now: datetime) -> None:
    """A party will not sign; the contract goes on as it is."""
    paper.state = PAPER.after(paper.state, PaperAct.DECLINE)
    paper.turn_since = None
    void(paper, reason, now=now)
    note("contract:paper_declined", paper, contract, actor=actor, now=now, reason=reason)
    told = msgid(
        "%(paper)s of contract %(number)s was not agreed to: %(reason)s", **names(paper, contract), reason=reason
    )
    tell(paper, contract, told, now=now, actor=actor)


def void(paper: Paper, reason: str, *, now: datetime) -> None:
    """The frozen text no longer stands."""
    document = paper.documents[-1]
    document.voided_at, document.void_reason, paper.end_reason = now, reason, reason
    db.session.flush()


def attest(paper: Paper, contract: Contract, *, actor: User, now: datetime) -> None:
    """An officer has seen the original; parties without an account, whose ink stands on it, are recorded with it."""
    document = paper.documents[-1]
    for signature in document.signatures:
        if not signature.attested:
            signature.attested_at, signature.attested_by_id = now, actor.id
    if paper.state == PaperState.AWAITING:
        for party in policy.unsigned(paper, contract):
            document.signatures.append(stranger(document, party, actor, now))
    db.session.flush()
    note("contract:paper_attested", paper, contract, actor=actor, now=now, data={"document": document.number})
    if paper.state == PaperState.AWAITING:
        conclude(paper, contract, document, now=now)
        return
    told = msgid("An officer attested the signatures of %(paper)s, contract %(number)s.", **names(paper, contract))
    tell(paper, contract, told, now=now, actor=actor)


def stranger(document: Document, party: Party, actor: User, now: datetime) -> Signature:
    """The ink of a party without an account, as it stands on the scan that another party sent in."""
    scanned = next(row for row in document.signatures if row.method == Method.WET_INK)
    return Signature(
        document_id=document.id,
        party_id=party.id,
        method=Method.WET_INK,
        signed_on=scanned.signed_on,
        recorded_at=now,
        recorded_by_id=actor.id,
        signer_name=party.representative or "",
        signer_title=party.representative_title or "",
        digest=document.file_digest,
        scan_id=scanned.scan_id,
        attested_at=now,
        attested_by_id=actor.id,
    )
