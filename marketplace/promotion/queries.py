"""Reads of trade events: what the public sees, what an official may read or manage, who took part."""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.identifiers import compact_tax_code
from marketplace.kernel.vietnamese import expand_aliases, fold
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation, OrganisationPlace
from marketplace.organisations.queries import territory
from marketplace.organisations.rules import Verification
from marketplace.places.models import AdminUnit
from marketplace.places.queries import communes
from marketplace.promotion.models import Participation, TradeEvent
from marketplace.promotion.rules import EventState
from marketplace.web import clock

CHOICES = 60
FOUND = 10


def visible(user: Any) -> Select[TradeEvent]:
    """Open and closed events for everybody; drafts for the officials of their territory."""
    statement = select(TradeEvent)
    known = TradeEvent.state != EventState.DRAFT
    inside = territory(user)
    return statement.where(or_(known, TradeEvent.organiser_unit_id.in_(inside)) if inside else known)


def get(event_id: int, visible_to: Any) -> TradeEvent:
    """One event, or NotVisible."""
    return found(visible(visible_to).where(TradeEvent.id == event_id))


def on_desk(user: Any) -> Select[TradeEvent]:
    """The events that an official reads: those that a body of the territory organises."""
    return select(TradeEvent).where(TradeEvent.organiser_unit_id.in_(territory(user)))


def desk(event_id: int, user: Any) -> TradeEvent:
    """An event on an official's desk, or NotVisible."""
    return found(on_desk(user).where(TradeEvent.id == event_id))


def managed(event_id: int, by: Any) -> TradeEvent:
    """An event that the user manages as an officer, or NotVisible."""
    inside = territory(by, acting=True)
    return found(select(TradeEvent).where(TradeEvent.id == event_id, TradeEvent.organiser_unit_id.in_(inside)))


def found(statement: Select[TradeEvent]) -> TradeEvent:
    """The one row, or NotVisible."""
    event = db.session.scalar(statement)
    if event is None:
        raise NotVisible
    return event


def manages(user: Any, event: TradeEvent) -> bool:
    """Whether the user's officer posts cover the organising unit."""
    return event.organiser_unit_id in territory(user, acting=True)


def choices() -> list[TradeEvent]:
    """Events that a contract may name, newest first; a paper may arrive long after the event was closed."""
    statement = select(TradeEvent).where(TradeEvent.state != EventState.DRAFT)
    return list(
        db.session.scalars(statement.order_by(TradeEvent.starts_on.desc(), TradeEvent.id.desc()).limit(CHOICES))
    )


def participants(event: TradeEvent, public: bool = False) -> list[Participation]:
    """Who took part, by name; in public only verified organisations. Two queries (the organisations' seats)."""
    statement = (
        select(Participation)
        .join(Participation.organisation)
        .options(joinedload(Participation.organisation))
        .where(Participation.event_id == event.id)
    )
    if public:
        statement = statement.where(Organisation.verification == Verification.VERIFIED)
    return list(db.session.scalars(statement.order_by(Organisation.folded, Participation.id)))


def participation(event: TradeEvent, participation_id: int) -> Participation:
    """One participation of the event, or NotVisible."""
    row = db.session.get(Participation, participation_id)
    if row is None or row.event_id != event.id:
        raise NotVisible
    return row


def counts(events: list[TradeEvent]) -> dict[int, int]:
    """How many took part in each event. One query."""
    ids = [event.id for event in events]
    if not ids:
        return {}
    statement = select(Participation.event_id, func.count()).where(Participation.event_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(Participation.event_id))}


def enrollable(user: Any) -> Select[Organisation]:
    """Organisations that an officer may enter as participants: verified ones, and all of the own territory."""
    seated = select(OrganisationPlace.organisation_id).where(
        OrganisationPlace.unit_id.in_(territory(user, acting=True))
    )
    return select(Organisation).where(
        or_(Organisation.verification == Verification.VERIFIED, Organisation.id.in_(seated))
    )


def search_organisations(text: str, user: Any) -> list[Organisation]:
    """Those whose name or tax code holds what was typed, by name. Two queries."""
    wanted = expand_aliases(fold(text))
    if not wanted:
        return []
    code = compact_tax_code(text)
    # A person's number has 12 digits: nobody may find it out digit by digit.
    begins = and_(Organisation.tax_code.startswith(code, autoescape=True), func.length(Organisation.tax_code) != 12)
    by_code = begins if code.isdigit() and len(code) >= 4 else None
    by_name = Organisation.folded.contains(wanted, autoescape=True)
    matches = by_name if by_code is None else or_(by_name, by_code)
    statement = enrollable(user).where(matches).order_by(Organisation.folded, Organisation.id).limit(FOUND)
    return list(db.session.scalars(statement))


def organisers(user: Any) -> list[AdminUnit]:
    """The units in whose name the user may organise."""
    own = {post.unit.id: post.unit for post in capacities(user).acting_posts if post.unit is not None}
    return list(own.values())


def places(user: Any) -> list[AdminUnit]:
    """The communes that an event of these officers may take place in: today's communes of their provinces."""
    above = {unit.id if unit.level == "province" else unit.parent_id for unit in organisers(user)}
    today = clock.today()
    return [row for place in sorted(key for key in above if key) for row in communes(place, today)]
