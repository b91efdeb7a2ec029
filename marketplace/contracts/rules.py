"""PURE: contract states and acts, signing methods, what a date brings, what counts as signed."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid


class ContractState(StrEnum):
    """design.md §3. `recorded`: a paper contract typed in, not yet confirmed by the other party or an officer."""

    DRAFT = "draft"
    AWAITING = "awaiting_signatures"
    RECORDED = "recorded"
    SIGNED = "signed"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    DECLINED = "declined"


class ContractAct(StrEnum):
    """What somebody does; the last signature is the act `conclude`."""

    EDIT = "edit"
    OPEN_FOR_SIGNING = "open_for_signing"
    CANCEL = "cancel"
    REQUEST_CHANGES = "request_changes"
    SIGN = "sign"
    EXTEND = "extend"
    CONCLUDE = "conclude"
    DECLINE = "decline"
    CONFIRM = "confirm"
    ATTEST = "attest"
    REJECT = "reject"
    SUSPEND = "suspend"
    RESUME = "resume"
    COMPLETE = "complete"
    TERMINATE = "terminate"
    SETTLE = "settle"


OWN_DETAILS = ("address", "representative", "representative_title", "authority", "phone", "bank")
"""What a draft says of a party, and only its own people and helpers may change."""

S, A = ContractState, ContractAct

CONTRACT = Lifecycle(
    "contract",
    {
        (S.DRAFT, A.EDIT): S.DRAFT,
        (S.DRAFT, A.OPEN_FOR_SIGNING): S.AWAITING,
        (S.DRAFT, A.CANCEL): S.CANCELLED,
        (S.AWAITING, A.SIGN): S.AWAITING,
        (S.AWAITING, A.EXTEND): S.AWAITING,
        (S.AWAITING, A.CONCLUDE): S.SIGNED,
        (S.AWAITING, A.REQUEST_CHANGES): S.DRAFT,
        (S.AWAITING, A.DECLINE): S.DECLINED,
        (S.RECORDED, A.CONFIRM): S.SIGNED,
        (S.RECORDED, A.ATTEST): S.SIGNED,
        (S.RECORDED, A.REJECT): S.DECLINED,
        (S.RECORDED, A.CANCEL): S.CANCELLED,
        (S.SIGNED, A.SUSPEND): S.SUSPENDED,
        (S.SUSPENDED, A.RESUME): S.SIGNED,
        (S.SIGNED, A.COMPLETE): S.COMPLETED,
        (S.SIGNED, A.TERMINATE): S.TERMINATED,
        (S.SUSPENDED, A.TERMINATE): S.TERMINATED,
        (S.COMPLETED, A.SETTLE): S.SETTLED,
        (S.TERMINATED, A.SETTLE): S.SETTLED,
        # Only past its end: the service asks `standing_on` first.
        (S.SIGNED, A.SETTLE): S.SETTLED,
    },
)

STATES: dict[ContractState, tuple[Message, str]] = {
    S.DRAFT: (msgid("Contract draft"), "waiting"),
    S.AWAITING: (msgid("Awaiting signatures"), "waiting"),
    S.RECORDED: (msgid("Recorded, waiting for confirmation"), "waiting"),
    S.SIGNED: (msgid("Signed by all parties"), "signed"),
    S.SUSPENDED: (msgid("On hold"), "waiting"),
    S.COMPLETED: (msgid("Performed in full"), "ended"),
    S.TERMINATED: (msgid("Terminated early"), "problem"),
    S.SETTLED: (msgid("Settled"), "ended"),
    S.CANCELLED: (msgid("Draft dropped"), "ended"),
    S.DECLINED: (msgid("Not agreed to"), "problem"),
}
"""The words for a state and the kind of its pill; `shown_on` adds what a date brings."""

ACTS: dict[ContractAct, Message] = {
    A.EDIT: msgid("Edit the draft"),
    A.OPEN_FOR_SIGNING: msgid("Open for signing"),
    A.CANCEL: msgid("Drop the draft"),
    A.REQUEST_CHANGES: msgid("Ask for changes"),
    A.SIGN: msgid("Sign the contract"),
    A.EXTEND: msgid("Extend the time to sign"),
    A.CONCLUDE: msgid("Conclude"),
    A.DECLINE: msgid("Decline to sign"),
    A.CONFIRM: msgid("Confirm that it is ours"),
    A.ATTEST: msgid("Attest the signatures"),
    A.REJECT: msgid("This is not our contract"),
    A.SUSPEND: msgid("Put on hold"),
    A.RESUME: msgid("Resume"),
    A.COMPLETE: msgid("Performed: complete"),
    A.TERMINATE: msgid("Terminate early"),
    A.SETTLE: msgid("Record the settlement"),
}

CONTRACT.labels.update((state, words) for state, (words, _kind) in STATES.items())
CONTRACT.labels.update(ACTS.items())

CONCLUDED = frozenset({S.SIGNED, S.SUSPENDED, S.COMPLETED, S.TERMINATED, S.SETTLED})
"""States of a contract that all parties have signed."""


SIGNING_DAYS = 30
"""Proposed when a text is opened for signing."""
MOST_SIGNING_DAYS = 180


class Awaited(Protocol):
    """Of a contract whose signatures are awaited: until which day."""

    @property
    def state(self) -> ContractState: ...
    @property
    def sign_by(self) -> date | None: ...


def expired(day: date, contract: Awaited) -> bool:
    """Whether the time to sign is over on a day; never stored. A recorded paper is signed already."""
    return contract.state == ContractState.AWAITING and contract.sign_by is not None and contract.sign_by < day


class Method(StrEnum):
    """How a party signed (notes on signing; never hidden in any figure)."""

    WET_INK = "wet_ink"
    DIGITAL = "digital_signature"
    APP = "app_confirmation"


METHODS: dict[Method, Message] = {
    Method.WET_INK: msgid("Signed on paper"),
    Method.DIGITAL: msgid("Digital signature"),
    Method.APP: msgid("Confirmed electronically in the application; not a digital signature"),
}


class EndGround(StrEnum):
    """On what ground a contract ended early (Civil Code 2015)."""

    AGREEMENT = "agreement"
    UNILATERAL = "unilateral"  # Article 428
    BREACH = "breach"  # Article 423
    FORCE_MAJEURE = "force_majeure"


GROUNDS: dict[EndGround, Message] = {
    EndGround.AGREEMENT: msgid("Both sides agree to end it"),
    EndGround.UNILATERAL: msgid("One side ends it alone (Civil Code 2015, Article 428)"),
    EndGround.BREACH: msgid("Cancelled because the other side broke it (Civil Code 2015, Article 423)"),
    EndGround.FORCE_MAJEURE: msgid("Force majeure: it can no longer be performed"),
}


class DeclarationState(StrEnum):
    """Of what one side declared: waiting for the other's word, in effect, objected to, taken back."""

    STATED = "stated"
    EFFECTIVE = "effective"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"


class DeclarationAct(StrEnum):
    """`fulfil`: the last of the other sides confirmed."""

    CONFIRM = "confirm"
    FULFIL = "fulfil"
    OBJECT = "object"
    WITHDRAW = "withdraw"


DECLARATION = Lifecycle(
    "declaration",
    {
        (DeclarationState.STATED, DeclarationAct.CONFIRM): DeclarationState.STATED,
        (DeclarationState.STATED, DeclarationAct.FULFIL): DeclarationState.EFFECTIVE,
        (DeclarationState.STATED, DeclarationAct.OBJECT): DeclarationState.OBJECTED,
        (DeclarationState.STATED, DeclarationAct.WITHDRAW): DeclarationState.WITHDRAWN,
        # Who ended it alone has ended it; the other side's objection is kept beside.
        (DeclarationState.EFFECTIVE, DeclarationAct.OBJECT): DeclarationState.EFFECTIVE,
    },
)
DECLARATIONS: dict[DeclarationState, tuple[Message, str]] = {
    DeclarationState.STATED: (msgid("Waiting for the other side's word"), "waiting"),
    DeclarationState.EFFECTIVE: (msgid("In effect"), "signed"),
    DeclarationState.OBJECTED: (msgid("Objected to"), "problem"),
    DeclarationState.WITHDRAWN: (msgid("Taken back"), "ended"),
}


class Standing(StrEnum):
    """What a date makes of a signed contract; computed from stored acts and the day, never stored."""

    NOT_YET = "not_yet_in_force"
    IN_FORCE = "in_force"
    PAST_END = "past_its_end"
    OVER = "over"


class Dated(Protocol):
    """The dates of a contract that its standing depends on; `ended_on`: day of completion, termination or settlement."""

    @property
    def state(self) -> ContractState: ...
    @property
    def signed_on(self) -> date | None: ...
    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def later_ends(self) -> Sequence[Sequence[str]]: ...  # [from when, until when], in the order of effect


def ends_at(day: date | None, contract: Dated) -> date | None:
    """The end date as it stands on a day: the contract's own, or that of the last annex in effect; None: by all annexes."""
    end = contract.ends_on
    for since, until in contract.later_ends or ():
        if day is None or date.fromisoformat(since) <= day:
            end = date.fromisoformat(until)
    return end


class Shown(Dated, Protocol):
    """… and until when it may be signed."""

    sign_by: date | None


def standing_on(day: date, contract: Dated) -> Standing | None:
    """Counting rule 2 of design.md §4; None for what nobody has concluded by that day."""
    if contract.state not in CONCLUDED or contract.signed_on is None or contract.signed_on > day:
        return None
    if contract.ended_on is not None and contract.ended_on < day:
        return Standing.OVER
    if (contract.starts_on or contract.signed_on) > day:
        return Standing.NOT_YET
    end = ends_at(day, contract)
    if end is not None and end < day:
        return Standing.PAST_END
    return Standing.IN_FORCE


STANDINGS: dict[Standing, tuple[Message, str]] = {
    Standing.NOT_YET: (msgid("Signed, not yet in force"), "signed"),
    Standing.IN_FORCE: (msgid("Contract in force"), "in_force"),
    Standing.PAST_END: (msgid("Past its end date"), "ended"),
}


EXPIRED: tuple[Message, str] = (msgid("Time to sign is over"), "problem")


def shown_on(day: date, contract: Shown) -> tuple[Message, str]:
    """The state as people see it on a day, and the kind of its pill."""
    if contract.state == ContractState.TERMINATED and standing_on(day, contract) == Standing.IN_FORCE:
        return msgid("In force until its early end"), "in_force"
    if expired(day, contract):
        return EXPIRED
    if contract.state == ContractState.SIGNED:
        return STANDINGS.get(standing_on(day, contract) or Standing.OVER, STATES[contract.state])
    return STATES[contract.state]


class Signed(Protocol):
    """Of a signature: its method and whether an officer attested it."""

    @property
    def method(self) -> Method: ...
    @property
    def attested(self) -> bool: ...


class Counting(StrEnum):
    """Which signatures count for official statistics; a setting of the province, printed on each report."""

    INK = "ink"
    DIGITAL = "digital"
    APP = "app"
    APP_ATTESTED = "app_attested"


DEFAULT_COUNTING = frozenset({Counting.INK, Counting.DIGITAL, Counting.APP_ATTESTED})


def counts(signatures: Sequence[Signed], setting: Collection[Counting] = DEFAULT_COUNTING) -> bool:
    """Whether a concluded contract counts: each signature's method must be one that counts."""
    return bool(signatures) and all(signature_counts(signature, setting) for signature in signatures)


def signature_counts(signature: Signed, setting: Collection[Counting]) -> bool:
    """One signature by the province's setting."""
    if signature.method == Method.WET_INK:
        return Counting.INK in setting
    if signature.method == Method.DIGITAL:
        return Counting.DIGITAL in setting
    return Counting.APP in setting or (Counting.APP_ATTESTED in setting and signature.attested)


class BuyerPlace(StrEnum):
    """Where the buyer sits, seen from the seller: in its reporting area, province, the country, abroad."""

    AREA = "area"
    PROVINCE = "province"
    COUNTRY = "country"
    ABROAD = "abroad"
