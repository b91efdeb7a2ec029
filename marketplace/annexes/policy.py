"""PURE: who may do what to a later paper, given how a person stands to its contract (`contracts.queries.standing`)."""

from datetime import date

from marketplace.annexes.models import Paper
from marketplace.annexes.rules import PAPER, RENEW_FROM, PaperAct, PaperKind, PaperState
from marketplace.contracts import policy as contract_policy
from marketplace.contracts.models import Contract, Document, Party
from marketplace.contracts.policy import Standing, missing, turn
from marketplace.contracts.rules import CONTRACT, ContractAct, ContractState, Method, ends_at, standing_on
from marketplace.contracts.rules import Standing as ByDate

RUNNING = frozenset({ContractState.SIGNED, ContractState.SUSPENDED})
"""States of a contract whose terms can still be changed."""


def may_draft(contract: Contract, standing: Standing) -> bool:
    """Begin an annex: both sides and their helpers, while the contract runs."""
    return contract.state in RUNNING and bool(standing.sides)


def may_renew(contract: Contract, standing: Standing, day: date) -> bool:
    """Whether a renewal is proposed to these people: the end is near, or was yesterday's work."""
    end = ends_at(None, contract)
    near = end is not None and 0 <= (end - day).days <= RENEW_FROM
    return near and may_draft(contract, standing)


def alive(paper: Paper, contract: Contract, day: date) -> bool:
    """Whether the paper can still come to something: an annex while the contract runs, minutes once it has ended."""
    if paper.kind == PaperKind.ANNEX:
        return contract.state in RUNNING
    in_force = contract.state == ContractState.SIGNED and standing_on(day, contract) != ByDate.PAST_END
    return CONTRACT.allows(contract.state, ContractAct.SETTLE) and not in_force


def may_edit(paper: Paper, contract: Contract, standing: Standing, day: date) -> bool:
    """Both sides correct a draft, and open it for signing; helpers prepare."""
    return paper.state == PaperState.DRAFT and bool(standing.sides) and alive(paper, contract, day)


def may_cancel(paper: Paper, standing: Standing) -> bool:
    """Drop a draft: a party's own people."""
    return PAPER.allows(paper.state, PaperAct.CANCEL) and bool(standing.belongs)


def may_return(paper: Paper, standing: Standing) -> bool:
    """Ask for other wording, or decline: a party's own people while signatures are awaited."""
    return paper.state == PaperState.AWAITING and bool(standing.belongs)


def unsigned(paper: Paper, contract: Contract) -> list[Party]:
    """The parties whose signature is missing under the text that stands."""
    return missing(paper.documents[-1], contract.parties) if paper.state == PaperState.AWAITING else []


def awaited(paper: Paper, contract: Contract) -> list[Party]:
    """Whose turn it is to sign: those who have somebody here to do it."""
    found = turn(contract, paper.documents[-1]) if paper.state == PaperState.AWAITING else []
    return [party for party in found if party.organisation_id is not None]


def may_sign(paper: Paper, contract: Contract, standing: Standing, day: date) -> Party | None:
    """The party for which this person may sign now."""
    if not alive(paper, contract, day):
        return None
    return next((party for party in awaited(paper, contract) if party.id in standing.signs), None)


def may_attest(paper: Paper, contract: Contract, standing: Standing, day: date) -> bool:
    """An independent officer has seen the original: of what is signed, or of what only strangers have still to sign.

    A party without an account signs on the same paper; nobody else could say so for it.
    """
    if not (standing.acts and standing.independent and paper.documents):
        return False
    document = paper.documents[-1]
    if paper.state == PaperState.AWAITING:
        strangers = all(party.organisation_id is None for party in unsigned(paper, contract))
        return strangers and inked(document) and alive(paper, contract, day)
    unattested = any(not signature.attested for signature in document.signatures)
    return paper.state == PaperState.SIGNED and unattested


def inked(document: Document) -> bool:
    """Whether a signed paper was sent in."""
    return any(signature.method == Method.WET_INK for signature in document.signatures)


def may_see(paper: Paper, standing: Standing) -> bool:
    """Drafts, and what was dropped, are the parties' business alone."""
    shown = paper.state not in (PaperState.DRAFT, PaperState.CANCELLED) and bool(paper.documents)
    return bool(standing.sides) or shown


def helped(contract: Contract, standing: Standing) -> int | None:
    """The organisation in whose name a helper acts here."""
    return contract_policy.helped(contract, standing)
