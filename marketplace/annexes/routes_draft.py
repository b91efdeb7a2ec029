"""Drawing later papers up: choosing the reason of an annex, its fields, the figures of the minutes, fixing the text."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from marketplace.annexes import policy, queries, service_drafting, service_opening
from marketplace.annexes.effective import NewTerms
from marketplace.annexes.forms import SettlementForm, settlement_form
from marketplace.annexes.forms_annex import AnnexForm, annex_form
from marketplace.annexes.models import Paper
from marketplace.annexes.routes_base import WORDS, bp, locked_paper, paper_url, refused, seen_paper
from marketplace.annexes.rules import ALLOWED, OF_LINE, AnnexReason, PaperKind
from marketplace.annexes.service_drafting import Annex
from marketplace.annexes.service_opening import Frozen
from marketplace.annexes.settlement import Settlement, warnings
from marketplace.clauses.terms import Terms
from marketplace.contracts.forms import ReasonForm
from marketplace.contracts.models import Contract
from marketplace.contracts.policy import may_settle, sellers
from marketplace.contracts.routes_base import locked, me, need, seen, standing_to
from marketplace.contracts.rules import ends_at
from marketplace.extensions import db, limiter
from marketplace.files.service import keep, put_early
from marketplace.files.sniff import MediaType
from marketplace.kernel.dates import add_months
from marketplace.kernel.errors import Refusal
from marketplace.organisations.access import Helper, Member
from marketplace.products import queries as products
from marketplace.products.models import Product
from marketplace.products.rules import ProductState
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.addresses import public_url
from marketplace.web.forms import DoForm
from marketplace.web.writes import write

PDF = {MediaType.PDF}
MOST_PRODUCTS = 200
"""To choose from."""


@bp.route("/contracts/<int:contract_id>/annexes/new", methods=["GET", "POST"])
@allow(Member, Helper)
def create(contract_id: int) -> Any:
    """First the reason, then the fields that it may change."""
    contract = seen(contract_id)
    need(policy.may_draft(contract, standing_to(contract)))
    asked = request.args.get("reason", "")
    if asked not in set(AnnexReason):
        return render_template("annexes/choose.html", contract=contract, **WORDS)
    reason = AnnexReason(asked)
    if request.method == "GET":
        return annex_page(contract, None, reason, fresh(contract, reason))
    form = AnnexForm()
    if form.grow(request.form):
        return annex_page(contract, None, reason, form)
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            standing = standing_to(contract)
            need(policy.may_draft(contract, standing))
            helped = policy.helped(contract, standing)
            given = typed(contract, form, reason)
            made = service_drafting.draft_annex(contract, given, actor=me(), on_behalf_of=helped, now=now)
            return form.done(_("The annex is drafted. Look it through, both of you."), paper_url(made))
    return annex_page(seen(contract_id), None, reason, form)


def fresh(contract: Contract, reason: AnnexReason) -> AnnexForm:
    """The terms as they stand today; a renewal is the same length again, from the last day on."""
    today, end = clock.today(), ends_at(None, contract)
    day = min(max(today, contract.signed_on or today), ends_at(today, contract) or today)
    terms = queries.terms_on(contract, day).terms
    if reason != AnnexReason.TERM or end is None:
        return annex_form(terms, day)
    if "renew" not in request.args:
        return annex_form(terms, day, ends_on=None)
    return annex_form(queries.terms_on(contract, None).terms, end, ends_on=add_months(end, months_of(contract, end)))


def months_of(contract: Contract, end: date) -> int:
    """How long the contract runs, in whole months; at least one."""
    start = contract.starts_on or contract.signed_on or end
    return max(1, round((end - start).days / 30.44))


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/edit", methods=["GET", "POST"])
@allow(Member, Helper)
def edit(contract_id: int, series: int) -> Any:
    """Both sides correct a draft."""
    contract, paper = seen_paper(contract_id, series)
    need(policy.may_edit(paper, contract, standing_to(contract), clock.today()))
    if paper.kind == PaperKind.SETTLEMENT:
        return edit_minutes(contract, paper)
    reason = paper.reason or AnnexReason.OTHER
    if request.method == "GET":
        return annex_page(contract, paper, reason, filled(contract, paper))
    form = AnnexForm()
    if form.grow(request.form):
        return annex_page(contract, paper, reason, form)
    if form.accepted():
        with write(form) as now:
            contract, paper = locked_paper(contract_id, series)
            form.check(paper)
            helped = policy.helped(contract, standing_to(contract))
            given = typed(contract, form, reason)
            service_drafting.edit_annex(paper, contract, given, actor=me(), on_behalf_of=helped, now=now)
            return form.done(_("The draft of the paper is saved."), paper_url(paper))
    return annex_page(*seen_paper(contract_id, series), reason, form)


def filled(contract: Contract, paper: Paper) -> AnnexForm:
    """The draft's values over the terms that it changes."""
    day = paper.effective_on or clock.today()
    new = NewTerms.read(paper.terms)
    terms = replace(new, added=()).applied(queries.terms_on(contract, day).terms)
    return annex_form(terms, day, paper.version, new.added, explanation=paper.explanation, clause=new.clause)


def typed(contract: Contract, form: AnnexForm, reason: AnnexReason) -> Annex:
    """What was typed, for the service."""
    return form.annex(reason, {str(row.id): row.name for row in products_of(contract)})


def products_of(contract: Contract) -> list[Product]:
    """What the sellers list here, as far as this person sees it."""
    own = [party.organisation_id for party in sellers(contract)]
    found = products.visible_to(me()).where(Product.organisation_id.in_(own), Product.state == ProductState.PUBLISHED)
    return list(db.session.scalars(found.order_by(Product.organisation_id, Product.name).limit(MOST_PRODUCTS)))


def annex_page(contract: Contract, paper: Paper | None, reason: AnnexReason, form: AnnexForm) -> str:
    """The form of an annex with the fields of its reason, and the values that stand beside them."""
    day = form.effective_on.data or clock.today()
    standing = queries.terms_on(contract, day).terms
    # Lines that a refused form did not bring are there again.
    while len(form.lines) < len(standing.goods):
        form.lines.append_entry()
    selling = {row.organisation_id: row.name for row in sellers(contract)} if standing.split else {}
    choices = [
        (row.id, f"{row.name} ({selling[row.organisation_id]})" if selling else row.name)
        for row in (products_of(contract) if len(form.added) else ())
    ]
    form.offer([row.name for row in sellers(contract)] if standing.split else [], choices)
    return render_template(
        "annexes/edit.html",
        contract=contract,
        paper=paper,
        form=form,
        reason=reason,
        allowed=ALLOWED[reason],
        with_lines=bool(ALLOWED[reason] & OF_LINE),
        now=standing,
        **WORDS,
    )


# Settlement minutes -----------------------------------------------------------------------------------------------


@bp.route("/contracts/<int:contract_id>/annexes/settlement", methods=["GET", "POST"])
@allow(Member, Helper)
def settle(contract_id: int) -> Any:
    """New minutes: their figures are typed here."""
    contract = seen(contract_id)
    need(may_settle(contract, standing_to(contract), clock.today()))
    form = SettlementForm()
    if request.method == "GET":
        return minutes_page(contract, None, settlement_form(last_terms(contract), None))
    if "calculate" not in request.form and form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            standing = standing_to(contract)
            need(may_settle(contract, standing, clock.today()))
            helped = policy.helped(contract, standing)
            figures = form.settlement(last_terms(contract))
            made = service_drafting.draft_settlement(contract, figures, actor=me(), on_behalf_of=helped, now=now)
            return form.done(_("The minutes are drafted. Look them through, both of you."), paper_url(made))
    return minutes_page(seen(contract_id), None, form)


def edit_minutes(contract: Contract, paper: Paper) -> Any:
    """Correct the figures."""
    form = SettlementForm()
    if request.method == "GET":
        found = Settlement.read(paper.terms)
        return minutes_page(contract, paper, settlement_form(last_terms(contract), found, paper.version))
    if "calculate" not in request.form and form.accepted():
        with write(form) as now:
            contract, paper = locked_paper(paper.contract_id, paper.series)
            form.check(paper)
            helped = policy.helped(contract, standing_to(contract))
            figures = form.settlement(last_terms(contract))
            service_drafting.edit_settlement(paper, contract, figures, actor=me(), on_behalf_of=helped, now=now)
            return form.done(_("The draft of the paper is saved."), paper_url(paper))
    return minutes_page(*seen_paper(paper.contract_id, paper.series), form)


def last_terms(contract: Contract) -> Terms:
    """The terms that stood when the contract ended."""
    return queries.terms_on(contract, contract.ended_on).terms


def minutes_page(contract: Contract, paper: Paper | None, form: SettlementForm) -> str:
    """The form of the minutes; once figures are there, their sums and what does not fit."""
    terms = last_terms(contract)
    while len(form.lines) < len(terms.goods):
        form.lines.append_entry()
    found = form.settlement(terms) if paper is not None or form.is_submitted() else None
    return render_template(
        "annexes/settle.html",
        contract=contract,
        paper=paper,
        form=form,
        terms=terms,
        found=found,
        warnings=warnings(found, terms) if found else [],
        **WORDS,
    )


# Fixing the text, dropping a draft --------------------------------------------------------------------------------


@bp.post("/contracts/<int:contract_id>/annexes/<int:series>/open-for-signing")
@allow(Member, Helper)
@limiter.limit("60/hour")
def open_for_signing(contract_id: int, series: int) -> Any:
    """Fix the text: from here on it is signed or sent back."""
    contract, paper = seen_paper(contract_id, series)
    need(policy.may_edit(paper, contract, standing_to(contract), clock.today()))
    form = DoForm(version=paper.version)
    if form.accepted() and (frozen := frozen_text(contract, paper, form)) is not None:
        with write(form) as now:
            contract, paper = locked_paper(contract_id, series)
            form.check(paper)
            standing = standing_to(contract)
            need(policy.may_edit(paper, contract, standing, clock.today()))
            file = keep(frozen.pdf, f"{paper.label}-{contract.number or contract.id}.pdf", now, me().id, PDF)
            helped = policy.helped(contract, standing)
            service_opening.open_for_signing(paper, contract, frozen, file, actor=me(), on_behalf_of=helped, now=now)
            return form.done(_("The text is fixed. Now it can be signed."), paper_url(paper))
    return refused(form, paper)


def frozen_text(contract: Contract, paper: Paper, form: DoForm) -> Frozen | None:
    """Draw the text, on disk before the write. None after a refusal on the form."""
    link = public_url(url_for("contracts.verified", code=contract.code))
    try:
        frozen = service_opening.draw(paper, contract, now=clock.now(), verify_url=link)
        put_early(frozen.pdf, PDF)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return frozen


@bp.post("/contracts/<int:contract_id>/annexes/<int:series>/cancel")
@allow(Member)
def cancel(contract_id: int, series: int) -> Any:
    """Drop a draft."""
    contract, paper = seen_paper(contract_id, series)
    need(policy.may_cancel(paper, standing_to(contract)))
    form = ReasonForm()
    if form.accepted():
        with write(form) as now:
            contract, paper = locked_paper(contract_id, series)
            form.check(paper)
            need(policy.may_cancel(paper, standing_to(contract)))
            service_drafting.cancel(paper, contract, form.reason.data or "", actor=me(), now=now)
            return form.done(_("Dropped."), url_for("contracts.show", contract_id=contract_id))
    return refused(form, paper)
