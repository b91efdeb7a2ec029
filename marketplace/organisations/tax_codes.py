"""Tax codes as people type them, checked by the published check digit, in the one spelling that is stored."""

import re

from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from marketplace.kernel.errors import Refusal
from marketplace.kernel.identifiers import compact_tax_code, is_personal_tax_code
from marketplace.kernel.messages import msgid
from marketplace.organisations.rules import Kind


def read_tax_code(text: str, kind: Kind) -> str:
    """10 or 13 digits without the dash, or a household's 12; a Refusal says what to look at."""
    code = compact_tax_code(text)
    if is_personal_tax_code(code):
        if kind == Kind.HOUSEHOLD:
            return code
        raise Refusal(msgid("12 digits are a personal number, which only household businesses use."), "tax_code")
    if not re.fullmatch(r"[0-9]{10}([0-9]{3})?", code):
        expected = "10/12/13" if kind == Kind.HOUSEHOLD else "10/13"
        raise Refusal(
            msgid("A tax code has %(expected)s digits; here are %(count)s.", expected=expected, count=len(code)),
            "tax_code",
        )
    try:
        mst.validate(code)
    except ValidationError:
        raise Refusal(
            msgid("There is no such tax code: please compare the digits with the certificate."), "tax_code"
        ) from None
    return code
