"""Pages of the catalogue as people use them: publish with five fields, edit, hide, take down; and what is refused."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.ledger.queries import history
from marketplace.notices.models import Notice
from marketplace.organisations.models import Mandate, Organisation
from marketplace.products.calendar import next_months
from marketplace.products.models import Commitment, Product
from marketplace.products.rules import ProductState
from marketplace.web import clock
from tests.factories import Factories
from tests.products.listings import listed

SignIn = Callable[[Any], FlaskClient]


def five(seller: Organisation, **values: object) -> dict[str, object]:
    """What somebody types."""
    unit = seller.unit.id if seller.unit else ""
    typed = {
        "organisation": seller.id,
        "name": "Gạo Séng Cù",
        "group": "TP",
        "measure": "kg",
        "price": "32k",
        "unit": unit,
    }
    return {**typed, "act": "publish", **values}


def only() -> Product:
    db.session.rollback()
    return db.session.scalars(select(Product)).one()


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_five_fields_publish_a_product(make: Factories, sign_in: SignIn, client: FlaskClient) -> None:
    seller = make.cooperative()
    browser = sign_in(make.member(seller))
    page = text(browser.get("/products/new"))
    assert re.search(rf'<option selected value="{seller.unit.id}">', page), "the commune of the seat is prefilled"
    answer = browser.post("/products/new", data=five(seller))
    assert answer.status_code == 303
    product = only()
    assert (product.state, product.price, product.unit_id) == (ProductState.PUBLISHED, 32_000, seller.unit.id)
    assert [entry.event for entry in history(product)] == ["product:published", "product:created"]
    shown = text(client.get(answer.location))
    assert "Gạo Séng Cù" in shown
    assert "32.000 đ" in shown
    assert "Gạo Séng Cù" in text(client.get("/products?q=gao+seng"))


@pytest.mark.parametrize("price", ["", "Liên hệ", "lien he"])
def test_no_price_reads_contact(make: Factories, sign_in: SignIn, client: FlaskClient, price: str) -> None:
    seller = make.cooperative()
    assert sign_in(make.member(seller)).post("/products/new", data=five(seller, price=price)).status_code == 303
    product = only()
    assert product.price is None
    assert "Liên hệ" in text(client.get(f"/products/{product.id}"))


def test_everything_optional_is_kept(make: Factories, sign_in: SignIn) -> None:
    seller = make.cooperative()
    more = {
        "description": "Dẻo, thơm",
        "price": "30.000",
        "price_high": "35.000",
        "price_hidden": "y",
        "minimum_order": "1,5",
        "packaging": "túi",
        "net_content": "5",
        "net_measure": "kg",
        "month_3": "1.200",
        "month_4": "có",
        "month_5": "0",
    }
    assert (
        sign_in(make.member(seller)).post("/products/new", data=five(seller, measure="tui", **more)).status_code == 303
    )
    product = only()
    assert (product.price, product.price_high, product.price_public, product.comparable) == (
        30_000,
        35_000,
        False,
        6_000,
    )
    assert product.harvest == {3: Decimal(1200), 4: None}
    assert (product.minimum_order, product.net_content, product.net_measure) == (Decimal("1.5"), Decimal(5), "kg")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 161),
        ("group", "XX"),
        ("measure", ""),
        ("measure", "stone"),
        ("price", "rẻ"),
        ("price", "-5"),
        ("price", "0"),
        ("unit", ""),
        ("unit", "999999"),
        ("price_high", "20.000"),
        ("minimum_order", "nhiều"),
        ("net_content", "5"),
        ("month_1", "khoảng 5 tạ"),
        ("month_12", "-3"),
        ("description", "x" * 4001),
    ],
)
def test_a_wrong_field_gets_its_sentence_and_nothing_typed_is_lost(
    make: Factories, sign_in: SignIn, field: str, typed: str
) -> None:
    seller = make.cooperative()
    browser = sign_in(make.member(seller))
    answer = browser.post("/products/new", data=five(seller, packaging="bao tải 50 kg", **{field: typed}))
    page = text(answer)
    assert answer.status_code == 422
    where = "net_measure" if field == "net_content" else field
    assert f'id="{where}-error"' in page
    assert "bao tải 50 kg" in page
    assert not typed or typed in page or field in ("group", "measure", "unit")
    assert db.session.scalar(select(func.count(Product.id))) == 0


def test_a_double_submit_makes_one_product(make: Factories, sign_in: SignIn) -> None:
    seller = make.cooperative()
    browser = sign_in(make.member(seller))
    answers = [browser.post("/products/new", data=five(seller, key="the same click")) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location == f"/products/{only().id}"


def test_unverified_keeps_a_draft_and_says_what_is_missing(
    make: Factories, sign_in: SignIn, client: FlaskClient
) -> None:
    seller = make.cooperative("HTX Chờ", verified=False)
    browser = sign_in(make.member(seller))
    page = text(browser.get("/products/new"))
    assert "chưa được xác minh" in page
    assert 'value="publish"' not in page
    assert browser.post("/products/new", data=five(seller)).status_code == 422  # a forged button publishes nothing
    assert db.session.scalar(select(func.count(Product.id))) == 0
    answer = browser.post("/products/new", data=five(seller, act="draft"))
    assert answer.status_code == 303
    assert only().state == ProductState.DRAFT
    assert f"/organisations/{seller.id}" in text(browser.get(answer.location))
    assert client.get(answer.location).status_code == 404


def test_one_may_choose_among_ones_organisations_only(make: Factories, sign_in: SignIn) -> None:
    first, second, foreign = make.cooperative("HTX Một"), make.cooperative("HTX Hai"), make.cooperative("HTX Ba")
    helper = make.member(first)
    boss = make.member(second)
    db.session.add(
        Mandate(
            organisation_id=second.id,
            helper_id=helper.id,
            granted_by_id=boss.id,
            granted_at=make.now,
            until=date(2099, 1, 1),
        )
    )
    browser = sign_in(helper)
    page = text(browser.get("/products/new"))
    assert "HTX Hai" in page
    assert "HTX Ba" not in page
    assert browser.post("/products/new", data=five(first, organisation=foreign.id)).status_code == 422
    assert browser.post("/products/new", data=five(second)).status_code == 303
    product = only()
    assert product.organisation_id == second.id
    assert history(product)[0].on_behalf_of == second.id


def test_communes_of_another_province(make: Factories, sign_in: SignIn) -> None:
    seller = make.cooperative()
    elsewhere = make.unit("Xã Mộc Châu", parent=make.unit("Tỉnh Sơn La"))
    browser = sign_in(make.member(seller))
    page = text(browser.post("/products/new", data=five(seller, act="places", province=elsewhere.parent_id)))
    assert "Xã Mộc Châu" in page
    assert "Gạo Séng Cù" in page
    assert (
        browser.post("/products/new", data=five(seller, province=elsewhere.parent_id, unit=elsewhere.id)).status_code
        == 303
    )
    product = only()
    assert product.unit_id == elsewhere.id
    assert f'<option selected value="{elsewhere.id}">' in text(browser.get(f"/products/{product.id}/edit"))


def test_a_stale_page_is_told_and_keeps_what_was_typed(make: Factories, sign_in: SignIn) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner)
    first, second = sign_in(owner), sign_in(owner)
    version = product.version
    assert (
        first.post(f"/products/{product.id}/edit", data=five(seller, price="40k", version=version)).status_code == 303
    )
    late = second.post(f"/products/{product.id}/edit", data=five(seller, price="41k", version=version))
    assert late.status_code == 409
    assert "41k" in text(late)
    assert only().price == 40_000
    assert second.post(f"/products/{product.id}/hide", data={"version": version}).status_code == 409
    assert only().state == ProductState.PUBLISHED


PRIVATE = ("edit", "photos", "certificates/new")
ACTS = ("publish", "hide", "show-again", "archive", "take-down", "release", "photos/1/remove", "certificates/1/remove")


def test_what_is_not_ones_own_is_not_there(make: Factories, sign_in: SignIn, client: FlaskClient) -> None:
    seller = make.cooperative()
    product = listed(make, seller, make.member(seller))
    stranger = sign_in(make.member(make.cooperative()))
    for page in PRIVATE:
        assert stranger.get(f"/products/{product.id}/{page}").status_code == 404
        assert client.get(f"/products/{product.id}/{page}").status_code == 303
    for act in ACTS:
        assert stranger.post(f"/products/{product.id}/{act}", data={"version": product.version}).status_code == 404
    for forged in (0, 999_999, 2**63 - 1):
        assert client.get(f"/products/{forged}").status_code == 404
        assert stranger.post(f"/products/{forged}/hide").status_code == 404
    assert only().state == ProductState.PUBLISHED


def test_hide_show_archive(make: Factories, sign_in: SignIn, client: FlaskClient) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner)
    browser, address = sign_in(owner), f"/products/{product.id}"

    def act(name: str) -> int:
        return browser.post(f"{address}/{name}", data={"version": only().version}).status_code

    assert act("hide") == 303
    assert (client.get(address).status_code, browser.get(address).status_code) == (404, 200)
    assert act("hide") == 303  # refused: said on the page, nothing changed
    assert "Đang ẩn" in text(browser.get(address))
    assert act("show-again") == 303
    assert client.get(address).status_code == 200
    assert act("archive") == 303
    assert client.get(address).status_code == 404
    assert browser.get(f"{address}/edit").status_code == 404


def test_officers_take_down_with_a_reason_and_release(make: Factories, sign_in: SignIn, client: FlaskClient) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner)
    officer, elsewhere = sign_in(make.officer(make.unit())), sign_in(make.officer(make.unit("Xã Mường Kim")))
    address, version = f"/products/{product.id}", product.version
    wrong = officer.post(f"{address}/take-down", data={"version": version})
    assert wrong.status_code == 422
    assert 'id="reason-error"' in text(wrong)
    assert elsewhere.post(f"{address}/take-down", data={"version": version, "reason": "x"}).status_code == 404
    assert officer.post(f"{address}/take-down", data={"version": version, "reason": "Ảnh sai"}).status_code == 303
    assert client.get(address).status_code == 404
    assert only().taken_down_reason == "Ảnh sai"
    assert db.session.scalars(select(Notice.user_id)).all() == [owner.id]
    browser = sign_in(owner)
    assert "Ảnh sai" in text(browser.get(address))
    assert browser.post(f"{address}/show-again", data={"version": only().version}).status_code == 303
    assert client.get(address).status_code == 404
    assert officer.post(f"{address}/release", data={"version": only().version}).status_code == 303
    assert client.get(address).status_code == 200
    assert "Ảnh sai" not in text(browser.get(address))


def test_an_officer_who_helps_the_owner_does_not_act_on_it(make: Factories, sign_in: SignIn) -> None:
    seller = make.cooperative()
    owner, officer = make.member(seller), make.officer(make.unit())
    product = listed(make, seller, owner)
    db.session.add(
        Mandate(
            organisation_id=seller.id,
            helper_id=officer.id,
            granted_by_id=owner.id,
            granted_at=make.now,
            until=date(2099, 1, 1),
        )
    )
    answer = sign_in(officer).post(
        f"/products/{product.id}/take-down", data={"version": product.version, "reason": "x"}
    )
    assert answer.status_code == 404


def test_a_hidden_price_is_nowhere_in_the_page(make: Factories, sign_in: SignIn, client: FlaskClient) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner, price=123_456, price_high=234_567, price_public=False)
    make.commit()
    unverified = sign_in(make.member(make.company(verified=False)))
    addresses = (f"/products/{product.id}", "/products", "/products?sort=dearest", f"/organisations/{seller.id}")
    for address in addresses:
        for browser in (client, unverified):
            page = text(browser.get(address))
            assert "Giá cho bên đã xác minh" in page
            assert not re.search(r"123.?456|234.?567", page), address
        for person in (owner, make.member(make.company())):
            assert "123.456" in text(sign_in(person).get(address))


def test_the_page_tells_free_and_contracted_quantities(make: Factories, client: FlaskClient) -> None:
    seller = make.cooperative()
    product = listed(make, seller, make.member(seller), months={month: Decimal(100) for month in range(1, 13)})
    soon = next_months(clock.today())[0]
    make.add(Commitment(product_id=product.id, month=soon, quantity=Decimal(30), source="contract:1"))
    make.commit()
    page = re.sub(r"\s+", " ", text(client.get(f"/products/{product.id}")))
    # What can still be bought stands first: on a phone the last columns may be out of sight.
    free, capacity, taken = (f'<td class="number">{count}</td>' for count in (70, 100, 30))
    assert f"{soon.month:02}/{soon.year}</th> {free}{capacity}{taken}" in page
    assert 'class="strip-taken"' in page


def test_what_chats_and_search_engines_read(make: Factories, client: FlaskClient) -> None:
    seller = make.cooperative("HTX Đồi Gió")
    product = listed(make, seller, make.member(seller))
    make.commit()
    page = text(client.get(f"/products/{product.id}"))
    assert '<meta property="og:title" content="Gạo Séng Cù">' in page
    assert 'property="og:image" content="http' in page
    assert "<svg" in page
    assert f"/products/{product.id}</textarea>" in page


def test_my_products_by_state(make: Factories, sign_in: SignIn) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner)
    other = make.cooperative("HTX Khác")
    listed(make, other, make.member(other), "Của người khác")
    browser = sign_in(owner)
    assert "Gạo Séng Cù" in text(browser.get("/products/mine"))
    assert "Của người khác" not in text(browser.get("/products/mine"))
    assert "Gạo Séng Cù" not in text(browser.get("/products/mine?state=draft"))
    assert "Gạo Séng Cù" in text(browser.get("/products/mine?state=published"))
    assert browser.get("/products/mine?state=nonsense").status_code == 200
    assert product.state == ProductState.PUBLISHED
