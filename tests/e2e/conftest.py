"""A real server with the demonstration, and a real Chromium that complains about what a page does wrong."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.windows import Windows
from tests.signatures.pki import World

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSER = pytest.StashKey[Browser]()
PICTURES = pytest.StashKey[Path]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them share one server, so one process runs them; without a browser they are skipped, and seen to be."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium: install Debian's package 'chromium'"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """What every window showed when a test failed, as pictures; the report names the folder."""
    report = yield
    if report.failed and BROWSER in item.config.stash:
        folder = item.config.stash[PICTURES]
        for number, page in enumerate(page for each in item.config.stash[BROWSER].contexts for page in each.pages):
            page.screenshot(path=folder / f"{item.name}-{report.when}-{number}.png", full_page=True)
            report.sections.append((f"window {number}", f"{page.url}\n{folder / item.name}-{report.when}-{number}.png"))
    return report


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
def world() -> World:
    """Authorities of digital signatures that the server trusts, with lists of today."""
    return World(datetime.now(UTC))


@pytest.fixture(scope="package")
def server(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of gunicorn serving a fresh demonstration."""
    folder = tmp_path_factory.mktemp("e2e")
    trust = world.write(folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "MARKETPLACE_INSTANCE": str(folder),
        "MARKETPLACE_PUBLIC_URL": address,
        "MARKETPLACE_PROXIES": "1",  # so that every window may have an address of its own, as people do
        "MARKETPLACE_TRUST_ROOTS": trust["roots"],
        "MARKETPLACE_INTERMEDIATES": trust["intermediates"],
        "MARKETPLACE_CRLS": trust["crls"],
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    for command in (["db", "upgrade"], ["demo", "load", "--once"]):
        subprocess.run([*flask, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    command = [sys.executable, "-m", "gunicorn", "--threads", "8", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    log_path = folder / "server.log"
    with log_path.open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        running.terminate()
        running.wait(20)
    broken = [line for line in log_path.read_text(encoding="utf-8").splitlines() if line.startswith("Traceback")]
    assert not broken, log_path.read_text(encoding="utf-8")[-4000:]


def wait_for(url: str) -> None:
    """Until it answers; half a minute at the most."""
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")


@pytest.fixture(scope="package")
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for all of this folder; it goes with the folder, because while it lives nothing else of this process
    may run an event loop, as signing a PDF does."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        request.config.stash[PICTURES] = tmp_path_factory.mktemp("pictures")
        request.config.stash[BROWSER] = chromium
        yield chromium
        del request.config.stash[BROWSER]
        chromium.close()


@pytest.fixture(scope="package")
def jar() -> dict[str, Any]:
    """The cookies of who has signed in by the form; another window of the same person starts with them."""
    return {}


@contextmanager
def opened(server: str, browser: Browser, jar: dict[str, Any]) -> Iterator[Windows]:
    """Windows that are closed in the end, and must not have complained."""
    windows = Windows(server, browser, jar)
    yield windows
    windows.close()
    assert not windows.errors, windows.errors


@pytest.fixture
def windows(server: str, browser: Browser, jar: dict[str, Any]) -> Iterator[Windows]:
    """The windows of one test."""
    with opened(server, browser, jar) as windows:
        yield windows


@pytest.fixture(scope="module")
def windows_of_all(server: str, browser: Browser, jar: dict[str, Any]) -> Iterator[Windows]:
    """The windows of a journey that several tests walk together."""
    with opened(server, browser, jar) as windows:
        yield windows
