"""The form of an upload."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField

from marketplace.places.models import ReportingArea
from marketplace.web.forms import Form, chosen, required

ERAS = [
    ("", _l("Find out from the names in the file")),
    ("old", _l("Communes and towns before 1 July 2025")),
    ("new", _l("Communes of today")),
]


class UploadForm(Form):
    """An Excel file, and where its communes are."""

    file = FileField(_l("Excel file (.xlsx)"), [required(_l("Choose the Excel file."))])
    area = SelectField(_l("Area"), [chosen()])
    era = SelectField(_l("The communes in the file are"), choices=ERAS)

    def __init__(self, areas: list[ReportingArea], province: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {str(area.id): area for area in areas}
        self.area.choices = [*((key, area.name) for key, area in self.areas.items()), ("province", province)]

    @property
    def chosen_area(self) -> ReportingArea | None:
        """The reporting area; None: the whole province."""
        return self.areas.get(self.area.data or "")
