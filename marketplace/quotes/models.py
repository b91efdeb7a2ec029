"""Quotes and their versions. A submitted version is never changed; only the latest can be accepted."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.columns import Code, Id, Moment, Money, Quantity
from marketplace.extensions import Base
from marketplace.kernel.prices import PriceKind
from marketplace.offers.models import Demand, PurchaseOffer
from marketplace.organisations.models import Organisation
from marketplace.products.models import Product
from marketplace.quotes.pooling import PartState
from marketplace.quotes.rules import Decline, QuoteState


class Quote(Base):
    """One seller's answer to one offer."""

    __tablename__ = "quote"
    __table_args__ = (UniqueConstraint("offer_id", "seller_id"), Index("ix_quote_seller", "seller_id", "state"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("purchase_offer.id"))
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    pooled: Mapped[bool] = mapped_column(
        default=False, server_default=text("false")
    )  # several answer together; seller: leads
    state: Mapped[QuoteState] = mapped_column(Code(QuoteState), default=QuoteState.DRAFT)
    decline: Mapped[Decline | None] = mapped_column(Code(Decline))
    decline_note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)  # also when only a version changed: moves `version`
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)  # of the first version; None: nobody else sees it
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    offer: Mapped[PurchaseOffer] = relationship(lazy="joined", innerjoin=True)
    seller: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    versions: Mapped[list["QuoteVersion"]] = relationship(
        order_by="QuoteVersion.number", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def latest(self) -> "QuoteVersion":
        """The version that stands: the last that was sent, or the draft before anything was."""
        sent = [version for version in self.versions if version.submitted_at is not None]
        return sent[-1] if sent else self.versions[-1]

    @property
    def working(self) -> "QuoteVersion":
        """The version that the sellers have in hand: one in the making, or the one that stands."""
        return self.versions[-1]


class QuoteVersion(Base):
    """What was quoted: price, months, terms. Version 1 of a draft may change until it is submitted."""

    __tablename__ = "quote_version"
    __table_args__ = (UniqueConstraint("quote_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))
    number: Mapped[int]
    price_kind: Mapped[PriceKind] = mapped_column(Code(PriceKind), default=PriceKind.FIXED)
    price: Mapped[int] = mapped_column(Money)  # đồng for one of the offer's measure
    quantity: Mapped[Decimal] = mapped_column(Quantity)  # total, in the offer's measure
    payment_days: Mapped[int | None]
    valid_until: Mapped[date | None] = mapped_column(Date)
    terms: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by_mandate: Mapped[bool] = mapped_column(default=False)  # sent by a helper: shown with both names

    submitted_by: Mapped[User | None] = relationship()
    months: Mapped[list["QuoteMonth"]] = relationship(
        order_by="QuoteMonth.month", lazy="selectin", cascade="all, delete-orphan"
    )
    products: Mapped[list[Product]] = relationship(secondary="quote_product", lazy="selectin")
    answers: Mapped[list["QuoteAnswer"]] = relationship(
        order_by="QuoteAnswer.demand_id", lazy="selectin", cascade="all, delete-orphan"
    )
    parts: Mapped[list["QuotePart"]] = relationship(
        order_by="QuotePart.id", lazy="select", cascade="all, delete-orphan"
    )  # of a pooled quote, the leading cooperative's first; otherwise none


class QuoteMonth(Base):
    """Quantity quoted for one month, in the offer's measure."""

    __tablename__ = "quote_month"
    __table_args__ = (UniqueConstraint("version_id", "month"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("quote_version.id"))
    month: Mapped[date] = mapped_column(Date)
    quantity: Mapped[Decimal] = mapped_column(Quantity)


class QuoteProduct(Base):
    """Which of the seller's products are meant."""

    __tablename__ = "quote_product"

    version_id: Mapped[int] = mapped_column(ForeignKey("quote_version.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)


class QuoteAnswer(Base):
    """Whether one demand of the buyer is met, in the seller's words."""

    __tablename__ = "quote_answer"
    __table_args__ = (UniqueConstraint("version_id", "demand_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("quote_version.id"))
    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id"))
    met: Mapped[bool]
    note: Mapped[str] = mapped_column(String(300), default="")

    demand: Mapped[Demand] = relationship(lazy="joined", innerjoin=True)


class QuotePart(Base):
    """One cooperative's part in one version of a pooled quote, and what it has said to exactly this version."""

    __tablename__ = "quote_part"
    __table_args__ = (
        UniqueConstraint("version_id", "organisation_id"),
        Index("ix_quote_part_organisation", "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("quote_version.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[PartState] = mapped_column(Code(PartState), default=PartState.INVITED)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))  # its own, where it names one
    agreed_to: Mapped[str | None] = mapped_column(String(64))  # fingerprint of what it agreed to
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by_mandate: Mapped[bool] = mapped_column(default=False)  # answered by a helper: shown with both names
    reason: Mapped[str | None] = mapped_column(String(300))

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    product: Mapped[Product | None] = relationship(lazy="select")
    answered_by: Mapped[User | None] = relationship(lazy="select")
    months: Mapped[list["QuotePartMonth"]] = relationship(
        order_by="QuotePartMonth.month", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def quantity(self) -> Decimal:
        """Its whole quantity, in the offer's measure."""
        return sum((row.quantity for row in self.months), Decimal(0))


class QuotePartMonth(Base):
    """A part's quantity for one month; without a month for an offer that names none."""

    __tablename__ = "quote_part_month"
    __table_args__ = (UniqueConstraint("part_id", "month"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("quote_part.id"))
    month: Mapped[date | None] = mapped_column(Date)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
