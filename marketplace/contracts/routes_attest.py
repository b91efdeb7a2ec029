"""An officer's word on the signatures of any paper of a contract."""

from functools import partial
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from marketplace.contracts.attesting import ASKED, methods_of
from marketplace.contracts.forms_attest import attest_form
from marketplace.contracts.routes_base import bp, me, need, standing_to
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.routes_sign import own_text
from marketplace.contracts.routes_signable import Load, Signable
from marketplace.kernel.errors import Stale
from marketplace.organisations.access import Official
from marketplace.web.access import allow
from marketplace.web.writes import write


def attest_page(load: Load, template: str) -> Any:
    """What was really looked at: the original, or what stands in its place where nobody signed a paper."""
    paper = load()
    need(paper.may_attest() or comes_late(paper))
    signatures = paper.documents[-1].signatures
    methods = methods_of(signatures)
    form = attest_form(paper.things[0].version, methods)
    if form.accepted():
        with write(form) as now:
            paper = load(held=True)
            form.check(paper.things[0])
            if not paper.may_attest():
                raise Stale(paper.things[0])
            paper.attest(actor=me(), now=now)
            return form.done(_("Attested."), paper.url())
    if not paper.may_attest():
        raise Stale(paper.things[0])
    return render_template(
        template,
        contract=paper.contract,
        ways=paper,
        form=form,
        asked=[ASKED[method] for method in methods],
        signatures={row.party_id: row for row in signatures},
        **{**WORDS, **paper.described()},
    )


def comes_late(paper: Signable) -> bool:
    """What an officer sends who could attest it a moment ago: a repeat gets the first answer, the page of another is old."""
    standing = standing_to(paper.contract)
    return request.method == "POST" and standing.acts and standing.independent and bool(paper.documents)


@bp.route("/contracts/<int:contract_id>/attest", methods=["GET", "POST"])
@allow(Official, acting=True)
def attest(contract_id: int) -> Any:
    """The contract itself."""
    return attest_page(partial(own_text, contract_id), "contracts/attest.html")
