"""The administrator's editor of a text."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from marketplace.web.forms import Form, at_most, required


class EditForm(Form):
    """The whole text of the next version."""

    body = TextAreaField(_l("Text"), [required(), at_most(60_000)])
    seen = HiddenField()
