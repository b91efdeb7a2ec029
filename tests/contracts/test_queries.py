"""What waits for whom; lists cost the same number of queries however long they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from marketplace.contracts import panels, queries
from marketplace.contracts.rules import ContractAct
from marketplace.extensions import db
from marketplace.web.panels import Panel
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, text_of
from tests.factories import Factories


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are run inside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_what_waits_for_whom(make: Factories) -> None:
    awaiting, recorded = deals.opened(make), deals.recorded(make)
    officer = make.officer(make.unit("Xã Than Uyên"))
    assert [row.act for row in queries.waiting_for(awaiting.farmer)] == [ContractAct.SIGN]
    assert [row.act for row in queries.waiting_for(recorded.trader)] == [ContractAct.CONFIRM]
    assert queries.waiting_for(recorded.farmer) == []
    assert [row.act for row in queries.waiting_for(officer)] == [ContractAct.ATTEST]
    deals.sign(awaiting, awaiting.sides[0], make.now)
    assert queries.waiting_for(awaiting.farmer) == []
    assert queries.waiting_for(awaiting.farmer) == []


@pytest.mark.parametrize("path", ["/contracts", "/contracts/to-attest"])
def test_a_list_costs_few_queries_however_long(make: Factories, sign_in: SignIn, path: str) -> None:
    deal = deals.recorded(make)
    unit = make.unit("Xã Than Uyên")
    person = deal.farmer if path == "/contracts" else make.officer(unit)
    browser = sign_in(person)
    costs = []
    for more in (0, 4):
        for number in range(more):
            extra = deals.recorded(make, number=f"{more}{number}/2026")
            extra.sides[0].organisation_id = deal.seller.id
        make.commit()
        browser.get(path)
        with counted() as seen:
            assert text_of(browser.get(path)).count("HĐTT") + more >= 1
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[1] <= 9, "\n".join(seen)


def test_panels_show_counts_only(make: Factories) -> None:
    deal = deals.signed(make)
    panel = panels.of_organisation(deal.seller, deal.farmer)
    assert isinstance(panel, Panel) == (queries.in_force_of(deal.seller.id, make.now.date()) > 0)
    assert queries.in_force_of(deal.seller.id, make.now.date()) == 1
    assert panels.of_organisation(make.cooperative(), deal.farmer) is None
    step = panels.step_of(deal.contract, make.user())
    assert step.url is None
    assert panels.step_of(deal.contract, deal.farmer).url == f"/contracts/{deal.contract.id}"
