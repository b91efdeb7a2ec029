"""What somebody signs in with: an e-mail address in small letters, or a phone number in one spelling."""

from email_validator import EmailNotValidError, validate_email

from marketplace.web.fields import parse_phone


def email_of(text: str) -> str | None:
    """The address, in small letters throughout (one person, one address, one index); None where this is none."""
    if "@" not in text:
        return None
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def phone_of(text: str) -> str | None:
    """The number as E.164; None where this is none."""
    if "@" in text:
        return None
    try:
        return parse_phone(text)
    except ValueError:
        return None
