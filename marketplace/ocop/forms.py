"""Forms of the officers' check of certificates."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Optional

from marketplace.products.models import Certificate
from marketplace.web.addresses import number_or_none
from marketplace.web.fields import DateField
from marketplace.web.forms import Form, at_most, required


class CheckForm(Form):
    """Accepted; perhaps it is one that the register holds for a draft of the same owner."""

    twin = SelectField(_l("In the register"), coerce=number_or_none)

    def offer(self, twins: Iterable[Certificate]) -> None:
        """What the register holds under the same number."""
        self.twin.choices = [
            ("", _("it is another product")),
            *((each.id, _("the same as “%(name)s”", name=each.printed_name)) for each in twins),
        ]


class RefuseForm(Form):
    """Not accepted, and why."""

    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Write the reason: the owner reads it.")), at_most(1000)],
        render_kw={"rows": 3},
    )


class WithdrawForm(RefuseForm):
    """Thu hồi: from which day, and why."""

    ended_on = DateField(
        _l("Since which day"),
        [Optional()],
        description=_l("Leave it empty for today."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "placeholder": "05/01/2026"},
    )
