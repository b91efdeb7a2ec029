"""The seal over what all have signed: made before the last signature's transaction, recorded in it or not at all."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from marketplace.contracts import evidence, policy
from marketplace.contracts.models import Contract, Document, Party
from marketplace.contracts.refusing import SignatureRefused
from marketplace.contracts.rules import CONCLUDED, Method
from marketplace.extensions import db
from marketplace.files.service import keep, put_early, read
from marketplace.files.sniff import MediaType
from marketplace.kernel.dates import format_date
from marketplace.ledger.queries import latest_root
from marketplace.ledger.service import record
from marketplace.organisations.models import Membership
from marketplace.signatures.seal import Sealed, SealMissing, Unsealable, ready, seal
from marketplace.web.addresses import path_of, public_url

log = logging.getLogger(__name__)
PDF = {MediaType.PDF}
LONGEST_AUTHORITY = 200


class Moved(Exception):
    """Between preparing and recording somebody else signed or sent back: prepare again."""


@dataclass(frozen=True)
class Coming:
    """The signature that is about to be recorded, as the evidence page will show it."""

    party: Party
    method: Method
    signer: Membership
    signed_on: date
    scan: bytes | None = None
    certificate: dict[str, Any] | None = None
    signed_pdf: bytes | None = None  # of a digital signature: the file that carries it


@dataclass(frozen=True)
class Prepared:
    """What was made ready, and for which signatures. Without files: `refused` says why, and ink goes on all the same."""

    at: datetime
    last: bool
    signers: list[dict[str, Any]] = field(default_factory=list)
    final: bytes | None = None
    proof: bytes | None = None
    info: dict[str, Any] = field(default_factory=dict)
    refused: str = ""


def prepare(document: Document, coming: Coming, *, now: datetime) -> Prepared:
    """Seal both files as they will be if this signature is the last. Slow: call it before the write transaction."""
    contract = db.session.get_one(Contract, document.contract_id)
    if policy.missing(document, contract.parties) != [coming.party]:
        return Prepared(now, last=False)
    signers = [*rows_of(document), row_of(coming, now)]
    try:
        return sealed(contract, document, signers, coming.signed_pdf, now=now)
    except (OSError, RuntimeError):
        if coming.method != Method.WET_INK:
            raise
        # Paper goes on whatever is wrong here; the background task tries again and its log says what it is.
        log.exception("document %s was not sealed with its last signature", document.id)
        return Prepared(now, last=True, signers=signers, refused="unsealable")


def row_of(coming: Coming, now: datetime) -> dict[str, Any]:
    """What the evidence page will say of it."""
    return evidence.signer(
        coming.party,
        method=coming.method,
        name=coming.signer.user.name,
        title=coming.signer.title,
        authority=authority_words(coming.signer),
        authority_file=coming.signer.authority_file_id is not None,
        signed_on=format_date(coming.signed_on),
        recorded_at=now,
        certificate=coming.certificate,
        scan=sha256(coming.scan).hexdigest() if coming.scan else None,
    )


def authority_words(signer: Membership) -> str | None:
    """The power of attorney as it stands beside the signature: number, date, and how long it holds."""
    if signer.authority_document is None:
        return None
    since = f" từ {format_date(signer.authority_from)}" if signer.authority_from else ""
    until = f" đến {format_date(signer.authority_until)}" if signer.authority_until else ""
    words = signer.authority_document + (f" (hiệu lực{since}{until})" if since or until else "")
    return words if len(words) <= LONGEST_AUTHORITY else signer.authority_document


def rows_of(document: Document) -> list[dict[str, Any]]:
    """The signatures that stand under a document, as the evidence page shows them."""
    contract = db.session.get_one(Contract, document.contract_id)
    on_paper = contract.on_paper and document.series == 0
    return [evidence.signer_of(signature, on_paper=on_paper) for signature in document.signatures]


def sealed(
    contract: Contract,
    document: Document,
    signers: list[dict[str, Any]],
    signed_pdf: bytes | None,
    *,
    now: datetime,
) -> Prepared:
    """The final file and the evidence page, sealed and on disk; or why not."""
    try:
        return both(contract, document, signers, signed_pdf, now=now)
    except SealMissing:
        return Prepared(now, last=True, signers=signers, refused="no_seal")


def both(
    contract: Contract,
    document: Document,
    signers: list[dict[str, Any]],
    signed_pdf: bytes | None,
    *,
    now: datetime,
) -> Prepared:
    """The two files; raises SealMissing."""
    before = signed_pdf or read(document.signed_file or document.file)
    try:
        final, refused = seal(before, now=now), ""
    except Unsealable:
        log.exception("document %s cannot be sealed", document.id)
        final, refused = None, "unsealable"
    files = [("Bản phát hành", document.file_digest)]
    if signed_pdf or document.signed_file:
        files.append(("Bản có chữ ký số", sha256(before).hexdigest()))
    if final is not None:
        put_early(final.pdf, PDF)
        files.append(("Bản niêm phong", sha256(final.pdf).hexdigest()))
    proof = proven(contract, document, signers, files, final.info if final else None, now=now)
    put_early(proof.pdf, PDF)
    info = final.info if final else proof.info
    return Prepared(now, True, signers, final.pdf if final else None, proof.pdf, info, refused)


def proven(
    contract: Contract,
    document: Document,
    signers: list[dict[str, Any]],
    files: list[tuple[str, str]],
    info: dict[str, Any] | None,
    *,
    now: datetime,
) -> Sealed:
    """The evidence page under the seal. Where the contract's own file could not be sealed, it speaks for it."""
    root = latest_root()
    given = evidence.described(
        contract,
        document,
        sorted(signers, key=lambda row: int(row["position"])),
        files=files,
        info=info or {**ready(now).certificate, "missing": None},
        sealed_at=now,
        root=(format_date(root.day), root.hash) if root else None,
        verify_url=public_url(path_of("contracts.verified", code=contract.code)),
    )
    return seal(evidence.render(given, now), now=now, stamp=info is None or info["missing"] != "no_answer")


def settle(document: Document, prepared: Prepared | None, method: Method, *, now: datetime) -> None:
    """All have signed: record the prepared files; raise Moved where they are of other signatures.

    Signed in the app or digitally, it is sealed now or not signed at all; on paper the seal may follow later.
    """
    if prepared is None:
        if method != Method.WET_INK:
            raise Moved
        return
    if prepared.last:
        # The moment that stands on the evidence page, which was drawn just before.
        document.signatures[-1].recorded_at = prepared.at
    if not prepared.last or prepared.signers != rows_of(document):
        raise Moved
    if prepared.refused and method != Method.WET_INK:
        raise SignatureRefused(prepared.refused)
    if prepared.proof is not None:
        attach(document, prepared, now=now)


def attach(document: Document, prepared: Prepared, *, now: datetime) -> None:
    """Both files belong to the document from now on; of a file that cannot be sealed, the evidence page alone."""
    assert prepared.proof is not None
    contract = db.session.get_one(Contract, document.contract_id)
    name = "hop-dong" if document.series == 0 else "van-ban"
    final = keep(prepared.final, f"{name}-niem-phong-{contract.code}.pdf", now, None, PDF) if prepared.final else None
    proof = keep(prepared.proof, f"{name}-xac-nhan-ky-ket-{contract.code}.pdf", now, None, PDF)
    document.final_file_id, document.evidence_file_id = final.id if final else None, proof.id
    document.sealed_at, document.seal = prepared.at, prepared.info
    db.session.flush()
    db.session.refresh(document, ["final_file", "evidence_file"])
    data = {
        "document": document.number,
        "final": final.digest if final else None,
        "evidence": proof.digest,
        "certificate": prepared.info["fingerprint"],
        "trusted_time": prepared.info["trusted_time"],
    }
    if document.series:
        data["series"] = document.series
    record("contract:sealed", contract, actor=None, now=now, data=data)


def unsealed() -> list[int]:
    """Papers that all have signed and that wait for the seal, oldest first."""
    waiting = (
        select(Document.id)
        .join(Contract, Contract.id == Document.contract_id)
        .where(Document.sealed_at.is_(None), Document.voided_at.is_(None), Contract.state.in_(CONCLUDED))
        .order_by(Document.id)
    )
    found = []
    for number in db.session.scalars(waiting).all():
        document = db.session.get_one(Document, number)
        contract = db.session.get_one(Contract, document.contract_id)
        if document.signatures and not policy.missing(document, contract.parties):
            found.append(number)
    return found


def prepare_later(document: Document, *, now: datetime) -> Prepared:
    """For a paper that all have signed already; the seal bears its own, later time."""
    contract = db.session.get_one(Contract, document.contract_id)
    return sealed(contract, document, rows_of(document), None, now=now)
