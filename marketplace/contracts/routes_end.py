"""After signing: put on hold, resume, complete, terminate, settle."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from marketplace.contracts import policy, service_ending
from marketplace.contracts.forms import EndForm
from marketplace.contracts.routes_base import bp, locked, me, need, seen, show_url, standing_to
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.rules import ContractAct
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations.access import Member
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.writes import write

WARNINGS: dict[ContractAct, Message] = {
    ContractAct.SUSPEND: msgid(
        "Both parties should agree to the pause. The contract stays in force and is shown apart."
    ),
    ContractAct.RESUME: msgid("The contract goes on as before."),
    ContractAct.COMPLETE: msgid(
        "Everything is delivered and paid. The contract is no longer in force after this day; this cannot be undone."
    ),
    ContractAct.TERMINATE: msgid(
        "The contract ends before its time. Quantities promised are free again; this cannot be undone."
    ),
    ContractAct.SETTLE: msgid(
        "The settlement minutes are signed. The law does not require them; this cannot be undone."
    ),
}


@bp.route(
    "/contracts/<int:contract_id>/<any(suspend,resume,complete,terminate,settle):act_name>", methods=["GET", "POST"]
)
@allow(Member, authority=True)
def end(contract_id: int, act_name: str) -> Any:
    """One of the acts after signing, with its day and reason; a warning stands first."""
    act = ContractAct(act_name)
    contract = seen(contract_id)
    need(policy.may_end(contract, standing_to(contract), act, clock.today()))
    form = EndForm(version=contract.version, day=clock.today())
    if form.accepted() and form.day.data is not None:
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            need(policy.may_end(contract, standing_to(contract), act, clock.today()))
            service_ending.end(contract, act, day=form.day.data, reason=form.reason.data or "", actor=me(), now=now)
            return form.done(_("Recorded."), show_url(contract_id))
    return render_template("contracts/end.html", contract=contract, form=form, act=act, warning=WARNINGS[act], **WORDS)
