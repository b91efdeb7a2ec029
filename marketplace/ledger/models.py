"""Ledger entries, the erasable personal details that they hold only as digests, and the daily roots over them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.columns import Id, Moment
from marketplace.extensions import Base
from marketplace.ledger import guards
from marketplace.ledger.rules import moment_text


class Entry(Base):
    """One thing that somebody did to one subject ("contract:12"). Only ever inserted."""

    __tablename__ = "ledger_entry"
    # A second writer at the same place of a chain loses here, whatever it read before.
    __table_args__ = (UniqueConstraint("subject", "seq"), Index("ix_ledger_entry_actor", "actor", "id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int]
    event: Mapped[str] = mapped_column(String(80))
    actor: Mapped[int | None] = mapped_column(Id)
    on_behalf_of: Mapped[int | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Moment)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digests: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    details: Mapped[list["Detail"]] = relationship(lazy="raise", order_by="Detail.id")

    @property
    def at_text(self) -> str:
        """The time as it is hashed: UTC with microseconds."""
        return moment_text(self.at)


class Detail(Base):
    """A personal detail of an entry (an address, a reason typed by a person); may be erased."""

    __tablename__ = "ledger_detail"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    salt: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)


class Root(Base):
    """The Merkle root over all entries that were in no root before, and over the root before it. Only ever inserted."""

    __tablename__ = "ledger_root"

    # The row's key is its place in the chain of roots: two hosts at once cannot both make the next one.
    number: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(unique=True)
    entries: Mapped[int]
    merkle: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)


class Membership(Base):
    """That an entry is a leaf of a root, with what was hashed: once the entry is gone, this still names it."""

    __tablename__ = "ledger_membership"
    __table_args__ = (UniqueConstraint("root", "position"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False)
    # The root is made of what stands here, so it comes after, in the same transaction.
    root: Mapped[int] = mapped_column(ForeignKey("ledger_root.number", deferrable=True, initially="DEFERRED"))
    position: Mapped[int]
    subject: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64), index=True)


for model in (Entry, Detail, Root, Membership):
    event.listen(model.__table__, "after_create", guards.after_create)
