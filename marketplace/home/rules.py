"""PURE: how long before something ends a person is told, and what still has to be done for an organisation."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.kernel.dates import add_months, format_date
from marketplace.kernel.messages import Message, msgid
from marketplace.offers.rules import OfferState, state_on
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


@dataclass(frozen=True)
class OfferSeen:
    """An offer as a person meets it: as the buyer, as the seller who is asked, or with an answer begun."""

    id: int
    what: str
    state: OfferState
    closes_on: date
    changed_at: datetime
    buyer: str
    bought: bool
    asked: bool
    received: int  # quotes that wait for the buyer
    drafted: bool  # one's own answer, begun
    answered: int


@dataclass(frozen=True)
class OfferTask:
    """What an offer asks of a person: the sentence, the page, and whether it only says that something ends."""

    sentence: Message
    endpoint: str
    ends: bool = False


def task_of_offer(offer: OfferSeen, today: date) -> OfferTask | None:
    """The one thing to do next with an offer; None where others are awaited."""
    return of_buyer(offer, today) if offer.bought else of_seller(offer)


def of_buyer(offer: OfferSeen, today: date) -> OfferTask | None:
    """Publish the draft; choose among answers; give a closed one its outcome; know that it closes soon."""
    what = offer.what
    if offer.state == OfferState.DRAFT:
        return OfferTask(msgid("The offer “%(what)s” is a draft: publish it.", what=what), "offers.show")
    if offer.received:
        sentence = msgid(
            "“%(what)s”: %(count)s quotes wait for you to compare and choose.", what=what, count=offer.received
        )
        return OfferTask(sentence, "quotes.compare")
    if state_on(today, offer.state, offer.closes_on) == OfferState.CLOSED:
        sentence = msgid("“%(what)s” is closed: choose a quote, or say why none was chosen.", what=what)
        return OfferTask(sentence, "offers.show")
    if offer.closes_on <= today + timedelta(days=OFFER_DAYS):
        sentence = msgid("“%(what)s” takes quotes until %(day)s.", what=what, day=format_date(offer.closes_on))
        return OfferTask(sentence, "offers.show", ends=True)
    return None


def of_seller(offer: OfferSeen) -> OfferTask | None:
    """Send the answer that was begun; answer who asks exactly this seller."""
    if offer.drafted:
        return OfferTask(msgid("Your quote for “%(what)s” is a draft: send it.", what=offer.what), "quotes.answer")
    if offer.asked and not offer.answered:
        words = {"buyer": offer.buyer, "what": offer.what}
        return OfferTask(msgid("%(buyer)s asks you for “%(what)s”: answer with a quote.", **words), "offers.show")
    return None
