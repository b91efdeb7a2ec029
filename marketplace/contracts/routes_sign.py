"""Signing: in ink (the normal way) or by confirmation in the application; sending a text back."""

from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.accounts.models import User
from marketplace.accounts.service import reauthenticated
from marketplace.clauses.documents import MOTTO, STATE
from marketplace.clauses.fairness import grouped
from marketplace.contracts import policy, service_signing
from marketplace.contracts.forms import AppForm, InkForm, ReasonForm
from marketplace.contracts.models import Contract, Document, Party, Signature
from marketplace.contracts.refusing import REASONS, SignatureRefused
from marketplace.contracts.routes_base import bp, locked, me, need, refused, seen, show_url, standing_to, still
from marketplace.contracts.routes_putting import put
from marketplace.contracts.routes_scans import PDF, hold, take
from marketplace.contracts.routes_show import WORDS, points_of
from marketplace.contracts.rules import ContractState, Method
from marketplace.contracts.service_sealing import Coming, Prepared
from marketplace.contracts.sharing import shared_out
from marketplace.extensions import limiter
from marketplace.files.service import keep, read
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import Helper, Member
from marketplace.organisations.models import Membership
from marketplace.signatures import seal
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.forms import Form
from marketplace.web.messages import say
from marketplace.web.writes import write


@bp.route("/contracts/<int:contract_id>/sign", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def sign(contract_id: int) -> Any:
    """In ink: print, sign, stamp, upload the scan or photos with the date on the paper."""
    contract = seen(contract_id)
    need(standing_to(contract).sides)
    if not contract.documents:
        return signing_page(contract)
    form = InkForm()
    if form.accepted():
        party = party_of(contract, form.party_id.data)
        shared = shared_scan(contract.documents[-1], party) if form.same_paper.data else None
        scan, signed_on = take(form) if shared is None else read_back(shared), form.signed_on.data
        if scan is not None and signed_on is not None:
            document = contract.documents[-1]
            coming = coming_of(party, Method.WET_INK, membership(party), signed_on, scan=scan)

            def act(now: datetime, prepared: Prepared | None) -> Any:
                contract = locked(contract_id)
                party = party_of(contract, form.party_id.data)
                shared = shared_scan(contract.documents[-1], party) if form.same_paper.data else None
                paper = shared.scan if shared else keep(scan, _("signed-paper.pdf"), now, me().id, PDF)
                assert paper is not None
                service_signing.sign_in_ink(
                    contract,
                    party,
                    digest=form.digest.data or "",
                    scan=paper,
                    signed_on=signed_on,
                    signer=signing(party),
                    actor=me(),
                    now=now,
                    address=request.remote_addr or "",
                    prepared=prepared,
                )
                return form.done(thanks(contract), show_url(contract_id))

            answer = put(form, document, coming, act)
            if answer is not None:
                return answer
    elif form.is_submitted():
        hold(form, needed=not form.same_paper.data)
    return signing_page(seen(contract_id), ink=form if form.is_submitted() else None)


@bp.route("/contracts/<int:contract_id>/confirm-in-app", methods=["GET", "POST"])
@allow(Member, Helper)
@limiter.limit("60/hour", methods=["POST"])
def confirm_in_app(contract_id: int) -> Any:
    """In the application: prove again who one is, and confirm exactly this file. Loaded anew, it is the signing page."""
    if request.method == "GET":
        return redirect(url_for(".sign", contract_id=contract_id))
    contract = seen(contract_id)
    need(standing_to(contract).sides)
    if not contract.documents:
        return signing_page(contract)
    form = AppForm(prefix="app-")
    if form.accepted() and proved(form, me()):
        party = party_of(contract, form.party_id.data)
        coming = coming_of(party, Method.APP, membership(party), clock.today())

        def act(now: datetime, prepared: Prepared | None) -> Any:
            contract = locked(contract_id)
            party = party_of(contract, form.party_id.data)
            service_signing.confirm_in_app(
                contract,
                party,
                digest=form.digest.data or "",
                signer=signing(party),
                actor=me(),
                now=now,
                address=request.remote_addr or "",
                prepared=prepared,
            )
            return form.done(thanks(contract), show_url(contract_id))

        answer = put(form, contract.documents[-1], coming, act)
        if answer is not None:
            return answer
    return signing_page(seen(contract_id), app=form)


def coming_of(
    party: Party, method: Method, signer: Membership | None, signed_on: date, scan: bytes | None = None
) -> Coming | None:
    """What to prepare; nothing for somebody without authority, whom the service refuses."""
    if signer is None or not signer.authority:
        return None
    return Coming(party, method, signer, signed_on, scan=scan)


def proved(form: AppForm, user: User) -> bool:
    """Whether it is still the same person; an address or number that nobody has proved never authorises a signature."""
    if not user.proved:
        form.refuse(Refusal(msgid('Prove your e-mail address or phone number first (page "Me"), or sign on paper.')))
        return False
    try:
        right = reauthenticated(user, password=form.password.data or None, totp=form.totp.data or None)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    if not right:
        form.refuse(Refusal(msgid("That password or code is not right; nothing was signed."), "password"))
    return right


def party_of(contract: Contract, party_id: str | None) -> Party:
    """The party of the form, if this person is of it or helps it; whatever else is written there does not exist."""
    sides = standing_to(contract).sides
    for party in contract.parties:
        if str(party.id) == party_id and party.id in sides:
            return party
    raise NotVisible


def membership(party: Party) -> Membership | None:
    """How the person belongs to the party; None for who only helps it."""
    return organisations.membership_of(me().id, party.organisation) if party.organisation else None


def signing(party: Party) -> Membership:
    """The same inside the write; what it allows is checked by the service."""
    found = membership(party)
    if found is None:
        raise SignatureRefused("no_authority")
    return found


def read_back(shared: Signature) -> bytes:
    """The scan that the other party uploaded."""
    assert shared.scan is not None
    return read(shared.scan)


def shared_scan(document: Document, party: Party) -> Signature | None:
    """The scan that another party uploaded under this text."""
    others = (row for row in document.signatures if row.party_id != party.id)
    return next((row for row in others if row.scan is not None), None)


def why_not(contract: Contract) -> Message:
    """For somebody who came to sign and cannot, in the words in which a direct request is refused."""
    standing = standing_to(contract)
    if contract.state != ContractState.AWAITING:
        return REASONS["wrong_state"]
    if not standing.signs:
        return REASONS["no_authority"]
    own = any(party.id in standing.signs for party in policy.unsigned(contract))
    return REASONS["out_of_turn" if own else "already_signed"]


def thanks(contract: Contract) -> str:
    """What was done, and what comes."""
    if policy.unsigned(contract):
        names = ", ".join(party.name for party in policy.unsigned(contract))
        return _("Your signature is recorded. Still to sign: %(names)s.", names=names)
    return _("All parties have signed: the contract is concluded.")


def signing_page(contract: Contract, ink: Form | None = None, app: Form | None = None) -> Any:
    """Summary, full text, what to look at twice, then the two ways to sign."""
    party = policy.may_sign(contract, standing_to(contract))
    if party is None:
        for form in (ink, app):
            for sentence in form.refusals if form else []:
                flash(sentence, "problem")
        if ink is None and app is None:
            flash(say(why_not(contract)), "problem")
        return redirect(show_url(contract.id), 303)
    document = contract.documents[-1]
    values = {"digest": document.file_digest, "party_id": party.id}
    return render_template(
        "contracts/sign.html",
        contract=contract,
        party=party,
        shares=[share for share in shared_out(contract) if party in policy.sellers(contract)],
        document=document,
        ink=ink or InkForm(formdata=None, **values),
        app=app or AppForm(formdata=None, prefix="app-", **values),
        shared=shared_scan(contract.documents[-1], party),
        groups=grouped(points_of(contract)),
        second_factor=me().second_factor,
        seal_ready=seal.ready(clock.now()),
        state=STATE,
        motto=MOTTO,
        **WORDS,
    )


@bp.post("/contracts/<int:contract_id>/request-changes")
@allow(Member)
def request_changes(contract_id: int) -> Any:
    """Back to draft, with a reason; the signatures under this text are void."""
    said = _("The contract is a draft again.")
    return send_back(contract_id, service_signing.request_changes, policy.may_return, said)


@bp.post("/contracts/<int:contract_id>/decline")
@allow(Member)
def decline(contract_id: int) -> Any:
    """A party will not sign."""
    contract = seen(contract_id)
    still(policy.may_return(contract, standing_to(contract)), contract)
    need(policy.may_decline(contract, standing_to(contract)))
    said = _("You have declined. The other party is told.")
    return send_back(contract_id, service_signing.decline, policy.may_decline, said)


def send_back(contract_id: int, act: Any, may: Any, message: str) -> Any:
    """Either of the two, with its reason; whether one `may` is asked again inside the write."""
    contract = seen(contract_id)
    still(policy.may_return(contract, standing_to(contract)), contract)
    form = ReasonForm()
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            need(may(contract, standing_to(contract)))
            act(contract, form.reason.data or "", actor=me(), now=now)
            return form.done(message, show_url(contract_id))
    return refused(form, contract_id)
