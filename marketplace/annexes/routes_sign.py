"""Signing a later paper by the ways of the contract; sending it back; an officer's word on the original."""

from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.annexes import policy, service_signing
from marketplace.annexes.forms import PaperAttestForm
from marketplace.annexes.models import Paper
from marketplace.annexes.routes_base import WORDS, bp, locked_paper, paper_url, refused, seen_paper
from marketplace.annexes.routes_show import rows_of
from marketplace.annexes.rules import PaperState
from marketplace.annexes.settlement import Settlement
from marketplace.contracts.forms import AppForm, InkForm, ReasonForm
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.refusing import REASONS
from marketplace.contracts.routes_base import me, need, standing_to
from marketplace.contracts.routes_putting import put
from marketplace.contracts.routes_scans import PDF, hold, take
from marketplace.contracts.routes_sign import coming_of, membership, party_of, proved, read_back, shared_scan, signing
from marketplace.contracts.rules import Method
from marketplace.contracts.service_sealing import Prepared
from marketplace.contracts.service_signing import Given
from marketplace.extensions import limiter
from marketplace.files.models import StoredFile
from marketplace.files.service import keep
from marketplace.kernel.messages import Message
from marketplace.organisations.access import Helper, Member, Official
from marketplace.signatures import seal
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import Form
from marketplace.web.messages import say
from marketplace.web.writes import write


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/sign", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def sign(contract_id: int, series: int) -> Any:
    """In ink: print, sign, stamp, upload the scan or photos with the date on the paper."""
    contract, paper = seen_paper(contract_id, series)
    need(standing_to(contract).sides and paper.documents)
    form = InkForm()
    if form.accepted():
        party = party_of(contract, form.party_id.data)
        shared = shared_scan(paper.documents[-1], party) if form.same_paper.data else None
        scan, signed_on = take(form) if shared is None else read_back(shared), form.signed_on.data
        if scan is not None and signed_on is not None:

            def file(now: datetime, paper: Paper, party: Party) -> StoredFile:
                given = shared_scan(paper.documents[-1], party) if form.same_paper.data else None
                stored = given.scan if given else keep(scan, _("signed-paper.pdf"), now, me().id, PDF)
                assert stored is not None
                return stored

            answer = put_on(contract, paper, form, Method.WET_INK, signed_on, file, scan=scan)
            if answer is not None:
                return answer
    elif form.is_submitted():
        hold(form, needed=not form.same_paper.data)
    else:
        return signing_page(contract, paper)
    return signing_page(*seen_paper(contract_id, series), ink=form)


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/confirm-in-app", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def confirm_in_app(contract_id: int, series: int) -> Any:
    """In the application: prove again who one is, and confirm exactly this file. Loaded anew, it is the signing page."""
    if request.method == "GET":
        return redirect(url_for(".sign", contract_id=contract_id, series=series))
    contract, paper = seen_paper(contract_id, series)
    need(standing_to(contract).sides and paper.documents)
    form = AppForm(prefix="app-")
    if form.accepted() and proved(form, me()):
        answer = put_on(contract, paper, form, Method.APP, clock.today())
        if answer is not None:
            return answer
    return signing_page(*seen_paper(contract_id, series), app=form)


def put_on(
    contract: Contract,
    paper: Paper,
    form: Any,
    method: Method,
    signed_on: date,
    file: Any = None,
    scan: bytes | None = None,
) -> Any:
    """Prepare the seal outside the write, put the signature inside it; None after a refusal, which is noted."""
    contract_id, series = paper.contract_id, paper.series
    party = party_of(contract, form.party_id.data)
    coming = coming_of(party, method, membership(party), signed_on, scan=scan)

    def act(now: datetime, prepared: Prepared | None) -> Any:
        contract, paper = locked_paper(contract_id, series)
        party = party_of(contract, form.party_id.data)
        stored = file(now, paper, party) if file else None
        given = Given(method, form.digest.data or "", signed_on, signing(party), scan=stored)
        address = request.remote_addr or ""
        service_signing.sign(paper, contract, party, given, actor=me(), now=now, address=address, prepared=prepared)
        return form.done(thanks(paper, contract), paper_url(paper))

    return put(form, paper.documents[-1], coming, act)


def thanks(paper: Paper, contract: Contract) -> str:
    """What was done, and what comes."""
    if policy.unsigned(paper, contract):
        return _("Your signature is recorded. Now the other party signs.")
    return _("All parties have signed this paper.")


def why_not(paper: Paper, contract: Contract) -> Message:
    """For somebody who came to sign and cannot, in the words in which a direct request is refused."""
    standing = standing_to(contract)
    if not policy.alive(paper, contract, clock.today()):
        return REASONS["contract_over"]
    if paper.state != PaperState.AWAITING:
        return REASONS["wrong_state"]
    if not standing.signs:
        return REASONS["no_authority"]
    own = any(party.id in standing.signs for party in policy.unsigned(paper, contract))
    return REASONS["out_of_turn" if own else "already_signed"]


def signing_page(contract: Contract, paper: Paper, ink: Form | None = None, app: Form | None = None) -> Any:
    """What it changes, then the ways to sign."""
    party = policy.may_sign(paper, contract, standing_to(contract), clock.today())
    if party is None:
        said = [sentence for form in (ink, app) if form for sentence in form.refusals]
        for sentence in said or [say(why_not(paper, contract))]:
            flash(sentence, "problem")
        return redirect(paper_url(paper), 303)
    document = paper.documents[-1]
    values = {"digest": document.file_digest, "party_id": party.id}
    return render_template(
        "annexes/sign.html",
        contract=contract,
        paper=paper,
        party=party,
        document=document,
        rows=rows_of(contract, paper),
        settlement=Settlement.read(paper.terms) if paper.reason is None else None,
        ink=ink or InkForm(formdata=None, **values),
        app=app or AppForm(formdata=None, prefix="app-", **values),
        shared=shared_scan(paper.documents[-1], party),
        second_factor=me().second_factor,
        seal_ready=seal.ready(clock.now()),
        **WORDS,
    )


@bp.post("/contracts/<int:contract_id>/annexes/<int:series>/request-changes")
@allow(Member)
def request_changes(contract_id: int, series: int) -> Any:
    """Back to draft, with a reason; the signatures under this text are void."""
    return send_back(contract_id, series, service_signing.request_changes, _("The paper is a draft again."))


@bp.post("/contracts/<int:contract_id>/annexes/<int:series>/decline")
@allow(Member)
def decline(contract_id: int, series: int) -> Any:
    """A party will not sign; the contract goes on as it is."""
    return send_back(contract_id, series, service_signing.decline, _("You have declined. The other party is told."))


def send_back(contract_id: int, series: int, act: Any, message: str) -> Any:
    """Either of the two, with its reason."""
    contract, paper = seen_paper(contract_id, series)
    need(policy.may_return(paper, standing_to(contract)))
    form = ReasonForm()
    if form.accepted():
        with write(form) as now:
            contract, paper = locked_paper(contract_id, series)
            form.check(paper)
            need(policy.may_return(paper, standing_to(contract)))
            act(paper, contract, form.reason.data or "", actor=me(), now=now)
            return form.done(message, paper_url(paper))
    return refused(form, paper)


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/attest", methods=["GET", "POST"])
@allow(Official)
def attest(contract_id: int, series: int) -> Any:
    """An independent officer has seen the original."""
    contract, paper = seen_paper(contract_id, series)
    need(policy.may_attest(paper, contract, standing_to(contract), clock.today()))
    form = PaperAttestForm(version=paper.version)
    if form.accepted():
        with write(form) as now:
            contract, paper = locked_paper(contract_id, series)
            form.check(paper)
            need(policy.may_attest(paper, contract, standing_to(contract), clock.today()))
            service_signing.attest(paper, contract, actor=me(), now=now)
            return form.done(_("Attested."), url_for("annexes.show", contract_id=contract_id, series=series))
    document = paper.documents[-1]
    signatures = {row.party_id: row for row in document.signatures}
    return render_template(
        "annexes/attest.html", contract=contract, paper=paper, form=form, signatures=signatures, **WORDS
    )
