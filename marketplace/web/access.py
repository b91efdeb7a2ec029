"""Default deny: an endpoint that does not say who may use it is shut, and what one may not see is a 404."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

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
    """Before each request: let pass, send to sign-in, or answer 404."""
    if request.endpoint is None:
        return None
    access = getattr(current_app.view_functions[request.endpoint], "access", None)
    if access is None:
        abort(404)
    kinds, options = access
    if any(kind.admits(current_user, **options) for kind in kinds):
        return None
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("security.login", next=back), 303)
    abort(404)


def init_app(app: Flask) -> None:
    """Shut every endpoint that does not declare its access."""
    app.before_request(guard)
    declare(app, "static", Public)
