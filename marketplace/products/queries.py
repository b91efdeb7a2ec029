"""Reads of the catalogue: who sees which products, one product, stars and free quantities at a day or month."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.vietnamese import fold
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.organisations.queries import overseen_by, territory
from marketplace.organisations.rules import Verification
from marketplace.places.models import AdminUnit
from marketplace.products.models import Certificate, Commitment, Photo, Product
from marketplace.products.policy import owns
from marketplace.products.rules import (
    CERTIFIED_STARS,
    CertificateKind,
    CertificateState,
    ProductState,
    same_number,
)

ENDED = (CertificateState.WITHDRAWN, CertificateState.SUPERSEDED)


def public() -> ColumnElement[bool]:
    """What everybody sees: published, by an organisation that is verified today (a suspended one's goods are gone)."""
    # Asked product by product, so that a list walks its own index and stops at the end of the page.
    verified = select(Organisation.id).where(
        Organisation.id == Product.organisation_id, Organisation.verification == Verification.VERIFIED
    )
    return and_(Product.state == ProductState.PUBLISHED, verified.correlate(Product).exists())


def visible(user: Any) -> ColumnElement[bool]:
    """Public ones; one's own in every state; for officials all of their territory, to check and to count."""
    who = capacities(user)
    reasons = [public()]
    if who.organisation_ids:
        reasons.append(Product.organisation_id.in_(sorted(who.organisation_ids)))
    if who.posts:
        reasons.append(Product.unit_id.in_(sorted(territory(user))))
        reasons.append(Product.organisation_id.in_(select(Organisation.id).where(overseen_by(user))))
    return or_(*reasons)


def visible_to(user: Any) -> Select[Product]:
    """Every list of products starts here."""
    return select(Product).where(visible(user))


def get(product_id: int, visible_to: Any) -> Product:
    """One product, with what its page shows; NotVisible where this person may not see it."""
    statement = select(Product).where(Product.id == product_id, visible(visible_to))
    found = db.session.scalar(statement)
    if found is None:
        raise NotVisible
    return found


def get_own(product_id: int, user: Any) -> Product:
    """One product that this person may change as its owner or the owner's helper."""
    found = db.session.get(Product, product_id)
    if found is None or not owns(capacities(user), found):
        raise NotVisible
    return found


def certificate(product: Product, certificate_id: int) -> Certificate:
    """One certificate of a product."""
    found = next((each for each in product.certificates if each.id == certificate_id), None)
    if found is None:
        raise NotVisible
    return found


def photo(product: Product, photo_id: int) -> Photo:
    """One photo of a product."""
    found = next((each for each in product.photos if each.id == photo_id), None)
    if found is None:
        raise NotVisible
    return found


def sees_prices(user: Any) -> bool:
    """Whether prices kept from the public are shown: to verified parties and officials."""
    who = capacities(user)
    return bool(who.posts) or who.verified


def shown_price(user: Any) -> ColumnElement[int | None]:
    """The comparable price as this person sees it: what is hidden neither filters nor sorts."""
    return case((or_(Product.price_public, true() if sees_prices(user) else false()), Product.comparable))


# Lists -----------------------------------------------------------------------------------------------------------


def lean(statement: Select[Any]) -> Select[Any]:
    """For lists: owner and commune in the same query, nothing that would be loaded row by row."""
    owner = joinedload(Product.organisation)
    return statement.options(
        owner.raiseload(Organisation.places), joinedload(Product.unit).joinedload(AdminUnit.parent)
    )


def mine(user: Any) -> Select[Product]:
    """The products that a person works on, archived ones too."""
    ids = sorted(capacities(user).organisation_ids)
    return lean(select(Product).where(Product.organisation_id.in_(ids)))


def mine_counts(user: Any) -> dict[ProductState, int]:
    """How many products a person works on, by state. One query."""
    ids = sorted(capacities(user).organisation_ids)
    statement = select(Product.state, func.count()).where(Product.organisation_id.in_(ids)).group_by(Product.state)
    return dict(db.session.execute(statement).tuples().all())


def published_of(organisation: Organisation, limit: int = 12) -> list[Product]:
    """An organisation's published products, newest first."""
    statement = select(Product).where(Product.organisation_id == organisation.id, public())
    return list(db.session.scalars(lean(statement).order_by(Product.id.desc()).limit(limit)))


def same_named(organisation_id: int, name: str) -> Product | None:
    """The owner's product of the same name, however it is spelled; an archived one only where there is no other."""
    statement = select(Product).where(Product.organisation_id == organisation_id, Product.folded == fold(name)[:200])
    archived = Product.state == ProductState.ARCHIVED
    return db.session.scalar(statement.order_by(archived, Product.from_register.desc(), Product.id).limit(1))


def register_certificates(organisation_id: int, number: str) -> list[Certificate]:
    """The owner's OCOP certificates of a register with this number (one decision may name several products)."""
    statement = (
        select(Certificate)
        .join(Product, Product.id == Certificate.product_id)
        .where(
            Product.organisation_id == organisation_id,
            Certificate.kind == CertificateKind.OCOP,
            Certificate.from_register.is_(True),
        )
        .options(joinedload(Certificate.product))
    )
    return [each for each in db.session.scalars(statement) if same_number(each.number, number)]


def registered(organisation_id: int, name: str, number: str) -> Product | None:
    """The product that a line of the register was entered for, also where its owner has renamed it since."""
    for each in register_certificates(organisation_id, number):
        if fold(each.printed_name) == fold(name):
            return each.product
    return None


def on_behalf(actor: User, organisation_id: int) -> int | None:
    """The organisation, where somebody acts by its mandate only."""
    return organisation_id if capacities(actor).helps(organisation_id) else None


def unit_name(unit_id: int | None) -> str | None:
    """The name of a commune."""
    found = db.session.get(AdminUnit, unit_id) if unit_id else None
    return found.name if found else None


# Stars and quantities --------------------------------------------------------------------------------------------


def valid_stars(product: Product, day: date) -> int:
    """The OCOP stars that a product may show on a day, or 0."""
    return product.stars_on(day)


def counts_on(day: date) -> ColumnElement[bool]:
    """The same in SQL for one certificate: checked, within its dates, not yet withdrawn or replaced by that day."""
    standing = or_(
        Certificate.state == CertificateState.CHECKED, and_(Certificate.state.in_(ENDED), Certificate.ended_on > day)
    )
    return and_(
        Certificate.kind == CertificateKind.OCOP,
        Certificate.stars.in_(CERTIFIED_STARS),
        standing,
        Certificate.issued_on <= day,
        Certificate.last_day >= day,
    )


def counted_certificates(day: date) -> Select[Any]:
    """(product_id, certificate_id): the one certificate that gives each product its stars on a day."""
    newest = func.row_number().over(
        partition_by=Certificate.product_id, order_by=(Certificate.issued_on.desc(), Certificate.id.desc())
    )
    ranked = select(Certificate.product_id, Certificate.id, Certificate.stars, newest.label("place")).where(
        counts_on(day)
    )
    rows = ranked.subquery()
    return select(rows.c.product_id, rows.c.id.label("certificate_id"), rows.c.stars).where(rows.c.place == 1)


def contracted_in(product_ids: Iterable[int], months: Sequence[date]) -> dict[tuple[int, date], Decimal]:
    """(product, month) → quantity promised by contracts. One query."""
    statement = (
        select(Commitment.product_id, Commitment.month, func.sum(Commitment.quantity))
        .where(
            Commitment.product_id.in_(list(product_ids)), Commitment.month.in_(months), Commitment.voided_at.is_(None)
        )
        .group_by(Commitment.product_id, Commitment.month)
    )
    return {(product_id, month): total for product_id, month, total in db.session.execute(statement)}


def free_in(product: Product, month: date) -> Decimal | None:
    """What is still free in a month (its first day), in the product's measure; None: available, amount unsaid; else ≥ 0."""
    stated = {row.month: row.quantity for row in product.months}
    if month.month not in stated:
        return Decimal(0)
    capacity = stated[month.month]
    if capacity is None:
        return None
    taken = contracted_in([product.id], [month]).get((product.id, month), Decimal(0))
    return max(capacity - taken, Decimal(0))
