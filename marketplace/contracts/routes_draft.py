"""From an accepted quotation to a text that stands: accepting, editing the draft, opening it for signing, dropping it."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from marketplace.clauses.fairness import grouped
from marketplace.contracts import (
    policy,
    queries,
    queries_versions,
    service_accepting,
    service_drawing,
    service_signing,
    service_talking,
)
from marketplace.contracts.forms import ReasonForm
from marketplace.contracts.forms_talk import OpenForm
from marketplace.contracts.forms_wording import DraftForm
from marketplace.contracts.models import Contract
from marketplace.contracts.routes_base import (
    bp,
    locked,
    me,
    need,
    refused,
    seen,
    show_url,
    standing_to,
)
from marketplace.contracts.routes_show import WORDS, points_of
from marketplace.contracts.service_drawing import Frozen, scene_of
from marketplace.extensions import limiter
from marketplace.files.scans import check_pdf
from marketplace.files.service import keep, put_early
from marketplace.files.sniff import MediaType
from marketplace.kernel.errors import Refusal, Repeated, Stale
from marketplace.kernel.messages import msgid
from marketplace.organisations.access import Helper, Member, capacities
from marketplace.promotion import queries as promotion
from marketplace.quotes import service as quotes
from marketplace.signatures import seal
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.addresses import public_url
from marketplace.web.forms import DoForm
from marketplace.web.writes import write

PDF = {MediaType.PDF}


@bp.post("/contracts/accept/<int:quote_id>")
@allow(Member, Helper)
def accept_quote(quote_id: int) -> Any:
    """The buyer, or its helper, agrees to the quotation that was on the page: a contract is drawn up from it."""
    quote = queries.own_quote(quote_id, me())
    seen_version = request.form.get("seen", "")
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            quote = queries.own_quote(quote_id, me())
            quotes.hold(quote)
            made = queries.of_quote(quote)
            if made is not None:
                raise Repeated(show_url(made.id))
            if not (seen_version.isascii() and seen_version.isdigit()):
                raise Stale(quote)
            buyer_id = quote.offer.buyer_id
            contract = service_accepting.accept_quote(
                quote,
                seen=int(seen_version[:9]),
                actor=me(),
                on_behalf_of=buyer_id if capacities(me()).helps(buyer_id) else None,
                now=now,
            )
            return form.done(_("The contract is drawn up. Look it through, both of you."), show_url(contract.id))
    return render_template("contracts/not_accepted.html", quote=quote, form=form)


@bp.route("/contracts/<int:contract_id>/edit", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("240/hour", methods=["POST"])
def edit(contract_id: int) -> Any:
    """Both sides correct the draft."""
    contract = seen(contract_id)
    need(policy.may_edit(contract, standing_to(contract)))
    form = DraftForm(contract, promotion.choices(), scene_of(contract), clock.today())
    if request.method == "GET":
        form.spare()
        form.worded = request.args.get("clauses") == "1"
    elif form.grow(request.form):
        return editing(contract, form)
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            standing = standing_to(contract)
            service_drawing.edit(
                contract,
                form.changes(),
                form.rows(contract.lines),
                form.party_changes(contract),
                form.chosen(),
                actor=me(),
                on_behalf_of=policy.helped(contract, standing),
                now=now,
            )
            return form.done(_("The draft contract is saved."), show_url(contract.id))
    return editing(contract, form)


def editing(contract: Contract, form: DraftForm) -> str:
    """The page; of the other parties it shows what they say of themselves, to read."""
    standing = standing_to(contract)
    return render_template(
        "contracts/edit.html",
        contract=contract,
        form=form,
        describes=lambda party: policy.may_describe(contract, party, standing),
        **WORDS,
    )


@bp.route("/contracts/<int:contract_id>/open-for-signing", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def open_for_signing(contract_id: int) -> Any:
    """Fix the text: from here on it is signed or sent back."""
    contract = seen(contract_id)
    need(policy.may_open(contract, standing_to(contract)))
    form = OpenForm(contract, clock.today())
    seal_ready = seal.ready(clock.now())
    if form.accepted() and may_be_sealed(form, seal_ready) and (frozen := frozen_text(contract, form)) is not None:
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            standing = standing_to(contract)
            need(policy.may_open(contract, standing))
            file = keep(
                frozen.pdf, f"hop-dong-{(contract.number or str(contract.id)).replace('/', '-')}.pdf", now, me().id, PDF
            )
            # Only now: anything changed before the text is compared would make it look stale.
            contract.own_text = bool(form.own_file.data)
            service_talking.fix_order(contract, form.ordered(contract.parties))
            service_talking.fix_last_day(contract, form.sign_by.data, now)
            service_drawing.open_for_signing(
                contract,
                frozen,
                file,
                actor=me(),
                on_behalf_of=policy.helped(contract, standing),
                now=now,
            )
            return form.done(_("The text is fixed. Now it can be signed."), show_url(contract.id))
    return render_template(
        "contracts/open_for_signing.html",
        contract=contract,
        form=form,
        groups=grouped(points_of(contract)),
        open_comments=queries_versions.open_comments(contract),
        seal_ready=seal_ready,
        **WORDS,
    )


def may_be_sealed(form: OpenForm, seal_ready: seal.Readiness) -> bool:
    """Without a working seal a text is opened only for signing on paper, and those who open it say that they know."""
    if seal_ready.ok or form.paper_only.data:
        return True
    form.refuse(
        Refusal(
            msgid(
                "Without the seal nobody can confirm in the application or sign digitally. "
                "Tick this box to open it for signing on paper, or wait until the seal works."
            ),
            "paper_only",
        )
    )
    return False


def frozen_text(contract: Contract, form: OpenForm) -> Frozen | None:
    """Draw the text, or check the party's own file; on disk before the write. None after a refusal on the form."""
    own = form.own_file.data.read() if form.own_file.data else b""
    try:
        service_drawing.ready(contract)
        if own:
            check_pdf(own)
            frozen = service_drawing.draw_own(contract, own)
        else:
            link = public_url(url_for("contracts.verified", code=contract.code))
            frozen = service_drawing.draw(contract, now=clock.now(), verify_url=link)
        put_early(frozen.pdf, PDF)
    except Refusal as refusal:
        form.refuse(refusal if not own else Refusal(refusal.message, "own_file"))
        return None
    return frozen


@bp.post("/contracts/<int:contract_id>/cancel")
@allow(Member)
def cancel(contract_id: int) -> Any:
    """Drop a draft, or a record that nobody has confirmed."""
    contract = seen(contract_id)
    need(policy.may_cancel(contract, standing_to(contract)))
    form = ReasonForm()
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            need(policy.may_cancel(contract, standing_to(contract)))
            service_signing.cancel(contract, form.reason.data or "", actor=me(), now=now)
            return form.done(_("Dropped."), show_url(contract.id))
    return refused(form, contract_id)
