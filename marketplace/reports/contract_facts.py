"""Contracts as facts: what was signed in a period or is in force at a day, seen from the sellers' seats (design.md §4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select

from marketplace.contracts.models import Contract, Document, Line, Party, Signature
from marketplace.contracts.rules import (
    CONCLUDED,
    DEFAULT_COUNTING,
    BuyerPlace,
    ContractState,
    Counting,
    Method,
    Standing,
    counts,
    standing_on,
)
from marketplace.contracts.terms import ContractKind, Side
from marketplace.extensions import db
from marketplace.kernel.dates import Period, local_date
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import Kind
from marketplace.places import queries as places
from marketplace.places.models import ReportingAreaUnit
from marketplace.places.queries import Era, Located
from marketplace.reports import counting
from marketplace.reports.asked import Asked
from marketplace.reports.figures import Fact, marks
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
    Contract.ends_on,
    Contract.signed_on,
    Contract.concluded_at,
    Contract.ended_on,
    Contract.value,
    Contract.value_estimated,
)


@dataclass
class Given:
    """A signature as the counting rule asks for it."""

    method: Method
    attested: bool


@dataclass(frozen=True)
class Around:
    """What is read once for all contracts of a question."""

    parties: Mapping[int, Sequence[Any]]
    groups: Mapping[int, set[str]]
    signatures: Mapping[int, list[Given]]
    where: Mapping[int, Located]
    areas: Mapping[int, set[int]]
    settings: Mapping[int, frozenset[Counting]]


def statement(scope: Scope, asked: Asked, reach: Period) -> Select[*tuple[Any, ...]]:
    """Concluded contracts that were signed in the period or may be in force at the day, of sellers in the scope."""
    signed_in = Contract.signed_on.between(reach.first, reach.last)
    maybe_in_force = (
        (Contract.signed_on <= asked.at)
        & or_(Contract.ends_on.is_(None), Contract.ends_on >= asked.at)
        & or_(Contract.ended_on.is_(None), Contract.ended_on >= asked.at)
    )
    found = select(*READ).where(Contract.state.in_(CONCLUDED), or_(signed_in, maybe_in_force))
    if scope.unit_ids is not None:
        sellers = select(Party.contract_id).where(Party.side == Side.SELLER, Party.seat_id.in_(scope.unit_ids))
        found = found.where(Contract.id.in_(sellers))
    return found


def facts(scope: Scope, asked: Asked, era: Era, reach: Period | None = None) -> list[Fact]:
    """The contracts with their marks. A fixed number of queries, whatever the number of contracts.

    `reach`: also those signed in a longer period than the one that they are marked by.
    """
    rows = db.session.execute(statement(scope, asked, reach or asked.period)).all()
    around = surroundings([row.id for row in rows], era)
    return [fact(row, around, asked) for row in rows]


def surroundings(ids: Sequence[int], era: Era) -> Around:
    """Parties, groups of goods, valid signatures, places, reporting areas and settings. Eight queries at most."""
    parties: dict[int, list[Any]] = defaultdict(list)
    seen = (
        select(Party.contract_id, Party.side, Party.lead, Party.abroad, Party.seat_id, Party.sector, Organisation.kind)
        .outerjoin(Organisation, Organisation.id == Party.organisation_id)
        .where(Party.contract_id.in_(ids))
    )
    for row in db.session.execute(seen):
        parties[row.contract_id].append(row)
    groups: dict[int, set[str]] = defaultdict(set)
    for contract_id, group in db.session.execute(
        select(Line.contract_id, Line.group).where(Line.contract_id.in_(ids), Line.group.is_not(None)).distinct()
    ):
        groups[contract_id].add(str(group))
    signatures: dict[int, list[Given]] = defaultdict(list)
    for signed in db.session.execute(
        select(Document.contract_id, Signature.method, Signature.attested_at)
        .join(Signature, Signature.document_id == Document.id)
        .where(Document.contract_id.in_(ids), Document.voided_at.is_(None))
    ):
        signatures[signed.contract_id].append(Given(signed.method, signed.attested_at is not None))
    seats = {row.seat_id for each in parties.values() for row in each if row.seat_id is not None}
    areas: dict[int, set[int]] = defaultdict(set)
    for member in db.session.execute(select(ReportingAreaUnit.unit_id, ReportingAreaUnit.area_id)):
        areas[member.unit_id].add(member.area_id)
    return Around(parties, groups, signatures, places.located(seats, era), areas, counting.of_all())


def fact(row: Any, around: Around, asked: Asked) -> Fact:
    """One contract with its marks."""
    parties = around.parties.get(row.id, [])
    sellers = [party for party in parties if party.side == Side.SELLER]
    buyers = [party for party in parties if party.side == Side.BUYER]
    units = {unit_of(party, around) for party in sellers} or {None}
    leads = leads_of(row, parties)
    given = around.signatures.get(row.id, [])
    return Fact(
        id=row.id,
        marks=marks(
            line=line_of(row),
            form=row.linkage_form,
            counted=counts(given, setting_of(sellers, around)),
            signed=row.signed_on in asked.period,
            force=standing_on(asked.at, row) == Standing.IN_FORCE,
            suspended=row.state == ContractState.SUSPENDED,
            late=row.concluded_at is not None and local_date(row.concluded_at) > asked.period.last,
            month=row.signed_on.strftime("%Y-%m"),
            event=row.event_id,
            unit=units,
            sector={party.sector for party in sellers},
            group=around.groups.get(row.id, set()),
            method={signature.method for signature in given},
            buyer={buyer_place(buyer, sellers, around) for buyer in buyers},
            led={unit_of(party, around) for party in leads} if leads else "",
            led_by_others=units if row.linkage_form and not leads else "",
        ),
        order=f"{row.signed_on.isoformat()} {row.id:012}",
        value=row.value,
        estimated=row.value_estimated,
    )


def line_of(row: Any) -> str:
    """Counting rule 1: which line of the report a contract belongs to."""
    if row.kind == ContractKind.MEMORANDUM:
        return MEMORANDUM
    if row.kind == ContractKind.FRAMEWORK or not (row.fixes_quantity and row.fixes_price):
        return FRAMEWORK
    if row.with_households:
        return HOUSEHOLDS
    return LINKAGE if row.kind == ContractKind.LINKAGE else SALE


def leads_of(row: Any, parties: Sequence[Any]) -> list[Any]:
    """The cooperatives that lead a chain by this contract: the named lead, by default the selling HTX."""
    if row.linkage_form is None or line_of(row) != LINKAGE:
        return []
    named = [party for party in parties if party.lead] or [party for party in parties if party.side == Side.SELLER]
    return [party for party in named if party.kind == Kind.HTX]


def unit_of(party: Any, around: Around) -> int | None:
    """The commune of a party's seat at signing, in the era asked for."""
    found = around.where.get(party.seat_id)
    return found.unit_id if found else None


def province_of(party: Any, around: Around) -> int | None:
    """Today's province of a party's seat."""
    found = around.where.get(party.seat_id)
    return found.province_id if found else None


def setting_of(sellers: Iterable[Any], around: Around) -> frozenset[Counting]:
    """What counts in the sellers' province."""
    provinces = {province_of(seller, around) for seller in sellers}
    return next((setting for province, setting in around.settings.items() if province in provinces), DEFAULT_COUNTING)


def buyer_place(buyer: Any, sellers: Sequence[Any], around: Around) -> BuyerPlace | None:
    """Where a buyer is, seen from the sellers; None where its seat is not known."""
    if buyer.abroad:
        return BuyerPlace.ABROAD
    if buyer.seat_id is None:
        return None
    near = set().union(*(around.areas.get(seller.seat_id, set()) for seller in sellers))
    beside = {unit_of(seller, around) for seller in sellers} - {None}
    if near & around.areas.get(buyer.seat_id, set()) or unit_of(buyer, around) in beside:
        return BuyerPlace.AREA
    province = province_of(buyer, around)
    same = province is not None and province in {province_of(seller, around) for seller in sellers}
    return BuyerPlace.PROVINCE if same else BuyerPlace.COUNTRY
