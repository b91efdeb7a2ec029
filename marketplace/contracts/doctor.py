"""What `flask doctor` says of contracts: papers that all have signed and that are not final."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from marketplace.config import Settings
from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Document
from marketplace.contracts.rules import ContractState
from marketplace.contracts.service_sealing import unsealed
from marketplace.contracts.telling import named
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.messages import msgid
from marketplace.signatures.doctor import Check, Health

SHOWN = 5
"""How many are named in one line."""


def unfinished(_settings: Settings, _now: datetime) -> Iterable[Check]:
    """Signed by all: waiting for the seal, which comes by itself; or not concluded, which must never be."""
    try:
        stuck = [named(contract) for contract in never_concluded()]
    except DBAPIError:
        db.session.rollback()
        return  # the doctor has said already that the database is not there, or not migrated
    if stuck:
        yield must_not_be(stuck)
    waiting = [db.session.get_one(Document, number) for number in unsealed()]
    if waiting:
        signed = max(signature.recorded_at for signature in waiting[0].signatures)
        text = msgid(
            "%(count)s signed papers wait for the seal, the oldest since %(day)s. The worker seals them every five "
            "minutes while the seal works; where it cannot, its log names the paper and the reason.",
            count=len(waiting),
            day=format_date(local_date(signed)),
        )
        yield Check("unsealed", Health.WARN, text)
    if not stuck and not waiting:
        yield Check("signed", Health.OK, msgid("Every paper that all have signed is concluded and sealed."))


def must_not_be(names: list[str]) -> Check:
    """Papers without a missing signature that are still open for signing."""
    text = msgid(
        "Signed by all parties but not concluded, which must not be: %(names)s. Restore the database from before "
        "this, or report it with the log.",
        names=", ".join(names[:SHOWN]),
    )
    return Check("signed", Health.PROBLEM, text)


def never_concluded() -> list[Contract]:
    """Open for signing although no signature is missing."""
    waiting = db.session.scalars(select(Contract).where(Contract.state == ContractState.AWAITING)).unique()
    return [contract for contract in waiting if not policy.unsigned(contract)]
