"""A contract that is negotiated, signed digitally and in the application, sealed, proved to a stranger, changed, ended."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e import proof_steps, steps
from tests.e2e.conftest import ROOT
from tests.e2e.steps import TODAY, Deal, add_months, day
from tests.e2e.windows import BUYER, DESKTOP, OFFICER, Windows, follow, press, text_of, unfold
from tests.signatures.pki import World

DEAL = Deal(
    seller="HTX Nông nghiệp Bản Chứng",
    tax_code="0090000097",
    person="Lò Thị Thử Chứng",
    email="minhhoa.banchung@example.vn",
    phone="0900 000 107",
    product="Gạo nếp Bản Chứng",
    number="97/HĐLK-BC",
)
BUYER_NAME, BUYER_CODE = "Công ty TNHH Nông sản Minh Họa", "0090000019"
LAST_DAY = TODAY + timedelta(days=10)
ENDS_ON, LATER_END = add_months(TODAY, 6), add_months(TODAY, 9)
SEALED = "Tệp khớp: đây là bản hợp đồng cuối cùng đã được hệ thống niêm phong."


@pytest.fixture(scope="module")
def buyer(windows_of_all: Windows) -> Page:
    """The buyer in Hà Nội."""
    return windows_of_all.open(BUYER, size=DESKTOP)


@pytest.fixture(scope="module")
def htx(windows_of_all: Windows) -> Page:
    """The representative's phone."""
    return proof_steps.cooperative(windows_of_all, windows_of_all.open(OFFICER, size=DESKTOP), DEAL)


@pytest.fixture(scope="module")
def contract(htx: Page, buyer: Page) -> int:
    """A draft from an accepted quotation."""
    return proof_steps.drawn_up(htx, buyer, DEAL)


@pytest.fixture(scope="module")
def negotiated(htx: Page, buyer: Page, contract: int) -> int:
    """They talked about it, changed the price and a clause, and opened it; it was sent back, corrected, opened again."""
    proof_steps.comment(buyer, contract, "price", "Đề nghị giá sàn và chia phần tăng.")
    htx.goto(f"/contracts/{contract}")
    expect(htx.locator("main")).to_contain_text("Còn 1 góp ý chưa xong")
    proof_steps.share_the_rise(htx, contract, "30.000", "50")
    htx.goto(f"/contracts/{contract}/edit?clauses=1")
    htx.locator("main").get_by_label("Truy xuất nguồn gốc").first.set_checked(True)
    proof_steps.saved(htx)
    buyer.goto(f"/contracts/{contract}")
    follow(buyer, "Xem thay đổi")
    said = text_of(buyer)
    for words in ("Số liệu thay đổi", DEAL.price, "30.000", "Giá sàn"):
        assert words in said, words
    proof_steps.open_in_order(buyer, contract, last_day=LAST_DAY, first=DEAL.seller)
    expect(buyer.locator("main")).to_contain_text(DEAL.seller)
    proof_steps.ask_for_changes(htx, contract, "Ghi rõ giờ giao hàng.")
    buyer.goto(f"/contracts/{contract}")
    expect(buyer.locator("main")).to_contain_text("Ghi rõ giờ giao hàng.")
    buyer.goto(f"/contracts/{contract}/edit")
    unfold(buyer, "Điều khoản khác")
    buyer.fill("[name=extra]", "Giao hàng trước 10 giờ sáng.")
    proof_steps.saved(buyer)
    proof_steps.open_in_order(buyer, contract, last_day=LAST_DAY, first=DEAL.seller)
    return contract


@pytest.fixture(scope="module")
def signed(htx: Page, buyer: Page, negotiated: int, world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the papers that everybody keeps, and the file that the seller signed."""
    folder = tmp_path_factory.mktemp("papers")
    buyer.goto(f"/contracts/{negotiated}/sign")
    assert (
        buyer.url.endswith(f"/contracts/{negotiated}") or "404" in buyer.title() or buyer.locator("#ink").count() == 0
    )
    holder = world.middle.party(DEAL.tax_code, DEAL.seller)
    data = proof_steps.sign_digitally(htx, f"/contracts/{negotiated}/sign-digitally", holder)
    (folder / "signed.pdf").write_bytes(data)
    proof_steps.confirm_in_app(buyer, f"/contracts/{negotiated}/sign")
    found = proof_steps.papers(buyer, negotiated, folder)
    assert all(path.read_bytes().startswith(b"%PDF-") for path in found.values())
    return folder


@pytest.fixture(scope="module")
def code(buyer: Page, negotiated: int, signed: Path) -> str:
    """The public code."""
    return proof_steps.code_of(buyer, negotiated)


def test_the_price_rule_stands_in_the_signed_paper(signed: Path) -> None:
    said = steps.words_of((signed / "issued.pdf").read_bytes())
    for words in (
        "Giao hàng trước 10 giờ sáng.",
        "30.000",
        "Than Uyên",
        "THỎA THUẬN" if "THỎA THUẬN" in said else "Điều 1",
    ):
        assert words in said, words


def test_the_evidence_page_names_both_files(signed: Path) -> None:
    said = proof_steps.letters(signed / "evidence.pdf")
    assert proof_steps.fingerprint(signed / "issued.pdf") in said
    assert proof_steps.fingerprint(signed / "final.pdf") in said
    assert DEAL.number in said


def test_the_final_file_keeps_what_the_seller_signed(signed: Path) -> None:
    issued, with_signature, final = ((signed / f"{name}.pdf").read_bytes() for name in ("issued", "signed", "final"))
    assert with_signature.startswith(issued)
    assert final.startswith(with_signature)
    assert len(final) > len(with_signature), "the seal stands behind"


@pytest.mark.parametrize(("tax_code", "status", "reason"), [(DEAL.tax_code, 0, "good"), ("0090000033", 4, None)])
def test_the_check_outside_the_web_says_the_same(
    signed: Path, world: World, server: str, windows: Windows, tax_code: str, status: int, reason: str | None
) -> None:
    seal = windows.open().request.get(f"{server}/.well-known/lien-ket-seal.pem")
    (signed / "seal.pem").write_bytes(seal.body())
    trust = world.write(signed, seal_roots=seal.body())
    words = ["signatures", "check", str(signed / "final.pdf"), "--issued", str(signed / "issued.pdf"), "--json"]
    words += ["--party", f"A={tax_code}", "--party", f"B={BUYER_CODE}", "--trust-root", trust["roots"]]
    words += ["--intermediate", trust["intermediates"], "--crl", trust["crls"], "--seal-root", trust["seal_roots"]]
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env={**os.environ, "MARKETPLACE_INSTANCE": str(signed)},
        capture_output=True,
        text=True,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert done.returncode == status, (answer, done.stderr)
    assert reason in (None, answer["reason"])


def test_a_stranger_asks_by_the_address_of_the_qr(windows: Windows, signed: Path, code: str) -> None:
    page = windows.open()
    page.goto(f"/verify/{code}")
    said = text_of(page)
    for shown in (DEAL.number, DEAL.seller, BUYER_NAME, "Các bên đã ký", proof_steps.fingerprint(signed / "final.pdf")):
        assert shown in said, shown
    for hidden in (DEAL.person, "30.000", "0900", DEAL.product):
        assert hidden not in said, hidden


def test_a_stranger_asks_by_number_and_six_digits(windows: Windows, signed: Path, code: str) -> None:
    page = windows.open()
    digits = proof_steps.six_digits(signed / "issued.pdf")
    page.goto("/verify")
    page.fill("[name=number]", DEAL.number)
    page.fill("[name=digits]", "000000" if digits != "000000" else "000001")
    press(page, "Kiểm tra")
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("[name=digits]", digits)
    press(page, "Kiểm tra")
    page.wait_for_url(f"**/verify/{code}*")
    expect(page.locator("main")).to_contain_text("Các bên đã ký")


@pytest.mark.parametrize("name", ["issued", "final", "evidence", "signed"])
def test_a_file_is_compared_and_never_leaves_the_device(windows: Windows, signed: Path, code: str, name: str) -> None:
    page = windows.open()
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    page.goto("/verify")
    page.set_input_files("[name=file]", signed / f"{name}.pdf")
    press(page, "Kiểm tra")
    page.wait_for_selector("#result")
    expect(page.locator("#result")).to_contain_text(SEALED if name == "final" else "Tệp khớp")
    bodies = [request.post_data_buffer or b"" for request in sent]
    digest = proof_steps.fingerprint(signed / f"{name}.pdf").encode()
    assert any(digest in body for body in bodies), "the fingerprint was sent"
    piece = (signed / f"{name}.pdf").read_bytes()[2000:2040]
    assert not any(b"%PDF" in body or piece in body for body in bodies), "the file was sent"
    assert max(map(len, bodies)) < 5000


def test_without_scripts_the_file_is_uploaded_and_compared(windows: Windows, signed: Path) -> None:
    page = windows.open(script=False)
    page.goto("/verify")
    page.set_input_files("[name=file]", signed / "final.pdf")
    press(page, "Kiểm tra")
    expect(page.locator("#result")).to_contain_text(SEALED)
    data = (signed / "final.pdf").read_bytes()
    page.goto("/verify")
    changed = {"name": "sua.pdf", "mimeType": "application/pdf", "buffer": data[:-1] + b"x"}
    page.set_input_files("[name=file]", changed)  # type: ignore[arg-type]
    press(page, "Kiểm tra")
    expect(page.locator("main")).not_to_contain_text("Tệp khớp")


@pytest.fixture(scope="module")
def annex(htx: Page, buyer: Page, negotiated: int, signed: Path, world: World) -> str:
    """Three months longer from next week on; both have signed, in the order of the contract."""
    address = proof_steps.draft_annex(htx, negotiated, "term", TODAY + timedelta(days=7), ends_on=day(LATER_END))
    holder = world.middle.party(DEAL.tax_code, DEAL.seller)
    proof_steps.sign_digitally(htx, f"{address}/sign-digitally", holder)
    proof_steps.confirm_in_app(buyer, f"{address}/sign")
    return address


def test_the_terms_on_two_days(buyer: Page, negotiated: int, annex: str) -> None:
    before = proof_steps.terms_on(buyer, negotiated, TODAY)
    after = proof_steps.terms_on(buyer, negotiated, TODAY + timedelta(days=7))
    assert day(ENDS_ON) in before
    assert f"Có hiệu lực đến {day(LATER_END)}" not in before
    assert day(LATER_END) in after
    assert day(ENDS_ON) not in after


def test_the_public_page_counts_the_annex(windows: Windows, code: str, annex: str) -> None:
    page = windows.open()
    page.goto(f"/verify/{code}")
    row = page.locator(".facts > div", has=page.get_by_text("Số phụ lục đã ký", exact=True))
    expect(row).to_contain_text("1")


def test_it_is_performed_and_settled(htx: Page, buyer: Page, negotiated: int, annex: str, code: str) -> None:
    proof_steps.declare(htx, negotiated, "complete", "Hoàn thành hợp đồng", day=day(TODAY))
    expect(htx.locator("#declarations")).to_be_visible()
    proof_steps.agree(buyer, negotiated)
    expect(buyer.locator("#declarations")).to_contain_text("xác nhận")
    htx.goto(f"/contracts/{negotiated}/annexes/settlement")
    htx.fill("[name=lines-0-quantity]", "1.100")
    htx.fill("[name=lines-0-value]", "34.650.000")
    htx.fill("[name=paid]", "34.650.000")
    press(htx, "Chỉ tính thử")
    expect(htx.locator("#sums")).to_contain_text("34.650.000")
    press(htx, "Lưu dự thảo")
    address = proof_steps.fixed(htx)
    proof_steps.sign_on_paper(htx, f"{address}/sign")
    proof_steps.confirm_in_app(buyer, f"{address}/sign")
    buyer.goto(f"/contracts/{negotiated}")
    expect(buyer.locator("main")).to_contain_text("thanh lý")
