"""The user account, with the columns that the sign-in library works on."""

from datetime import datetime

from flask_security import AsaList, UserMixin
from sqlalchemy import String, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.columns import Id, Moment
from marketplace.extensions import Base


class User(Base, UserMixin):
    """A person who signs in by e-mail or by phone number; at least one of the two is there."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    us_phone_number: Mapped[str | None] = mapped_column(String(16), unique=True)  # E.164; the library's name for it
    phone_proved_at: Mapped[datetime | None] = mapped_column(Moment)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    administrator: Mapped[bool] = mapped_column(default=False)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    us_totp_secrets: Mapped[str | None] = mapped_column(Text)

    @property
    def phone(self) -> str | None:
        """The phone number, E.164."""
        return self.us_phone_number
