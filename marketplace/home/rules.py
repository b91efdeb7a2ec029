"""PURE: how long before something ends a person is told, and what still has to be done for an organisation."""

from datetime import date

from marketplace.kernel.dates import add_months
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations.rules import Verification

CERTIFICATE_MONTHS = (3, 6)
"""Reminders of a certificate that runs out: so many months before its last day, the nearer first."""
OFFER_DAYS = 3
"""An offer that closes within so many days is pointed out to its buyer."""
CONTRACT_DAYS = 30

NEXT_STEPS: dict[Verification, Message] = {
    Verification.PENDING: msgid("%(name)s waits for an officer to verify it. Prepare your drafts meanwhile.", name=""),
    Verification.RETURNED: msgid("%(name)s was returned: complete what is missing and send it again.", name=""),
    Verification.SUSPENDED: msgid("%(name)s is suspended: read the reason and speak with the officer.", name=""),
}


def next_step(name: str, verification: Verification) -> Message | None:
    """What an organisation's standing asks of its people; None where all is well."""
    found = NEXT_STEPS.get(verification)
    return Message(found.text, {"name": name}) if found else None


def reminder_months(last_day: date, today: date) -> int | None:
    """Which reminder of a certificate is due: the nearest that has been reached; None while it is far, or over."""
    if last_day < today:
        return None
    return next((months for months in CERTIFICATE_MONTHS if last_day <= add_months(today, months)), None)
