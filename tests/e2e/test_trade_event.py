"""A trade event: prepared at the desk, papers recorded on a phone at the booth, confirmed, attested, counted apart."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.papers import signed_pages
from tests.e2e.steps import TODAY, day
from tests.e2e.windows import BUYER, DESKTOP, HTX, OFFICER, Windows, follow, press, text_of, unfold

NAME = "Tuần hàng nông sản Bản Thử"
SELLER = "HTX nông nghiệp Nà Bai Than Uyên"
OTHER = "Công ty TNHH Nông sản Minh Họa"
SALE, MEMORANDA, TOTAL = "Hợp đồng mua bán", "Biên bản ghi nhớ", "Hợp đồng ký trong kỳ"


@pytest.fixture(scope="module")
def officer(windows_of_all: Windows) -> Page:
    """The desk of the commune."""
    return windows_of_all.open(OFFICER, size=DESKTOP)


@pytest.fixture(scope="module")
def event(officer: Page) -> int:
    """Prepared, with two participants, open."""
    officer.goto("/events/desk")
    follow(officer, "Thêm sự kiện")
    officer.fill("[name=name]", NAME)
    officer.fill("[name=place]", "Sân vận động xã")
    officer.fill("[name=starts_on]", day(TODAY))
    officer.fill("[name=ends_on]", day(TODAY))
    press(officer, "Tạo sự kiện")
    officer.wait_for_url(re.compile(r"/events/\d+/manage$"))
    number = int(officer.url.split("/")[-2])
    for participant in (SELLER, OTHER):
        officer.goto(f"/events/{number}/enrol")
        officer.fill("main [name=q]", participant)
        press(officer, "Tìm")
        officer.get_by_label(re.compile(f"^{participant}")).check()
        officer.fill("[name=booth]", "A1")
        press(officer, "Thêm vào danh sách")
        steps.done(officer, participant)
    officer.goto(f"/events/{number}/manage")
    press(officer, "Mở sự kiện")
    steps.done(officer, "mở")
    return number


def record(page: Page, event: int, *, number: str, memorandum: bool) -> int:
    """What the seller's staff types at the booth: eight fields, two of them yes or no; the scan is two photos."""
    page.goto("/events")
    follow(page, NAME)
    follow(page, "Ghi nhận hợp đồng")
    assert page.locator("[name=event_id]").input_value() == str(event), "the event is known already"
    photos = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": leaf} for n, leaf in enumerate(signed_pages())]
    page.set_input_files("[name=scan]", photos)  # type: ignore[arg-type]
    page.check("[name=side][value=seller]")
    page.fill("[name=other-name]", OTHER)
    page.fill("[name=lines-0-name]", "Cá lăng sấy")
    if not memorandum:
        page.fill("[name=lines-0-quantity]", "200")
        page.fill("[name=lines-0-price]", "120k")
    page.fill("[name=signed_on]", day(TODAY))
    for name in ("fixes_quantity", "fixes_price"):
        page.check(f"[name={name}][value={'no' if memorandum else 'yes'}]")
    page.fill("[name=number]", number)
    if memorandum:
        unfold(page, "Thời hạn, liên kết, hộ nông dân")
        page.check("[name=will]")
    press(page, "Ghi nhận hợp đồng")
    page.wait_for_url(re.compile(r"/contracts/\d+$"), timeout=40_000)
    return steps.id_in(page)


def figures(officer: Page) -> dict[str, int]:
    """What the report says of the quarter."""
    officer.goto("/reports/contracts")
    return {label: steps.figure(officer, label) for label in (TOTAL, SALE, MEMORANDA)}


def test_the_event_is_public_with_its_participants(event: int, windows: Windows) -> None:
    page = windows.open()
    page.goto("/events")
    follow(page, NAME)
    expect(page.locator("main")).to_contain_text(SELLER)
    expect(page.locator("main")).to_contain_text(OTHER)


def test_a_paper_contract_counts_once_the_other_party_confirms(event: int, officer: Page, windows: Windows) -> None:
    before = figures(officer)
    contract = record(windows.open(HTX), event, number="01/HC-BT", memorandum=False)
    assert figures(officer) == before, "recorded by one side only"
    buyer = windows.open(BUYER)
    buyer.goto(f"/contracts/{contract}")
    assert "24.000.000" in text_of(buyer)
    buyer.locator("main summary.button", has_text="Xác nhận").first.click()
    buyer.get_by_role("button", name="Đúng, của chúng tôi").click()
    steps.done(buyer, "xác nhận")
    assert figures(officer) == {**before, TOTAL: before[TOTAL] + 1, SALE: before[SALE] + 1}


def test_a_memorandum_is_attested_and_counted_apart(event: int, officer: Page, windows: Windows) -> None:
    before = figures(officer)
    contract = record(windows.open(HTX), event, number="02/GN-BT", memorandum=True)
    steps.attest(officer, contract)
    assert figures(officer) == {**before, MEMORANDA: before[MEMORANDA] + 1}
    officer.goto(f"/events/{event}/manage")
    expect(officer.locator("main")).to_contain_text(re.compile("biên bản.*: 1"))
