"""What later papers hang on a contract's page: the papers, the terms on a day, and what may be begun."""

from typing import Any

from marketplace.annexes import policy, queries
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import OPEN, PaperKind, shown_on
from marketplace.annexes.service_drafting import called
from marketplace.contracts import queries as contracts
from marketplace.contracts.models import Contract
from marketplace.contracts.policy import may_settle
from marketplace.contracts.rules import CONCLUDED
from marketplace.web import clock
from marketplace.web.panels import Panel


def settling(papers: list[Paper]) -> bool:
    """Whether minutes are being drawn up already."""
    return any(paper.kind == PaperKind.SETTLEMENT and paper.state in OPEN for paper in papers)


def of_contract(contract: Contract, viewer: Any) -> Panel | None:
    """Later papers of a concluded contract, newest first. Three queries, one where there are none."""
    if contract.state not in CONCLUDED:
        return None
    standing, today = contracts.standing(viewer, contract), clock.today()
    papers = [paper for paper in reversed(queries.papers_of(contract)) if policy.may_see(paper, standing)]
    found = {
        "contract": contract,
        "papers": papers,
        "called": called,
        "shown_on": shown_on,
        "today": today,
        "may_draft": policy.may_draft(contract, standing),
        "may_renew": policy.may_renew(contract, standing, today),
        "may_settle": may_settle(contract, standing, today) and not settling(papers),
    }
    return Panel("annexes/_panel.html", {"later": found})
