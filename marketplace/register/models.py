"""Uploaded registers: the file, what it would change (as it was shown), and what importing it did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.columns import Code, Id, Moment
from marketplace.extensions import Base
from marketplace.files.models import StoredFile
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.register.rules import ImportState


class RegisterImport(Base):
    """One upload by an officer; applying it does exactly what its stored plan shows, or nothing."""

    __tablename__ = "register_import"
    __table_args__ = (Index("ix_register_import_uploader", "uploaded_by_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    filename: Mapped[str] = mapped_column(String(200))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("reporting_area.id"))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("admin_unit.id"))
    era: Mapped[str | None] = mapped_column(String(3))  # old | new; None: by the names in the file
    plan: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)  # may be large; lists do not need it
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))  # of the plan: what was shown
    state: Mapped[ImportState] = mapped_column(Code(ImportState), default=ImportState.SHOWN)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    file: Mapped[StoredFile] = relationship(lazy="joined")
    area: Mapped[ReportingArea | None] = relationship(lazy="joined")
    province: Mapped[AdminUnit | None] = relationship(lazy="joined")
    uploaded_by: Mapped[User] = relationship(lazy="joined")
