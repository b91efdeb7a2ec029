"""Reads of rounds, evaluations and certified products; what waits for an officer's check."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.vietnamese import fold
from marketplace.ocop.models import Evaluation, Round
from marketplace.organisations.models import Organisation
from marketplace.organisations.queries import overseen_by
from marketplace.organisations.rules import Kind
from marketplace.places.models import AdminUnit
from marketplace.products.models import Certificate, Product
from marketplace.products.queries import counted_certificates, register_certificates
from marketplace.products.rules import CertificateKind, CertificateState, Group


def round_of(year: int, number: int, area_id: int | None) -> Round | None:
    """The round of an area, by its year and number."""
    return db.session.scalar(select(Round).filter_by(year=year, number=number, area_id=area_id))


def evaluation(product_id: int, year: int, number: int, area_id: int | None) -> Evaluation | None:
    """A product's part in a round."""
    statement = select(Evaluation).join(Round).where(Evaluation.product_id == product_id)
    here = Round.area_id == area_id if area_id is not None else Round.area_id.is_(None)
    return db.session.scalar(statement.where(Round.year == year, Round.number == number, here))


def under_evaluation(day: date) -> Select[Evaluation]:
    """What rounds up to the year of a day hold and had not decided by then; newest round first."""
    undecided = or_(Evaluation.decided_on.is_(None), Evaluation.decided_on > day)
    statement = select(Evaluation).join(Round).where(Round.year <= day.year, undecided)
    return statement.order_by(Round.year.desc(), Round.number.desc(), Evaluation.id)


def rounds(user: Any, day: date) -> list[tuple[Round, int, int]]:
    """Every round with how many products of the territory it held, and how many of them it had not decided by a day."""
    undecided = or_(Evaluation.decided_on.is_(None), Evaluation.decided_on > day)
    statement = (
        select(Round, func.count(Evaluation.id), func.count(Evaluation.id).filter(undecided))
        .join(Evaluation, Evaluation.round_id == Round.id)
        .join(Product, Product.id == Evaluation.product_id)
        .where(Product.organisation_id.in_(overseen(user)))
        .group_by(Round.id)
        .order_by(Round.year.desc(), Round.number.desc(), Round.id)
    )
    return [(found, entered, waiting) for found, entered, waiting in db.session.execute(statement)]


def in_round(round_id: int, user: Any) -> tuple[Round, list[Evaluation]]:
    """A round with its products of the territory."""
    statement = (
        select(Evaluation)
        .join(Product, Product.id == Evaluation.product_id)
        .where(Evaluation.round_id == round_id, Product.organisation_id.in_(overseen(user)))
        .options(joinedload(Evaluation.product).raiseload(Product.photos))
        .order_by(Evaluation.id)
    )
    found = list(db.session.scalars(statement))
    if not found:
        raise NotVisible
    return found[0].round, found


# Certified products ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Certified:
    """A product with the certificate that counts on a day."""

    product_id: int
    name: str
    group: Group
    organisation_id: int
    owner: str
    owner_kind: Kind
    unit_id: int | None
    commune: str | None
    certificate_id: int
    stars: int
    score: Decimal | None
    number: str
    issued_on: date
    last_day: date
    round_label: str | None


def certified_at(day: date, where: ColumnElement[bool] | None = None) -> list[Certified]:
    """The products whose stars count on a day, each once. One query."""
    counted = counted_certificates(day).subquery()
    statement = (
        select(
            Product.id,
            Product.name,
            Product.group,
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            Product.unit_id,
            AdminUnit.name,
            Certificate.id,
            Certificate.stars,
            Certificate.score,
            Certificate.number,
            Certificate.issued_on,
            Certificate.last_day,
            Certificate.round_label,
        )
        .join(counted, counted.c.product_id == Product.id)
        .join(Certificate, Certificate.id == counted.c.certificate_id)
        .join(Organisation, Organisation.id == Product.organisation_id)
        .outerjoin(AdminUnit, AdminUnit.id == Product.unit_id)
        .order_by(Certificate.stars.desc(), Product.id)
    )
    rows: Any = db.session.execute(statement if where is None else statement.where(where))
    return [Certified(*row) for row in rows]


def counted(at: date, unit_ids: Collection[int] | None = None) -> list[Certified]:
    """The same for the products from some communes (None: all)."""
    return certified_at(at, None if unit_ids is None else Product.unit_id.in_(sorted(unit_ids)))


def overseen(user: Any, acting: bool = False) -> Select[int]:
    """The owners in an official's territory."""
    return select(Organisation.id).where(overseen_by(user, acting=acting))


# Checking --------------------------------------------------------------------------------------------------------


def waiting(user: Any, *, ocop: bool = True) -> Select[Certificate]:
    """Declared certificates of the owners that an officer acts for, longest waiting first."""
    kind = Certificate.kind == CertificateKind.OCOP
    return (
        select(Certificate)
        .join(Product, Product.id == Certificate.product_id)
        .where(
            Certificate.state == CertificateState.DECLARED,
            kind if ocop else ~kind,
            Product.organisation_id.in_(overseen(user, acting=True)),
        )
        .options(joinedload(Certificate.product))
        .order_by(Certificate.created_at, Certificate.id)
    )


def waiting_counts(user: Any) -> tuple[int, int]:
    """How many OCOP and other certificates wait. One query."""
    statement = (
        select(
            func.count().filter(Certificate.kind == CertificateKind.OCOP),
            func.count().filter(Certificate.kind != CertificateKind.OCOP),
        )
        .select_from(Certificate)
        .join(Product, Product.id == Certificate.product_id)
        .where(Certificate.state == CertificateState.DECLARED, Product.organisation_id.in_(overseen(user, acting=True)))
    )
    ocop, other = db.session.execute(statement).one()
    return ocop, other


def certificate(certificate_id: int, user: Any, *, acting: bool = True) -> Certificate:
    """A certificate of an owner in the official's territory."""
    statement = (
        select(Certificate)
        .join(Product, Product.id == Certificate.product_id)
        .where(Certificate.id == certificate_id, Product.organisation_id.in_(overseen(user, acting=acting)))
        .options(joinedload(Certificate.product))
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotVisible
    return found


def twins(declared: Certificate) -> list[Certificate]:
    """What the register holds under the same number for drafts of the same owner: perhaps the same product."""
    if declared.kind != CertificateKind.OCOP or declared.from_register:
        return []
    found = register_certificates(declared.product.organisation_id, declared.number)
    same = [each for each in found if each.product_id != declared.product_id and each.product.from_register]
    return sorted(same, key=lambda each: fold(each.printed_name) != fold(declared.product.name))


def ended(user: Any, day: date) -> Select[Certificate]:
    """OCOP certificates of the territory that no longer count: run out, withdrawn, replaced, refused."""
    gone = or_(
        and_(Certificate.state == CertificateState.CHECKED, Certificate.last_day < day),
        Certificate.state.in_((CertificateState.WITHDRAWN, CertificateState.SUPERSEDED, CertificateState.REFUSED)),
    )
    return (
        select(Certificate)
        .join(Product, Product.id == Certificate.product_id)
        .where(
            Certificate.kind == CertificateKind.OCOP, gone, Product.organisation_id.in_(overseen(user, acting=False))
        )
        .options(joinedload(Certificate.product))
    )
