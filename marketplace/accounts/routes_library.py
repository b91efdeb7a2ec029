"""The sign-in library's pages: bound to our models and forms, each with its access, its limit, and its ledger entry."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NoReturn

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask_login import current_user
from flask_security import RoleMixin, Security
from flask_security.signals import (
    password_changed,
    password_reset,
    tf_code_confirmed,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    user_failed_authn,
)

from marketplace.accounts import forms_library as forms
from marketplace.accounts import library, library_settings, tries
from marketplace.accounts.models import User
from marketplace.config import ROOT, Settings
from marketplace.extensions import db
from marketplace.ledger.service import record
from marketplace.web import handed
from marketplace.web.access import Kind, Public, SignedIn, allow, declare

OPEN: dict[str, type[Kind]] = {
    "login": Public,
    "logout": Public,
    "forgot_password": Public,
    "reset_password": Public,
    "two_factor_setup": Public,  # also a step of signing in, before which nobody is signed in
    "two_factor_token_validation": Public,
    "mf_recovery": Public,
    "mf_recovery_codes": SignedIn,
    "change_password": SignedIn,
    "verify": SignedIn,
}
"""The library's endpoints that we use; all its others are shut."""


def init_app(app: Flask, settings: Settings, **answers: Any) -> None:
    """Bind the library. What it must ask later slices is handed in:

    must_have_second_factor(user), may_hand_over_code(officer, user), mailer(recipient, subject, body, path=, now=),
    personal_data: [(name, function(user))], what later slices hold, for the person to download.
    """
    store = library.Store(db, User, RoleMixin)
    app.config.update(
        library_settings.settings(
            settings.secret_key,
            settings.password_salt,
            settings.site_name,
            app.config["SESSION_COOKIE_SECURE"],
            ROOT / "marketplace" / "translations",
        )
    )
    security = Security(
        us_signin_form=forms.SignInForm,
        verify_form=forms.ConfirmPasswordForm,
        forgot_password_form=forms.AskForPasswordForm,
        reset_password_form=forms.NewPasswordForm,
        change_password_form=forms.OwnPasswordForm,
        two_factor_setup_form=forms.SecondFactorForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.SpareCodeForm,
        mail_util_cls=library.Outbox,
        password_util_cls=library.Passwords,
        phone_util_cls=library.Phones,
        totp_cls=library.Codes,
        mf_recovery_codes_util_cls=library.SpareCodes,
    )
    handed.give(app, security=security, store=store, **answers)
    security.init_app(app, store)
    security.want_json(lambda _request: False)
    security.reauthn_handler(confirm_first)
    open_and_shut(app)
    listen(app, store)
    tries.init_app(app)


def confirm_first(_within: object, _grace: object) -> Any:
    """Send somebody who signed in long ago through the password page and back."""
    return redirect(url_for("security.verify", next=request.full_path.rstrip("?")), 303)


@allow(Public)
def shut(**_values: Any) -> NoReturn:
    """What the library offers and we do not."""
    abort(404)


def open_and_shut(app: Flask) -> None:
    """Declare the access of every endpoint that the library brought."""
    for endpoint in [name for name in app.view_functions if name.startswith("security.")]:
        kind = OPEN.get(endpoint.removeprefix("security."))
        if kind is None:
            app.view_functions[endpoint] = shut
        else:
            declare(app, endpoint, kind)
    digits = "security.two_factor_token_validation"
    app.view_functions[digits] = only_when_asked(app.view_functions[digits])


def only_when_asked(view: Callable[..., Any]) -> Callable[..., Any]:
    """The page for the six digits, for who is not asked for any: the library would take it for an attack and sign out."""

    @wraps(view)
    def asked(**values: Any) -> Any:
        if current_user.is_authenticated and session.get("tf_state") != "validating_profile":
            return redirect(url_for("accounts.show"), 303)
        return view(**values)

    return asked


def listen(app: Flask, store: library.Store) -> None:
    """What the library did goes into the ledger, in the transaction in which it is saved."""

    def write(event: str, user: User, by_owner: bool = True, **values: Any) -> None:
        user_id, address = user.id, request.remote_addr or ""

        def act(now: datetime) -> None:
            fresh = db.session.get_one(User, user_id)
            actor = user_id if by_owner else None
            record(event, fresh, actor=actor, now=now, personal={"address": address}, **values)

        store.later(act)

    @user_authenticated.connect_via(app)
    def signed_in(_app: Flask, user: User, authn_via: list[str] | None = None, **_more: Any) -> None:
        # A token known before signing in must be good for nothing afterwards.
        session.pop("csrf_token", None)
        g.pop("csrf_token", None)
        if authn_via != ["change"]:
            write("account:signed_in", user)

    @user_failed_authn.connect_via(app)
    def failed(_app: Flask, user: User, tfa: bool = False, **_more: Any) -> None:
        write("account:sign_in_failed", user, by_owner=False, data={"code": tfa})

    for signal, event in (
        (password_changed, "account:password_changed"),
        (password_reset, "account:password_reset"),
        (tf_profile_changed, "account:second_factor_set"),
        (tf_code_confirmed, "account:second_factor_confirmed"),
        (tf_disabled, "account:second_factor_removed"),
    ):
        connect(app, signal, event, write)

    @app.after_request
    def save(response: Response) -> Response:
        """A failed sign-in or a mail that the library itself does not commit."""
        if store.waiting():
            store.commit()
        return response


def connect(app: Flask, signal: Any, event: str, write: Callable[..., None]) -> None:
    """One signal, one event."""

    @signal.connect_via(app)
    def heard(_app: Flask, user: Any, **_more: Any) -> None:
        write(event, user)
