"""The market at a glance for everybody: three live figures, the newest open offers, what is in season."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, and_, case, cast, func, or_, select, type_coerce
from sqlalchemy.orm import aliased, raiseload

from marketplace.clauses.terms import Side
from marketplace.contracts import queries as contracts
from marketplace.contracts.counting import SETTING as COUNTING
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.rules import Counting
from marketplace.extensions import db
from marketplace.kernel.quantities import UNITS, Dimension
from marketplace.offers import queries as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.places.queries import covered
from marketplace.products import queries as products
from marketplace.products.models import Certificate, HarvestMonth, Product
from marketplace.web.models import Setting

OFFERS = 5
PRODUCTS = 6
GRAMS = {
    code: int(unit.factor * 1000) for code, unit in UNITS.items() if unit.dimension == Dimension.MASS and unit.factor
}
THOUSANDTHS_OF_GRAMS = Decimal(10) ** 9
"""In a tonne; quantities are stored in thousandths."""


@dataclass(frozen=True)
class Figures:
    """What the home page counts on a day."""

    products: int
    offers: int
    tonnes: Decimal
    contracts: int


@dataclass(frozen=True)
class InSeason:
    """A product that is harvested this month, with the stars that count today."""

    product: Product
    stars: int


def figures(day: date) -> Figures:
    """Each figure opens the list that it counts, or the page that checks a contract. Two queries."""
    starred = select(Certificate.id).where(Certificate.product_id == Product.id, products.counts_on(day)).exists()
    of_products = select(func.count(Product.id)).where(products.public(), starred)
    wanted = and_(offers.listed(), offers.takes_quotes(day))
    # As floating numbers: a sum of whole ones may leave what the databases count with, and nobody reads the last gram.
    thousandths = cast(type_coerce(PurchaseOffer.quantity, BigInteger), Float)
    grams = func.sum(thousandths * case(GRAMS, value=PurchaseOffer.measure, else_=0))
    row = db.session.execute(
        select(
            of_products.scalar_subquery(),
            select(func.count(PurchaseOffer.id)).where(wanted).scalar_subquery(),
            select(func.coalesce(grams, 0)).where(wanted).scalar_subquery(),
            select(func.count(Contract.id)).where(in_force(day)).scalar_subquery(),
        )
    ).one()
    return Figures(row[0], row[1], Decimal(int(row[2])) / THOUSANDTHS_OF_GRAMS, row[3])


def in_force(day: date) -> ColumnElement[bool]:
    """Linkage and sale contracts in force whose signatures count where the seller is seated (counting rules 1, 2, 4)."""
    return and_(
        contracts.in_force_at(day),
        Contract.kind.in_(contracts.COUNTED_KINDS),
        Contract.with_households.is_(False),
        signatures_count(),
    )


def signatures_count() -> ColumnElement[bool]:
    """By the default, but by its own setting where the first seller that has a seat is in a province with one."""
    settings = provinces_settings()
    if not settings:
        return contracts.counted()
    other = aliased(Party)
    first = (
        select(func.min(other.position))
        .where(
            other.contract_id == Party.contract_id,
            other.side == Side.SELLER,
            other.left_at.is_(None),
            other.seat_id.is_not(None),
        )
        .correlate(Party)
        .scalar_subquery()
    )
    seated = {
        province: Contract.id.in_(
            select(Party.contract_id).where(Party.position == first, Party.seat_id.in_(covered(province)))
        )
        for province in settings
    }
    elsewhere = and_(*(~here for here in seated.values()), contracts.counted())
    return or_(elsewhere, *(and_(seated[place], contracts.counted(chosen)) for place, chosen in settings.items()))


def provinces_settings() -> dict[int, frozenset[Counting]]:
    """What counts in every province that has said so. One query."""
    rows = db.session.scalars(select(Setting).where(Setting.name.startswith(COUNTING)))
    return {int(row.name.removeprefix(COUNTING)): frozenset(Counting(code) for code in row.value) for row in rows}


def newest_offers(day: date) -> list[PurchaseOffer]:
    """Buyers are the scarce side, so their offers stand first. Two queries."""
    return offers.newest_open(day, OFFERS)


def in_season(day: date) -> Sequence[InSeason]:
    """Products harvested this month, those with stars first. Two queries."""
    # Asked product by product by the index, and sorted as pairs of numbers: only what is shown is read whole.
    counted = select(Certificate.stars).where(Certificate.product_id == Product.id, products.counts_on(day))
    newest = counted.order_by(Certificate.issued_on.desc(), Certificate.id.desc()).limit(1).correlate(Product)
    stars = func.coalesce(newest.scalar_subquery(), 0).label("stars")
    harvested = select(HarvestMonth.product_id).where(HarvestMonth.month == day.month)
    found = select(Product.id, stars).where(products.public(), Product.id.in_(harvested))
    best = found.order_by(stars.desc(), Product.id.desc()).limit(PRODUCTS).subquery()
    both: Any = select(Product, best.c.stars)
    statement = (
        products.lean(both)
        .join(best, best.c.id == Product.id)
        .options(raiseload(Product.months), raiseload(Product.certificates))
    )
    rows = db.session.execute(statement.order_by(best.c.stars.desc(), Product.id.desc())).all()
    return [InSeason(row[0], row[1]) for row in rows]
