"""New passwords: by a mailed link, by a code from an officer, by oneself; and which ones are refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.recoverable import generate_reset_password_token

from marketplace.accounts import queries, service
from marketplace.accounts.models import OneTimeCode, User
from marketplace.accounts.rules import easily_guessed
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.web import settings
from marketplace.web.writes import transaction
from tests.accounts.conftest import events, log_in, mails, send, token_in
from tests.factories import PASSWORD, Factories

NEW = "ba-con-trau-qua-suoi"
SignIn = Callable[[Any], FlaskClient]


def choose(client: FlaskClient, url: str, password: str = NEW) -> Any:
    """Send the form for a new password."""
    return client.post(url, data={"password": password, "password_confirm": password})


def test_a_mailed_link_sets_a_password_once_and_signs_everybody_out(
    client: FlaskClient, make: Factories, sign_in: SignIn
) -> None:
    user = make.user(email="lan@example.vn")
    elsewhere = sign_in(user)
    client.post("/forgot-password", data={"email": "LAN@example.vn"})
    mail = mails()[-1]
    assert (mail.recipient, mail.path.split("/")[1]) == ("lan@example.vn", "forgot-password")
    assert client.get(mail.path).status_code == 200
    assert choose(client, mail.path).headers["Location"].endswith("/login")
    assert elsewhere.get("/account").status_code == 303
    assert choose(client, mail.path, "lai-mot-mat-khau").headers["Location"].endswith("/forgot-password")
    assert log_in(client, "lan@example.vn").status_code == 422
    assert log_in(client, "lan@example.vn", NEW).status_code == 302
    assert "account:password_reset" in events(user)
    assert len(mails()) == 2  # the link, and that the password was changed


def test_nobody_learns_which_addresses_have_accounts(client: FlaskClient, make: Factories) -> None:
    make.user(email="lan@example.vn")
    pages = [
        client.post("/forgot-password", data={"email": email}).get_data(as_text=True).replace(email, "X")
        for email in ("lan@example.vn", "khong-co@example.vn")
    ]
    assert pages[0] == pages[1]
    assert len(mails()) == 1


def test_the_mail_leads_to_our_own_address_whatever_the_browser_claims(client: FlaskClient, make: Factories) -> None:
    make.user(email="lan@example.vn")
    client.post("/forgot-password", data={"email": "lan@example.vn"}, headers={"Host": "xau.example"})
    assert mails()[0].path.startswith("/forgot-password/")
    assert "xau.example" not in mails()[0].body


def test_an_old_or_forged_link_leads_to_a_new_one(app: Flask, client: FlaskClient, make: Factories) -> None:
    user = make.user()
    app.config["SECURITY_RESET_PASSWORD_WITHIN"], kept = (
        timedelta(seconds=-1),
        app.config["SECURITY_RESET_PASSWORD_WITHIN"],
    )
    old = generate_reset_password_token(user)
    for token in (old, "gia-mao"):
        answer = client.get(f"/forgot-password/{token}")
        assert answer.headers["Location"].endswith("/forgot-password")
    app.config["SECURITY_RESET_PASSWORD_WITHIN"] = kept
    assert client.get(f"/forgot-password/{old}").status_code == 200


def test_links_are_asked_for_three_times_an_hour(guarded: Flask, guarded_make: Factories) -> None:
    guarded_make.user(email="lan@example.vn")
    guarded_make.commit()
    client = guarded.test_client()
    statuses = [send(client, "/forgot-password", email="lan@example.vn").status_code for _turn in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert len(mails()) == 3


def test_ones_own_password_is_changed_and_other_devices_are_signed_out(make: Factories, sign_in: SignIn) -> None:
    user = make.user(email="lan@example.vn")
    here, elsewhere = sign_in(user), sign_in(user)
    form = {"new_password": NEW, "new_password_confirm": NEW}
    assert here.post("/account/password", data={"password": "sai", **form}).status_code == 422
    assert here.post("/account/password", data={"password": PASSWORD, **form}).headers["Location"] == "/account"
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert events(user)[-1] == "account:password_changed"
    assert [mail.recipient for mail in mails()] == ["lan@example.vn"]


def test_a_person_without_an_address_gets_no_mail(make: Factories, sign_in: SignIn) -> None:
    client = sign_in(make.user(email=None, us_phone_number="+84900123456"))
    form = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert client.post("/account/password", data=form).status_code == 302
    assert mails() == []


@pytest.mark.parametrize(
    "password",
    ["12345678", "matkhau123", "aaaaaaaaaa", "Hoptacxa123", "0900123456", "buithiy1", "nguoilan1", "ngan", "x" * 129],
)
def test_what_anybody_would_try_first_is_refused_with_a_reason(
    client: FlaskClient, make: Factories, password: str
) -> None:
    user = make.user(name="Bùi Thị Ỷ", email="nguoilan@example.vn", us_phone_number="+84900123456")
    make.commit()
    token = generate_reset_password_token(user)
    answer = choose(client, f"/forgot-password/{token}", password)
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "password", [NEW, "Bùi Thị Ỷ trồng chè", "0900123456-va-con-trau", "!@#$%^&*", "một hai ba bốn"]
)
def test_what_is_harder_to_guess_is_taken(password: str) -> None:
    assert not easily_guessed(password, ["Bùi Thị Ỷ", "+84900123456", "nguoilan@example.vn"])


def test_a_password_is_the_same_however_the_keyboard_composed_it(client: FlaskClient, make: Factories) -> None:
    composed, decomposed = "trồng-chè-đồi-cao", "tro\u0302\u0300ng-che\u0300-đo\u0302\u0300i-cao"
    make.user(email="lan@example.vn", password=service.hashed(composed))
    make.commit()
    assert log_in(client, "lan@example.vn", decomposed).status_code == 302


def people_of(make: Factories) -> tuple[User, User]:
    """A member without e-mail, and the officer of the commune."""
    unit = make.unit("Xã Than Uyên")
    member = make.member(make.cooperative(unit=unit), email=None, us_phone_number="+84900123456")
    officer = make.officer(unit)
    make.commit()
    return member, officer


def given_code(member: User, officer: User) -> str:
    """A code, made and saved."""
    with transaction() as now:
        return service.make_one_time_code(member, officer, now)


def test_an_officer_hands_a_code_over_and_the_person_chooses_a_password(
    app: Flask, client: FlaskClient, make: Factories
) -> None:
    member, officer = people_of(make)
    code = given_code(member, officer)
    assert queries.open_code(member, make.now) is not None
    assert code.replace(" ", "") not in {row.digest for row in db.session.query(OneTimeCode)}
    led_to = client.post("/one-time-code", data={"identity": "0900 123 456", "passcode": code}).headers["Location"]
    assert choose(client, led_to).headers["Location"].endswith("/login")
    assert log_in(client, "0900123456", NEW).status_code == 302
    assert db.session.get_one(User, member.id, populate_existing=True).phone_proved_at is not None
    assert events(member)[:3] == ["account:code_handed_over", "account:code_used", "account:password_reset"]


def test_a_code_is_good_once(client: FlaskClient, make: Factories) -> None:
    code = given_code(*people_of(make))
    form = {"identity": "0900123456", "passcode": code}
    assert client.post("/one-time-code", data=form).status_code == 303
    assert client.post("/one-time-code", data=form).status_code == 422


def test_a_code_is_good_for_its_owner_only(client: FlaskClient, make: Factories) -> None:
    code = given_code(*people_of(make))
    make.user(email="lan@example.vn")
    for identity in ("lan@example.vn", "khong-co@example.vn", "khong phai gi"):
        assert client.post("/one-time-code", data={"identity": identity, "passcode": code}).status_code == 422


def test_five_wrong_tries_void_a_code(client: FlaskClient, make: Factories) -> None:
    code = given_code(*people_of(make))
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"
    for _turn in range(5):
        assert client.post("/one-time-code", data={"identity": "0900123456", "passcode": wrong}).status_code == 422
    assert client.post("/one-time-code", data={"identity": "0900123456", "passcode": code}).status_code == 422


def test_a_code_is_void_after_half_an_hour_or_when_there_is_a_newer_one(make: Factories) -> None:
    member, officer = people_of(make)
    first = service.make_one_time_code(member, officer, make.now)
    assert queries.open_code(member, make.now + timedelta(minutes=29)) is not None
    assert queries.open_code(member, make.now + timedelta(minutes=30)) is None
    second = service.make_one_time_code(member, officer, make.now + timedelta(minutes=1))
    assert first == second or not service.use_one_time_code(member, first, now=make.now + timedelta(minutes=2))
    assert service.use_one_time_code(member, second, now=make.now + timedelta(minutes=2))


def test_codes_are_few(make: Factories) -> None:
    member, officer = people_of(make)
    for turn in range(3):
        service.make_one_time_code(member, officer, make.now + timedelta(minutes=turn))
    with pytest.raises(Refusal):
        service.make_one_time_code(member, officer, make.now + timedelta(minutes=5))
    service.make_one_time_code(member, officer, make.now + timedelta(days=1, minutes=5))


def test_nobody_makes_a_code_for_oneself_or_for_a_closed_account(make: Factories) -> None:
    member, officer = people_of(make)
    member.active = False
    for person in (officer, member):
        with pytest.raises(Refusal):
            service.make_one_time_code(person, officer, make.now)


def test_the_page_for_officers_is_for_those_of_the_territory(app: Flask, make: Factories, sign_in: SignIn) -> None:
    member, _officer = people_of(make)
    officers = {
        "own": make.officer(make.unit("Xã Than Uyên")),
        "other": make.officer(make.unit("Xã Mường Kim")),
        "province": make.officer(make.unit("Tỉnh Lai Châu")),
    }
    make.commit()
    demonstrate()
    url = f"/accounts/{member.id}/one-time-code"
    statuses = {name: sign_in(officer).get(url).status_code for name, officer in officers.items()}
    assert statuses == {"own": 200, "other": 404, "province": 200}
    assert sign_in(member).get(url).status_code == 404
    assert sign_in(officers["province"]).get(f"/accounts/{officers['own'].id}/one-time-code").status_code == 404
    assert app.test_client().get(url).status_code == 303


def test_the_code_is_shown_once(app: Flask, make: Factories, sign_in: SignIn) -> None:
    member, officer = people_of(make)
    demonstrate()
    client = sign_in(officer)
    url = f"/accounts/{member.id}/one-time-code"
    form = {"key": "mot-lan"}
    page = client.post(url, data=form).get_data(as_text=True)
    code = page.split('<p class="state-big"><strong>')[1].split("<")[0]
    assert client.post(url, data=form).status_code == 303  # a repeat makes no second code and shows none
    assert code not in client.get(url).get_data(as_text=True)
    answer = app.test_client().post("/one-time-code", data={"identity": "0900123456", "passcode": code})
    assert answer.status_code == 303


def demonstrate() -> None:
    """Officials sign in without a second factor."""
    settings.put("demonstration", True)
    db.session.commit()


def test_a_code_is_asked_for_ten_times_an_hour(guarded: Flask, guarded_make: Factories) -> None:
    guarded_make.user(email="lan@example.vn")
    guarded_make.commit()
    client = guarded.test_client()
    page = client.get("/one-time-code").get_data(as_text=True)
    data = {"csrf_token": token_in(page), "identity": "lan@example.vn", "passcode": "00000000"}
    statuses = [client.post("/one-time-code", data=data).status_code for _turn in range(11)]
    assert statuses == [422] * 10 + [429]
