"""The officers' OCOP desk: the check of certificates inside the territory only, the figures, the rounds."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.notices.models import Notice
from marketplace.ocop import figures, queries
from marketplace.ocop.rules import Assessment
from marketplace.ocop.service import assess
from marketplace.organisations.rules import PostRole
from marketplace.products import service, service_certificates
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import CertificateKind, CertificateState, Group, Paper
from marketplace.web import clock
from tests.factories import Factories
from tests.products.listings import listed

SignIn = Callable[[Any], FlaskClient]


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def declared(make: Factories, name: str = "Gạo Séng Cù", unit: Any = None) -> tuple[Product, Certificate, Any]:
    """A product with an OCOP certificate that nobody has checked, and its owner."""
    seller = make.cooperative(unit=unit)
    owner = make.member(seller)
    product = listed(make, seller, owner, name)
    paper = Paper(CertificateKind.OCOP, "101/QĐ-UBND", "UBND tỉnh", date(2026, 1, 5), stars=4)
    return product, service_certificates.declare(product, paper, actor=owner, now=make.now), owner


def state(paper: Certificate) -> CertificateState:
    db.session.rollback()
    return db.session.get_one(Certificate, paper.id).state


def test_check_in_the_queue(make: Factories, sign_in: SignIn, client: FlaskClient) -> None:
    product, paper, owner = declared(make)
    officer = sign_in(make.officer(make.unit()))
    assert "Gạo Séng Cù" in text(officer.get("/ocop/certificates"))
    page = text(officer.get(f"/ocop/certificates/{paper.id}"))
    assert "101/QĐ-UBND" in page
    address = f"/ocop/certificates/{paper.id}/check"
    assert officer.post(address, data={"version": paper.version - 1}).status_code == 409
    assert officer.post(address, data={"version": paper.version}).status_code == 303
    assert state(paper) == CertificateState.CHECKED
    assert "Gạo Séng Cù" in text(officer.get("/ocop"))
    assert "Gạo Séng Cù" not in text(officer.get("/ocop/certificates"))
    assert 'class="stars"' in text(client.get(f"/products/{product.id}"))
    assert owner.id in set(db.session.scalars(select(Notice.user_id)))


def test_refuse_and_withdraw_need_a_reason(make: Factories, sign_in: SignIn) -> None:
    _product, paper, _owner = declared(make)
    officer = sign_in(make.officer(make.unit()))
    base, version = f"/ocop/certificates/{paper.id}", paper.version
    wrong = officer.post(f"{base}/refuse", data={"version": version, "reason": ""})
    assert wrong.status_code == 422
    assert "Hãy ghi lý do" in text(wrong)
    assert officer.post(f"{base}/withdraw", data={"version": version, "reason": "x"}).status_code == 422
    assert officer.post(f"{base}/refuse", data={"version": version, "reason": "Sai số sao"}).status_code == 303
    assert state(paper) == CertificateState.REFUSED
    version = db.session.get_one(Certificate, paper.id).version
    assert officer.post(f"{base}/check", data={"version": version}).status_code == 303
    version = db.session.get_one(Certificate, paper.id).version
    late = {"version": version, "reason": "Không đạt", "ended_on": "01/01/2099"}
    future = officer.post(f"{base}/withdraw", data=late)
    assert future.status_code == 422
    assert 'value="01/01/2099"' in text(future)
    assert "Không đạt" in text(future)
    assert officer.post(f"{base}/withdraw", data={**late, "ended_on": ""}).status_code == 303
    assert state(paper) == CertificateState.WITHDRAWN
    assert "Gạo Séng Cù" in text(officer.get("/ocop/ended"))


@pytest.mark.parametrize("act", ["", "/check", "/refuse", "/withdraw"])
def test_only_inside_the_territory(make: Factories, sign_in: SignIn, client: FlaskClient, act: str) -> None:
    _product, paper, owner = declared(make)
    elsewhere = sign_in(make.officer(make.unit("Xã Mường Kim")))
    address = f"/ocop/certificates/{paper.id}{act}"
    data = {"version": paper.version, "reason": "x"}
    for browser, expected in ((elsewhere, 404), (sign_in(owner), 404), (client, 401 if act else 303)):
        answer = browser.post(address, data=data) if act else browser.get(address)
        assert answer.status_code == expected
    viewer = sign_in(make.officer(make.unit(), role=PostRole.VIEWER))
    assert (viewer.post(address, data=data) if act else viewer.get(address)).status_code == (404 if act else 200)
    assert state(paper) == CertificateState.DECLARED
    assert "Gạo Séng Cù" not in text(elsewhere.get("/ocop/certificates"))
    assert viewer.get("/ocop/certificates").status_code == 404


def test_the_province_sees_all_of_it(make: Factories, sign_in: SignIn) -> None:
    declared(make)
    declared(make, "Mật ong", make.unit("Xã Mường Kim"))
    province = sign_in(make.officer(make.unit("Tỉnh Lai Châu")))
    page = text(province.get("/ocop/certificates"))
    assert "Gạo Séng Cù" in page
    assert "Mật ong" in page


def test_two_that_are_one(make: Factories, sign_in: SignIn, now: datetime) -> None:
    product, paper, _owner = declared(make, "Gạo Séng Cù Than Uyên")
    line = {"group": Group.TP, "measure": "kg", "unit": make.unit(), "actor": None, "now": now}
    twin, _outcome = service.record_ocop(
        product.organisation,
        name="Gạo Séng Cù",
        stars=4,
        number="101/QĐ-UBND",
        issued_on=date(2026, 1, 5),
        **line,  # type: ignore[arg-type]
    )
    certificate = twin.certificates[0].id
    officer = sign_in(make.officer(make.unit()))
    assert "chính là “Gạo Séng Cù”" in text(officer.get(f"/ocop/certificates/{paper.id}"))
    forged = officer.post(f"/ocop/certificates/{paper.id}/check", data={"version": paper.version, "twin": 999})
    assert forged.status_code == 422
    data = {"version": paper.version, "twin": certificate}
    assert officer.post(f"/ocop/certificates/{paper.id}/check", data=data).status_code == 303
    db.session.rollback()
    assert [row.product_id for row in queries.counted(date(2026, 10, 15))] == [product.id]


def test_rounds_stand_apart_from_the_certified(make: Factories, sign_in: SignIn, now: datetime) -> None:
    seller = make.cooperative()
    for name in ("Xúc xích gà", "Bột thảo quả"):
        product, _fresh = service.enlist(
            seller, name=name, group=Group.TP, measure="goi", unit=seller.unit, actor=None, now=now
        )
        assess(product, Assessment(2023, 1), area=None, actor=None, now=now)
    officer = sign_in(make.officer(make.unit()))
    page = text(officer.get("/ocop"))
    assert "Đợt 1 năm 2023" in page
    assert queries.counted(date(2023, 9, 30)) == []
    assert len(list(db.session.scalars(queries.under_evaluation(date(2023, 9, 30))))) == 2
    (found, entered, waiting) = queries.rounds(make.officer(make.unit()), date(2023, 9, 30))[0]
    assert (entered, waiting) == (2, 2)
    assert "Xúc xích gà" in text(officer.get(f"/ocop/rounds/{found.id}"))
    elsewhere = sign_in(make.officer(make.unit("Xã Mường Kim")))
    assert elsewhere.get(f"/ocop/rounds/{found.id}").status_code == 404
    assert "Đợt 1 năm 2023" not in text(elsewhere.get("/ocop"))


def test_figures_are_doors_to_their_rows(make: Factories, sign_in: SignIn, now: datetime) -> None:
    seller = make.cooperative()
    today = clock.today()
    for name, stars, group, issued in (
        ("Gạo", 4, Group.TP, today),
        ("Trà", 3, Group.DL, date(today.year - 3, 1, 28)),
        ("Miến", 3, Group.TP, today),
    ):
        service.record_ocop(
            seller,
            name=name,
            group=group,
            measure="kg",
            unit=seller.unit,
            stars=stars,
            number=f"{name}/QĐ",
            issued_on=issued,
            last_day=date(today.year + 3, 1, 1) if name != "Trà" else today,
            actor=None,
            now=now,
        )
    officer = sign_in(make.officer(make.unit()))
    whole = text(officer.get("/ocop"))
    assert all(f">{name}</a>" in whole for name in ("Gạo", "Trà", "Miến"))
    four = text(officer.get("/ocop?stars=4"))
    assert [f">{name}</a>" in four for name in ("Gạo", "Trà", "Miến")] == [True, False, False]
    soon = text(officer.get("/ocop?view=soon"))
    assert [f">{name}</a>" in soon for name in ("Gạo", "Trà", "Miến")] == [False, True, False]
    food = text(officer.get("/ocop?group=TP&stars=x"))
    assert ">Gạo</a>" not in food
    rows = queries.counted(today)
    assert figures.counted_by(rows, "stars") == {4: 1, 3: 2}
    assert figures.counted_by(rows, "group") == {Group.TP: 2, Group.DL: 1}
    assert figures.narrowed(rows, stars=None, group="DL") == [row for row in rows if row.name == "Trà"]
