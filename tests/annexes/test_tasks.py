"""Reminders of later papers: to whose turn it is, once; a renewal while there is time for it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from marketplace.annexes.rules import AnnexReason
from marketplace.annexes.tasks import remind
from marketplace.extensions import db
from marketplace.notices.models import Notice
from marketplace.web import clock
from tests.annexes import papers
from tests.annexes.papers import DEARER, annex
from tests.contracts import deals
from tests.factories import Factories


def test_a_missing_signature_is_asked_for_once(make: Factories, app: Flask) -> None:
    make.now = datetime.now(UTC) - timedelta(days=4)
    deal = deals.signed(make, starts_on=None, ends_on=clock.today() + timedelta(days=400))
    later = papers.draft(deal, annex(AnnexReason.PRICE, DEARER, clock.today()), make.now)
    papers.open_text(later, make.now)
    papers.sign(later, deal.sides[0], make.now)
    make.commit()
    assert remind(app) == 1
    assert remind(app) == 0
    rows = db.session.query(Notice).filter_by(user_id=deal.trader.id)
    found = [row.url for row in rows if "three days" in row.text]
    assert found == [f"/contracts/{deal.contract.id}/annexes/1"]


@pytest.mark.parametrize(("days", "told"), [(61, 0), (60, 2), (31, 2), (30, 0)])
def test_a_renewal_is_spoken_of_in_time(make: Factories, app: Flask, days: int, told: int) -> None:
    deals.signed(make, starts_on=None, ends_on=clock.today() + timedelta(days=days))
    make.commit()
    assert remind(app) == told
    assert remind(app) == 0
