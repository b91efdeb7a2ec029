"""The draft's whole form: besides the terms, the template, its clauses that are open to choice, and rarer terms."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from marketplace.clauses.language import FURTHER, MOST_CLAUSES, Status, Wording, proposal, silent
from marketplace.clauses.terms import COPIES, Side, Vat, Venue
from marketplace.clauses.vocabulary import Scene
from marketplace.contracts.forms import ContractForm, Part, code_or_none, kept
from marketplace.contracts.labels import SIDES, VATS, VENUES
from marketplace.contracts.models import Contract
from marketplace.contracts.service_templates import Chosen, body_of, newer, on_offer, standing
from marketplace.promotion.models import TradeEvent
from marketplace.web.fields import DecimalField
from marketplace.web.forms import at_most
from marketplace.web.messages import say

RARER = (
    "season",
    "transport",
    "packaging",
    "inspection",
    "deduction",
    "tolerance",
    "vat",
    "venue",
    "arbitration",
    "disputes",
    "signing_place",
    "copies",
)


def optional_unsaid(fields: Iterable[Any]) -> None:
    """All but the number may stay empty: the page says so once, and not at each of sixty fields."""
    for field in fields:
        field.flags.optional = False
        inner: Any = getattr(field, "form", None) or getattr(field, "entries", ())
        optional_unsaid(inner)


class ClauseFields(Part):
    """A clause that the parties may leave out, or word themselves."""

    key = HiddenField()
    stands = BooleanField()
    words = TextAreaField(validators=[Optional(), at_most(4000)])

    clause: Mapping[str, Any] | None = None
    proposed = ""

    @property
    def free(self) -> bool:
        """Whether the parties word it themselves."""
        return self.clause is not None and self.clause["status"] == Status.FREE

    def belongs_to(self, clause: Mapping[str, Any] | None, scene: Scene) -> None:
        """Show the clause of the template that this entry is about; there may be none with this key."""
        self.clause = clause
        if clause is not None:
            self.proposed = proposal(clause, scene)
            self.stands.label.text = self.words.label.text = clause["title"]

    def validate_key(self, field: Any) -> None:
        """Nobody words a locked clause anew, whatever a page sent."""
        if self.clause is None:
            raise ValidationError(_("This clause of the template cannot be changed."))


class DraftForm(ContractForm):
    """Everything that both sides may change in a draft."""

    template_id = SelectField(_l("Template"), [Optional()], coerce=code_or_none(int))
    season = StringField(_l("Season"), [Optional(), at_most(120)])
    transport = SelectField(_l("Who transports the goods, and pays for it"), [Optional()], coerce=code_or_none(Side))
    packaging = StringField(_l("Packaging"), [Optional(), at_most(300)])
    inspection = TextAreaField(_l("Weighing, testing, acceptance"), [Optional(), at_most(500)])
    deduction = StringField(_l("Deduction for moisture and impurities"), [Optional(), at_most(300)])
    tolerance = DecimalField(_l("Quantity may differ by"), [Optional()])
    vat = SelectField(_l("Value added tax"), [Optional()], coerce=code_or_none(Vat))
    venue = SelectField(_l("Disputes go to"), coerce=Venue)
    arbitration = StringField(_l("Arbitration centre"), [Optional(), at_most(200)])
    disputes = TextAreaField(_l("Or: disputes in your own words"), [Optional(), at_most(500)])
    signing_place = StringField(_l("Place of signing"), [Optional(), at_most(120)])
    copies = IntegerField(_l("Number of copies"), [Optional(), NumberRange(2, 20)])
    clauses = FieldList(FormField(ClauseFields), max_entries=MOST_CLAUSES)

    def __init__(self, contract: Contract, events: Iterable[TradeEvent], scene: Scene, day: date) -> None:
        body, wording = body_of(contract), Wording.read(contract.wording)
        self.open_clauses = {
            clause["key"]: clause
            for clause in body["clauses"]
            if clause["status"] != Status.LOCKED and clause["key"] != FURTHER
        }
        rows = [
            {
                "key": key,
                "stands": wording.chosen.get(key, clause.get("default", True)),
                "words": wording.free.get(key, proposal(clause, scene)),
            }
            for key, clause in self.open_clauses.items()
        ]
        super().__init__(contract, events, clauses=rows)
        # Template and clauses weigh much: they are there when asked for. What is not sent stays as it was.
        self.worded = bool(self.template_id.raw_data)
        self.silent = silent(body, scene)
        self.newer = newer(contract, day)
        self.rows_of_clauses, self.scene = rows, scene
        self.name_clauses()
        self.fill(contract, day)
        usual = standing(contract, day)
        if not self.is_submitted() and usual is not None:
            self.template_id.data = usual.id
        optional_unsaid(self)

    def name_clauses(self) -> None:
        """Tell each entry which clause it is about."""
        for entry in self.clauses:
            entry.form.belongs_to(self.open_clauses.get(entry.form.key.data or ""), self.scene)

    def grow(self, asked: Iterable[str]) -> bool:
        """Also show template and clauses when that was asked for."""
        if "more_clauses" in set(asked) and not self.worded:
            self.worded = True
            for row in self.rows_of_clauses:
                self.clauses.append_entry(row)
            self.name_clauses()
        return super().grow(asked)

    def fill(self, contract: Contract, day: date) -> None:
        """The choices, in the reader's language."""
        self.template_id.choices = [
            (each.id, _("%(title)s, version %(number)s", title=each.title, number=each.number))
            for each in on_offer(contract, day)
        ] or [("", _("As the application comes"))]
        self.transport.choices = [("", _("Not said")), *((side, say(words)) for side, words in SIDES.items())]
        self.vat.choices = [("", _("Not said")), *((vat, say(words)) for vat, words in VATS.items())]
        self.venue.choices = [(venue, say(words)) for venue, words in VENUES.items()]

    def validate_tolerance(self, field: Any) -> None:
        """A share of the quantity."""
        if field.data is not None and not 0 <= field.data <= 100:
            raise ValidationError(_("Enter 0 to 100 per cent."))

    def changes(self) -> dict[str, Any]:
        """Column names with what was typed."""
        return {
            **super().changes(),
            **{name: kept(name, self[name].data) for name in RARER},
            "copies": self.copies.data or COPIES,
        }

    def chosen(self) -> Chosen:
        """The template and the clauses; a free clause that says what the template proposes is not kept as words."""
        entries = [entry.form for entry in self.clauses]
        return Chosen(
            template_id=self.template_id.data,
            chosen={form.key.data: bool(form.stands.data) for form in entries if not form.free},
            free={
                form.key.data: form.words.data or ""
                for form in entries
                if form.free and (form.words.data or "") != form.proposed
            },
            given=bool(entries),
        )
