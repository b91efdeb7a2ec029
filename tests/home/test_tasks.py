"""Reminders: each made once, at its time, for those concerned."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.home import tasks
from marketplace.notices.models import Notice
from marketplace.products.models import Certificate
from marketplace.products.rules import CertificateKind, CertificateState
from marketplace.web import clock
from tests.factories import Factories


def told(user: Any) -> list[str]:
    """The sentences of somebody's notices."""
    db.session.rollback()
    rows = db.session.scalars(select(Notice).filter_by(user_id=user.id).order_by(Notice.id))
    return [str(notice.message) for notice in rows]


def certificate(make: Factories, days: int) -> tuple[Any, Any]:
    """A listed product's certificate that runs out in so many days, and its owner."""
    organisation = make.cooperative()
    owner = make.member(organisation)
    found = make.add(
        Certificate(
            product_id=make.product(organisation).id,
            kind=CertificateKind.VIETGAP,
            state=CertificateState.DECLARED,
            last_day=clock.today() + timedelta(days=days),
            created_at=clock.now(),
        )
    )
    return owner, found


@pytest.mark.parametrize(("days", "count"), [(-1, 0), (10, 1), (150, 1), (220, 0)])
def test_a_certificate_is_reminded_of_in_time(app: Flask, make: Factories, days: int, count: int) -> None:
    owner, _found = certificate(make, days)
    make.commit()
    for _day in range(2):
        tasks.remind(app)
    assert len(told(owner)) == count


def test_three_months_before_it_is_said_again(app: Flask, make: Factories) -> None:
    owner, found = certificate(make, 150)
    make.commit()
    tasks.remind(app)
    assert len(told(owner)) == 1
    # Time passes: the same last day is nearer now, which the test brings about by an earlier day.
    found.last_day = clock.today() + timedelta(days=80)
    make.commit()
    tasks.remind(app)
    assert len(told(owner)) == 2


def test_the_buyer_is_told_before_closing_and_for_the_outcome(app: Flask, make: Factories) -> None:
    company = make.company()
    buyer = make.member(company)
    make.offer(company, "Gạo", closes_on=clock.today() + timedelta(days=2))
    make.offer(company, "Chè", closes_on=clock.today() - timedelta(days=5))
    make.offer(company, "Ngô", closes_on=clock.today() - timedelta(days=90))
    make.commit()
    for _day in range(2):
        tasks.remind(app)
    sentences = told(buyer)
    assert len(sentences) == 2
    assert "Gạo" in sentences[0]
    assert "Chè" in sentences[1]
