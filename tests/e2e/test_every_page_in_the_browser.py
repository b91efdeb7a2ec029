"""The main pages as browsers show them: nothing overflows, nothing breaks a WCAG rule, and the first view stays light."""

import re
import urllib.request
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from marketplace.build import tight
from tests.e2e.conftest import ROOT
from tests.e2e.windows import ADMIN, BUYER, DESKTOP, HTX, HTX2, OFFICER, PHONE, PROVINCE, Windows

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return Array.from(sheet.cssRules).map(rule => rule.cssText);
}"""
FIRST_VIEW, WHOLE_PAGE, MOST_REQUESTS = 14 * 1024, 50 * 1024, 6

PRODUCT, OFFER, CONTRACT = r"/products/\d+$", r"/offers/\d+$", r"/contracts/\d+$"
ORGANISATION, ANNEX = r"/organisations/\d+$", r"/annexes/\d+$"
DRAFT, AWAITING, SIGNED = (f"/contracts?state={state}" for state in ("draft", "awaiting_signatures", "signed"))

PREVIEW = r"/preview$"
"""A whole legal text with every optional clause, which an administrator looks through: no first view, whatever it weighs."""

Row = tuple[str, ...]
PAGES: tuple[Row, ...] = (
    # who looks, where one starts, and the links to follow from there (patterns of their addresses)
    ("", "/"),
    ("", "/products"),
    ("", "/products?q=gao&stars=3"),
    ("", "/products", PRODUCT),
    ("", "/offers"),
    ("", "/offers", OFFER),
    ("", "/organisations"),
    ("", "/organisations", ORGANISATION),
    ("", "/register"),
    ("", "/register?kind=htx"),
    ("", "/login"),
    ("", "/verify"),
    ("", "/ledger"),
    ("", "/ledger", r"/ledger/\d{4}"),
    ("", "/ledger/proof"),
    ("", "/events", r"/events/\d+$"),
    ("", "/policies/privacy"),
    (HTX, "/"),
    (HTX, "/products/mine"),
    (HTX, "/products/new"),
    (HTX, "/products/mine", PRODUCT, r"/photos$"),
    (HTX, "/offers", OFFER, r"/offers/\d+/quote$"),
    (HTX, "/quotes", r"/quotes/\d+$"),
    (HTX, "/quotes", r"/quotes/\d+$", r"/quotes/\d+/pool$"),
    (HTX, "/contracts"),
    (HTX, "/contracts", CONTRACT),
    (HTX, SIGNED, CONTRACT, r"/verify/\w+$"),
    (HTX, SIGNED, CONTRACT, r"/complete$"),
    (HTX, SIGNED, CONTRACT, r"/annexes/new$", r"reason=price$"),
    (HTX, SIGNED, CONTRACT, r"/annexes/new$", r"reason=schedule$"),
    (HTX, "/contracts?state=suspended", CONTRACT, ANNEX),
    (HTX2, AWAITING, CONTRACT),
    (HTX2, AWAITING, CONTRACT, r"/sign$"),
    (BUYER, "/", ANNEX, r"/sign$", r"/sign-digitally$"),
    (BUYER, DRAFT, CONTRACT, r"/contracts/\d+/edit$"),
    (BUYER, DRAFT, CONTRACT, r"/contracts/\d+/edit$", "?clauses=1"),
    (BUYER, DRAFT, CONTRACT, r"/contracts/\d+/open-for-signing$"),
    (BUYER, DRAFT, CONTRACT, r"/contracts/\d+/points$"),
    (BUYER, DRAFT, CONTRACT, r"/text$"),
    (BUYER, DRAFT, CONTRACT, r"/text$", "?clause=price"),
    (BUYER, DRAFT, CONTRACT, r"/text$", r"/changes$"),
    (HTX, "/contracts/record"),
    (HTX, "/notices"),
    (HTX, "/account"),
    (HTX, "/organisations/mine", ORGANISATION, r"/members$"),
    (BUYER, "/offers/create"),
    (BUYER, "/offers/mine"),
    (BUYER, "/offers/mine", r"/offers/\d+/compare$"),
    (HTX, AWAITING, CONTRACT, r"/contracts/\d+/sign$"),
    (HTX, AWAITING, CONTRACT, r"/contracts/\d+/sign$", r"/sign-digitally$"),
    (BUYER, "/contracts?state=signed", CONTRACT, r"/terms$"),
    (BUYER, "/contracts?state=signed", CONTRACT, r"/annexes/new"),
    (BUYER, "/contracts?state=signed", CONTRACT, r"/annexes/new", r"reason=other"),
    (BUYER, "/contracts?state=signed", CONTRACT, r"/terminate$"),
    (BUYER, "/", r"/annexes/\d+$"),
    (BUYER, "/", r"/annexes/\d+$", r"/sign$"),
    (HTX, "/contracts?state=suspended", CONTRACT, r"/annexes/\d+$", r"/edit$"),
    (HTX2, "/contracts?state=completed", CONTRACT, r"/annexes/settlement$"),
    (OFFICER, "/desk"),
    (OFFICER, "/organisations/queue"),
    (OFFICER, "/organisations/queue", r"/organisations/queue/\d+$"),
    (OFFICER, "/contracts/to-attest"),
    (PROVINCE, "/reports/contracts"),
    (PROVINCE, "/reports/cooperatives"),
    (PROVINCE, "/reports/cooperatives", r"/reports/cooperatives/rows"),
    (PROVINCE, "/reports/ocop"),
    (PROVINCE, "/reports/coverage"),
    (PROVINCE, "/registers"),
    (PROVINCE, "/registers/upload"),
    (PROVINCE, "/registers", r"/registers/\d+$"),
    (PROVINCE, "/ocop"),
    (PROVINCE, "/events/desk", r"/events/\d+/manage$"),
    (ADMIN, "/templates/"),
    (ADMIN, "/templates/", r"/versions/\d+$"),
    (ADMIN, "/templates/", r"/versions/\d+$", PREVIEW),
)


def address(page: Page, row: Row) -> str:
    """The page that is meant: where one starts, or the first link there whose address is like this, and so on."""
    where = row[1]
    for pattern in row[2:]:
        if pattern.startswith("?"):
            where += pattern
            continue
        page.goto(where)
        links = page.locator("main a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
        found = next((link for link in links if re.search(pattern, link or "")), None)
        assert found, f"{where} links to nothing like {pattern}"
        where = str(found)
    return where


def name_of(row: Row) -> str:
    """For the report of the tests."""
    return " ".join([row[0].split("@")[0] or "anybody", *(part.replace("\\d+", "N").rstrip("$") for part in row[1:])])


@pytest.fixture(scope="module")
def desks(windows_of_all: Windows) -> dict[str, Page]:
    """One window for each visitor; the screen's size changes."""
    return {who: windows_of_all.open(who, size=DESKTOP) for who in dict.fromkeys(row[0] for row in PAGES)}


@pytest.mark.parametrize("row", PAGES, ids=name_of)
def test_a_page_fits_is_usable_and_light(desks: dict[str, Page], row: Row) -> None:
    page = desks[row[0]]
    where = address(page, row)
    problems = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        answer = page.goto(where)
        assert answer
        assert answer.status == 200
        problems += [f"{size['width']} px: {each}" for each in (*overflow(page), *violations(page))]
        if size == PHONE and row[-1] != PREVIEW:
            problems += heavy(page)
    assert not problems, "\n".join([where, *problems])


def test_the_stylesheet_that_travels_says_what_was_written(desks: dict[str, Page]) -> None:
    page, written = desks[""], (ROOT / "static" / "css" / "base.css").read_text(encoding="utf-8")
    said, sent = (page.evaluate(RULES_OF, css) for css in (written, tight(written)))
    assert len(said) > 100
    assert [loose(rule) for rule in sent] == [loose(rule) for rule in said]


def loose(rule: str) -> str:
    """A rule without the spaces that custom properties keep as they were typed."""
    return re.sub(r"\s*,\s*", ",", rule)


def overflow(page: Page) -> list[str]:
    """What is wider than the screen."""
    return list(
        page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return [];
              return Array.from(document.querySelectorAll("body *"))
                .filter(each => each.getBoundingClientRect().right > width + 1)
                .slice(0, 5).map(each => `wider than the screen: ${each.outerHTML.slice(0, 120)}`);
            }"""
        )
    )


def violations(page: Page) -> list[str]:
    """What axe-core finds by the rules of WCAG 2.2 A and AA, and by good practice."""
    page.evaluate(AXE)
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']}: {each['help']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


def heavy(page: Page) -> list[str]:
    """What goes beyond the budget of a first view; photos are apart."""
    page.evaluate("() => document.fonts.ready")
    others = page.evaluate("() => performance.getEntriesByType('resource').map(each => each.name)")
    wanted = dict.fromkeys(each.split("#")[0] for each in (page.url, *others) if not re.search(r"/photos?/", each))
    weights = {url: weight(page, url) for url in wanted}
    first = sum(size for url, size in weights.items() if url == page.url or ".css" in url)
    whole = sum(weights.values())
    said = "; ".join(f"{size} {url}" for url, size in weights.items())
    found = []
    if first > FIRST_VIEW:
        found.append(f"HTML and CSS weigh {first} bytes: {said}")
    if whole > WHOLE_PAGE or len(weights) > MOST_REQUESTS:
        found.append(f"{len(weights)} answers weigh {whole} bytes: {said}")
    return found


def weight(page: Page, url: str) -> int:
    """The size of an answer's body as it travels to a browser that understands brotli."""
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "br", "Cookie": cookies})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return len(answer.read())
