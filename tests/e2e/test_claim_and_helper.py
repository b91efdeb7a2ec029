"""A listed cooperative is claimed, somebody else asks to join it, and a helper does everything for it but sign."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.steps import Deal
from tests.e2e.windows import BUYER, DESKTOP, OFFICER, OFFICER2, Windows, follow, press

DEAL = Deal(
    seller="HTX nông nghiệp Đồng Tâm",
    tax_code="0090000072",
    person="Vàng Thị Mẫu",
    email="minhhoa.dongtam@example.vn",
    phone="0900 000 102",
    product="Ngô nếp Đồng Tâm",
    number="72/HĐLK-DT",
)
SECOND = replace(DEAL, person="Lù Văn Sau", email="minhhoa.dongtam2@example.vn", phone="0900 000 103")
HELPER = "Sùng A Pao"


@pytest.fixture(scope="module")
def owner(windows_of_all: Windows) -> Page:
    """Found in the list of organisations, and claimed."""
    page = windows_of_all.open()
    page.goto("/organisations?q=dong+tam")
    page.get_by_role("link", name=DEAL.seller, exact=True).click()
    follow(page, "Đây là đơn vị của tôi")
    steps.fill_person(page, DEAL)
    press(page, "Đây là đơn vị của tôi")
    page.wait_for_url("**/organisations/mine")
    return page


@pytest.fixture(scope="module")
def organisation(owner: Page) -> int:
    """Its number."""
    owner.goto("/organisations/mine")
    link = owner.locator("main a[href*='/organisations/']", has_text=DEAL.seller).first.get_attribute("href")
    return int((link or "").rsplit("/", 1)[1])


@pytest.fixture(scope="module")
def verified(windows_of_all: Windows, organisation: int) -> int:
    """The commune's officer has looked at it."""
    steps.verify(windows_of_all.open(OFFICER, size=DESKTOP), DEAL)
    return organisation


@pytest.fixture(scope="module")
def helper(windows_of_all: Windows, owner: Page, verified: int) -> Page:
    """The owner lets an officer of the neighbouring commune help."""
    owner.goto(f"/organisations/{verified}/mandates/grant")
    owner.fill("[name=helper_name]", HELPER)
    owner.fill("[name=identity]", OFFICER2)
    press(owner, "Nhờ giúp")
    steps.done(owner, HELPER)
    return windows_of_all.open(OFFICER2, size=DESKTOP)


def test_what_is_claimed_counts_already_but_may_not_publish(owner: Page, organisation: int) -> None:
    owner.goto("/products/new")
    expect(owner.get_by_role("button", name="Lưu nháp")).to_be_visible()
    expect(owner.get_by_role("button", name="Đăng", exact=True)).to_have_count(0)


def test_a_second_claim_is_a_request_that_the_owner_decides(owner: Page, verified: int, windows: Windows) -> None:
    second = windows.open()
    steps.fill_registration(second, SECOND)
    press(second, "Đăng ký")
    expect(second.locator(".error-summary")).to_be_visible()
    second.get_by_role("link", name=DEAL.seller).click()
    steps.fill_person(second, SECOND)
    press(second, "Xin tham gia")
    second.wait_for_url("**/organisations/mine")
    expect(second.locator("main")).to_contain_text("Đã xin tham gia")
    second.goto(f"/organisations/{verified}/members")
    expect(second.locator("h1")).not_to_contain_text(DEAL.seller)
    owner.goto(f"/organisations/{verified}/members")
    owner.get_by_role("link", name=re.compile(f"^Đồng ý {SECOND.person}")).click()
    owner.fill("[name=title]", "Kế toán")
    press(owner, "Đồng ý")
    owner.wait_for_url(f"**/organisations/{verified}/members")
    second.goto("/")
    expect(second.locator(".lead")).to_contain_text(DEAL.seller)


def test_a_helper_does_everything_but_sign(owner: Page, helper: Page, verified: int, windows: Windows) -> None:
    buyer = windows.open(BUYER, size=DESKTOP)
    steps.publish_product(helper, DEAL, start=f"/products/new?organisation={verified}")
    offer = steps.publish_offer(buyer, DEAL)
    steps.answer(helper, DEAL, offer, start=f"/offers/{offer}/quote?seller={verified}")
    contract = steps.accept(buyer, DEAL, offer)
    steps.edit_contract(helper, DEAL, contract)
    steps.open_for_signing(helper, contract)
    assert f"{HELPER} thay mặt {DEAL.seller}" in said_in_history(buyer, contract)
    helper.goto(f"/contracts/{contract}")
    expect(helper.locator(f"main a[href$='/contracts/{contract}/sign']")).to_have_count(0)
    helper.goto(f"/contracts/{contract}/sign")
    helper.wait_for_url(f"**/contracts/{contract}")  # sent back, with the reason
    expect(helper.locator("form[action*='sign']")).to_have_count(0)
    owner.goto(f"/contracts/{contract}")
    expect(owner.locator(f"main a.button[href$='/contracts/{contract}/sign']")).to_have_count(1)


def said_in_history(page: Page, contract: int) -> str:
    """Who did what, unfolded."""
    page.goto(f"/contracts/{contract}")
    page.locator("summary", has_text="Lịch sử").click()
    return " ".join(page.locator("ol.timeline").inner_text().split())
