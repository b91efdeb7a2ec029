"""Addresses inside the application: made from endpoint names where no request may be at hand, and read back from them."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_KEY = 2**63 - 1
"""No row has a larger one, and neither database takes a larger number."""


class KeyConverter(IntegerConverter):
    """`<int:…>` in an address: what no row can have leads nowhere (404), instead of to an error of the database."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_KEY, **options})


def number_or_none(text: Any) -> int | None:
    """A key or another whole number as an address or a form carries it; what no database could keep is none."""
    digits = str(text or "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        return None
    return int(digits) if int(digits) <= LARGEST_KEY else None


def path_of(endpoint: str, **values: Any) -> str:
    """The path of an endpoint: `path_of("organisations.show", organisation_id=12)`."""
    return current_app.url_map.bind("").build(endpoint, values)


def public_url(path: str) -> str:
    """The full address of a page, for paper, messages and other sites: never from what a browser calls this host."""
    return str(current_app.config["SETTINGS"].public_url) + path


def way_back() -> str:
    """Where the page is on which it happened: here, or, where this address only takes what is sent, where it was sent from."""
    if request.url_rule is not None and "GET" in (request.url_rule.methods or ()):
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    ours = came_from.netloc == request.host and not came_from.path.startswith("//")
    return came_from._replace(scheme="", netloc="", fragment="").geturl() if ours and came_from.path else "/"


def init_app(app: Flask) -> None:
    """Bound the keys in addresses, before any slice adds its own."""
    app.url_map.converters["int"] = KeyConverter
