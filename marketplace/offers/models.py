"""Purchase offers, their months and their demands."""

from datetime import date, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import Date, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.columns import Code, Id, Moment, Money, Quantity
from marketplace.extensions import Base
from marketplace.kernel.prices import PriceKind
from marketplace.offers.rules import DemandLevel, LinkageForm, NoAward, OfferState
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.products.models import Product
from marketplace.products.rules import CertificateKind, Group
from marketplace.textindex import TextIndex


class PurchaseOffer(Base):
    """What a buyer wants. With `addressed_to` it is an enquiry that only that seller sees."""

    __tablename__ = "purchase_offer"
    __table_args__ = (
        Index("ix_purchase_offer_open", "state", "closes_on", "id"),
        Index("ix_purchase_offer_group", "state", "group", "id"),
        Index("ix_purchase_offer_buyer", "buyer_id", "state"),
        Index("ix_purchase_offer_addressed", "addressed_to_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    addressed_to_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))  # the product it was asked from
    what: Mapped[str] = mapped_column(String(160))
    group: Mapped[Group | None] = mapped_column("group", Code(Group))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    measure: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int] = mapped_column(ForeignKey("admin_unit.id"))  # where it is delivered: commune or province
    place: Mapped[str | None] = mapped_column(String(200))
    closes_on: Mapped[date] = mapped_column(Date)  # last day on which quotes are taken
    price_kind: Mapped[PriceKind] = mapped_column(Code(PriceKind), default=PriceKind.NEGOTIABLE)
    price: Mapped[int | None] = mapped_column(Money)  # đồng for one measure; None: "thỏa thuận"
    minimum_stars: Mapped[int | None]
    payment_days: Mapped[int | None]
    inputs: Mapped[str | None] = mapped_column(Text)  # inputs or advance that the buyer supplies
    advance: Mapped[int | None] = mapped_column(Money)
    linkage_form: Mapped[LinkageForm | None] = mapped_column(Code(LinkageForm))
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[OfferState] = mapped_column(Code(OfferState), default=OfferState.DRAFT)
    no_award: Mapped[NoAward | None] = mapped_column(Code(NoAward))
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # who published it by a mandate
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)  # also when only months or demands changed: moves the version
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    search_exact: Mapped[str] = mapped_column(Text, default="")
    search_fold: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    buyer: Mapped[Organisation] = relationship(foreign_keys=[buyer_id], lazy="joined", innerjoin=True)
    addressed_to: Mapped[Organisation | None] = relationship(foreign_keys=[addressed_to_id])
    product: Mapped[Product | None] = relationship()
    helper: Mapped[User | None] = relationship()
    unit: Mapped[AdminUnit] = relationship(lazy="joined", innerjoin=True)
    months: Mapped[list["OfferMonth"]] = relationship(
        order_by="OfferMonth.month", lazy="selectin", cascade="all, delete-orphan"
    )
    demands: Mapped[list["Demand"]] = relationship(
        order_by="Demand.position", lazy="selectin", cascade="all, delete-orphan"
    )


class OfferMonth(Base):
    """Quantity wanted in one month, in the offer's measure."""

    __tablename__ = "offer_month"
    __table_args__ = (UniqueConstraint("offer_id", "month"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("purchase_offer.id"))
    month: Mapped[date] = mapped_column(Date)  # first of the month
    quantity: Mapped[Decimal] = mapped_column(Quantity)


class Demand(Base):
    """One quality demand: a certificate, or a sentence."""

    __tablename__ = "demand"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("purchase_offer.id"), index=True)
    position: Mapped[int]
    level: Mapped[DemandLevel] = mapped_column(Code(DemandLevel))
    certificate: Mapped[CertificateKind | None] = mapped_column(Code(CertificateKind))
    text: Mapped[str] = mapped_column(String(300), default="")


WORDS = TextIndex(cast(Table, PurchaseOffer.__table__))
"""The index that searches go through."""
