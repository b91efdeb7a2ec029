"""The talk about a text: reading it with the comments on its clauses, what changed since, more time to sign."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from marketplace.clauses import documents
from marketplace.clauses.differences import differences, key_of
from marketplace.contracts import figures, policy, queries_versions, service_talking, service_versions
from marketplace.contracts.forms_talk import CommentForm, ExtendForm
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.queries_versions import Version
from marketplace.contracts.routes_base import bp, locked, me, need, refused, seen, show_url, standing_to, still
from marketplace.contracts.routes_show import WORDS, wording_of
from marketplace.contracts.rules import ContractState
from marketplace.contracts.service_templates import body_of
from marketplace.extensions import limiter
from marketplace.kernel.errors import NotVisible, Stale
from marketplace.organisations.access import Helper, Member, Official
from marketplace.web.access import allow
from marketplace.web.forms import DoForm
from marketplace.web.writes import write


@bp.route("/contracts/<int:contract_id>/text")
@allow(Member, Helper, Official)
def read(contract_id: int) -> Any:
    """The full text; beside each clause, for the parties and their helpers alone, what was said about it."""
    contract = seen(contract_id)
    asked = request.args.get("clause")
    return reading(contract, None if asked is None else CommentForm(formdata=None, clause=asked))


def reading(contract: Contract, form: CommentForm | None) -> str:
    """The page, with the form open at its clause."""
    standing = standing_to(contract)
    wording, refusal = wording_of(contract)
    talks = policy.may_talk(contract, standing)
    said = queries_versions.comments(contract) if talks else {}
    keys = [key_of(clause) for clause in wording["clauses"]] if wording else []
    return render_template(
        "contracts/read.html",
        contract=contract,
        document=contract.documents[-1] if contract.documents else None,
        wording=wording,
        refusal=refusal,
        paper=documents,
        talks=talks,
        comments=policy.may_comment(contract, standing),
        said=said,
        # What was said about a clause that the text no longer has is still read, at the end.
        orphans=[row for key, rows in said.items() if key and key not in keys for row in rows],
        form=form if form is not None and form.clause.data in ("", *keys) else None,
        key_of=key_of,
        button=lambda: DoForm(formdata=None),
        **WORDS,
    )


def side_acting(contract: Contract) -> tuple[Party, int | None]:
    """The party in whose name the visitor writes, and the organisation that a helper acts for."""
    behalf = policy.helped(contract, standing_to(contract))
    position = service_versions.side_of(contract, me(), behalf)
    return next(party for party in contract.parties if party.position == position), behalf


def name_of(contract: Contract, key: str) -> str:
    """How the clause is called now ("Điều 3"), or NotVisible; the whole text has the empty key and no name."""
    wording, _refusal = wording_of(contract)
    names = {key_of(clause): str(clause["number"]) for clause in wording["clauses"]} if wording else {}
    if key and key not in names:
        if any(clause.get("key") == key for clause in body_of(contract)["clauses"]):
            raise Stale(contract)  # taken out while somebody was writing about it: what was typed is shown again
        raise NotVisible
    return names.get(key, "")


@bp.post("/contracts/<int:contract_id>/comment")
@allow(Member, Helper)
@limiter.limit("120/hour")
def comment(contract_id: int) -> Any:
    """Say something about a clause, or about the whole text."""
    contract = seen(contract_id)
    still(policy.may_comment(contract, standing_to(contract)), contract)
    form = CommentForm()
    name = name_of(contract, form.clause.data or "")
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            still(policy.may_comment(contract, standing_to(contract)), contract)
            party, behalf = side_acting(contract)
            service_talking.comment(
                contract,
                party,
                form.clause.data or "",
                name,
                form.text.data or "",
                actor=me(),
                on_behalf_of=behalf,
                now=now,
            )
            return form.done(_("Your comment is there; the other party is told."), clause_url(contract_id, form))
    return reading(seen(contract_id), form)


def clause_url(contract_id: int, form: CommentForm) -> str:
    """Back to the clause that was spoken of."""
    return url_for(".read", contract_id=contract_id, _anchor=f"y-{form.clause.data or 'chung'}")


@bp.post("/contracts/<int:contract_id>/comments/<int:comment_id>/done")
@allow(Member, Helper)
def settle_comment(contract_id: int, comment_id: int) -> Any:
    """What a comment asked for is done."""
    contract = seen(contract_id)
    need(policy.may_comment(contract, standing_to(contract)))
    queries_versions.comment_of(contract, comment_id)
    form = DoForm()
    if form.accepted():
        with write(form) as now:
            contract = locked(contract_id)
            need(policy.may_comment(contract, standing_to(contract)))
            found = queries_versions.comment_of(contract, comment_id)
            _party, behalf = side_acting(contract)
            service_talking.settle_comment(contract, found, actor=me(), on_behalf_of=behalf, now=now)
            return form.done(_("Marked as done."), url_for(".read", contract_id=contract_id))
    return refused(form, contract_id)


@bp.route("/contracts/<int:contract_id>/changes")
@allow(Member, Helper)
def changes(contract_id: int) -> str:
    """What changed between two texts, in words and figures; by default since one's own side wrote last."""
    contract = seen(contract_id)
    standing = standing_to(contract)
    need(policy.may_talk(contract, standing))
    wording, _refusal = wording_of(contract)
    current = wording if contract.state == ContractState.DRAFT else None
    known = queries_versions.versions(contract, current)
    ours = {party.position for party in contract.parties if party.id in standing.sides}
    first, last = chosen(known, ours)
    old, new = (queries_versions.text_of(contract, key, current) if key else ({}, {}) for key in (first, last))
    return render_template(
        "contracts/changes.html",
        contract=contract,
        versions=known,
        first=first,
        last=last,
        changes=differences(old[0], new[0]) if old[0] and new[0] else [],
        figures=figures.compare(old[1], new[1]),
        account=figures.ACCOUNT,
        **WORDS,
    )


def chosen(known: list[Version], ours: set[int]) -> tuple[str, str]:
    """The two versions of the address, or those that this side has not compared yet; empty where there are not two."""
    if not known:
        return "", ""
    last = request.args.get("to", known[-1].key)
    if "from" in request.args:
        return request.args["from"], last
    before = queries_versions.seen_last(known, ours) or (known[-2] if len(known) > 1 else known[0])
    return before.key, last


@bp.post("/contracts/<int:contract_id>/extend")
@allow(Member)
def extend(contract_id: int) -> Any:
    """Give the same text more time to be signed."""
    contract = seen(contract_id)
    still(policy.may_extend(contract, standing_to(contract)), contract)
    form = ExtendForm()
    if form.accepted() and form.sign_by.data is not None:
        with write(form) as now:
            contract = locked(contract_id)
            form.check(contract)
            need(policy.may_extend(contract, standing_to(contract)))
            service_talking.extend(contract, form.sign_by.data, actor=me(), now=now)
            return form.done(_("There is more time to sign; the others are told."), show_url(contract_id))
    return refused(form, contract_id)
