"""Addresses inside the application, made from endpoint names where no request may be at hand (services, tasks)."""

from typing import Any

from flask import current_app


def path_of(endpoint: str, **values: Any) -> str:
    """The path of an endpoint: `path_of("organisations.show", organisation_id=12)`."""
    return current_app.url_map.bind("").build(endpoint, values)
