"""What create_app() hands to earlier slices that they may not import: questions that only later slices can answer."""

from typing import Any

from flask import Flask, current_app


def give(app: Flask, **things: Any) -> None:
    """Hand functions (or lists of them) over, each under the name by which the earlier slice asks for it."""
    app.extensions.setdefault("handed", {}).update(things)


def take(name: str) -> Any:
    """What was handed over under a name."""
    return current_app.extensions["handed"][name]
