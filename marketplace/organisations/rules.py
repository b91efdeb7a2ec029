"""PURE: kinds, sectors, verification lifecycle, register status, authority and mandates: codes, words, limits."""

import difflib
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from marketplace.kernel.dates import add_months, day_end, working_days_after
from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import clean, expand_aliases, fold


class Kind(StrEnum):
    """What an organisation is by law (domain.md §4.1)."""

    HTX = "htx"
    LHHTX = "lhhtx"
    THT = "tht"
    COMPANY = "company"
    HOUSEHOLD = "household"
    PUBLIC_BODY = "public_body"


COOPERATIVES = frozenset({Kind.HTX, Kind.LHHTX, Kind.THT})

KINDS: dict[Kind, Message] = {
    Kind.HTX: msgid("Cooperative"),
    Kind.LHHTX: msgid("Union of cooperatives"),
    Kind.THT: msgid("Cooperative group"),
    Kind.COMPANY: msgid("Company"),
    Kind.HOUSEHOLD: msgid("Household business"),
    Kind.PUBLIC_BODY: msgid("Public body"),
}


class Sector(StrEnum):
    """The six statistical sectors of the source paper (domain.md §4.3)."""

    NLN = "NLN"
    XD = "XD"
    CN_TTCN = "CN_TTCN"
    TM_DV = "TM_DV"
    VT = "VT"
    DL = "DL"


SECTORS: dict[Sector, Message] = {
    Sector.NLN: msgid("Agriculture, forestry, fishery"),
    Sector.XD: msgid("Construction"),
    Sector.CN_TTCN: msgid("Industry and handicraft"),
    Sector.TM_DV: msgid("Trade and services"),
    Sector.VT: msgid("Transport"),
    Sector.DL: msgid("Tourism"),
}


class Verification(StrEnum):
    """`listed`: known from a register or a recorded contract, nobody has claimed it; it counts but cannot act."""

    LISTED = "listed"
    PENDING = "pending"
    RETURNED = "returned"
    VERIFIED = "verified"
    SUSPENDED = "suspended"


class VerificationAct(StrEnum):
    """What somebody does to an organisation's standing."""

    CLAIM = "claim"
    VERIFY = "verify"
    RETURN = "return"
    RESUBMIT = "resubmit"
    SUSPEND = "suspend"
    RESTORE = "restore"
    RELEASE = "release"


VERIFICATION = Lifecycle(
    "verification",
    {
        (Verification.LISTED, VerificationAct.CLAIM): Verification.PENDING,
        (Verification.PENDING, VerificationAct.VERIFY): Verification.VERIFIED,
        (Verification.PENDING, VerificationAct.RETURN): Verification.RETURNED,
        (Verification.RETURNED, VerificationAct.RESUBMIT): Verification.PENDING,
        (Verification.VERIFIED, VerificationAct.SUSPEND): Verification.SUSPENDED,
        (Verification.SUSPENDED, VerificationAct.RESTORE): Verification.VERIFIED,
        # A claim by somebody who is not of the organisation is refused: the register's entry is free again.
        (Verification.PENDING, VerificationAct.RELEASE): Verification.LISTED,
        (Verification.RETURNED, VerificationAct.RELEASE): Verification.LISTED,
    },
)

VERIFICATIONS: dict[Verification, tuple[Message, str]] = {
    Verification.LISTED: (msgid("In the register, not yet claimed"), "signed"),
    Verification.PENDING: (msgid("Waiting for verification"), "waiting"),
    Verification.RETURNED: (msgid("Returned for completion"), "problem"),
    Verification.VERIFIED: (msgid("Verified"), "in_force"),
    Verification.SUSPENDED: (msgid("Suspended by an officer"), "problem"),
}
"""Words and kind of state pill."""


class RegisterStatus(StrEnum):
    """Standing in the register, dated, with history (domain.md §4.4)."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    DISSOLVING = "dissolving"
    DISSOLVED = "dissolved"
    REVOKED = "revoked"
    BANKRUPT = "bankrupt"
    CONVERTED = "converted"


GONE = frozenset({RegisterStatus.DISSOLVED, RegisterStatus.REVOKED, RegisterStatus.BANKRUPT, RegisterStatus.CONVERTED})
"""An organisation in one of these at D no longer counts at D (design.md §4.5)."""

STATUSES: dict[RegisterStatus, Message] = {
    RegisterStatus.ACTIVE: msgid("Active"),
    RegisterStatus.PAUSED: msgid("Temporarily suspended"),
    RegisterStatus.STOPPED: msgid("Stopped, waiting for dissolution"),
    RegisterStatus.DISSOLVING: msgid("Being dissolved"),
    RegisterStatus.DISSOLVED: msgid("Dissolved"),
    RegisterStatus.REVOKED: msgid("Certificate revoked"),
    RegisterStatus.BANKRUPT: msgid("Bankrupt"),
    RegisterStatus.CONVERTED: msgid("Converted or merged"),
}


class MembershipState(StrEnum):
    """A person's belonging to an organisation."""

    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"


class AuthorityBasis(StrEnum):
    """Why a member may sign for the organisation."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    POWER_OF_ATTORNEY = "power_of_attorney"


class PostRole(StrEnum):
    """An official either reads or also acts."""

    VIEWER = "viewer"
    OFFICER = "officer"


AUTHORITY_BASES: dict[AuthorityBasis, Message] = {
    AuthorityBasis.LEGAL_REPRESENTATIVE: msgid("Legal representative"),
    AuthorityBasis.POWER_OF_ATTORNEY: msgid("Power of attorney"),
}

POST_ROLES: dict[PostRole, Message] = {
    PostRole.OFFICER: msgid("Officer (acts)"),
    PostRole.VIEWER: msgid("Viewer (reads)"),
}


class Evidence(StrEnum):
    """What an officer has compared an application with."""

    CERTIFICATE = "certificate"
    NATIONAL_REGISTER = "national_register"
    OWN_REGISTER = "own_register"
    KNOWN = "known"


EVIDENCES: dict[Evidence, Message] = {
    Evidence.CERTIFICATE: msgid("The registration certificate and the representative's paper"),
    Evidence.NATIONAL_REGISTER: msgid("The national register of businesses and cooperatives"),
    Evidence.OWN_REGISTER: msgid("The commune's or province's own register"),
    Evidence.KNOWN: msgid("The representative came in person and is known here"),
}

TITLES: dict[Kind, str] = {
    Kind.HTX: "Giám đốc",
    Kind.LHHTX: "Tổng giám đốc",
    Kind.THT: "Tổ trưởng",
    Kind.COMPANY: "Giám đốc",
    Kind.HOUSEHOLD: "Chủ hộ",
}
"""What usually stands on the paper; people may write what stands on theirs."""

PREFIXES: dict[Kind, tuple[str, ...]] = {
    Kind.HTX: ("hop tac xa",),
    Kind.LHHTX: ("lien hiep hop tac xa",),
    Kind.THT: ("to hop tac",),
    Kind.COMPANY: ("cong ty", "doanh nghiep"),
    Kind.HOUSEHOLD: ("ho kinh doanh", "co so"),
}

WAITING_DAYS = 3
"""Working days that an application waits for the commune; then the province's officers are asked."""

MANDATE_MONTHS = 12
"""A mandate lasts a year at most."""


class Placed(Protocol):
    """A dated place."""

    valid_from: date
    valid_to: date | None


Place = TypeVar("Place", bound=Placed)


def folded_name(name: str) -> str:
    """What two spellings of a name are compared by: no marks, abbreviations written out."""
    return expand_aliases(fold(name))


def name_keys(kind: Kind, name: str) -> list[str]:
    """The keys under which a name may be known: as it is, and with or without the kind's own words in front."""
    folded = folded_name(name)
    keys = [folded]
    for prefix in PREFIXES.get(kind, ()):
        bare = folded.removeprefix(f"{prefix} ")
        keys += [f"{prefix} {bare}", bare]
    return list(dict.fromkeys(keys))


GENERIC = re.compile(
    r"\b(lien hiep hop tac xa|hop tac xa|to hop tac|cong ty|trach nhiem huu han|(mot|hai) thanh vien|co phan"
    r"|doanh nghiep( tu nhan)?|ho kinh doanh|nong lam nghiep|(nong|lam|ngu) nghiep|dich vu|thuong mai|xay dung"
    r"|san xuat|kinh doanh|van tai|du lich|tong hop|che bien|phat trien|va)\b"
)
"""What an organisation is and does: that hardly tells two of one commune apart."""


def nearly_same(one: str, other: str) -> bool:
    """Whether two folded names may well be one organisation: the words that are its own agree, but for a slip."""
    own, others = (" ".join(GENERIC.sub(" ", name).split()) or name for name in (one, other))
    return own == others or difflib.SequenceMatcher(None, own, others).ratio() >= 0.88


def same_person(one: str, other: str) -> bool:
    """Two spellings of a person's name, with or without diacritics."""
    return bool(fold(one)) and fold(one) == fold(other)


def may_sign_on(day: date, authority: bool, until: date | None, since: date | None = None) -> bool:
    """Whether an authority to sign holds on a day."""
    return authority and (until is None or day <= until) and (since is None or day >= since)


def escalates_on(submitted_at: datetime) -> date:
    """From this day on an application waits for the province's officers too."""
    return working_days_after(submitted_at, WAITING_DAYS)


def overdue_until(today: date) -> datetime:
    """What was submitted before this moment has waited long enough for the province."""
    day = today
    while working_days_after(day, WAITING_DAYS) > today:
        day -= timedelta(days=1)
    return day_end(day)


def last_mandate_day(today: date) -> date:
    """The latest day until which a mandate given today may last."""
    return add_months(today, MANDATE_MONTHS)


def at_day(places: Iterable[Place], day: date) -> Place | None:
    """The dated place that holds on a day."""
    found = [row for row in places if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)]
    return found[-1] if found else None


def is_power_of_attorney_complete(document: str | None) -> bool:
    """A power of attorney is named by its number and date."""
    return bool(clean(document or ""))


EVENTS: dict[str, Message] = {
    "organisation:enlisted": msgid("Entered into the register"),
    "organisation:registered": msgid("Registered"),
    "organisation:claimed": msgid("Claimed by its representative"),
    "organisation:verified": msgid("Verified"),
    "organisation:returned": msgid("Returned for completion"),
    "organisation:resubmitted": msgid("Sent again"),
    "organisation:suspended": msgid("Suspended by an officer"),
    "organisation:restored": msgid("Restored"),
    "organisation:released": msgid("Claim refused"),
    "organisation:edited": msgid("Details changed"),
    "organisation:moved": msgid("Seat changed"),
    "organisation:status_changed": msgid("Register status changed"),
    "membership:requested": msgid("Somebody asked to join"),
    "membership:accepted": msgid("Somebody joined"),
    "membership:declined": msgid("A request to join was declined"),
    "membership:changed": msgid("Position or authority to sign changed"),
    "membership:ended": msgid("Somebody left"),
    "mandate:granted": msgid("Mandate given to a helper"),
    "mandate:revoked": msgid("Mandate ended"),
}
"""What the history of an organisation says of an entry of the ledger."""
