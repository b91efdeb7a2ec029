"""Signing: in ink or by confirmation in the app; the last signature concludes the contract."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import update

from marketplace.accounts.models import User
from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Document, Line, Party, Signature
from marketplace.contracts.rules import CONTRACT, ContractAct, ContractState, Method
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.messages import msgid
from marketplace.kernel.quantities import convert
from marketplace.ledger.queries import subject_of
from marketplace.ledger.service import record
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Membership
from marketplace.products.models import Commitment

EARLIEST = date(1990, 1, 1)
"""An older date on a paper is a slip of the pen."""


def sign_in_ink(
    contract: Contract,
    party: Party,
    *,
    digest: str,
    scan: StoredFile,
    signed_on: date,
    signer: Membership,
    actor: User,
    now: datetime,
    address: str,
) -> Signature:
    """The paper was signed and stamped; `scan` shows it, `signed_on` is the date that stands on it.

    `digest` is the fingerprint of the file that was printed: what the signatory saw on the page.
    """
    check_day(signed_on, now)
    drawn = local_date(contract.documents[-1].frozen_at)
    if signed_on < drawn and not contract.own_text:
        raise Refusal(
            msgid("This text was fixed on %(day)s only: no paper of it can be older.", day=format_date(drawn)),
            field="signed_on",
        )
    return sign(contract, party, Method.WET_INK, digest, signed_on, signer, scan, actor=actor, now=now, address=address)


def confirm_in_app(
    contract: Contract, party: Party, *, digest: str, signer: Membership, actor: User, now: datetime, address: str
) -> Signature:
    """The signatory re-authenticated and confirmed exactly this file. Evidence, not a digital signature."""
    day = local_date(now)
    return sign(contract, party, Method.APP, digest, day, signer, None, actor=actor, now=now, address=address)


def check_day(day: date, now: datetime) -> None:
    """A paper bears no date of the future."""
    if day > local_date(now):
        raise Refusal(msgid("The date on the paper cannot lie in the future."), field="signed_on")
    if day < EARLIEST:
        raise Refusal(msgid("Check the year of the date on the paper."), field="signed_on")


def sign(
    contract: Contract,
    party: Party,
    method: Method,
    digest: str,
    signed_on: date,
    signer: Membership,
    scan: StoredFile | None,
    *,
    actor: User,
    now: datetime,
    address: str,
) -> Signature:
    """Put one party's signature under the text that stands; conclude when it was the last."""
    CONTRACT.after(contract.state, ContractAct.SIGN)
    document = contract.documents[-1]
    if document.file_digest != digest:
        raise Stale(contract)
    if party not in policy.awaited(contract):
        raise Refusal(msgid("It is not this party's turn to sign."))
    signature = Signature(
        document_id=document.id,
        party_id=party.id,
        method=method,
        signed_on=signed_on,
        recorded_at=now,
        recorded_by_id=actor.id,
        signer_name=signer.user.name,
        signer_title=signer.title,
        authority=signer.authority_document,
        digest=digest,
        scan_id=scan.id if scan else None,
    )
    db.session.add(signature)
    contract.turn_since = now
    db.session.flush()
    db.session.refresh(document, ["signatures"])
    note(signature, contract, document, actor=actor, now=now, address=address)
    if policy.unsigned(contract):
        told = msgid("%(name)s has signed contract %(number)s.", name=party.name, number=named(contract))
        tell(contract, told, now=now, actor=actor)
    else:
        conclude(contract, document, now=now)
    return signature


def note(
    signature: Signature, contract: Contract, document: Document, *, actor: User, now: datetime, address: str
) -> None:
    """The signature in the ledger; the address and the signer's name stay erasable."""
    record(
        "contract:signed",
        contract,
        actor=actor.id,
        now=now,
        data={
            "document": document.number,
            "party": signature.party.position,
            "method": signature.method,
            "digest": signature.digest,
            "signed_on": signature.signed_on.isoformat(),
            "scan": signature.scan.digest if signature.scan else None,
        },
        personal={"address": address, "signer": signature.signer_name},
    )


def conclude(contract: Contract, document: Document, *, now: datetime) -> None:
    """All have signed: the contract is concluded on the day of the last signature, and its quantities are promised."""
    act = ContractAct.CONCLUDE if contract.state == ContractState.AWAITING else ContractAct.CONFIRM
    contract.state = CONTRACT.after(contract.state, act)
    contract.signed_on = max(signature.signed_on for signature in document.signatures)
    contract.concluded_at = now
    contract.turn_since = None
    for party in contract.parties:
        if party.organisation is not None:
            seat = organisations.seat_on(party.organisation, contract.signed_on)
            party.seat_id = seat.id if seat else party.seat_id
            party.sector = party.organisation.sector
    commit_quantities(contract)
    db.session.flush()
    record("contract:concluded", contract, actor=None, now=now, data={"signed_on": contract.signed_on.isoformat()})
    tell(contract, msgid("Contract %(number)s is signed by all.", number=named(contract)), now=now, actor=None)


def commit_quantities(contract: Contract) -> None:
    """Write the promised quantities down to the products, so that search and matching know what is still free."""
    source = subject_of(contract)
    promised: dict[tuple[int, date], Decimal] = {}
    for line in contract.lines:
        for month, quantity in in_measure_of_product(line):
            key = (line.product_id or 0, month)
            promised[key] = promised.get(key, Decimal(0)) + quantity
    db.session.add_all(
        Commitment(product_id=product_id, month=month, quantity=quantity, source=source)
        for (product_id, month), quantity in promised.items()
    )


def in_measure_of_product(line: Line) -> list[tuple[date, Decimal]]:
    """A line's months in the measure that its product is listed in; nothing where they cannot be compared."""
    if line.product is None:
        return []
    try:
        return [(row.month, convert(row.quantity, line.measure, line.product.measure)) for row in line.months]
    except Refusal:
        return []


def release_quantities(contract: Contract, *, now: datetime) -> None:
    """What was promised is free again."""
    rows = update(Commitment).where(Commitment.source == subject_of(contract), Commitment.voided_at.is_(None))
    db.session.execute(rows.values(voided_at=now))


def request_changes(contract: Contract, reason: str, *, actor: User, now: datetime) -> None:
    """Back to draft: the frozen text and all signatures under it are void; the next freezing makes a new version."""
    contract.state = CONTRACT.after(contract.state, ContractAct.REQUEST_CHANGES)
    void(contract, reason, now=now)
    contract.turn_since = now
    db.session.flush()
    record("contract:changes_requested", contract, actor=actor.id, now=now, personal={"reason": reason})
    told = msgid("Changes are asked for in contract %(number)s: %(reason)s", number=named(contract), reason=reason)
    tell(contract, told, now=now, actor=actor)


def decline(contract: Contract, reason: str, *, actor: User, now: datetime) -> None:
    """A party will not sign, or does not recognise a recorded paper."""
    act = ContractAct.REJECT if contract.state == ContractState.RECORDED else ContractAct.DECLINE
    contract.state = CONTRACT.after(contract.state, act)
    void(contract, reason, now=now)
    contract.end_reason, contract.turn_since = reason, None
    db.session.flush()
    record("contract:declined", contract, actor=actor.id, now=now, personal={"reason": reason})
    told = msgid("Contract %(number)s was declined: %(reason)s", number=named(contract), reason=reason)
    tell(contract, told, now=now, actor=actor)


def void(contract: Contract, reason: str, *, now: datetime) -> None:
    """The frozen text no longer stands."""
    document = contract.documents[-1]
    document.voided_at, document.void_reason = now, reason


def cancel(contract: Contract, reason: str, *, actor: User, now: datetime) -> None:
    """Drop a draft, or a record that nobody has confirmed."""
    contract.state = CONTRACT.after(contract.state, ContractAct.CANCEL)
    contract.end_reason, contract.turn_since = reason, None
    db.session.flush()
    record("contract:cancelled", contract, actor=actor.id, now=now, personal={"reason": reason})
    told = msgid("The draft of contract %(number)s was dropped: %(reason)s", number=named(contract), reason=reason)
    tell(contract, told, now=now, actor=actor)


def attest(contract: Contract, *, actor: User, now: datetime) -> None:
    """An officer states having seen the original: a recorded paper counts from now on, by its signing date."""
    document = contract.documents[-1]
    for signature in document.signatures:
        if not signature.attested:
            signature.attested_at, signature.attested_by_id = now, actor.id
    db.session.flush()
    record("contract:attested", contract, actor=actor.id, now=now, data={"document": document.number})
    if contract.state == ContractState.RECORDED:
        conclude(contract, document, now=now)
    else:
        told = msgid("An officer attested the signatures of contract %(number)s.", number=named(contract))
        tell(contract, told, now=now, actor=actor)


def confirm(contract: Contract, party: Party, *, actor: User, now: datetime) -> None:
    """The other party says that the recorded paper is theirs too."""
    record("contract:confirmed", contract, actor=actor.id, now=now, data={"party": party.position})
    conclude(contract, contract.documents[-1], now=now)
