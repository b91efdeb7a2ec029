"""What a first view weighs: HTML and CSS as a phone gets them (brotli), and with Chromium all but photos."""

import os
import re
import shutil
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, urlsplit

from playwright.sync_api import BrowserContext, CDPSession, sync_playwright

from tests.bench import served
from tests.bench.reads import Visitors
from tests.bench.served import Browser, serving
from tests.bench.stages import Installation
from tests.bench.tables import heading, kilobytes, table

FIRST, ALL, REQUESTS = 14 * 1024, 50 * 1024, 6
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 360, "height": 740}
PAGES: list[tuple[str, str, str]] = [
    ("home", "", "/"),
    ("products", "", "/products"),
    ("products, found", "", "/products?q=gạo nếp"),
    ("product", "", "/products/{product}"),
    ("offers", "", "/offers"),
    ("offer", "", "/offers/{offer}"),
    ("check a contract", "", "/verify/{code}"),
    ("sign in", "", "/login"),
    ("register", "", "/register"),
    ("home, cooperative", served.COOPERATIVE, "/"),
    ("list a product", served.COOPERATIVE, "/products/new"),
    ("contracts", served.COOPERATIVE, "/contracts"),
    ("post an offer", served.BUYER, "/offers/create"),
    ("desk, province", served.PROVINCE, "/desk"),
]


@dataclass(frozen=True)
class Weight:
    """Bytes on the wire."""

    html: int
    css: int
    rest: int | None = None  # everything but photos, HTML and CSS included
    requests: int | None = None

    @property
    def first(self) -> int:
        """What must be there before the first paint."""
        return self.html + self.css


def compressed(browser: Browser, path: str) -> tuple[int, str]:
    """The size as sent, and the text."""
    size = len(browser.ask("GET", path, **{"Accept-Encoding": "br"}).content)  # type: ignore[attr-defined]
    return size, browser.read(path)


def weigh(browser: Browser, path: str) -> Weight:
    """A page and the style sheets it names."""
    size, page = compressed(browser, path)
    sheets = re.findall(r'<link\b[^>]*rel="stylesheet"[^>]*href="([^"]+)"', page)
    css = sum(compressed(browser, unescape(sheet).removeprefix(served_root(sheet)))[0] for sheet in sheets)
    return Weight(size, css)


def served_root(address: str) -> str:
    """Scheme and host of an absolute address, else nothing."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme else ""


class Meter:
    """Adds up what a browser window loads, photos apart."""

    def __init__(self, session: CDPSession) -> None:
        self.kinds: dict[str, str] = {}
        self.sizes: dict[str, float] = {}
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.responseReceived", self.note)
        session.on("Network.loadingFinished", lambda event: self.end(event["requestId"], event["encodedDataLength"]))

    def note(self, event: dict[str, object]) -> None:
        """Where each answer belongs; pictures written into the page itself are no requests."""
        answer = event["response"]
        if isinstance(answer, dict) and not str(answer["url"]).startswith("data:"):
            photo = str(answer.get("mimeType", "")) in ("image/webp", "image/jpeg")
            self.kinds[str(event["requestId"])] = "photo" if photo else "rest"

    def end(self, request: str, size: float) -> None:
        """Bytes with headers."""
        self.sizes[request] = size

    def result(self) -> tuple[int, int]:
        """Bytes and requests that are no photos."""
        rest = [request for request, kind in self.kinds.items() if kind == "rest"]
        return int(sum(self.sizes.get(request, 0) for request in rest)), len(rest)


def loaded(context: BrowserContext, path: str) -> tuple[int, int]:
    """Open a page with an empty cache; bytes and requests."""
    page = context.new_page()
    meter = Meter(context.new_cdp_session(page))
    page.goto(path, wait_until="networkidle")
    page.close()
    return meter.result()


def run(installation: Installation) -> dict[str, dict[str, object]]:
    """Weigh the pages of an installation and print them."""
    names = Visitors(installation.app()).names
    paths = [(words, who, path.format(**names)) for words, who, path in PAGES]
    with serving(installation.folder, installation.url) as address:
        browsers = {who: Browser(address) for _words, who, _path in paths}
        for who, browser in browsers.items():
            if who:
                browser.sign_in(who)
        found = {words: weigh(browsers[who], quote(path, safe="/?=&")) for words, who, path in paths}
        if CHROMIUM:
            found = with_chromium(address, paths, browsers, found)
    heading(
        f"First view, compressed (budget: HTML + CSS {kilobytes(FIRST)}; without photos {kilobytes(ALL)} in {REQUESTS})"
    )
    if not CHROMIUM:
        print("  Only HTML and CSS: Debian's package 'chromium' is not here to count the rest.")
    table(
        ("page", "HTML", "CSS", "both", "all but photos", "requests", ""),
        [
            (
                words,
                kilobytes(each.html),
                kilobytes(each.css),
                kilobytes(each.first),
                kilobytes(each.rest) if each.rest is not None else "–",
                each.requests if each.requests is not None else "–",
                "over" if over(each) else "",
            )
            for words, each in found.items()
        ],
    )
    return {words: {**vars(each), "over": over(each)} for words, each in found.items()}


def over(each: Weight) -> bool:
    """Whether a page is heavier than the budget."""
    return each.first > FIRST or (each.rest or 0) > ALL or (each.requests or 0) > REQUESTS


def with_chromium(
    address: str, paths: list[tuple[str, str, str]], browsers: dict[str, Browser], found: dict[str, Weight]
) -> dict[str, Weight]:
    """The same pages in a real browser of a phone's size."""
    complete = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for words, who, path in paths:
            context = chromium.new_context(base_url=address, viewport=PHONE, locale="vi-VN")  # type: ignore[arg-type]
            cookies = browsers[who].cookies.items()
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies])
            rest, requests = loaded(context, path)
            complete[words] = Weight(found[words].html, found[words].css, rest, requests)
            context.close()
        chromium.close()
    return complete
