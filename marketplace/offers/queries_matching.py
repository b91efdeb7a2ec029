"""Matching over the database: at most 180 candidates by name, commune and price, weighed in Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import lazyload

from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.offers import queries
from marketplace.offers.matching import Fit, Supply, Wanted, fit, telling, worth_showing
from marketplace.offers.models import WORDS, PurchaseOffer
from marketplace.offers.rules import DemandLevel
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.products import queries as products
from marketplace.products.models import WORDS as PRODUCT_WORDS
from marketplace.products.models import Product
from marketplace.products.rules import CertificateKind, CertificateState, Group, valid_on

EACH = 30
"""Candidates of one way of looking; there are at most six ways, so never more than 180."""
SHOWN = 8


@dataclass(frozen=True)
class Match:
    """An offer and a product that belong together, and why."""

    offer: PurchaseOffer
    product: Product
    fit: Fit


# What a row says, as the pure judgement takes it ------------------------------------------------------------------


def wanted(offer: PurchaseOffer) -> Wanted:
    """An offer."""
    kinds = {level: [row.certificate for row in offer.demands if row.level == level] for level in DemandLevel}
    asked = {level: frozenset(kind for kind in found if kind is not None) for level, found in kinds.items()}
    return Wanted(
        what=offer.what,
        measure=offer.measure,
        quantity=offer.quantity,
        group=offer.group,
        months={row.month: row.quantity for row in offer.months},
        price=offer.price,
        minimum_stars=offer.minimum_stars,
        musts=asked[DemandLevel.MUST],
        nices=asked[DemandLevel.NICE],
        unit_id=offer.unit_id,
        province_id=province_of(offer.unit),
    )


def supplies(found: list[Product], months: Iterable[date], day: date) -> dict[int, Supply]:
    """Products with what contracts have taken in these months. One query."""
    asked = sorted(set(months))
    taken = products.contracted_in([row.id for row in found], asked) if asked and found else {}
    return {
        row.id: Supply(
            name=row.name,
            measure=row.measure or "kg",
            group=row.group,
            net_content=row.net_content,
            net_measure=row.net_measure,
            price=row.price if row.price_public else None,
            stars=products.valid_stars(row, day),
            certificates=kinds_of(row, day),
            capacity={each.month: each.quantity for each in row.months},
            contracted={month: amount for (product_id, month), amount in taken.items() if product_id == row.id},
            unit_id=row.unit_id,
            province_id=province_of(row.unit),
        )
        for row in found
    }


def province_of(unit: AdminUnit | None) -> int | None:
    """The province that a unit is, or lies in."""
    if unit is None:
        return None
    return unit.id if unit.level == "province" else unit.parent_id


def kinds_of(product: Product, day: date) -> frozenset[CertificateKind]:
    """The certificates that a product shows as good on a day; OCOP only when its stars count."""
    good = (CertificateState.DECLARED, CertificateState.CHECKED)
    found = {
        row.kind
        for row in product.certificates
        if row.kind != CertificateKind.OCOP and row.state in good and valid_on(day, row.issued_on, row.last_day)
    }
    return frozenset(found | ({CertificateKind.OCOP} if products.valid_stars(product, day) else set()))


# Products for an offer --------------------------------------------------------------------------------------------


def products_for(offer: PurchaseOffer, day: date, shown: int = SHOWN) -> list[Match]:
    """What the catalogue holds for an offer, best first. Five queries."""
    found = candidate_products(offer)
    asked = wanted(offer)
    known = supplies(found, asked.months, day)
    fits = [fit(asked, known[row.id]) for row in found]
    return [Match(offer, found[place], fits[place]) for place in worth_showing(fits)[:shown]]


def candidate_products(offer: PurchaseOffer) -> list[Product]:
    """By the words of the goods, in the same group from the same commune, and the cheapest of the group."""
    free = [products.public(), Product.organisation_id != offer.buyer_id]
    if offer.addressed_to_id is not None:
        free.append(Product.organisation_id == offer.addressed_to_id)
    dialect = db.session.get_bind().dialect.name
    ways = [
        PRODUCT_WORDS.hits(dialect, words, Product.id, prefix=False).where(*free).limit(EACH)
        for words in beginnings(offer.what)
    ]
    if offer.group is not None:
        grouped = select(Product.id).where(*free, Product.group == offer.group)
        ways.append(grouped.where(Product.unit_id == offer.unit_id).order_by(Product.id.desc()).limit(EACH))
        ways.append(grouped.where(Product.comparable.is_not(None)).order_by(Product.comparable).limit(EACH))
    ids = ids_of(ways)
    statement = products.lean(select(Product).where(Product.id.in_(ids))).options(lazyload(Product.photos))
    return list(db.session.scalars(statement.order_by(Product.id.desc()))) if ids else []


def beginnings(text: str) -> list[list[str]]:
    """The folded words of some goods: all, the first two, the first one: the first names the goods."""
    words = telling(text, plain=True)
    return [list(found) for found in dict.fromkeys(tuple(words[:size]) for size in (6, 2, 1)) if found]


def ids_of(ways: list[Select[Any]]) -> list[int]:
    """The ids that several ways of looking find. One query."""
    if not ways:
        return []
    return list(db.session.scalars(union(*(select(way.subquery().c.id) for way in ways))))


def likely_group(what: str) -> Group | None:
    """The group of most published products of this name, for a buyer who chose none. One query."""
    words = beginnings(what)
    if not words:
        return None
    dialect = db.session.get_bind().dialect.name
    hits = PRODUCT_WORDS.hits(dialect, words[0] if len(words[0]) < 3 else words[0][:2], Product.group, prefix=False)
    found = list(db.session.scalars(hits.where(products.public()).limit(EACH)))
    best = max(set(found), key=found.count, default=None)
    return best if best is not None and found.count(best) * 2 > len(found) else None


# Offers for a seller ----------------------------------------------------------------------------------------------


def matching_for(organisation: Organisation, now: datetime, shown: int = SHOWN) -> list[Match]:
    """Open offers for goods that an organisation has published, best first, one line for each offer.

    The same group alone is no match for a seller: honey does not answer a wish for tea.
    """
    day = local_date(now)
    own = own_products(organisation)
    found = candidate_offers(organisation, own, day)
    known = supplies(own, (row.month for offer in found for row in offer.months), day)
    matches = [match for match in (best_of(offer, own, known) for offer in found) if match.fit.named]
    places = worth_showing(match.fit for match in matches)
    return [matches[place] for place in places[:shown]]


def best_of(offer: PurchaseOffer, own: list[Product], known: dict[int, Supply]) -> Match:
    """The product that fits an offer best; what is excluded comes last."""
    asked = wanted(offer)
    judged = [(fit(asked, known[row.id]), row) for row in own]
    best, product = max(judged, key=lambda pair: (pair[0].named, not pair[0].excluded, pair[0].points))
    return Match(offer, product, best)


def fit_of(
    offer: PurchaseOffer, organisation: Organisation, day: date, own: list[Product] | None = None
) -> Match | None:
    """How well an organisation answers one offer with its best product (of `own`, where known); None: it has none."""
    own = own_products(organisation) if own is None else own
    if not own:
        return None
    known = supplies(own, (row.month for row in offer.months), day)
    match = best_of(offer, own, known)
    return match if match.fit.named else None


def own_products(organisation: Organisation) -> list[Product]:
    """An organisation's published products, with what matching asks of them."""
    statement = select(Product).where(Product.organisation_id == organisation.id, products.public())
    statement = products.lean(statement).options(lazyload(Product.photos))
    return list(db.session.scalars(statement.order_by(Product.id.desc()).limit(12)))


def candidate_offers(organisation: Organisation, own: list[Product], day: date) -> list[PurchaseOffer]:
    """Open offers of the products' groups and names; only those that the organisation may answer."""
    if not own:
        return []
    free = [queries.listed(), queries.takes_quotes(day), PurchaseOffer.buyer_id != organisation.id]
    dialect = db.session.get_bind().dialect.name
    names = {tuple(telling(row.name, plain=True)[:2]): None for row in own}
    ways = [
        WORDS.hits(dialect, words, PurchaseOffer.id, prefix=False).where(*free).limit(EACH)
        for words in list(names)[:4]
        if words
    ]
    grouped = select(PurchaseOffer.id).where(*free, PurchaseOffer.group.in_({row.group for row in own}))
    ways.append(grouped.order_by(PurchaseOffer.id.desc()).limit(EACH))
    asked = select(PurchaseOffer.id).where(PurchaseOffer.addressed_to_id == organisation.id, queries.takes_quotes(day))
    ways.append(asked.order_by(PurchaseOffer.id.desc()).limit(EACH))
    ids = ids_of(ways)
    statement = queries.with_demands(select(PurchaseOffer).where(PurchaseOffer.id.in_(ids)))
    return list(db.session.scalars(statement.order_by(PurchaseOffer.id.desc()))) if ids else []
