"""Organisations and who belongs to them, acts for them, and supervises them. Dated facts are rows, never overwritten."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.columns import Code, Id, Moment, Money
from marketplace.extensions import Base
from marketplace.kernel.identifiers import public_tax_code
from marketplace.kernel.messages import Message
from marketplace.organisations.rules import (
    KINDS,
    VERIFICATIONS,
    AuthorityBasis,
    Kind,
    MembershipState,
    PostRole,
    RegisterStatus,
    Sector,
    Verification,
    escalates_on,
)
from marketplace.places.models import AdminUnit, ReportingArea


class Organisation(Base):
    """A cooperative, union, group, company, household business or public body."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("ix_organisation_folded", "folded"),
        Index("ix_organisation_verification", "verification", "submitted_at"),
        Index("ix_organisation_kind_sector", "kind", "sector"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[Kind] = mapped_column(Code(Kind))
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(240))  # folded, aliases expanded: what two spellings are compared by
    tax_code: Mapped[str | None] = mapped_column(String(14), unique=True)  # 10, 13 or (household) 12 digits, no dash
    registration_no: Mapped[str | None] = mapped_column(String(60))
    cooperation_contract: Mapped[str | None] = mapped_column(String(200))  # of a THT without a tax code
    sector: Mapped[Sector | None] = mapped_column(Code(Sector))
    founded_on: Mapped[date | None] = mapped_column(Date)
    founded_precision: Mapped[str] = mapped_column(String(5), default="day")  # day | month | year
    representative: Mapped[str | None] = mapped_column(String(120))
    representative_title: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    phone_published: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str | None] = mapped_column(String(200))  # below the commune: bản, street
    member_count: Mapped[int | None]
    charter_capital: Mapped[int | None] = mapped_column(Money)
    about: Mapped[str | None] = mapped_column(Text)
    verification: Mapped[Verification] = mapped_column(Code(Verification), default=Verification.PENDING)
    verification_reason: Mapped[str | None] = mapped_column(Text)
    listed_at: Mapped[datetime | None] = mapped_column(Moment)  # known from a register: stays so whoever claims it
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    places: Mapped[list["OrganisationPlace"]] = relationship(order_by="OrganisationPlace.valid_from", lazy="selectin")
    statuses: Mapped[list["StatusChange"]] = relationship(order_by="StatusChange.effective_on", lazy="raise")

    @property
    def unit(self) -> AdminUnit | None:
        """Today's seat: the latest dated place."""
        return self.places[-1].unit if self.places else None

    @property
    def verified(self) -> bool:
        """May publish, quote and sign."""
        return self.verification == Verification.VERIFIED

    @property
    def province_from(self) -> date | None:
        """While it waits for the commune's officers: from which day the province's see to it too."""
        if self.verification != Verification.PENDING or self.submitted_at is None:
            return None
        return escalates_on(self.submitted_at)

    @property
    def pill(self) -> tuple[Message, str]:
        """Words and kind of its state pill."""
        return VERIFICATIONS[self.verification]

    @property
    def kind_words(self) -> Message:
        """Cooperative, company, …"""
        return KINDS[self.kind]

    @property
    def public_tax_code(self) -> str | None:
        """A household's 12-digit number is a personal number and is never shown."""
        return public_tax_code(self.tax_code)


class OrganisationPlace(Base):
    """Where an organisation was seated, from a day to a day. Kept in the unit it was written with, of either era."""

    __tablename__ = "organisation_place"
    __table_args__ = (Index("ix_organisation_place_unit", "unit_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("admin_unit.id"))
    valid_from: Mapped[date] = mapped_column(Date)  # 0001-01-01: since ever
    valid_to: Mapped[date | None] = mapped_column(Date)

    unit: Mapped[AdminUnit] = relationship(lazy="joined")


class StatusChange(Base):
    """The register status from a day on; the latest row effective at D holds at D."""

    __tablename__ = "organisation_status"
    __table_args__ = (Index("ix_organisation_status_at", "organisation_id", "effective_on"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[RegisterStatus] = mapped_column(Code(RegisterStatus))
    effective_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)


class Membership(Base):
    """A person of an organisation, with or without authority to sign for it."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("organisation_id", "user_id"), Index("ix_membership_user", "user_id", "state"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    state: Mapped[MembershipState] = mapped_column(Code(MembershipState), default=MembershipState.REQUESTED)
    title: Mapped[str] = mapped_column(String(80), default="")  # as on the paper: Giám đốc, Chủ tịch HĐQT
    authority: Mapped[bool] = mapped_column(default=False)
    authority_basis: Mapped[AuthorityBasis | None] = mapped_column(Code(AuthorityBasis))
    authority_document: Mapped[str | None] = mapped_column(String(200))  # number and date of the power of attorney
    authority_from: Mapped[date | None] = mapped_column(Date)
    authority_until: Mapped[date | None] = mapped_column(Date)
    authority_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))  # the power of attorney
    requested_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    user: Mapped[User] = relationship(lazy="joined")


class Mandate(Base):
    """A named helper may prepare and send everything except signatures for the organisation, until a day."""

    __tablename__ = "mandate"
    __table_args__ = (Index("ix_mandate_helper", "helper_id", "until"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    helper_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[date] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    helper: Mapped[User] = relationship(foreign_keys=[helper_id], lazy="joined")


class Post(Base):
    """An official's post: acting (officer) or reading (viewer) in a commune or a province; an area is for reading."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_user", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[PostRole] = mapped_column(Code(PostRole))
    body: Mapped[str] = mapped_column(String(160))  # "UBND xã Than Uyên"
    title: Mapped[str] = mapped_column(String(80), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("admin_unit.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("reporting_area.id"))
    held_from: Mapped[date] = mapped_column(Date)
    held_until: Mapped[date | None] = mapped_column(Date)

    user: Mapped[User] = relationship(lazy="joined")
    unit: Mapped[AdminUnit | None] = relationship(lazy="joined")
    area: Mapped[ReportingArea | None] = relationship(lazy="joined")


__all__ = ["Mandate", "Membership", "Organisation", "OrganisationPlace", "Post", "StatusChange"]
