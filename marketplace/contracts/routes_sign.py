"""Signing the contract's own text: in ink (the normal way), in the application, digitally; sending it back."""

from functools import partial
from typing import Any

from flask import redirect, request
from flask_babel import gettext as _

from marketplace.clauses.documents import MOTTO, STATE
from marketplace.clauses.fairness import grouped
from marketplace.contracts import policy, service_signing
from marketplace.contracts.models import Contract, Document, Party, Signature
from marketplace.contracts.routes_base import bp, locked, seen, standing_to
from marketplace.contracts.routes_show import points_of
from marketplace.contracts.routes_signable import Signable
from marketplace.contracts.routes_ways import digitally, in_app, in_ink, send_back
from marketplace.contracts.rules import ContractState
from marketplace.contracts.sharing import shared_out
from marketplace.contracts.telling import named
from marketplace.extensions import limiter
from marketplace.organisations.access import Helper, Member
from marketplace.web.access import allow


class OwnText(Signable):
    """The contract itself."""

    blueprint, template = "contracts", "contracts/sign.html"

    @property
    def things(self) -> tuple[Contract]:
        return (self.contract,)

    @property
    def documents(self) -> list[Document]:
        return self.contract.documents

    def party(self) -> Party | None:
        return policy.may_sign(self.contract, standing_to(self.contract))

    def unsigned(self) -> list[Party]:
        return policy.unsigned(self.contract)

    def closed(self) -> str:
        if self.contract.state != ContractState.AWAITING:
            return "wrong_state"
        return "expired" if policy.over(self.contract, standing_to(self.contract)) else ""

    def may_return(self) -> bool:
        return policy.may_return(self.contract, standing_to(self.contract))

    def may_decline(self) -> bool:
        """Not sign at all, and for everybody."""
        return policy.may_decline(self.contract, standing_to(self.contract))

    def sign(self, party: Party, given: service_signing.Given, **by: Any) -> Signature:
        return service_signing.sign(self.contract, party, given, **by)

    def concluded(self) -> str:
        return _("All parties have signed: the contract is concluded.")

    def may_attest(self) -> bool:
        return policy.may_attest(self.contract, standing_to(self.contract))

    def attest(self, **by: Any) -> None:
        service_signing.attest(self.contract, **by)

    def heading(self) -> str:
        return _("Sign contract %(number)s digitally", number=named(self.contract))

    def described(self) -> dict[str, Any]:
        return {}

    def shown(self) -> dict[str, Any]:
        party = self.party()
        return {
            "shares": [share for share in shared_out(self.contract) if party in policy.sellers(self.contract)],
            "groups": grouped(points_of(self.contract)),
            "state": STATE,
            "motto": MOTTO,
        }


def own_text(contract_id: int, held: bool = False) -> OwnText:
    """The contract of this address, or a 404."""
    return OwnText(locked(contract_id) if held else seen(contract_id))


@bp.route("/contracts/<int:contract_id>/sign", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def sign(contract_id: int) -> Any:
    """In ink: print, sign, stamp, upload the scan or photos with the date on the paper."""
    return in_ink(partial(own_text, contract_id))


@bp.route("/contracts/<int:contract_id>/confirm-in-app", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def confirm_in_app(contract_id: int) -> Any:
    """In the application. Loaded anew, it is the signing page."""
    if request.method == "GET":
        return redirect(own_text(contract_id).url("sign"))
    return in_app(partial(own_text, contract_id))


@bp.route("/contracts/<int:contract_id>/sign-digitally", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("30/hour", methods=["POST"])
def sign_digitally(contract_id: int) -> Any:
    """With the party's own key, in the file that it sends back."""
    return digitally(partial(own_text, contract_id))


@bp.post("/contracts/<int:contract_id>/request-changes")
@allow(Member)
def request_changes(contract_id: int) -> Any:
    """Back to draft, with a reason; the signatures under this text are void."""
    said = _("The contract is a draft again.")
    return send_back(partial(own_text, contract_id), service_signing.request_changes, said)


@bp.post("/contracts/<int:contract_id>/decline")
@allow(Member)
def decline(contract_id: int) -> Any:
    """A party will not sign."""
    said = _("You have declined. The other party is told.")
    return send_back(partial(own_text, contract_id), service_signing.decline, said, OwnText.may_decline)
