"""Addresses and forms that nobody sends by accident: each gets an ordinary answer, never an error of the server."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.web.addresses import LARGEST_KEY, number_or_none, way_back
from marketplace.web.fields import QuantityField
from marketplace.web.forms import Form
from tests.factories import Factories

TOO_LARGE = "9" * 25


@pytest.mark.parametrize("noun", ["organisations", "products", "offers", "events"])
@pytest.mark.parametrize("key", [TOO_LARGE, str(LARGEST_KEY)])
def test_a_key_that_no_row_has_leads_nowhere(client: FlaskClient, noun: str, key: str) -> None:
    assert client.get(f"/{noun}/{key}").status_code == 404


@pytest.mark.parametrize("text", [TOO_LARGE, "²", "-1", "1e3", ""])
@pytest.mark.parametrize(
    "path",
    [
        "/organisations?unit=",
        "/organisations?after=",
        "/register?kind=htx&province=",
        "/products?sort=cheapest&after=1.",
    ],
)
def test_a_filter_that_is_no_number_counts_as_not_given(client: FlaskClient, path: str, text: str) -> None:
    assert client.get(path + text).status_code == 200


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("0", 0), ("²", None), ("١", None), (TOO_LARGE, None), (None, None)]
)
def test_whole_numbers(text: str | None, number: int | None) -> None:
    assert number_or_none(text) == number


def test_what_is_too_large_is_refused_with_the_way_out(client: FlaskClient) -> None:
    """Also where the form itself cannot be read."""
    announced = {"CONTENT_LENGTH": str(65 * 1024 * 1024)}
    answer = client.post("/verify", data={"code": "x"}, environ_overrides=announced)
    assert answer.status_code == 413
    assert "quá lớn" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "referrer", "back"),
    [
        ("/offers/create", "", "/offers/create"),
        ("/offers/7/publish", "http://localhost/offers/7?x=1", "/offers/7?x=1"),
        ("/offers/7/publish", "http://elsewhere.example/offers/7", "/"),
        ("/offers/7/publish", "http://localhost//elsewhere.example", "/"),
        ("/offers/7/publish", "", "/"),
    ],
)
def test_the_way_back_is_a_page_of_ours(app: Flask, path: str, referrer: str, back: str) -> None:
    with app.test_request_context(path, method="POST", headers={"Referer": referrer}):
        assert way_back() == back


def test_a_quantity_that_nobody_means_is_refused_with_the_largest_one(app: Flask) -> None:
    class Asked(Form):
        quantity = QuantityField("Số lượng")

    for typed, good in (("1.000.000.000", True), ("1.000.000.001", False)):
        with app.test_request_context("/", method="POST", data={"quantity": typed}):
            form = Asked()
            assert form.validate() is good
            assert good or form.quantity.errors == ["Số này quá lớn: lớn nhất là 1.000.000.000."]


def test_no_page_repeats_the_name_by_which_a_browser_calls_this_host(client: FlaskClient, make: Factories) -> None:
    """Copied messages, pictures and links carry the address of the installation."""
    offer, product = make.offer(make.company()), make.product(make.cooperative())
    make.commit()
    for path in ("/", "/login", f"/offers/{offer.id}", f"/products/{product.id}"):
        page = client.get(path, headers={"Host": "elsewhere.example"}).get_data(as_text=True)
        assert "elsewhere.example" not in page, path


def test_who_was_signed_out_while_typing_reads_it_again_and_comes_back(client: FlaskClient) -> None:
    answer = client.post("/offers/create", data={"what": "Gạo Séng Cù", "csrf_token": "geheim"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "Gạo Séng Cù" in page
    assert "geheim" not in page
    assert "/login?next=/offers/create" in page
    empty = client.post("/offers/create", data={})
    assert (empty.status_code, empty.location) == (303, "/login?next=/offers/create")
