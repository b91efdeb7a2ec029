"""The code from the phone and the spare codes: asked of whom, good how often."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from marketplace.accounts import service
from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.organisations.models import Post
from marketplace.web import clock, handed, settings
from marketplace.web.writes import transaction
from tests.accounts.conftest import events, key_in, log_in, send
from tests.factories import PASSWORD, Factories

SetUp = Callable[[FlaskClient], pyotp.TOTP]
SignIn = Callable[[Any], FlaskClient]


def later(phone: pyotp.TOTP, steps: int = 1) -> str:
    """The code that the phone shows some half minutes from now; the clock tolerance admits the next one."""
    return phone.at(int(time.time()) + 30 * steps)


def spare_codes(client: FlaskClient) -> list[str]:
    """Make spare codes and read them off the page."""
    page = client.post("/account/spare-codes").get_data(as_text=True)
    return [part.split("<")[0] for part in page.split('<strong class="spare-code">')[1:]]


def test_signing_in_asks_for_the_code_once_it_is_set_up(
    app: Flask, client: FlaskClient, make: Factories, sign_in: SignIn, set_up_code: SetUp
) -> None:
    user = make.user(email="lan@example.vn")
    phone = set_up_code(sign_in(user))
    assert "code" in log_in(client, "lan@example.vn").headers["Location"]
    assert client.get("/account").status_code == 303
    assert client.post("/login/code", data={"code": "000000"}).status_code == 422
    assert client.post("/login/code", data={"code": later(phone)}).status_code == 302
    assert client.get("/account").status_code == 200
    assert events(user) == [
        "account:signed_in",
        "account:second_factor_set",
        "account:sign_in_failed",
        "account:second_factor_confirmed",
        "account:signed_in",
    ]


def test_where_one_wanted_to_go_survives_the_second_step(
    client: FlaskClient, make: Factories, sign_in: SignIn, set_up_code: SetUp
) -> None:
    phone = set_up_code(sign_in(make.user(email="lan@example.vn")))
    data = {"identity": "lan@example.vn", "passcode": PASSWORD}
    second = client.post("/login?next=/account/contact", data=data).headers["Location"]
    assert client.post(second, data={"code": later(phone)}).headers["Location"] == "/account/contact"


def test_a_code_is_good_once(client: FlaskClient, make: Factories, sign_in: SignIn, set_up_code: SetUp) -> None:
    phone = set_up_code(sign_in(make.user(email="lan@example.vn")))
    code = later(phone)
    log_in(client, "lan@example.vn")
    assert client.post("/login/code", data={"code": code}).status_code == 302
    client.post("/logout")
    log_in(client, "lan@example.vn")
    assert client.post("/login/code", data={"code": code}).status_code == 422


def test_a_code_used_by_two_at_once_is_good_for_one(app: Flask, make: Factories) -> None:
    user = make.user()
    make.commit()
    user_id, start, results = user.id, threading.Barrier(4), []

    def use() -> None:
        with app.app_context():
            person = db.session.get_one(User, user_id)
            start.wait()
            with transaction():
                results.append(service.use_counter(person, 7))

    threads = [threading.Thread(target=use) for _turn in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == [False, False, False, True]


def test_a_spare_code_opens_once_and_is_stored_as_a_digest(
    client: FlaskClient, make: Factories, sign_in: SignIn, set_up_code: SetUp
) -> None:
    user = make.user(email="lan@example.vn")
    inside = sign_in(user)
    set_up_code(inside)
    codes = spare_codes(inside)
    assert len(set(codes)) == 10
    db.session.refresh(user)
    assert not set(codes) & set(user.mf_recovery_codes)
    assert codes[0] not in inside.get("/account/spare-codes?show_codes=1").get_data(as_text=True)
    for turn, status in ((0, 302), (1, 422)):
        log_in(client, "lan@example.vn")
        answer = client.post("/login/spare-code", data={"code": codes[0].upper().replace("-", " ")})
        assert answer.status_code == status, turn
        client.post("/logout")
    assert len(db.session.get_one(User, user.id, populate_existing=True).mf_recovery_codes) == 9
    assert events(user).count("account:spare_code_used") == 1


def test_a_spare_code_used_by_two_at_once_is_good_for_one(app: Flask, make: Factories) -> None:
    user = make.user()
    user.mf_recovery_codes = [service.digest_of_code("aaaa-1111-bbbb"), service.digest_of_code("cccc-2222-dddd")]
    make.commit()
    user_id, start, results = user.id, threading.Barrier(4), []

    def use() -> None:
        with app.app_context():
            person = db.session.get_one(User, user_id)
            start.wait()
            results.append(handed.take("security").mf_recovery_codes_util.check_recovery_code(person, "AAAA1111bbbb"))

    threads = [threading.Thread(target=use) for _turn in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == [False, False, False, True]
    db.session.rollback()
    assert len(db.session.get_one(User, user_id, populate_existing=True).mf_recovery_codes) == 1


@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_officials_and_administrators_set_the_code_up_before_they_are_in(
    client: FlaskClient, make: Factories, who: str
) -> None:
    values = {"email": "canbo@example.vn"}
    user = make.officer(make.unit(), **values) if who == "officer" else make.user(administrator=True, **values)
    assert log_in(client, "canbo@example.vn").headers["Location"] == "/account/second-factor"
    assert client.get("/account").status_code == 303
    page = client.post("/account/second-factor", data={"setup": "authenticator"}).get_data(as_text=True)
    assert 'src="data:image/svg+xml' in page
    assert "style=" not in page
    code = pyotp.TOTP(key_in(page)).now()
    answer = client.post("/login/code", data={"code": code, "next": "/account/spare-codes"})
    assert answer.headers["Location"] == "/account/spare-codes"
    assert client.get("/account").status_code == 200
    assert client.post("/account/second-factor", data={"setup": "disable"}).status_code == 422
    assert db.session.get_one(User, user.id, populate_existing=True).second_factor


def test_a_post_that_begins_later_asks_for_the_code_now(client: FlaskClient, make: Factories) -> None:
    user = make.officer(make.unit(), email="canbo@example.vn")
    db.session.execute(update(Post).where(Post.user_id == user.id).values(held_from=clock.today() + timedelta(days=3)))
    assert log_in(client, "canbo@example.vn").headers["Location"] == "/account/second-factor"


def test_in_a_demonstration_officials_may_do_without(client: FlaskClient, make: Factories) -> None:
    make.officer(make.unit(), email="canbo@example.vn")
    settings.put("demonstration", True)
    assert log_in(client, "canbo@example.vn").headers["Location"] == "/"


def test_others_may_stop_using_codes(make: Factories, sign_in: SignIn, set_up_code: SetUp) -> None:
    user = make.user(email="lan@example.vn")
    client = sign_in(user)
    set_up_code(client)
    client.post("/account/second-factor", data={"setup": "disable"})
    assert not db.session.get_one(User, user.id, populate_existing=True).second_factor
    assert events(user)[-1] == "account:second_factor_removed"


def test_a_mistyped_first_code_can_be_typed_again(make: Factories, sign_in: SignIn) -> None:
    user = make.user(email="lan@example.vn")
    client = sign_in(user)
    page = client.post("/account/second-factor", data={"setup": "authenticator"}).get_data(as_text=True)
    assert client.post("/login/code", data={"code": "12"}).status_code == 422
    assert client.post("/login/code", data={"code": pyotp.TOTP(key_in(page)).now()}).status_code == 302
    assert db.session.get_one(User, user.id, populate_existing=True).second_factor


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_second_step_signs_nobody_out_who_is_in(make: Factories, sign_in: SignIn, method: str) -> None:
    """An address that somebody may have in the history, or that another site may name."""
    person = make.user()
    make.commit()
    browser = sign_in(person)
    answer = getattr(browser, method)("/login/code")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert browser.get("/account").status_code == 200


def test_the_second_step_is_closed_to_who_has_not_done_the_first(client: FlaskClient) -> None:
    for url in ("/login/code", "/login/spare-code", "/account/second-factor"):
        assert client.get(url).headers["Location"].endswith("/login")
        assert client.post(url, data={"code": "123456"}).headers["Location"].endswith("/login")


def test_the_code_is_tried_eight_times_and_no_more(guarded: Flask, guarded_make: Factories) -> None:
    user = guarded_make.user(email="lan@example.vn")
    secret = handed.take("security").totp_factory.generate_totp_secret()
    user.tf_primary_method, user.tf_totp_secret = "authenticator", secret
    guarded_make.commit()
    client = guarded.test_client()

    assert send(client, "/login", identity="lan@example.vn", passcode=PASSWORD).status_code == 302
    for _turn in range(8):
        assert send(client, "/login/code", code="000000").status_code == 422
    assert send(client, "/login/code", code="000000").status_code == 429
