"""Seals what was signed on paper while the seal did not work; the seal bears its own, later time."""

import logging
from datetime import datetime
from itertools import islice

from flask import Flask
from sqlalchemy import select

from marketplace.contracts.models import Contract, Document
from marketplace.contracts.service_sealing import Prepared, attach, prepare_later, rows_of, unsealed
from marketplace.extensions import db
from marketplace.signatures.seal import ready
from marketplace.web import clock
from marketplace.web.writes import transaction

AT_ONCE = 20
log = logging.getLogger(__name__)


def seal_later(_app: Flask) -> int:
    """The papers that wait for their seal, some in each run; how many got it. Those that cannot hold up no other."""
    if not ready(clock.now()).ok:
        return 0
    done = (number for number in unsealed() if seal_one(number, clock.now()))
    return len(list(islice(done, AT_ONCE)))


def seal_one(document_id: int, now: datetime) -> bool:
    """Prepared outside, recorded in a short write; whether it was. A paper that fails keeps no other from its seal."""
    try:
        prepared = prepare_later(db.session.get_one(Document, document_id), now=now)
    except (OSError, RuntimeError):
        log.exception("document %s was not sealed", document_id)
        return False
    if prepared.refused == "no_seal":
        return False
    with transaction() as moment:
        return record_one(document_id, prepared, moment)


def record_one(document_id: int, prepared: Prepared, now: datetime) -> bool:
    """Unless another worker was faster, or an officer attested meanwhile: then the next run does it."""
    number = db.session.get_one(Document, document_id).contract_id
    db.session.execute(select(Contract.id).where(Contract.id == number).with_for_update())
    document = db.session.get_one(Document, document_id, populate_existing=True)
    if document.sealed_at is not None or prepared.signers != rows_of(document):
        return False
    attach(document, prepared, now=now)
    log.info("document %s is sealed", document_id)
    return True
