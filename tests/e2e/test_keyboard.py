"""Without a mouse: signing in, listing a product, posting a wish and answering it with Tab, arrows, Space and Enter."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import steps
from tests.e2e.keyboard import choose, press_enter, reach, sign_in, type_into
from tests.e2e.steps import FIRST, TODAY, day
from tests.e2e.windows import BUYER, DESKTOP, HTX, Windows


@pytest.fixture(scope="module")
def offer(windows_of_all: Windows) -> int:
    """Posted by the buyer: six fields, and the months in a part that Enter unfolds."""
    page = windows_of_all.open(size=DESKTOP)
    sign_in(page, BUYER)
    page.goto("/offers/create")
    type_into(page, "what", "Cá lăng sấy bằng bàn phím")
    type_into(page, "quantity", "300")
    choose(page, "measure", "gói")
    type_into(page, "where", "Hà Nội")
    type_into(page, "closes_on", day(steps.add_months(TODAY, 1)))
    type_into(page, "price", "120.000")
    reach(page, page.locator("main summary", has_text="Tháng giao hàng"))
    page.keyboard.press("Enter")
    type_into(page, "spread_from", f"{FIRST:%m/%Y}")
    type_into(page, "spread_to", f"{FIRST:%m/%Y}")
    press_enter(page, "button", "Lưu và xem trước")
    page.wait_for_url(re.compile(r"/offers/\d+$"))
    press_enter(page, "button", "Đăng")
    steps.done(page, "báo giá")
    return steps.id_in(page)


def test_a_product_is_published_with_the_keyboard(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    sign_in(page, HTX)
    press_enter(page, "link", "Đăng sản phẩm")
    type_into(page, "name", "Cá bống sấy")
    choose(page, "group", "Thực phẩm")
    choose(page, "measure", "kg")
    type_into(page, "price", "180k")
    press_enter(page, "button", "Đăng")
    page.wait_for_url(re.compile(r"/products/\d+$"))
    expect(page.locator("h1")).to_have_text("Cá bống sấy")
    expect(page.locator(".price-big")).to_contain_text("180.000")


def test_an_offer_is_answered_with_the_keyboard(windows: Windows, offer: int) -> None:
    page = windows.open(HTX, size=DESKTOP)
    page.goto(f"/offers/{offer}")
    press_enter(page, "link", "Gửi báo giá")
    type_into(page, "price", "118.000")
    type_into(page, f"month_{FIRST:%Y%m}", "250")
    reach(page, page.locator("main [name=products]").first)
    page.keyboard.press("Space")
    press_enter(page, "button", "Gửi báo giá")
    page.wait_for_url(re.compile(r"/quotes/\d+$"))
    expect(page.locator("main")).to_contain_text("250")


def test_a_question_is_answered_in_its_dialog(windows: Windows) -> None:
    page = windows.open("htx2@example.vn", size=DESKTOP)
    page.goto("/products/mine")
    page.locator("main .rowcards a").first.focus()
    page.keyboard.press("Enter")
    question = page.locator("main summary.button").first
    reach(page, question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("() => document.activeElement.closest('dialog') !== null"), "the focus is in the dialog"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_another_province_brings_its_communes(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/register?kind=company")
    type_into(page, "name", "Công ty TNHH Thử Nghiệm")
    choose(page, "province", "Thành phố Hà Nội")
    unit = page.locator("main [name=unit]")
    expect(unit.locator("option", has_text="Phường Cầu Giấy")).to_have_count(1)
    assert page.input_value("[name=name]") == "Công ty TNHH Thử Nghiệm"
