"""The filter line of the desk: the question as it stands in the address. And the setting of what counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.kernel.dates import Period
from marketplace.organisations.rules import SECTORS
from marketplace.reports.asked import NEW, OLD, Asked, quarter_of, units_of
from marketplace.reports.counting import COUNTINGS
from marketplace.web.fields import DateField
from marketplace.web.forms import Form
from marketplace.web.messages import say


class FilterForm(PlainForm):
    """A GET form without key or token; what cannot be read keeps its text, says why, and counts as not given."""

    at = DateField(_l("At the day"))
    since = DateField(_l("Compared with"))
    first = DateField(_l("From the day"), name="from")
    last = DateField(_l("To the day"), name="to")
    area = SelectField(_l("Area"), validate_choice=False)
    units = SelectField(_l("Administrative units"), validate_choice=False)
    sector = SelectField(_l("Sector"), validate_choice=False)

    def __init__(self, areas: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.choices = list(areas.items())
        self.units.choices = [(NEW, _("since 1 July 2025")), (OLD, _("until 30 June 2025"))]
        self.sector.choices = [("", _("All")), *((str(code), say(words)) for code, words in SECTORS.items())]

    def asked(self, today: date, basis: str = "signed") -> Asked:
        """The question, with the usual answers for what was left open."""
        self.validate()
        period = self.period(today)
        at = self.at.data or (min(period.last, today) if self.last.data else today)
        self.at.data, self.first.data, self.last.data = at, period.first, period.last
        self.units.data = self.units.data if self.units.data in (NEW, OLD) else units_of(at)
        self.sector.data = self.sector.data if self.sector.data in SECTORS else ""
        return Asked(
            at=at,
            period=period,
            since=self.since.data,
            area=self.area.data or "",
            units=self.units.data,
            sector=self.sector.data,
            basis="force" if basis == "force" else "signed",
        )

    def period(self, today: date) -> Period:
        """From the one day to the other; with one of them, the quarter that it lies in; by default this quarter."""
        first, last = self.first.data, self.last.data
        if first and last and last < first:
            self.last.errors = [_("The period ends before it begins: check both days.")]
            last = None
        if first and last:
            return Period(first, last)
        return quarter_of(first or last or today)


class CountingForm(Form):
    """Which ways of signing count."""

    counting = SelectMultipleField(
        _l("Counted as signed"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counting.choices = [(str(code), say(words)) for code, words in COUNTINGS.items()]
