"""Nothing typed is lost: whatever the answer was, the browser keeps the text until the server has really accepted it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.windows import BUYER, PASSWORD, Windows, press, sign_in, text_of, unfold

TYPED = "Hai bên họp mỗi tháng một lần; bao bì do bên A chuẩn bị."


def signed_out(page: Page) -> None:
    """The session ended while somebody was typing."""
    page.context.clear_cookies()


def old_token(page: Page) -> None:
    """The page's token is not the session's."""
    page.locator("[name=csrf_token]").first.evaluate("field => { field.value = 'old' }")


def stale(page: Page) -> None:
    """Somebody else was faster."""
    page.locator("[name=version]").first.evaluate("field => { field.value = '0' }")


def failing(status: int) -> Callable[[Page], None]:
    """The server, or what stands before it, answers with an error of its own."""

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, content_type="text/html", body="<h1>Error</h1>")
        else:
            route.fallback()

    return lambda page: page.route("**/*", answer)


def unplugged(page: Page) -> None:
    """No network at the moment of sending."""
    page.context.set_offline(True)


FAULTS: dict[str, Callable[[Page], None]] = {
    "signed out": signed_out,
    "old token": old_token,
    "stale": stale,
    "too large": failing(413),
    "broken": failing(500),
    "busy": failing(503),
    "no network": unplugged,
}


def open_draft(page: Page) -> str:
    """Somebody signed in opens the form of a draft; its address."""
    page.goto("/contracts?state=draft")
    page.locator(".rowcards a").first.click()
    page.wait_for_url(re.compile(r"/contracts/\d+$"))
    address = f"{page.url}/edit"
    page.goto(address)
    unfold(page, "Điều khoản khác")
    return address


def send(page: Page) -> None:
    """Press the button and see what comes."""
    with page.expect_event("load"):
        press(page, "Lưu dự thảo")


@pytest.mark.parametrize("name", FAULTS)
def test_what_was_typed_outlives_a_sending_that_failed(windows: Windows, name: str) -> None:
    page = windows.open()
    sign_in(page, BUYER)
    address = open_draft(page)
    page.fill("[name=extra]", TYPED)
    FAULTS[name](page)
    send(page)
    page.unroute_all()
    page.context.set_offline(False)
    if name == "signed out":
        assert TYPED in text_of(page), "also for who has no script"
        page.locator("main .buttons .button").first.click()
        enter(page)
        page.wait_for_url(address)
    else:
        page.goto(address)
    assert page.input_value("[name=extra]") != TYPED
    press(page, "Lấy lại")
    assert page.input_value("[name=extra]") == TYPED
    windows.errors = [error for error in windows.errors if "Failed to load resource" not in error]


def test_putting_it_back_takes_nothing_away_that_others_wrote(windows: Windows) -> None:
    page, other = windows.open(), windows.open()
    for each in (page, other):
        sign_in(each, BUYER)
    address = open_draft(page)
    page.fill("[name=extra]", TYPED)
    other.goto(address)
    unfold(other, "Thời hạn, giao hàng, thanh toán")
    place = f"Kho {windows.server[-4:]}"
    other.fill("[name=place]", place)
    send(other)
    send(page)
    assert TYPED in text_of(page), "nothing was saved, and the page says what was typed"
    page.goto(address)
    press(page, "Lấy lại")
    assert page.input_value("[name=extra]") == TYPED
    assert page.input_value("[name=place]") == place, "only what was typed comes back, not the whole old page"
    send(page)
    expect(page.locator(".flashes")).to_contain_text("Đã lưu")
    page.goto(address)
    assert page.input_value("[name=extra]") == TYPED
    expect(page.locator(".kept")).to_have_count(0)


def test_months_that_have_no_field_any_more_are_shown(windows: Windows) -> None:
    page = windows.open()
    sign_in(page, BUYER)
    address = open_draft(page)
    with page.expect_event("load"):
        page.get_by_role("button", name="Thêm một dòng hàng hóa").click()
    name = page.locator("[name$='-name'][name^='lines-']").last
    name.fill("Chè Shan hàng thêm")
    failing(500)(page)
    send(page)
    page.unroute_all()
    page.goto(address)
    press(page, "Lấy lại")
    expect(page.locator(".kept")).to_contain_text("Chè Shan hàng thêm")
    windows.errors = [error for error in windows.errors if "Failed to load resource" not in error]


def test_without_scripts_who_was_signed_out_still_sees_the_text(windows: Windows) -> None:
    page = windows.open(script=False)
    sign_in(page, BUYER)
    address = open_draft(page)
    page.fill("[name=extra]", TYPED)
    page.context.clear_cookies()
    press(page, "Lưu dự thảo")
    assert TYPED in text_of(page)
    page.locator("main .buttons .button").first.click()
    enter(page)
    page.wait_for_url(address)
    windows.errors = [error for error in windows.errors if "status of 401" not in error]


def enter(page: Page) -> None:
    """The sign-in form, wherever it leads."""
    page.fill("input[name=identity]:not([type=hidden])", BUYER)
    page.fill("input[name=passcode]:not([type=hidden])", PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).first.click()
