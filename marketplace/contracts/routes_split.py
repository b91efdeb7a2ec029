"""Several sellers in one contract: sharing out its goods in the draft, and leaving it before it is signed by all."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from marketplace.contracts import policy, service_sharing
from marketplace.contracts.forms import ReasonForm
from marketplace.contracts.forms_split import split_form
from marketplace.contracts.routes_base import bp, locked, me, need, refused, seen, show_url, standing_to
from marketplace.contracts.routes_show import WORDS
from marketplace.organisations.access import Helper, Member
from marketplace.web.access import allow
from marketplace.web.writes import write


@bp.route("/contracts/<int:contract_id>/split", methods=["GET", "POST"])
@allow(Member, Helper)
def split(contract_id: int) -> Any:
    """The sellers say who of them delivers how much; the months of the contract stay."""
    contract = seen(contract_id)
    need(policy.may_split(contract, standing_to(contract)))
    form = split_form(contract)
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            standing = standing_to(contract)
            need(policy.may_split(contract, standing))
            behalf = policy.helped(contract, standing)
            service_sharing.resplit(contract, form.wanted(), actor=me(), on_behalf_of=behalf, now=now)
            return form.done(_("The shares are kept; the other parties are told."), show_url(contract_id))
    return render_template("contracts/split.html", contract=contract, form=form, **WORDS)


@bp.post("/contracts/<int:contract_id>/leave")
@allow(Member)
def leave(contract_id: int) -> Any:
    """One of several sellers goes; its share goes with it."""
    contract = seen(contract_id)
    need(policy.may_leave(contract, standing_to(contract)))
    form = ReasonForm()
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            party = policy.may_leave(contract, standing_to(contract))
            need(party)
            assert party is not None
            service_sharing.leave_contract(contract, party, form.reason.data or "", actor=me(), now=now)
            return form.done(_("You have left the contract. The others are told."), "/contracts")
    return refused(form, contract_id)
