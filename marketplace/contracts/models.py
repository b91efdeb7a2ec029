"""Contracts: parties, goods, frozen documents, signatures. Dates of acts are kept; what a day makes of them is computed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.clauses.models import TemplateVersion
from marketplace.clauses.terms import ContractKind, PaymentMethod, Side, Vat, Venue
from marketplace.columns import Code, Id, Moment, Money, Quantity
from marketplace.contracts.rules import ContractAct, ContractState, DeclarationState, EndGround, Method
from marketplace.extensions import Base
from marketplace.files.models import StoredFile
from marketplace.kernel.prices import PriceKind
from marketplace.offers.rules import LinkageForm
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import Sector
from marketplace.places.models import AdminUnit
from marketplace.products.models import Product
from marketplace.products.rules import Group
from marketplace.promotion.models import TradeEvent
from marketplace.quotes.models import Quote


class Contract(Base):
    """A linkage or sale contract, a framework agreement or a memorandum, from its draft to its settlement."""

    __tablename__ = "contract"
    __table_args__ = (
        # Two acceptances of one quote at once make one contract: the second insert fails here.
        UniqueConstraint("quote_id"),
        UniqueConstraint("code"),
        Index("ix_contract_signed", "signed_on", "kind", "state"),
        Index("ix_contract_force", "state", "starts_on", "ends_on"),
        Index("ix_contract_event", "event_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[ContractKind] = mapped_column(Code(ContractKind))
    linkage_form: Mapped[LinkageForm | None] = mapped_column(Code(LinkageForm))
    with_households: Mapped[bool] = mapped_column(default=False)  # with farm households: a line of its own in reports
    fixes_quantity: Mapped[bool] = mapped_column(default=True)
    fixes_price: Mapped[bool] = mapped_column(default=True)  # a price, or how it is computed
    number: Mapped[str] = mapped_column(String(80), default="", index=True)  # as on the paper
    code: Mapped[str] = mapped_column(String(20))  # of the public verification page
    title: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[ContractState] = mapped_column(Code(ContractState), default=ContractState.DRAFT)
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("quote.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("trade_event.id"))
    on_paper: Mapped[bool] = mapped_column(default=False)  # signed elsewhere, recorded here
    own_text: Mapped[bool] = mapped_column(default=False)  # a party brought its own contract file
    ordered: Mapped[bool] = mapped_column(default=False)  # parties sign in the order of their positions
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    # What annexes made of the end, as [from when, until when] in the order of effect: lists need no further query.
    later_ends: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default="[]")
    signed_on: Mapped[date | None] = mapped_column(Date, index=True)  # day of the last required signature
    concluded_at: Mapped[datetime | None] = mapped_column(Moment)  # when that was recorded here
    ended_on: Mapped[date | None] = mapped_column(Date)  # completion, termination or settlement takes effect
    end_reason: Mapped[str | None] = mapped_column(Text)
    value: Mapped[int | None] = mapped_column(Money)  # đồng; None: "chưa xác định"
    value_estimated: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str | None] = mapped_column(String(200))
    payment_days: Mapped[int | None]
    payment_method: Mapped[PaymentMethod] = mapped_column(Code(PaymentMethod), default=PaymentMethod.TRANSFER)
    inputs: Mapped[str | None] = mapped_column(Text)
    advance: Mapped[int | None] = mapped_column(Money)
    deposit: Mapped[int | None] = mapped_column(Money)
    penalty_percent: Mapped[Decimal | None] = mapped_column(Quantity)
    households: Mapped[int | None]
    area_ha: Mapped[Decimal | None] = mapped_column(Quantity)
    expected_output: Mapped[str | None] = mapped_column(String(120))
    season: Mapped[str | None] = mapped_column(String(120))
    transport: Mapped[Side | None] = mapped_column(Code(Side))  # whose risk and cost the way to the place is
    packaging: Mapped[str | None] = mapped_column(String(300))
    inspection: Mapped[str | None] = mapped_column(String(500))  # who weighs and tests, where, how
    deduction: Mapped[str | None] = mapped_column(String(300))  # for moisture and impurities
    tolerance: Mapped[Decimal | None] = mapped_column(Quantity)  # per cent of the quantity, both ways
    vat: Mapped[Vat | None] = mapped_column(Code(Vat))
    venue: Mapped[Venue] = mapped_column(Code(Venue), default=Venue.COURT, server_default="court")
    arbitration: Mapped[str | None] = mapped_column(String(200))  # the centre's name
    disputes: Mapped[str | None] = mapped_column(String(500))  # in the parties' own words, instead of the venue
    signing_place: Mapped[str | None] = mapped_column(String(120))
    copies: Mapped[int] = mapped_column(default=4, server_default="4")
    extra: Mapped[str | None] = mapped_column(Text)
    turn_since: Mapped[datetime | None] = mapped_column(Moment)  # since when somebody is awaited
    left_by: Mapped[int | None]  # position of the party that left the draft as it reads now: the others are awaited
    template_id: Mapped[int | None] = mapped_column(ForeignKey("template_version.id"))  # the pinned version
    wording: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")  # chosen and free clauses
    sign_by: Mapped[date | None] = mapped_column(Date)  # unsigned after this day, the text has expired
    suspended_on: Mapped[date | None] = mapped_column(Date)
    end_ground: Mapped[EndGround | None] = mapped_column(Code(EndGround))
    notice_on: Mapped[date | None] = mapped_column(Date)  # the day on which the other side was given notice
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    quote: Mapped[Quote | None] = relationship(lazy="select")
    template: Mapped[TemplateVersion | None] = relationship(lazy="select")
    event: Mapped[TradeEvent | None] = relationship(lazy="joined")
    parties: Mapped[list["Party"]] = relationship(
        primaryjoin="and_(Party.contract_id == Contract.id, Party.left_at.is_(None))",
        order_by="Party.position",
        lazy="selectin",
        cascade="all, delete-orphan",
    )
    lines: Mapped[list["Line"]] = relationship(order_by="Line.position", lazy="selectin", cascade="all, delete-orphan")
    documents: Mapped[list["Document"]] = relationship(
        primaryjoin="and_(Document.contract_id == Contract.id, Document.series == 0)",
        order_by="Document.number",
        lazy="selectin",
        viewonly=True,
    )
    changes: Mapped[list["Change"]] = relationship(
        order_by="(Change.effective_on, Change.id)", lazy="select", viewonly=True
    )
    declarations: Mapped[list["Declaration"]] = relationship(order_by="Declaration.id", lazy="select", viewonly=True)


class Party(Base):
    """One side. Seat and sector are copied at signing: a contract belongs to the seller's seat at signing."""

    __tablename__ = "contract_party"
    __table_args__ = (
        UniqueConstraint("contract_id", "position"),
        Index("ix_contract_party_organisation", "organisation_id", "contract_id"),
        Index("ix_contract_party_seat", "side", "seat_id", "contract_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    position: Mapped[int]  # 1: Bên A, 2: Bên B, …
    side: Mapped[Side] = mapped_column(Code(Side))
    recorded: Mapped[bool] = mapped_column(default=False)  # its side recorded this contract from paper
    lead: Mapped[bool] = mapped_column(default=False)  # chủ trì liên kết: by default the selling HTX
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # None: name and tax code only
    name: Mapped[str] = mapped_column(String(200))
    tax_code: Mapped[str | None] = mapped_column(String(14))
    address: Mapped[str | None] = mapped_column(String(300))
    representative: Mapped[str | None] = mapped_column(String(120))
    representative_title: Mapped[str | None] = mapped_column(String(80))
    authority: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(20))
    bank: Mapped[str | None] = mapped_column(String(120))
    abroad: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[datetime | None] = mapped_column(Moment)  # one of several sellers that left before signing
    signs_at: Mapped[int | None]  # place in the order of signing, where the parties fixed one; None: its position
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("admin_unit.id"))
    sector: Mapped[Sector | None] = mapped_column(Code(Sector))

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    shares: Mapped[list["Share"]] = relationship(
        order_by="(Share.line_id, Share.month)", lazy="select", cascade="all, delete-orphan"
    )  # of several sellers; otherwise none
    seat: Mapped[AdminUnit | None] = relationship(lazy="joined")


class Line(Base):
    """One line of the goods table."""

    __tablename__ = "contract_line"
    __table_args__ = (
        Index("ix_contract_line_contract", "contract_id"),
        Index("ix_contract_line_product", "product_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    position: Mapped[int]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str] = mapped_column(String(200))
    group: Mapped[Group | None] = mapped_column("group", Code(Group))
    variety: Mapped[str | None] = mapped_column(String(120))
    standard: Mapped[str | None] = mapped_column(String(200))
    quantity: Mapped[Decimal | None] = mapped_column(Quantity)
    measure: Mapped[str] = mapped_column(String(10))
    price_kind: Mapped[PriceKind] = mapped_column(Code(PriceKind), default=PriceKind.FIXED)
    price_percent: Mapped[Decimal | None] = mapped_column(
        Quantity
    )  # of the market price, or the seller's share of a gain
    price_most: Mapped[int | None] = mapped_column(Money)  # a ceiling, đồng for one measure
    market: Mapped[str | None] = mapped_column(String(200))  # which market's price is meant, and who reads it
    price: Mapped[int | None] = mapped_column(Money)

    product: Mapped[Product | None] = relationship(lazy="select")
    months: Mapped[list["LineMonth"]] = relationship(
        order_by="LineMonth.month", lazy="selectin", cascade="all, delete-orphan"
    )


class LineMonth(Base):
    """Quantity of a line to deliver in one month."""

    __tablename__ = "contract_line_month"
    __table_args__ = (UniqueConstraint("line_id", "month"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("contract_line.id"))
    month: Mapped[date] = mapped_column(Date)
    quantity: Mapped[Decimal] = mapped_column(Quantity)


class Document(Base):
    """One frozen text: what is signed. A new version voids the signatures of the one before."""

    __tablename__ = "contract_document"
    __table_args__ = (UniqueConstraint("contract_id", "series", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    series: Mapped[int] = mapped_column(default=0, server_default="0")  # 0: the contract itself; n: its nth later paper
    number: Mapped[int]
    text: Mapped[dict[str, Any]] = mapped_column(JSON)  # the structured text the PDF and the page are drawn from
    text_digest: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    file_digest: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(Moment)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    voided_at: Mapped[datetime | None] = mapped_column(Moment)
    void_reason: Mapped[str | None] = mapped_column(Text)
    points: Mapped[list[Any] | None] = mapped_column(JSON)  # "Điểm cần lưu ý" as they stood when the text was fixed
    signed_file_id: Mapped[int | None] = mapped_column(
        ForeignKey("stored_file.id"), index=True
    )  # with the digital signatures so far
    final_file_id: Mapped[int | None] = mapped_column(
        ForeignKey("stored_file.id"), index=True
    )  # under the seal of this platform
    evidence_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    sealed_at: Mapped[datetime | None] = mapped_column(Moment)
    seal: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # certificate, trusted time or its absence

    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id], lazy="joined")
    signed_file: Mapped[StoredFile | None] = relationship(foreign_keys=[signed_file_id], lazy="select")
    final_file: Mapped[StoredFile | None] = relationship(foreign_keys=[final_file_id], lazy="select")
    evidence_file: Mapped[StoredFile | None] = relationship(foreign_keys=[evidence_file_id], lazy="select")
    signatures: Mapped[list["Signature"]] = relationship(order_by="Signature.id", lazy="selectin")


class Signature(Base):
    """One party's signature under one frozen document; a second one is impossible."""

    __tablename__ = "contract_signature"
    __table_args__ = (UniqueConstraint("document_id", "party_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("contract_document.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("contract_party.id"))
    method: Mapped[Method] = mapped_column(Code(Method))
    signed_on: Mapped[date] = mapped_column(Date)  # for ink the date on the paper
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signer_name: Mapped[str] = mapped_column(String(120))
    signer_title: Mapped[str] = mapped_column(String(80), default="")
    authority: Mapped[str | None] = mapped_column(String(200))  # power of attorney, where it is not the representative
    authority_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # of a digital signature: what was verified
    digest: Mapped[str] = mapped_column(String(64))  # of the exact file that was signed
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    attested_at: Mapped[datetime | None] = mapped_column(Moment)
    attested_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    party: Mapped[Party] = relationship(lazy="joined")
    scan: Mapped[StoredFile | None] = relationship(foreign_keys=[scan_id], lazy="joined")

    @property
    def attested(self) -> bool:
        """An officer stated having seen the original."""
        return self.attested_at is not None


class Change(Base):
    """What a later signed paper changed, from a day on: written down here so that a day's terms can be read in SQL."""

    __tablename__ = "contract_change"
    __table_args__ = (UniqueConstraint("source"), Index("ix_contract_change_day", "contract_id", "effective_on"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    effective_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(80))  # the ledger's name of the paper
    number: Mapped[str] = mapped_column(String(20))  # PL01
    ends_on: Mapped[date | None] = mapped_column(Date)  # a new end; None: not changed
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)  # every changed field by its name
    # The contract's worth from this day on, by all papers together: derived, so that reports can ask SQL.
    value: Mapped[int | None] = mapped_column(Money)
    value_estimated: Mapped[bool] = mapped_column(default=False)


class Declaration(Base):
    """What one side declared of the contract's course: on hold, going on, performed, ended; others answer it."""

    __tablename__ = "contract_declaration"
    __table_args__ = (Index("ix_contract_declaration_contract", "contract_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    act: Mapped[ContractAct] = mapped_column(Code(ContractAct))
    state: Mapped[DeclarationState] = mapped_column(Code(DeclarationState))
    ground: Mapped[EndGround | None] = mapped_column(Code(EndGround))
    day: Mapped[date] = mapped_column(Date)  # from which it holds; for an end, the last day in force
    until: Mapped[date | None] = mapped_column(Date)  # of a pause: when both mean to go on
    notice_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    party_id: Mapped[int] = mapped_column(ForeignKey("contract_party.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    party: Mapped[Party] = relationship(lazy="joined")
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.id", lazy="selectin")


class Answer(Base):
    """What another side said to a declaration: confirmed, or objected with a reason. Once."""

    __tablename__ = "contract_answer"
    __table_args__ = (UniqueConstraint("declaration_id", "party_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("contract_declaration.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("contract_party.id"))
    agrees: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    # Of a party that has nobody here: an officer recorded its answer from the paper that carries its signature.
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    given_on: Mapped[date | None] = mapped_column(Date)  # the date on that paper

    party: Mapped[Party] = relationship(lazy="joined")


class Share(Base):
    """How much of a line one of several sellers delivers in a month; together they come to the line's months."""

    __tablename__ = "contract_share"
    __table_args__ = (UniqueConstraint("party_id", "line_id", "month"), Index("ix_contract_share_line", "line_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("contract_party.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("contract_line.id"))
    month: Mapped[date | None] = mapped_column(Date)  # None: of a line that names no months
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))  # the seller's own, of the line's kind


class Comment(Base):
    """What one side says about a clause of the text while it is negotiated."""

    __tablename__ = "contract_comment"
    __table_args__ = (Index("ix_contract_comment_contract", "contract_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    clause: Mapped[str] = mapped_column(String(40))  # the key of the clause; "" for the whole text
    party_id: Mapped[int] = mapped_column(ForeignKey("contract_party.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    on_behalf_of: Mapped[int | None] = mapped_column(Id)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Revision(Base):
    """The text as one side left it after an edit: what the next reader's changes are shown against."""

    __tablename__ = "contract_revision"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    text: Mapped[dict[str, Any]] = mapped_column(JSON)
    text_digest: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # quantities, prices, dates: compared as numbers
    side: Mapped[int | None]  # position of the party in whose name it was left
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
