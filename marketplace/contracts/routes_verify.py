"""Public verification: what anybody may know of a contract, by its code, its number with six digits, or one of its files."""

from hashlib import sha256
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from limits import RateLimitItem, parse
from werkzeug.wrappers import Response

from marketplace.accounts.tries import enabled
from marketplace.contracts import policy
from marketplace.contracts import queries_public as queries
from marketplace.contracts.forms import CodeForm, FileForm
from marketplace.contracts.models import Contract
from marketplace.contracts.routes_base import bp
from marketplace.contracts.routes_show import WORDS
from marketplace.contracts.rules import STATES, ContractState, ends_at, shown_on
from marketplace.contracts.verification import MATCHES, Match, fingerprints, match, public_name, seal_of
from marketplace.extensions import limiter
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.queries import inclusion, root_of
from marketplace.ledger.roots import stated
from marketplace.ledger.rules import written
from marketplace.web import clock, handed
from marketplace.web.access import Public, allow

PIECE = 1024 * 1024
HEX = frozenset("0123456789abcdef")
OF_NUMBER = (parse("10/hour"), parse("40/day"))
"""Guessing the digits of one number takes a million tries; a right answer forgives the wrong ones before it."""
OF_ADDRESS = (parse("30/hour"),)


@bp.route("/verify", methods=["GET", "POST"])
@allow(Public)
@limiter.limit("60/hour", methods=["POST"])
def verify() -> Any:
    """By the code that is printed on the contract, its number with the six digits beside it, or the file itself."""
    form = CodeForm()
    if form.accepted():
        digest = digest_sent(form)
        found = looked_up(form, digest)
        if isinstance(found, Contract):
            return redirect(url_for(".verified", code=found.code, digest=digest or None), 303)
        form.refuse(found)
    form.digest.data = ""
    return render_template("contracts/verify.html", form=form)


def looked_up(form: CodeForm, digest: str) -> Contract | Refusal:
    """The contract that was meant, or why there is none."""
    if form.code.data:
        try:
            return queries.by_code(form.code.data)
        except NotVisible:
            return Refusal(msgid("No contract has this code; compare it with the paper, letter by letter."), "code")
    if form.number.data or form.digits.data:
        return numbered(form.number.data or "", form.digits.data or "")
    if not digest:
        return Refusal(msgid("Type the code or the number, or choose the file."), "code")
    found = queries.by_digest(digest)
    return found or Refusal(msgid("This file matches no contract here: it was changed, or is not one of ours."), "file")


def numbered(number: str, digits: str) -> Contract | Refusal:
    """By the number with its six digits. Whether only the digits were wrong is not said."""
    typed = "".join(sign for sign in digits if sign in "0123456789")
    if not number or len(typed) != 6:
        return Refusal(msgid("Type both: the contract number, and the six digits printed beside it."), "number")
    tries = [(rule, sha256("".join(number.casefold().split()).encode()).hexdigest()) for rule in OF_NUMBER]
    count([*tries, *((rule, request.remote_addr or "") for rule in OF_ADDRESS)])
    found = queries.by_number(number, typed)
    if found is None:
        return Refusal(
            msgid("No contract has this number with these six digits; compare both with the paper."), "number"
        )
    forgive(tries)
    return found


def count(tries: list[tuple[RateLimitItem, str]]) -> None:
    """One more try of a number and from an address, or 429; all are counted, also when the first one refuses."""
    if not enabled():
        return
    allowed = [limiter.limiter.hit(rule, "verify-number", key) for rule, key in tries]
    if not all(allowed):
        abort(429)


def forgive(tries: list[tuple[RateLimitItem, str]]) -> None:
    """The right digits clear what was typed wrongly before them."""
    if enabled():
        for rule, key in tries:
            limiter.limiter.clear(rule, "verify-number", key)


def digest_sent(form: FileForm) -> str:
    """The fingerprint that the browser computed; or of the uploaded file, which is read piece by piece and not kept."""
    if is_digest(form.digest.data):
        return str(form.digest.data)
    if not form.file.data:
        return ""
    found = sha256()
    while piece := form.file.data.stream.read(PIECE):
        found.update(piece)
    return found.hexdigest()


def is_digest(text: str | None) -> bool:
    """A SHA-256 in hexadecimal."""
    return bool(text) and len(str(text)) == 64 and HEX.issuperset(str(text))


@bp.route("/verify/<code>", methods=["GET", "POST"])
@allow(Public)
@limiter.limit("60/hour", methods=["POST"])
@limiter.limit("120/minute", methods=["GET"])
def verified(code: str) -> str | Response:
    """Number, organisations, dates, state, methods, fingerprints, the seal and the published root; nothing else."""
    contract = queries.by_code(code)
    form = FileForm()
    asked = request.args.get("digest")
    result: Match | None = None
    if form.accepted():
        asked = digest_sent(form)
        if not asked:
            form.refuse(Refusal(msgid("Choose the file that should be compared."), "file"))
    if asked and is_digest(asked):
        result = match(queries.all_documents(contract), asked)
    form.digest.data = ""
    entry = queries.concluding_entry(contract)
    today = clock.today()
    words, kind = shown_on(today, contract)
    document = contract.documents[-1]
    return render_template(
        "contracts/verified.html",
        contract=contract,
        form=form,
        result=MATCHES[result] if result else None,
        signed=contract.state != ContractState.AWAITING,
        label=words,
        kind=kind,
        ends_on=ends_at(today, contract),
        annexes=handed.take("annex_count")(contract),
        fingerprints=fingerprints(document, printed=not contract.own_text and not contract.on_paper),
        seal=seal_of(document),
        entry=entry,
        root=root_of(entry) if entry else None,
        signatures={row.party_id: row for row in policy.standing_signatures(contract)},
        public_name=public_name,
        states=STATES,
        **WORDS,
    )


@bp.route("/verify/<code>/proof.json")
@allow(Public)
@limiter.limit("30/minute")
def proof(code: str) -> Response:
    """The entry of the ledger, word for word, with the path to the published root: to be checked without this server."""
    contract = queries.by_code(code)
    entry = queries.concluding_entry(contract)
    if entry is None:
        raise NotVisible
    path = inclusion(entry)
    return jsonify(
        contract=contract.number,
        entry=written(entry).decode(),
        hash=entry.hash,
        proof=stated(path) if path else None,
    )
