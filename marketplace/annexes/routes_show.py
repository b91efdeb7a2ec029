"""A later paper's own page and files, and the terms of a contract as they stand on a day."""

from typing import Any

from flask import Response, render_template, request, url_for

from marketplace.annexes import policy, queries, service_opening
from marketplace.annexes.advising import advice_of
from marketplace.annexes.annex_text import changed
from marketplace.annexes.effective import NewTerms
from marketplace.annexes.models import Paper
from marketplace.annexes.routes_base import WORDS, bp, seen_paper
from marketplace.annexes.rules import PaperKind, PaperState
from marketplace.annexes.service_lapsing import supersedes
from marketplace.annexes.settlement import Settlement
from marketplace.annexes.turns import over, turn_of
from marketplace.clauses.documents import MOTTO, STATE
from marketplace.contracts.models import Contract, Document
from marketplace.contracts.routes_base import DRAWING, me, need, seen, standing_to
from marketplace.contracts.rules import CONCLUDED
from marketplace.extensions import limiter
from marketplace.files.models import StoredFile
from marketplace.files.responses import POLICY, send
from marketplace.kernel.dates import parse_date
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.organisations.access import Helper, Member, Official
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.messages import say


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>")
@allow(Member, Helper, Official)
def show(contract_id: int, series: int) -> str:
    """One paper: where it stands, whose turn it is, what it changes, its text, signatures and files."""
    contract, paper = seen_paper(contract_id, series)
    standing, today = standing_to(contract), clock.today()
    text, refusal = text_of(contract, paper)
    document = paper.documents[-1] if paper.documents else None
    return render_template(
        "annexes/show.html",
        contract=contract,
        paper=paper,
        standing=standing,
        turn=turn_of(paper, contract, standing, today),
        over=over,
        voided=voided_by(paper, contract),
        rows=rows_of(contract, paper),
        settlement=Settlement.read(paper.terms) if paper.kind == PaperKind.SETTLEMENT else None,
        warnings=advice_of(paper, contract, today) if standing.sides else [],
        text=text,
        refusal=refusal,
        document=document,
        signatures={row.party_id: row for row in document.signatures} if document else {},
        may_edit=policy.may_edit(paper, contract, standing, today),
        may_cancel=policy.may_cancel(paper, standing),
        may_return=policy.may_return(paper, standing),
        may_attest=policy.may_attest(paper, contract, standing, today),
        button=lambda: DoForm(formdata=None, version=paper.version),
        day=today,
        state=STATE,
        motto=MOTTO,
        viewer=me(),
        **WORDS,
    )


def voided_by(paper: Paper, contract: Contract) -> Paper | None:
    """The annex that is void once the text of these minutes is fixed."""
    other = queries.being_signed(contract) if paper.state == PaperState.DRAFT else None
    return other if other is not None and supersedes(paper, other) else None


def text_of(contract: Contract, paper: Paper) -> tuple[dict[str, Any] | None, str]:
    """The text that stands: frozen, or the draft as it reads now."""
    if paper.state not in (PaperState.DRAFT, PaperState.CANCELLED) and paper.documents:
        return paper.documents[-1].text, ""
    try:
        return service_opening.written(paper, contract)[0], ""
    except Refusal as refusal:
        return None, say(refusal.message)


def rows_of(contract: Contract, paper: Paper) -> list[Any]:
    """Old and new values of an annex: by the terms that stood without it."""
    if paper.kind != PaperKind.ANNEX or paper.effective_on is None:
        return []
    before = queries.changes_of(contract, before=paper.label if paper.state == PaperState.SIGNED else "")
    standing = queries.effective_terms(queries.terms_of(contract), before, paper.effective_on).terms
    return list(changed(standing, NewTerms.read(paper.terms)))


@bp.route("/contracts/<int:contract_id>/terms")
@allow(Member, Helper, Official)
def terms(contract_id: int) -> str:
    """The terms as they stand on a day; each changed value says by which annex, and since when."""
    contract = seen(contract_id)
    need(contract.state in CONCLUDED)
    typed, refusal, day = request.args.get("on", ""), "", clock.today()
    try:
        day = parse_date(typed) if typed else day
    except Refusal as refused:
        refusal = say(refused.message)
    return render_template(
        "annexes/terms.html",
        contract=contract,
        day=day,
        typed=typed,
        refusal=refusal,
        found=queries.terms_on(contract, day),
        before=contract.signed_on is None or day < contract.signed_on,
        later=[change for change in queries.changes_of(contract) if change.effective_on > day],
        addresses={
            paper.label: url_for(".show", contract_id=contract_id, series=paper.series)
            for paper in queries.papers_of(contract)
            if paper.state == PaperState.SIGNED
        },
        **WORDS,
    )


# Files ------------------------------------------------------------------------------------------------------------


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/document/<int:number>")
@allow(Member, Helper, Official)
def document(contract_id: int, series: int, number: int) -> Response:
    """A frozen file exactly as it was issued."""
    return sent(document_of(seen_paper(contract_id, series)[1], number).file)


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/scan/<int:signature_id>")
@allow(Member, Helper, Official)
def scan(contract_id: int, series: int, signature_id: int) -> Response:
    """The scan that a signature was recorded with."""
    _contract, paper = seen_paper(contract_id, series)
    every = (row for each in paper.documents for row in each.signatures)
    return sent(next((row.scan for row in every if row.id == signature_id), None))


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/preview")
@allow(Member, Helper)
@limiter.limit(DRAWING)
def preview(contract_id: int, series: int) -> Any:
    """The draft as a PDF with its watermark."""
    contract, paper = seen_paper(contract_id, series)
    try:
        pdf = service_opening.draw(paper, contract, now=clock.now(), verify_url=None, draft=True).pdf
    except Refusal as refusal:
        return render_template("annexes/unprintable.html", paper=paper, sentence=say(refusal.message), **WORDS), 422
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="du-thao-{paper.label}-{contract.id}.pdf"'
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def document_of(paper: Paper, number: int) -> Document:
    """One frozen document of this paper, or NotVisible."""
    found = next((each for each in paper.documents if each.number == number), None)
    if found is None:
        raise NotVisible
    return found


def sent(stored: StoredFile | None) -> Response:
    """A stored file, or NotVisible where there is none."""
    if stored is None:
        raise NotVisible
    return send(stored, inline=request.args.get("view") == "1")
