"""Panels and chain steps that later slices hang on the page of an earlier noun, listed in create_app()."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app


@dataclass(frozen=True)
class Panel:
    """A rendered piece of a page: heading-less HTML made by the owning slice's template."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step of the chain bar: product → offer → quote → contract → delivery → done."""

    noun: str
    label: str
    state: str = ""
    state_kind: str = "ended"
    date: datetime.date | str | None = None
    url: str | None = None
    current: bool = False
    count: int | None = None


PanelOf = Callable[[Any, Any], Panel | None]
StepsOf = Callable[[Any, Any], list[Step]]


def init_app(app: Flask, panels: list[tuple[type, PanelOf]], steps: list[tuple[type, StepsOf]]) -> None:
    """Take the lists of create_app(): (noun, function(thing, viewer))."""
    app.extensions["panels"] = panels
    app.extensions["steps"] = steps
    app.jinja_env.globals.update(panels_of=panels_of, chain_of=chain_of)


def panels_of(thing: Any, viewer: Any) -> list[Panel]:
    """What later slices have to say on this thing's page to this viewer."""
    found = (make(thing, viewer) for noun, make in current_app.extensions["panels"] if isinstance(thing, noun))
    return [panel for panel in found if panel is not None]


def chain_of(thing: Any, viewer: Any) -> list[Step]:
    """The chain bar of this thing, in the order of the chain as create_app() lists it."""
    functions = (make for noun, make in current_app.extensions["steps"] if isinstance(thing, noun))
    return [step for make in functions for step in make(thing, viewer)]
