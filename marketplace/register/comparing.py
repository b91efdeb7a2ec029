"""PURE: a row against what is known of its organisation: which facts it would change. Empty cells say nothing."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from marketplace.kernel.identifiers import is_personal_tax_code
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations.rules import GONE, RegisterStatus, Verification, name_keys
from marketplace.register.cells import Dated
from marketplace.register.rows import CooperativeRow
from marketplace.register.rules import Change

CONTACT = ("representative", "representative_title", "phone", "email", "address")
"""What a claimed organisation says of itself: the register only fills it where it is empty."""

HIDDEN = "············"
"""Stands for a person's number, which is stored and never shown."""

FUTURE = msgid("The date lies in the future. Correct it.")
LATER_STATUS = msgid(
    "The register already has the status “%(status)s” from an earlier day. Correct it on the organisation's page."
)


class KnownOrganisation(Protocol):
    """What a row is compared with."""

    kind: Any
    name: str
    founded_on: date | None
    founded_precision: str
    verification: Any


def facts_of(row: CooperativeRow) -> dict[str, Any]:
    """The facts that a row states."""
    stated = {
        "name": row.name,
        "kind": row.kind,
        "tax_code": row.tax_code,
        "registration_no": row.registration_no,
        "sector": row.sector,
        "founded_on": row.founded.day,
        "founded_precision": row.founded.precision,
        "representative": row.representative,
        "representative_title": row.title,
        "phone": row.phone,
        "email": row.email,
        "address": row.address,
        "member_count": row.members,
        "charter_capital": row.capital,
    }
    return {name: value for name, value in stated.items() if value is not None}


def changed_facts(known: KnownOrganisation, row: CooperativeRow) -> dict[str, Any]:
    """The facts of a row that differ from what is known."""
    stated = facts_of(row)
    if set(name_keys(row.kind, row.name)) & set(name_keys(known.kind, known.name)):
        del stated["name"]
    if vaguer(row.founded, known.founded_on, known.founded_precision):
        del stated["founded_on"], stated["founded_precision"]
    claimed = known.verification != Verification.LISTED
    return {
        name: value
        for name, value in stated.items()
        if getattr(known, name) != value and not (claimed and name in CONTACT and getattr(known, name))
    }


def vaguer(stated: Dated, known: date | None, precision: str) -> bool:
    """A year or a month says nothing new about a day that lies in it."""
    if known is None or (stated.precision, precision) not in (("year", "month"), ("year", "day"), ("month", "day")):
        return False
    return known.year == stated.day.year and (stated.precision == "year" or known.month == stated.day.month)


def status_change(
    row: CooperativeRow, status: RegisterStatus | None, since: date | None, today: date
) -> tuple[RegisterStatus, date] | Message | None:
    """The status that a row adds, and from when; a sentence where it cannot be entered so."""
    if row.status is None or (row.status == status and row.ended_on in (None, since)):
        return None
    if row.status == status and since is not None and row.ended_on and row.ended_on > since and row.status in GONE:
        return LATER_STATUS
    if row.status == status and row.status not in GONE:
        return None
    return row.status, row.ended_on or today


def too_late(row: CooperativeRow, today: date) -> str | None:
    """The cell whose day has not come; of a day known by its year only, the year."""
    founded = row.founded
    if founded.day > today and (founded.precision == "day" or founded.day.year > today.year):
        return "founded"
    return "ended" if row.ended_on and row.ended_on > today else None


def plain(value: Any) -> str:
    """A fact as the preview keeps it: codes, ISO days, digits."""
    if isinstance(value, Dated):
        return value.day.isoformat()[: {"year": 4, "month": 7}.get(value.precision, 10)]
    if isinstance(value, date):
        return value.isoformat()
    return str(value.value) if isinstance(value, StrEnum) else str(value)


def shown(known: Any, facts: Mapping[str, Any]) -> list[Change]:
    """The changes as the preview keeps them; `known` None for something new."""
    changes = []
    for name, value in facts.items():
        if name == "founded_precision":
            continue
        old, new = (getattr(known, name) if known is not None else None), value
        if name == "founded_on":
            new = Dated(value, facts.get("founded_precision", "day"))
            old = Dated(old, known.founded_precision) if old else None
        if name == "tax_code":
            old, new = (HIDDEN if code and is_personal_tax_code(code) else code for code in (old, new))
        changes.append(Change(name, None if old is None else plain(old), plain(new)))
    return changes
