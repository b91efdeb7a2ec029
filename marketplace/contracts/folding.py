"""A folded part of a form: one line of what is in it, and whether something in it has to be looked at."""

from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, SelectField

MOST = 90
"""Letters of the line: two lines on a phone."""


@dataclass(frozen=True)
class Folded:
    """What stands under the heading of a folded part."""

    line: str
    wrong: bool


def folded(*parts: Any) -> Folded:
    """Of fields, or of pairs of a field and its unit."""
    pairs = [part if isinstance(part, tuple) else (part, "") for part in parts]
    said = [words + (unit if unit == "%" else f" {unit}").rstrip() for field, unit in pairs if (words := shown(field))]
    line = " · ".join(said) or _("nothing yet")
    return Folded(shorten(line, MOST, placeholder=" …"), any(field.errors for field, _unit in pairs))


def shown(field: Field) -> str:
    """What a field holds, as it reads."""
    if isinstance(field, BooleanField):
        return str(field.label.text) if field.data else ""
    if isinstance(field, SelectField):
        chosen = ((words, value) for value, words, selected, *_more in field.iter_choices() if selected)
        return next((str(words) for words, value in chosen if value not in (None, "", "None")), "")
    return " ".join(str(field._value()).split())
