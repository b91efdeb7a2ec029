"""The same journey in browsers that run no script: every form works by itself, also signing in ink."""

import re

from playwright.sync_api import expect

from tests.e2e import steps
from tests.e2e.steps import Deal
from tests.e2e.windows import BUYER, DESKTOP, OFFICER, PHONE, Windows, press, sign_in, unfold

DEAL = Deal(
    seller="HTX Nông nghiệp Bản Vắng",
    tax_code="0090000065",
    person="Giàng A Thử",
    email="minhhoa.banvang@example.vn",
    phone="0900 000 104",
    product="Đậu tương Bản Vắng",
    number="65/HĐLK-BV",
)


def test_a_contract_is_made_and_signed_in_ink_without_scripts(windows: Windows) -> None:
    seller = windows.open(size=PHONE, script=False)
    officer, buyer = (windows.open(size=DESKTOP, script=False) for _each in range(2))
    sign_in(officer, OFFICER)
    sign_in(buyer, BUYER)
    steps.register(seller, DEAL)
    steps.verify(officer, DEAL)
    product = steps.publish_product(seller, DEAL)
    steps.add_photo(seller, product)
    steps.add_certificate(seller, product)
    offer = steps.publish_offer(buyer, DEAL)
    steps.answer(seller, DEAL, offer)
    contract = steps.accept(buyer, DEAL, offer)
    steps.edit_contract(seller, DEAL, contract)
    steps.open_for_signing(seller, contract)
    issued = steps.download(seller, "Tải hợp đồng (PDF)")
    steps.sign_in_ink(seller, contract)
    steps.confirm_in_app(buyer, contract, password="not the password")
    expect(buyer.locator(".error-summary")).to_be_visible()
    buyer.goto(f"/contracts/{contract}/sign")
    buyer.check("[name=same_paper]")
    buyer.fill("#ink [name=signed_on]", steps.day(steps.TODAY))
    press(buyer, "Ghi nhận chữ ký trên giấy")
    buyer.wait_for_url(re.compile(r"/contracts/\d+$"))
    public = buyer.locator("main a[href*='/verify/']").first.get_attribute("href") or ""
    stranger = windows.open(script=False)
    said = steps.file_to_compare(stranger, public.rsplit("/", 1)[1], issued)
    assert "Tệp khớp" in said
    assert "Các bên đã ký" in said


def test_the_communes_of_another_province_come_by_a_button(windows: Windows) -> None:
    page = windows.open(script=False)
    page.goto("/register?kind=company")
    page.fill("[name=name]", "Công ty TNHH Thử Nghiệm")
    page.select_option("[name=province]", label="Thành phố Hà Nội")
    press(page, "Xem xã, phường của tỉnh này")
    page.select_option("[name=unit]", label="Phường Cầu Giấy")
    assert page.input_value("[name=name]") == "Công ty TNHH Thử Nghiệm", "nothing typed is lost"
    expect(page.locator(".error-summary")).to_have_count(0)


def test_an_act_that_asks_once_more_opens_in_place(windows: Windows) -> None:
    page = windows.open(script=False)
    sign_in(page, "htx2@example.vn")
    page.goto("/products/mine")
    page.locator("main .rowcards a").first.click()
    page.locator("summary.button.danger").first.click()
    expect(page.locator(".confirm-question").first).to_be_visible()


def test_months_are_added_by_a_button(windows: Windows) -> None:
    page = windows.open(script=False)
    sign_in(page, BUYER)
    page.goto("/contracts/record")
    page.fill("[name=lines-0-name]", "Gạo nếp")
    unfold(page, "Tiêu chuẩn và số lượng theo tháng")
    months = page.locator("[name^='lines-0-months-'][name$='-month']")
    before = months.count()
    press(page, "Thêm tháng")
    expect(months).to_have_count(before + 3)
    assert page.input_value("[name=lines-0-name]") == "Gạo nếp"
