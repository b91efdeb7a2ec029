"""Default deny: an endpoint that does not say who may use it is shut, and what one may not see is a 404."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.web.addresses import way_back
from marketplace.web.errors import typed

View = TypeVar("View", bound=Callable[..., Any])


class Kind(Protocol):
    """A kind of visitor: Public and SignedIn here, the others in organisations/access.py."""

    @staticmethod
    def admits(user: Any, **options: Any) -> bool: ...


class Public:
    """Anybody, signed in or not."""

    @staticmethod
    def admits(user: Any, **options: Any) -> bool:
        return True


class SignedIn:
    """Anybody with an account."""

    @staticmethod
    def admits(user: Any, **options: Any) -> bool:
        return bool(user.is_authenticated)


def allow(*kinds: type[Kind], **options: Any) -> Callable[[View], View]:
    """Declare who may use a view; put it right under the route. Any one of the kinds is enough."""

    def declare(view: View) -> View:
        view.access = (kinds, options)  # type: ignore[attr-defined]
        return view

    return declare


def declare(app: Flask, endpoint: str, *kinds: type[Kind], **options: Any) -> None:
    """The same for a view that a library brought."""
    view: Any = app.view_functions[endpoint]
    view.access = (kinds, options)


def guard() -> Response | None:
    """Before each request: let pass, send to sign-in (with what was typed, so that it is not lost), or answer 404."""
    if request.endpoint is None:
        return None
    access = getattr(current_app.view_functions[request.endpoint], "access", None)
    if access is None:
        abort(404)
    kinds, options = access
    if any(kind.admits(current_user, **options) for kind in kinds):
        return None
    if current_user.is_authenticated:
        abort(404)
    sign_in = url_for("security.login", next=way_back())
    words = [] if request.method == "GET" else typed()
    if not words:
        return redirect(sign_in, 303)
    return make_response(render_template("errors/401.html", typed=words, sign_in=sign_in), 401)


def init_app(app: Flask) -> None:
    """Shut every endpoint that does not declare its access."""
    app.before_request(guard)
    declare(app, "static", Public)
