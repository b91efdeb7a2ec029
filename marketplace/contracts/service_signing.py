"""Signing in ink, digitally or by confirmation in the app; the last signature concludes the contract."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Document, Line, Party, Signature
from marketplace.contracts.policy import is_shared, sellers
from marketplace.contracts.refusing import SignatureRefused, TextMoved
from marketplace.contracts.rules import CONTRACT, ContractAct, ContractState, Method
from marketplace.contracts.service_sealing import Prepared, authority_words, settle
from marketplace.contracts.service_versions import side_of
from marketplace.contracts.sharing import shares_of
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.quantities import convert
from marketplace.ledger.queries import subject_of
from marketplace.ledger.service import record
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Membership
from marketplace.organisations.rules import AuthorityBasis, MembershipState, is_power_of_attorney_complete
from marketplace.products.models import Commitment, Product
from marketplace.signatures import seal

EARLIEST = date(1990, 1, 1)
"""An older date on a paper is a slip of the pen."""


@dataclass(frozen=True)
class Given:
    """How one party signs, and with what. `digest` is the fingerprint of the file that the signatory saw."""

    method: Method
    digest: str
    signed_on: date
    signer: Membership
    scan: StoredFile | None = None
    certificate: dict[str, Any] | None = None  # of a digital signature: what was verified
    signed_file: StoredFile | None = None  # … and the file that carries it


def check_day(day: date, now: datetime) -> None:
    """A paper bears no date of the future."""
    if day > local_date(now):
        raise Refusal(msgid("The date on the paper cannot lie in the future."), field="signed_on")
    if day < EARLIEST:
        raise Refusal(msgid("Check the year of the date on the paper."), field="signed_on")


def sign(
    contract: Contract,
    party: Party,
    given: Given,
    *,
    actor: User,
    now: datetime,
    address: str,
    prepared: Prepared | None,
) -> Signature:
    """Put one party's signature under the text that stands; the last one concludes the contract and seals it."""
    document = contract.documents[-1]
    signature = put_signature(document, party, given, actor=actor, now=now, address=address)
    contract.turn_since = now
    db.session.flush()
    if policy.unsigned(contract):
        told = msgid("%(name)s has signed contract %(number)s.", name=party.name, number=named(contract))
        tell(contract, told, now=now, actor=actor)
        return signature
    settle(document, prepared, given.method, now=now)
    conclude(contract, document, now=now)
    return signature


def put_signature(
    document: Document, party: Party, given: Given, *, actor: User, now: datetime, address: str
) -> Signature:
    """One party's signature under any paper of a contract; what it brings about is the caller's.

    The caller holds the contract's row. Raises SignatureRefused or TextMoved, which the caller records (`refusing.note_refused`).
    """
    contract = db.session.get_one(Contract, document.contract_id)
    check_open(contract, document, now)
    check_turn(contract, document, party)
    check_authority(party, given, actor, now)
    if given.digest != basis(document, given.method).digest:
        raise TextMoved(contract)
    if given.method == Method.WET_INK:
        check_paper_day(contract, document, given.signed_on, now)
    elif not seal.ready(now).ok:
        raise SignatureRefused("no_seal")
    signature = Signature(
        document_id=document.id,
        party_id=party.id,
        method=given.method,
        signed_on=given.signed_on,
        recorded_at=now,
        recorded_by_id=actor.id,
        signer_name=given.signer.user.name,
        signer_title=given.signer.title,
        authority=authority_words(given.signer),
        authority_file_id=given.signer.authority_file_id,
        certificate=given.certificate,
        digest=given.digest,
        scan_id=given.scan.id if given.scan else None,
    )
    db.session.add(signature)
    if given.signed_file is not None:
        document.signed_file_id = given.signed_file.id
    db.session.flush()
    db.session.refresh(document, ["signatures", "signed_file"])
    note(signature, contract, document, actor=actor, now=now, address=address)
    return signature


def basis(document: Document, method: Method) -> StoredFile:
    """The file that is signed: as issued; for a digital signature with those that others have put into it already."""
    return document.signed_file or document.file if method == Method.DIGITAL else document.file


def check_open(contract: Contract, document: Document, now: datetime) -> None:
    """The paper still stands, and is not past the day until which it may be signed."""
    if document.voided_at is not None:
        raise TextMoved(contract)
    if document.series == 0:
        if not CONTRACT.allows(contract.state, ContractAct.SIGN):
            raise SignatureRefused("wrong_state")
        if contract.sign_by is not None and local_date(now) > contract.sign_by:
            raise SignatureRefused("expired")


def check_turn(contract: Contract, document: Document, party: Party) -> None:
    """Not twice, and not before those who come first."""
    if party not in policy.missing(document, contract.parties):
        raise SignatureRefused("already_signed")
    if party not in policy.turn(contract, document):
        raise SignatureRefused("out_of_turn")


def check_authority(party: Party, given: Given, actor: User, now: datetime) -> None:
    """The signatory's right to sign at this moment, read anew and held until the end of the transaction."""
    held = select(Membership).where(Membership.id == given.signer.id).with_for_update(read=True, of=Membership)
    signer = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if signer.user_id != actor.id or signer.organisation_id != party.organisation_id:
        raise SignatureRefused("not_party")
    if signer.state != MembershipState.ACTIVE or not signer.authority:
        raise SignatureRefused("no_authority")
    if lacking(signer):
        raise SignatureRefused(lacking(signer))
    if not signer.organisation.verified:
        raise SignatureRefused("not_verified")
    today = local_date(now)
    if signer.authority_from is not None and min(today, given.signed_on) < signer.authority_from:
        raise SignatureRefused("authority_not_yet")
    if signer.authority_until is not None and today > signer.authority_until:
        raise SignatureRefused("authority_over")


def lacking(signer: Membership) -> str:
    """What is still to be entered of a signatory, as one of REASONS; "" where nothing is."""
    attorney = signer.authority_basis == AuthorityBasis.POWER_OF_ATTORNEY
    if not signer.title.strip():
        return "no_position"
    if attorney and not is_power_of_attorney_complete(signer.authority_document):
        return "no_power_of_attorney"
    return "no_power_file" if attorney and signer.authority_file_id is None else ""


def check_paper_day(contract: Contract, document: Document, day: date, now: datetime) -> None:
    """A paper cannot have been signed before its text was fixed, nor tomorrow."""
    check_day(day, now)
    drawn = local_date(document.frozen_at)
    if day < drawn and not contract.own_text:
        raise Refusal(
            msgid("This text was fixed on %(day)s only: no paper of it can be older.", day=format_date(drawn)),
            field="signed_on",
        )


def note(
    signature: Signature, contract: Contract, document: Document, *, actor: User, now: datetime, address: str
) -> None:
    """The signature in the ledger; the address and the signer's name stay erasable."""
    data = {
        "document": document.number,
        "party": signature.party.position,
        "method": signature.method,
        "digest": signature.digest,
        "signed_on": signature.signed_on.isoformat(),
        "scan": signature.scan.digest if signature.scan else None,
    }
    if document.series:
        data["series"] = document.series
    if signature.method == Method.DIGITAL and document.signed_file is not None:
        data["signed_file"] = document.signed_file.digest
    record(
        "contract:signed",
        contract,
        actor=actor.id,
        now=now,
        data=data,
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
        for product_id, month, quantity in in_measure_of_products(contract, line):
            key = (product_id, month)
            promised[key] = promised.get(key, Decimal(0)) + quantity
    db.session.add_all(
        Commitment(product_id=product_id, month=month, quantity=quantity, source=source)
        for (product_id, month), quantity in promised.items()
    )


def in_measure_of_products(contract: Contract, line: Line) -> list[tuple[int, date, Decimal]]:
    """A line's months by product, in the measure that the product is listed in; nothing where they cannot be compared.

    What several sellers deliver counts for the product of each, as far as it names one.
    """
    if is_shared(contract):
        rows = [
            (row.product_id, row.month, row.quantity) for each in sellers(contract) for row in shares_of(each, line)
        ]
    else:
        rows = [(line.product_id, row.month, row.quantity) for row in line.months]
    found = []
    for product_id, month, quantity in rows:
        if product_id is None or month is None:
            continue
        product = db.session.get_one(Product, product_id)
        try:
            found.append((product.id, month, convert(quantity, line.measure, product.measure)))
        except Refusal:  # tonnes and packets: nothing that can be compared
            continue
    return found


def release_quantities(contract: Contract, *, now: datetime) -> None:
    """What was promised is free again."""
    rows = update(Commitment).where(Commitment.source == subject_of(contract), Commitment.voided_at.is_(None))
    db.session.execute(rows.values(voided_at=now))


def request_changes(contract: Contract, reason: str, *, actor: User, now: datetime) -> None:
    """Back to draft: the frozen text and all signatures under it are void; the next freezing makes a new version."""
    contract.state = CONTRACT.after(contract.state, ContractAct.REQUEST_CHANGES)
    void(contract, reason, now=now)
    contract.turn_since, contract.left_by = now, side_of(contract, actor, None)
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
