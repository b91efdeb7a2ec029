"""Public verification: what anybody may know of a contract, by its code, its number with six digits, or one of its files."""

from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
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
OF_BOTH = (parse("10/hour"), parse("40/day"))
OF_ADDRESS = (parse("30/hour"),)
OF_NUMBER = (parse("100/hour"), parse("300/day"))
"""Wrong digits: of one number from one address, of any number from it, of one number from everywhere.

Guessing takes a million tries, so 300 a day come to nothing; and one visitor alone keeps nobody from a number.
"""
TOO_OFTEN = msgid(
    "Too many wrong digits in a short time. Use the code at the foot of each page, the QR or the file instead, or try "
    "again in an hour."
)
NO_CONTRACT = msgid(
    "This file is known here, but it is no contract that all have signed: its text was sent back or declined, or so far "
    "only one side has recorded it."
)


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
    return render_template("contracts/verify.html", form=form, missed="")


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
    if found is None:
        return Refusal(msgid("This file matches no contract here: it was changed, or is not one of ours."), "file")
    return found if found.state in queries.VERIFIABLE else Refusal(NO_CONTRACT, "file")


def numbered(number: str, digits: str) -> Contract | Refusal:
    """By the number with its six digits. Whether only the digits were wrong is not said."""
    typed = "".join(sign for sign in digits if sign in "0123456789")
    if not number or len(typed) != 6:
        return Refusal(msgid("Type both: the contract number, and the six digits printed beside it."), "number")
    tries = tries_of(number, request.remote_addr or "")
    if not all(limiter.limiter.test(rule, *key) for rule, key in tries):
        return Refusal(TOO_OFTEN, "number")
    found = queries.by_number(number, typed)
    if found is not None:
        return found
    for rule, key in tries:
        limiter.limiter.hit(rule, *key)
    return Refusal(msgid("No contract has this number with these six digits; compare both with the paper."), "number")


def tries_of(number: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    """What is counted; none where tests say so. A right answer costs nothing and forgives nothing: many papers bear one number."""
    if not enabled():
        return []
    meant = sha256("".join(number.casefold().split()).encode()).hexdigest()
    visitor = neighbourhood(address)
    keys = ((OF_BOTH, (meant, visitor)), (OF_ADDRESS, (visitor,)), (OF_NUMBER, (meant,)))
    return [(rule, ("verify-number", *key)) for rules, key in keys for rule in rules]


def neighbourhood(address: str) -> str:
    """One line has 2^64 addresses of the newer kind: they count as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


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
def verified(code: str) -> Any:
    """Number, organisations, dates, state, methods, fingerprints, the seal and the published root; nothing else."""
    try:
        contract = queries.by_code(code)
    except NotVisible:  # somebody stands here with a paper in the hand, not with a wrong address
        return render_template("contracts/verify.html", form=CodeForm(), missed=code[:40]), 404
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
        on_hold=contract.state == ContractState.SUSPENDED,
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
