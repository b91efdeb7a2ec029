"""Signing digitally: download the file, sign it with one's own key, send it back; it is checked before it is kept."""

from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.config import Settings
from marketplace.contracts import policy, service_signing
from marketplace.contracts.forms_digital import DigitalForm
from marketplace.contracts.models import Contract, Document, Party
from marketplace.contracts.refusing import SignatureRefused, TextMoved
from marketplace.contracts.routes_base import bp, locked, me, need, seen, show_url, standing_to
from marketplace.contracts.routes_putting import put, remember
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.routes_sign import membership, party_of, signing, thanks, why_not
from marketplace.contracts.rules import Method
from marketplace.contracts.service_digital import NO_FILE, PDF, Checked, NotAccepted, checked
from marketplace.contracts.service_sealing import Coming, Prepared
from marketplace.extensions import limiter
from marketplace.files.service import keep
from marketplace.kernel.errors import Refusal
from marketplace.organisations.access import Helper, Member
from marketplace.organisations.models import Membership
from marketplace.signatures import seal
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.messages import say


@bp.route("/contracts/<int:contract_id>/sign-digitally", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("30/hour", methods=["POST"])
def sign_digitally(contract_id: int) -> Any:
    """The party's own digital signature, in the file that it sends back."""
    contract = seen(contract_id)
    need(standing_to(contract).sides and contract.documents)
    form = DigitalForm()
    if form.accepted():
        document = contract.documents[-1]
        party = party_of(contract, form.party_id.data)
        sent = taken(form, contract, document, party)
        if sent is not None:

            def act(now: datetime, prepared: Prepared | None) -> Any:
                contract = locked(contract_id)
                party = party_of(contract, form.party_id.data)
                service_signing.sign_digitally(
                    contract,
                    party,
                    digest=form.digest.data or "",
                    signed_file=keep(sent.pdf, _("digitally-signed.pdf"), now, me().id, PDF),
                    certificate=sent.certificate,
                    signer=signing(party),
                    actor=me(),
                    now=now,
                    address=request.remote_addr or "",
                    prepared=prepared,
                )
                return form.done(thanks(contract), show_url(contract_id))

            answer = put(form, document, coming_of(party, membership(party), sent), act)
            if answer is not None:
                return answer
    return digital_page(seen(contract_id), form if form.is_submitted() else None)


def taken(form: DigitalForm, contract: Contract, document: Document, party: Party) -> Checked | None:
    """The uploaded file after its check; None after a refusal, which stands at the field and in the ledger."""
    sent = form.file.data
    pdf = sent.read() if hasattr(sent, "read") else b""
    if not pdf and not getattr(sent, "filename", ""):
        form.refuse(Refusal(NO_FILE, "file"))
        return None
    document_id, party_id = document.id, party.id
    try:
        return checked(contract, document, party, pdf, form.digest.data or "", clock.now())
    except TextMoved:
        remember(document_id, party_id, TextMoved.code)
        raise
    except (NotAccepted, SignatureRefused) as refusal:
        remember(document_id, party_id, refusal.code)
        form.refuse(refusal)
    except Refusal as refusal:
        form.refuse(Refusal(refusal.message, "file"))
    return None


def coming_of(party: Party, signer: Membership | None, sent: Checked) -> Coming | None:
    """What to prepare; nothing for somebody without authority, whom the service refuses."""
    if signer is None or not signer.authority:
        return None
    return Coming(
        party,
        Method.DIGITAL,
        signer,
        clock.today(),
        certificate=sent.certificate,
        signed_pdf=sent.pdf,
    )


def digital_page(contract: Contract, form: DigitalForm | None) -> Any:
    """Three steps: download, sign, send."""
    party = policy.may_sign(contract, standing_to(contract))
    if party is None:
        for sentence in [*form.refusals, *form.file.errors] if form else [say(why_not(contract))]:
            flash(sentence, "problem")
        return redirect(show_url(contract.id), 303)
    document = contract.documents[-1]
    offered = service_signing.basis(document, Method.DIGITAL)
    settings: Settings = current_app.config["SETTINGS"]
    if form is None:
        form = DigitalForm(formdata=None)
    # Always what stands now: after "sign the newer file" the next try is about that one.
    form.digest.data, form.party_id.data = offered.digest, str(party.id)
    return render_template(
        "contracts/sign_digitally.html",
        contract=contract,
        party=party,
        document=document,
        form=form,
        offered=offered,
        others=[row for row in document.signatures if row.method == Method.DIGITAL],
        download=download_of(contract, document),
        back=url_for(".sign", contract_id=contract.id),
        seal_ready=seal.ready(clock.now()),
        trusting=bool(settings.trust_roots),
        **WORDS,
    )


def download_of(contract: Contract, document: Document) -> str:
    """The file as issued, or with the digital signatures so far."""
    if document.signed_file is not None:
        return url_for(".paper", contract_id=contract.id, document_id=document.id, kind="signed")
    return url_for(".document", contract_id=contract.id, number=document.number)
