"""The library speaks our words: none of its own English, and nothing about what it offers and we do not."""

from flask import Flask
from flask.testing import FlaskClient
from flask_security.core import _default_messages as of_library

from marketplace.accounts.messages import MAILS, SENTENCES
from tests.accounts.conftest import log_in, mails
from tests.factories import Factories

OFF = (
    "WEBAUTHN_", "USERNAME_", "OAUTH_", "CONFIRM", "EMAIL_CONFIRMED", "ALREADY_CONFIRMED", "INVALID_CONFIRMATION",
    "PASSWORDLESS", "INVALID_LOGIN_TOKEN", "LOGIN_E", "REFRESH_TOKEN", "CHANGE_EMAIL", "PASSWORD_BREACHED", "US_CURRENT",
    "US_SETUP", "USE_CODE", "CODE_HAS_BEEN_SENT", "FAILED_TO_SEND_CODE", "GENERIC_US", "IDENTITY_", "EMAIL_ALREADY",
    "INVALID_INPUT", "FORGOT_PASSWORD", "PASSWORD_RESET",
)  # fmt: skip
"""Sentences of what is switched off (and, at the end, of automatic sign-in after a reset)."""


def test_every_sentence_of_the_library_that_can_appear_is_ours() -> None:
    can_appear = {name for name in of_library if not name.startswith(OFF)}
    assert can_appear <= set(SENTENCES)


def test_every_sentence_of_ours_is_one_of_the_librarys() -> None:
    assert set(SENTENCES) <= set(of_library)


def test_our_values_are_those_that_the_library_fills_in() -> None:
    for name, (sentence, _kind) in SENTENCES.items():
        ours = {part.split(")")[0] for part in sentence.text.split("%(")[1:]}
        its = {part.split(")")[0] for part in of_library[name][0].split("%(")[1:]}
        assert ours <= its | ({"email"} if name == "PASSWORD_RESET_REQUEST" else set()), name


def test_they_are_spoken_in_vietnamese(app: Flask, client: FlaskClient, make: Factories) -> None:
    make.user(email="lan@example.vn")
    page = log_in(client, "lan@example.vn", "sai").get_data(as_text=True)
    assert "mật khẩu không khớp" in page
    assert "Đăng nhập" in page
    client.post("/forgot-password", data={"email": "lan@example.vn"})
    assert "2 giờ" in mails()[0].body
    assert len(MAILS) == 3
