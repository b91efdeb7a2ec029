"""The sign-in library's settings: what is on, where its pages are, whose sentences it speaks."""

import base64
import hashlib
import hmac
from datetime import timedelta
from pathlib import Path
from typing import Any

from marketplace.accounts import messages, rules
from marketplace.accounts.identity import email_of, phone_of


def derived(secret: str, purpose: str) -> str:
    """A key for one purpose from the installation's secret."""
    key = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(key).decode()


def settings(secret: str, salt: str, site_name: str, secure: bool, translations: Path) -> dict[str, Any]:
    """The library's settings; each named without its prefix."""
    values: dict[str, Any] = {
        "I18N_DOMAIN": "messages",
        "I18N_DIRNAME": [str(translations)],
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "API_ENABLED_METHODS": ["session"],
        "EMAIL_PLAINTEXT": False,
        "EMAIL_HTML": False,
        "RETURN_GENERIC_RESPONSES": True,
        "USER_IDENTITY_ATTRIBUTES": [
            {"email": {"mapper": email_of}},
            {"us_phone_number": {"mapper": phone_of}},
        ],
        **passwords(salt),
        **second_factor(secret, site_name, secure),
        **pages(),
    }
    values |= {f"MSG_{name}": (sentence.text, kind) for name, (sentence, kind) in messages.SENTENCES.items()}
    return {f"SECURITY_{name}": value for name, value in values.items()}


def passwords(salt: str) -> dict[str, Any]:
    """Hashing, and how one comes to a new password."""
    return {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SALT": salt,
        "PASSWORD_LENGTH_MIN": rules.PASSWORD_LENGTH,
        "PASSWORD_NORMALIZE_FORM": "NFKD",
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "RESET_PASSWORD_WITHIN": timedelta(hours=2),
        "EMAIL_SUBJECT_PASSWORD_RESET": "",
        "EMAIL_SUBJECT_PASSWORD_NOTICE": "",
        "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "",
        "EMAIL_TEMPLATE_PASSWORD_RESET": messages.RESET,
        "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": messages.PASSWORD_RESET,
        "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": messages.PASSWORD_CHANGED,
    }


def second_factor(secret: str, site_name: str, secure: bool) -> dict[str, Any]:
    """An authenticator app or a spare code; a person fresh from signing in may change it."""
    return {
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 60,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_VALIDITY_COOKIE": {"httponly": True, "secure": secure, "samesite": "Strict"},
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "TOTP_SECRETS": {"1": derived(secret, "totp")},
        "TOTP_ISSUER": site_name,
        "FRESHNESS": timedelta(minutes=15),
        "FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
    }


def pages() -> dict[str, Any]:
    """Addresses, templates, and where one goes afterwards."""
    return {
        "UNIFIED_SIGNIN": True,
        "US_SIGNIN_REPLACES_LOGIN": True,
        "US_ENABLED_METHODS": ["password"],
        "US_MFA_REQUIRED": ["password"],
        "VERIFY_URL": "/confirm-password",
        "RESET_URL": "/forgot-password",
        "CHANGE_URL": "/account/password",
        "TWO_FACTOR_SETUP_URL": "/account/second-factor",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/code",
        "MULTI_FACTOR_RECOVERY_URL": "/login/spare-code",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/spare-codes",
        "POST_CHANGE_VIEW": "accounts.show",
        "TWO_FACTOR_POST_SETUP_VIEW": "accounts.show",
        "US_SIGNIN_TEMPLATE": "accounts/sign_in.html",
        "VERIFY_TEMPLATE": "accounts/confirm_password.html",
        "FORGOT_PASSWORD_TEMPLATE": "accounts/forgot_password.html",
        "RESET_PASSWORD_TEMPLATE": "accounts/reset_password.html",
        "CHANGE_PASSWORD_TEMPLATE": "accounts/change_password.html",
        "TWO_FACTOR_SETUP_TEMPLATE": "accounts/second_factor.html",
        "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/sign_in_code.html",
        "MULTI_FACTOR_RECOVERY_TEMPLATE": "accounts/sign_in_spare_code.html",
        "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "accounts/spare_codes.html",
    }
