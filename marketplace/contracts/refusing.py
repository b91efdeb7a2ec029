"""A signature that is refused: each reason has a code, a sentence, and its place in the ledger."""

from datetime import datetime

from marketplace.accounts.models import User
from marketplace.contracts.models import Contract, Document, Party
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.service import record

REASONS: dict[str, Message] = {
    "wrong_state": msgid("This paper is not open for signing."),
    "contract_over": msgid(
        "The contract has ended meanwhile (terminated, performed or settled), so this paper can no longer be signed."
    ),
    "expired": msgid("The last day to sign is over: extend it on the contract's page, or ask for changes."),
    "already_signed": msgid("Your side has signed this text already."),
    "out_of_turn": msgid("It is not your side's turn: the parties fixed an order, and another one signs before you."),
    "not_party": msgid("You do not sign for this party."),
    "no_authority": msgid(
        "You have no authority to sign for this organisation. Somebody who signs for it can give it to you, "
        "with a power of attorney."
    ),
    "no_position": msgid(
        "Your position in the organisation is not entered; somebody who signs for it can enter it under its people."
    ),
    "authority_not_yet": msgid("Your authority to sign begins later than that day."),
    "authority_over": msgid("Your authority to sign is over; it must be renewed first."),
    "no_power_of_attorney": msgid("Your power of attorney has no number and date; have it entered first."),
    "no_power_file": msgid(
        "The paper of your power of attorney is not here yet: somebody who signs for the organisation adds a photo or "
        "PDF of it under its people; then sign."
    ),
    "not_verified": msgid("Your organisation is not verified yet, so it cannot sign."),
    "no_seal": msgid(
        "The seal of this platform does not work at the moment, so only signing on paper is possible. "
        "The administrator has been told. Nothing of what you sent was recorded."
    ),
    "unsealable": msgid(
        "This file cannot be sealed, so it can only be signed on paper. Nothing of what you sent was recorded."
    ),
}
"""Codes for the ledger, sentences for whoever signs; every sentence says what to do."""

SHORT: dict[str, Message] = {
    "wrong_state": msgid("not open for signing"),
    "contract_over": msgid("the contract has ended"),
    "expired": msgid("after the last day for signing"),
    "already_signed": msgid("signed already"),
    "out_of_turn": msgid("out of turn"),
    "stale_text": msgid("for an old text"),
    "not_party": msgid("not of this party"),
    "no_authority": msgid("without authority to sign"),
    "no_position": msgid("without a position"),
    "authority_not_yet": msgid("before the authority begins"),
    "authority_over": msgid("the authority is over"),
    "no_power_of_attorney": msgid("the power of attorney is not complete"),
    "no_power_file": msgid("without the paper of the power of attorney"),
    "not_verified": msgid("the organisation is not verified"),
    "no_seal": msgid("the seal of the platform did not work"),
    "unsealable": msgid("the file cannot be sealed"),
}
"""The same for the history, which both sides read."""


class SignatureRefused(Refusal):
    """A signature that may not be: `code` is one of REASONS."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(REASONS[code], field)
        self.code = code


class TextMoved(Stale):
    """The text that the signatory saw no longer stands; answered like every stale page, and recorded."""

    code = "stale_text"


def note_refused(
    contract: Contract,
    document: Document | None,
    party: Party | None,
    code: str,
    *,
    actor: User,
    now: datetime,
    address: str,
) -> None:
    """In a transaction of its own, because that of the refused act is rolled back."""
    record(
        "contract:signature_refused",
        contract,
        actor=actor.id,
        now=now,
        data={
            "reason": code,
            "series": document.series if document else 0,
            "document": document.number if document else None,
            "party": party.position if party else None,
        },
        personal={"address": address},
    )
