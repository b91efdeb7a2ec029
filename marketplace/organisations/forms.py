"""Forms of organisations: registering and claiming, facts, seats, register status, verification."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from marketplace.accounts.forms import Email, PersonFields
from marketplace.kernel.errors import Refusal
from marketplace.organisations.rules import (
    AUTHORITY_BASES,
    COOPERATIVES,
    EVIDENCES,
    KINDS,
    SECTORS,
    STATUSES,
    AuthorityBasis,
    Evidence,
    Kind,
    RegisterStatus,
    Sector,
)
from marketplace.organisations.tax_codes import read_tax_code
from marketplace.places.models import AdminUnit
from marketplace.web.addresses import number_or_none
from marketplace.web.fields import DateField, DecimalField, MoneyField, PhoneField
from marketplace.web.forms import Form, at_most, chosen, required
from marketplace.web.messages import say

REASON = {"rows": 3}


def code_or_none(codes: Any) -> Any:
    """Coercion of a select of codes: the empty choice, or something forged, is no value."""
    return lambda text: codes(text) if text in set(codes) else None


def words(labels: Any, empty: Any = None) -> Any:
    """Choices in the reader's language, made when the form is."""
    return lambda: listed(((str(code), say(label)) for code, label in labels.items()), empty)


def listed(choices: Iterable[tuple[Any, str]], empty: Any = None) -> list[SelectChoice]:
    """Values and labels as the library takes them, after an empty choice where one is named."""
    first = [SelectChoice("", str(empty))] if empty else []
    return [*first, *(SelectChoice(str(value), label) for value, label in choices)]


def day_field(label: Any, *validators: Any, **options: Any) -> DateField:
    """A day, typed."""
    look = {"inputmode": "numeric", "placeholder": "05/01/2026", "autocomplete": "off"}
    return DateField(label, [*validators], render_kw=look, **options)


class Select(SelectField):
    """A select that says so in our words when something else was sent (another province was chosen meanwhile)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=_l("Please choose one of the list."), **kwargs)


class Radios(RadioField):
    """Radio buttons, likewise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=_l("Please choose one of the list."), **kwargs)


class TaxCodeField(StringField):
    """A tax code; whether it can be one is said at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code: str | None = None

    def read(self, kind: Kind) -> None:
        """Check what was typed for an organisation of this kind."""
        try:
            self.code = read_tax_code(self.data, kind) if self.data else None
        except Refusal as refusal:
            raise ValidationError(say(refusal.message)) from refusal


class SeatFields:
    """Province, then commune of today, then what is below it; in two steps where there is no JavaScript."""

    province = Select(_l("Province or city"), [required()], coerce=number_or_none)
    unit = Select(_l("Commune or ward"), [required(_l("Choose the commune or ward."))], coerce=number_or_none)
    address = StringField(
        _l("Village, street, house number"), [Optional(), at_most(200)], render_kw={"autocomplete": "off"}
    )

    def offer_places(self, provinces: Iterable[AdminUnit], communes: Iterable[AdminUnit]) -> None:
        """The choices of both selects."""
        self.province.choices = listed(((row.id, row.name) for row in provinces), _("Choose …"))
        self.unit.choices = listed(((row.id, row.name) for row in communes), _("Choose …"))


class AuthorityFields:
    """The title as on the paper, and by what right the person signs."""

    title = StringField(
        _l("Your position, as it stands on papers"),
        [required(), at_most(80)],
        description=_l("For example Giám đốc, Chủ tịch HĐQT, Tổ trưởng."),
    )
    basis = Radios(
        _l("You sign for it as"),
        [chosen()],
        choices=words(AUTHORITY_BASES),
        coerce=code_or_none(AuthorityBasis),
        default=AuthorityBasis.LEGAL_REPRESENTATIVE,
    )
    document = StringField(_l("Number and date of the power of attorney"), [at_most(200)])
    until = day_field(_l("Power of attorney good until"), Optional())

    def validate_document(self, field: StringField) -> None:
        """A power of attorney is named."""
        if self.basis.data == AuthorityBasis.POWER_OF_ATTORNEY and not field.data:
            raise ValidationError(_("Give the number and date of the power of attorney."))


class IdentityFields:
    """What an organisation is: name, tax code, sector."""

    kind: Kind

    name = StringField(
        _l("Name of the organisation"), [required(), at_most(200)], render_kw={"autocomplete": "organization"}
    )
    tax_code = TaxCodeField(_l("Tax code"), render_kw={"inputmode": "numeric", "autocomplete": "off"})
    cooperation_contract = StringField(
        _l("Cooperation contract: number and date"),
        [at_most(200)],
        description=_l("For a cooperative group without a tax code, for example 01/HĐHT, 12/05/2023."),
    )
    sector = Select(_l("Sector"), coerce=code_or_none(Sector), choices=words(SECTORS, _l("Choose …")))

    def fit(self, kind: Kind) -> None:
        """Leave out what this kind does not have."""
        self.kind = kind
        if kind != Kind.THT:
            del self.cooperation_contract
        if kind not in COOPERATIVES:
            del self.sector

    def validate_tax_code(self, field: TaxCodeField) -> None:
        """Everybody has one, except a cooperative group that has a cooperation contract."""
        field.read(self.kind)
        if not field.code and not (self.kind == Kind.THT and self.cooperation_contract.data):
            if self.kind == Kind.THT:
                raise ValidationError(_("Give the tax code, or the cooperation contract below."))
            raise ValidationError(_("Give the tax code as it stands on the certificate."))

    def validate_sector(self, field: SelectField) -> None:
        """Cooperatives are counted by sector."""
        if field.data is None:
            raise ValidationError(_("Choose the sector in which most of the work is done."))


class SureFields:
    """Shown once others of nearly the same name are found in the commune."""

    sure = BooleanField(_l("Ours is none of these: register it as a new one"))


class ApplyForm(IdentityFields, SeatFields, SureFields, AuthorityFields, Form):
    """Registering an organisation, by somebody with an account."""


class RegisterForm(IdentityFields, SeatFields, SureFields, AuthorityFields, PersonFields, Form):
    """Registering an organisation and oneself."""


class ClaimForm(AuthorityFields, Form):
    """ "This is ours", by somebody with an account."""


class RegisterAndClaimForm(AuthorityFields, PersonFields, Form):
    """ "This is ours", and registering oneself."""


class EditForm(IdentityFields, Form):
    """What an organisation says of itself."""

    registration_no = StringField(_l("Registration number"), [Optional(), at_most(60)])
    founded_on = day_field(_l("Founded on"), Optional())
    representative = StringField(_l("Representative"), [Optional(), at_most(120)])
    representative_title = StringField(_l("Position of the representative"), [Optional(), at_most(80)])
    phone = PhoneField(_l("Phone number"), [Optional()], render_kw={"inputmode": "tel", "autocomplete": "off"})
    email = Email(_l("E-mail"), [Optional(), at_most(254)], render_kw={"autocomplete": "off"})
    phone_published = BooleanField(
        _l("Show phone number, e-mail and representative to everybody"),
        description=_l("Otherwise only officials and verified organisations see them."),
    )
    about = TextAreaField(_l("About the organisation"), [Optional(), at_most(4000)], render_kw={"rows": 6})
    member_count = DecimalField(_l("Number of members"), [Optional()], render_kw={"inputmode": "numeric"})
    charter_capital = MoneyField(_l("Charter capital"), [Optional()])

    def fit_edit(self, kind: Kind, rename: bool) -> None:
        """Without the right to rename, what was verified is not in the form."""
        self.fit(kind)
        if kind not in COOPERATIVES:
            del self.member_count
        if not rename:
            for name in ("name", "tax_code", "sector", "cooperation_contract", "registration_no", "founded_on"):
                if name in self:
                    del self[name]

    def validate_tax_code(self, field: TaxCodeField) -> None:
        """Some of the register have none."""
        field.read(self.kind)

    def validate_member_count(self, field: DecimalField) -> None:
        """People are whole."""
        if field.data is not None and (field.data < 0 or field.data != int(field.data) or field.data > 1_000_000):
            raise ValidationError(_("Give the number of members as a whole number, for example 45."))


class MoveForm(SeatFields, Form):
    """Another seat from a day on."""

    since = day_field(_l("There since"), required())


class StatusForm(Form):
    """Another register status from a day on."""

    status = Select(
        _l("New status"), [required()], coerce=code_or_none(RegisterStatus), choices=words(STATUSES, _l("Choose …"))
    )
    on = day_field(_l("Since"), required())
    reason = TextAreaField(_l("Reason, decision number"), [required(), at_most(1000)], render_kw=REASON)


class VerifyForm(Form):
    """What the officer has looked at."""

    evidence = Radios(
        _l("What did you check it against?"), [chosen()], coerce=code_or_none(Evidence), choices=words(EVIDENCES)
    )


class ReasonForm(Form):
    """A sentence to the applicant."""

    reason = TextAreaField(_l("Reason (the organisation reads this)"), [required(), at_most(1000)], render_kw=REASON)


__all__ = [
    "KINDS",
    "ApplyForm",
    "ClaimForm",
    "EditForm",
    "MoveForm",
    "ReasonForm",
    "RegisterAndClaimForm",
    "RegisterForm",
    "StatusForm",
    "VerifyForm",
]
