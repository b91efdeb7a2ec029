"""A critical reader of pages: what every page must have, whoever wrote it."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
UNTRANSLATED = re.compile(r"%\(\w+\)s|\{\{|\{%|\bNone\b|<built-in|object at 0x")


class Page(HTMLParser):
    """Collects what the complaints are made of."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str]] = []
        self.headings: list[str] = []
        self.lang = ""
        self.title = ""
        self.words: list[str] = []
        self.forms: list[dict[str, object]] = []
        self.links: list[str] = []
        self.images_without_alt = 0
        self.inline: list[str] = []
        self.label_depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if "style" in given or any(name.startswith("on") for name in given) or tag == "style":
            self.inline.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in given:
            self.inline.append("script")
        self.note(tag, given)

    def note(self, tag: str, given: dict[str, str]) -> None:
        """What single elements tell."""
        if tag == "html":
            self.lang = given.get("lang", "")
        elif tag == "label":
            self.label_depth += 1
            self.labelled.add(given.get("for", ""))
        elif tag in ("input", "select", "textarea"):
            self.control(tag, given)
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)
        elif tag == "form":
            self.forms.append({"method": given.get("method", "get").lower(), "token": False})
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "img":
            self.links.append(given.get("src", ""))
            self.images_without_alt += "alt" not in given

    def control(self, tag: str, given: dict[str, str]) -> None:
        """A form control: its label, or the token of its form."""
        if given.get("name", "").endswith("csrf_token") and self.forms:
            self.forms[-1]["token"] = True
        if given.get("type", "text") in UNLABELLED and tag == "input":
            return
        if not self.label_depth:
            self.controls.append(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.label_depth -= 1
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                continue

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data
        elif not {"script", "style", "textarea"} & set(self.open):
            self.words.append(data)


def complaints(text: str, *, tokens: bool = True) -> list[str]:
    """What is wrong with a page; an empty list where nothing is."""
    page = Page(text)
    found = []
    if page.lang != "vi":
        found.append("the language is not given as vi")
    if page.headings.count("h1") != 1:
        found.append(f"{page.headings.count('h1')} h1 headings")
    if len(page.title.strip()) < 3:
        found.append("no title")
    if page.inline:
        found.append(f"inline style or script: {page.inline[0][:80]}")
    doubled = {one for one in page.ids if page.ids.count(one) > 1}
    if doubled:
        found.append(f"ids used twice: {sorted(doubled)[:5]}")
    named = page.labelled | {""}
    for control in page.controls:
        if "aria-label" in control or "aria-labelledby" in control or control.get("id") in named - {""}:
            continue
        found.append(f"no label for {control.get('name')}")
    if page.images_without_alt:
        found.append(f"{page.images_without_alt} images without alt")
    if tokens and any(form["method"] == "post" and not form["token"] for form in page.forms):
        found.append("a form without its token")
    left = UNTRANSLATED.search(" ".join(page.words))
    if left:
        found.append(f"left in the text: {left.group(0)}")
    return found
