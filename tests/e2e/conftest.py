"""A real server with the demonstration, and a real Chromium that complains about what a page does wrong."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "Demo-2026-LienKet"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them share one server, so one process runs them; without a browser they are skipped, and seen to be."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium: install Debian's package 'chromium'"))


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of gunicorn serving a fresh demonstration."""
    folder = tmp_path_factory.mktemp("e2e")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "MARKETPLACE_INSTANCE": str(folder),
        "MARKETPLACE_PUBLIC_URL": address,
        "MARKETPLACE_LIMITS_FACTOR": "1000",
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    for command in (["db", "upgrade"], ["demo", "load", "--once"]):
        subprocess.run([*flask, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    command = [sys.executable, "-m", "gunicorn", "--threads", "8", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    with (folder / "server.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        running.terminate()
        running.wait(20)


def wait_for(url: str) -> None:
    """Until it answers; half a minute at the most."""
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


Enter = Callable[..., Page]


@pytest.fixture
def enter(server: str, browser: Browser) -> Iterator[Enter]:
    """A person's own browser window, signed in when an identity is given: `enter("htx@example.vn", size=PHONE)`.

    Errors in the console (a broken script, anything the content policy forbids) fail the test at its end.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_window(identity: str = "", *, size: dict[str, int] = PHONE, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=server, viewport=size, locale="vi-VN", java_script_enabled=script, accept_downloads=True
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if identity:
            sign_in(page, identity)
        return page

    yield open_window
    for context in contexts:
        context.close()
    loud = [error for error in errors if "status of 404" not in error and "status of 422" not in error]
    assert not loud, loud


def sign_in(page: Page, identity: str, password: str = PASSWORD) -> None:
    """By the form, as a person does."""
    page.goto("/login")
    page.fill("input[name=identity]", identity)
    page.fill("input[name=passcode]", password)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
