"""Tax codes as text: one spelling to compare and store, one to show. Check digits are the business of python-stdnum."""

import re


def compact_tax_code(text: str) -> str:
    """The code without spaces, dots and dashes, which are only for the eye."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", text)


def format_tax_code(code: str) -> str:
    """A dependent unit's suffix set off by a dash, as on its papers: 0314409058-002."""
    compact = compact_tax_code(code)
    return f"{compact[:10]}-{compact[10:]}" if re.fullmatch(r"[0-9]{13}", compact) else compact


def is_personal_tax_code(code: str) -> bool:
    """Whether the code is a person's 12-digit identification number, which is never shown in public."""
    return re.fullmatch(r"[0-9]{12}", compact_tax_code(code)) is not None


def public_tax_code(code: str | None) -> str | None:
    """The code where it may be shown: everything but a person's number."""
    return None if code and is_personal_tax_code(code) else code
