"""The contract as a Word file: for those who must edit or comment on it outside. The PDF stays the original."""

from typing import Any

from flask import Response, render_template

from marketplace.clauses.word import render_word
from marketplace.contracts.models import Contract
from marketplace.contracts.routes_base import DRAWING, bp, seen
from marketplace.contracts.rules import ContractState
from marketplace.contracts.service_drawing import written
from marketplace.extensions import limiter
from marketplace.files.responses import POLICY
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.organisations.access import Helper, Member, Official
from marketplace.web import clock
from marketplace.web.access import allow
from marketplace.web.messages import say

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def has_word(contract: Contract) -> bool:
    """Where the words are ours: not for a paper, nor where a party brought its own file."""
    return not contract.on_paper and not (contract.own_text and contract.state != ContractState.DRAFT)


@bp.route("/contracts/<int:contract_id>/word")
@allow(Member, Helper, Official)
@limiter.limit(DRAWING)
def word(contract_id: int) -> Any:
    """The draft as it reads now, or the text that stands, as a working copy."""
    contract = seen(contract_id)
    if not has_word(contract):
        raise NotVisible
    frozen = contract.state not in (ContractState.DRAFT, ContractState.CANCELLED) and bool(contract.documents)
    try:
        text = contract.documents[-1].text if frozen else written(contract)
    except Refusal as refusal:
        return render_template("contracts/unprintable.html", contract=contract, sentence=say(refusal.message)), 422
    at = contract.documents[-1].frozen_at if frozen else clock.now()
    answer = Response(render_word(text, issued_at=at, frozen=frozen), mimetype=WORD)
    name = "hop-dong" if frozen else "du-thao-hop-dong"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{contract.id}.docx"'
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
