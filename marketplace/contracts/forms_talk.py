"""Forms of the talk about a text: opening it for signing, commenting on a clause, giving more time to sign."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, SelectField, TextAreaField
from wtforms.validators import Optional

from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.rules import SIGNING_DAYS
from marketplace.web.fields import DateField
from marketplace.web.forms import Form, at_most, required

FIRST, LAST = "first:", "last:"


class OpenForm(Form):
    """Fix the text for signing: in which order it is signed, and until when."""

    order = SelectField(_l("Order of signing"), [Optional()])
    sign_by = DateField(_l("Last day to sign"), [required()])
    own_file = FileField(_l("Our own contract file (PDF)"), [Optional()])
    paper_only = BooleanField(_l("Sign it on paper for now; the seal follows when it works again"))

    def __init__(self, contract: Contract, today: date, **kwargs: Any) -> None:
        given = {"order": order_now(contract), "sign_by": today + timedelta(days=SIGNING_DAYS)}
        super().__init__(version=contract.version, **given, **kwargs)
        self.order.choices = orders(contract.parties)

    def ordered(self, parties: Sequence[Party]) -> list[Party]:
        """The parties in the order that was chosen; empty where they may sign at any time."""
        place, _colon, position = (self.order.data or "").partition(":")
        chosen = [party for party in parties if str(party.position) == position]
        others = [party for party in parties if party not in chosen]
        if not chosen:
            return []
        return [*chosen, *others] if f"{place}:" == FIRST else [*others, *chosen]


def orders(parties: Sequence[Party]) -> list[tuple[str, str]]:
    """Who may begin; of more than two also who may come last. The others follow as the contract names them."""
    found = [("", _("Each when it suits"))]
    found += [(f"{FIRST}{party.position}", _("%(name)s signs first", name=party.name)) for party in parties]
    if len(parties) > 2:
        found += [(f"{LAST}{party.position}", _("%(name)s signs last", name=party.name)) for party in parties]
    return found


def order_now(contract: Contract) -> str:
    """The choice that stands for the order that the parties fixed before."""
    if not contract.ordered:
        return ""
    return f"{FIRST}{policy.signing_order(contract)[0].position}"


class CommentForm(Form):
    """What one side says about a clause."""

    clause = HiddenField()
    text = TextAreaField(_l("Your comment"), [required(), at_most(1000)])


class ExtendForm(Form):
    """Until when the same text may be signed."""

    sign_by = DateField(_l("New last day to sign"), [required()])
