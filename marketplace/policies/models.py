"""Published versions of the policy texts; never changed, only followed by a newer one."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.columns import Code, Id, Moment
from marketplace.extensions import Base
from marketplace.policies.rules import Name


class PolicyText(Base):
    """One version of one text."""

    __tablename__ = "policy_text"
    __table_args__ = (UniqueConstraint("name", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[Name] = mapped_column(Code(Name))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[int | None] = mapped_column(Id)
