"""The base of all forms: NFC text, a version that travels, an idempotency key, refusals on their field."""

from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from flask import Flask, flash, g, redirect, request
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, FieldList, FileField, FormField, HiddenField, MultipleFileField, PasswordField
from wtforms.validators import DataRequired, InputRequired, Length

from marketplace.extensions import db
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.vietnamese import clean
from marketplace.web.messages import say
from marketplace.web.sentences import Sentences

# Their data is no text to tidy: files, secrets that must stay exactly as typed, and fields that hold others.
RAW_FIELDS = (FileField, MultipleFileField, PasswordField, FieldList, FormField)


def tidy(value: Any) -> Any:
    """NFC, outer and repeated spaces gone; line breaks inside stay. A code (StrEnum) is no typed text and stays itself."""
    if type(value) is not str:
        return value
    return "\n".join(clean(line) for line in value.replace("\r\n", "\n").split("\n")).strip()


# Weakly: some forms are classes made for one request (the answer to one offer), and go with it.
PLACES: WeakKeyDictionary[type, dict[str, int]] = WeakKeyDictionary()


def as_listed(form: type) -> dict[str, int]:
    """Where each field stands: as the class lists its parts, so that errors are listed in the order of the page.

    The library's own order is that in which the modules happened to be imported.
    """
    if form not in PLACES:
        parts = [name for base in form.__bases__ for name in as_listed(base)]
        own = [name for name, value in vars(form).items() if hasattr(value, "_formfield")]
        PLACES[form] = {name: place for place, name in enumerate(dict.fromkeys([*parts, *own]))}
    return PLACES[form]


class Form(FlaskForm):
    """A form that is accepted once, notices a stale page, and keeps what was typed.

    `version` is filled by the view for things that are edited (`Form(version=thing.version)`).
    """

    key = HiddenField()
    version = HiddenField()

    class Meta(FlaskForm.Meta):  # type: ignore[name-defined,misc]
        """Text is tidied before any validator sees it."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Field:
            if not issubclass(unbound_field.field_class, RAW_FIELDS):
                options = {**options, "filters": (tidy, *options.get("filters", ()))}
            return unbound_field.bind(form=form, **options)

        def get_translations(self, form: Any) -> Sentences:
            """The library's own sentences come from our translations."""
            return Sentences()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = as_listed(type(self))
        for name in sorted(self._fields, key=lambda name: order.get(name, len(order))):
            self._fields[name] = self._fields.pop(name)
        self.refusals: list[str] = []
        self.answer = ""
        if not self.key.data:
            self.key.data = uuid4().hex

    def accepted(self) -> bool:
        """True when it was sent and every field is right; errors stay on their fields."""
        sent: bool = self.is_submitted()
        if not sent:
            return False
        good: bool = self.validate()
        if not good:
            g.refused = True
        return good

    def refuse(self, refusal: Refusal) -> None:
        """Show an expected refusal at the field it names, or above the form."""
        g.refused = True
        sentence = say(refusal.message)
        field = self.field_of(refusal.field or "")
        if field is None:
            self.refusals.append(sentence)
        else:
            field.errors = [*field.errors, sentence]

    def field_of(self, name: str) -> Any:
        """The field of this name, or None; a form with lists answers for the fields inside them too."""
        return self._fields.get(name)

    def check(self, thing: Any) -> None:
        """Raise Stale when somebody changed the thing after this page was made; locks its row."""
        db.session.refresh(thing, with_for_update={"of": type(thing)})
        if str(thing.version) != self.version.data:
            raise Stale(thing)

    def done(self, message: str, url: str) -> Response:
        """The answer of an accepted form: a message on the next page, and where that is.

        The message carries the form's key, so that the browser knows which of the texts it keeps was accepted.
        """
        self.answer = url
        flash(message, f"done {self.key.data}")
        return redirect(url, 303)


class DoForm(Form):
    """A form with no fields of its own: one button that does one thing."""


def status_of_refusal(response: FlaskResponse) -> FlaskResponse:
    """A form shown again with errors is a 422, so that machines and caches see it was not accepted."""
    if g.get("refused") and response.status_code == 200 and request.method == "POST":
        response.status_code = 422
    return response


def init_app(app: Flask) -> None:
    """Install the status of refused forms."""
    app.after_request(status_of_refusal)


def required(message: str | None = None) -> DataRequired:
    """The field must hold something; the sentence names the remedy."""
    return DataRequired(message or _l("Please fill this in."))


def chosen(message: str | None = None) -> InputRequired:
    """One of the choices must be taken."""
    return InputRequired(message or _l("Please choose one."))


def at_most(length: int) -> Length:
    """A bound that the column has too."""
    return Length(max=length, message=_l("Please keep this within %(max)d characters.", max=length))


def explain(refusal: Refusal) -> str:
    """For fields: the sentence of a refusal raised by a pure parser."""
    return say(refusal.message) or _("This is not understood.")
