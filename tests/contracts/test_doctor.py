"""The operator's doctor names what all have signed and what is not final; the contract's page says it too."""

from datetime import datetime

from flask import Flask

from marketplace.annexes.doctor import unfinished as later_papers
from marketplace.annexes.rules import AnnexReason, PaperState
from marketplace.contracts.doctor import unfinished
from marketplace.contracts.rules import ContractState, Method
from marketplace.signatures.doctor import Check, Health
from marketplace.web import clock
from tests.annexes import papers
from tests.annexes.papers import DEARER, annex
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, text_of
from tests.factories import Factories


def found(app: Flask, now: datetime) -> list[tuple[str, Health]]:
    """What it says."""
    rows: list[Check] = list(unfinished(app.config["SETTINGS"], now))
    return [(row.name, row.health) for row in rows]


def test_all_signed_and_not_final_shows(app: Flask, make: Factories, sign_in: SignIn, now: datetime) -> None:
    deals.signed(make, Method.APP)
    assert found(app, now) == [("signed", Health.OK)]
    waiting = deals.signed(make)
    assert found(app, now) == [("unsealed", Health.WARN)]
    assert "Hệ thống sẽ niêm phong sau" in text_of(sign_in(waiting.farmer).get(f"/contracts/{waiting.contract.id}"))
    waiting.contract.state = ContractState.AWAITING
    make.commit()
    assert found(app, now) == [("signed", Health.PROBLEM)]
    assert sign_in(waiting.farmer).get(f"/contracts/{waiting.contract.id}").status_code == 200


def test_a_later_paper_too(app: Flask, make: Factories, now: datetime) -> None:
    paper = papers.signed(deals.signed(make), annex(AnnexReason.PRICE, DEARER, clock.today()), make.now).paper
    make.commit()
    assert list(later_papers(app.config["SETTINGS"], now)) == []
    paper.state = PaperState.AWAITING
    make.commit()
    (row,) = later_papers(app.config["SETTINGS"], now)
    assert (row.health, "PL01" in str(row.sentence.values)) == (Health.PROBLEM, True)
