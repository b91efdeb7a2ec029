"""How the facts of a plan read on a page: words for codes, Vietnamese days and amounts."""

from collections.abc import Callable
from decimal import Decimal

from marketplace.kernel.numbers import format_money, format_number
from marketplace.kernel.quantities import unit
from marketplace.organisations.rules import KINDS, SECTORS, STATUSES, Kind, RegisterStatus, Sector
from marketplace.products.rules import CERTIFICATE_WORDS, GROUPS, CertificateState, Group
from marketplace.web.fields import format_phone
from marketplace.web.messages import say


def day(value: str) -> str:
    """2019-06-05 → 05/06/2019; 2019-06 → 06/2019; 2019 → 2019."""
    return "/".join(reversed(value.split("-")))


def certificate(value: str) -> str:
    """A state, or the number of the decision."""
    return say(CERTIFICATE_WORDS[CertificateState(value)]) if value in set(CertificateState) else value


WORDS: dict[str, Callable[[str], str]] = {
    "kind": lambda value: say(KINDS[Kind(value)]),
    "sector": lambda value: say(SECTORS[Sector(value)]),
    "status": lambda value: say(STATUSES[RegisterStatus(value)]),
    "group": lambda value: say(GROUPS[Group(value)]),
    "founded_on": day,
    "issued_on": day,
    "last_day": day,
    "charter_capital": lambda value: format_money(int(value)),
    "member_count": lambda value: format_number(int(value)),
    "score": lambda value: format_number(Decimal(value)),
    "phone": format_phone,
    "measure": lambda value: unit(value).label,
    "certificate": certificate,
}


def words(fact: str, value: str | None) -> str:
    """A fact as a person reads it."""
    if not value:
        return "—"
    return WORDS[fact](value) if fact in WORDS else value
