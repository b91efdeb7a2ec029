"""Contracts as facts: what was signed in a period or is in force at a day, seen from the sellers' seats (design.md §4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, and_, cast, false, null, or_, select, union_all

from marketplace.clauses.terms import ContractKind, Side
from marketplace.contracts.models import Contract, Document, Line, Party, Signature
from marketplace.contracts.queries import end_at, value_at
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
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import Kind
from marketplace.places.queries import Era
from marketplace.promotion.models import TradeEvent
from marketplace.reports.asked import Asked
from marketplace.reports.figures import Fact, marks
from marketplace.reports.geography import Geography
from marketplace.reports.territories import Scope

LINKAGE, SALE, MEMORANDUM, FRAMEWORK, HOUSEHOLDS = "linkage", "sale", "memorandum", "framework", "households"


READ = (
    Contract.id,
    Contract.kind,
    Contract.linkage_form,
    Contract.with_households,
    Contract.fixes_quantity,
    Contract.fixes_price,
    Contract.state,
    Contract.event_id,
    Contract.starts_on,
    Contract.signed_on,
    Contract.concluded_at,
    Contract.ended_on,
    Contract.number,
    Contract.code,
)
PARTY = (
    Party.side,
    Party.lead,
    Party.abroad,
    Party.seat_id,
    Party.sector,
    Party.name.label("party_name"),
    Organisation.kind.label("party_kind"),
)


@dataclass(frozen=True)
class Dates:
    """What the standing on the asked day depends on; `ends_on` is that day's already, so no annex moves it."""

    state: ContractState
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    ended_on: date | None
    later_ends: tuple[Any, ...] = ()


@dataclass
class Given:
    """A signature as the counting rule asks for it."""

    method: Method
    attested: bool


@dataclass(frozen=True)
class Deal:
    """A contract as read: its row, its parties, the groups of its goods, its valid signatures."""

    row: Any
    sellers: Sequence[Any]
    buyers: Sequence[Any]
    groups: set[str]
    signatures: list[Given]


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


def read(ids: Select[int], day: date) -> list[Deal]:
    """The contracts by the terms of a day, with their parties, and what their lines and signatures say."""
    value, estimated = value_at(day)
    terms = (end_at(day).label("ends_on"), value.label("value"), estimated.label("value_estimated"))
    statement = (
        select(*READ, *terms, TradeEvent.name.label("event_name"), *PARTY)
        .outerjoin(TradeEvent, TradeEvent.id == Contract.event_id)
        .join(Party, and_(Party.contract_id == Contract.id, Party.left_at.is_(None)))
        .outerjoin(Organisation, Organisation.id == Party.organisation_id)
        .where(Contract.id.in_(ids))
        .order_by(Contract.id, Party.position)
    )
    by_contract: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement):
        by_contract[row.id].append(row)
    groups: dict[int, set[str]] = defaultdict(set)
    signatures: dict[int, list[Given]] = defaultdict(list)
    for said in db.session.execute(lines_and_signatures(ids)):
        if said.method is None:
            groups[said.contract_id].add(said.group)
        else:
            signatures[said.contract_id].append(Given(Method(said.method), bool(said.attested)))
    return [
        Deal(
            row=parties[0],
            sellers=[party for party in parties if party.side == Side.SELLER],
            buyers=[party for party in parties if party.side == Side.BUYER],
            groups=groups[key],
            signatures=signatures[key],
        )
        for key, parties in by_contract.items()
    ]


def lines_and_signatures(ids: Select[int]) -> CompoundSelect[*tuple[Any, ...]]:
    """Groups of goods, and the signatures under documents that still stand, in one answer."""
    nothing = null()
    groups = select(
        Line.contract_id,
        cast(Line.group, String).label("group"),
        cast(nothing, String).label("method"),
        false().label("attested"),
    ).where(Line.contract_id.in_(ids), Line.group.is_not(None))
    signatures = (
        select(
            Document.contract_id,
            cast(nothing, String),
            cast(Signature.method, String),
            Signature.attested_at.is_not(None),
        )
        .join(Signature, Signature.document_id == Document.id)
        .where(Document.contract_id.in_(ids), Document.series == 0, Document.voided_at.is_(None))
    )
    return union_all(groups, signatures)


def fact(deal: Deal, scope: Scope, asked: Asked, era: Era) -> Fact:
    """One contract with its marks."""
    row, around = deal.row, scope.geography
    units = {around.commune(party.seat_id, era) for party in deal.sellers} or {None}
    leads = leads_of(deal)
    return Fact(
        id=row.id,
        marks=marks(
            line=line_of(row),
            form=row.linkage_form,
            counted=counts(deal.signatures, setting_of(deal, around)),
            signed=row.signed_on in asked.period,
            force=standing_on(asked.at, dates_of(row)) == Standing.IN_FORCE,
            suspended=row.state == ContractState.SUSPENDED,
            late=row.concluded_at is not None and local_date(row.concluded_at) > asked.period.last,
            event=row.event_id,
            unit=units,
            sector={party.sector for party in deal.sellers},
            group=deal.groups,
            method={signature.method for signature in deal.signatures},
            buyer={buyer_place(buyer, deal.sellers, around) for buyer in deal.buyers},
            led={around.commune(party.seat_id, era) for party in leads} if leads else "",
            led_by_others=units if row.linkage_form and not leads else "",
        ),
        order=f"{row.signed_on.isoformat()} {row.id:012}",
        value=row.value,
        estimated=row.value_estimated,
        row=deal,
    )


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
