"""Forms of a person who registers, and of one's own account."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_security.forms import EmailValidation
from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Optional, ValidationError

from marketplace.accounts import service
from marketplace.web import handed
from marketplace.web.fields import PhoneField
from marketplace.web.forms import Form, at_most, required

TELEPHONE = {"inputmode": "tel", "autocomplete": "tel"}
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12}


class Email(EmailField):
    """An e-mail address; its data is the address in small letters, or None."""

    data: str | None

    def pre_validate(self, form: Any) -> None:
        """Syntax only."""
        self.data = self.data or None
        if self.data:
            EmailValidation()(form, self)


def new_password(label: Any) -> PasswordField:
    """A field in which a browser offers a new password."""
    return PasswordField(label, [required()], render_kw={"autocomplete": "new-password"})


class PersonFields:
    """The person, inside a bigger form: phone or e-mail, a password, consent (never ticked beforehand).

    Call `credentials()` before the write transaction (it hashes), and hand it to service.create_user(**…).
    """

    person_name = StringField(_l("Your full name"), [required(), at_most(120)], render_kw={"autocomplete": "name"})
    person_phone = PhoneField(_l("Phone number"), [Optional()], render_kw=TELEPHONE)
    person_email = Email(_l("E-mail"), [Optional(), at_most(254)], render_kw={"autocomplete": "email"})
    password = new_password(_l("Choose a password"))
    consent = BooleanField(
        _l("I agree to the operating rules, and that my details are kept as the privacy page says."),
        [DataRequired(_l("Please read these pages, and tick this if you agree."))],
    )

    def validate_password(self, field: PasswordField) -> None:
        """As long as asked for, and not what anybody would try first."""
        known = {"name": self.person_name.data, "phone": self.person_phone.data, "email": self.person_email.data}
        check_password(field, **known)

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two must be there."""
        good: bool = super().validate(extra_validators)  # type: ignore[misc]
        if not self.person_phone.data and not self.person_email.data and not self.person_phone.errors:
            self.person_phone.errors = [*self.person_phone.errors, _l("Give a phone number or an e-mail address.")]
            good = False
        return good

    def credentials(self) -> dict[str, Any]:
        """name, phone, email and password_hash; hashing takes its time."""
        return {
            "name": self.person_name.data,
            "phone": self.person_phone.data,
            "email": self.person_email.data,
            "password_hash": service.hashed(self.password.data or ""),
        }


class PersonForm(PersonFields, Form):
    """A person alone."""


def check_password(field: PasswordField, **known: Any) -> None:
    """Say what is wrong with a new password."""
    wrong, _normal = handed.take("security").password_util.validate(field.data or "", True, **known)
    if wrong:
        raise ValidationError(" ".join(str(sentence) for sentence in wrong))


class ContactForm(Form):
    """Name, phone and e-mail of one's own account, with the password once more."""

    person_name = StringField(_l("Your full name"), [required(), at_most(120)], render_kw={"autocomplete": "name"})
    person_phone = PhoneField(_l("Phone number"), [Optional()], render_kw=TELEPHONE)
    person_email = Email(_l("E-mail"), [Optional(), at_most(254)], render_kw={"autocomplete": "email"})
    password = PasswordField(_l("Your password"), [required()], render_kw={"autocomplete": "current-password"})


class CloseForm(Form):
    """Closing one's account."""

    password = PasswordField(_l("Your password"), [required()], render_kw={"autocomplete": "current-password"})


class OneTimeCodeForm(Form):
    """The code that an officer handed over."""

    identity = StringField(
        _l("Your phone number or e-mail"), [required(), at_most(254)], render_kw={"autocomplete": "username"}
    )
    passcode = StringField(_l("Code from the officer"), [required(), at_most(20)], render_kw=CODE)
