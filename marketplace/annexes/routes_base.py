"""The blueprint of the slice, and what its views share."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from marketplace.annexes import queries
from marketplace.annexes.goods_text import shares
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import ACTS, FIELDS, REASONS, shown_on
from marketplace.annexes.service_drafting import called
from marketplace.contracts.models import Contract
from marketplace.contracts.routes_base import locked, seen, standing_to
from marketplace.contracts.routes_show import WORDS as CONTRACT_WORDS
from marketplace.kernel.prices import describe
from marketplace.web.forms import Form

bp = Blueprint("annexes", __name__)

WORDS: dict[str, Any] = {
    **CONTRACT_WORDS,
    "paper_acts": ACTS,
    "paper_shown_on": shown_on,
    "reasons": REASONS,
    "fields": FIELDS,
    "called": called,
    "rule_of": describe,
    "shares_of": shares,
}
"""What the templates of later papers may use."""


def seen_paper(contract_id: int, series: int) -> tuple[Contract, Paper]:
    """The contract and the paper of this address, or a 404."""
    contract = seen(contract_id)
    return contract, queries.get(contract, series, standing_to(contract))


def locked_paper(contract_id: int, series: int) -> tuple[Contract, Paper]:
    """The same inside a write: the contract's row is held, so nobody ends it or signs another paper meanwhile."""
    contract = locked(contract_id)
    return contract, queries.get(contract, series, standing_to(contract))


def paper_url(paper: Paper) -> str:
    """The paper's page."""
    return url_for("annexes.show", contract_id=paper.contract_id, series=paper.series)


def refused(form: Form, paper: Paper) -> Response:
    """One-button forms stand on the paper's page: what was refused is said there."""
    errors = [error for field in form for error in field.errors]
    for sentence in [*form.refusals, *errors]:
        flash(str(sentence), "problem")
    return redirect(paper_url(paper), 303)
