"""Tables of the plumbing: submissions already answered (idempotency) and settings of the whole installation."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.columns import Id, Moment
from marketplace.extensions import Base


class Submission(Base):
    """A form that was carried out once; a repeat is sent to the same answer."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("owner", "key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class Setting(Base):
    """One named value of the whole installation: the demonstration mark, what counts as signed, …"""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
