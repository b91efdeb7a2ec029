"""An e-mail address is proved by opening the link that was sent to it, and by nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from marketplace.accounts.models import User
from marketplace.extensions import db
from tests.accounts.conftest import events, mails
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


def proved(user: User) -> bool:
    """As the database has it now."""
    db.session.rollback()
    return db.session.get_one(User, user.id, populate_existing=True).email_proved_at is not None


@pytest.fixture
def person(make: Factories) -> User:
    """Somebody whose address nobody has seen working."""
    return make.user(email="moi@example.vn", email_proved_at=None)


def letter_to(client: FlaskClient) -> str:
    """Ask for the letter; the path of its link."""
    assert client.post("/account/letter").status_code == 303
    return mails()[-1].path


def test_the_link_proves_the_address_by_a_button_and_not_by_being_opened(person: User, sign_in: SignIn) -> None:
    client = sign_in(person)
    path = letter_to(client)
    assert mails()[-1].recipient == "moi@example.vn"
    assert "moi@example.vn" in client.get(path).text
    assert not proved(person)
    assert client.post(path).status_code == 303
    assert proved(person)
    assert person.proved
    assert events(person)[-1] == "account:email_proved"


def test_the_link_works_on_a_device_where_nobody_is_signed_in(
    person: User, sign_in: SignIn, client: FlaskClient
) -> None:
    path = letter_to(sign_in(person))
    assert client.post(path).status_code == 303
    assert proved(person)


@pytest.mark.parametrize("damage", [lambda path: path[:-2], lambda path: path + "x", lambda path: path.upper()])
def test_a_link_that_is_not_whole_says_so(
    person: User, sign_in: SignIn, client: FlaskClient, damage: Callable[[str], str]
) -> None:
    path = damage(letter_to(sign_in(person)))
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert not proved(person)


def test_the_link_is_for_that_address_only(person: User, sign_in: SignIn, client: FlaskClient) -> None:
    path = letter_to(sign_in(person))
    db.session.execute(update(User).where(User.id == person.id).values(email="khac@example.vn"))
    assert client.post(path).status_code == 404
    assert not proved(person)


def test_a_proved_address_gets_no_more_letters(make: Factories, sign_in: SignIn) -> None:
    user = make.user(email="cu@example.vn")
    sign_in(user).post("/account/letter")
    assert not mails()
