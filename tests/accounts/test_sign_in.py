"""Signing in and out."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import PASSWORD, Factories


@pytest.mark.parametrize("typed", ["0900 123 456", "0900123456", "+84 900 123 456", "84900123456", "0900.123.456"])
def test_a_phone_number_in_any_spelling_signs_in(client: FlaskClient, make: Factories, typed: str) -> None:
    make.user(email=None, us_phone_number="+84900123456")
    make.commit()
    answer = client.post("/login", data={"identity": typed, "passcode": PASSWORD})
    assert answer.status_code == 302
