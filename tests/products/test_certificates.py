"""Certificates: declared, matched with the register, checked, refused, withdrawn; Python and SQL count alike."""

from datetime import date, datetime, timedelta
from itertools import product as crossed

import pytest
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.ledger.queries import history
from marketplace.notices.models import Notice
from marketplace.ocop import queries as ocop
from marketplace.products import queries, service, service_certificates
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import CertificateKind, CertificateState, Group, Paper, ProductState, counted_on
from tests.factories import Factories
from tests.products.listings import listed

DAY = date(2026, 10, 15)
PAPER = Paper(CertificateKind.OCOP, "101/QĐ-UBND", "UBND tỉnh", date(2025, 3, 1), stars=4)


def register_line(make: Factories, seller: object, name: str, number: str = PAPER.number) -> Product:
    return service.record_ocop(
        seller,  # type: ignore[arg-type]
        name=name,
        group=Group.TP,
        measure="kg",
        unit=make.unit(),
        stars=4,
        number=number,
        issued_on=date(2025, 3, 1),
        actor=None,
        now=make.now,
    )[0]


def test_declared_is_not_counted_until_an_officer_has_checked_it(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner, officer = make.member(seller), make.officer(make.unit())
    product = listed(make, seller, owner)
    declared = service_certificates.declare(product, PAPER, actor=owner, now=now)
    assert declared.last_day == date(2028, 3, 1)
    assert (product.stars_on(DAY), ocop.counted(DAY)) == (0, [])
    assert [row.user_id for row in db.session.scalars(select(Notice))] == [officer.id]
    service_certificates.check(declared, product, actor=officer, now=now)
    assert (product.stars_on(DAY), len(ocop.counted(DAY))) == (4, 1)
    with pytest.raises(NotVisible):
        service_certificates.correct(declared, product, PAPER, actor=owner, now=now)
    with pytest.raises(NotVisible):
        service_certificates.remove(declared, product, actor=owner, now=now)


def test_refused_is_corrected_and_declared_anew(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner, officer = make.member(seller), make.officer(make.unit())
    product = listed(make, seller, owner)
    declared = service_certificates.declare(product, PAPER, actor=owner, now=now)
    with pytest.raises(Refusal):
        service_certificates.refuse(declared, product, "  ", actor=officer, now=now)
    service_certificates.refuse(declared, product, "Sai số sao", actor=officer, now=now)
    assert (declared.state, declared.reason) == (CertificateState.REFUSED, "Sai số sao")
    three = Paper(CertificateKind.OCOP, "101/QĐ-UBND", "UBND tỉnh", date(2025, 3, 1), stars=3)
    service_certificates.correct(declared, product, three, actor=owner, now=now)
    assert (declared.state, declared.reason, declared.stars) == (CertificateState.DECLARED, None, 3)
    done = ["declared", "refused", "declared"]
    assert [entry.event for entry in reversed(history(declared))] == [f"certificate:{name}" for name in done]


def test_withdrawn_from_a_day_on(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    officer = make.officer(make.unit())
    product = register_line(make, seller, "Gạo")
    paper = product.certificates[0]
    for wrong in (date(2026, 12, 1), date(2025, 2, 28)):
        with pytest.raises(Refusal) as refusal:
            service_certificates.withdraw(paper, product, "Không đạt", actor=officer, now=now, ended_on=wrong)
        assert refusal.value.field == "ended_on"
    service_certificates.withdraw(paper, product, "Không đạt", actor=officer, now=now, ended_on=date(2026, 9, 1))
    assert [product.stars_on(day) for day in (date(2026, 8, 31), date(2026, 9, 1))] == [4, 0]
    assert [len(ocop.counted(day)) for day in (date(2026, 8, 31), date(2026, 9, 1))] == [1, 0]


def test_a_declared_one_is_confirmed_by_a_later_import(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner, "Gạo Séng Cù")
    service_certificates.declare(product, PAPER, actor=owner, now=now)
    assert register_line(make, seller, "gạo séng cù", "Số 101/QĐ-UBND") is product
    assert (len(product.certificates), product.stars_on(DAY)) == (1, 4)


def test_a_declaration_meets_the_registers_draft(make: Factories, now: datetime) -> None:
    """The product was listed under another name, the register entered, then the name was corrected."""
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner, "Gạo thơm")
    draft = register_line(make, seller, "Gạo Séng Cù")
    product.name, product.folded = "Gạo Séng Cù", "gao seng cu"
    declared = service_certificates.declare(product, PAPER, actor=owner, now=now)
    assert (declared.from_register, product.stars_on(DAY)) == (True, 4)
    assert draft.state == ProductState.ARCHIVED
    assert len(ocop.counted(DAY)) == 1
    assert register_line(make, seller, "Gạo Séng Cù") is product


def test_an_officer_says_that_two_are_one(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner, officer = make.member(seller), make.officer(make.unit())
    draft = register_line(make, seller, "Gạo Séng Cù")
    product = listed(make, seller, owner, "Gạo Séng Cù Than Uyên")
    declared = service_certificates.declare(product, PAPER, actor=owner, now=now)
    twins = ocop.twins(ocop.certificate(declared.id, officer))
    assert [each.product_id for each in twins] == [draft.id]
    service_certificates.check(declared, product, actor=officer, now=now, twin=twins[0])
    assert (product.stars_on(DAY), len(product.certificates), draft.state) == (4, 1, ProductState.ARCHIVED)
    assert [row.product_id for row in ocop.counted(DAY)] == [product.id]


def test_the_same_number_is_not_listed_twice(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner)
    service_certificates.declare(product, PAPER, actor=owner, now=now)
    with pytest.raises(Refusal) as refusal:
        service_certificates.declare(product, PAPER, actor=owner, now=now)
    assert refusal.value.field == "number"


def test_python_and_sql_count_alike(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    states = list(crossed(CertificateState, (None, DAY - timedelta(days=30), DAY, DAY + timedelta(days=1))))
    spans = [
        (None, None),
        (DAY, DAY),
        (DAY - timedelta(days=99), DAY - timedelta(days=1)),
        (DAY, DAY + timedelta(days=9)),
    ]
    kinds = (
        (CertificateKind.OCOP, 3),
        (CertificateKind.OCOP, 2),
        (CertificateKind.OCOP, None),
        (CertificateKind.ATTP, 4),
    )
    products = []
    for (state, ended_on), (issued_on, last_day), (kind, stars) in crossed(states, spans, kinds):
        product = make.product(seller)
        product.certificates.append(
            Certificate(
                kind=kind,
                stars=stars,
                state=state,
                ended_on=ended_on,
                issued_on=issued_on,
                last_day=last_day,
                created_at=now,
            )
        )
        products.append(product)
    db.session.flush()
    for day in (DAY - timedelta(days=31), DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)):
        by_python = {each.id for each in products if counted_on(each.certificates, day)}
        by_sql = {row.product_id for row in db.session.execute(queries.counted_certificates(day))}
        assert by_sql == by_python == {row.product_id for row in ocop.counted(day)}
        assert day != DAY or by_python


def test_one_product_counts_once(make: Factories, now: datetime) -> None:
    product = make.product(make.cooperative())
    for stars, issued in ((3, date(2025, 1, 1)), (5, date(2026, 1, 1)), (4, date(2026, 1, 1))):
        paper = Paper(CertificateKind.OCOP, str(stars), issued_on=issued, stars=stars)
        fresh = Certificate(state=CertificateState.CHECKED, created_at=now)
        service_certificates.put(fresh, paper)
        product.certificates.append(fresh)
        db.session.flush()
    assert [row.stars for row in ocop.counted(DAY)] == [product.stars_on(DAY)] == [4]
    assert ocop.counted(DAY, unit_ids={product.unit_id or 0})
    assert ocop.counted(DAY, unit_ids=set()) == []
