"""PURE: the sign-in library's sentences in our words (category as it flashes them), and the mails it sends."""

from marketplace.kernel.messages import Message, msgid

SENTENCES: dict[str, tuple[Message, str]] = {
    "API_ERROR": (msgid("This cannot be read; please fill the form in again."), "problem"),
    "GENERIC_AUTHN_FAILED": (
        msgid("The phone number (or e-mail) and the password do not go together. Please check both."),
        "problem",
    ),
    "UNAUTHORIZED": (msgid("You may not see this page."), "problem"),
    "UNAUTHENTICATED": (msgid("Please sign in first."), "plain"),
    "LOGIN": (msgid("Please sign in first."), "plain"),
    "REFRESH": (msgid("Please type your password once more to go on."), "plain"),
    "REAUTHENTICATION_REQUIRED": (msgid("Please type your password once more to go on."), "plain"),
    "REAUTHENTICATION_SUCCESSFUL": (msgid("Thank you, you can go on."), "good"),
    "ANONYMOUS_USER_REQUIRED": (msgid("You are signed in already."), "plain"),
    "DISABLED_ACCOUNT": (msgid("This account is closed."), "problem"),
    "INVALID_REDIRECT": (msgid("Addresses outside this site are not followed."), "problem"),
    "INVALID_PASSWORD": (msgid("This password is not right."), "problem"),
    "INVALID_PASSWORD_CODE": (msgid("This password is not right."), "problem"),
    "PASSWORD_NOT_PROVIDED": (msgid("Please type the password."), "problem"),
    "PASSWORD_INVALID_LENGTH": (msgid("Choose a password of %(length)s to 128 characters."), "problem"),
    "PASSWORD_TOO_SIMPLE": (msgid("This password is easy to guess; please choose another."), "problem"),
    "PASSWORD_MISMATCH": (msgid("The two passwords differ."), "problem"),
    "RETYPE_PASSWORD_MISMATCH": (msgid("The two passwords differ."), "problem"),
    "PASSWORD_IS_THE_SAME": (msgid("This is your present password; please choose another."), "problem"),
    "PASSWORD_CHANGE": (msgid("Your password is changed. Other devices are signed out."), "good"),
    "PASSWORD_RESET_NO_LOGIN": (msgid("Your password is changed. Please sign in with it."), "good"),
    "PASSWORD_RESET_REQUEST": (
        msgid("If an account has the address %(email)s, a mail with a link is on its way to it."),
        "plain",
    ),
    "GENERIC_RECOVERY": (msgid("If an account has this address, a mail with a link is on its way to it."), "plain"),
    "PASSWORD_RESET_EXPIRED": (msgid("This link was good for %(within)s; please ask for a new one."), "problem"),
    "INVALID_RESET_PASSWORD_TOKEN": (msgid("This link is no longer good; please ask for a new one."), "problem"),
    "EMAIL_NOT_PROVIDED": (msgid("Please type the e-mail address."), "problem"),
    "INVALID_EMAIL_ADDRESS": (msgid("Write the whole e-mail address, for example ten@example.vn."), "problem"),
    "PHONE_INVALID": (msgid("Write the phone number with its digits, for example 0912 345 678."), "problem"),
    "USER_DOES_NOT_EXIST": (msgid("Nobody has signed up with this."), "problem"),
    "US_SPECIFY_IDENTITY": (msgid("Please type your phone number or e-mail address."), "problem"),
    "US_METHOD_NOT_AVAILABLE": (msgid("This way of signing in is not offered."), "problem"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (msgid("This way of signing in is not offered."), "problem"),
    "INVALID_CODE": (msgid("This code is not right; please type the one that is shown now."), "problem"),
    "TWO_FACTOR_INVALID_TOKEN": (msgid("This code is not right; please type the one that is shown now."), "problem"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (msgid("You are signed in."), "good"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (msgid("From now on you sign in with a code from your phone."), "good"),
    "TWO_FACTOR_PERMISSION_DENIED": (msgid("Please sign in again."), "plain"),
    "TWO_FACTOR_DISABLED": (msgid("Signing in no longer asks for a code."), "good"),
    "TWO_FACTOR_SETUP_EXPIRED": (msgid("This took longer than %(within)s; please begin again."), "problem"),
    "INVALID_RECOVERY_CODE": (msgid("This spare code is not right, or was used before."), "problem"),
    "NO_RECOVERY_CODES_SETUP": (msgid("You have no spare codes yet."), "plain"),
}

RESET, PASSWORD_RESET, PASSWORD_CHANGED = "reset", "password-reset", "password-changed"

MAILS: dict[str, tuple[Message, Message]] = {
    RESET: (
        msgid("A new password for your account"),
        msgid(
            "Somebody, probably you, asked for a new password. Choose it at the address below within 2 hours. If it was not you, do nothing: your password stays as it is."
        ),
    ),
    PASSWORD_RESET: (
        msgid("Your password was changed"),
        msgid(
            "The password of your account was replaced just now. If it was not you, choose a new one at the address below and tell the commune's officer."
        ),
    ),
    PASSWORD_CHANGED: (
        msgid("Your password was changed"),
        msgid(
            "The password of your account was changed just now. If it was not you, choose a new one at the address below and tell the commune's officer."
        ),
    ),
}
"""Subject and body by the template name that the library is configured with."""
