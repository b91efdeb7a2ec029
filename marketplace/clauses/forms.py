"""What the administrator types into a template: its head, one clause at a time, the day from which it is used."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from marketplace.clauses.labels import STATUSES
from marketplace.clauses.language import MOST_SENTENCES, Problem, Status, in_clause, in_text
from marketplace.clauses.models import TemplateVersion
from marketplace.clauses.presenting import conditions
from marketplace.clauses.seeds import key_for
from marketplace.clauses.vocabulary import TABLES
from marketplace.web.fields import DateField
from marketplace.web.forms import Form, at_most, required
from marketplace.web.messages import say

MOVES = {"up": -1, "down": 1}


class Part(wtforms.Form):
    """Fields inside a form: no key and no token of their own."""

    class Meta(Form.Meta):
        """The same tidying and sentences."""

        csrf = False


class HeadForm(Form):
    """What stands around the clauses."""

    name = StringField(_l("Name in lists"), [required(), at_most(200)])
    title = StringField(_l("Title on the paper"), [required(), at_most(200)])
    seller = StringField(_l("How party A is called"), [Optional(), at_most(60)])
    buyer = StringField(_l("How party B is called"), [Optional(), at_most(60)])
    legal_bases = TextAreaField(_l("Legal bases, one a line"), [Optional(), at_most(6000)])
    opening = TextAreaField(_l("Opening"), [required(), at_most(2000)])
    agreement = TextAreaField(_l("Sentence before the clauses"), [required(), at_most(2000)])
    closing = TextAreaField(_l("Closing sentence"), [required(), at_most(2000)])

    @classmethod
    def of(cls, version: TemplateVersion) -> "HeadForm":
        """Filled from a version."""
        body = version.body
        return cls(
            version=version.version,
            name=version.title,
            seller=body["roles"]["seller"],
            buyer=body["roles"]["buyer"],
            legal_bases="\n".join(body["legal_bases"]),
            **{name: body[name] for name in ("title", "opening", "agreement", "closing")},
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Placeholders that exist."""
        good = super().validate(extra_validators)
        for name in ("title", "opening", "agreement", "closing", "legal_bases"):
            found = [say(problem.message) for problem in in_text((name,), self[name].data or "")]
            self[name].errors = [*self[name].errors, *found]
            good = good and not found
        return good

    def changes(self) -> dict[str, Any]:
        """Parts of a body."""
        return {
            "title": self.title.data,
            "roles": {"seller": self.seller.data or "", "buyer": self.buyer.data or ""},
            "legal_bases": [line for line in (self.legal_bases.data or "").split("\n") if line],
            "opening": self.opening.data,
            "agreement": self.agreement.data,
            "closing": self.closing.data,
        }


class SentenceFields(Part):
    """One sentence, when it stands, and the table under it."""

    text = TextAreaField(_l("Sentence"), [at_most(2000)])
    when = SelectField(_l("Stands when"))
    table = SelectField(_l("With the table"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.when.choices = [("", _("in any case")), *conditions()]
        self.table.choices = [("", _("none")), *((name, table.meaning) for name, table in TABLES.items())]

    def sentence(self) -> dict[str, str]:
        """As it is stored: what is empty is left out."""
        given = {"text": self.text.data or "", "when": self.when.data or "", "table": self.table.data or ""}
        return {name: value for name, value in given.items() if value or name == "text"}


class ClauseForm(Form):
    """One clause with its sentences; buttons add, move and remove them without saving anything yet."""

    title = StringField(_l("Title of the clause"), [at_most(200)])
    status = SelectField(_l("What the parties may do"), coerce=Status)
    default = BooleanField(_l("Stands unless the parties leave it out"))
    sentences = FieldList(FormField(SentenceFields), max_entries=MOST_SENTENCES)

    def __init__(self, version: TemplateVersion, clause: Mapping[str, Any], others: list[str]) -> None:
        super().__init__(
            version=version.version,
            title=clause.get("title", ""),
            status=clause.get("status", Status.LOCKED),
            default=clause.get("default", True),
            sentences=[dict(sentence) for sentence in clause.get("sentences", [])],
        )
        self.known, self.others = clause.get("key", ""), others
        self.status.choices = [(status, say(words)) for status, words in STATUSES.items()]

    def clause(self) -> dict[str, Any]:
        """As it is stored; sentences left empty are none."""
        sentences = [entry.form.sentence() for entry in self.sentences]
        found: dict[str, Any] = {
            "key": self.known or key_for(self.title.data or "", self.others),
            "title": self.title.data or "",
            "status": self.status.data,
            "sentences": [sentence for sentence in sentences if len(sentence) > 1 or sentence["text"]],
        }
        return found | ({"default": bool(self.default.data)} if self.status.data == Status.OPTIONAL else {})

    def arranged(self, asked: Mapping[str, str]) -> bool:
        """Add, move or remove a sentence where one of those buttons was pressed; everything typed stays."""
        pressed = asked.get("arrange", "")
        if not pressed:
            return False
        act, _space, place = pressed.partition(" ")
        rows: list[dict[str, str]] = [{"text": "", **entry.form.sentence()} for entry in self.sentences]
        at = int(place) if place.isascii() and place.isdigit() else -1
        if act == "add" and len(rows) < MOST_SENTENCES:
            rows.append({"text": ""})
        elif act == "remove" and 0 <= at < len(rows):
            del rows[at]
        elif act in MOVES and 0 <= at < len(rows) and 0 <= at + MOVES[act] < len(rows):
            rows.insert(at + MOVES[act], rows.pop(at))
        while self.sentences.entries:
            self.sentences.pop_entry()
        for row in rows:
            self.sentences.append_entry(row)
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        """The language's own rules, each said at its field."""
        if not super().validate(extra_validators):
            return False
        used = [place for place, entry in enumerate(self.sentences) if entry.form.sentence() != {"text": ""}]
        found = list(in_clause((), self.clause(), self.others))
        for problem in found:
            field = self.at(problem, used)
            field.errors = [*field.errors, say(problem.message)]
        return not found

    def at(self, problem: Problem, used: list[int]) -> Any:
        """The field that a problem is about; empty sentences were passed over."""
        first, *rest = problem.path
        if first == "sentences":
            return self.sentences[used[int(rest[0])]].form[str(rest[1])]
        return self["title" if first == "key" else str(first)]


class PublishForm(Form):
    """From which day contracts are written from this version."""

    valid_from = DateField(_l("New contracts use it from"), [required()])

    @property
    def day(self) -> date:
        """The day, once it is accepted."""
        assert self.valid_from.data is not None
        return self.valid_from.data
