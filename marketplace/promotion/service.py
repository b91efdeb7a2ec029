"""Writes of trade events: create, edit, open, close, enrol, withdraw; each recorded in the ledger."""

from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record
from marketplace.organisations.models import Organisation
from marketplace.organisations.queries import territory
from marketplace.promotion import queries
from marketplace.promotion.models import Participation, TradeEvent
from marketplace.promotion.rules import EVENT, EventAct, EventKind, EventState, Reach

PAST = {
    EventAct.OPEN: "trade_event:opened",
    EventAct.CLOSE: "trade_event:closed",
    EventAct.REOPEN: "trade_event:reopened",
}


class Details(TypedDict):
    """What the form of an event asks for."""

    name: str
    kind: EventKind
    reach: Reach
    place: str
    place_unit_id: int | None
    starts_on: date
    ends_on: date
    organiser: str
    organiser_unit_id: int
    note: str | None


def check(details: Details, actor: User, kept: int | None = None) -> None:
    """The days are in order, and the officer acts for the organising unit (or leaves it as it was)."""
    if details["ends_on"] < details["starts_on"]:
        raise Refusal(msgid("The last day comes before the first: check both days."), field="ends_on")
    unit = details["organiser_unit_id"]
    if unit != kept and unit not in territory(actor, acting=True):
        raise Refusal(msgid("Choose a body that you are an officer of."), field="organiser_unit_id")


def create(details: Details, *, actor: User, now: datetime) -> TradeEvent:
    """A new event, in preparation."""
    check(details, actor)
    event = TradeEvent(**details, state=EventState.DRAFT, created_by_id=actor.id, created_at=now)
    db.session.add(event)
    db.session.flush()
    record("trade_event:created", event, actor=actor.id, now=now, data={"name": event.name})
    return event


def edit(event: TradeEvent, details: Details, *, actor: User, now: datetime) -> None:
    """Change what the form holds; the entry names the fields that differ."""
    check(details, actor, kept=event.organiser_unit_id)
    changed = {name: plain(value) for name, value in details.items() if getattr(event, name) != value}
    if not changed:
        return
    for name, value in details.items():
        setattr(event, name, value)
    db.session.flush()
    record("trade_event:edited", event, actor=actor.id, now=now, data=changed)


def move(event: TradeEvent, act: EventAct, *, actor: User, now: datetime) -> None:
    """Open, close or reopen."""
    event.state = EVENT.after(event.state, act)
    db.session.flush()
    record(PAST[act], event, actor=actor.id, now=now)


def enrol(
    event: TradeEvent, organisation_id: int, *, booth: str = "", products: str = "", actor: User, now: datetime
) -> Participation:
    """Record that an organisation takes part."""
    organisation = db.session.scalar(queries.enrollable(actor).where(Organisation.id == organisation_id))
    if organisation is None:
        raise Refusal(msgid("Choose an organisation from the list."), field="organisation_id")
    taken = select(Participation.id).filter_by(event_id=event.id, organisation_id=organisation.id)
    if db.session.scalar(taken) is not None:
        raise Refusal(msgid("%(name)s is on the list already.", name=organisation.name), field="organisation_id")
    row = Participation(
        event_id=event.id,
        organisation_id=organisation.id,
        booth=booth,
        products=products,
        recorded_by_id=actor.id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(
        "trade_event:enrolled", event, actor=actor.id, now=now, data={"organisation": organisation.id, "booth": booth}
    )
    return row


def withdraw(event: TradeEvent, participation: Participation, *, actor: User, now: datetime) -> None:
    """Take an organisation off the list."""
    organisation = participation.organisation_id
    db.session.delete(participation)
    db.session.flush()
    record("trade_event:withdrawn", event, actor=actor.id, now=now, data={"organisation": organisation})


def plain(value: Any) -> Any:
    """A value as the ledger's JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
