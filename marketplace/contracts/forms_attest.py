"""The form of an officer's statement: it says of each way to sign what was really looked at."""

from collections.abc import Iterable

from wtforms import BooleanField

from marketplace.contracts.attesting import STATED
from marketplace.contracts.rules import Method
from marketplace.web.forms import Form, required
from marketplace.web.messages import say


class AttestForm(Form):
    """One statement, in the words of what is attested."""

    seen_original = BooleanField(validators=[required()])


def attest_form(version: int, methods: Iterable[Method]) -> AttestForm:
    """For signatures put in these ways."""
    form = AttestForm(version=version)
    form.seen_original.label.text = " ".join(say(STATED[method]) for method in methods)
    return form
