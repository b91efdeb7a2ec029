"""Which signatures count in a province, and what to tell the parties of a contract that does not count yet."""

from collections.abc import Collection, Iterable, Sequence

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


def uncounted(contract: Contract) -> list[Message]:
    """All that keeps a signed contract out of the official figures, and who can mend it; nothing where it is in."""
    if contract.state not in CONCLUDED or contract.kind not in COUNTED_KINDS:
        return []
    signatures = policy.standing_signatures(contract)
    setting = setting_of(contract)
    odd = [signature for signature in signatures if not signature_counts(signature, setting)]
    return [*ways_not_counted(odd, setting), *to_be_attested(odd, contract, setting)]


def setting_of(contract: Contract) -> frozenset[Counting]:
    """That of the first seller whose province is known."""
    sellers = (party for party in contract.parties if party.side == Side.SELLER)
    found = next((unit for party in sellers if (unit := province_of(party.seat)) is not None), None)
    return DEFAULT_COUNTING if found is None else of_province(found.id)


def attestable(signature: Signature, setting: Collection[Counting]) -> bool:
    """Whether an officer's word would make it count."""
    return signature.method == Method.APP and Counting.APP_ATTESTED in setting


def ways_not_counted(odd: Sequence[Signature], setting: Collection[Counting]) -> list[Message]:
    """What only another way of signing, or the province, could mend."""
    never = [signature for signature in odd if not attestable(signature, setting)]
    return [
        msgid(
            "Valid between you, but not counted in official statistics: the province does not count how %(names)s signed "
            "(%(method)s).",
            names=names_of(signature for signature in never if signature.method == method),
            method=METHODS[method],
        )
        for method in dict.fromkeys(signature.method for signature in never)
    ]


def to_be_attested(odd: Sequence[Signature], contract: Contract, setting: Collection[Counting]) -> list[Message]:
    """What an officer of a party's commune, or of its province, can mend at once for all who confirmed."""
    waiting = [signature for signature in odd if attestable(signature, setting)]
    if not waiting:
        return []
    seats = list(dict.fromkeys(party.seat.name for party in contract.parties if party.seat is not None))
    names = names_of(waiting)
    if not seats:
        return [
            msgid(
                "Valid between you, but not counted in official statistics yet: %(names)s confirmed in the application, "
                "and no officer has attested that. Ask an officer of your province.",
                names=names,
            )
        ]
    return [
        msgid(
            "Valid between you, but not counted in official statistics yet: %(names)s confirmed in the application, "
            "and no officer has attested that. An officer of %(places)s or of the province, who helps none of the "
            "parties, can attest it once for all.",
            names=names,
            places=", ".join(seats),
        )
    ]


def names_of(signatures: Iterable[Signature]) -> str:
    """Whose signatures they are."""
    return ", ".join(signature.party.name for signature in signatures)
