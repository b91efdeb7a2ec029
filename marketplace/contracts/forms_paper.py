"""Forms of contracts signed on paper: recording one at a booth, and classifying it anew."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from marketplace.clauses.terms import Side
from marketplace.contracts.forms import MOST_LINES, LineFields, LinesMixin, Part, TermsMixin, code_or_none, sides
from marketplace.kernel.errors import Refusal
from marketplace.kernel.identifiers import is_personal_tax_code
from marketplace.offers.rules import LINKAGE_FORMS, LinkageForm
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import Kind
from marketplace.organisations.tax_codes import read_tax_code
from marketplace.places.models import AdminUnit
from marketplace.promotion.models import TradeEvent
from marketplace.web.fields import DateField
from marketplace.web.forms import Form, at_most, chosen, explain, required
from marketplace.web.messages import say

NEW = "new"
MOST_BESIDE = 9
"""So many sellers stand beside the first one at most."""
FIXED = [("yes", _l("Yes")), ("no", _l("No"))]


class PaperPartyFields(Part):
    """A side of the paper: an organisation known here, or a name and perhaps a tax code."""

    name = StringField(_l("Name as on the paper, or part of it"), [at_most(200)])
    tax_code = StringField(_l("Tax code"), [Optional(), at_most(20)])
    known = RadioField(_l("Which one is it?"), validate_choice=False)
    seat_id = SelectField(_l("Commune of its seat"), [Optional()], coerce=code_or_none(int))
    representative = StringField(_l("Who signed"), [Optional(), at_most(120)])
    representative_title = StringField(_l("Position of who signed"), [Optional(), at_most(80)])
    abroad = BooleanField(_l("It is seated abroad"))

    @property
    def used(self) -> bool:
        """Whether anything says who it is."""
        return bool(self.name.data or self.tax_code.data or self.known.data not in (None, "", NEW))

    def validate_name(self, field: Any) -> None:
        """At least one of name and tax code; a further seller that nobody typed is none."""
        if not self.used and not self._prefix.startswith("beside"):
            raise ValidationError(_("Give the name or the tax code of the other party."))

    def validate_tax_code(self, field: Any) -> None:
        """Vietnamese codes are checked; a foreign party writes its own, and nobody's personal number is kept."""
        if not field.data or self.abroad.data:
            return
        if is_personal_tax_code(field.data):
            raise ValidationError(_("12 digits are a personal number; leave it out."))
        try:
            field.data = read_tax_code(field.data, Kind.COMPANY)
        except Refusal as refusal:
            raise ValidationError(explain(refusal)) from refusal

    def offer(self, found: Sequence[Organisation]) -> None:
        """The organisations that may be meant, to choose from."""
        choices = [(str(row.id), named(row)) for row in found]
        if choices and self.name.data:
            choices.append((NEW, _("None of these: keep the name as typed")))
        self.known.choices = choices


def named(organisation: Organisation) -> str:
    """Name, commune and tax code: enough to tell two of the same name apart."""
    place = organisation.unit.name if organisation.unit else ""
    return " · ".join(part for part in (organisation.name, place, organisation.public_tax_code) if part)


class RecordForm(LinesMixin, TermsMixin, Form):
    """A contract signed elsewhere, on paper. Members record for an organisation of theirs, officers for both sides."""

    kept = HiddenField()
    scan = MultipleFileField(_l("Scan or photos of the signed paper"))
    own_id = SelectField(_l("Recorded for"), [Optional()], coerce=code_or_none(int))
    side = RadioField(_l("On this paper we are"), coerce=code_or_none(Side))
    other = FormField(PaperPartyFields, _l("The other party"))
    seller = FormField(PaperPartyFields, _l("Selling party"))
    buyer = FormField(PaperPartyFields, _l("Buying party"))
    beside = FieldList(FormField(PaperPartyFields, _l("One more selling party")), max_entries=MOST_BESIDE)
    lines = FieldList(FormField(LineFields), min_entries=1, max_entries=MOST_LINES)
    signed_on = DateField(_l("Date of signing on the paper"), [required()])
    fixes_quantity = RadioField(_l("Does it fix the quantity?"), [chosen()], choices=FIXED)
    fixes_price = RadioField(_l("Does it fix the price, or how the price is computed?"), [chosen()], choices=FIXED)
    will = BooleanField(_l("It only states what both intend (memorandum)"))
    number = StringField(_l("Contract number"), [Optional(), at_most(80)])
    title = StringField(_l("Title as on the paper"), [Optional(), at_most(200)])
    linkage_form = SelectField(_l("Form of linkage"), [Optional()], coerce=code_or_none(LinkageForm))
    starts_on = DateField(_l("In force from"), [Optional()])
    ends_on = DateField(_l("In force until"), [Optional()])
    event_id = SelectField(_l("Signed at the trade event"), [Optional()], coerce=code_or_none(int))
    with_households = BooleanField(_l("With farm households"))
    households = IntegerField(_l("Number of households"), [Optional(), NumberRange(0, 1_000_000)])
    seen_original = BooleanField(_l("I have the signed original before me."))

    def __init__(
        self,
        own: Sequence[Organisation],
        events: Iterable[TradeEvent],
        communes: Sequence[AdminUnit],
        *,
        officer: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        for name in ("own_id", "side", "other") if officer else ("seller", "buyer", "seen_original"):
            del self[name]
        self.offer_choices(events)
        for part in self.parts():
            part.seat_id.choices = [("", "—"), *((unit.id, unit.name) for unit in communes)]
            part.known.choices = part.known.choices or []
        if not officer:
            self.side.choices = sides()
            self.side.validators = [chosen()]
            self.own_id.choices = [(row.id, row.name) for row in own]

    def parts(self) -> list[PaperPartyFields]:
        """The sides that are typed here."""
        sides = [self[name].form for name in ("other", "seller", "buyer") if name in self]
        return sides + [entry.form for entry in self.beside]

    def grow(self, asked: Iterable[str]) -> bool:
        """One more seller, besides what lines may grow by."""
        names = set(asked)
        if "more_sellers" in names and len(self.beside) < MOST_BESIDE:
            part = self.beside.append_entry().form
            first = next(iter(self.parts()))
            part.seat_id.choices, part.known.choices = first.seat_id.choices, []
        return super().grow(names)


class ReclassifyForm(Form):
    """What the document is, by what it fixes."""

    fixes_quantity = BooleanField(_l("It fixes the quantity"))
    fixes_price = BooleanField(_l("It fixes the price, or how the price is computed"))
    will = BooleanField(_l("It only states what both intend (memorandum)"))
    linkage_form = SelectField(_l("Form of linkage"), [Optional()], coerce=code_or_none(LinkageForm))
    with_households = BooleanField(_l("With farm households"))
    reason = TextAreaField(_l("Reason"), [required(), at_most(1000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.linkage_form.choices = [
            ("", _("None: a sale of finished goods")),
            *((form, say(words)) for form, words in LINKAGE_FORMS.items()),
        ]
