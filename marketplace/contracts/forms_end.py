"""Forms of what one side declares after signing, and of the other side's answer."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from marketplace.contracts.models import Party
from marketplace.contracts.rules import GROUNDS, ContractAct, EndGround
from marketplace.contracts.service_ending import Said
from marketplace.kernel.messages import Message
from marketplace.web.fields import DateField
from marketplace.web.forms import Form, at_most, chosen, required
from marketplace.web.messages import say


class PauseForm(Form):
    """Put on hold."""

    day = DateField(_l("On hold from"), [required()])
    until = DateField(_l("Probably until"), [Optional()])
    reason = TextAreaField(_l("Why it is put on hold"), [required(), at_most(1000)])


class ResumeForm(Form):
    """Go on."""

    day = DateField(_l("It goes on from"), [required()])
    reason = TextAreaField(_l("Note"), [Optional(), at_most(1000)])


class CompleteForm(Form):
    """Performed in full."""

    day = DateField(_l("Last day of performance"), [required()])
    reason = TextAreaField(_l("Note"), [Optional(), at_most(1000)])


class TerminateForm(Form):
    """End it before its time."""

    ground = RadioField(_l("On what ground?"), [chosen()], coerce=lambda code: EndGround(code) if code else None)
    day = DateField(_l("Last day of the contract"), [required()])
    notice_on = DateField(_l("Notice was given to the other side on"))  # by agreement none is needed: the service says
    reason = TextAreaField(_l("Reason of the termination"), [required(), at_most(1000)])
    looked_at = HiddenField()  # for which ground and days the advice was shown

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ground.choices = [(ground, say(words)) for ground, words in GROUNDS.items()]

    def look(self, advice: Sequence[Message]) -> bool:
        """Whether this advice was not shown yet for what is typed now; from now on it was."""
        typed = "/".join(str(field.data or "") for field in (self.ground, self.day, self.notice_on))
        new = bool(advice) and self.looked_at.data != typed
        self.looked_at.data = typed
        return new


FORMS: dict[ContractAct, type[Form]] = {
    ContractAct.SUSPEND: PauseForm,
    ContractAct.RESUME: ResumeForm,
    ContractAct.COMPLETE: CompleteForm,
    ContractAct.TERMINATE: TerminateForm,
}


def said(form: Any, act: ContractAct) -> Said:
    """What was typed, for the service; fields that an act does not have are None."""
    typed = {name: form[name].data for name in ("ground", "notice_on", "until") if name in form}
    return Said(act, form.day.data, form.reason.data or "", **typed)


class RecordAnswerForm(Form):
    """What a party without an account answered on paper, recorded by an officer."""

    party_id = SelectField(_l("Whose answer"), coerce=int)
    agrees = RadioField(_l("What does the paper say?"), [chosen()])
    given_on = DateField(_l("Date on the paper"), [required()])
    reason = TextAreaField(_l("To what it objects, and why"), [Optional(), at_most(1000)])
    kept = HiddenField()
    scan = MultipleFileField(_l("Scan or photos of the signed answer"))
    seen_original = BooleanField(
        _l("I have seen the original with the signature of this party's representative."), [required()]
    )

    def offer(self, parties: Iterable[Party], objection_only: bool) -> None:
        """Whose answer is missing; of what is in effect already only an objection matters."""
        self.party_id.choices = [(party.id, party.name) for party in parties]
        both = [("yes", _("It confirms")), ("no", _("It objects"))]
        self.agrees.choices = both[1:] if objection_only else both


class ObjectForm(Form):
    """Object to what the other side declared."""

    reason = TextAreaField(_l("To what you object, and why"), [required(), at_most(1000)])
