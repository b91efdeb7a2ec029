"""Which signatures count in a province, and what to tell the parties of a contract that does not count yet."""

from marketplace.clauses.terms import Side
from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Signature
from marketplace.contracts.queries import COUNTED_KINDS
from marketplace.contracts.rules import (
    CONCLUDED,
    DEFAULT_COUNTING,
    METHODS,
    Counting,
    Method,
    counts,
    signature_counts,
)
from marketplace.kernel.messages import Message, msgid
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit
from marketplace.web import settings

SETTING = "counting:"
"""Name of the settings, followed by the province's id."""


def of_province(province_id: int) -> frozenset[Counting]:
    """What counts in a province. One query."""
    stored = settings.get(f"{SETTING}{province_id}")
    return DEFAULT_COUNTING if stored is None else frozenset(Counting(code) for code in stored)


def province_of(unit: AdminUnit | None) -> AdminUnit | None:
    """Today's province of a unit."""
    while unit is not None and unit.parent is not None:
        unit = unit.parent
    return unit if unit is None or unit.valid_to is None else places.successor(unit) or unit


def uncounted(contract: Contract) -> Message | None:
    """Why a signed contract is not in the official figures; None where it is, or is no contract to be counted."""
    if contract.state not in CONCLUDED or contract.kind not in COUNTED_KINDS:
        return None
    signatures = policy.standing_signatures(contract)
    setting = setting_of(contract)
    if not signatures or counts(signatures, setting):
        return None
    odd = next(signature for signature in signatures if not signature_counts(signature, setting))
    return reason(odd, setting)


def setting_of(contract: Contract) -> frozenset[Counting]:
    """That of the first seller whose province is known."""
    sellers = (party for party in contract.parties if party.side == Side.SELLER)
    found = next((unit for party in sellers if (unit := province_of(party.seat)) is not None), None)
    return DEFAULT_COUNTING if found is None else of_province(found.id)


def reason(signature: Signature, setting: frozenset[Counting]) -> Message:
    """What is missing, or that nothing can be done about it."""
    name = signature.party.name
    if signature.method == Method.APP and Counting.APP_ATTESTED in setting:
        return msgid(
            "Valid between you, but not counted in official statistics yet: %(name)s confirmed in the application, "
            "and no officer has attested that yet. Ask your commune's officer.",
            name=name,
        )
    return msgid(
        "Valid between you, but not counted in official statistics: the province does not count how %(name)s signed "
        "(%(method)s).",
        name=name,
        method=METHODS[signature.method],
    )
