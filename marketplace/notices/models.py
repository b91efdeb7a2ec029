"""Notices on a person's home page, and the outbox that the worker empties."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.columns import Id, Moment
from marketplace.extensions import Base
from marketplace.kernel.messages import Message
from marketplace.notices.rules import MailState


class Notice(Base):
    """One thing one person should know. The sentence is a msgid with values, translated when shown."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_reader", "user_id", "read_at", "id"),
        UniqueConstraint("user_id", "once"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, Any]] = mapped_column("values_", JSON, default=dict)
    url: Mapped[str] = mapped_column(String(300))  # path inside the application
    subject: Mapped[str] = mapped_column(String(80), default="")  # "contract:12": read together with it
    once: Mapped[str | None] = mapped_column(String(120))  # a reminder's name, so that it is made only once
    created_at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def message(self) -> Message:
        """The sentence, to be said in the reader's language."""
        return Message(self.text, self.values)


class Outgoing(Base):
    """One mail to send, with its attempts; written in the transaction of what it tells about."""

    __tablename__ = "outgoing"
    __table_args__ = (Index("ix_outgoing_due", "sent_at", "next_try_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(300), default="")  # page inside the application that it is about
    created_at: Mapped[datetime] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    given_up: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(Text)

    @property
    def state(self) -> MailState:
        """What became of it so far."""
        if self.sent_at is not None:
            return MailState.SENT
        if self.given_up:
            return MailState.GIVEN_UP
        return MailState.FAILING if self.error else MailState.WAITING
