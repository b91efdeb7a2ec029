"""Reading a page of figures as a person does: every number that is a link, and how many rows its door opens."""

import re
from html.parser import HTMLParser

from flask.testing import FlaskClient


class Page(HTMLParser):
    """Collects (address, number) of every door: figures, bars of charts, cells of tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.doors: list[tuple[str, int]] = []
        self.door: str | None = None
        self.wait_in_row: str | None = None
        self.text = ""
        self.inside = ""
        self.drawn = False  # the map's communes lead to their line of the table, not to a number
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.drawn = self.drawn or tag == "svg"
        if tag == "a" and not self.drawn and "/rows?" in (values.get("href") or ""):
            self.door = values["href"]
            self.inside = "figure" if "figure" in (values.get("class") or "") else "cell"
            self.text = ""
        if tag in ("span", "td"):
            self.text = "" if self.wait_in_row or "figure-value" in (values.get("class") or "") else self.text

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self.drawn = self.drawn and tag != "svg"
        if tag == "span" and self.inside == "figure" and self.door and self.text.strip().isdigit():
            self.keep()
        elif tag == "a" and self.door:
            if self.text.strip().isdigit():
                self.keep()
            else:
                self.wait_in_row, self.door = self.door, None
        elif tag == "td" and self.wait_in_row and self.text.strip().isdigit():
            self.door, self.wait_in_row = self.wait_in_row, None
            self.keep()

    def keep(self) -> None:
        """The number that was just read belongs to the open door."""
        assert self.door
        self.doors.append((self.door, int(self.text.strip())))
        self.door, self.inside = None, ""


def doors(browser: FlaskClient, address: str) -> list[tuple[str, int]]:
    """The doors of a page."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return Page(answer.get_data(as_text=True)).doors


def rows_behind(browser: FlaskClient, address: str) -> int:
    """How many rows a door really opens, over all its pages."""
    count = 0
    while address:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        text = answer.get_data(as_text=True)
        body = re.search(r"<tbody>(.*?)</tbody>", text, re.S)
        count += body[1].count("<tr>") if body else 0
        older = re.search(r'<a[^>]* rel="next" href="([^"]+)"', text)
        address = older[1].replace("&amp;", "&") if older else ""
    return count
