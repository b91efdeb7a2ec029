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


def test_what_waits_for_me_stands_first_with_whose_turn_and_since_when(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    newer = deals.opened(make, number="99/2026/HĐMB")
    make.belong(deal.farmer, newer.seller)
    deals.sign(newer, newer.sides[0], make.now)
    browser = sign_in(deal.farmer)
    said = page(browser, "/contracts")
    mine, others = said.index("Đang chờ bạn ký."), said.index(f"Đang chờ {newer.buyer.name} ký.")
    assert said.index("Đang chờ tôi (1)</h2>") < mine < others, (
        "an older one that waits for me stands before a newer one"
    )
    assert said.count(f'href="/contracts/{deal.contract.id}"') == 1
    only = page(browser, "/contracts?state=waiting")
    assert "Đang chờ bạn ký." in only
    assert "99/2026/HĐMB" not in only
    by_state = page(browser, "/contracts?state=awaiting_signatures")
    assert "Đang chờ bạn ký." in by_state
    assert f"Đang chờ {newer.buyer.name} ký." in by_state
    deals.sign(deal, deal.sides[0], make.now)
    assert "Không có hợp đồng nào chờ bạn" in page(browser, "/contracts?state=waiting")
