"""Forms of contracts: the draft's fields, opening, signing, sending back, ending, and looking a contract up."""

from collections.abc import Iterable
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from marketplace.clauses.price_sentences import steps
from marketplace.clauses.terms import PaymentMethod
from marketplace.contracts.labels import PAYMENT_METHODS, SIDES
from marketplace.contracts.models import Contract, Line, LineMonth
from marketplace.kernel.dates import format_month
from marketplace.kernel.errors import Refusal
from marketplace.kernel.prices import PRICE_KINDS, PriceKind, PriceRule, check
from marketplace.kernel.quantities import UNITS, format_quantity
from marketplace.offers.rules import LINKAGE_FORMS, LinkageForm
from marketplace.promotion.models import TradeEvent
from marketplace.web.fields import DateField, DecimalField, MonthField, PhoneField, PriceField, QuantityField
from marketplace.web.forms import Form, at_most, explain, required
from marketplace.web.messages import say

MOST_LINES = 50
MOST_MONTHS = 60
SPARE_MONTHS = 3


def code_or_none(codes: Any) -> Any:
    """For selects: the empty choice is None."""
    return lambda value: None if value in (None, "", "None") else codes(value)


class Part(wtforms.Form):
    """Fields inside a form: no key and no token of their own."""

    class Meta(Form.Meta):
        """The same tidying and sentences."""

        csrf = False


class MonthRow(Part):
    """How much is due in one month."""

    month = MonthField(_l("Month"))
    quantity = QuantityField(_l("Quantity"))

    def validate_quantity(self, field: Any) -> None:
        """A month needs its quantity, and a quantity its month."""
        if (field.data is None) != (self.month.data is None):
            raise ValidationError(_("Give both the month and the quantity, or leave both empty."))


class LineFields(Part):
    """One line of goods."""

    line_id = HiddenField()
    name = StringField(_l("Goods"), [at_most(200)])
    variety = StringField(_l("Variety or breed"), [Optional(), at_most(120)])
    standard = StringField(_l("Standard"), [Optional(), at_most(200)])
    quantity = QuantityField(_l("Quantity"), [Optional()])
    measure = SelectField(_l("Unit"), choices=[(each.code, each.label) for each in UNITS.values()])
    price_kind = SelectField(_l("Price"), coerce=PriceKind)
    price = PriceField(_l("Unit price or floor price (đồng)"), [Optional()])
    price_percent = DecimalField(_l("Per cent"), [Optional()])
    price_most = PriceField(_l("Ceiling: the most that is paid (đồng)"), [Optional()])
    market = StringField(_l("Which market price is meant"), [Optional(), at_most(200)])
    months = FieldList(FormField(MonthRow), max_entries=MOST_MONTHS)

    grown = False
    """Months were just asked for: the line stays open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.price_kind.choices = [(kind, say(words)) for kind, words in PRICE_KINDS.items()]
        if getattr(kwargs.get("obj"), "id", None) and not self.line_id.data:
            self.line_id.data = str(kwargs["obj"].id)

    @property
    def used(self) -> bool:
        """Whether anything was typed in this line."""
        return bool(self.name.data or self.quantity.data or self.price.data or self.scheduled())

    def schedule_in_short(self) -> str:
        """From when until when how much is due, for the heading of its part."""
        rows = self.scheduled()
        if not rows:
            return str(self.standard.data or "")
        first, last = (find(month for month, _quantity in rows) for find in (min, max))
        span = format_month(first) if first == last else f"{format_month(first)}–{format_month(last)}"
        return f"{span} · {format_quantity(sum(quantity for _month, quantity in rows), self.measure.data)}"

    @property
    def rule(self) -> PriceRule:
        """The price as typed."""
        return PriceRule(self.price_kind.data, self.price.data, self.price_percent.data, self.price_most.data)

    def examples(self) -> list[tuple[int, int]]:
        """Market prices with what the seller would get, as far as the rule can be computed."""
        try:
            check(self.rule)
        except Refusal:
            return []
        return steps(self.rule, self.unit_label)

    @property
    def unit_label(self) -> str:
        """The measure's word."""
        return UNITS[self.measure.data].label if self.measure.data in UNITS else ""

    def validate(self, extra_validators: Any = None) -> bool:
        """A price rule that can be computed; what is wrong with it stands at its field."""
        good = super().validate(extra_validators)
        prices = (self.price, self.price_percent, self.price_most)
        if not self.used or any(field.errors for field in (self.price_kind, *prices)):
            return good
        try:
            check(self.rule)
        except Refusal as refusal:
            fields = {"percent": self.price_percent, "most": self.price_most}
            field = fields.get(refusal.field or "", self.price)
            field.errors = [*field.errors, explain(refusal)]
            return False
        return good

    def scheduled(self) -> list[tuple[Any, Any]]:
        """The months with their quantities."""
        return [(row["month"], row["quantity"]) for row in self.months.data if row["month"] and row["quantity"]]

    def validate_name(self, field: Any) -> None:
        """A line needs its goods."""
        if not field.data and self.used:
            raise ValidationError(_("Name the goods of this line."))

    def validate_months(self, field: Any) -> None:
        """Each month once."""
        months = [month for month, _quantity in self.scheduled()]
        if len(months) != len(set(months)):
            raise ValidationError(_("A month stands here twice; put its quantities together."))

    def line(self, position: int, before: Line | None) -> Line:
        """The row; a line that was there keeps its product."""
        rows = self.scheduled()
        total = self.quantity.data
        if total is None and rows:
            total = sum(quantity for _month, quantity in rows)
        return Line(
            position=position,
            product_id=before.product_id if before else None,
            group=before.group if before else None,
            name=self.name.data,
            variety=self.variety.data or None,
            standard=self.standard.data or None,
            quantity=total,
            measure=self.measure.data,
            price_kind=self.price_kind.data,
            price=self.price.data,
            price_percent=self.price_percent.data,
            price_most=self.price_most.data,
            market=self.market.data or None,
            months=[LineMonth(month=month, quantity=quantity) for month, quantity in rows],
        )


class LinesMixin:
    """Goods lines that grow without script: the button "one more" sends the form and gets an empty line."""

    lines: Any

    def grow(self, asked: Iterable[str]) -> bool:
        """Add an empty line or empty months when one of those buttons was pressed."""
        names = set(asked)
        if "more_lines" in names and len(self.lines) < MOST_LINES:
            self.lines.append_entry()
        for position, entry in enumerate(self.lines):
            if f"more_months-{position}" in names:
                self.add_months(entry)
                entry.form.grown = True
        return any(name.startswith("more_") for name in names)

    @staticmethod
    def add_months(entry: Any) -> None:
        """A few empty months under a line."""
        for _place in range(SPARE_MONTHS):
            if len(entry.form.months) < MOST_MONTHS:
                entry.form.months.append_entry()

    def spare(self) -> None:
        """On a fresh form: room for months under each line that has none."""
        for entry in self.lines:
            if not len(entry.form.months):
                self.add_months(entry)

    def rows(self, before: Iterable[Line] = ()) -> list[Line]:
        """The lines that were filled in."""
        known = {str(line.id): line for line in before}
        used = [entry.form for entry in self.lines if entry.form.used]
        return [form.line(position, known.get(form.line_id.data or "")) for position, form in enumerate(used, start=1)]


class PartyFields(Part):
    """What the parties type about themselves; the name stays that of the organisation."""

    address = StringField(_l("Address"), [Optional(), at_most(300)])
    representative = StringField(_l("Representative"), [Optional(), at_most(120)])
    representative_title = StringField(_l("Position"), [Optional(), at_most(80)])
    authority = StringField(_l("Power of attorney (number, date)"), [Optional(), at_most(200)])
    phone = PhoneField(_l("Phone"), [Optional()])
    bank = StringField(_l("Bank account"), [Optional(), at_most(120)])


class PartyList(FieldList):
    """Every party has its place, whatever a page sends: what is not sent stays as it was."""

    entries: list[Any]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.last_index, self.entries, self.object_data = -1, [], data
        for party in data or ():
            self._add_entry(formdata, party)

    @property
    def errors(self) -> list[Any]:
        """Those of its entries, whenever they were found."""
        return [entry.errors for entry in self.entries if entry.errors]

    @errors.setter
    def errors(self, _given: Any) -> None:
        """The library empties its own list before it asks the entries."""


COLUMNS = (
    "number",
    "title",
    "linkage_form",
    "with_households",
    "fixes_quantity",
    "fixes_price",
    "starts_on",
    "ends_on",
    "place",
    "payment_days",
    "payment_method",
    "inputs",
    "advance",
    "deposit",
    "penalty_percent",
    "households",
    "area_ha",
    "expected_output",
    "extra",
    "event_id",
)


class TermsMixin:
    """Fields that the draft and the record from paper share, and their choices."""

    linkage_form: Any
    event_id: Any

    def offer_choices(self, events: Iterable[TradeEvent]) -> None:
        """Fill the selects in the reader's language."""
        self.linkage_form.choices = [
            ("", _("None: a sale of finished goods")),
            *((form, say(words)) for form, words in LINKAGE_FORMS.items()),
        ]
        self.event_id.choices = [("", "—"), *((event.id, event.name) for event in events)]


class ContractForm(LinesMixin, TermsMixin, Form):
    """The draft: everything that both sides may change."""

    number = StringField(_l("Contract number"), [required(), at_most(80)])
    title = StringField(_l("Title of your own"), [Optional(), at_most(200)])
    linkage_form = SelectField(_l("Form of linkage"), [Optional()], coerce=code_or_none(LinkageForm))
    lead_id = SelectField(_l("Who leads the linkage"), [Optional()], coerce=code_or_none(int))
    with_households = BooleanField(_l("With farm households"))
    fixes_quantity = BooleanField(_l("It fixes the quantity"))
    fixes_price = BooleanField(_l("It fixes the price, or how the price is computed"))
    starts_on = DateField(_l("In force from"), [Optional()])
    ends_on = DateField(_l("In force until"), [Optional()])
    place = StringField(_l("Place of delivery"), [Optional(), at_most(200)])
    payment_days = IntegerField(_l("Days to pay after delivery"), [Optional(), NumberRange(0, 365)])
    payment_method = SelectField(_l("Way of paying"), coerce=PaymentMethod)
    inputs = TextAreaField(_l("Inputs that the buyer supplies"), [Optional(), at_most(2000)])
    advance = PriceField(_l("Advance payment"), [Optional()])
    deposit = PriceField(_l("Deposit"), [Optional()])
    penalty_percent = DecimalField(_l("Penalty, per cent of the breached part"), [Optional()])
    households = IntegerField(_l("Number of households"), [Optional(), NumberRange(0, 1_000_000)])
    area_ha = QuantityField(_l("Area (ha)"), [Optional()])
    expected_output = StringField(_l("Expected output"), [Optional(), at_most(120)])
    extra = TextAreaField(_l("Further terms"), [Optional(), at_most(4000)])
    event_id = SelectField(_l("Agreed at the trade event"), [Optional()], coerce=code_or_none(int))
    parties = PartyList(FormField(PartyFields))
    lines = FieldList(FormField(LineFields), max_entries=MOST_LINES)

    def __init__(self, contract: Contract, events: Iterable[TradeEvent], **kwargs: Any) -> None:
        lead = next((party.id for party in contract.parties if party.lead), None)
        super().__init__(obj=contract, version=contract.version, lead_id=lead, **kwargs)
        self.offer_choices(events)
        self.payment_method.choices = [(way, say(words)) for way, words in PAYMENT_METHODS.items()]
        self.lead_id.choices = [("", "—"), *((party.id, party.name) for party in contract.parties)]

    def validate_penalty_percent(self, field: Any) -> None:
        """The Commercial Law's bound, said at the field."""
        if field.data is not None and not 0 <= field.data <= 8:
            raise ValidationError(
                _("The law allows a penalty of at most 8 per cent of the breached part; enter 0 to 8.")
            )

    def changes(self) -> dict[str, Any]:
        """Column names with what was typed; an empty text is None where the column allows it."""
        return {name: kept(name, self[name].data) for name in COLUMNS}

    def party_changes(self, contract: Contract) -> dict[int, dict[str, Any]]:
        """The same for each side; what the page did not send about one is left out."""
        found = {}
        for party, entry in zip(contract.parties, self.parties, strict=True):
            sent = {field.short_name: field.data or None for field in entry.form if field.raw_data}
            found[party.id] = {**sent, "lead": party.id == self.lead_id.data}
        return found

    def field_of(self, name: str) -> Any:
        """What is refused about a party stands at its field."""
        inner = {field.name: field for entry in self.parties for field in entry.form}
        return inner.get(name) or super().field_of(name)


def kept(name: str, value: Any) -> Any:
    """Texts that may be missing are NULL, the others empty."""
    return value if value != "" or name in ("number", "title") else None


class InkForm(Form):
    """The paper was signed and stamped."""

    digest = HiddenField()
    party_id = HiddenField()
    signed_on = DateField(_l("Date of signing on the paper"), [required()])
    kept = HiddenField()
    scan = MultipleFileField(_l("Scan or photos of the signed paper"))
    same_paper = BooleanField(_l("Our signature is on the paper that the other party uploaded"))


class AppForm(Form):
    """Confirm in the application, after proving again who one is."""

    digest = HiddenField()
    party_id = HiddenField()
    password = PasswordField(_l("Your password"))  # or the code: the route asks for one of the two
    totp = StringField(_l("Code of your authenticator app"), [Optional(), at_most(10)])
    agree = BooleanField(_l("I have read this text and confirm it for my organisation."), [required()])


class ReasonForm(Form):
    """An act that needs its reason."""

    reason = TextAreaField(_l("Reason"), [required(), at_most(1000)])


class FileForm(Form):
    """Compare a file. `digest` is filled by script, and then the file itself is not sent."""

    file = FileField(_l("Contract file (PDF)"))
    digest = HiddenField()


class CodeForm(FileForm):
    """Look a contract up, by any one of three."""

    code = StringField(_l("Code on the contract"), [at_most(40)])
    number = StringField(_l("Contract number"), [at_most(80)])
    digits = StringField(_l("Six digits beside the number"), [at_most(20)])


def sides() -> list[tuple[str, str]]:
    """Seller or buyer, to choose from."""
    return [(side, say(words)) for side, words in SIDES.items()]
