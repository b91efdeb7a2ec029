"""What parties do with the text of a contract: talk about it, sign it digitally, prove it, change it by an annex."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.papers import signed_pages
from tests.e2e.steps import Deal, day
from tests.e2e.windows import PASSWORD, Windows, press, text_of, unfold
from tests.signatures.pki import Holder
from tests.signatures.signer import sign

CONTRACT = re.compile(r"/contracts/\d+$")
SLOW = 60_000
"""Drawing and sealing a file may take seconds on a small machine."""


def cooperative(windows: Windows, officer: Page, deal: Deal) -> Page:
    """The phone of a new cooperative's representative; it is verified and has a product."""
    page = windows.open()
    steps.register(page, deal)
    steps.verify(officer, deal)
    steps.publish_product(page, deal)
    return page


def drawn_up(seller: Page, buyer: Page, deal: Deal) -> int:
    """A draft from a fresh offer and its accepted quotation, with number and end date."""
    offer = steps.publish_offer(buyer, deal)
    steps.answer(seller, deal, offer)
    contract = steps.accept(buyer, deal, offer)
    steps.edit_contract(seller, deal, contract)
    return contract


def comment(page: Page, contract: int, clause: str, words: str) -> None:
    """Say something beside a clause, named by its key."""
    page.goto(f"/contracts/{contract}/text?clause={clause}")
    page.fill("[name=text]", words)
    press(page, "Gửi góp ý")
    expect(page.locator(".talk").filter(has_text=words)).to_have_count(1)


def saved(page: Page) -> None:
    """Save the draft that is being edited."""
    press(page, "Lưu dự thảo")
    page.wait_for_url(CONTRACT)


def share_the_rise(page: Page, contract: int, floor: str, percent: str) -> None:
    """From a fixed price to a floor with a share of what the market is above it."""
    page.goto(f"/contracts/{contract}/edit")
    unfold(page, "Hàng hóa 1")
    page.select_option("[name=lines-0-price_kind]", "floor_share")
    page.fill("[name=lines-0-price]", floor)
    page.fill("[name=lines-0-price_percent]", percent)
    page.fill("[name=lines-0-market]", "Giá bán buôn tại chợ Than Uyên")
    saved(page)


def open_in_order(page: Page, contract: int, *, last_day: date, first: str = "") -> None:
    """The text stands; who signs first, and until when."""
    page.goto(f"/contracts/{contract}/open-for-signing")
    if first:
        page.select_option("[name=order]", label=f"{first} ký trước")
    page.fill("[name=sign_by]", day(last_day))
    press(page, "Chốt văn bản và mở ký")
    page.wait_for_url(CONTRACT, timeout=SLOW)


def ask_for_changes(page: Page, contract: int, reason: str) -> None:
    """Send the text back."""
    page.goto(f"/contracts/{contract}")
    question(page, "request-changes", reason)
    page.wait_for_url(CONTRACT)


def question(page: Page, act: str, reason: str = "") -> None:
    """An act that asks once more: the question is opened, answered and sent."""
    asked = page.locator("main details.confirm", has=page.locator(f"form[action$='/{act}']"))
    asked.locator("summary").click()
    # With script the question moves into a dialog.
    form = page.locator(f"form[action$='/{act}']").first
    if reason:
        form.locator("[name=reason]").fill(reason)
    form.get_by_role("button").first.click()


def signed_by(holder: Holder, pdf: bytes) -> bytes:
    """As the party's own program does it; in a thread, for the browser's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(sign, pdf, holder, name=f"Ky{len(pdf)}", moment=datetime.now(UTC)).result()


def sign_digitally(page: Page, start: str, holder: Holder) -> bytes:
    """Take exactly the file that is offered, sign it with one's own key, send it back; returns the signed file."""
    page.goto(start)
    data = signed_by(holder, steps.download(page, "Tải tệp cần ký (PDF)"))
    page.set_input_files("[name=file]", {"name": "da-ky.pdf", "mimeType": "application/pdf", "buffer": data})
    press(page, "Kiểm tra và ghi nhận chữ ký")
    page.wait_for_url(lambda url: "sign-digitally" not in url, timeout=SLOW)
    return data


def confirm_in_app(page: Page, start: str) -> None:
    """The password once more, and one tick."""
    page.goto(start)
    unfold(page, "Hoặc xác nhận trên ứng dụng")
    page.fill("[name=app-password]", PASSWORD)
    page.check("[name=app-agree]")
    press(page, "Xác nhận trên ứng dụng")
    page.wait_for_url(lambda url: not url.endswith(("/sign", "/confirm-in-app")), timeout=SLOW)


def sign_on_paper(page: Page, start: str) -> None:
    """The scan as photos, with the day on the paper."""
    page.goto(start)
    photos = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": leaf} for n, leaf in enumerate(signed_pages())]
    page.set_input_files("#ink [name=scan]", photos)  # type: ignore[arg-type]
    page.fill("[name=signed_on]", day(steps.TODAY))
    press(page, "Ghi nhận chữ ký trên giấy")
    page.wait_for_url(lambda url: not url.endswith("/sign"), timeout=SLOW)


def papers(page: Page, contract: int, folder: Path) -> dict[str, Path]:
    """The files that a party keeps: as issued, final under the seal, and the confirmation of the signatures."""
    page.goto(f"/contracts/{contract}")
    found = {}
    for name, link in (
        ("issued", "Tải hợp đồng (PDF)"),
        ("final", "Bản đã ký có niêm phong (PDF)"),
        ("evidence", "Bản xác nhận ký kết (PDF)"),
    ):
        found[name] = folder / f"{name}.pdf"
        found[name].write_bytes(steps.download(page, link))
    return found


def letters(pdf: Path) -> str:
    """The text of a PDF without any spaces: long fingerprints are broken over lines."""
    return steps.words_of(pdf.read_bytes()).replace(" ", "")


def fingerprint(path: Path) -> str:
    """Of a file."""
    return sha256(path.read_bytes()).hexdigest()


def code_of(page: Page, contract: int) -> str:
    """The public code of a contract."""
    page.goto(f"/contracts/{contract}")
    link = page.locator("main a[href*='/verify/']").first.get_attribute("href") or ""
    return link.rsplit("/", 1)[1]


def six_digits(pdf: Path) -> str:
    """The six digits that stand beside the number on the paper."""
    found = re.search(r"Mã số kiểm tra (\d{6})", steps.words_of(pdf.read_bytes()))
    assert found, "no check number on the paper"
    return found[1]


def draft_annex(page: Page, contract: int, reason: str, effective_on: date, **fields: str) -> str:
    """An annex for this reason is drafted and fixed for signing; returns its address."""
    page.goto(f"/contracts/{contract}/annexes/new?reason={reason}")
    page.fill("[name=effective_on]", day(effective_on))
    for name, value in fields.items():
        page.fill(f"[name={name.replace('__', '-')}]", value)
    page.fill("[name=explanation]", "Hai bên đã trao đổi và thống nhất.")
    press(page, "Lưu dự thảo")
    page.wait_for_url(re.compile(r"/annexes/\d+$"))
    return fixed(page)


def fixed(page: Page) -> str:
    """The paper's text is fixed for signing; returns the paper's address."""
    question(page, "open-for-signing")
    page.locator("main a.button[href$='/sign']").wait_for(timeout=SLOW)
    return page.url.split("#")[0].split("?")[0]


def terms_on(page: Page, contract: int, on: date) -> str:
    """What the page of the consolidated terms says of a day."""
    page.goto(f"/contracts/{contract}/terms")
    page.fill("[name=on]", day(on))
    press(page, "Xem")
    page.wait_for_url(re.compile(r"[?&]on="))
    return text_of(page)


def declare(page: Page, contract: int, act: str, label: str, *, ground: str = "", **fields: str) -> None:
    """State after signing that it is performed, or end it on some ground."""
    page.goto(f"/contracts/{contract}/{act}")
    if ground:
        page.check(f"[name=ground][value={ground}]")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    press(page, label)
    page.wait_for_url(CONTRACT)


def agree(page: Page, contract: int) -> None:
    """The other side confirms what was declared."""
    page.goto(f"/contracts/{contract}")
    form = "form[action*='/declarations/'][action$='/confirm']"
    page.locator("main details.confirm", has=page.locator(form)).locator("summary").click()
    page.locator(form).get_by_role("button").first.click()
    page.wait_for_url(CONTRACT)
