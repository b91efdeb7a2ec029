"""Forms of people: deciding who belongs, authority to sign, mandates of helpers, officials' posts."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from marketplace.accounts.forms import Email
from marketplace.organisations.forms import Radios, Select, code_or_none, day_field, words
from marketplace.organisations.rules import AUTHORITY_BASES, POST_ROLES, AuthorityBasis, PostRole
from marketplace.organisations.service_people import Authority
from marketplace.web.fields import PhoneField
from marketplace.web.forms import Form, at_most, chosen, required


class AuthorityForm(Form):
    """Title, and whether and by what right the person signs."""

    title = StringField(_l("Position, as it stands on papers"), [required(), at_most(80)])
    basis = Radios(
        _l("Signs for the organisation"),
        coerce=code_or_none(AuthorityBasis),
        choices=words(AUTHORITY_BASES, _l("No, does not sign")),
        default="",
    )
    document = StringField(_l("Number and date of the power of attorney"), [at_most(200)])
    paper = FileField(_l("The power of attorney (PDF or photo)"), [Optional()])
    since = day_field(_l("May sign from"), Optional())
    until = day_field(_l("May sign until"), Optional())

    def authority(self, file_id: int | None = None) -> Authority:
        """As the service takes it."""
        document = self.document.data or None
        return Authority(self.title.data or "", self.basis.data, document, self.until.data, self.since.data, file_id)


class DeclineForm(Form):
    """Why somebody does not join."""

    reason = TextAreaField(_l("Reason (the person reads this)"), [required(), at_most(500)], render_kw={"rows": 2})


class GrantForm(Form):
    """Who may help, and until when."""

    helper_name = StringField(
        _l("Full name of the helper"), [required(), at_most(120)], render_kw={"autocomplete": "off"}
    )
    identity = StringField(
        _l("Phone number or e-mail of the helper"),
        [required(), at_most(254)],
        description=_l("The one with which the helper signs in."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    until = day_field(_l("May help until"), required())


class AppointForm(Form):
    """A post, for somebody who has an account or gets one."""

    person_name = StringField(_l("Full name"), [required(), at_most(120)], render_kw={"autocomplete": "off"})
    person_phone = PhoneField(_l("Phone number"), [Optional()], render_kw={"inputmode": "tel", "autocomplete": "off"})
    person_email = Email(_l("E-mail"), [Optional(), at_most(254)], render_kw={"autocomplete": "off"})
    place = Select(_l("Works for"), [required()])
    role = Radios(
        _l("May"), [chosen()], coerce=code_or_none(PostRole), choices=words(POST_ROLES), default=PostRole.OFFICER
    )
    body = StringField(
        _l("Body, as on papers"), [required(), at_most(160)], description=_l("For example UBND xã Than Uyên.")
    )
    title = StringField(_l("Position"), [Optional(), at_most(80)])
    held_from = day_field(_l("From"), required())
    held_until = day_field(_l("Until"), Optional())

    def validate_person_email(self, field: Any) -> None:
        """One of the two must be there."""
        if not field.data and not self.person_phone.data and not self.person_phone.errors:
            raise ValidationError(_("Give a phone number or an e-mail address."))


class EndPostForm(Form):
    """The last day of a post."""

    last_day = day_field(_l("Last day"), required())
