"""Forms of quotes: the answer has a field for each month and each demand of the offer; declining has its reason."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.kernel.prices import PRICE_KINDS, PriceKind
from marketplace.kernel.quantities import format_quantity
from marketplace.offers.forms import DAYS, DaysField, code_or_none
from marketplace.offers.models import Demand, PurchaseOffer
from marketplace.products.models import Product
from marketplace.products.rules import CERTIFICATE_KINDS
from marketplace.quotes.models import QuoteVersion
from marketplace.quotes.rules import DECLINES, Decline, Said
from marketplace.web.fields import DateField, PriceField, QuantityField
from marketplace.web.forms import Form, at_most, chosen, required
from marketplace.web.messages import say

YES, NO = "yes", "no"


class AnswerForm(Form):
    """What a seller answers. The fields of months and demands come with the offer (`answer_form`)."""

    asked = HiddenField()  # what the page showed of the offer: another state of it is noticed
    price = PriceField(_l("Your price"), [required()])
    price_kind = RadioField(
        _l("This price is"), [InputRequired()], coerce=PriceKind, default=PriceKind.FIXED, choices=[]
    )
    products = SelectMultipleField(
        _l("Your products that are meant"),
        [Optional()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    payment_days = DaysField(_l("Payment within how many days after delivery"), [Optional(), DAYS])
    valid_until = DateField(_l("This quote is valid until"), [Optional()])
    terms = TextAreaField(_l("Terms: delivery, packaging, deposit …"), [Optional(), at_most(2000)])

    offer: PurchaseOffer
    sending = True

    def __init__(self, products: list[Product], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (PriceKind.FIXED, PriceKind.FLOOR)
        self.price_kind.choices = [(kind.value, say(PRICE_KINDS[kind])) for kind in kinds]
        self.products.choices = [(row.id, row.name) for row in products]
        for demand in self.offer.demands:
            self[f"met_{demand.id}"].choices = [(YES, _("Yes")), (NO, _("No"))]

    def month_fields(self) -> list[tuple[Any, Any]]:
        """(month of the offer, field)."""
        return [(row, self[month_name(row.month)]) for row in self.offer.months]

    def demand_fields(self) -> list[tuple[Demand, Any, Any]]:
        """(demand, yes or no, note)."""
        return [(row, self[f"met_{row.id}"], self[f"note_{row.id}"]) for row in self.offer.demands]

    def validate(self, extra_validators: Any = None) -> bool:
        """Something is quoted; what is sent answers every demand. A draft may leave demands open."""
        good = super().validate(extra_validators)
        fields = [field for _row, field in self.month_fields()]
        if fields and not any(field.data or field.errors for field in fields):
            fields[0].errors = [*fields[0].errors, _("Write the quantity for at least one month.")]
            good = False
        for _demand, met, _note in self.demand_fields():
            if self.sending and met.data not in (YES, NO):
                met.errors = [*met.errors, _("Answer yes or no to this demand.")]
                good = False
        return good

    def months(self) -> dict[date, Decimal]:
        """Month → quantity."""
        return {row.month: field.data for row, field in self.month_fields() if field.data}

    def said(self) -> Said:
        """What the service takes."""
        assert self.price.data is not None
        months = self.months()
        whole = sum(months.values(), Decimal(0)) if self.offer.months else self["quantity"].data
        return Said(
            price=self.price.data,
            quantity=whole,
            price_kind=self.price_kind.data,
            months=months,
            payment_days=self.payment_days.data,
            valid_until=self.valid_until.data,
            terms=self.terms.data or None,
            product_ids=tuple(self.products.data or ()),
            answers={
                row.id: (met.data == YES, note.data or "")
                for row, met, note in self.demand_fields()
                if met.data in (YES, NO)
            },
        )


def month_name(month: date) -> str:
    """The name of a month's field."""
    return f"month_{month:%Y%m}"


def demand_words(row: Demand) -> str:
    """A demand in a few words."""
    name = say(CERTIFICATE_KINDS[row.certificate]) if row.certificate else ""
    return ": ".join(part for part in (name, row.text) if part)


def shown_of(offer: PurchaseOffer) -> str:
    """What an answer rests on: months, quantities and demands, as the page showed them."""
    months = ";".join(f"{row.month:%Y%m}={row.quantity}" for row in offer.months)
    return f"{offer.measure}|{offer.quantity}|{months}|{','.join(str(row.id) for row in offer.demands)}"


def answer_form(offer: PurchaseOffer, products: list[Product], **values: Any) -> AnswerForm:
    """The form for one offer."""
    fields: dict[str, Any] = {"offer": offer}
    for row in offer.months:
        label = _("Month %(n)s", n=f"{row.month:%m/%Y}")
        help_text = _("wanted: %(quantity)s", quantity=wanted(row.quantity, offer))
        fields[month_name(row.month)] = QuantityField(label, [Optional()], description=help_text)
    if not offer.months:
        label = _("Your quantity (wanted: %(quantity)s)", quantity=wanted(offer.quantity, offer))
        fields["quantity"] = QuantityField(label, [required()])
    for demand in offer.demands:
        words = demand_words(demand)
        fields[f"met_{demand.id}"] = RadioField(words, choices=[], validate_choice=False)
        fields[f"note_{demand.id}"] = StringField(_("Note on: %(demand)s", demand=words), [Optional(), at_most(300)])
    made: type[AnswerForm] = type("AnswerForm", (AnswerForm,), fields)
    return made(products, **values)


def wanted(quantity: Decimal, offer: PurchaseOffer) -> str:
    """A quantity of the offer with its unit."""
    return format_quantity(quantity, offer.measure)


def values_of(version: QuoteVersion) -> dict[str, Any]:
    """A version as the values of its form."""
    names = ("price", "price_kind", "quantity", "payment_days", "valid_until", "terms")
    values: dict[str, Any] = {name: getattr(version, name) for name in names}
    values["products"] = [row.id for row in version.products]
    values.update({month_name(row.month): row.quantity for row in version.months})
    for row in version.answers:
        values[f"met_{row.demand_id}"], values[f"note_{row.demand_id}"] = YES if row.met else NO, row.note
    return values


class DeclineForm(Form):
    """Why the buyer says no."""

    reason = SelectField(_l("Reason"), [chosen()], coerce=code_or_none(Decline))
    words = StringField(_l("A word to the seller"), [Optional(), at_most(500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [("", _("Choose …")), *((key.value, say(words)) for key, words in DECLINES.items())]
