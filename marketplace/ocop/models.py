"""Rounds of evaluation and the products in them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.columns import Id, Moment, Quantity
from marketplace.extensions import Base
from marketplace.ocop.rules import round_label
from marketplace.places.models import ReportingArea
from marketplace.products.models import Product


class Round(Base):
    """A round of evaluation: its year, its number in the year (0: not numbered), the area that held it."""

    __tablename__ = "ocop_round"
    __table_args__ = (Index("ix_ocop_round_year", "year", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("reporting_area.id"))

    area: Mapped[ReportingArea | None] = relationship(lazy="raise")

    @property
    def label(self) -> str:
        """Đợt 1 năm 2023."""
        return round_label(self.year, self.number)


class Evaluation(Base):
    """A product in a round; `decided_on` None: under evaluation."""

    __tablename__ = "ocop_evaluation"
    __table_args__ = (
        UniqueConstraint("round_id", "product_id"),
        Index("ix_ocop_evaluation_product", "product_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("ocop_round.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    decided_on: Mapped[date | None] = mapped_column(Date)
    stars: Mapped[int | None]
    score: Mapped[Decimal | None] = mapped_column(Quantity)
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    round: Mapped[Round] = relationship(lazy="joined")
    product: Mapped[Product] = relationship(lazy="raise")
