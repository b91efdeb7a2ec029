"""Forms of purchase offers: six fields, and what is folded: months, demands, payment, linkage."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation, ValidationError

from marketplace.kernel.dates import month_start, months_between
from marketplace.kernel.errors import Refusal
from marketplace.kernel.prices import PRICE_KINDS, PriceKind
from marketplace.kernel.quantities import UNITS
from marketplace.offers import queries
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.queries_matching import likely_group
from marketplace.offers.rules import (
    DELIVERY_MONTHS,
    DEMAND_LEVELS,
    LINKAGE_FORMS,
    NO_AWARD,
    PLAIN_SALE,
    Asked,
    DemandLevel,
    LinkageForm,
    Need,
    NoAward,
    spread,
)
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.products.rules import CERTIFICATE_KINDS, CERTIFIED_STARS, GROUPS, CertificateKind, Group
from marketplace.web import clock
from marketplace.web.addresses import number_or_none
from marketplace.web.fields import DateField, MonthField, PriceField, QuantityField
from marketplace.web.forms import Form, at_most, chosen, required
from marketplace.web.messages import say

MONTH_ROWS = 24
DEMAND_ROWS = 8
DAYS = NumberRange(0, 365, _l("Write a number of days from 0 to 365."))


def code_or_none(codes: type) -> Any:
    """A select's value as a code; the empty choice is None."""

    def coerce(value: Any) -> Any:
        return codes(value) if value not in (None, "", "None") else None

    return coerce


class DaysField(IntegerField):
    """A whole number of days; what is no number is said in one sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = int(valuelist[0].strip())
        except ValueError as error:
            raise ValueError(_("Write a number of days from 0 to 365.")) from error

    def pre_validate(self, form: Any) -> None:
        """A text that was refused stops the chain, and stays as it was typed."""
        if self.process_errors:
            raise StopValidation


def used(field: Any) -> bool:
    """Whether something was typed into a field, right or wrong."""
    return bool(field.data) or bool(getattr(field, "typed", None))


class OfferForm(Form):
    """What a buyer states. Months and demands are rows of fields, so that they work without a script."""

    buyer = SelectField(_l("Buying organisation"), [chosen()], coerce=number_or_none)
    what = StringField(_l("What do you want to buy?"), [required(), at_most(160)])
    quantity = QuantityField(_l("Total quantity"), [required()])
    measure = SelectField(_l("Unit"), [chosen()], choices=[(row.code, row.label) for row in UNITS.values()])
    where = StringField(_l("Place of delivery: commune and province"), [required(), at_most(120)])
    closes_on = DateField(_l("Take quotes until"), [required()])
    price = PriceField(_l("Price you pay for one unit"), [Optional()])

    price_kind = RadioField(
        _l("This price is"),
        [InputRequired()],
        coerce=PriceKind,
        default=PriceKind.FIXED,
        choices=[],
    )
    group = SelectField(_l("Group of goods"), [Optional()], coerce=code_or_none(Group))
    note = TextAreaField(_l("More about the goods"), [Optional(), at_most(2000)])

    spread_from = MonthField(_l("From month"), [Optional()])
    spread_to = MonthField(_l("To month"), [Optional()])

    minimum_stars = SelectField(_l("OCOP stars at least"), [Optional()], coerce=number_or_none)
    place = StringField(_l("Address or warehouse"), [Optional(), at_most(200)])
    payment_days = DaysField(_l("Pay within how many days after delivery"), [Optional(), DAYS])
    advance = PriceField(_l("Advance paid"), [Optional()])
    inputs = TextAreaField(_l("Inputs that you supply"), [Optional(), at_most(1000)])
    linkage_form = RadioField(_l("Form of linkage"), [Optional()], coerce=code_or_none(LinkageForm))

    def __init__(self, buyers: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit: AdminUnit | None = None
        self.buyer.choices = [(row.id, row.name) for row in buyers]
        if self.buyer.data is None and buyers:
            self.buyer.data = buyers[0].id
        kinds = (PriceKind.FIXED, PriceKind.FLOOR)
        self.price_kind.choices = [(kind.value, say(PRICE_KINDS[kind])) for kind in kinds]
        self.group.choices = [("", _("Not sure: the name decides")), *((key.value, say(GROUPS[key])) for key in GROUPS)]
        self.minimum_stars.choices = [("", _("Not needed")), *((n, str(n)) for n in CERTIFIED_STARS)]
        forms = ((key.value, say(LINKAGE_FORMS[key])) for key in LinkageForm)
        self.linkage_form.choices = [("", say(PLAIN_SALE)), *forms]
        certificates = [
            ("", _("No certificate")),
            *((key.value, say(CERTIFICATE_KINDS[key])) for key in CertificateKind),
        ]
        for level, kind, _text in self.demand_rows():
            level.choices = [(key.value, say(words)) for key, words in DEMAND_LEVELS.items()]
            kind.choices = certificates

    # Rows ---------------------------------------------------------------------------------------------------------

    def month_rows(self) -> list[tuple[Any, Any]]:
        """The rows of the delivery months."""
        return [(self[f"month_{n}"], self[f"quantity_{n}"]) for n in range(1, MONTH_ROWS + 1)]

    def demand_rows(self) -> list[tuple[Any, Any, Any]]:
        """The rows of the quality demands; none where they are settled."""
        if "demand_text_1" not in self:
            return []
        names = ("demand_level", "demand_certificate", "demand_text")
        return [tuple(self[f"{name}_{n}"] for name in names) for n in range(1, DEMAND_ROWS + 1)]  # type: ignore[misc]

    def month_rows_wrong(self) -> bool:
        """Whether a row has a mistake, so that the fold must stand open."""
        return any(month.errors or amount.errors for month, amount in self.month_rows())

    def months_shown(self) -> int:
        """How many rows stand open: those filled in, and a few more."""
        filled = [n for n, (month, amount) in enumerate(self.month_rows(), 1) if used(month) or used(amount)]
        return min(max([6, *(n + 2 for n in filled)]), MONTH_ROWS)

    def demands_shown(self) -> int:
        """The same for demands."""
        rows = enumerate(self.demand_rows(), 1)
        filled = [n for n, (_level, kind, text) in rows if kind.data or used(text)]
        return min(max([3, *(n + 1 for n in filled)]), DEMAND_ROWS)

    def folded_errors(self, *names: str) -> bool:
        """Whether a fold must stand open: something in it is filled in or wrong."""
        return any(self[name].errors or self[name].data for name in names if name in self)

    # Checks -------------------------------------------------------------------------------------------------------

    def validate_where(self, field: StringField) -> None:
        """The place is one commune or province of today."""
        try:
            self.unit = queries.place_named(field.data or "", clock.today())
        except Refusal as refusal:
            raise ValidationError(say(refusal.message)) from refusal

    def validate(self, extra_validators: Any = None) -> bool:
        """Each row is whole; every mistake stands at its own field."""
        good = super().validate(extra_validators)
        rows = self.check_months()
        return self.check_spread() and rows and good

    def check_months(self) -> bool:
        """A month and its quantity belong together; a month stands once and lies ahead."""
        this_month, seen, good = month_start(clock.today()), set(), True
        for month, amount in self.month_rows():
            problem: tuple[Field, str] | None = None
            if month.errors or amount.errors:
                good = False
            elif month.data and not amount.data:
                problem = amount, _("Write the quantity for this month, or clear the month.")
            elif amount.data and not month.data:
                problem = month, _("Write the month, for example 03/2026.")
            elif month.data in seen:
                problem = month, _("This month stands twice: add the two quantities.")
            elif month.data and month.data < this_month:
                problem = month, _("This month has passed: choose this month or a later one.")
            if problem is not None:
                problem[0].errors = [*problem[0].errors, problem[1]]
                good = False
            if month.data:
                seen.add(month.data)
        return good

    def check_spread(self) -> bool:
        """The quick way needs both ends, in order, and no rows beside it."""
        first, last = self.spread_from, self.spread_to
        if first.errors or last.errors or not (used(first) or used(last)):
            return not (first.errors or last.errors)
        problem: tuple[Field, str] | None = None
        if not last.data:
            problem = last, _("Write the last month as well.")
        elif not first.data:
            problem = first, _("Write the first month as well.")
        elif last.data < first.data:
            problem = last, _("The last month comes before the first one.")
        elif first.data < month_start(clock.today()):
            problem = first, _("This month has passed: choose this month or a later one.")
        elif len(months_between(first.data, last.data)) > DELIVERY_MONTHS:
            problem = last, _("Deliveries can be planned for five years at most.")
        elif any(month.data for month, _amount in self.month_rows()):
            problem = first, _("Either spread the quantity evenly or write the months, not both.")
        if problem is None:
            return True
        problem[0].errors = [*problem[0].errors, problem[1]]
        return False

    def refuse(self, refusal: Refusal) -> None:
        """What concerns rows lands on the first of them."""
        first = {"months": "month_1", "demands": "demand_certificate_1"}.get(refusal.field or "")
        super().refuse(Refusal(refusal.message, first) if first else refusal)

    # What was typed -----------------------------------------------------------------------------------------------

    def months(self) -> dict[date, Decimal]:
        """Month → quantity, from the rows or evenly spread."""
        if self.spread_from.data and self.spread_to.data and self.quantity.data:
            return spread(self.quantity.data, self.spread_from.data, self.spread_to.data)
        return {month.data: amount.data for month, amount in self.month_rows() if month.data and amount.data}

    def demands(self) -> tuple[Asked, ...]:
        """The rows that say something."""
        return tuple(
            Asked(level.data, kind.data, text.data or "")
            for level, kind, text in self.demand_rows()
            if kind.data or text.data
        )

    def kind_of_price(self) -> PriceKind:
        """Without an amount it is to be agreed; a floor without one is refused by the rules."""
        without = self.price.data is None and self.price_kind.data == PriceKind.FIXED
        return PriceKind.NEGOTIABLE if without else self.price_kind.data

    def settle(self) -> None:
        """What is open keeps what sellers answer to: those fields are not on the page at all."""
        for name in ("what", "measure", "linkage_form", "group"):
            del self[name]
        for n in range(1, DEMAND_ROWS + 1):
            for name in ("demand_level", "demand_certificate", "demand_text"):
                del self[f"{name}_{n}"]

    def need(self, offer: PurchaseOffer | None = None) -> Need:
        """What the service takes; `offer` gives what is settled."""
        assert self.unit is not None
        assert self.quantity.data is not None
        assert self.closes_on.data is not None
        settled = offer is not None and "what" not in self
        what = offer.what if settled and offer else self.what.data or ""
        group = offer.group if settled and offer else self.group.data or likely_group(what)
        asked = [Asked(row.level, row.certificate, row.text) for row in offer.demands] if settled and offer else []
        return Need(
            what=what,
            quantity=self.quantity.data,
            measure=offer.measure if settled and offer else self.measure.data,
            unit_id=self.unit.id,
            closes_on=self.closes_on.data,
            price=self.price.data,
            price_kind=self.kind_of_price(),
            group=group,
            place=self.place.data or None,
            minimum_stars=self.minimum_stars.data,
            payment_days=self.payment_days.data,
            inputs=self.inputs.data or None,
            advance=self.advance.data,
            linkage_form=offer.linkage_form if settled and offer else self.linkage_form.data,
            note=self.note.data or None,
            months=self.months(),
            demands=tuple(asked) if settled else self.demands(),
        )


def add_rows() -> None:
    """The fields of the rows, each with a label of its own."""
    for n in range(1, MONTH_ROWS + 1):
        setattr(OfferForm, f"month_{n}", MonthField(_l("Month, row %(n)s", n=n), [Optional()]))
        setattr(OfferForm, f"quantity_{n}", QuantityField(_l("Quantity, row %(n)s", n=n), [Optional()]))
    for n in range(1, DEMAND_ROWS + 1):
        level = SelectField(_l("Weight, row %(n)s", n=n), coerce=DemandLevel, choices=[], default=DemandLevel.MUST)
        kind = SelectField(_l("Certificate, row %(n)s", n=n), [Optional()], coerce=code_or_none(CertificateKind))
        text = StringField(_l("In words, row %(n)s", n=n), [Optional(), at_most(300)])
        setattr(OfferForm, f"demand_level_{n}", level)
        setattr(OfferForm, f"demand_certificate_{n}", kind)
        setattr(OfferForm, f"demand_text_{n}", text)


add_rows()


def values_of(offer: PurchaseOffer) -> dict[str, Any]:
    """An offer as the values of its form."""
    names = ("what", "quantity", "measure", "closes_on", "price", "group", "note", "minimum_stars", "place")
    more = ("payment_days", "advance", "inputs", "linkage_form")
    values: dict[str, Any] = {name: getattr(offer, name) for name in (*names, *more)}
    values["buyer"] = offer.buyer_id
    values["where"] = queries.full_name(offer.unit)
    values["price_kind"] = PriceKind.FIXED if offer.price_kind == PriceKind.NEGOTIABLE else offer.price_kind
    for n, month in enumerate(offer.months, 1):
        values[f"month_{n}"], values[f"quantity_{n}"] = month.month, month.quantity
    for n, demand in enumerate(offer.demands, 1):
        values[f"demand_level_{n}"], values[f"demand_certificate_{n}"] = demand.level, demand.certificate
        values[f"demand_text_{n}"] = demand.text
    return values


class EndForm(Form):
    """Why nobody was chosen."""

    reason = RadioField(_l("Why was nobody chosen?"), [chosen()], coerce=code_or_none(NoAward))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(key.value, say(words)) for key, words in NO_AWARD.items()]
