"""The chain from end to end, walked by four people in Chromium: a new cooperative, its buyer, two officers, a stranger."""

import io
import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.steps import FIRST, TODAY, Deal
from tests.e2e.windows import BUYER, DESKTOP, OFFICER, OFFICER2, PHONE, Windows, press, text_of

DEAL = Deal(
    seller="HTX Nông nghiệp Bản Mẫu",
    tax_code="0090000058",
    person="Lò Văn Thử Nghiệm",
    email="minhhoa.banmau@example.vn",
    phone="0900 000 101",
    product="Gạo nương Bản Mẫu",
    number="58/HĐLK-BM",
)
SIGNED = "Hợp đồng ký trong kỳ"


@pytest.fixture(scope="module")
def htx(windows_of_all: Windows) -> Page:
    """The representative's phone; the cooperative is registered."""
    page = windows_of_all.open(size=PHONE)
    steps.register(page, DEAL)
    return page


@pytest.fixture(scope="module")
def officer(windows_of_all: Windows) -> Page:
    """The desk of the commune's officer."""
    return windows_of_all.open(OFFICER, size=DESKTOP)


@pytest.fixture(scope="module")
def buyer(windows_of_all: Windows) -> Page:
    """The buyer in Hà Nội."""
    return windows_of_all.open(BUYER, size=DESKTOP)


@pytest.fixture(scope="module")
def stranger(windows_of_all: Windows) -> Page:
    """Somebody with a phone and no account."""
    return windows_of_all.open()


@pytest.fixture(scope="module")
def product(htx: Page, officer: Page) -> int:
    """Published after the officer's verification."""
    steps.verify(officer, DEAL)
    return steps.publish_product(htx, DEAL)


@pytest.fixture(scope="module")
def offer(buyer: Page, product: int) -> int:
    """What the buyer wants, answered by the cooperative."""
    return steps.publish_offer(buyer, DEAL)


@pytest.fixture(scope="module")
def contract(htx: Page, buyer: Page, offer: int) -> int:
    """Drawn up from the accepted quote."""
    steps.answer(htx, DEAL, offer)
    return steps.accept(buyer, DEAL, offer)


@pytest.fixture(scope="module")
def issued(htx: Page, buyer: Page, contract: int) -> bytes:
    """The PDF of the text that is signed."""
    steps.edit_contract(htx, DEAL, contract)
    steps.open_for_signing(htx, contract)
    return steps.download(htx, "Tải hợp đồng (PDF)")


@pytest.fixture(scope="module")
def code(htx: Page, buyer: Page, contract: int, issued: bytes) -> str:
    """The public code; both have signed, the seller in ink and the buyer in the application."""
    steps.sign_in_ink(htx, contract)
    steps.confirm_in_app(buyer, contract)
    buyer.wait_for_url(re.compile(r"/contracts/\d+$"))
    link = buyer.locator("main a[href*='/verify/']").first.get_attribute("href")
    assert link
    return urlsplit(link).path.rsplit("/", 1)[1]


def test_a_new_cooperative_waits_for_its_officer(htx: Page, officer: Page) -> None:
    htx.goto("/products/new")
    expect(htx.get_by_role("button", name="Đăng", exact=True)).to_have_count(0)
    officer.goto("/desk")
    expect(officer.locator(".work-list").first).to_contain_text(DEAL.seller)


def test_the_product_stands_in_the_catalogue(product: int, stranger: Page) -> None:
    stranger.goto("/products?q=gao+nuong+ban+mau")
    expect(stranger.get_by_role("link", name=DEAL.product).first).to_be_visible()
    stranger.goto(f"/products/{product}")
    assert DEAL.phone not in text_of(stranger)
    assert DEAL.person not in text_of(stranger)


def test_a_photo_is_shown_without_the_place_where_it_was_taken(htx: Page, stranger: Page, product: int) -> None:
    steps.add_photo(htx, product)
    stranger.goto(f"/products/{product}")
    image = stranger.locator(".gallery img").first
    image.evaluate("each => each.decode()")
    address = image.evaluate("each => each.currentSrc")
    shown = Image.open(io.BytesIO(stranger.request.get(address).body()))
    assert shown.width > 100
    assert not dict(shown.getexif())


def test_a_certificate_with_its_scan(htx: Page, stranger: Page, product: int) -> None:
    steps.add_certificate(htx, product)
    stranger.goto(f"/products/{product}")
    expect(stranger.locator(".certificates")).to_contain_text("VietGAP")


def test_the_seller_finds_the_offer_on_the_home_page(htx: Page, offer: int) -> None:
    htx.goto("/")
    expect(htx.locator(f".matches a[href$='/offers/{offer}']")).to_have_count(1)


def test_the_contract_carries_everything_over(buyer: Page, contract: int) -> None:
    buyer.goto(f"/contracts/{contract}")
    said = text_of(buyer)
    for carried in (DEAL.seller, "Công ty TNHH Nông sản Minh Họa", DEAL.product, "1.100", DEAL.price, "34.650.000"):
        assert carried in said, carried
    buyer.goto(f"/contracts/{contract}/edit")
    for name, value in (
        ("place", DEAL.place),
        ("payment_days", "10"),
        ("lines-0-quantity", "1.100"),
        ("lines-0-price", DEAL.price),
        ("lines-0-months-0-month", f"{FIRST:%m/%Y}"),
        ("lines-0-months-0-quantity", "600"),
    ):
        assert buyer.input_value(f"[name={name}]") == value, name
    assert buyer.locator("[name=linkage_form] option:checked").get_attribute("value"), "the form of linkage"


def test_the_pdf_is_real_and_complete(issued: bytes) -> None:
    assert issued.startswith(b"%PDF-")
    said = steps.words_of(issued)
    for words in (DEAL.number, DEAL.person, "Nguyễn Thị Minh Họa", DEAL.product, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"):
        assert words in said, words
    assert "Bên bán báo trước ba ngày" in said


def test_both_have_signed_each_in_its_way(buyer: Page, contract: int, code: str) -> None:
    buyer.goto(f"/contracts/{contract}")
    signatures = buyer.locator(".signatures")
    expect(signatures).to_contain_text(f"{TODAY:%d/%m/%Y}")
    expect(signatures.locator("a[href*='/scan/']")).to_have_count(1)
    scan = buyer.request.get(signatures.locator("a[href*='/scan/']").get_attribute("href") or "").body()
    assert scan.startswith(b"%PDF-"), "the photos became one document"


def test_a_stranger_checks_the_contract(stranger: Page, htx: Page, contract: int, issued: bytes, code: str) -> None:
    stranger.goto(f"/verify/{code}")
    said = text_of(stranger)
    for shown in (DEAL.number, DEAL.seller, "Công ty TNHH Nông sản Minh Họa", "Các bên đã ký"):
        assert shown in said, shown
    for hidden in (DEAL.price, "1.100", DEAL.person, "Nguyễn Thị Minh Họa", "0900", DEAL.product):
        assert hidden not in said, hidden
    with stranger.expect_request(lambda request: request.method == "POST") as sent:
        assert "Tệp khớp" in steps.file_to_compare(stranger, code, issued)
    body = sent.value.post_data_buffer or b""
    assert b"%PDF" not in body, "the file left the device"
    assert sha256(issued).hexdigest().encode() in body
    assert "Tệp không khớp" in steps.file_to_compare(stranger, code, issued + b" ")
    assert stranger.goto(f"/contracts/{contract}"), "an address that asks to sign in"
    expect(stranger).to_have_url(re.compile("/login"))


def test_the_way_from_the_paper_to_the_public_page(stranger: Page, issued: bytes, code: str) -> None:
    assert code in steps.words_of(issued).replace(" ", "").replace("-", "")
    stranger.goto("/verify")
    stranger.fill("[name=code]", code.lower())
    press(stranger, "Kiểm tra")
    expect(stranger).to_have_url(re.compile(f"/verify/{code}$"))


def test_a_confirmation_in_the_application_counts_once_attested(officer: Page, contract: int, code: str) -> None:
    officer.goto("/desk")
    before = steps.figure(officer, SIGNED)
    expect(officer.locator(".work-list").first).to_contain_text(DEAL.number)
    steps.attest(officer, contract)
    officer.goto("/desk")
    assert steps.figure(officer, SIGNED) == before + 1
    officer.locator(".figure", has=officer.get_by_text(SIGNED, exact=True)).first.click()
    expect(officer.get_by_role("link", name=DEAL.number)).to_have_count(1)
    assert len(officer.locator("main tbody tr").all()) == before + 1, "the figure opens exactly its rows"
    with officer.expect_download() as waited:
        officer.get_by_role("link", name="Tải tệp Excel").click()
    cells = [
        str(cell)
        for sheet in load_workbook(io.BytesIO(Path(waited.value.path()).read_bytes()))
        for row in sheet.values
        for cell in row
    ]
    assert DEAL.number in cells
    assert DEAL.seller in cells


def test_another_commune_does_not_see_it(windows: Windows, contract: int, code: str) -> None:
    other = windows.open(OFFICER2, size=DESKTOP)
    answer = other.goto(f"/contracts/{contract}")
    assert answer
    assert answer.status == 404
    assert DEAL.number not in text_of(other)
