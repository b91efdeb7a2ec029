"""Browser windows of different people, as they have them: an address of their own, a small or a large screen."""

import itertools
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "Demo-2026-LienKet"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
EXPECTED = ("status of 400", "status of 401", "status of 404", "status of 409", "status of 422")
"""A page may refuse: the browser calls that an error of its own."""

HTX, HTX2, BUYER = "htx@example.vn", "htx2@example.vn", "doanhnghiep@example.vn"
OFFICER, OFFICER2, PROVINCE = "canbo.xa@example.vn", "canbo.xa2@example.vn", "canbo.tinh@example.vn"
ADMIN = "quantri@example.vn"

numbers = itertools.count(1)


class Windows:
    """Opens windows, and notes what their consoles say: a broken script, or what the content policy forbids."""

    def __init__(self, server: str, browser: Browser, jar: dict[str, Any]) -> None:
        self.server, self.browser, self.jar = server, browser, jar
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def open(self, identity: str = "", *, size: dict[str, int] = PHONE, script: bool = True) -> Page:
        """A window, signed in when an identity is given."""
        context = self.browser.new_context(
            base_url=self.server,
            viewport=size,  # type: ignore[arg-type]
            locale="vi-VN",
            java_script_enabled=script,
            accept_downloads=True,
            storage_state=self.jar.get(identity),
            extra_http_headers={"X-Forwarded-For": f"10.0.0.{next(numbers) % 250 + 1}"},
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.note(message.text, page) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.note(str(error), page))
        if identity and identity not in self.jar:
            sign_in(page, identity)
            self.jar[identity] = context.storage_state()
        return page

    def note(self, text: str, page: Page) -> None:
        """Keep an error, unless it is only the answer's status."""
        if not any(status in text for status in EXPECTED):
            self.errors.append(f"{page.url}: {text}")

    def close(self) -> None:
        """All of them."""
        for context in self.contexts:
            context.close()


def sign_in(page: Page, identity: str, password: str = PASSWORD) -> None:
    """By the form, as a person does."""
    page.goto("/login")
    page.fill("input[name=identity]:not([type=hidden])", identity)
    page.fill("input[name=passcode]:not([type=hidden])", password)
    page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).first.click()
    page.wait_for_url(lambda url: "/login" not in url)


def press(page: Page, name: str) -> None:
    """The button with exactly these words, in the page's content."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """The first link with exactly these words, in the page's content."""
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def unfold(page: Page, title: str) -> None:
    """Open a folded part of a form, unless it is open."""
    heading = page.locator("main details > summary", has_text=title).first
    if heading.locator("..").get_attribute("open") is None:
        heading.click()


def text_of(page: Page) -> str:
    """What the page's content says, spaces put in order."""
    return " ".join(page.locator("main").inner_text().split())
