"""The sign-in library's forms in our words, with our field kinds and our kind of refusal."""

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_security import hash_password
from flask_security.forms import (
    ChangePasswordForm,
    EmailValidation,
    EqualToLocalize,
    ForgotPasswordForm,
    RequiredLocalize,
    ResetPasswordForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    valid_user_email,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.unified_signin import UnifiedSigninForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField

from marketplace.accounts.forms import CODE


class OfLibrary:
    """What our form parts expect of a form of the library."""

    @property
    def refusals(self) -> list[str]:
        """Sentences about the whole form, each once."""
        return list(dict.fromkeys(str(sentence) for sentence in self.form_errors))  # type: ignore[attr-defined]

    def validate(self, **options: Any) -> bool:
        """Shown again, it is a refused form (422)."""
        good: bool = super().validate(**options)  # type: ignore[misc]
        if not good:
            g.refused = True
        return good


class SignInForm(OfLibrary, UnifiedSigninForm):
    """Phone number or e-mail, and password."""

    identity = StringField(
        _l("Phone number or e-mail"),
        [RequiredLocalize(message="US_SPECIFY_IDENTITY")],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    passcode = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})
    remember = BooleanField(_l("Keep me signed in on this device"))

    def validate(self, **options: Any) -> bool:
        """Somebody unknown costs as much time as a wrong password."""
        good: bool = super().validate(**options)
        if not good and self.passcode.data and getattr(self, "user", None) is None:
            hash_password(self.passcode.data)
        return good


class ConfirmPasswordForm(OfLibrary, VerifyForm):
    """The password once more."""

    password = PasswordField(
        _l("Your password"),
        [RequiredLocalize(message="PASSWORD_NOT_PROVIDED")],
        render_kw={"autocomplete": "current-password"},
    )


class AskForPasswordForm(ForgotPasswordForm):
    """Where the mail with the link should go."""

    email = EmailField(
        _l("E-mail"),
        [RequiredLocalize(message="EMAIL_NOT_PROVIDED"), EmailValidation(), valid_user_email],
        render_kw={"autocomplete": "email"},
    )


def repeated(of: str) -> PasswordField:
    """The same password once more."""
    return PasswordField(
        _l("The new password once more"),
        [EqualToLocalize(of, message="RETYPE_PASSWORD_MISMATCH"), RequiredLocalize(message="PASSWORD_NOT_PROVIDED")],
        render_kw={"autocomplete": "new-password"},
    )


class NewPasswordForm(OfLibrary, ResetPasswordForm):
    """A new password after a link or a one-time code."""

    password = PasswordField(
        _l("New password"),
        [RequiredLocalize(message="PASSWORD_NOT_PROVIDED")],
        render_kw={"autocomplete": "new-password"},
    )
    password_confirm = repeated("password")


class OwnPasswordForm(OfLibrary, ChangePasswordForm):
    """A new password instead of the present one."""

    password = PasswordField(
        _l("Present password"),
        [RequiredLocalize(message="PASSWORD_NOT_PROVIDED")],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        _l("New password"),
        [RequiredLocalize(message="PASSWORD_NOT_PROVIDED")],
        render_kw={"autocomplete": "new-password"},
    )
    new_password_confirm = repeated("new_password")


class SecondFactorForm(OfLibrary, TwoFactorSetupForm):
    """Begin to set up, or to stop using, codes of an authenticator app."""

    setup = HiddenField()


class CodeForm(OfLibrary, TwoFactorVerifyCodeForm):
    """Six digits of the authenticator app."""

    code = StringField(_l("Six-digit code"), [RequiredLocalize(message="TWO_FACTOR_INVALID_TOKEN")], render_kw=CODE)


class SpareCodeForm(OfLibrary, MfRecoveryForm):
    """One of the spare codes."""

    code = StringField(
        _l("Spare code"),
        [RequiredLocalize(message="INVALID_RECOVERY_CODE")],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )
