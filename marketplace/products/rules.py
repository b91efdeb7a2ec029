"""PURE: product states, groups, certificate kinds and states, what a listing says; validity of certificates at a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from marketplace.kernel.dates import add_months, last_valid_day
from marketplace.kernel.errors import Refusal
from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import rounded
from marketplace.kernel.quantities import per_kg
from marketplace.kernel.vietnamese import fold

OCOP_MONTHS = 36
"""An OCOP certificate is valid for 36 months (domain.md §3.5) unless it prints another last day."""
CERTIFIED_STARS = (3, 4, 5)
"""Only these get a certificate (domain.md §3.2)."""
PHOTOS = 6
SOON_MONTHS = 6
"""A certificate that ends within so many months is pointed out, so that it is evaluated again in time."""


class Group(StrEnum):
    """The six OCOP groups of QĐ 148/QĐ-TTg (domain.md §3.3), and everything else."""

    TP = "TP"
    DU = "DU"
    DL = "DL"
    TCMN = "TCMN"
    SVC = "SVC"
    DLCD = "DLCD"
    KHAC = "KHAC"


GROUPS: dict[Group, Message] = {
    Group.TP: msgid("Food"),
    Group.DU: msgid("Drinks"),
    Group.DL: msgid("Medicinal herbs and products from them"),
    Group.TCMN: msgid("Handicrafts"),
    Group.SVC: msgid("Ornamental plants and animals"),
    Group.DLCD: msgid("Community and eco tourism"),
    Group.KHAC: msgid("Other goods and services"),
}


class ProductState(StrEnum):
    """Draft → published ⇄ hidden; archived."""

    DRAFT = "draft"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    ARCHIVED = "archived"


class ProductAct(StrEnum):
    """What somebody does to a listing; an officer's taking down is a hiding with a reason that only an officer lifts."""

    PUBLISH = "publish"
    HIDE = "hide"
    SHOW = "show"
    TAKE_DOWN = "take_down"
    RELEASE = "release"
    ARCHIVE = "archive"


PRODUCT_WORDS: dict[StrEnum, Message] = {
    ProductState.DRAFT: msgid("Draft"),
    ProductState.PUBLISHED: msgid("Published"),
    ProductState.HIDDEN: msgid("Hidden"),
    ProductState.ARCHIVED: msgid("Archived"),
    ProductAct.PUBLISH: msgid("Publish"),
    ProductAct.HIDE: msgid("Hide"),
    ProductAct.SHOW: msgid("Show again"),
    ProductAct.TAKE_DOWN: msgid("Take down"),
    ProductAct.RELEASE: msgid("Release"),
    ProductAct.ARCHIVE: msgid("Archive"),
}

PRODUCT = Lifecycle(
    "product",
    {
        (ProductState.DRAFT, ProductAct.PUBLISH): ProductState.PUBLISHED,
        (ProductState.DRAFT, ProductAct.ARCHIVE): ProductState.ARCHIVED,
        (ProductState.PUBLISHED, ProductAct.HIDE): ProductState.HIDDEN,
        (ProductState.PUBLISHED, ProductAct.TAKE_DOWN): ProductState.HIDDEN,
        (ProductState.PUBLISHED, ProductAct.ARCHIVE): ProductState.ARCHIVED,
        (ProductState.HIDDEN, ProductAct.SHOW): ProductState.PUBLISHED,
        (ProductState.HIDDEN, ProductAct.RELEASE): ProductState.PUBLISHED,
        (ProductState.HIDDEN, ProductAct.ARCHIVE): ProductState.ARCHIVED,
    },
    labels=PRODUCT_WORDS,
)

PRODUCT_STATES: dict[ProductState, tuple[Message, str]] = {
    ProductState.DRAFT: (PRODUCT_WORDS[ProductState.DRAFT], "waiting"),
    ProductState.PUBLISHED: (PRODUCT_WORDS[ProductState.PUBLISHED], "in_force"),
    ProductState.HIDDEN: (PRODUCT_WORDS[ProductState.HIDDEN], "ended"),
    ProductState.ARCHIVED: (PRODUCT_WORDS[ProductState.ARCHIVED], "ended"),
}
"""Words and kind of state pill."""
TAKEN_DOWN: tuple[Message, str] = (msgid("Taken down"), "problem")


def after(state: ProductState, act: ProductAct, taken_down: bool) -> ProductState:
    """The state that an act leads to. What an officer took down, an officer releases; what the owner hid, the owner shows."""
    then = PRODUCT.after(state, act)
    if act == ProductAct.SHOW and taken_down:
        raise Refusal(
            msgid("An officer took this listing down. Correct what the reason says; the officer can release it.")
        )
    if act == ProductAct.RELEASE and not taken_down:
        raise Refusal(msgid("The owner hid this listing, so only the owner can show it again."))
    return then


@dataclass(frozen=True)
class Listing:
    """What the owner says about a product: five facts, and everything optional."""

    name: str
    group: Group
    measure: str
    unit_id: int | None
    price: int | None = None  # đồng for one measure; None: "liên hệ"
    price_high: int | None = None
    price_public: bool = True
    description: str | None = None
    net_content: Decimal | None = None
    net_measure: str | None = None
    minimum_order: Decimal | None = None
    packaging: str | None = None
    months: Mapping[int, Decimal | None] = field(default_factory=dict)  # month 1–12 → capacity; None: amount unsaid


def check(listing: Listing) -> None:
    """Facts that do not go together are refused at the field that should change."""
    if listing.price_high is not None:
        if listing.price is None:
            raise Refusal(msgid("Give the lower price as well, or leave both empty."), field="price")
        if listing.price_high <= listing.price:
            raise Refusal(msgid("The upper price must be above the lower one."), field="price_high")
    if (listing.net_content is None) != (not listing.net_measure):
        where = "net_content" if listing.net_content is None else "net_measure"
        raise Refusal(msgid("Write both how much is in one pack and its unit, for example 5 and kg."), field=where)
    if any(not 1 <= month <= 12 for month in listing.months):
        raise ValueError("months go from 1 to 12")


def comparable(price: int | None, measure: str, net_content: Decimal | None, net_measure: str | None) -> int | None:
    """What prices are sorted and filtered by: đồng for one kg or lít where it can be computed, else for one measure."""
    if price is None:
        return None
    base = per_kg(price, measure, net_content, net_measure) if measure else None
    return price if base is None else int(rounded(base.amount, 0))


class CertificateKind(StrEnum):
    """domain.md §7.5."""

    OCOP = "OCOP"
    VIETGAP = "VIETGAP"
    GLOBALGAP = "GLOBALGAP"
    HUU_CO = "HUU_CO"
    HACCP = "HACCP"
    ISO22000 = "ISO22000"
    ISO9001 = "ISO9001"
    GMP = "GMP"
    ATTP = "ATTP"
    CONG_BO = "CONG_BO"
    NHAN_HIEU = "NHAN_HIEU"
    NH_TAP_THE = "NH_TAP_THE"
    NH_CHUNG_NHAN = "NH_CHUNG_NHAN"
    CDDL = "CDDL"
    MA_VACH = "MA_VACH"
    VUNG_ATDB = "VUNG_ATDB"
    KHAC = "KHAC"


CERTIFICATE_KINDS: dict[CertificateKind, Message] = {
    CertificateKind.OCOP: msgid("OCOP"),
    CertificateKind.VIETGAP: msgid("VietGAP"),
    CertificateKind.GLOBALGAP: msgid("GLOBALG.A.P."),
    CertificateKind.HUU_CO: msgid("Organic"),
    CertificateKind.HACCP: msgid("HACCP"),
    CertificateKind.ISO22000: msgid("ISO 22000"),
    CertificateKind.ISO9001: msgid("ISO 9001"),
    CertificateKind.GMP: msgid("GMP"),
    CertificateKind.ATTP: msgid("Food safety conditions"),
    CertificateKind.CONG_BO: msgid("Product self-declaration"),
    CertificateKind.NHAN_HIEU: msgid("Trademark"),
    CertificateKind.NH_TAP_THE: msgid("Collective mark"),
    CertificateKind.NH_CHUNG_NHAN: msgid("Certification mark"),
    CertificateKind.CDDL: msgid("Geographical indication"),
    CertificateKind.MA_VACH: msgid("GS1 barcode"),
    CertificateKind.VUNG_ATDB: msgid("Area free of animal disease"),
    CertificateKind.KHAC: msgid("Other certificate"),
}

ENDLESS = frozenset({CertificateKind.CONG_BO, CertificateKind.CDDL, CertificateKind.MA_VACH, CertificateKind.KHAC})
"""Kinds that may stand without a last day."""


class CertificateState(StrEnum):
    """Declared by the owner (not counted) → checked (counts) | refused; checked → withdrawn | superseded."""

    DECLARED = "declared"
    CHECKED = "checked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class CertificateAct(StrEnum):
    """What somebody does to a certificate; what its last day brings is computed."""

    DECLARE = "declare"
    CHECK = "check"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"


CERTIFICATE_WORDS: dict[StrEnum, Message] = {
    CertificateState.DECLARED: msgid("Self-declared, not checked"),
    CertificateState.CHECKED: msgid("Checked"),
    CertificateState.REFUSED: msgid("Not accepted"),
    CertificateState.WITHDRAWN: msgid("Withdrawn"),
    CertificateState.SUPERSEDED: msgid("Replaced by a newer one"),
    CertificateAct.DECLARE: msgid("Correct"),
    CertificateAct.CHECK: msgid("Accept the certificate"),
    CertificateAct.REFUSE: msgid("Refuse"),
    CertificateAct.WITHDRAW: msgid("Withdraw"),
    CertificateAct.SUPERSEDE: msgid("Replace"),
}

CERTIFICATE = Lifecycle(
    "certificate",
    {
        (CertificateState.DECLARED, CertificateAct.DECLARE): CertificateState.DECLARED,
        (CertificateState.DECLARED, CertificateAct.CHECK): CertificateState.CHECKED,
        (CertificateState.DECLARED, CertificateAct.REFUSE): CertificateState.REFUSED,
        (CertificateState.REFUSED, CertificateAct.DECLARE): CertificateState.DECLARED,
        (CertificateState.REFUSED, CertificateAct.CHECK): CertificateState.CHECKED,
        (CertificateState.CHECKED, CertificateAct.WITHDRAW): CertificateState.WITHDRAWN,
        (CertificateState.CHECKED, CertificateAct.SUPERSEDE): CertificateState.SUPERSEDED,
    },
    labels=CERTIFICATE_WORDS,
)


@dataclass(frozen=True)
class Paper:
    """What a certificate says, as printed."""

    kind: CertificateKind
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    last_day: date | None = None  # the printed one
    stars: int | None = None
    score: Decimal | None = None
    round_label: str | None = None

    @property
    def ends_on(self) -> date | None:
        """The last valid day: as printed, or by law where the law says it."""
        months = OCOP_MONTHS if self.kind == CertificateKind.OCOP else None
        return self.last_day if self.issued_on is None else valid_until(self.issued_on, self.last_day, months)


def check_paper(paper: Paper) -> None:
    """Facts of a certificate that are missing or do not go together are refused at their field."""
    if paper.kind == CertificateKind.OCOP:
        if paper.stars not in CERTIFIED_STARS:
            raise Refusal(msgid("An OCOP certificate has 3, 4 or 5 stars."), field="stars")
        if not paper.number:
            raise Refusal(msgid("Write the number of the decision, for example 101/QĐ-UBND."), field="number")
        if paper.issued_on is None:
            raise Refusal(msgid("Write the day of issue: the certificate is valid from it."), field="issued_on")
    if paper.last_day is None and paper.kind != CertificateKind.OCOP and paper.kind not in ENDLESS:
        raise Refusal(msgid("Write the last valid day as the paper has it."), field="last_day")
    if paper.issued_on and paper.last_day and paper.last_day < paper.issued_on:
        raise Refusal(msgid("The last valid day cannot be before the day of issue."), field="last_day")


class Certified(Protocol):
    """What is asked of a certificate to know whether it holds on a day."""

    id: int
    kind: CertificateKind
    state: CertificateState
    issued_on: date | None
    last_day: date | None
    ended_on: date | None
    stars: int | None


def valid_until(issued_on: date, printed_end: date | None, months: int | None) -> date | None:
    """The last valid day: the printed date wins, else whole months by Civil Code Art. 148; None: without end."""
    if printed_end is not None:
        return printed_end
    return None if months is None else last_valid_day(issued_on, months)


def valid_on(day: date, issued_on: date | None, last_day: date | None) -> bool:
    """Whether a certificate holds on a day."""
    return (issued_on is None or issued_on <= day) and (last_day is None or day <= last_day)


def counts_on(certificate: Certified, day: date) -> bool:
    """Whether an OCOP certificate counts on a day: checked, within its dates, not yet withdrawn or replaced by then."""
    if certificate.kind != CertificateKind.OCOP or certificate.stars not in CERTIFIED_STARS:
        return False
    if certificate.issued_on is None or certificate.last_day is None:
        return False
    ended = certificate.state in (CertificateState.WITHDRAWN, CertificateState.SUPERSEDED)
    if ended and (certificate.ended_on is None or certificate.ended_on <= day):
        return False
    return (ended or certificate.state == CertificateState.CHECKED) and valid_on(
        day, certificate.issued_on, certificate.last_day
    )


def counted_on(certificates: Iterable[Certified], day: date) -> Certified | None:
    """The certificate that gives a product its stars on a day: of those that count, the latest issued."""
    found = [each for each in certificates if counts_on(each, day)]
    return max(found, key=lambda each: (each.issued_on or day, each.id), default=None)


def shown_state(certificate: Certified, day: date) -> tuple[Message, str]:
    """Words and pill of a certificate on a day; being out of date is computed, never stored."""
    state = certificate.state
    open_states = (CertificateState.CHECKED, CertificateState.DECLARED)
    if state in open_states and certificate.last_day is not None and certificate.last_day < day:
        return msgid("Expired"), "ended"
    kinds = {
        CertificateState.DECLARED: "waiting",
        CertificateState.CHECKED: "in_force",
        CertificateState.REFUSED: "problem",
        CertificateState.WITHDRAWN: "problem",
        CertificateState.SUPERSEDED: "ended",
    }
    return CERTIFICATE_WORDS[state], kinds[state]


def ends_soon(certificate: Certified, day: date) -> bool:
    """Whether a certificate that holds today ends within half a year."""
    last = certificate.last_day
    return last is not None and day <= last <= add_months(day, SOON_MONTHS)


def same_number(one: str, other: str) -> bool:
    """Whether two ways of writing a decision's number mean the same: "101/QĐ-UBND", "số 101 / QĐ - UBND"."""
    written = [fold(text).removeprefix("quyet dinh ").removeprefix("so ") for text in (one, other)]
    return bool(written[0]) and written[0] == written[1]
