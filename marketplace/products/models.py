"""Products and what hangs on them. `ocop/` writes OCOP certificates here, `contracts/` writes commitments here."""

from datetime import date, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import Date, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.columns import Code, Id, Moment, Money, Quantity
from marketplace.extensions import Base
from marketplace.files.models import StoredFile
from marketplace.kernel.quantities import UNITS
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.products.calendar import heights
from marketplace.products.rules import CertificateKind, CertificateState, Group, ProductState, counted_on
from marketplace.textindex import TextIndex


class Product(Base):
    """What an organisation makes. A product known only from the register is a draft that nobody has published."""

    __tablename__ = "product"
    __table_args__ = (
        Index("ix_product_state_group", "state", "group", "id"),
        Index("ix_product_unit_state", "unit_id", "state", "id"),
        Index("ix_product_owner", "organisation_id", "state"),
        Index("ix_product_same", "organisation_id", "folded"),
        Index("ix_product_newest", "state", "id"),
        # Holds all that the orders by price look at, so that they need not read the rows.
        Index("ix_product_price", "state", "comparable", "price_public", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(160))
    folded: Mapped[str] = mapped_column(String(200), default="")  # of the name: what two spellings are compared by
    group: Mapped[Group] = mapped_column("group", Code(Group))
    measure: Mapped[str] = mapped_column(String(10))  # code of the unit it is sold by: kg, chai, …; "": not known yet
    price: Mapped[int | None] = mapped_column(Money)  # đồng for one measure; None: "liên hệ"
    price_high: Mapped[int | None] = mapped_column(Money)  # upper end of a band
    price_public: Mapped[bool] = mapped_column(default=True)  # False: verified parties only
    comparable: Mapped[int | None] = mapped_column(
        Money
    )  # the price for one kg or lít where computable: sorts, filters
    comparable_high: Mapped[int | None] = mapped_column(Money)
    # Commune it comes from; only a register's line may leave it open ("not assignable").
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("admin_unit.id"))
    description: Mapped[str | None] = mapped_column(Text)
    net_content: Mapped[Decimal | None] = mapped_column(Quantity)  # of one pack: 5 (kg)
    net_measure: Mapped[str | None] = mapped_column(String(10))
    minimum_order: Mapped[Decimal | None] = mapped_column(Quantity)
    packaging: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[ProductState] = mapped_column(Code(ProductState), default=ProductState.DRAFT)
    taken_down_reason: Mapped[str | None] = mapped_column(Text)
    from_register: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    search_exact: Mapped[str] = mapped_column(Text, default="")  # for the text index: NFC lower case words
    search_fold: Mapped[str] = mapped_column(Text, default="")  # the same words without diacritics
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    unit: Mapped[AdminUnit | None] = relationship(lazy="joined")
    months: Mapped[list["HarvestMonth"]] = relationship(
        order_by="HarvestMonth.month", lazy="selectin", cascade="all, delete-orphan"
    )
    photos: Mapped[list["Photo"]] = relationship(
        order_by="Photo.position", lazy="selectin", cascade="all, delete-orphan"
    )
    certificates: Mapped[list["Certificate"]] = relationship(order_by="Certificate.id", lazy="selectin")

    @property
    def measure_label(self) -> str:
        """The unit as people write it; empty where the register did not say."""
        return UNITS[self.measure].label if self.measure else ""

    @property
    def taken_down(self) -> bool:
        """Hidden by an officer, not by its owner."""
        return bool(self.taken_down_reason)

    @property
    def harvest(self) -> dict[int, Decimal | None]:
        """Month → capacity; None: available, amount unsaid."""
        return {row.month: row.quantity for row in self.months}

    @property
    def heights(self) -> list[float]:
        """The twelve cells of a list's strip; empty where no month is known."""
        return heights(self.harvest) if self.months else []

    @property
    def place(self) -> str:
        """Commune and province, as a list shows them."""
        if self.unit is None:
            return ""
        above = self.unit.parent
        return (
            f"{self.unit.name}, {above.name.removeprefix(above.type.capitalize()).strip()}" if above else self.unit.name
        )

    def stars_on(self, day: date) -> int:
        """The OCOP stars that it may show on a day, or 0."""
        found = counted_on(self.certificates, day)
        return (found.stars or 0) if found else 0


class HarvestMonth(Base):
    """Capacity in a calendar month (1–12) of every year, in the product's measure; None: available, amount unsaid."""

    __tablename__ = "harvest_month"
    __table_args__ = (UniqueConstraint("product_id", "month"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    month: Mapped[int]
    quantity: Mapped[Decimal | None] = mapped_column(Quantity)


class Commitment(Base):
    """A quantity promised in a month by a contract; so search and matching know what is still free."""

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("product_id", "month", "source"), Index("ix_commitment_source", "source"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    month: Mapped[date] = mapped_column(Date)  # first of the month
    quantity: Mapped[Decimal] = mapped_column(Quantity)  # in the product's measure
    source: Mapped[str] = mapped_column(String(80))  # "contract:12"
    voided_at: Mapped[datetime | None] = mapped_column(Moment)


class Photo(Base):
    """One photo in three sizes, re-encoded."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("product_id", "position"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    position: Mapped[int]
    caption: Mapped[str] = mapped_column(String(160), default="")
    small_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))  # 320 px wide
    medium_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))  # 640 px
    large_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))  # 1280 px


class Certificate(Base):
    """An OCOP or quality certificate of a product, as printed; stars count only when checked and valid."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index("ix_certificate_product", "product_id", "kind"),
        Index("ix_certificate_counted", "kind", "state", "issued_on", "last_day"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[CertificateKind] = mapped_column(Code(CertificateKind))
    state: Mapped[CertificateState] = mapped_column(Code(CertificateState), default=CertificateState.DECLARED)
    printed_name: Mapped[str] = mapped_column(String(160), default="")  # of the product, as the paper has it
    number: Mapped[str] = mapped_column(String(80), default="")  # of the certificate or of the decision
    issuer: Mapped[str] = mapped_column(String(160), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)  # last valid day; None: without end
    stars: Mapped[int | None]
    score: Mapped[Decimal | None] = mapped_column(Quantity)
    round_label: Mapped[str | None] = mapped_column(String(60))  # "Đợt 1 năm 2022"
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    from_register: Mapped[bool] = mapped_column(default=False)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_on: Mapped[date | None] = mapped_column(Date)  # withdrawn or superseded from this day on
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise", viewonly=True)


WORDS = TextIndex(cast(Table, Product.__table__))
"""The index that searches go through."""
