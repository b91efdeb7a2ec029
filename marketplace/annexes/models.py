"""Papers that parties sign after the contract: annexes (phụ lục) and the settlement minutes (biên bản thanh lý)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.annexes.rules import AnnexReason, PaperKind, PaperState, label
from marketplace.columns import Code, Id, Moment
from marketplace.contracts.models import Contract, Document
from marketplace.extensions import Base


class Paper(Base):
    """One later paper of a contract, with its own text and signatures: the contract's `Document`s of this series."""

    __tablename__ = "later_paper"
    __table_args__ = (UniqueConstraint("contract_id", "series"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    series: Mapped[int]  # which of the contract's later papers: the series of its documents
    kind: Mapped[PaperKind] = mapped_column(Code(PaperKind))
    number: Mapped[int]  # among those of its kind: 1 is PL01
    reason: Mapped[AnnexReason | None] = mapped_column(Code(AnnexReason))
    explanation: Mapped[str | None] = mapped_column(Text)  # why, in the parties' words
    effective_on: Mapped[date | None] = mapped_column(Date)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # new values by field, or the minutes' figures
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the values that they replace, when fixed
    state: Mapped[PaperState] = mapped_column(Code(PaperState), default=PaperState.DRAFT)
    signed_on: Mapped[date | None] = mapped_column(Date)  # day of the last signature
    concluded_at: Mapped[datetime | None] = mapped_column(Moment)
    end_reason: Mapped[str | None] = mapped_column(Text)  # why it was dropped, declined or sent back
    turn_since: Mapped[datetime | None] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    contract: Mapped[Contract] = relationship(lazy="select")
    documents: Mapped[list[Document]] = relationship(
        primaryjoin="and_(foreign(Document.contract_id) == Paper.contract_id, foreign(Document.series) == Paper.series)",
        order_by=Document.number,
        lazy="selectin",
        viewonly=True,
    )

    @property
    def label(self) -> str:
        """As it stands on paper: PL01, or BBTL for the settlement minutes."""
        return label(self.kind, self.number)
