"""After signing: put on hold, resume, state as performed, end early; and the other side's answer."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.contracts import policy, service_ending
from marketplace.contracts.ending_advice import ending_advice
from marketplace.contracts.forms_end import FORMS, ObjectForm, said
from marketplace.contracts.models import Contract, Declaration
from marketplace.contracts.routes_base import bp, locked, me, need, refused, seen, show_url, standing_to
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.rules import ContractAct, DeclarationState
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations.access import Member
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import DoForm, Form
from marketplace.web.writes import write

WARNINGS: dict[ContractAct, Message] = {
    ContractAct.SUSPEND: msgid(
        "Both parties should agree to the pause. The contract stays in force and is shown apart."
    ),
    ContractAct.RESUME: msgid("The contract goes on as before."),
    ContractAct.COMPLETE: msgid(
        "Everything is delivered and paid. The other side confirms it or objects; until then your statement stands here."
    ),
    ContractAct.TERMINATE: msgid(
        "By agreement, it ends once the other side confirms. Whoever ends it alone ends it at once: the other side is told "
        "and may object. Quantities promised are free again."
    ),
}


@bp.route("/contracts/<int:contract_id>/<any(suspend,resume,complete,terminate):act_name>", methods=["GET", "POST"])
@allow(Member, authority=True)
def end(contract_id: int, act_name: str) -> Any:
    """One of the declarations after signing; a warning stands first."""
    act = ContractAct(act_name)
    contract = seen(contract_id)
    need(policy.may_declare(contract, standing_to(contract), act))
    form: Any = FORMS[act](version=contract.version, day=clock.today())
    good = form.accepted()
    advice = ending_advice(contract, said(form, act)) if good else []
    if good and not (advice and form.look(advice)):
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            party = policy.may_declare(contract, standing_to(contract), act)
            if party is None:
                raise NotVisible
            made = service_ending.declare(contract, party, said(form, act), actor=me(), now=now)
            return form.done(thanks(made), show_url(contract_id))
    values = {"contract": contract, "form": form, "act": act, "warning": WARNINGS[act], "advice": advice}
    return render_template("contracts/end.html", **values, **WORDS)


def thanks(made: Declaration) -> str:
    """What was done, and what comes."""
    if made.state == DeclarationState.STATED:
        return _("Declared. The other side is asked to confirm it.")
    return _("Recorded. The other side is told.")


def declaration_of(contract: Contract, declaration_id: int) -> Declaration:
    """One of this contract's declarations, or NotVisible."""
    found = next((row for row in contract.declarations if row.id == declaration_id), None)
    if found is None:
        raise NotVisible
    return found


@bp.post("/contracts/<int:contract_id>/declarations/<int:declaration_id>/confirm")
@allow(Member, authority=True)
def confirm_declaration(contract_id: int, declaration_id: int) -> Any:
    """The other side says that it is so."""
    return respond(contract_id, declaration_id, DoForm(), agrees=True)


@bp.post("/contracts/<int:contract_id>/declarations/<int:declaration_id>/object")
@allow(Member, authority=True)
def object_to_declaration(contract_id: int, declaration_id: int) -> Any:
    """The other side says that it is not so, and why."""
    return respond(contract_id, declaration_id, ObjectForm(), agrees=False)


def respond(contract_id: int, declaration_id: int, form: Form, *, agrees: bool) -> Response:
    """Either answer."""
    contract = seen(contract_id)
    need(policy.may_answer(contract, declaration_of(contract, declaration_id), standing_to(contract)))
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            declaration = declaration_of(contract, declaration_id)
            form.check(declaration)
            party = policy.may_answer(contract, declaration, standing_to(contract))
            if party is None:
                raise NotVisible
            reason = form["reason"].data if "reason" in form else ""
            service_ending.answer(declaration, party, agrees=agrees, reason=reason, actor=me(), now=now)
            return form.done(_("Confirmed.") if agrees else _("Your objection is recorded."), show_url(contract_id))
    return refused(form, contract_id)


@bp.post("/contracts/<int:contract_id>/declarations/<int:declaration_id>/withdraw")
@allow(Member, authority=True)
def withdraw_declaration(contract_id: int, declaration_id: int) -> Any:
    """Take back what nobody has answered yet."""
    contract = seen(contract_id)
    need(policy.may_withdraw(contract, declaration_of(contract, declaration_id), standing_to(contract)))
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            declaration = declaration_of(contract, declaration_id)
            form.check(declaration)
            need(policy.may_withdraw(contract, declaration, standing_to(contract)))
            service_ending.withdraw(declaration, actor=me(), now=now)
            return form.done(_("Taken back."), show_url(contract_id))
    return refused(form, contract_id)
