"""How a page puts a signature: prepare outside the write, record or refuse inside, note the refusal afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import request
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.contracts import queries
from marketplace.contracts.models import Contract, Document, Party
from marketplace.contracts.refusing import SignatureRefused, TextMoved, note_refused
from marketplace.contracts.routes_base import me
from marketplace.contracts.routes_signable import Load, Signable, membership, party_of, signing, thanks
from marketplace.contracts.rules import Method
from marketplace.contracts.service_sealing import Coming, Moved, Prepared, prepare
from marketplace.contracts.service_signing import Given
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.messages import msgid
from marketplace.notices.service import notify
from marketplace.web import clock
from marketplace.web.writes import transaction, write

LISTS = msgid(
    "A digital signature was sent away because a revocation list is missing or out of date here. Run `flask doctor` on "
    "the server and install it."
)
SETTINGS = msgid(
    "A digital signature was sent away because the certificates of trusted authorities are missing or cannot be read. "
    "Run `flask doctor` on the server."
)
OPERATORS_FAULTS = {
    "no_seal": msgid(
        "The seal of this platform does not work: a signature was refused. Run `flask doctor` on the server."
    ),
    "digital:no_revocation_information": LISTS,
    "digital:not_configured": SETTINGS,
    "digital:unreadable_setting": SETTINGS,
}
"""Refusals that administrators are told of."""
TRIES = 4
"""How often somebody else may come first before the page says so."""


def nothing(_paper: Signable, _party: Party, _now: datetime) -> dict[str, Any]:
    """Signed without a file."""
    return {}


@dataclass(frozen=True)
class Attempt:
    """One signature as a page sends it."""

    form: Any
    load: Load
    method: Method
    signed_on: date | None = None  # the day on a paper; otherwise that of the signature
    files: Callable[[Signable, Party, datetime], dict[str, Any]] = nothing  # stores inside the write what it brings
    shown: dict[str, Any] = field(default_factory=dict)  # the same for the evidence page, which is drawn before


def put(attempt: Attempt) -> Any:
    """The answer of a recorded signature, or None after a refusal, which stands on the form and in the ledger."""
    form, paper, refused = attempt.form, attempt.load(), None
    document_id, party_id = paper.document.id, party_of(paper.contract, form.party_id.data).id
    for _time in range(TRIES):
        ahead = made_ready(attempt, document_id, party_id)
        if form.refusals:
            return None
        try:
            with write(form) as now:
                try:
                    return signed(attempt, ahead, now)
                except (SignatureRefused, TextMoved) as refusal:
                    refused = refusal.code
                    raise
        except Moved:
            continue
        except TextMoved:
            remember(document_id, party_id, TextMoved.code)
            raise
        if refused:
            remember(document_id, party_id, refused)
        return None
    raise Stale(db.session.get(Document, document_id))


def signed(attempt: Attempt, prepared: Prepared | None, now: datetime) -> Any:
    """Inside the write: read everything anew, sign, answer."""
    paper, form = attempt.load(held=True), attempt.form
    party = party_of(paper.contract, form.party_id.data)
    # The last signature bears the moment in which its evidence page was drawn, and so that moment's day.
    day = attempt.signed_on or local_date(prepared.at if prepared and prepared.last else now)
    given = Given(attempt.method, form.digest.data or "", day, signing(party), **attempt.files(paper, party, now))
    paper.sign(party, given, actor=me(), now=now, address=request.remote_addr or "", prepared=prepared)
    return form.done(thanks(paper), paper.url())


def made_ready(attempt: Attempt, document_id: int, party_id: int) -> Prepared | None:
    """Both files sealed and on disk where this signature is the last; a full disk is said on the form.

    Nothing for somebody without authority, whom the service refuses.
    """
    party, now = db.session.get_one(Party, party_id), clock.now()
    signer = membership(party)
    if signer is None or not signer.authority:
        return None
    try:
        coming = Coming(party, attempt.method, signer, attempt.signed_on or local_date(now), **attempt.shown)
        return prepare(db.session.get_one(Document, document_id), coming, now=now)
    except Refusal as refusal:
        attempt.form.refuse(refusal)
        return None


def remember(document_id: int, party_id: int | None, code: str) -> None:
    """The refusal in the ledger, in a write of its own; administrators are told once a day when the seal is gone."""
    actor = me()
    with transaction() as now:
        document = db.session.get_one(Document, document_id)
        contract = queries.get_locked(document.contract_id, visible_to=actor)
        party = db.session.get(Party, party_id) if party_id else None
        address = request.remote_addr or ""
        note_refused(contract, document, party, code, actor=actor, now=now, address=address)
        if code in OPERATORS_FAULTS:
            tell_administrators(contract, code, now)


def tell_administrators(contract: Contract, code: str, now: datetime) -> None:
    """Once a day for each fault: somebody could not sign because of something that only they can mend."""
    notify(
        db.session.scalars(select(User).where(User.administrator, User.active)),
        OPERATORS_FAULTS[code],
        url="/",
        subject=f"contract:{contract.id}",
        now=now,
        once=f"{'seal' if code == 'no_seal' else code}:{local_date(now).isoformat()}",
    )
