"""An officer records what a party without an account answered on paper, and the scan of that paper."""

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from marketplace.contracts import policy, service_ending
from marketplace.contracts.declarations import sentence
from marketplace.contracts.forms_end import RecordAnswerForm
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.routes_base import bp, locked, me, need, seen, show_url, standing_to
from marketplace.contracts.routes_end import declaration_of
from marketplace.contracts.routes_files import handed
from marketplace.contracts.routes_scans import PDF, hold, take
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.rules import DeclarationState
from marketplace.contracts.service_ending import OnPaper
from marketplace.extensions import db, limiter
from marketplace.files.models import StoredFile
from marketplace.files.service import keep
from marketplace.kernel.errors import NotVisible, Stale
from marketplace.organisations.access import Helper, Member, Official
from marketplace.web.access import allow
from marketplace.web.writes import write


@bp.route("/contracts/<int:contract_id>/declarations/<int:declaration_id>/record-answer", methods=["GET", "POST"])
@allow(Official, acting=True)
@limiter.limit("60/hour", methods=["POST"])
def record_answer(contract_id: int, declaration_id: int) -> Any:
    """An independent officer who has seen the original: never one side's word alone."""
    contract = seen(contract_id)
    declaration = declaration_of(contract, declaration_id)
    waiting = policy.to_record(contract, declaration, standing_to(contract))
    late = [] if waiting else come_late(contract)
    need(waiting or late)
    form = RecordAnswerForm(version=declaration.version)
    form.offer(waiting or late, objection_only=bool(waiting) and declaration.state != DeclarationState.STATED)
    if form.accepted():
        scan = take(form)
        if scan is not None:
            with write(form) as now:
                contract = locked(contract_id)
                declaration = declaration_of(contract, declaration_id)
                form.check(declaration)
                absent = policy.to_record(contract, declaration, standing_to(contract))
                party = next((each for each in absent if each.id == form.party_id.data), None)
                if party is None:
                    raise Stale(declaration)
                assert form.given_on.data is not None
                stored = keep(scan, _("answer-on-paper.pdf"), now, me().id, PDF)
                service_ending.answer(
                    declaration,
                    party,
                    agrees=form.agrees.data == "yes",
                    reason=form.reason.data or "",
                    actor=me(),
                    now=now,
                    paper=OnPaper(stored, form.given_on.data),
                )
                return form.done(_("The answer is recorded; all parties are told."), show_url(contract_id))
    elif form.is_submitted():
        hold(form, needed=True)
    if late:
        raise Stale(declaration)
    return render_template(
        "contracts/record_answer.html", contract=contract, form=form, declared=sentence(declaration), **WORDS
    )


def come_late(contract: Contract) -> list[Party]:
    """Whose answer an officer sends that is here already: a repeat gets the first answer, the page of another is old."""
    standing = standing_to(contract)
    officer = request.method == "POST" and standing.acts and standing.independent
    return [party for party in contract.parties if officer and party.organisation_id is None]


@bp.route("/contracts/<int:contract_id>/answers/<int:answer_id>/scan")
@allow(Member, Helper, Official)
def answer_scan(contract_id: int, answer_id: int) -> Response:
    """The paper of an answer; whoever sees the contract may have it."""
    rows = (row for each in seen(contract_id).declarations for row in each.answers)
    found = next((row for row in rows if row.id == answer_id and row.scan_id is not None), None)
    if found is None:
        raise NotVisible
    return handed(db.session.get(StoredFile, found.scan_id))
