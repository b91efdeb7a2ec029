"""The public list: what is found in which order, what the counts say, paging, hidden prices, queries a page."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_login import AnonymousUserMixin

from marketplace.extensions import db
from marketplace.organisations.rules import Verification
from marketplace.products import facets, service, service_certificates
from marketplace.products import search as module
from marketplace.products.models import Product
from marketplace.products.rules import CertificateKind, Group, Paper
from marketplace.products.search import Criteria, Sort, search
from tests.factories import Factories
from tests.products.listings import counted_queries, listed

DAY = date(2026, 10, 15)
NAMES = ("Chè xanh Shan", "Gạo Séng Cù", "Gạo nếp", "Mật ong", "Măng khô", "Rượu ngô")


@pytest.fixture
def visitor(app: Any) -> Any:
    return AnonymousUserMixin()


@pytest.fixture
def goods(make: Factories, now: datetime) -> dict[str, Product]:
    """Six products of two sellers in two communes."""
    sellers = [make.cooperative("HTX Đồi Gió"), make.cooperative("HTX Suối Trong", unit=make.unit("Xã Mường Kim"))]
    owners = [make.member(each) for each in sellers]
    found = {}
    for place, name in enumerate(NAMES):
        seller, owner = sellers[place % 2], owners[place % 2]
        found[name] = listed(
            make,
            seller,
            owner,
            name,
            group=Group.DU if name == "Rượu ngô" else Group.TP,
            price=None if name == "Măng khô" else (place + 1) * 10_000,
            months={place + 1: Decimal(10), 12: None},
        )
    service.record_ocop(
        sellers[1],
        name="Gạo Séng Cù",
        group=Group.TP,
        measure="kg",
        unit=None,
        stars=4,
        number="1/QĐ",
        issued_on=date(2025, 1, 1),
        actor=None,
        now=now,
    )
    paper = Paper(CertificateKind.OCOP, "2/QĐ", issued_on=date(2025, 1, 1), stars=3)
    service_certificates.declare(found["Gạo nếp"], paper, actor=owners[0], now=now)
    vietgap = Paper(CertificateKind.VIETGAP, "3", last_day=date(2027, 1, 1))
    service_certificates.declare(found["Mật ong"], vietgap, actor=owners[1], now=now)
    expired = Paper(CertificateKind.VIETGAP, "4", last_day=date(2026, 10, 14))
    service_certificates.declare(found["Măng khô"], expired, actor=owners[0], now=now)
    return found


def names(user: Any, **criteria: Any) -> list[str]:
    return [row.name for row in search(Criteria(**criteria), user=user, day=DAY).rows]


def test_newest_first(goods: dict[str, Product], visitor: Any) -> None:
    assert names(visitor) == list(reversed(NAMES))


def test_words_best_match_first(goods: dict[str, Product], visitor: Any) -> None:
    assert names(visitor, q="gạo", sort=Sort.RELEVANCE) == ["Gạo Séng Cù", "Gạo nếp"]  # stars break the tie
    assert names(visitor, q="gao nep", sort=Sort.RELEVANCE) == ["Gạo nếp"]
    assert names(visitor, q="suoi trong gao", sort=Sort.RELEVANCE) == ["Gạo Séng Cù"]
    assert set(names(visitor, q="muong kim", sort=Sort.RELEVANCE)) == {"Gạo Séng Cù", "Mật ong", "Rượu ngô"}
    assert names(visitor, q="gaoj nees", sort=Sort.RELEVANCE) == ["Gạo nếp"]
    assert names(visitor, q="gaoj nees", sort=Sort.CHEAPEST) == ["Gạo nếp"]
    assert names(visitor, q="???") == names(visitor, q="không có") == []


def test_filters(goods: dict[str, Product], visitor: Any, make: Factories) -> None:
    kim = make.unit("Xã Mường Kim").id
    assert names(visitor, groups=(Group.DU,)) == ["Rượu ngô"]
    assert names(visitor, communes=(kim,)) == ["Rượu ngô", "Mật ong", "Gạo Séng Cù"]
    assert names(visitor, stars=(3, 4)) == ["Gạo Séng Cù"]
    assert names(visitor, kinds=(CertificateKind.VIETGAP,)) == ["Mật ong"]
    assert names(visitor, kinds=(CertificateKind.OCOP, CertificateKind.VIETGAP)) == ["Mật ong", "Gạo Séng Cù"]
    assert names(visitor, months=(1, 2)) == ["Gạo Séng Cù", "Chè xanh Shan"]
    assert names(visitor, price_from=30_000) == ["Rượu ngô", "Mật ong", "Gạo nếp"]
    assert names(visitor, price_from=20_000, price_to=30_000) == ["Gạo nếp", "Gạo Séng Cù"]
    assert names(visitor, q="gạo", communes=(kim,), stars=(4,), sort=Sort.RELEVANCE) == ["Gạo Séng Cù"]


def test_a_price_band_is_found_by_both_its_ends(goods: dict[str, Product], visitor: Any) -> None:
    rice = goods["Gạo nếp"]
    rice.price_high = rice.comparable_high = 60_000
    db.session.flush()
    assert "Gạo nếp" in names(visitor, price_from=55_000)
    assert "Gạo nếp" in names(visitor, price_to=30_000)
    assert "Gạo nếp" not in names(visitor, price_from=61_000)


def test_orders_by_price_put_unknown_ones_last(goods: dict[str, Product], visitor: Any) -> None:
    cheap = ["Chè xanh Shan", "Gạo Séng Cù", "Gạo nếp", "Mật ong", "Rượu ngô", "Măng khô"]
    assert names(visitor, sort=Sort.CHEAPEST) == cheap
    assert names(visitor, sort=Sort.DEAREST) == [*reversed(cheap[:5]), "Măng khô"]


def test_a_hidden_price_neither_sorts_nor_filters(goods: dict[str, Product], visitor: Any, make: Factories) -> None:
    goods["Chè xanh Shan"].price_public = False
    db.session.flush()
    assert names(visitor, price_to=15_000) == []
    assert (
        names(visitor, sort=Sort.CHEAPEST)[-1] == "Chè xanh Shan"
        or names(visitor, sort=Sort.CHEAPEST)[-2] == "Chè xanh Shan"
    )
    assert names(visitor, sort=Sort.CHEAPEST)[0] == "Gạo Séng Cù"
    buyer = make.member(make.company())
    assert names(buyer, price_to=15_000) == ["Chè xanh Shan"]
    assert names(buyer, sort=Sort.CHEAPEST)[0] == "Chè xanh Shan"
    unverified = make.member(make.company(verified=False))
    assert names(unverified, price_to=15_000) == []


def counts(user: Any, facet: str, **criteria: Any) -> dict[str, int]:
    found = search(Criteria(**criteria), user=user, day=DAY)
    return {each.label or each.value: each.count for each in found.counts.get(facet, ())}


def test_counts_beside_the_filters(goods: dict[str, Product], visitor: Any) -> None:
    assert counts(visitor, "group") == {"TP": 5, "DU": 1}
    assert counts(visitor, "stars") == {"4": 1}
    assert counts(visitor, "commune") == {"Xã Than Uyên": 3, "Xã Mường Kim": 3}
    assert counts(visitor, "certificate") == {"OCOP": 1, "VIETGAP": 1}
    assert counts(visitor, "month") == {**{str(month): 1 for month in range(1, 7)}, "12": 6}
    assert search(Criteria(), user=visitor, day=DAY).total == 6


def test_a_facets_own_choice_does_not_narrow_it(goods: dict[str, Product], visitor: Any, make: Factories) -> None:
    assert counts(visitor, "group", groups=(Group.DU,)) == {"TP": 5, "DU": 1}
    assert counts(visitor, "commune", groups=(Group.DU,)) == {"Xã Mường Kim": 1}
    assert counts(visitor, "group", q="gạo") == {"TP": 2}
    kim = make.unit("Xã Mường Kim").id
    assert counts(visitor, "group", q="gạo", communes=(kim,)) == {"TP": 1}
    assert counts(visitor, "commune", q="gạo", communes=(kim,)) == {"Xã Than Uyên": 1, "Xã Mường Kim": 1}


def test_counts_are_capped(goods: dict[str, Product], visitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "CAP", 4)
    found = search(Criteria(), user=visitor, day=DAY)
    assert (found.total, found.capped) == (4, True)


def test_drafts_and_unverified_sellers_are_not_there(goods: dict[str, Product], visitor: Any, make: Factories) -> None:
    seller = make.cooperative("HTX Mới")
    service.create(seller, module_listing(seller), actor=make.member(seller), now=make.now)
    goods["Mật ong"].organisation.verification = Verification.SUSPENDED
    db.session.flush()
    assert names(visitor) == ["Măng khô", "Gạo nếp", "Chè xanh Shan"]
    assert search(Criteria(), user=visitor, day=DAY).total == 3


def module_listing(seller: Any) -> Any:
    return service.Listing("Bản nháp", Group.TP, "kg", seller.unit.id)


@pytest.mark.parametrize("sort", list(Sort))
def test_paging_shows_each_row_once_in_both_directions(
    make: Factories, visitor: Any, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SIZE", 4)
    seller = make.cooperative()
    owner = make.member(seller)
    for number in range(11):
        listed(
            make, seller, owner, f"Gạo {number % 3} thử", price=None if number % 4 == 0 else number % 3 * 1000 + 1000
        )
    wanted = Criteria(q="gạo thử", sort=sort)
    whole, pages, page = [], [], search(wanted, user=visitor, day=DAY)
    while True:
        pages.append([row.id for row in page.rows])
        whole += pages[-1]
        if page.older is None:
            break
        page = search(module.replace(wanted, after=page.older), user=visitor, day=DAY)
    assert [len(each) for each in pages] == [4, 4, 3]
    assert len(set(whole)) == 11
    back = search(module.replace(wanted, before=page.newer or ""), user=visitor, day=DAY)
    assert [row.id for row in back.rows] == pages[1]
    first = search(module.replace(wanted, before=back.newer or ""), user=visitor, day=DAY)
    assert [row.id for row in first.rows] == pages[0]
    assert (first.newer, bool(first.older)) == (None, True)


@pytest.mark.parametrize("key", ["x", "1.2.3.4", "-", "9" * 30, "1.", "٣"])
def test_a_forged_key_shows_the_first_page(goods: dict[str, Product], visitor: Any, key: str) -> None:
    assert len(names(visitor, after=key)) == 6
    assert len(names(visitor, after=key, q="gao", sort=Sort.RELEVANCE)) == 2


@pytest.mark.parametrize(
    "address", ["/products", "/products?q=gao&group=TP&month=3&stars=4", "/products?sort=cheapest&q=gaoj"]
)
def test_a_page_takes_six_queries_however_many_rows(make: Factories, client: FlaskClient, address: str) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    spent = []
    for rows in (5, 300):
        for number in range(rows - (0 if rows == 5 else 5)):
            listed(make, seller, owner, f"Gạo {number}", months={3: None})
        make.commit()
        client.get(address)
        with counted_queries() as sent:
            assert client.get(address).status_code == 200
        spent.append(len(sent))
    assert spent[0] == spent[1] <= 6, sent


def test_a_signed_in_buyer_takes_few_more(
    goods: dict[str, Product], make: Factories, sign_in: Callable[[Any], FlaskClient]
) -> None:
    browser = sign_in(make.member(make.company()))
    browser.get("/products")
    with counted_queries() as sent:
        assert browser.get("/products?q=gạo").status_code == 200
    assert len(sent) <= 9, sent


def test_one_product_takes_few_queries(goods: dict[str, Product], make: Factories, client: FlaskClient) -> None:
    make.commit()
    address = f"/products/{goods['Gạo Séng Cù'].id}"
    client.get(address)
    with counted_queries() as sent:
        assert client.get(address).status_code == 200
    assert len(sent) <= 8, sent
