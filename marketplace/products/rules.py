"""PURE: product states, groups, certificate kinds and states; validity of an OCOP certificate at a day."""

from datetime import date
from enum import StrEnum

from marketplace.kernel.dates import last_valid_day
from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid

OCOP_MONTHS = 36
"""An OCOP certificate is valid for 36 months (domain.md §3.5) unless it prints another last day."""


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
)


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


class CertificateState(StrEnum):
    """Declared by the owner (not counted) → checked (counts) | refused; checked → withdrawn | superseded."""

    DECLARED = "declared"
    CHECKED = "checked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


def valid_until(issued_on: date, printed_end: date | None, months: int | None) -> date | None:
    """The last valid day: the printed date wins, else whole months by Civil Code Art. 148; None: without end."""
    if printed_end is not None:
        return printed_end
    return None if months is None else last_valid_day(issued_on, months)


def valid_on(day: date, issued_on: date | None, last_day: date | None) -> bool:
    """Whether a certificate holds on a day."""
    return (issued_on is None or issued_on <= day) and (last_day is None or day <= last_day)
