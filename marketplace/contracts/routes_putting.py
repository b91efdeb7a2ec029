"""How a page puts a signature: prepare outside the write, record or refuse inside, note the refusal afterwards."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.contracts import queries
from marketplace.contracts.models import Contract, Document, Party
from marketplace.contracts.refusing import SignatureRefused, TextMoved, note_refused
from marketplace.contracts.routes_base import me
from marketplace.contracts.service_sealing import Coming, Moved, Prepared, prepare
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.messages import msgid
from marketplace.notices.service import notify
from marketplace.web import clock
from marketplace.web.forms import Form
from marketplace.web.writes import transaction, write

TRIES = 4
"""How often somebody else may come first before the page says so."""


def put(
    form: Form,
    document: Document,
    coming: Coming | None,
    act: Callable[[datetime, Prepared | None], Any],
) -> Any:
    """The answer of `act`, or None after a refusal, which stands on the form and in the ledger.

    `act` runs inside the write and hands `prepared` on to the service; `coming` is None where the service will refuse.
    """
    document_id, refused = document.id, None
    party_id = coming.party.id if coming else None
    for _time in range(TRIES):
        ahead = made_ready(form, document_id, coming)
        if form.refusals:
            return None
        try:
            with write(form) as now:
                try:
                    return act(now, ahead)
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


def made_ready(form: Form, document_id: int, coming: Coming | None) -> Prepared | None:
    """Both files sealed and on disk where this signature is the last; a full disk is said on the form."""
    if coming is None:
        return None
    try:
        return prepare(db.session.get_one(Document, document_id), coming, now=clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
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
        if code == "no_seal":
            tell_administrators(contract, now)


def tell_administrators(contract: Contract, now: datetime) -> None:
    """The seal does not work, and somebody could not sign because of it."""
    notify(
        db.session.scalars(select(User).where(User.administrator, User.active)),
        msgid("The seal of this platform does not work: a signature was refused. Run `flask doctor` on the server."),
        url="/",
        subject=f"contract:{contract.id}",
        now=now,
        once=f"seal:{local_date(now).isoformat()}",
    )
