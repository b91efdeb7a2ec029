"""The list of one's own contracts."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.contracts import deals
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


def page(browser: FlaskClient, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def test_the_list_has_my_contracts_by_state(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    browser = sign_in(deal.farmer)
    assert deal.buyer.name in page(browser, "/contracts")
    assert deal.buyer.name in page(browser, "/contracts?state=awaiting_signatures")
    assert deal.buyer.name not in page(browser, "/contracts?state=signed")
    assert browser.get("/contracts?state=nonsense").status_code == 200
