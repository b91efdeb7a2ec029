"""What to look at twice: read on the draft, with sentences to take over; after signing, as it stood then."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from marketplace.clauses import fairness
from marketplace.contracts import points, policy, service_points
from marketplace.contracts.routes_base import bp, locked, me, need, refused, seen, standing_to
from marketplace.contracts.routes_show import WORDS, points_of, wording_of
from marketplace.extensions import limiter
from marketplace.organisations.access import Helper, Member, Official
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.writes import write


@bp.route("/contracts/<int:contract_id>/points")
@allow(Member, Helper, Official)
def look_twice(contract_id: int) -> str:
    """Every point with its clause and its suggested sentence."""
    contract = seen(contract_id)
    need(not contract.on_paper)
    found = points_of(contract)
    wording, _refusal = wording_of(contract)
    return render_template(
        "contracts/points.html",
        contract=contract,
        document=contract.documents[-1] if contract.documents else None,
        groups=fairness.grouped(found),
        count=len(found),
        places=points.places(wording),
        may_edit=policy.may_edit(contract, standing_to(contract)),
        button=lambda: DoForm(formdata=None, version=contract.version),
        **WORDS,
    )


@bp.post("/contracts/<int:contract_id>/points/<code>")
@allow(Member, Helper)
@limiter.limit("120/hour")
def take_sentence(contract_id: int, code: str) -> Any:
    """Use the suggested sentence in the draft, or take it out again."""
    contract = seen(contract_id)
    need(policy.may_edit(contract, standing_to(contract)))
    out = request.form.get("out") == "1"
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            standing = standing_to(contract)
            need(policy.may_edit(contract, standing))
            service_points.take(
                contract, code, out=out, actor=me(), on_behalf_of=policy.helped(contract, standing), now=now
            )
            said = _("The sentence is taken out.") if out else _("The sentence stands among the further terms now.")
            return form.done(said, url_for(".look_twice", contract_id=contract_id, _anchor=code))
    return refused(form, contract_id)
