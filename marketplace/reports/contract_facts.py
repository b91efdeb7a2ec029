"""Contracts as facts: what was signed in a period or is in force at a day, seen from the sellers' seats (design.md §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from marketplace.clauses.terms import ContractKind, Side
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.queries import COUNTED_KINDS, counted, end_at
from marketplace.contracts.rules import (
    CONCLUDED,
    BuyerPlace,
    ContractState,
    Counting,
    Method,
    Standing,
    counts,
    standing_on,
)
from marketplace.extensions import db
from marketplace.kernel.dates import Period, local_date
from marketplace.organisations.rules import Kind
from marketplace.places.queries import Era
from marketplace.reports.asked import Asked
from marketplace.reports.contract_reading import Deal, read
from marketplace.reports.figures import SEVERAL, Fact, Part, mark, marks
from marketplace.reports.geography import Geography
from marketplace.reports.parts import Portion, portions
from marketplace.reports.territories import Scope

LINKAGE, SALE, MEMORANDUM, FRAMEWORK, HOUSEHOLDS = "linkage", "sale", "memorandum", "framework", "households"


@dataclass(frozen=True)
class Dates:
    """What the standing on the asked day depends on; `ends_on` is that day's already, so no annex moves it."""

    state: ContractState
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    ended_on: date | None
    later_ends: tuple[Any, ...] = ()


def chosen(scope: Scope, asked: Asked, reach: Period) -> Select[int]:
    """Ids of concluded contracts that were signed in the period or may be in force at the day, of sellers in the scope."""
    signed_in, end = Contract.signed_on.between(reach.first, reach.last), end_at(asked.at)
    maybe_in_force = (
        (Contract.signed_on <= asked.at)
        & or_(end.is_(None), end >= asked.at)
        & or_(Contract.ended_on.is_(None), Contract.ended_on >= asked.at)
    )
    found = select(Contract.id).where(Contract.state.in_(CONCLUDED), or_(signed_in, maybe_in_force))
    if scope.unit_ids is not None:
        sellers = select(Party.contract_id).where(
            Party.side == Side.SELLER, Party.left_at.is_(None), Party.seat_id.in_(scope.unit_ids)
        )
        found = found.where(Contract.id.in_(sellers))
    return found


def facts(scope: Scope, asked: Asked, era: Era, reach: Period | None = None) -> list[Fact]:
    """The contracts with their marks. Two queries, whatever the number of contracts.

    `reach`: also those signed in a longer period than the one that they are marked by.
    """
    return [fact(deal, scope, asked, era) for deal in read(chosen(scope, asked, reach or asked.period), asked.at)]


def last_with_some(scope: Scope, asked: Asked) -> Period | None:
    """The last period before the asked one, and as long, in which a counted contract was signed. One query."""
    found = chosen(scope, asked, Period(date.min, asked.period.first - timedelta(days=1)))
    last = db.session.scalar(
        found.with_only_columns(func.max(Contract.signed_on)).where(
            Contract.signed_on < asked.period.first,
            Contract.kind.in_(COUNTED_KINDS),
            Contract.with_households.is_(False),
            counted(scope.geography.counting(scope.province_id)),
        )
    )
    if last is None:
        return None
    period = asked.period
    while period.first > last:
        period = period.previous()
    return period


def fact(deal: Deal, scope: Scope, asked: Asked, era: Era) -> Fact:
    """One contract with its marks; of its sellers only those in the scope."""
    row, around = deal.row, scope.geography
    sellers = [party for party in deal.sellers if inside(scope, party)]
    units = {around.commune(party.seat_id, era) for party in sellers} or {None}
    led = {around.commune(party.seat_id, era) for party in leads_of(deal) if inside(scope, party)}
    ways = {
        "method": mark({signature.method for signature in deal.signatures}),
        "buyer": mark({buyer_place(buyer, sellers, around) for buyer in deal.buyers}),
    }
    parts = [part for each in shared_out(deal) if (part := part_of(each, deal, scope, era, ways)) is not None]
    counted_by = {
        "unit": mark(units),
        "sector": mark({party.sector for party in sellers}),
        "group": frozenset(part.marks["group"] for part in parts) - {SEVERAL} or mark(set(deal.groups)),
        **ways,
    }
    several = {name for name in counted_by if any(part.marks[name] == SEVERAL for part in parts)}
    return Fact(
        id=row.id,
        marks={
            **marks(
                line=line_of(row),
                form=row.linkage_form,
                counted=counts(deal.signatures, setting_of(deal, around)),
                signed=row.signed_on in asked.period,
                seen=all(each.attested for each in deal.signatures if each.method == Method.WET_INK),
                force=standing_on(asked.at, dates_of(row)) == Standing.IN_FORCE,
                suspended=row.state == ContractState.SUSPENDED,
                late=row.concluded_at is not None and local_date(row.concluded_at) > asked.period.last,
                event=row.event_id,
                led=led or "",
                led_by_others=units if row.linkage_form and not leads_of(deal) else "",
            ),
            **{name: each | {SEVERAL} if name in several else each for name, each in counted_by.items()},
        },
        order=f"{row.signed_on.isoformat()} {row.id:012}",
        value=row.value,
        estimated=row.value_estimated,
        row=deal,
        parts=parts,
    )


def inside(scope: Scope, party: Any) -> bool:
    """Whether a party is seated in the scope."""
    return scope.unit_ids is None or party.seat_id in scope.unit_ids


def shared_out(deal: Deal) -> list[Portion]:
    """Who of the sellers gets what for which goods."""
    if deal.terms is None:
        return [Portion(0, 0 if deal.groups else None, deal.row.value)]
    return portions(deal.row.value, deal.terms, len(deal.sellers))


def part_of(portion: Portion, deal: Deal, scope: Scope, era: Era, ways: Mapping[str, frozenset[str]]) -> Part | None:
    """A portion with its marks; None: of a seller outside the scope."""
    owners = deal.sellers if portion.seller is None else [deal.sellers[portion.seller]]
    here = [party for party in owners if inside(scope, party)]
    if not here:
        return None
    found = {
        **ways,
        "unit": mark({scope.geography.commune(party.seat_id, era) for party in here}),
        "sector": mark({party.sector for party in here}),
        "group": mark(set(deal.groups) if portion.line is None else deal.groups[portion.line]),
    }
    single = {name: next(iter(each)) if len(each) == 1 else SEVERAL for name, each in found.items()}
    return Part(single, portion.value, divided=len(here) == len(owners))


def dates_of(row: Any) -> Dates:
    """A read row's dates."""
    return Dates(row.state, row.signed_on, row.starts_on, row.ends_on, row.ended_on)


def line_of(row: Any) -> str:
    """Counting rule 1: which line of the report a contract belongs to."""
    if row.kind == ContractKind.MEMORANDUM:
        return MEMORANDUM
    if row.kind == ContractKind.FRAMEWORK or not (row.fixes_quantity and row.fixes_price):
        return FRAMEWORK
    if row.with_households:
        return HOUSEHOLDS
    return LINKAGE if row.kind == ContractKind.LINKAGE else SALE


def leads_of(deal: Deal) -> list[Any]:
    """The cooperatives that lead a chain by this contract: the named lead, by default the selling HTX."""
    if deal.row.linkage_form is None or line_of(deal.row) != LINKAGE:
        return []
    named = [party for party in [*deal.sellers, *deal.buyers] if party.lead] or deal.sellers
    return [party for party in named if party.party_kind == Kind.HTX]


def setting_of(deal: Deal, around: Geography) -> frozenset[Counting]:
    """What counts in the sellers' province."""
    provinces = (around.province(seller.seat_id) for seller in deal.sellers)
    return around.counting(next((province for province in provinces if province is not None), None))


def buyer_place(buyer: Any, sellers: Sequence[Any], around: Geography) -> BuyerPlace | None:
    """Where a buyer is, seen from the sellers; None where its seat is not known."""
    if buyer.abroad:
        return BuyerPlace.ABROAD
    if buyer.seat_id is None:
        return None
    near = set().union(*(around.areas_of(seller.seat_id) for seller in sellers))
    beside = {around.commune(seller.seat_id, "new") for seller in sellers} - {None}
    if near & around.areas_of(buyer.seat_id) or around.commune(buyer.seat_id, "new") in beside:
        return BuyerPlace.AREA
    province = around.province(buyer.seat_id)
    same = province is not None and province in {around.province(seller.seat_id) for seller in sellers}
    return BuyerPlace.PROVINCE if same else BuyerPlace.COUNTRY
