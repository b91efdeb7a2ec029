"""PURE: kinds, sectors, verification lifecycle, register status: their codes and their words."""

from enum import StrEnum

from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid


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


VERIFICATION = Lifecycle(
    "verification",
    {
        (Verification.LISTED, VerificationAct.CLAIM): Verification.PENDING,
        (Verification.PENDING, VerificationAct.VERIFY): Verification.VERIFIED,
        (Verification.PENDING, VerificationAct.RETURN): Verification.RETURNED,
        (Verification.RETURNED, VerificationAct.RESUBMIT): Verification.PENDING,
        (Verification.VERIFIED, VerificationAct.SUSPEND): Verification.SUSPENDED,
        (Verification.SUSPENDED, VerificationAct.RESTORE): Verification.VERIFIED,
    },
)

VERIFICATIONS: dict[Verification, tuple[Message, str]] = {
    Verification.LISTED: (msgid("In the register, not yet claimed"), "signed"),
    Verification.PENDING: (msgid("Waiting for verification"), "waiting"),
    Verification.RETURNED: (msgid("Returned for completion"), "problem"),
    Verification.VERIFIED: (msgid("Verified"), "in_force"),
    Verification.SUSPENDED: (msgid("Suspended"), "problem"),
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


GONE = frozenset(
    {RegisterStatus.DISSOLVED, RegisterStatus.REVOKED, RegisterStatus.BANKRUPT, RegisterStatus.CONVERTED}
)
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
