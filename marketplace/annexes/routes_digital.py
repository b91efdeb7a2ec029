"""Signing a later paper digitally: the file is downloaded, signed with one's own key, sent back, and checked before it is kept."""

from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.annexes import policy, service_signing
from marketplace.annexes.models import Paper
from marketplace.annexes.routes_base import WORDS, bp, locked_paper, paper_url, seen_paper
from marketplace.annexes.routes_sign import thanks, why_not
from marketplace.annexes.service_drafting import called
from marketplace.contracts.forms_digital import DigitalForm
from marketplace.contracts.models import Contract
from marketplace.contracts.routes_base import me, need, standing_to
from marketplace.contracts.routes_digital import coming_of, taken
from marketplace.contracts.routes_putting import put
from marketplace.contracts.routes_sign import membership, party_of, signing
from marketplace.contracts.rules import Method
from marketplace.contracts.service_digital import PDF
from marketplace.contracts.service_sealing import Prepared
from marketplace.contracts.service_signing import Given, basis
from marketplace.extensions import limiter
from marketplace.files.service import keep
from marketplace.organisations.access import Helper, Member
from marketplace.signatures import seal
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.messages import say


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/sign-digitally", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("30/hour", methods=["POST"])
def sign_digitally(contract_id: int, series: int) -> Any:
    """The party's own digital signature, in the file that it sends back."""
    contract, paper = seen_paper(contract_id, series)
    need(standing_to(contract).sides and paper.documents)
    form = DigitalForm()
    if form.accepted():
        document, party = paper.documents[-1], party_of(contract, form.party_id.data)
        sent = taken(form, contract, document, party)
        if sent is not None:

            def act(now: datetime, prepared: Prepared | None) -> Any:
                contract, paper = locked_paper(contract_id, series)
                party = party_of(contract, form.party_id.data)
                given = Given(
                    Method.DIGITAL,
                    form.digest.data or "",
                    clock.today(),
                    signing(party),
                    certificate=sent.certificate,
                    signed_file=keep(sent.pdf, _("digitally-signed.pdf"), now, me().id, PDF),
                )
                by = {"actor": me(), "now": now, "address": request.remote_addr or ""}
                service_signing.sign(paper, contract, party, given, **by, prepared=prepared)
                return form.done(thanks(paper, contract), paper_url(paper))

            answer = put(form, document, coming_of(party, membership(party), sent), act)
            if answer is not None:
                return answer
    if form.is_submitted():
        return digital_page(*seen_paper(contract_id, series), form)
    return digital_page(contract, paper, None)


def digital_page(contract: Contract, paper: Paper, form: DigitalForm | None) -> Any:
    """Three steps: download, sign, send."""
    party = policy.may_sign(paper, contract, standing_to(contract), clock.today())
    if party is None:
        said = [*form.refusals, *form.file.errors] if form else []
        for sentence in said or [say(why_not(paper, contract))]:
            flash(str(sentence), "problem")
        return redirect(paper_url(paper), 303)
    document = paper.documents[-1]
    offered = basis(document, Method.DIGITAL)
    form = form or DigitalForm(formdata=None)
    form.digest.data, form.party_id.data = offered.digest, str(party.id)
    series = paper.series
    download = url_for(".document", contract_id=contract.id, series=series, number=document.number)
    if document.signed_file is not None:
        download = url_for("contracts.paper", contract_id=contract.id, document_id=document.id, kind="signed")
    return render_template(
        "contracts/sign_digitally.html",
        heading=_("Sign digitally: %(paper)s", paper=say(called(paper))),
        contract=contract,
        party=party,
        document=document,
        form=form,
        offered=offered,
        others=[row for row in document.signatures if row.method == Method.DIGITAL],
        download=download,
        back=url_for(".sign", contract_id=contract.id, series=series),
        seal_ready=seal.ready(clock.now()),
        trusting=bool(current_app.config["SETTINGS"].trust_roots),
        **WORDS,
    )
