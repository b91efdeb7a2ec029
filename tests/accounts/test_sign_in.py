"""Signing in and out: any spelling, one answer to every mistake, no way around, nothing carried over."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.extensions import db
from tests.accounts.conftest import events, log_in, send, token_in
from tests.factories import PASSWORD, Factories


@pytest.mark.parametrize(
    "typed", ["0900 123 456", "0900123456", "+84 900 123 456", "84900123456", "0900.123.456", "(0900) 123-456"]
)
def test_a_phone_number_in_any_spelling_signs_in(client: FlaskClient, make: Factories, typed: str) -> None:
    make.user(email=None, us_phone_number="+84900123456")
    make.commit()
    assert log_in(client, typed).status_code == 302
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("typed", ["lan@example.vn", "LAN@Example.VN", "  lan@example.vn "])
def test_an_address_signs_in_in_large_and_small_letters(client: FlaskClient, make: Factories, typed: str) -> None:
    make.user(email="lan@example.vn", us_phone_number=None)
    make.commit()
    assert log_in(client, typed).status_code == 302


def test_an_address_that_begins_with_a_phone_number_is_an_address(client: FlaskClient, make: Factories) -> None:
    make.user(email=None, us_phone_number="+84912345678", name="Số điện thoại")
    make.user(email="0912345678@example.vn", us_phone_number=None, name="Thư điện tử")
    make.commit()
    assert log_in(client, "0912345678@example.vn").status_code == 302
    assert "Thư điện tử" in client.get("/account").get_data(as_text=True)


def test_a_broken_address_is_not_taken_for_the_number_in_it(client: FlaskClient, make: Factories) -> None:
    make.user(us_phone_number="+84912345678")
    assert log_in(client, "0912345678@").status_code == 422


def test_every_mistake_gets_the_same_answer(client: FlaskClient, make: Factories) -> None:
    make.user(email="lan@example.vn")
    make.user(email="dong@example.vn", active=False)
    make.commit()
    pages = set()
    for identity, password in (
        ("lan@example.vn", "sai-mat-khau"),
        ("dong@example.vn", PASSWORD),
        ("ai-do@example.vn", PASSWORD),
        ("0900 999 999", PASSWORD),
        ("", ""),
    ):
        answer = log_in(client, identity, password)
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert page.count('<div class="error-summary"') == 1
        pages.add(page[page.index('<div class="error-summary"') :].split("</div>")[0])
    assert len(pages) == 1
    assert client.get("/account").status_code == 303


def test_what_was_typed_stays_except_the_password(client: FlaskClient, make: Factories) -> None:
    page = log_in(client, "lan@example.vn", "sai-mat-khau").get_data(as_text=True)
    assert 'value="lan@example.vn"' in page
    assert "sai-mat-khau" not in page


def test_signing_in_and_failing_are_recorded_with_an_erasable_address(client: FlaskClient, make: Factories) -> None:
    user = make.user(email="lan@example.vn")
    make.commit()
    log_in(client, "lan@example.vn", "sai")
    log_in(client, "khong-co@example.vn", "sai")
    log_in(client, "lan@example.vn")
    assert events(user) == ["account:sign_in_failed", "account:signed_in"]


def test_signing_out_needs_a_post_and_ends_the_session(sign_in: Callable[[Any], FlaskClient], make: Factories) -> None:
    user = make.user()
    make.commit()
    client = sign_in(user)
    assert client.get("/logout").status_code in (404, 405)
    assert client.get("/account").status_code == 200
    client.post("/logout")
    assert client.get("/account").status_code == 303


def test_a_page_that_asks_to_sign_in_is_come_back_to(client: FlaskClient, make: Factories) -> None:
    make.user(email="lan@example.vn")
    make.commit()
    away = client.get("/account/contact?x=1").headers["Location"]
    assert away.startswith("/login?next=")
    back = client.post(away, data={"identity": "lan@example.vn", "passcode": PASSWORD}).headers["Location"]
    assert back == "/account/contact?x=1"


@pytest.mark.parametrize(
    "next_page",
    [
        "https://xau.example",
        "//xau.example",
        "///xau.example",
        "////xau.example",
        "\\\\xau.example",
        "/\\xau.example",
        "http:xau.example",
        "javascript:alert(1)",
        " //xau.example",
        "https:///xau.example",
        "\t//xau.example",
        "https://localhost@xau.example",
    ],
)
@pytest.mark.parametrize("where", ["address", "form"])
def test_nobody_is_led_away_from_the_site(client: FlaskClient, make: Factories, next_page: str, where: str) -> None:
    make.user(email="lan@example.vn")
    make.commit()
    data = {"identity": "lan@example.vn", "passcode": PASSWORD}
    if where == "form":
        answer = client.post("/login", data={**data, "next": next_page})
    else:
        answer = client.post("/login", query_string={"next": next_page}, data=data)
    led_to = answer.headers.get("Location", "/")
    assert urlsplit(urljoin("http://localhost/login", led_to)).netloc == "localhost"
    # Browsers skip blanks and read a backslash as a slash.
    assert not set(led_to) & set("\\\t\n ")


def test_a_token_known_before_signing_in_is_good_for_nothing_after(guarded: Flask, guarded_make: Factories) -> None:
    guarded_make.user(email="lan@example.vn")
    guarded_make.commit()
    client = guarded.test_client()
    planted = token_in(client.get("/login").get_data(as_text=True))
    data = {"identity": "lan@example.vn", "passcode": PASSWORD, "csrf_token": planted}
    assert client.post("/login", data=data).status_code == 302
    assert client.post("/account/sign-out-everywhere", data={"csrf_token": planted}).status_code == 400
    fresh = token_in(client.get("/account").get_data(as_text=True))
    assert client.post("/account/sign-out-everywhere", data={"csrf_token": fresh}).status_code == 303


def test_without_a_token_nothing_is_accepted(guarded: Flask, guarded_make: Factories) -> None:
    guarded_make.user(email="lan@example.vn")
    guarded_make.commit()
    assert log_in(guarded.test_client(), "lan@example.vn").status_code == 400


def test_one_account_is_tried_ten_times_and_no_more(guarded: Flask, guarded_make: Factories) -> None:
    user = guarded_make.user(email="lan@example.vn", us_phone_number="+84900123456")
    guarded_make.user(email="hoa@example.vn")
    guarded_make.commit()
    client = guarded.test_client()
    spellings = ("lan@example.vn", "LAN@example.vn")
    for turn in range(10):
        assert send(client, "/login", identity=spellings[turn % 2], passcode="sai").status_code == 422
    assert send(client, "/login", identity="lan@example.vn", passcode=PASSWORD).status_code == 429
    assert send(client, "/login", identity="hoa@example.vn", passcode=PASSWORD).status_code == 302
    assert events(user) == ["account:sign_in_failed"] * 10


def test_a_success_forgives_only_ones_own_mistakes(guarded: Flask, guarded_make: Factories) -> None:
    guarded_make.user(email="lan@example.vn")
    guarded_make.user(email="xau@example.vn")
    guarded_make.commit()
    client, inside = guarded.test_client(), guarded.test_client()
    for _turn in range(9):
        send(client, "/login", identity="lan@example.vn", passcode="sai")
    assert send(inside, "/login", identity="xau@example.vn", passcode=PASSWORD).status_code == 302
    token = token_in(inside.get("/account").get_data(as_text=True))
    again = {"identity": "lan@example.vn", "passcode": "sai", "csrf_token": token}
    assert inside.post("/login", data=again).status_code == 302  # signed in already: led on, whatever was typed
    assert send(client, "/login", identity="lan@example.vn", passcode="sai").status_code == 429


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient, make: Factories) -> None:
    make.user(email="lan@example.vn")
    make.commit()
    cookies = log_in(client, "lan@example.vn", remember="y").headers.getlist("Set-Cookie")
    assert any(cookie.startswith("remember_token=") for cookie in cookies)
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_what_the_library_offers_and_we_do_not_is_not_there(app: Flask, client: FlaskClient) -> None:
    shut = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("security.") and rule.rule.startswith(("/us-", "/tf-"))
    ]
    assert len(shut) >= 7
    for rule in shut:
        url = rule.rule.replace("<token>", "x")
        assert client.open(url, method="GET" if "GET" in (rule.methods or ()) else "POST").status_code == 404, url


def test_a_password_is_stored_as_argon2_with_the_installations_salt(app: Flask, make: Factories) -> None:
    user = make.user()
    db.session.flush()
    assert user.password.startswith("$argon2id$")
