"""What visitors see of the catalogue: stars only when checked, forged addresses survived, who is offered what."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.places.models import AdminUnit
from marketplace.products import service_certificates
from marketplace.products.rules import CertificateKind, Paper
from tests.factories import Factories
from tests.products.listings import listed

SignIn = Callable[[Any], FlaskClient]


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_a_declared_star_is_named_as_such_and_not_shown_as_stars(make: Factories, client: FlaskClient) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner)
    paper = Paper(CertificateKind.OCOP, "9/QĐ-UBND", issued_on=date(2026, 1, 5), stars=4)
    declared = service_certificates.declare(product, paper, actor=owner, now=make.now)
    make.commit()
    page = text(client.get(f"/products/{product.id}"))
    assert "Tự khai, chưa kiểm tra" in page
    assert 'class="stars"' not in page
    service_certificates.check(declared, product, actor=make.officer(make.unit()), now=make.now)
    make.commit()
    assert 'class="stars"' in text(client.get(f"/products/{product.id}"))
    assert 'class="stars"' in text(client.get("/products"))


@pytest.mark.parametrize(
    "query",
    [
        "group=X&stars=9&month=13&commune=abc&certificate=Y&sort=up",
        "price_from=abc&price_to=%00",
        "q=" + "x" * 500,
        "q=%22%27%3B--&after=%00&before=x",
        "commune=99999999999999999999",
    ],
)
def test_a_forged_address_is_survived(make: Factories, client: FlaskClient, query: str) -> None:
    seller = make.cooperative()
    listed(make, seller, make.member(seller))
    assert client.get(f"/products?{query}").status_code == 200


def test_a_price_that_is_none_gets_its_sentence(make: Factories, client: FlaskClient) -> None:
    page = text(client.get("/products?price_from=đắt"))
    assert 'id="price_from-error"' in page
    assert 'value="đắt"' in page


def test_a_listing_from_a_commune_of_the_past_can_be_edited(make: Factories, sign_in: SignIn) -> None:
    area = make.than_uyen()
    commune = db.session.scalars(select(AdminUnit).where(AdminUnit.name == "Xã Hua Nà")).one()
    assert commune.parent is not None
    assert commune.parent.level == "district"
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner, unit_id=commune.id)
    page = text(sign_in(owner).get(f"/products/{product.id}/edit"))
    assert f'<option selected value="{area.province_id}">' in page, "the province of today"
    assert f'<option selected value="{commune.id}">' in page, "the commune stays as it was"


def test_who_is_offered_to_ask_for_a_quote(make: Factories, sign_in: SignIn, client: FlaskClient) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner)
    address, ask = f"/products/{product.id}", f"/offers/ask/{product.id}"
    buyer, alone, officer = make.member(make.company()), make.user(), make.officer(make.unit("Xã Mường Kim"))
    make.commit()
    assert f'href="{ask}"' in text(client.get(address))
    assert f'href="{ask}"' in text(sign_in(buyer).get(address))
    assert sign_in(buyer).get(ask).status_code == 200
    for other in (owner, alone, officer):
        assert f'href="{ask}"' not in text(sign_in(other).get(address))
    assert 'class="button" href="/register"' in text(sign_in(alone).get(address))
