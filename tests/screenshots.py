"""`python -m tests.screenshots`: the pictures of the user guides, from a fresh demonstration in a folder of its own."""

import io
import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.bench import served
from tests.bench.served import PASSWORD, ROOT, environment, flask, serving
from tests.bench.stages import SAMPLE
from tests.bench.weight import CHROMIUM, FLAGS

FOLDER = ROOT / "docs" / "huong-dan" / "anh"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 860}
LARGEST = 60 * 1024
TALLEST = 1500
"""In pixels of the page; what lies deeper is told in the text."""

Act = Callable[[Page], object]


@dataclass(frozen=True)
class Picture:
    """One picture: file, who looks, where, what is done first, and how much of the page is shown."""

    name: str
    who: str
    path: str
    act: Act | None = None
    size: dict[str, int] | None = None
    height: int = 740


def fill(**values: str) -> Act:
    """Type into the fields of these names."""

    def act(page: Page) -> None:
        for name, value in values.items():
            target = page.locator(f"main [name={name}]").first
            if target.evaluate("node => node.tagName") == "SELECT":
                target.select_option(value)
            else:
                target.fill(value)

    return act


def later_register(target: Path) -> Path:
    """The sample as it might stand a year later: members and capital changed, one new cooperative, one wrong date."""
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book["HTX"]
    for row, members in ((12, 27), (15, 34), (21, 19)):
        sheet.cell(row, 6).value = members
    sheet.cell(18, 7).value = "1.250.000.000"
    sheet.cell(24, 5).value = "31/02/2021"
    sheet.cell(27, 2).value, sheet.cell(27, 3).value = "HTX nông nghiệp Bản Mẫu Mới", None
    book.save(target)
    return target


def preview_register(page: Page) -> None:
    """Upload it and wait for what would change."""
    with tempfile.TemporaryDirectory(prefix="register-") as folder:
        file = later_register(Path(folder) / "so-theo-doi-htx-2024.xlsx")
        page.set_input_files("main input[type=file]", str(file))
        page.click("main form:has(input[type=file]) button")
        page.wait_for_url(re.compile(r"/registers/\d+"))
        page.get_by_role("link", name="Thay đổi").first.click()
        page.wait_for_load_state("networkidle")


def to(selector: str) -> Act:
    """Bring a part of a long page to the top of the picture, below the header."""
    return lambda page: page.locator(selector).first.evaluate(
        "node => { node.scrollIntoView(); window.scrollBy(0, -110); }"
    )


def pictures(names: dict[str, int]) -> list[Picture]:
    """All of them, in the order of the guides."""
    offer = {"what": "Gạo nếp Tan Pỏm", "quantity": "3.000", "measure": "kg", "where": "Phường Cầu Giấy, Hà Nội"}
    product = {"name": "Măng khô bản Đội", "group": "TP", "measure": "kg", "price": "260.000"}
    htx, buyer, officer = served.COOPERATIVE, served.BUYER, served.OFFICER
    return [
        Picture("trang-chu", "", "/", height=1000),
        Picture("dang-ky", "", "/register?kind=htx", height=900),
        Picture("viec-cua-toi", htx, "/", height=900),
        Picture("dang-san-pham", htx, "/products/new", fill(**product), height=900),
        Picture("san-pham", htx, f"/products/{names['product']}", height=900),
        Picture("bao-gia", htx, f"/offers/{names['offer']}/quote", height=900),
        Picture("hop-dong", htx, f"/contracts/{names['unsigned']}", height=800),
        Picture("ky-hop-dong", htx, f"/contracts/{names['unsigned']}/sign", to("main h2:has-text('Ký trên giấy')")),
        Picture("nhu-cau-mua", buyer, "/offers/create", fill(**offer), height=900),
        Picture("so-sanh", buyer, f"/offers/{names['compared']}/compare", size=DESKTOP, height=1200),
        Picture("ban-lam-viec", officer, "/desk", size=DESKTOP, height=1400),
        Picture("xac-minh", officer, f"/organisations/queue/{names['waiting']}", size=DESKTOP, height=1100),
        Picture("xac-nhan-hop-dong", officer, f"/contracts/{names['recorded']}/attest", size=DESKTOP, height=760),
        Picture("ma-mot-lan", officer, f"/accounts/{names['member']}/one-time-code", size=DESKTOP, height=620),
        Picture("nhap-so", served.PROVINCE, "/registers/upload", preview_register, size=DESKTOP, height=660),
        Picture("bao-cao-hop-dong", served.PROVINCE, "/reports/contracts", size=DESKTOP, height=1000),
        Picture("giup-viec", "canbo.xa2@example.vn", "/organisations/mine", height=640),
        Picture("giao-vi-tri", served.ADMINISTRATOR, "/organisations/posts/appoint", size=DESKTOP, height=1000),
        Picture("kiem-tra", "", f"/verify/{names['code']}", height=800),
    ]


def found(database: Path) -> dict[str, int]:
    """The rows that the addresses name, by what they are in the demonstration."""
    wanted = {
        "product": "SELECT id FROM product WHERE name = 'Cá lăng tươi lòng hồ'",
        "offer": "SELECT id FROM purchase_offer WHERE state = 'open' AND what LIKE 'Cá lăng, cá trắm%'",
        "compared": "SELECT offer_id FROM quote WHERE state = 'submitted' GROUP BY 1 ORDER BY count(*) DESC, 1 DESC",
        "unsigned": "SELECT c.id FROM contract c JOIN contract_party p ON p.contract_id = c.id"
        " JOIN membership m ON m.organisation_id = p.organisation_id JOIN account a ON a.id = m.user_id"
        f" WHERE c.state = 'awaiting_signatures' AND a.email = '{served.COOPERATIVE}'"
        " AND NOT EXISTS (SELECT 1 FROM contract_signature s WHERE s.party_id = p.id)",
        "recorded": "SELECT id FROM contract WHERE state = 'recorded'",
        "code": "SELECT code FROM contract WHERE state = 'signed' AND linkage_form IS NOT NULL AND NOT on_paper",
        "waiting": "SELECT id FROM organisation WHERE verification = 'pending'",
        "member": f"SELECT id FROM account WHERE email = '{served.COOPERATIVE}'",
    }
    with sqlite3.connect(database) as connection:
        return {name: connection.execute(f"{query} LIMIT 1").fetchone()[0] for name, query in wanted.items()}


def window(browser: Browser, address: str, picture: Picture) -> tuple[BrowserContext, Page]:
    """A browser window of the right size, signed in."""
    size = {**(picture.size or PHONE), "height": min(picture.height, TALLEST)}
    if picture.size and picture.height == 740:
        size["height"] = picture.size["height"]
    scale = 1 if picture.size else 1.5
    context = browser.new_context(base_url=address, viewport=size, locale="vi-VN", device_scale_factor=scale)  # type: ignore[arg-type]
    page = context.new_page()
    if picture.who:
        page.goto("/login")
        page.fill("input[name=identity]", picture.who)
        page.fill("input[name=passcode]", PASSWORD)
        page.locator("main form:has(input[name=identity]) button").first.click()
        page.wait_for_url(lambda url: "/login" not in url)
    return context, page


def keep(name: str, png: bytes) -> int:
    """As WebP, no heavier than it may be; its size."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in (82, 70, 58, 45, 30):
        target = io.BytesIO()
        picture.save(target, "WEBP", quality=quality, method=6)
        if target.tell() <= LARGEST:
            break
    (FOLDER / f"{name}.webp").write_bytes(target.getvalue())
    return target.tell()


def main() -> int:
    """Make the demonstration, walk the pages, keep the pictures."""
    only = set(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="pictures-") as place:
        folder = Path(place)
        variables = environment(folder)
        for command in (["db", "upgrade"], ["demo", "load", "--once"]):
            flask(variables, *command)
        names = found(folder / "marketplace.sqlite3")
        FOLDER.mkdir(parents=True, exist_ok=True)
        with serving(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*FLAGS, "--lang=vi"], env={**os.environ, "LANGUAGE": "vi"}
            )
            for picture in pictures(names):
                if only and picture.name not in only:
                    continue
                context, page = window(browser, address, picture)
                answer = page.goto(picture.path)
                if answer is None or answer.status != 200:
                    raise RuntimeError(f"{picture.path}: {answer.status if answer else 'no answer'}")
                if picture.act:
                    picture.act(page)
                page.evaluate("document.activeElement && document.activeElement.blur()")
                page.wait_for_load_state("networkidle")
                print(f"{picture.name}: {keep(picture.name, page.screenshot()) / 1024:.0f} kB")
                context.close()
            browser.close()
    return 0


if __name__ == "__main__":
    if CHROMIUM is None:
        raise SystemExit("No Chromium: install Debian's package 'chromium'.")
    raise SystemExit(main())
