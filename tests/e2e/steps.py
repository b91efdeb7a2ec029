"""What people do on the way from a registration to a signed contract; each step works with and without scripts."""

import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from marketplace.kernel.dates import add_months, local_date, month_start
from tests.e2e.papers import certificate, goods_photo, signed_pages
from tests.e2e.windows import PASSWORD, follow, press, text_of, unfold

TODAY = local_date(datetime.now(UTC))
FIRST = add_months(month_start(TODAY), 1)
"""The first month of delivery; the second follows it."""


@dataclass(frozen=True)
class Deal:
    """Who plays, and what is agreed. Names and tax codes belong to nobody."""

    seller: str
    tax_code: str
    person: str
    email: str
    phone: str
    product: str
    number: str
    price: str = "31.500"
    place: str = "Phường Cầu Giấy, Thành phố Hà Nội"


def day(value: date) -> str:
    """As it is typed."""
    return f"{value:%d/%m/%Y}"


def id_in(page: Page) -> int:
    """The number of the thing that the page's address names."""
    found = re.search(r"/(\d+)(?:[/?#]|$)", page.url)
    assert found, page.url
    return int(found[1])


def done(page: Page, *words: str) -> None:
    """The last step was accepted: the page says so at its top."""
    flashes = page.locator(".flashes")
    for each in words:
        expect(flashes).to_contain_text(each)


def fill_registration(page: Page, deal: Deal) -> None:
    """The form of a visitor who registers a cooperative."""
    page.goto("/register")
    page.click("main a[href*='kind=htx']")
    page.fill("[name=name]", deal.seller)
    page.fill("[name=tax_code]", deal.tax_code)
    page.select_option("[name=sector]", "NLN")
    page.select_option("[name=unit]", label="Xã Than Uyên")
    fill_person(page, deal)


def fill_person(page: Page, deal: Deal) -> None:
    """Who registers or claims."""
    page.fill("[name=person_name]", deal.person)
    page.fill("[name=person_phone]", deal.phone)
    page.fill("[name=person_email]", deal.email)
    page.fill("[name=password]", PASSWORD)
    assert not page.is_checked("[name=consent]"), "consent is never ticked beforehand"
    page.check("[name=consent]")


def register(page: Page, deal: Deal) -> None:
    """A visitor registers a cooperative and is signed in as its representative."""
    fill_registration(page, deal)
    press(page, "Đăng ký")
    page.wait_for_url("**/organisations/mine")
    done(page, deal.seller)


def verify(page: Page, deal: Deal) -> None:
    """An officer of the commune finds it in the queue, compares it with its certificate, verifies it."""
    page.goto("/organisations/queue")
    follow(page, deal.seller)
    expect(page.locator("main")).to_contain_text(deal.person)
    page.locator("[name=evidence]").first.check()
    press(page, "Xác minh")
    page.wait_for_url("**/organisations/queue")
    done(page, deal.seller)


def publish_product(page: Page, deal: Deal, start: str = "") -> int:
    """Five fields, and the product is in the catalogue; from the home page, or from an address."""
    page.goto(start or "/")
    if not start:
        follow(page, "Đăng sản phẩm")
    page.fill("[name=name]", deal.product)
    page.select_option("[name=group]", "TP")
    page.select_option("[name=measure]", "kg")
    page.fill("[name=price]", "32k")
    assert page.locator("[name=unit] option:checked").inner_text() == "Xã Than Uyên", "the commune is prefilled"
    press(page, "Đăng")
    page.wait_for_url(re.compile(r"/products/\d+$"))
    expect(page.locator("h1")).to_have_text(deal.product)
    expect(page.locator(".price-big")).to_contain_text("32.000")
    return id_in(page)


def add_photo(page: Page, product_id: int) -> None:
    """A picture from the phone's camera."""
    page.goto(f"/products/{product_id}/photos")
    photo = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": goods_photo()}
    page.set_input_files("[name=photos]", photo)  # type: ignore[arg-type]
    press(page, "Thêm ảnh")
    done(page, "ảnh")


def add_certificate(page: Page, product_id: int) -> None:
    """VietGAP, with its number, dates and scan."""
    page.goto(f"/products/{product_id}")
    follow(page, "Thêm giấy chứng nhận")
    page.select_option("[name=kind]", "VIETGAP")
    page.fill("[name=number]", "VG-01/MINH-HOA")
    page.fill("[name=issuer]", "Tổ chức chứng nhận Minh Họa")
    page.fill("[name=issued_on]", day(add_months(TODAY, -3)))
    page.fill("[name=last_day]", day(add_months(TODAY, 21)))
    scan = {"name": "vietgap.jpg", "mimeType": "image/jpeg", "buffer": certificate()}
    page.set_input_files("[name=scan]", scan)  # type: ignore[arg-type]
    press(page, "Lưu")
    page.wait_for_url(re.compile(r"/products/\d+$"))
    expect(page.locator(".certificates")).to_contain_text("VG-01/MINH-HOA")


def publish_offer(page: Page, deal: Deal) -> int:
    """Six fields and the months; looked at once more, then before everybody."""
    page.goto("/offers/create")
    page.fill("[name=what]", deal.product)
    page.fill("[name=quantity]", "1.200")
    page.select_option("[name=measure]", "kg")
    page.fill("[name=where]", deal.place)
    page.fill("[name=closes_on]", day(add_months(TODAY, 1)))
    page.fill("[name=price]", "30.000")
    unfold(page, "Tháng giao hàng")
    page.fill("[name=spread_from]", f"{FIRST:%m/%Y}")
    page.fill("[name=spread_to]", f"{add_months(FIRST, 1):%m/%Y}")
    unfold(page, "Giá, thanh toán và hỗ trợ")
    page.fill("[name=payment_days]", "10")
    unfold(page, "Hình thức liên kết")
    page.locator("[name=linkage_form]").nth(3).check()
    press(page, "Lưu và xem trước")
    page.wait_for_url(re.compile(r"/offers/\d+$"))
    press(page, "Đăng")
    done(page, "báo giá")
    return id_in(page)


def answer(page: Page, deal: Deal, offer_id: int, start: str = "") -> None:
    """The seller answers with quantities by month and its price; from the offer's page, or from an address."""
    page.goto(start or f"/offers/{offer_id}")
    if not start:
        follow(page, "Gửi báo giá")
    assert page.input_value("[name=price]") == "30.000", "the buyer's price stands there already"
    page.fill("[name=price]", deal.price)
    page.fill(f"[name=month_{FIRST:%Y%m}]", "600")
    page.fill(f"[name=month_{add_months(FIRST, 1):%Y%m}]", "500")
    page.get_by_label(deal.product, exact=True).check()
    page.fill("[name=terms]", "Giao tại kho bên mua, bao 25 kg.")
    press(page, "Gửi báo giá")
    page.wait_for_url(re.compile(r"/quotes/\d+$"))
    expect(page.locator("main")).to_contain_text(f"{deal.price} đ")


def accept(page: Page, deal: Deal, offer_id: int) -> int:
    """The buyer sees the quotes side by side and takes this one: a contract is drawn up."""
    page.goto(f"/offers/{offer_id}/compare")
    expect(page.locator("main")).to_contain_text("đ/kg")
    page.locator("main").get_by_label(f"Đồng ý báo giá của {deal.seller}", exact=True).click()
    page.get_by_role("button", name="Đồng ý, lập hợp đồng", exact=True).click()
    page.wait_for_url(re.compile(r"/contracts/\d+$"))
    return id_in(page)


def edit_contract(page: Page, deal: Deal, contract_id: int) -> None:
    """A number, a day and a term are added; all else is there already."""
    page.goto(f"/contracts/{contract_id}/edit")
    page.fill("[name=number]", deal.number)
    unfold(page, "Thời hạn, giao hàng, thanh toán")
    page.fill("[name=ends_on]", day(add_months(TODAY, 6)))
    unfold(page, "Điều khoản khác")
    page.fill("[name=extra]", "Bên bán báo trước ba ngày khi giao hàng.")
    press(page, "Lưu dự thảo")
    page.wait_for_url(re.compile(r"/contracts/\d+$"))
    expect(page.locator("h1")).to_contain_text(deal.number)


def open_for_signing(page: Page, contract_id: int) -> None:
    """From here on the text stands."""
    page.goto(f"/contracts/{contract_id}/open-for-signing")
    press(page, "Chốt văn bản và mở ký")
    page.wait_for_url(re.compile(r"/contracts/\d+$"), timeout=40_000)


def download(page: Page, link: str) -> bytes:
    """The file behind a link."""
    with page.expect_download() as waited:
        follow(page, link)
    return Path(waited.value.path()).read_bytes()


def words_of(pdf: bytes) -> str:
    """The text of a PDF."""
    return " ".join(" ".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(pdf)).pages).split())


def sign_in_ink(page: Page, contract_id: int) -> None:
    """Printed, signed, stamped, photographed: two pages, and the day on the paper."""
    page.goto(f"/contracts/{contract_id}/sign")
    photos = [
        {"name": f"trang-{number}.jpg", "mimeType": "image/jpeg", "buffer": leaf}
        for number, leaf in enumerate(signed_pages(), 1)
    ]
    page.set_input_files("#ink [name=scan]", photos)  # type: ignore[arg-type]
    page.fill("[name=signed_on]", day(TODAY))
    press(page, "Ghi nhận chữ ký trên giấy")
    page.wait_for_url(re.compile(r"/contracts/\d+$"), timeout=40_000)


def confirm_in_app(page: Page, contract_id: int, password: str = PASSWORD) -> None:
    """The other way to sign: the password once more, and one tick."""
    page.goto(f"/contracts/{contract_id}/sign")
    unfold(page, "Hoặc xác nhận trên ứng dụng")
    page.fill("[name=app-password]", password)
    page.check("[name=app-agree]")
    press(page, "Xác nhận trên ứng dụng")


def attest(page: Page, contract_id: int) -> None:
    """An officer states having seen the original."""
    page.goto(f"/contracts/{contract_id}")
    page.locator(f"main a.button[href$='/contracts/{contract_id}/attest']").click()
    page.check("[name=seen_original]")
    press(page, "Xác nhận")
    page.wait_for_url(re.compile(r"/contracts/\d+$"))


def figure(page: Page, label: str) -> int:
    """A figure of a report or the desk by its label."""
    box = page.locator(".figure", has=page.get_by_text(label, exact=True)).first
    return int(box.locator(".figure-value").inner_text().replace(".", "").split()[0])


def file_to_compare(page: Page, code: str, data: bytes) -> str:
    """What a stranger is told who uploads a file on a contract's public page."""
    page.goto(f"/verify/{code}")
    page.set_input_files("[name=file]", {"name": "hop-dong.pdf", "mimeType": "application/pdf", "buffer": data})
    press(page, "Đối chiếu")
    page.wait_for_selector("#result")
    return text_of(page)
