"""The files that come to be when a paper is signed: with digital signatures, sealed, the evidence page, the authority."""

from flask import Response, request

from marketplace.contracts.models import Contract, Document, Signature
from marketplace.contracts.routes_base import bp, need, seen, standing_to
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.files.responses import send
from marketplace.kernel.errors import NotVisible
from marketplace.organisations.access import Helper, Member, Official
from marketplace.web.access import allow


@bp.route("/contracts/<int:contract_id>/papers/<int:document_id>/<any(sealed, evidence, signed):kind>")
@allow(Member, Helper, Official)
def paper(contract_id: int, document_id: int, kind: str) -> Response:
    """A file of the contract or of one of its later papers; whoever sees the contract may have it."""
    document = paper_of(seen(contract_id), document_id)
    files = {"sealed": document.final_file, "evidence": document.evidence_file, "signed": document.signed_file}
    return handed(files[kind])


@bp.route("/contracts/<int:contract_id>/authority/<int:signature_id>")
@allow(Member, Helper, Official)
def authority(contract_id: int, signature_id: int) -> Response:
    """The power of attorney by which somebody signed."""
    contract = seen(contract_id)
    signature = db.session.get(Signature, signature_id)
    if signature is None or signature.party.contract_id != contract.id or signature.authority_file_id is None:
        raise NotVisible
    return handed(db.session.get(StoredFile, signature.authority_file_id))


def paper_of(contract: Contract, document_id: int) -> Document:
    """A frozen text of this very contract; a later paper that was sent back or refused is its parties' business."""
    document = db.session.get(Document, document_id)
    if document is None or document.contract_id != contract.id:
        raise NotVisible
    if document.series and document.voided_at is not None:
        need(standing_to(contract).sides)
    return document


def handed(stored: StoredFile | None) -> Response:
    """The file, or a 404 where there is none yet."""
    if stored is None:
        raise NotVisible
    return send(stored, inline=request.args.get("view") == "1")
