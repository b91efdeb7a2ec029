"""Signing a later paper by the ways of the contract; sending it back; an officer's word on the original."""

from functools import partial
from typing import Any

from flask import redirect, request
from flask_babel import gettext as _

from marketplace.annexes import policy, service_signing
from marketplace.annexes.advising import advice_of
from marketplace.annexes.models import Paper
from marketplace.annexes.routes_base import WORDS, bp, locked_paper, seen_paper
from marketplace.annexes.routes_show import rows_of
from marketplace.annexes.rules import PaperState
from marketplace.annexes.service_drafting import called
from marketplace.annexes.settlement import Settlement
from marketplace.contracts.models import Contract, Document, Party, Signature
from marketplace.contracts.routes_attest import attest_page
from marketplace.contracts.routes_base import standing_to
from marketplace.contracts.routes_signable import Signable
from marketplace.contracts.routes_ways import digitally, in_app, in_ink, send_back
from marketplace.contracts.service_signing import Given
from marketplace.extensions import limiter
from marketplace.organisations.access import Helper, Member, Official
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.messages import say


class LaterPaper(Signable):
    """An annex, or the minutes of settlement."""

    blueprint, template = "annexes", "annexes/sign.html"

    def __init__(self, contract: Contract, paper: Paper) -> None:
        super().__init__(contract, series=paper.series)
        self.paper = paper

    @property
    def things(self) -> tuple[Paper, Contract]:
        return (self.paper, self.contract)

    @property
    def documents(self) -> list[Document]:
        return self.paper.documents

    def party(self) -> Party | None:
        return policy.may_sign(self.paper, self.contract, standing_to(self.contract), clock.today())

    def unsigned(self) -> list[Party]:
        return policy.unsigned(self.paper, self.contract)

    def closed(self) -> str:
        if not policy.alive(self.paper, self.contract, clock.today()):
            return "contract_over"
        return "wrong_state" if self.paper.state != PaperState.AWAITING else ""

    def may_return(self) -> bool:
        return policy.may_return(self.paper, standing_to(self.contract))

    def sign(self, party: Party, given: Given, **by: Any) -> Signature:
        return service_signing.sign(self.paper, self.contract, party, given, **by)

    def concluded(self) -> str:
        return _("All parties have signed this paper.")

    def may_attest(self) -> bool:
        return policy.may_attest(self.paper, self.contract, standing_to(self.contract), clock.today())

    def attest(self, **by: Any) -> None:
        service_signing.attest(self.paper, self.contract, **by)

    def heading(self) -> str:
        return _("Sign digitally: %(paper)s", paper=say(called(self.paper)))

    def described(self) -> dict[str, Any]:
        return {
            "paper": self.paper,
            "rows": rows_of(self.contract, self.paper),
            "warnings": advice_of(self.paper, self.contract, clock.today()),
            "settlement": Settlement.read(self.paper.terms) if self.paper.reason is None else None,
            **WORDS,
        }


def later_paper(contract_id: int, series: int, held: bool = False) -> LaterPaper:
    """The paper of this address, or a 404."""
    return LaterPaper(*(locked_paper if held else seen_paper)(contract_id, series))


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/sign", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def sign(contract_id: int, series: int) -> Any:
    """In ink: print, sign, stamp, upload the scan or photos with the date on the paper."""
    return in_ink(partial(later_paper, contract_id, series))


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/confirm-in-app", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def confirm_in_app(contract_id: int, series: int) -> Any:
    """In the application. Loaded anew, it is the signing page."""
    if request.method == "GET":
        return redirect(later_paper(contract_id, series).url("sign"))
    return in_app(partial(later_paper, contract_id, series))


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/sign-digitally", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("30/hour", methods=["POST"])
def sign_digitally(contract_id: int, series: int) -> Any:
    """With the party's own key, in the file that it sends back."""
    return digitally(partial(later_paper, contract_id, series))


@bp.post("/contracts/<int:contract_id>/annexes/<int:series>/request-changes")
@allow(Member)
def request_changes(contract_id: int, series: int) -> Any:
    """Back to draft, with a reason; the signatures under this text are void."""
    load = partial(later_paper, contract_id, series)
    return send_back(load, service_signing.request_changes, _("The paper is a draft again."))


@bp.post("/contracts/<int:contract_id>/annexes/<int:series>/decline")
@allow(Member)
def decline(contract_id: int, series: int) -> Any:
    """A party will not sign; the contract goes on as it is."""
    load = partial(later_paper, contract_id, series)
    return send_back(load, service_signing.decline, _("You have declined. The other party is told."))


@bp.route("/contracts/<int:contract_id>/annexes/<int:series>/attest", methods=["GET", "POST"])
@allow(Official)
def attest(contract_id: int, series: int) -> Any:
    """An independent officer's word on its signatures."""
    return attest_page(partial(later_paper, contract_id, series), "annexes/attest.html")
