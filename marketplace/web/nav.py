"""Navigation: create_app() hands in the list of places; a page shows those its visitor may use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from marketplace.kernel.messages import Message


@dataclass(frozen=True)
class Place:
    """One entry of a menu: which menu, its words, the endpoint, an icon of the sprite, for whom; later slices under it."""

    menu: str
    label: Message
    endpoint: str
    icon: str = ""
    shown_to: Callable[[Any], bool] = lambda user: True
    also: str = ""


@dataclass(frozen=True)
class Link:
    """A place as one visitor sees it on one page."""

    label: str
    url: str
    icon: str
    active: bool


class Menus:
    """`nav.bottom`, `nav.desk`, `nav.account`, `nav.footer` in templates."""

    def __getattr__(self, menu: str) -> list[Link]:
        places = [
            place
            for place in current_app.extensions["places_of_menus"]
            if place.menu == menu and place.shown_to(current_user)
        ]
        active = current(places, request.endpoint or "")
        return [
            Link(
                label=gettext(place.label.text),
                url=url_for(place.endpoint),
                icon=place.icon,
                active=place is active,
            )
            for place in places
        ]


def current(places: list[Place], endpoint: str) -> Place | None:
    """The one entry that a page belongs to: its own, else the last of its slice."""
    slice_name = endpoint.split(".")[0]
    of_slice = [
        place for place in places if slice_name in (place.endpoint.split(".")[0], place.also) and slice_name != "home"
    ]
    exact = [place for place in places if place.endpoint == endpoint]
    return next(iter(exact or of_slice[::-1]), None)


def init_app(app: Flask, places: list[Place]) -> None:
    """Take the menus of create_app()."""
    app.extensions["places_of_menus"] = places
    app.jinja_env.globals["nav"] = Menus()
