"""Templates of contracts as versioned data: a contract pins the version from which its text is written."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.clauses.terms import ContractKind
from marketplace.columns import Code, Id, Moment
from marketplace.extensions import Base


class Template(Base):
    """One kind of document that parties may choose: "Hợp đồng bao tiêu nhiều vụ"."""

    __tablename__ = "template"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[ContractKind] = mapped_column(Code(ContractKind))
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    versions: Mapped[list["TemplateVersion"]] = relationship(
        order_by="TemplateVersion.number", lazy="selectin", back_populates="template"
    )


class TemplateVersion(Base):
    """The wording of a template from one publication to the next; once published it is never changed."""

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("template.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)  # legal bases and clauses: see clauses/language.py
    valid_from: Mapped[date | None] = mapped_column(Date)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    edited_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    template: Mapped[Template] = relationship(lazy="joined", back_populates="versions")
