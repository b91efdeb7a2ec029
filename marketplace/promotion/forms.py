"""Forms of trade events and of participants."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.promotion.rules import EVENT_KINDS, REACHES, EventKind, Reach
from marketplace.promotion.service import Details
from marketplace.web.addresses import number_or_none
from marketplace.web.fields import DateField
from marketplace.web.forms import Form, at_most, chosen, required
from marketplace.web.messages import say


class EventForm(Form):
    """Create or edit an event."""

    name = StringField(_l("Name of the event"), [required(), at_most(200)])
    kind = SelectField(_l("Kind of event"), [chosen()], coerce=EventKind)
    reach = SelectField(_l("Reach"), [chosen()], coerce=Reach)
    place = StringField(_l("Place"), [required(), at_most(200)])
    place_unit_id = SelectField(_l("Commune, if it is in the province"), [Optional()], coerce=number_or_none)
    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])
    organiser = StringField(_l("Organiser"), [required(), at_most(200)])
    organiser_unit_id = SelectField(_l("Managed by the officers of"), [chosen()], coerce=number_or_none)
    note = TextAreaField(_l("Note"), [Optional(), at_most(2000)])

    def __init__(self, organisers: list[AdminUnit], places: list[AdminUnit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind, say(words)) for kind, words in EVENT_KINDS.items()]
        self.reach.choices = [(reach, say(words)) for reach, words in REACHES.items()]
        self.place_unit_id.choices = [("", "—"), *((row.id, row.name) for row in places)]
        self.organiser_unit_id.choices = [(row.id, row.name) for row in organisers]

    def details(self) -> Details:
        """What was typed, as the service takes it."""
        assert self.starts_on.data is not None
        assert self.ends_on.data is not None
        return Details(
            name=self.name.data or "",
            kind=self.kind.data,
            reach=self.reach.data,
            place=self.place.data or "",
            place_unit_id=self.place_unit_id.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            organiser=self.organiser.data or "",
            organiser_unit_id=self.organiser_unit_id.data,
            note=self.note.data or None,
        )


class EnrolForm(Form):
    """Choose one of the organisations found, and say where its booth is."""

    organisation_id = RadioField(_l("Organisation"), [chosen()], coerce=number_or_none, validate_choice=False)
    booth = StringField(_l("Booth"), [Optional(), at_most(40)])
    products = StringField(_l("Products shown"), [Optional(), at_most(300)])

    def __init__(self, found: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation_id.choices = [(row.id, named(row)) for row in found]
        if len(found) == 1 and self.organisation_id.data is None:
            self.organisation_id.data = found[0].id


def named(organisation: Organisation) -> str:
    """Name, commune and tax code: enough to tell two of the same name apart."""
    place = organisation.unit.name if organisation.unit else ""
    return " · ".join(part for part in (organisation.name, place, organisation.public_tax_code) if part)
