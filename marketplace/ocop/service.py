"""Writes of rounds: a product enters one, and what the round said of it."""

from datetime import datetime

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.ledger.service import record
from marketplace.ocop import queries
from marketplace.ocop.models import Evaluation, Round
from marketplace.ocop.rules import Assessment
from marketplace.places.models import ReportingArea
from marketplace.products.models import Product


def assess(
    product: Product, assessment: Assessment, *, area: ReportingArea | None, actor: User | None, now: datetime
) -> bool:
    """Enter a product into a round, or note what the round said; whether anything changed."""
    area_id = area.id if area else None
    found = queries.evaluation(product.id, assessment.year, assessment.number, area_id)
    values = {"decided_on": assessment.decided_on, "stars": assessment.stars, "score": assessment.score}
    if found is None:
        found = Evaluation(round=held(assessment, area_id), product_id=product.id, recorded_at=now, **values)
        db.session.add(found)
    else:
        # A line without stars says nothing against a decision that is known already.
        known = {name: value for name, value in values.items() if value is not None and getattr(found, name) != value}
        if not known:
            return False
        for name, value in known.items():
            setattr(found, name, value)
    db.session.flush()
    data = {
        "product": product.id,
        "round": found.round.label,
        "stars": found.stars,
        "decided_on": found.decided_on.isoformat() if found.decided_on else None,
    }
    record("ocop:assessed", found, actor=actor.id if actor else None, now=now, data=data)
    return True


def held(assessment: Assessment, area_id: int | None) -> Round:
    """The round, made when it is first named."""
    found = queries.round_of(assessment.year, assessment.number, area_id)
    if found is None:
        found = Round(year=assessment.year, number=assessment.number, area_id=area_id)
        db.session.add(found)
        db.session.flush()
    return found
