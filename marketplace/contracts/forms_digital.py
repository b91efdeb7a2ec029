"""The form of a digital signature: the file that the party's own program signed."""

from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField

from marketplace.web.forms import Form


class DigitalForm(Form):
    """`digest` names the file that was offered for signing when the page was made."""

    digest = HiddenField()
    party_id = HiddenField()
    file = FileField(_l("The signed PDF"))
