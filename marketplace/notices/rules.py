"""PURE: what became of a mail, and when one that failed is tried again."""

from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.kernel.messages import Message, msgid

WAITS = (1, 5, 15, 60, 240, 720, 1440)
"""Minutes before the next attempt; after the last one the mail is given up, and the administrator sees it."""
CLAIM = timedelta(minutes=10)
"""So long a worker keeps a mail to itself; should it die meanwhile, another takes the mail up then."""
STOP = timedelta(minutes=5)
"""So long after claiming a worker goes on sending: well before the claim runs out, so that no mail is sent twice."""


class MailState(StrEnum):
    """Computed from what was stored; never stored itself."""

    SENT = "sent"
    WAITING = "waiting"
    FAILING = "failing"
    GIVEN_UP = "given_up"


MAIL_STATES: dict[MailState, tuple[Message, str]] = {
    MailState.SENT: (msgid("Sent"), "in_force"),
    MailState.WAITING: (msgid("Waiting to be sent"), "waiting"),
    MailState.FAILING: (msgid("Failed, tried again later"), "problem"),
    MailState.GIVEN_UP: (msgid("Given up"), "problem"),
}
"""Words and kind of state pill."""


def next_attempt(now: datetime, attempts: int) -> datetime:
    """When a mail that has failed so often is tried again."""
    return now + timedelta(minutes=WAITS[min(max(attempts, 1), len(WAITS)) - 1])


def last_attempt(attempts: int) -> bool:
    """Whether a mail that has failed so often is given up."""
    return attempts > len(WAITS)
