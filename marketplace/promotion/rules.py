"""PURE: kinds, reach and states of trade events, with their words."""

from enum import StrEnum

from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid


class EventKind(StrEnum):
    """domain.md §9.5."""

    FAIR = "fair"
    MATCHMAKING = "matchmaking"
    WEEK = "week"
    MARKET = "market"
    ONLINE = "online"
    MISSION = "mission"


EVENT_KINDS: dict[EventKind, Message] = {
    EventKind.FAIR: msgid("Trade fair"),
    EventKind.MATCHMAKING: msgid("Supply and demand meeting"),
    EventKind.WEEK: msgid("Product week"),
    EventKind.MARKET: msgid("Market day"),
    EventKind.ONLINE: msgid("Online sale"),
    EventKind.MISSION: msgid("Trade mission"),
}


class Reach(StrEnum):
    """Where it takes place, seen from the organising body."""

    AREA = "area"
    PROVINCE = "province"
    COUNTRY = "country"
    ABROAD = "abroad"


REACHES: dict[Reach, Message] = {
    Reach.AREA: msgid("In the area"),
    Reach.PROVINCE: msgid("In the province"),
    Reach.COUNTRY: msgid("In another province"),
    Reach.ABROAD: msgid("Abroad"),
}


class EventState(StrEnum):
    """A draft is seen by its officers only; open takes participants and contracts; closed is history."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class EventAct(StrEnum):
    """What an officer does to an event."""

    OPEN = "open"
    CLOSE = "close"
    REOPEN = "reopen"


EVENT_STATES: dict[EventState, tuple[Message, str]] = {
    EventState.DRAFT: (msgid("Being prepared"), "waiting"),
    EventState.OPEN: (msgid("Event is open"), "in_force"),
    EventState.CLOSED: (msgid("Event is closed"), "ended"),
}
"""Words and kind of state pill."""

EVENT_ACTS: dict[EventAct, Message] = {
    EventAct.OPEN: msgid("Open the event"),
    EventAct.CLOSE: msgid("Close the event"),
    EventAct.REOPEN: msgid("Open the event again"),
}

EVENT = Lifecycle(
    "trade event",
    {
        (EventState.DRAFT, EventAct.OPEN): EventState.OPEN,
        (EventState.OPEN, EventAct.CLOSE): EventState.CLOSED,
        (EventState.CLOSED, EventAct.REOPEN): EventState.OPEN,
    },
    labels=dict([*((state, words) for state, (words, _) in EVENT_STATES.items()), *EVENT_ACTS.items()]),
)
