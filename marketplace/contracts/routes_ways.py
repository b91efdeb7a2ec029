"""The ways to sign any paper of a contract: in ink, in the application, with one's own key; and sending it back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template
from flask_babel import gettext as _

from marketplace.accounts.models import User
from marketplace.accounts.service import reauthenticated
from marketplace.contracts.forms import AppForm, InkForm, ReasonForm
from marketplace.contracts.forms_digital import DigitalForm
from marketplace.contracts.models import Document, Party
from marketplace.contracts.refusing import REASONS, SignatureRefused, TextMoved
from marketplace.contracts.routes_base import me, need, standing_to, still
from marketplace.contracts.routes_putting import Attempt, put, remember
from marketplace.contracts.routes_scans import PDF, hold, take
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.routes_signable import Load, Signable, membership, party_of, why_not
from marketplace.contracts.rules import Method
from marketplace.contracts.service_digital import KEEP_IT, NO_FILE, Checked, NotAccepted, checked
from marketplace.contracts.service_signing import basis, lacking
from marketplace.files.models import StoredFile
from marketplace.files.service import keep, read
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.signatures import seal
from marketplace.web import clock
from marketplace.web.forms import Form
from marketplace.web.messages import say
from marketplace.web.writes import write


def opened(load: Load) -> Signable:
    """For the parties and who helps them; nobody else comes here to sign."""
    paper = load()
    need(standing_to(paper.contract).sides)
    return paper


def in_ink(load: Load) -> Any:
    """Print, sign, stamp, upload the scan or photos with the date on the paper."""
    paper, form = opened(load), InkForm()
    if form.accepted() and paper.documents:
        party = party_of(paper.contract, form.party_id.data)
        shared = shared_scan(paper.document, party) if form.same_paper.data else None
        scan = read(shared) if shared else take(form)
        if scan is not None:

            def files(paper: Signable, party: Party, now: datetime) -> dict[str, Any]:
                shared = shared_scan(paper.document, party) if form.same_paper.data else None
                return {"scan": shared or keep(scan, _("signed-paper.pdf"), now, me().id, PDF)}

            answer = put(Attempt(form, load, Method.WET_INK, form.signed_on.data, files, {"scan": scan}))
            if answer is not None:
                return answer
    elif form.is_submitted():
        hold(form, needed=not form.same_paper.data)
    return signing_page(load(), ink=form) if form.is_submitted() else signing_page(paper)


def in_app(load: Load) -> Any:
    """Prove again who one is, and confirm exactly this file."""
    paper, form = opened(load), AppForm(prefix="app-")
    if form.accepted() and paper.documents and proved(form, me()):
        answer = put(Attempt(form, load, Method.APP))
        if answer is not None:
            return answer
    return signing_page(load(), app=form)


def digitally(load: Load) -> Any:
    """The party's own digital signature, in the file that it sends back; it is checked before it is kept."""
    paper, form = opened(load), DigitalForm()
    if form.accepted() and paper.documents:
        sent = taken(form, paper, party_of(paper.contract, form.party_id.data))
        if sent is not None:

            def files(_paper: Signable, _party: Party, now: datetime) -> dict[str, Any]:
                stored = keep(sent.pdf, _("digitally-signed.pdf"), now, me().id, PDF)
                return {"certificate": sent.certificate, "signed_file": stored}

            shown = {"certificate": sent.certificate, "signed_pdf": sent.pdf}
            answer = put(Attempt(form, load, Method.DIGITAL, files=files, shown=shown))
            if answer is not None:
                return answer
    return digital_page(load(), form) if form.is_submitted() else digital_page(paper)


def proved(form: AppForm, user: User) -> bool:
    """Whether it is still the same person; an address or number that nobody has proved never authorises a signature."""
    if not user.proved:
        form.refuse(Refusal(msgid('Prove your e-mail address or phone number first (page "Me"), or sign on paper.')))
        return False
    try:
        right = reauthenticated(user, password=form.password.data or None, totp=form.totp.data or None)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    if not right:
        form.refuse(Refusal(msgid("That password or code is not right; nothing was signed."), "password"))
    return right


def taken(form: DigitalForm, paper: Signable, party: Party) -> Checked | None:
    """The uploaded file after its check; None after a refusal, which stands at the field and in the ledger."""
    sent = form.file.data
    pdf = sent.read() if hasattr(sent, "read") else b""
    if not pdf and not getattr(sent, "filename", ""):
        form.refuse(Refusal(NO_FILE, "file"))
        return None
    document_id, party_id = paper.document.id, party.id
    try:
        return checked(paper.contract, paper.document, party, pdf, form.digest.data or "", clock.now())
    except TextMoved:
        remember(document_id, party_id, TextMoved.code)
        raise
    except (NotAccepted, SignatureRefused) as refusal:
        remember(document_id, party_id, refusal.code)
        form.refuse(refusal)
        if isinstance(refusal, NotAccepted) and refusal.operators:
            form.refuse(Refusal(KEEP_IT, "file"))
    except Refusal as refusal:
        form.refuse(Refusal(refusal.message, "file"))
    return None


def shared_scan(document: Document, party: Party) -> StoredFile | None:
    """The scan that another party uploaded under this text."""
    others = (row for row in document.signatures if row.party_id != party.id)
    return next((row.scan for row in others if row.scan is not None), None)


def sent_away(paper: Signable, *forms: Form | None) -> Any:
    """To the paper's own page, which says why this person signs nothing now."""
    tried = [form for form in forms if form]
    errors = [str(error) for form in tried if "file" in form for error in form["file"].errors]
    for sentence in [*(said for form in tried for said in form.refusals), *errors] or [say(why_not(paper))]:
        flash(sentence, "problem")
    return redirect(paper.url(), 303)


def signing_page(paper: Signable, ink: Form | None = None, app: Form | None = None) -> Any:
    """What is signed, what to look at twice, then the ways to sign."""
    party = paper.party()
    if party is None:
        return sent_away(paper, ink, app)
    values = {"digest": paper.document.file_digest, "party_id": party.id}
    shown = {
        "contract": paper.contract,
        "party": party,
        "document": paper.document,
        "ways": paper,
        "ink": ink or InkForm(formdata=None, **values),
        "app": app or AppForm(formdata=None, prefix="app-", **values),
        "shared": shared_scan(paper.document, party),
        "second_factor": me().second_factor,
        "seal_ready": seal.ready(clock.now()),
        "trusting": trusting(),
        "lacking": REASONS.get(lacking(signer)) if (signer := membership(party)) else None,
    }
    return render_template(paper.template, **{**WORDS, **shown, **paper.shown()})


def digital_page(paper: Signable, form: DigitalForm | None = None) -> Any:
    """Three steps: download, sign, send."""
    party = paper.party()
    if party is None:
        return sent_away(paper, form)
    document = paper.document
    offered = basis(document, Method.DIGITAL)
    form = form or DigitalForm(formdata=None)
    # Always what stands now: after "sign the newer file" the next try is about that one.
    form.digest.data, form.party_id.data = offered.digest, str(party.id)
    return render_template(
        "contracts/sign_digitally.html",
        ways=paper,
        party=party,
        form=form,
        offered=offered,
        others=[row for row in document.signatures if row.method == Method.DIGITAL],
        seal_ready=seal.ready(clock.now()),
        trusting=trusting(),
        **WORDS,
    )


def returns(paper: Signable) -> bool:
    """Whether this person may send it back."""
    return paper.may_return()


def trusting() -> bool:
    """Whether the operator has named the authorities whose certificates are trusted."""
    return bool(current_app.config["SETTINGS"].trust_roots)


def send_back(load: Load, act: Any, message: str, may: Callable[[Any], bool] = returns) -> Any:
    """Ask for changes, or decline, with a reason; whether one `may` is asked again inside the write."""
    paper, form = load(), ReasonForm()
    still(paper.may_return(), paper.contract)
    need(may(paper))
    if form.accepted():
        with write(form) as now:
            paper = load(held=True)
            form.check(paper.things[0])
            need(may(paper))
            act(*paper.things, form.reason.data or "", actor=me(), now=now)
            return form.done(message, paper.url())
    for error in [*form.refusals, *form.reason.errors]:
        flash(str(error), "problem")
    return redirect(paper.url(), 303)
