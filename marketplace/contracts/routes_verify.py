"""Public verification: what anybody may know of a contract by its code, and whether a file is that contract."""

from hashlib import sha256
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.contracts import policy, queries
from marketplace.contracts.forms import CodeForm
from marketplace.contracts.models import Contract
from marketplace.contracts.routes_base import bp
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.rules import STATES, ContractState, shown_on
from marketplace.contracts.verification import Match, match, public_name
from marketplace.extensions import limiter
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.web import clock
from marketplace.web.access import Public, allow

PIECE = 1024 * 1024


@bp.route("/verify", methods=["GET", "POST"])
@allow(Public)
@limiter.limit("60/hour", methods=["POST"])
def verify() -> Any:
    """By the code that is printed on the contract, or by the file itself."""
    form = CodeForm()
    if form.accepted():
        contract = looked_up(form)
        if isinstance(contract, Contract):
            return redirect(url_for(".verified", code=contract.code), 303)
        form.refuse(contract)
    return render_template("contracts/verify.html", form=form)


def looked_up(form: CodeForm) -> Contract | Refusal:
    """The contract that a code or a file leads to, or why there is none."""
    if form.code.data:
        try:
            return queries.by_code(form.code.data)
        except NotVisible:
            return Refusal(msgid("No contract has this code; compare it with the paper, letter by letter."), "code")
    if not form.file.data:
        return Refusal(msgid("Type the code, or choose the file."), "code")
    found = queries.by_digest(digest_of(form.file.data))
    return found or Refusal(msgid("This file matches no contract here: it was changed, or is not one of ours."), "file")


def digest_of(upload: Any) -> str:
    """The fingerprint of an uploaded file, which is read piece by piece and not kept."""
    found = sha256()
    while piece := upload.stream.read(PIECE):
        found.update(piece)
    return found.hexdigest()


@bp.route("/verify/<code>", methods=["GET", "POST"])
@allow(Public)
@limiter.limit("60/hour", methods=["POST"])
@limiter.limit("120/minute", methods=["GET"])
def verified(code: str) -> str | Response:
    """Number, organisations, signing date, state, methods, fingerprint; nothing else."""
    contract = queries.by_code(code)
    form = CodeForm()
    result: Match | None = None
    if form.accepted():
        if form.file.data:
            result = match(contract, digest_of(form.file.data))
        else:
            form.refuse(Refusal(msgid("Choose the file that should be compared."), "file"))
    signed = contract.state != ContractState.AWAITING
    words, kind = shown_on(clock.today(), contract)
    return render_template(
        "contracts/verified.html",
        contract=contract,
        form=form,
        result=result,
        matches=Match,
        signed=signed,
        label=words,
        kind=kind,
        document=contract.documents[-1],
        signatures={row.party_id: row for row in policy.standing_signatures(contract)},
        public_name=public_name,
        states=STATES,
        **WORDS,
    )
