"""Trade events and participations."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.columns import Code, Id, Moment
from marketplace.extensions import Base
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.promotion.rules import EventKind, EventState, Reach


class TradeEvent(Base):
    """A fair, a supply and demand meeting, an online sale, …; managed by the officers of `organiser_unit`."""

    __tablename__ = "trade_event"
    __table_args__ = (
        Index("ix_trade_event_organiser", "organiser_unit_id", "id"),
        Index("ix_trade_event_state", "state", "starts_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[EventKind] = mapped_column(Code(EventKind))
    reach: Mapped[Reach] = mapped_column(Code(Reach))
    place: Mapped[str] = mapped_column(String(200))  # as people say it: "Quảng trường …, Hà Nội"
    place_unit_id: Mapped[int | None] = mapped_column(ForeignKey("admin_unit.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    organiser: Mapped[str] = mapped_column(String(200))
    organiser_unit_id: Mapped[int] = mapped_column(ForeignKey("admin_unit.id"))
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[EventState] = mapped_column(Code(EventState), default=EventState.DRAFT)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    place_unit: Mapped[AdminUnit | None] = relationship(foreign_keys=[place_unit_id], lazy="joined")
    organiser_unit: Mapped[AdminUnit] = relationship(foreign_keys=[organiser_unit_id], lazy="joined")


class Participation(Base):
    """An organisation that took part, with its booth and what it showed."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("event_id", "organisation_id"),
        Index("ix_participation_organisation", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("trade_event.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    booth: Mapped[str] = mapped_column(String(40), default="")
    products: Mapped[str] = mapped_column(String(300), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
