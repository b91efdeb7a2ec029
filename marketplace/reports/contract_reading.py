"""Contracts as read for the reports: by the terms of a day, with their parties, goods, shares and signatures."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, String, and_, cast, false, func, null, select, union_all

from marketplace.annexes.effective import NewTerms
from marketplace.clauses.terms import ContractKind, Goods, Portion, Side, Terms
from marketplace.columns import Quantity
from marketplace.contracts.models import Change, Contract, Document, Line, Party, Share, Signature
from marketplace.contracts.queries import end_at, value_at
from marketplace.contracts.rules import Method
from marketplace.extensions import db
from marketplace.organisations.models import Organisation
from marketplace.products.models import Product
from marketplace.promotion.models import TradeEvent

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
    Party.id.label("party_id"),
    Party.side,
    Party.lead,
    Party.abroad,
    Party.seat_id,
    Party.sector,
    Party.name.label("party_name"),
    Organisation.kind.label("party_kind"),
)


@dataclass
class Given:
    """A signature as the counting rule asks for it."""

    method: Method
    attested: bool


@dataclass(frozen=True)
class Deal:
    """A contract as read: its row, its parties, its goods and who delivers them on the day, its valid signatures."""

    row: Any
    sellers: Sequence[Any]
    buyers: Sequence[Any]
    groups: Sequence[str | None]  # of each line of goods
    terms: Terms | None  # None: one seller, one group of goods, nothing to share out
    signatures: list[Given]


def read(ids: Select[int], day: date) -> list[Deal]:
    """The contracts by the terms of a day, with their parties, and what their lines and signatures say."""
    value, estimated = value_at(day)
    that_day = (end_at(day).label("ends_on"), value.label("value"), estimated.label("value_estimated"))
    statement = (
        select(*READ, *that_day, TradeEvent.name.label("event_name"), *PARTY)
        .outerjoin(TradeEvent, TradeEvent.id == Contract.event_id)
        .join(Party, and_(Party.contract_id == Contract.id, Party.left_at.is_(None)))
        .outerjoin(Organisation, Organisation.id == Party.organisation_id)
        .where(Contract.id.in_(ids))
        .order_by(Contract.id, Party.position)
    )
    by_contract: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement):
        by_contract[row.id].append(row)
    goods: dict[int, list[Any]] = defaultdict(list)
    shares: dict[int, dict[tuple[int, int], Decimal]] = defaultdict(dict)
    signatures: dict[int, list[Given]] = defaultdict(list)
    annexes: dict[int, list[tuple[int, NewTerms]]] = defaultdict(list)
    for said in db.session.execute(what_is_said(ids, day)):
        if said.terms is not None:
            annexes[said.contract_id].append((said.position, NewTerms.read(json.loads(said.terms))))
        elif said.method is not None:
            signatures[said.contract_id].append(Given(Method(said.method), bool(said.attested)))
        elif said.party_id is not None:
            shares[said.contract_id][said.party_id, said.line_id] = said.quantity
        else:
            goods[said.contract_id].append(said)
    changes = {key: [new for _, new in sorted(found, key=lambda each: each[0])] for key, found in annexes.items()}
    product_groups = groups_of(line.product_id for each in changes.values() for new in each for line in new.added)
    found = []
    for key, parties in by_contract.items():
        sellers = [party for party in parties if party.side == Side.SELLER]
        buyers = [party for party in parties if party.side == Side.BUYER]
        lines = sorted(goods[key], key=lambda line: line.position)
        groups = [line.group for line in lines]
        groups += [product_groups.get(line.product_id) for new in changes.get(key, ()) for line in new.added]
        whole = len(sellers) == 1 and len(set(groups)) <= 1
        terms = None if whole else terms_of(sellers, lines, shares[key], changes.get(key, ()))
        found.append(Deal(parties[0], sellers, buyers, groups, terms, signatures[key]))
    return found


def groups_of(product_ids: Iterable[int | None]) -> dict[int | None, str]:
    """The groups of the goods that annexes add: the lines themselves do not say them. One query, or none."""
    ids = {key for key in product_ids if key is not None}
    if not ids:
        return {}
    rows = db.session.execute(select(Product.id, cast(Product.group, String)).where(Product.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def terms_of(
    sellers: Sequence[Any],
    lines: Sequence[Any],
    shares: Mapping[tuple[int, int], Decimal],
    changes: Sequence[NewTerms],
) -> Terms:
    """Quantities, prices and shares as they stand after these annexes: what the worth is shared out by."""
    terms = Terms(
        kind=ContractKind.LINKAGE,
        goods=tuple(Goods(name="", unit="", quantity=line.quantity, price=line.price) for line in lines),
        split=tuple(
            Portion(place, "", row, {None: shares.get((seller.party_id, line.line_id), Decimal(0))})
            for place, seller in enumerate(sellers)
            for row, line in enumerate(lines)
            if shares
        ),
    )
    for change in changes:
        terms = change.applied(terms)
    return terms


def what_is_said(ids: Select[int], day: date) -> CompoundSelect[*tuple[Any, ...]]:
    """Lines of goods, who delivers how much of them, signatures under texts that still stand, annexes in effect on a day.

    In one answer, told apart by what is filled in; the annexes' position is their order of effect.
    """
    nobody, much, nothing = cast(null(), Integer), cast(null(), Quantity), cast(null(), String)
    goods = select(
        Line.contract_id,
        Line.id.label("line_id"),
        Line.position,
        cast(Line.group, String).label("group"),
        Line.quantity,
        Line.price,
        nobody.label("party_id"),
        nothing.label("method"),
        false().label("attested"),
        nothing.label("terms"),
    ).where(Line.contract_id.in_(ids))
    share = (Line.contract_id, Line.id, Line.position)
    shares = (
        select(*share, nothing, func.sum(Share.quantity), nobody, Share.party_id, nothing, false(), nothing)
        .join(Share, Share.line_id == Line.id)
        .where(Line.contract_id.in_(ids))
        .group_by(*share, Share.party_id)
    )
    way = (cast(Signature.method, String), Signature.attested_at.is_not(None))
    signatures = (
        select(Document.contract_id, nobody, nobody, nothing, much, nobody, nobody, *way, nothing)
        .join(Signature, Signature.document_id == Document.id)
        .where(Document.contract_id.in_(ids), Document.series == 0, Document.voided_at.is_(None))
    )
    order = func.row_number().over(partition_by=Change.contract_id, order_by=(Change.effective_on, Change.id))
    terms = (nothing, false(), cast(Change.terms, String))
    annexes = select(Change.contract_id, nobody, order, nothing, much, nobody, nobody, *terms).where(
        Change.contract_id.in_(ids), Change.effective_on <= day
    )
    return union_all(goods, shares, signatures, annexes)
