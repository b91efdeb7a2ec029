"""Other ways to a signed contract: with the keyboard alone, without scripts, and two cooperatives with one buyer."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import proof_steps, steps
from tests.e2e.keyboard import press_enter, reach, type_into
from tests.e2e.steps import TODAY, Deal, day
from tests.e2e.windows import BUYER, DESKTOP, HTX2, OFFICER, PASSWORD, Windows, sign_in, text_of, unfold

KEYS = Deal(
    seller="HTX Nông nghiệp Bản Phím",
    tax_code="0090000121",
    person="Vàng Thị Thử Phím",
    email="minhhoa.banphim@example.vn",
    phone="0900 000 108",
    product="Chè Bản Phím",
    number="21/HĐLK-BP",
)
PLAIN = Deal(
    seller="HTX Nông nghiệp Bản Trơn",
    tax_code="0090000139",
    person="Giàng Thị Thử Trơn",
    email="minhhoa.bantron@example.vn",
    phone="0900 000 109",
    product="Lạc Bản Trơn",
    number="39/HĐLK-BT",
)
POOLED = "14/2026/HĐLK"


def reach_id(page: Page, name: str) -> None:
    """A control of the content by its name."""
    reach(page, page.locator(f"main [name='{name}']:not([type=hidden])"))


def test_a_contract_is_talked_about_opened_and_signed_with_the_keyboard(windows: Windows) -> None:
    officer, buyer = windows.open(OFFICER, size=DESKTOP), windows.open(BUYER, size=DESKTOP)
    seller = proof_steps.cooperative(windows, officer, KEYS)
    contract = proof_steps.drawn_up(seller, buyer, KEYS)
    buyer.goto(f"/contracts/{contract}/text?clause=payment")
    type_into(buyer, "text", "Đề nghị thanh toán trong 7 ngày.")
    press_enter(buyer, "button", "Gửi góp ý")
    expect(buyer.locator(".talk")).to_contain_text("7 ngày")
    buyer.goto(f"/contracts/{contract}/edit")
    reach(buyer, buyer.locator("summary", has_text="Thời hạn, giao hàng, thanh toán"))
    buyer.keyboard.press("Enter")
    type_into(buyer, "payment_days", "7")
    press_enter(buyer, "button", "Lưu dự thảo")
    buyer.wait_for_url(proof_steps.CONTRACT)
    buyer.goto(f"/contracts/{contract}")
    press_enter(buyer, "link", "Sửa dự thảo")
    buyer.goto(f"/contracts/{contract}/open-for-signing")
    type_into(buyer, "sign_by", day(TODAY + timedelta(days=9)))
    press_enter(buyer, "button", "Chốt văn bản và mở ký")
    buyer.wait_for_url(proof_steps.CONTRACT, timeout=proof_steps.SLOW)
    proof_steps.sign_on_paper(seller, f"/contracts/{contract}/sign")
    buyer.goto(f"/contracts/{contract}/sign")
    reach(buyer, buyer.locator("main summary", has_text="Hoặc xác nhận trên ứng dụng"))
    buyer.keyboard.press("Enter")
    type_into(buyer, "app-password", PASSWORD)
    reach_id(buyer, "app-agree")
    buyer.keyboard.press("Space")
    press_enter(buyer, "button", "Xác nhận trên ứng dụng")
    buyer.wait_for_url(proof_steps.CONTRACT, timeout=proof_steps.SLOW)
    assert "Bản xác nhận ký kết (PDF)" in text_of(buyer)
    code = proof_steps.code_of(buyer, contract)
    buyer.goto("/verify")
    type_into(buyer, "code", code)
    buyer.keyboard.press("Enter")
    buyer.wait_for_url(f"**/verify/{code}")


def test_a_contract_is_sent_back_and_signed_without_scripts(windows: Windows) -> None:
    officer, buyer = windows.open(OFFICER, size=DESKTOP), windows.open(size=DESKTOP, script=False)
    sign_in(buyer, BUYER)
    seller = windows.open(script=False)
    steps.register(seller, PLAIN)
    steps.verify(officer, PLAIN)
    steps.publish_product(seller, PLAIN)
    contract = proof_steps.drawn_up(seller, buyer, PLAIN)
    proof_steps.comment(seller, contract, "price", "Giá này đã trừ bao bì.")
    proof_steps.open_in_order(buyer, contract, last_day=TODAY + timedelta(days=5))
    proof_steps.ask_for_changes(seller, contract, "Thêm số tài khoản.")
    buyer.goto(f"/contracts/{contract}")
    expect(buyer.locator("main")).to_contain_text("Thêm số tài khoản.")
    proof_steps.open_in_order(buyer, contract, last_day=TODAY + timedelta(days=5))
    proof_steps.sign_on_paper(seller, f"/contracts/{contract}/sign")
    proof_steps.confirm_in_app(buyer, f"/contracts/{contract}/sign")
    assert "Bản xác nhận ký kết (PDF)" in text_of(buyer)
    terms = proof_steps.terms_on(buyer, contract, TODAY)
    assert PLAIN.product in terms
    why = {"day": day(TODAY), "reason": "Mất mùa, hai bên cùng đồng ý dừng."}
    proof_steps.declare(seller, contract, "terminate", "Chấm dứt trước hạn", ground="agreement", **why)
    proof_steps.agree(buyer, contract)
    expect(buyer.locator("#declarations")).to_contain_text("Đã có hiệu lực")
    expect(buyer.locator("main")).to_contain_text("Hai bên thỏa thuận chấm dứt")


@pytest.fixture(scope="module")
def pooled(windows_of_all: Windows) -> int:
    """The demonstration's contract of two cooperatives; the second one's turn has come."""
    page = windows_of_all.open(BUYER, size=DESKTOP)
    page.goto("/contracts?state=awaiting_signatures")
    page.locator("main a", has_text=POOLED).first.click()
    page.wait_for_url(proof_steps.CONTRACT)
    return steps.id_in(page)


def test_the_second_cooperative_signs_its_share_and_the_contract_stands(windows: Windows, pooled: int) -> None:
    partner, buyer = windows.open(HTX2), windows.open(BUYER, size=DESKTOP)
    partner.goto(f"/contracts/{pooled}/sign")
    unfold(partner, "Hoặc xác nhận trên ứng dụng")
    assert "Phần của HTX bạn" in text_of(partner)
    proof_steps.confirm_in_app(partner, f"/contracts/{pooled}/sign")
    buyer.goto(f"/contracts/{pooled}")
    assert "Bản xác nhận ký kết (PDF)" in text_of(buyer)
    expect(buyer.locator("#split tbody tr")).to_have_count(2)
    stranger = windows.open()
    stranger.goto(f"/verify/{proof_steps.code_of(buyer, pooled)}")
    said = text_of(stranger)
    assert said.count("HTX nông nghiệp") >= 2
    assert "Các bên đã ký" in said
