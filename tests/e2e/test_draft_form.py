"""The form of a draft on a phone: folded parts that say what is in them, only the price fields that matter, saving at hand."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_nothing_is_lost import open_draft
from tests.e2e.windows import BUYER, Windows, sign_in, unfold

PRICES = ("price", "price_percent", "price_most", "market")
SHOWN = {
    "fixed": {"price"},
    "floor": {"price", "market"},
    "floor_share": {"price", "price_percent", "market"},
    "market": {"price", "price_percent", "market"},
    "ceiling": set(PRICES),
    "negotiable": set(),
}


def shown(page: Page) -> set[str]:
    """The price fields that are to be seen."""
    return {name for name in PRICES if page.locator(f"[name=lines-0-{name}]").is_visible()}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_kind_of_price_shows_what_it_needs_and_what_is_filled_in(windows: Windows, kind: str) -> None:
    page = windows.open()
    sign_in(page, BUYER)
    open_draft(page)
    unfold(page, "Hàng hóa 1")
    page.select_option("[name=lines-0-price_kind]", "ceiling")
    for name in PRICES:
        page.fill(f"[name=lines-0-{name}]", "")
    page.fill("[name=lines-0-price_most]", "75.000")
    page.select_option("[name=lines-0-price_kind]", kind)
    assert shown(page) == SHOWN[kind] | {"price_most"}, "nothing that holds a value hides"
    page.fill("[name=lines-0-price_most]", "")
    assert shown(page) == SHOWN[kind]


def test_the_form_is_short_and_saving_is_at_hand(windows: Windows) -> None:
    page = windows.open()
    sign_in(page, BUYER)
    open_draft(page)
    page.reload()
    assert page.evaluate("document.documentElement.scrollHeight") < 2600
    expect(page.get_by_role("button", name="Lưu dự thảo")).to_be_in_viewport(ratio=1)
    part = page.locator("details", has_text="Thời hạn, giao hàng, thanh toán").first
    unfold(page, "Thời hạn, giao hàng, thanh toán")
    page.fill("[name=place]", "Kho Minh Họa")
    expect(part.locator(".holds")).to_contain_text("Kho Minh Họa")
    page.goto(page.url + "#payment_days")
    expect(page.locator("[name=payment_days]")).to_be_visible()


def test_without_scripts_every_price_field_stands_there(windows: Windows) -> None:
    page = windows.open(script=False)
    sign_in(page, BUYER)
    open_draft(page)
    unfold(page, "Hàng hóa 1")
    assert shown(page) == set(PRICES)
