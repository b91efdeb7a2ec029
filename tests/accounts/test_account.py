"""One's own account: details, sessions, data, closing; new people; the first administrator."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.datastructures import MultiDict

from marketplace.accounts import queries, service
from marketplace.accounts.forms import PersonForm
from marketplace.accounts.models import Consent, User
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.ledger.models import Detail
from marketplace.ledger.service import record
from marketplace.web import handed
from marketplace.web.writes import transaction
from tests.accounts.conftest import events, log_in, mails
from tests.factories import PASSWORD, Factories

SignIn = Callable[[Any], FlaskClient]
CONTACT = {"person_name": "Lò Thị Ỷ", "person_phone": "0900 222 333", "person_email": "moi@example.vn"}


def fresh(user: User) -> User:
    """The row as it is now."""
    db.session.rollback()
    return db.session.get_one(User, user.id, populate_existing=True)


def test_details_are_changed_with_the_password_and_a_new_number_is_unproved(make: Factories, sign_in: SignIn) -> None:
    user = make.user(email="cu@example.vn", us_phone_number="+84900111222", phone_proved_at=make.now)
    client = sign_in(user)
    assert client.post("/account/contact", data={**CONTACT, "password": "sai"}).status_code == 422
    assert fresh(user).email == "cu@example.vn"
    assert client.post("/account/contact", data={**CONTACT, "password": PASSWORD}).status_code == 303
    changed = fresh(user)
    assert (changed.name, changed.email, changed.phone) == ("Lò Thị Ỷ", "moi@example.vn", "+84900222333")
    assert changed.phone_proved_at is None
    assert [mail.recipient for mail in mails()] == ["cu@example.vn"]
    assert events(user)[-2:] == ["account:sign_in_failed", "account:contact_changed"]


def test_the_same_number_stays_proved(make: Factories, sign_in: SignIn) -> None:
    user = make.user(us_phone_number="+84900222333", phone_proved_at=make.now)
    sign_in(user).post("/account/contact", data={**CONTACT, "password": PASSWORD})
    assert fresh(user).phone_proved_at is not None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"person_phone": "", "person_email": ""}, "person_phone"),
        ({"person_phone": "12"}, "person_phone"),
        ({"person_phone": "0900 999 888"}, "person_phone"),
        ({"person_email": "khong-phai"}, "person_email"),
        ({"person_email": "NGUOIKHAC@example.vn"}, "person_email"),
        ({"person_name": ""}, "person_name"),
        ({"person_name": "x" * 121}, "person_name"),
    ],
)
def test_a_wrong_detail_gets_its_sentence_at_its_place(
    make: Factories, sign_in: SignIn, values: dict[str, str], field: str
) -> None:
    make.user(email="nguoikhac@example.vn", us_phone_number="+84900999888")
    client = sign_in(make.user())
    answer = client.post("/account/contact", data={**CONTACT, "password": PASSWORD, **values})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_signing_out_everywhere_keeps_only_this_device(make: Factories, sign_in: SignIn) -> None:
    user = make.user()
    here, elsewhere = sign_in(user), sign_in(user)
    assert here.post("/account/sign-out-everywhere").status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert events(user)[-1] == "account:signed_out_everywhere"


def test_the_download_holds_what_is_known_and_no_secrets(make: Factories, sign_in: SignIn) -> None:
    user = make.user(name="Lò Thị Ỷ")
    service.give_consent(user, "privacy", "1", now=make.now)
    client = sign_in(user)
    answer = client.get("/account/data")
    assert "attachment" in answer.headers["Content-Disposition"]
    held = json.loads(answer.get_data(as_text=True))
    assert held["account"]["name"] == "Lò Thị Ỷ"
    assert held["consents"][0]["text"] == "privacy"
    assert held["acts"][0]["event"] == "account:signed_in"
    assert user.password not in answer.get_data(as_text=True)
    assert user.fs_uniquifier not in answer.get_data(as_text=True)


def test_who_did_nothing_here_is_erased_whole(client: FlaskClient, make: Factories, sign_in: SignIn) -> None:
    user = make.user(email="lan@example.vn", name="Lò Thị Ỷ")
    service.give_consent(user, "privacy", "1", now=make.now)
    inside = sign_in(user)
    assert inside.post("/account/close", data={"password": "sai"}).status_code == 422
    assert inside.post("/account/close", data={"password": PASSWORD}).status_code == 303
    gone = fresh(user)
    assert (gone.name, gone.email, gone.phone, gone.password, gone.active) == ("", None, None, None, False)
    assert inside.get("/account").status_code == 303
    assert log_in(client, "lan@example.vn").status_code == 422
    assert db.session.scalars(select(Consent.withdrawn_at)).one() is not None
    assert db.session.scalar(select(Detail.value)) is None
    again = service.create_user(
        name="Lại", email="lan@example.vn", phone=None, password_hash=None, consents={}, now=make.now
    )
    assert again.id != user.id


def test_who_acted_here_keeps_the_name_only(make: Factories, sign_in: SignIn) -> None:
    user = make.member(make.cooperative(), name="Lò Thị Ỷ")
    record("product:published", make.product(make.cooperative()), actor=user.id, now=make.now)
    client = sign_in(user)
    client.post("/account/close", data={"password": PASSWORD})
    gone = fresh(user)
    assert (gone.name, gone.email, gone.phone, gone.active) == ("Lò Thị Ỷ", None, None, False)


def test_the_only_administrator_stays(make: Factories) -> None:
    user = make.user(administrator=True)
    with pytest.raises(Refusal):
        service.close(user, now=make.now)
    make.user(administrator=True)
    service.close(user, now=make.now)
    assert not user.active


def test_an_active_account_without_phone_and_address_cannot_be_stored(make: Factories) -> None:
    with pytest.raises(Exception, match="can_be_reached"):
        make.user(email=None, us_phone_number=None)
    db.session.rollback()


# New people ---------------------------------------------------------------------------------------------------------

PERSON = {
    "person_name": "Lò Thị Ỷ",
    "person_phone": "0900 222 333",
    "person_email": "Moi@Example.vn",
    "password": "ba-con-trau-qua-suoi",
    "consent": "y",
}


def filled_in(app: Flask, **values: str) -> PersonForm:
    """The form as sent."""
    with app.test_request_context(method="POST"):
        form = PersonForm(MultiDict({**PERSON, **values}))
        form.validate()
        form.credentials()
        return form


def test_consent_is_never_ticked_beforehand(app: Flask) -> None:
    with app.test_request_context():
        assert "checked" not in PersonForm().consent()


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, set()),
        ({"person_email": ""}, set()),
        ({"person_phone": ""}, set()),
        ({"person_phone": "", "person_email": ""}, {"person_phone"}),
        ({"consent": ""}, {"consent"}),
        ({"password": "0900222333"}, {"password"}),
        ({"password": "ngan"}, {"password"}),
        ({"password": ""}, {"password"}),
        ({"person_phone": "không có"}, {"person_phone"}),
        ({"person_email": "a@b"}, {"person_email"}),
        ({"person_name": " "}, {"person_name"}),
    ],
)
def test_a_person_gives_phone_or_address_a_good_password_and_consent(
    app: Flask, values: dict[str, str], wrong: set[str]
) -> None:
    assert set(filled_in(app, **values).errors) == wrong


def test_a_new_person_can_sign_in_and_the_consent_names_its_version(
    app: Flask, client: FlaskClient, make: Factories
) -> None:
    credentials = filled_in(app).credentials()
    with transaction() as now:
        user = service.create_user(**credentials, consents={"privacy": "3"}, now=now)
    assert user.email == "moi@example.vn"
    assert queries.agreed(user, "privacy", "3")
    assert not queries.agreed(user, "privacy", "4")
    assert log_in(client, "0900222333", "ba-con-trau-qua-suoi").status_code == 302
    assert user.phone_proved_at is None


@pytest.mark.parametrize(
    ("email", "phone", "field"),
    [("moi@example.vn", None, "person_email"), (None, "+84900222333", "person_phone"), (None, None, "person_phone")],
)
def test_one_address_or_number_belongs_to_one_account(
    make: Factories, email: str | None, phone: str | None, field: str
) -> None:
    make.user(email="moi@example.vn", us_phone_number="+84900222333")
    with pytest.raises(Refusal) as refused:
        service.create_user(name="B", email=email, phone=phone, password_hash="x", consents={}, now=make.now)
    assert refused.value.field == field


def test_of_two_who_register_the_same_number_at_once_one_succeeds(app: Flask, make: Factories) -> None:
    make.commit()
    start, results = threading.Barrier(3), []

    def register() -> None:
        with app.app_context():
            values = {"name": "A", "email": None, "phone": "+84900222333", "password_hash": "x", "consents": {}}
            start.wait()
            try:
                with transaction() as now:
                    service.create_user(**values, now=now)
                results.append("made")
            except Refusal as refusal:
                results.append(refusal.field)

    threads = [threading.Thread(target=register) for _turn in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == ["made", "person_phone", "person_phone"]


# Proving oneself again ----------------------------------------------------------------------------------------------


def test_reauthentication_by_password_or_fresh_code(app: Flask, make: Factories) -> None:
    user = make.user()
    totp = handed.take("security").totp_factory
    user.tf_primary_method, user.tf_totp_secret = "authenticator", totp.generate_totp_secret()
    make.commit()
    code = totp.generate_totp_password(user.tf_totp_secret)
    with app.test_request_context():
        assert service.reauthenticated(user, password=PASSWORD)
        assert not service.reauthenticated(user, password="sai")
        assert not service.reauthenticated(user)
        assert service.reauthenticated(user, totp=code)
        assert not service.reauthenticated(user, totp=code)


def test_reauthentication_is_tried_ten_times(guarded: Flask, guarded_make: Factories) -> None:
    user = guarded_make.user()
    guarded_make.commit()
    with guarded.test_request_context():
        for _turn in range(10):
            assert not service.reauthenticated(user, password="sai")
        with pytest.raises(Refusal):
            service.reauthenticated(user, password=PASSWORD)


def test_the_confirmation_page_leads_back(make: Factories, sign_in: SignIn) -> None:
    client = sign_in(make.user())
    with client.session_transaction() as session:
        session["fs_paa"] = 1.0
        session.pop("fs_gexp", None)
    away = client.get("/account/second-factor").headers["Location"]
    assert away == "/confirm-password?next=/account/second-factor"
    assert client.post(away, data={"password": "sai"}).status_code == 422
    assert client.post(away, data={"password": PASSWORD}).headers["Location"] == "/account/second-factor"
    assert client.get("/account/second-factor").status_code == 200


# Commands -----------------------------------------------------------------------------------------------------------


def test_the_first_administrator_is_made_on_the_command_line(app: Flask, client: FlaskClient) -> None:
    run = app.test_cli_runner().invoke
    arguments = ["users", "create-admin", "--name", "Quản trị", "--email", "Quantri@Example.vn", "--password-stdin"]
    made = run(args=[*arguments, "--json"], input="ba-con-trau-qua-suoi\n")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["administrator"] is True
    assert log_in(client, "quantri@example.vn", "ba-con-trau-qua-suoi").headers["Location"] == "/account/second-factor"
    assert run(args=arguments, input="ba-con-trau-qua-suoi\n").exit_code == 1
    listed = json.loads(run(args=["users", "list", "--json"]).stdout)["users"]
    assert [person["email"] for person in listed] == ["quantri@example.vn"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--name", "A"],
        ["--name", "A", "--email", "khong-phai"],
        ["--name", "A", "--phone", "12"],
        ["--name", "A", "--email", "a@example.vn"],
    ],
)
def test_a_wrong_administrator_is_refused(app: Flask, arguments: list[str]) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["users", "create-admin", "--password-stdin", *arguments], input="12345678\n").exit_code != 0
    assert db.session.scalar(select(User.id)) is None


def test_a_lost_second_factor_is_removed_on_the_command_line(app: Flask, make: Factories, sign_in: SignIn) -> None:
    user = make.user(email="lan@example.vn")
    client = sign_in(user)
    user.tf_primary_method, user.tf_totp_secret = "authenticator", "{}"
    make.commit()
    assert app.test_cli_runner().invoke(args=["users", "remove-second-factor", "lan@example.vn"]).exit_code == 0
    assert not fresh(user).second_factor
    assert client.get("/account").status_code == 303


# The library's writes -----------------------------------------------------------------------------------------------


def test_the_librarys_write_survives_another_writer_in_between(app: Flask, make: Factories, sign_in: SignIn) -> None:
    user = make.user()
    client = sign_in(user)
    form = {
        "password": PASSWORD,
        "new_password": "ba-con-trau-qua-suoi",
        "new_password_confirm": "ba-con-trau-qua-suoi",
    }
    verify = handed.take("security").password_util.normalize

    def meanwhile(password: str) -> str:
        with db.engine.begin() as other:
            other.execute(text("UPDATE account SET name = 'Khác'"))
        return verify(password)

    handed.take("security").password_util.normalize = meanwhile
    try:
        assert client.post("/account/password", data=form).status_code == 302
    finally:
        del handed.take("security").password_util.normalize
    assert (fresh(user).name, events(user)[-1]) == ("Khác", "account:password_changed")


def test_what_failed_is_not_recorded(app: Flask, make: Factories, sign_in: SignIn, monkeypatch: Any) -> None:
    user = make.user()
    client = sign_in(user)
    form = {
        "password": PASSWORD,
        "new_password": "ba-con-trau-qua-suoi",
        "new_password_confirm": "ba-con-trau-qua-suoi",
    }
    monkeypatch.setitem(app.config, "SECURITY_POST_CHANGE_VIEW", lambda: None)  # the view breaks after its change
    monkeypatch.setattr(app, "testing", False)
    assert client.post("/account/password", data=form).status_code == 500
    assert events(user) == ["account:signed_in"]
    assert log_in(app.test_client(), user.email).status_code == 302
