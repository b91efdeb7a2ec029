"""Hands on the keyboard alone: Tab, arrows, Space and Enter, and the focus is seen wherever it stops."""

from playwright.sync_api import Locator, Page

from tests.e2e.windows import PASSWORD

SEEN = """() => {
  const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect();
  const drawn = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
  return drawn && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""
MOST = 150


def reach(page: Page, target: Locator) -> None:
    """Tab until it has the focus, which can be seen wherever it stops."""
    for _step in range(MOST):
        if target.evaluate("each => each === document.activeElement"):
            assert page.evaluate(SEEN), f"the focus is not seen on {target}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached with Tab")


def type_into(page: Page, name: str, text: str) -> None:
    """A field by its name; what stands there is replaced."""
    reach(page, page.locator(f"main [name={name}]:not([type=hidden])"))
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page: Page, name: str, choice: str) -> None:
    """A list: arrow by arrow to the choice."""
    field = page.locator(f"main [name={name}]")
    reach(page, field)
    page.keyboard.press("Home")
    for _step in range(MOST):
        if field.evaluate("each => each.selectedOptions[0].label.trim()") == choice:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{choice} is not reached in {name}")


def press_enter(page: Page, role: str, name: str) -> None:
    """A button or a link of the content."""
    target = page.locator("main").get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    reach(page, target)
    page.keyboard.press("Enter")


def sign_in(page: Page, identity: str) -> None:
    """Skip to the content, type, Enter."""
    page.goto("/login")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('href')") == "#main", "the skip link comes first"
    assert page.evaluate(SEEN)
    page.keyboard.press("Enter")
    type_into(page, "identity", identity)
    type_into(page, "passcode", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
