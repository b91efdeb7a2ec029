"""Contracts signed on paper: recording, confirming, rejecting, classifying anew."""

from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _

from marketplace.clauses.terms import ContractKind, Side
from marketplace.contracts import policy, queries, service_recording, service_signing
from marketplace.contracts.forms import ReasonForm
from marketplace.contracts.forms_paper import NEW, PaperPartyFields, ReclassifyForm, RecordForm
from marketplace.contracts.panels import may_record
from marketplace.contracts.routes_base import bp, locked, me, need, refused, seen, show_url, standing_to
from marketplace.contracts.routes_scans import PDF, hold, take
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.rules import ContractState
from marketplace.contracts.service_recording import Paper, PaperParty
from marketplace.extensions import limiter
from marketplace.files.service import keep
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.organisations.access import Helper, Member, Official, capacities
from marketplace.organisations.models import Organisation
from marketplace.promotion import queries as promotion
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.paging import asked
from marketplace.web.writes import write


@bp.route("/contracts/record", methods=["GET", "POST"])
@allow(Member, Helper, Official)
@limiter.limit("120/hour", methods=["POST"])
def record() -> Any:
    """Scan, parties, goods, dates: a minute at the booth. `?event=ID` comes from a trade event's page."""
    need(may_record(me()))
    own = [row for row in capacities(me()).organisations if row.verified]
    officer = bool(capacities(me()).acting_posts) and (not own or request.args.get("as") == "officer")
    communes = promotion.places(me()) if officer else []
    form = RecordForm(own, promotion.choices(), communes, officer=officer, event_id=asked("event"))
    if request.method == "GET":
        form.spare()
    elif form.grow(request.form):
        hold(form)
    elif form.accepted():
        answer = recorded(form, own, officer)
        if answer is not None:
            return answer
    elif request.method == "POST":
        hold(form, needed=True)
    return render_template("contracts/record.html", form=form, officer=officer, own=own, **WORDS)


def recorded(form: RecordForm, own: list[Organisation], officer: bool) -> Any:
    """Find the parties, make one document of the photos, store. None after a refusal on the form."""
    scan = take(form)
    sides, beside = parties_of(form, own, officer), beside_of(form)
    if scan is None or sides is None or beside is None:
        return None
    with write(form) as now:
        paper = paper_of(form, *sides, beside)
        ours = None if officer else chosen_own(form, own)
        if officer:
            inside(paper)
        stored = keep(scan, _("signed-paper.pdf"), now, me().id, PDF)
        contract = service_recording.record_paper(
            paper,
            stored,
            recording_for=ours,
            seen_original=officer and bool(form.seen_original.data),
            actor=me(),
            on_behalf_of=ours.id if ours and capacities(me()).helps(ours.id) else None,
            now=now,
        )
        return form.done(_("The contract is recorded."), show_url(contract.id))
    return None


def chosen_own(form: RecordForm, own: list[Organisation]) -> Organisation:
    """For which of one's own organisations; with one there is no choice."""
    found = next((row for row in own if row.id == form.own_id.data), own[0] if len(own) == 1 else None)
    if found is None:
        raise NotVisible
    return found


def parties_of(form: RecordForm, own: list[Organisation], officer: bool) -> tuple[PaperParty, PaperParty] | None:
    """Seller and buyer; None when one must first be chosen among several of that name."""
    if officer:
        seller, buyer = resolve(form, "seller", Side.SELLER), resolve(form, "buyer", Side.BUYER)
    else:
        ours = chosen_own(form, own)
        side = form.side.data
        mine = PaperParty(side, ours.name, ours)
        other = resolve(form, "other", Side.BUYER if side == Side.SELLER else Side.SELLER)
        seller, buyer = (mine, other) if side == Side.SELLER else (other, mine)
    return (seller, buyer) if seller is not None and buyer is not None else None


def beside_of(form: RecordForm) -> tuple[PaperParty, ...] | None:
    """The other sellers on the paper; an empty part is none. None when one must first be chosen."""
    used = [entry.form for entry in form.beside if entry.form.used]
    found = [resolved(part, Side.SELLER) for part in used]
    return None if None in found else tuple(each for each in found if each is not None)


def resolve(form: RecordForm, name: str, side: Side) -> PaperParty | None:
    """The same for one of the two sides."""
    return resolved(form[name].form, side)


def resolved(part: PaperPartyFields, side: Side) -> PaperParty | None:
    """Whom a typed name or tax code means: one known here, or nobody known; None: the visitor must choose."""
    found = queries.candidates(me(), part.name.data or "", part.tax_code.data or "")
    part.offer(found)
    picked = part.known.data
    if picked and picked != NEW:
        return typed(part, side, next((row for row in found if str(row.id) == picked), None) or nobody())
    if picked == NEW or not found:
        return typed(part, side, None)
    sure = queries.certain(found, part.name.data or "", part.tax_code.data or "")
    if sure is not None:
        return typed(part, side, sure)
    part.known.errors = [_("Choose which one it is, or keep the name as typed.")]
    g.refused = True
    return None


def nobody() -> Organisation:
    """An id that was not among the choices."""
    raise NotVisible


def typed(part: PaperPartyFields, side: Side, organisation: Organisation | None) -> PaperParty:
    """What the form says of one side."""
    unit = next((row for row in promotion.places(me()) if row.id == part.seat_id.data), None)
    return PaperParty(
        side=side,
        name=organisation.name if organisation else part.name.data or "",
        organisation=organisation,
        tax_code=part.tax_code.data or None,
        seat=unit,
        representative=part.representative.data or None,
        representative_title=part.representative_title.data or None,
        abroad=bool(part.abroad.data),
    )


def paper_of(form: RecordForm, seller: PaperParty, buyer: PaperParty, beside: tuple[PaperParty, ...]) -> Paper:
    """What stands on the paper."""
    event = next((row for row in promotion.choices() if row.id == form.event_id.data), None)
    assert form.signed_on.data is not None
    return Paper(
        seller=seller,
        buyer=buyer,
        beside=beside,
        lines=form.rows(),
        signed_on=form.signed_on.data,
        fixes_quantity=form.fixes_quantity.data == "yes",
        fixes_price=form.fixes_price.data == "yes",
        will=bool(form.will.data),
        number=form.number.data or "",
        title=form.title.data or "",
        linkage_form=form.linkage_form.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        event=event,
        with_households=bool(form.with_households.data),
        households=form.households.data,
    )


def inside(paper: Paper) -> None:
    """An officer records what concerns the own area."""
    sides = [(side.organisation, side.seat) for side in paper.sides]
    if not queries.in_area(me(), sides, paper.signed_on):
        raise Refusal(msgid("Neither party is seated in your area: choose the commune of its seat."))


@bp.post("/contracts/<int:contract_id>/confirm")
@allow(Member, authority=True)
def confirm(contract_id: int) -> Any:
    """The other party's signatory: yes, this paper is ours."""
    contract = seen(contract_id)
    need(standing_to(contract).signs)
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            party = policy.may_confirm(contract, standing_to(contract))
            if party is None:
                raise NotVisible
            service_recording.confirm(contract, party, actor=me(), now=now)
            if contract.state == ContractState.RECORDED:
                done = _(
                    "You have confirmed it. It counts once the other side confirms it too, or an officer attests it."
                )
            else:
                done = _("You have confirmed the contract: it counts from its signing date.")
            return form.done(done, show_url(contract_id))
    return refused(form, contract_id)


@bp.post("/contracts/<int:contract_id>/reject")
@allow(Member, authority=True)
def reject(contract_id: int) -> Any:
    """The other party's signatory: this paper is not ours."""
    contract = seen(contract_id)
    need(standing_to(contract).signs)
    form = ReasonForm()
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            need(policy.may_confirm(contract, standing_to(contract)))
            service_signing.decline(contract, form.reason.data or "", actor=me(), now=now)
            return form.done(_("Recorded: this contract is not yours. The other party is told."), show_url(contract_id))
    return refused(form, contract_id)


@bp.route("/contracts/<int:contract_id>/reclassify", methods=["GET", "POST"])
@allow(Official, acting=True)
def reclassify(contract_id: int) -> Any:
    """An officer says what the document is, by what it fixes; with a reason."""
    contract = seen(contract_id)
    need(policy.may_reclassify(contract, standing_to(contract)))
    will = contract.kind == ContractKind.MEMORANDUM
    form = ReclassifyForm(obj=contract, version=contract.version, will=will)
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            need(policy.may_reclassify(contract, standing_to(contract)))
            service_recording.reclassify(
                contract,
                fixes_quantity=bool(form.fixes_quantity.data),
                fixes_price=bool(form.fixes_price.data),
                linkage_form=form.linkage_form.data,
                will=bool(form.will.data),
                with_households=bool(form.with_households.data),
                reason=form.reason.data or "",
                actor=me(),
                now=now,
            )
            return form.done(_("Classified anew."), show_url(contract_id))
    return render_template("contracts/reclassify.html", contract=contract, form=form, **WORDS)
