"""The home page of visitors, members, helpers and officials."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from marketplace.extensions import db
from marketplace.home import market
from marketplace.kernel.dates import local_date
from marketplace.offers.rules import OfferState
from marketplace.organisations.models import Mandate
from marketplace.products.models import Certificate, HarvestMonth
from marketplace.products.rules import CertificateKind, CertificateState
from marketplace.web import clock
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What reaches the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "select pg_catalog", "show ")):
            seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def text(answer: Any) -> str:
    """The page."""
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def today() -> date:
    """The day on which the page is asked for."""
    return clock.today()


def starred(make: Factories, name: str, today: date, **values: Any) -> Any:
    """A product of this season with three stars."""
    product = make.product(make.cooperative(), name)
    make.add(HarvestMonth(product_id=product.id, month=today.month))
    make.add(
        Certificate(
            **{
                "product_id": product.id,
                "kind": CertificateKind.OCOP,
                "stars": 3,
                "number": "1/QĐ",
                "state": CertificateState.CHECKED,
                "issued_on": today - timedelta(days=30),
                "last_day": today + timedelta(days=300),
                "created_at": clock.now(),
                **values,
            }
        )
    )
    return product


def test_a_visitor_sees_figures_offers_and_what_is_in_season(make: Factories, client: FlaskClient, today: date) -> None:
    starred(make, "Gạo còn sao", today)
    starred(make, "Chè hết hạn", today, last_day=today - timedelta(days=1))
    starred(make, "Cá tự khai", today, state=CertificateState.DECLARED)
    make.offer(make.company(name="Công ty TNHH Mua Thử"), "Nếp thơm", quantity=1_500, measure="kg")
    page = text(client.get("/"))
    assert market.figures(today) == market.Figures(products=1, offers=1, tonnes=market.Decimal("1.5"), contracts=0)
    assert "cần mua 1,5 tấn" in page
    assert "Nếp thơm" in page
    assert "Gạo còn sao" in page
    assert page.index("Nếp thơm") < page.index("Gạo còn sao")
    assert page.count("<h1") == 1


def test_what_is_not_public_is_not_counted(make: Factories, client: FlaskClient, today: date) -> None:
    company = make.company()
    make.offer(company, "Đã rút", state=OfferState.WITHDRAWN)
    make.offer(company, "Đã hết hạn", closes_on=today - timedelta(days=1))
    make.offer(make.company(verified=False), "Chưa xác minh")
    page = text(client.get("/"))
    assert market.figures(today).offers == 0
    assert "Hôm nay chưa có nhu cầu mua nào đang mở" in page


def test_quantities_beyond_all_measure_do_not_close_the_home_page(client: FlaskClient, make: Factories) -> None:
    """More than the whole numbers of either database hold, each and together."""
    for _offer in range(2):
        make.offer(make.company(), quantity=10**15)
    make.commit()
    assert client.get("/").status_code == 200


def test_the_visitors_page_runs_six_queries_whatever_there_is(
    app: Flask, make: Factories, client: FlaskClient, today: date
) -> None:
    counts = []
    for _more in range(2):
        for number in range(8):
            starred(make, f"Gạo {number}", today)
            make.offer(make.company(), f"Nếp {number}")
        client.get("/")
        with statements(app) as seen:
            client.get("/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_a_member_sees_whose_turn_it_is(make: Factories, sign_in: SignIn, today: date) -> None:
    company = make.company()
    user = make.member(company)
    offer = make.offer(company, "Gạo đặc sản")
    make.quote(offer, make.cooperative())
    make.offer(company, "Chè khô", closes_on=today + timedelta(days=2))
    make.offer(company, "Măng", state=OfferState.DRAFT, published_at=None)
    page = text(sign_in(user).get("/"))
    assert f'href="/offers/{offer.id}/compare"' in page
    assert "có 1 báo giá chờ bạn" in page
    assert "“Chè khô” nhận báo giá đến hết ngày" in page
    assert "“Măng” còn là bản nháp" in page


def test_a_seller_is_asked_until_the_answer_is_sent(make: Factories, sign_in: SignIn) -> None:
    seller = make.cooperative()
    user = make.member(seller)
    offer = make.offer(make.company(name="Công ty TNHH Hỏi Mua"), "Cá sấy", addressed_to_id=seller.id)
    client = sign_in(user)
    assert "Công ty TNHH Hỏi Mua hỏi mua “Cá sấy”" in text(client.get("/"))
    make.quote(offer, seller)
    assert "hỏi mua “Cá sấy” của bạn: hãy trả lời" not in text(client.get("/"))


def test_certificates_that_run_out_are_named(make: Factories, sign_in: SignIn, today: date) -> None:
    product = starred(make, "Gạo sắp hết hạn", today, last_day=today + timedelta(days=60))
    user = make.member(product.organisation)
    assert "Giấy chứng nhận của “Gạo sắp hết hạn” hết hạn ngày" in text(sign_in(user).get("/"))


def test_who_waits_for_verification_reads_the_next_step(make: Factories, sign_in: SignIn) -> None:
    user = make.member(make.cooperative(name="HTX Chờ Xác Minh", verified=False))
    assert "HTX Chờ Xác Minh đang chờ cán bộ xác minh" in text(sign_in(user).get("/"))


def test_who_belongs_nowhere_is_shown_the_way(make: Factories, sign_in: SignIn) -> None:
    assert 'href="/register"' in text(sign_in(make.user()).get("/"))


def test_a_helper_sees_whom_he_helps(make: Factories, sign_in: SignIn, today: date) -> None:
    organisation = make.cooperative(name="HTX Được Giúp")
    owner, helper = make.member(organisation), make.user()
    make.add(
        Mandate(
            organisation_id=organisation.id,
            helper_id=helper.id,
            granted_by_id=owner.id,
            granted_at=clock.now(),
            until=today + timedelta(days=30),
        )
    )
    page = text(sign_in(helper).get("/"))
    assert "HTX Được Giúp" in page
    assert "mọi việc trừ ký" in page


def test_an_official_is_led_to_the_desk(make: Factories, sign_in: SignIn) -> None:
    unit = make.unit("Xã Than Uyên")
    make.cooperative(name="HTX Mới Đăng Ký", unit=unit, verified=False)
    page = text(sign_in(make.officer(unit)).get("/"))
    assert 'href="/desk"' in page
    assert "HTX Mới Đăng Ký" in page


def test_a_members_page_runs_as_many_queries_whatever_there_is(
    app: Flask, make: Factories, sign_in: SignIn, today: date
) -> None:
    company, seller = make.company(), make.cooperative()
    user = make.member(company)
    client = sign_in(user)
    counts = []
    for _more in range(2):
        for number in range(6):
            make.quote(make.offer(company, f"Gạo {number}"), seller)
            make.offer(company, f"Chè {number}", state=OfferState.DRAFT, published_at=None)
            starred(make, f"Cá {number}", today)
        client.get("/")
        with statements(app) as seen:
            client.get("/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_the_day_is_vietnams(today: date) -> None:
    assert today == local_date(clock.now())
