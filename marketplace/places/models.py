"""Units, which became which, and reporting areas. A unit's key is (code, valid_from): codes were reused in 2025."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.columns import Id, Quantity
from marketplace.extensions import Base

UNKNOWN_START = date(1, 1, 1)
"""`valid_from` of the units whose start nobody has looked up (10,794 of 14,149)."""


class AdminUnit(Base):
    """A province, district or commune as it was between two days (valid_to None: today's)."""

    __tablename__ = "admin_unit"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        Index("ix_admin_unit_parent", "parent_id"),
        Index("ix_admin_unit_folded", "folded"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    level: Mapped[str] = mapped_column(String(10))  # province | district | commune
    type: Mapped[str] = mapped_column(String(20))  # as in Vietnamese: tỉnh, huyện, xã, thị trấn, …
    code: Mapped[str] = mapped_column(String(5))
    name: Mapped[str] = mapped_column(String(80))  # with its type: "Xã Mường Than"
    folded: Mapped[str] = mapped_column(String(80))  # of the name without its type
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("admin_unit.id"))
    valid_from: Mapped[date] = mapped_column(Date, default=UNKNOWN_START)
    valid_to: Mapped[date | None] = mapped_column(Date)
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    area_km2: Mapped[Decimal | None] = mapped_column(Quantity)

    parent: Mapped["AdminUnit | None"] = relationship(remote_side=[id])


class Succession(Base):
    """An old unit went into a new one, whole or in part, on 1 July 2025."""

    __tablename__ = "succession"
    __table_args__ = (UniqueConstraint("old_id", "new_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("admin_unit.id"))
    new_id: Mapped[int] = mapped_column(ForeignKey("admin_unit.id"), index=True)
    extent: Mapped[str] = mapped_column(String(10))  # whole | main part | part


class ReportingArea(Base):
    """A named set of communes for reading figures ("Than Uyên": 12 old units and their 4 successors)."""

    __tablename__ = "reporting_area"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    province_id: Mapped[int] = mapped_column(ForeignKey("admin_unit.id"))

    units: Mapped[list[AdminUnit]] = relationship(secondary="reporting_area_unit", lazy="raise")


class ReportingAreaUnit(Base):
    """Membership of a unit, of either era, in a reporting area."""

    __tablename__ = "reporting_area_unit"

    area_id: Mapped[int] = mapped_column(ForeignKey("reporting_area.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("admin_unit.id"), primary_key=True)
