"""A contract's own page, its lists, and its files."""

from datetime import timedelta
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from marketplace.clauses import documents, text
from marketplace.clauses.fairness import Point
from marketplace.contracts import counting, points, policy, queries, queries_versions
from marketplace.contracts.attesting import attested_words
from marketplace.contracts.declarations import declared
from marketplace.contracts.folding import folded
from marketplace.contracts.history import history
from marketplace.contracts.labels import KINDS, PAYMENT_METHODS, SIDES
from marketplace.contracts.labels_digital import issuer_of, trusted_time
from marketplace.contracts.models import Contract
from marketplace.contracts.panels import may_record
from marketplace.contracts.routes_base import DRAWING, bp, me, seen, show_url, standing_to
from marketplace.contracts.rules import ACTS, GROUNDS, METHODS, SIGNING_DAYS, STATES, ContractState, ends_at, shown_on
from marketplace.contracts.service_drawing import draw, goods_of, parties_of, terms_of, written
from marketplace.contracts.sharing import shared_out
from marketplace.contracts.telling import named
from marketplace.contracts.turns import turn_of
from marketplace.extensions import limiter
from marketplace.files.responses import POLICY, send
from marketplace.kernel.errors import Refusal
from marketplace.kernel.prices import MARKET_KINDS, describe
from marketplace.kernel.quantities import UNITS
from marketplace.offers.rules import LINKAGE_FORMS
from marketplace.organisations.access import Helper, Member, Official
from marketplace.promotion import queries as promotion
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.addresses import public_url
from marketplace.web.forms import DoForm
from marketplace.web.messages import say
from marketplace.web.paging import by_key

WORDS: dict[str, Any] = {
    "kinds": KINDS,
    "sides": SIDES,
    "methods": METHODS,
    "payment_methods": PAYMENT_METHODS,
    "linkage_forms": LINKAGE_FORMS,
    "acts": ACTS,
    "units": UNITS,
    "shown_on": shown_on,
    "ends_at": ends_at,
    "grounds": GROUNDS,
    "signing_order": policy.signing_order,
    "named": named,
    "folded": folded,
    "short": text.short,
    "market_kinds": MARKET_KINDS,
    "attested_words": attested_words,
    "trusted_time": trusted_time,
    "issuer_of": issuer_of,
    "described": lambda line: describe(goods_of(line).rule),
}


@bp.route("/contracts")
@allow(Member, Helper, Official)
def index() -> str:
    """The contracts of my organisations: what waits for me, then the newest. An official's are on the desk."""
    asked = request.args.get("state", "")
    state = ContractState(asked) if asked in set(ContractState) else None
    own = queries.mine(me())
    turns = {contract.id: (contract, turn) for contract, turn in queries.turns(own, me())}
    waiting = [contract for contract, turn in turns.values() if turn.act is not None]
    rest = own.where(Contract.state == state) if state else own.where(Contract.id.not_in([row.id for row in waiting]))
    return render_template(
        "contracts/index.html",
        page=by_key(rest.options(*queries.LISTED), Contract.id) if asked != "waiting" else None,
        waiting=waiting if state is None and not {"after", "before"} & set(request.args) else [],
        count=len(waiting),
        turns={key: turn for key, (_contract, turn) in turns.items()},
        state=state or asked,
        states=STATES,
        records=may_record(me()),
        **WORDS,
    )


@bp.route("/contracts/to-attest")
@allow(Official)
def to_attest() -> str:
    """The officers' queue: what counts only once somebody has seen the original."""
    what = request.args.get("what", "")
    event = request.args.get("event", "")
    event_id = int(event) if event.isascii() and event.isdigit() and len(event) < 18 else None
    statement = queries.to_attest(me(), what=what, event_id=event_id)
    return render_template(
        "contracts/to_attest.html",
        page=by_key(statement, Contract.id),
        what=what if what in ("paper", "app") else "",
        event_id=event_id,
        events=promotion.choices(),
        records=may_record(me()),
        **WORDS,
    )


@bp.route("/contracts/<int:contract_id>")
@allow(Member, Helper, Official)
def show(contract_id: int) -> str:
    """One contract: where it stands, whose turn it is, who, what, signatures, history."""
    contract = seen(contract_id)
    standing = standing_to(contract)
    wording, refusal = wording_of(contract)
    found = points_of(contract) if not contract.on_paper else []
    return render_template(
        "contracts/show.html",
        contract=contract,
        standing=standing,
        turn=turn_of(contract, standing),
        since=None if policy.over(contract, standing) else contract.turn_since,
        wording=wording,
        refusal=refusal,
        document=contract.documents[-1] if contract.documents else None,
        signatures={row.party_id: row for row in policy.standing_signatures(contract)},
        history=history(contract),
        endings=[act for act in policy.DECLARED if policy.may_declare(contract, standing, act)],
        declared=declared(contract, standing),
        may_edit=policy.may_edit(contract, standing),
        may_cancel=policy.may_cancel(contract, standing),
        may_return=policy.may_return(contract, standing),
        may_decline=policy.may_decline(contract, standing),
        may_split=policy.may_split(contract, standing),
        may_leave=policy.may_leave(contract, standing),
        shared=shared_out(contract),
        may_confirm=policy.may_confirm(contract, standing),
        may_attest=policy.may_attest(contract, standing),
        may_reclassify=policy.may_reclassify(contract, standing),
        button=lambda: DoForm(formdata=None, version=contract.version),
        button_for=lambda row: DoForm(formdata=None, version=row.version),
        may_extend=policy.may_extend(contract, standing),
        may_talk=policy.may_talk(contract, standing),
        proposed_day=clock.today() + timedelta(days=SIGNING_DAYS),
        news=queries_versions.news_for(contract, standing, wording),
        open_comments=queries_versions.open_comments(contract) if policy.may_talk(contract, standing) else 0,
        uncounted=counting.uncounted(contract),
        message=message_of(contract),
        open_points=sum(not point.taken for point in found),
        swapped=[point.message for point in found if point.code == "account_changed"] if standing.sides else [],
        day=clock.today(),
        paper=documents,
        **WORDS,
    )


def wording_of(contract: Contract) -> tuple[dict[str, Any] | None, str]:
    """The text that stands: frozen, or the draft as it reads now; none for a paper, which is its scan."""
    if contract.on_paper:
        return None, ""
    if contract.state not in (ContractState.DRAFT, ContractState.CANCELLED) and contract.documents:
        return (None if contract.own_text else contract.documents[-1].text), ""
    try:
        return written(contract), ""
    except Refusal as refusal:
        return None, say(refusal.message)


def points_of(contract: Contract) -> list[Point]:
    """What to look at twice: as it was kept with the text that is signed, or as the draft reads now."""
    document = contract.documents[-1] if contract.documents else None
    kept = None if contract.state == ContractState.DRAFT else points.kept(document)
    if kept is not None:
        return kept
    wording, _refusal = wording_of(contract)
    return points.read(contract, terms_of(contract), parties_of(contract), wording, clock.today())


def message_of(contract: Contract) -> str:
    """A short text with the link, to send by Zalo: no price, no name of a person."""
    link = public_url(show_url(contract.id))
    number = named(contract)
    if contract.state == ContractState.AWAITING:
        return _("Please look through and sign contract %(number)s: %(link)s", number=number, link=link)
    if contract.state == ContractState.RECORDED:
        return _("Please confirm the paper contract %(number)s: %(link)s", number=number, link=link)
    return _("Contract %(number)s: %(link)s", number=number, link=link)


@bp.route("/contracts/<int:contract_id>/document/<int:number>")
@allow(Member, Helper, Official)
def document(contract_id: int, number: int) -> Response:
    """A frozen file exactly as it was issued."""
    contract = seen(contract_id)
    found = queries.document_of(contract, number)
    return send(found.file, inline=request.args.get("view") == "1")


@bp.route("/contracts/<int:contract_id>/scan/<int:signature_id>")
@allow(Member, Helper, Official)
def scan(contract_id: int, signature_id: int) -> Response:
    """The scan that a signature was recorded with."""
    found = queries.scan_of(seen(contract_id), signature_id)
    assert found.scan is not None
    return send(found.scan, inline=request.args.get("view") == "1")


@bp.route("/contracts/<int:contract_id>/preview")
@allow(Member, Helper)
@limiter.limit(DRAWING)
def preview(contract_id: int) -> Any:
    """The draft as a PDF with its watermark."""
    contract = seen(contract_id)
    try:
        pdf = draw(contract, now=clock.now(), verify_url=None, draft=True).pdf
    except Refusal as refusal:
        return render_template("contracts/unprintable.html", contract=contract, sentence=say(refusal.message)), 422
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="du-thao-hop-dong-{contract.id}.pdf"'
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
