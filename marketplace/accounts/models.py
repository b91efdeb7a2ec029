"""The user account, with the columns that the sign-in library works on; consents; one-time codes."""

from datetime import datetime

from flask_security import AsaList, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.columns import Id, Moment
from marketplace.extensions import Base
from marketplace.web import handed


class User(Base, UserMixin):
    """A person who signs in by e-mail or by phone number; at least one of the two is there until the account closes."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("NOT active OR email IS NOT NULL OR us_phone_number IS NOT NULL", name="can_be_reached"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)  # type: ignore[assignment]  # small letters
    us_phone_number: Mapped[str | None] = mapped_column(String(16), unique=True)  # E.164; the library's name for it
    email_proved_at: Mapped[datetime | None] = mapped_column(Moment)
    phone_proved_at: Mapped[datetime | None] = mapped_column(Moment)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    administrator: Mapped[bool] = mapped_column(default=False)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)  # a new one signs all sessions out
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_last_counter: Mapped[int | None] = mapped_column(Id)  # of the last code used: no code is good twice
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))  # digests
    us_totp_secrets: Mapped[str | None] = mapped_column(Text)

    @property
    def phone(self) -> str | None:
        """The phone number, E.164."""
        return self.us_phone_number

    @property
    def proved(self) -> bool:
        """Whether more than a password that somebody once typed tells who this is; a signature in the app asks for it."""
        return bool(self.email_proved_at or self.phone_proved_at or self.second_factor)

    @property
    def second_factor(self) -> bool:
        """Whether signing in asks for a code."""
        return bool(self.tf_totp_secret and self.tf_primary_method)

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """For the library: a code is asked of who has set one up, and of who must (create_app() says who)."""
        required, methods = super().check_tf_required(tf_setup_methods, tf_fresh)
        return required or self.check_tf_required_setup(), methods

    def check_tf_required_setup(self) -> bool:
        """For the library: may this person not do without?"""
        return bool(handed.take("must_have_second_factor")(self))


class Consent(Base):
    """What a person has agreed to: the text and its version, as given and perhaps withdrawn."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_user", "user_id", "text_name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    text_name: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class OneTimeCode(Base):
    """A code that an officer handed over in person; it lets its owner choose a new password, once."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        Index("ix_one_time_code_user", "user_id", "created_at"),
        Index("ix_one_time_code_officer", "officer_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    good_until: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
