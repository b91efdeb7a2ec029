"""An officer brings the office's own Excel register in: preview, apply, what was done, what is left to correct."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.papers import register_of
from tests.e2e.windows import DESKTOP, PROVINCE, Windows, follow, press, sign_in, text_of

TABS = ("Mới", "Thay đổi", "Không đổi", "Chưa nhập được")


def rows(new: str, members: int) -> list[tuple[object, ...]]:
    """One new cooperative, one whose members changed, one as it was, and one of a commune that does not exist."""
    return [
        ("Xã Hua Nà", new, date(2023, 3, 1), 11, 500),
        ("Xã Khoen On", "HTX nông nghiệp Phương Nam", date(2006, 2, 19), members, 300),
        ("Xã Khoen On", "HTX nông nghiệp An Phú", date(2017, 5, 22), 7, 1200),
        ("Xã Không Đâu", "HTX Lạc Xã", date(2022, 1, 1), 9, 200),
    ]


def upload(page: Page, name: str, data: bytes) -> None:
    """Choose the file, and look at what would change."""
    page.goto("/registers")
    follow(page, "Nhập từ tệp Excel")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("[name=file]", {"name": name, "mimeType": kind, "buffer": data})
    page.select_option("[name=area]", label="Than Uyên")
    press(page, "Xem những gì sẽ thay đổi")
    page.wait_for_url(re.compile(r"/registers/\d+$"))


def counts(page: Page) -> list[int]:
    """The four tabs."""
    return [int(page.locator("nav.tabs a", has_text=tab).locator(".count").inner_text()) for tab in TABS]


@pytest.mark.parametrize(("script", "new", "members"), [(True, "HTX Bản Thử Một", 14), (False, "HTX Bản Thử Hai", 15)])
def test_a_register_is_imported_after_a_look_at_it(windows: Windows, script: bool, new: str, members: int) -> None:
    page = windows.open(size=DESKTOP, script=script)
    sign_in(page, PROVINCE)
    page.goto("/reports/cooperatives")
    before = steps.figure(page, "Hợp tác xã")
    upload(page, "so-htx-xa.xlsx", register_of(rows(new, members)))
    assert counts(page) == [1, 1, 1, 1]
    expect(page.locator("main")).to_contain_text(new)
    page.locator("nav.tabs a", has_text="Thay đổi").click()
    expect(page.locator("del.cell-old").first).to_be_visible()
    expect(page.locator("ins.cell-new").first).to_have_text(str(members))
    page.locator("nav.tabs a", has_text="Chưa nhập được").click()
    expect(page.locator("main tbody")).to_contain_text("Xã Không Đâu")
    press(page, "Nhập 1 dòng mới, 1 thay đổi")
    expect(page.locator("h1")).to_contain_text("Đã nhập")
    assert counts(page) == [1, 1, 1, 1], "the list of what was just done"
    with page.expect_download() as waited:
        follow(page, "Tải các dòng chưa nhập (Excel)")
    book = load_workbook(io.BytesIO(Path(waited.value.path()).read_bytes()))
    cells = [str(cell) for sheet in book for row in sheet.values for cell in row]
    assert "HTX Lạc Xã" in cells
    page.goto("/reports/cooperatives")
    assert steps.figure(page, "Hợp tác xã") == before + 1


def test_the_same_file_again_changes_nothing(windows: Windows) -> None:
    page = windows.open(PROVINCE, size=DESKTOP)
    good = rows("HTX Bản Thử Ba", 16)[:3]
    upload(page, "lan-mot.xlsx", register_of(good))
    press(page, "Nhập 1 dòng mới, 1 thay đổi")
    expect(page.locator("h1")).to_contain_text("Đã nhập")
    upload(page, "lan-hai.xlsx", register_of(good))
    assert counts(page) == [0, 0, 3, 0]
    assert page.locator("main form[action$='/apply']").count() == 0
    assert "Không có gì" in text_of(page)


def test_what_is_no_register_is_refused_with_a_reason(windows: Windows) -> None:
    page = windows.open(PROVINCE, size=DESKTOP)
    page.goto("/registers/upload")
    page.set_input_files("[name=file]", {"name": "so.xlsx", "mimeType": "text/plain", "buffer": b"khong phai Excel"})
    press(page, "Xem những gì sẽ thay đổi")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#file-error")).not_to_be_empty()
