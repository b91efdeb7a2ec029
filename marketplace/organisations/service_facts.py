"""Writes of an organisation's facts: what it states of itself, its dated seats, its register status."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal
from marketplace.kernel.identifiers import is_personal_tax_code
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record
from marketplace.organisations import queries
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation, OrganisationPlace, StatusChange
from marketplace.organisations.rules import STATUSES, RegisterStatus, folded_name
from marketplace.places.models import AdminUnit

PERSONAL = frozenset({"representative", "phone", "email", "address"})
"""Facts that the ledger keeps apart, erasable."""


def note(
    organisation: Organisation,
    event: str,
    actor: User | None,
    now: datetime,
    on_behalf_of: int | None = None,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> None:
    """Record on the organisation's chain; a helper's act carries the organisation's name beside the helper's."""
    if on_behalf_of is None and actor is not None and capacities(actor).helps(organisation.id):
        on_behalf_of = organisation.id
    record(
        event,
        organisation,
        actor=actor.id if actor else None,
        on_behalf_of=on_behalf_of,
        now=now,
        data=data,
        personal=personal,
    )


def amend(
    organisation: Organisation,
    *,
    actor: User | None,
    now: datetime,
    on_behalf_of: int | None = None,
    **facts: Any,
) -> dict[str, tuple[Any, Any]]:
    """Change facts that are not dated; returns what really changed (old, new), and records nothing when nothing did."""
    changed = {
        name: (getattr(organisation, name), value)
        for name, value in facts.items()
        if getattr(organisation, name) != value
    }
    if not changed:
        return changed
    for name, (_, value) in changed.items():
        setattr(organisation, name, value)
    if "name" in changed:
        organisation.folded = folded_name(organisation.name)
    data, personal = {}, {}
    for name, (old, new) in changed.items():
        if name in PERSONAL or (name == "tax_code" and any(map(is_personal, (old, new)))):
            personal[name] = f"{old or ''} → {new or ''}"
        else:
            data[name] = [plain(old), plain(new)]
    note(organisation, "organisation:edited", actor, now, on_behalf_of, data, personal)
    if "founded_on" in changed:
        cover(organisation, organisation.founded_on, actor, now)
    return changed


def cover(organisation: Organisation, founded: date | None, actor: User | None, now: datetime) -> None:
    """An earlier founding day is a day from which it is active, so that no figure finds it without a status."""
    if founded is not None and founded <= local_date(now) and queries.status_at(organisation, founded) is None:
        change_status(organisation, RegisterStatus.ACTIVE, on=founded, reason=None, actor=actor, now=now)


def is_personal(code: str | None) -> bool:
    """A household's 12-digit tax code."""
    return code is not None and is_personal_tax_code(code)


def plain(value: Any) -> Any:
    """As JSON can keep it."""
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def move(
    organisation: Organisation,
    unit: AdminUnit | None,
    *,
    since: date | None,
    actor: User | None,
    now: datetime,
    address: str | None,
) -> None:
    """A new seat from a day on; the seats before it stay as they were written."""
    if unit is None:
        raise Refusal(msgid("Choose the commune or ward."), "unit")
    if since is None:
        raise Refusal(msgid("Since when is it seated there?"), "since")
    if since > local_date(now):
        raise Refusal(msgid("Please give a day that has come: a move is entered once it happened."), "since")
    last = organisation.places[-1] if organisation.places else None
    if last is not None and since <= last.valid_from:
        raise Refusal(msgid("The seat before this one began later: check the day."), "since")
    if last is not None and last.unit_id == unit.id and organisation.address == address:
        raise Refusal(msgid("It is seated there already."), "unit")
    if last is None or last.unit_id != unit.id:
        if last is not None:
            last.valid_to = since - timedelta(days=1)
        db.session.add(OrganisationPlace(organisation_id=organisation.id, unit_id=unit.id, valid_from=since, unit=unit))
    organisation.address = address
    db.session.flush()
    db.session.expire(organisation, ["places"])
    note(
        organisation,
        "organisation:moved",
        actor,
        now,
        data={"from": last.unit_id if last else None, "to": unit.id, "since": since.isoformat()},
        personal={"address": address or ""},
    )


def change_status(
    organisation: Organisation,
    status: RegisterStatus,
    *,
    on: date | None,
    reason: str | None,
    actor: User | None,
    now: datetime,
) -> None:
    """A register status from a day on. What was entered before stays; the latest row effective at D holds at D."""
    if on is None:
        raise Refusal(msgid("Since when does it hold?"), "on")
    if on > local_date(now):
        raise Refusal(msgid("Please give a day that has come: a change is entered once it happened."), "on")
    if queries.status_at(organisation, on) == status:
        name = STATUSES[status]
        raise Refusal(msgid("On that day the status is “%(status)s” already.", status=name), "status")
    db.session.add(
        StatusChange(organisation_id=organisation.id, status=status, effective_on=on, recorded_at=now, reason=reason)
    )
    db.session.flush()
    note(
        organisation,
        "organisation:status_changed",
        actor,
        now,
        data={"status": str(status), "on": on.isoformat(), "reason": reason},
    )
