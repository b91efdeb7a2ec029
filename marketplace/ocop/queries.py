"""Reads of rounds and evaluations."""

from datetime import date

from sqlalchemy import Select, or_, select

from marketplace.extensions import db
from marketplace.ocop.models import Evaluation, Round


def round_of(year: int, number: int, area_id: int | None) -> Round | None:
    """The round of an area, by its year and number."""
    return db.session.scalar(select(Round).filter_by(year=year, number=number, area_id=area_id))


def evaluation(product_id: int, year: int, number: int, area_id: int | None) -> Evaluation | None:
    """A product's part in a round."""
    statement = select(Evaluation).join(Round).where(Evaluation.product_id == product_id)
    here = Round.area_id == area_id if area_id is not None else Round.area_id.is_(None)
    return db.session.scalar(statement.where(Round.year == year, Round.number == number, here))


def under_evaluation(day: date) -> Select[Evaluation]:
    """What rounds up to the year of a day hold and had not decided by then; newest round first."""
    undecided = or_(Evaluation.decided_on.is_(None), Evaluation.decided_on > day)
    statement = select(Evaluation).join(Round).where(Round.year <= day.year, undecided)
    return statement.order_by(Round.year.desc(), Round.number.desc(), Evaluation.id)
