"""Forms of later papers: what an annex changes, and the figures of settlement minutes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, IntegerField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from marketplace.annexes.effective import LineChange, NewTerms
from marketplace.annexes.rules import AnnexReason
from marketplace.annexes.service_drafting import Annex
from marketplace.annexes.settlement import Delivered, Settlement
from marketplace.clauses.terms import Goods, Terms
from marketplace.contracts.forms import MOST_LINES, MOST_MONTHS, SPARE_MONTHS, MonthRow, Part
from marketplace.web.fields import DateField, DecimalField, MoneyField, PriceField, QuantityField
from marketplace.web.forms import Form, at_most, required


class LineChangeFields(Part):
    """One line of goods, as it stands and as it will."""

    quantity = QuantityField(_l("New quantity"), [Optional()])
    price = PriceField(_l("New unit price (đồng)"), [Optional()])
    months = FieldList(FormField(MonthRow), max_entries=MOST_MONTHS)

    def validate_months(self, field: Any) -> None:
        """Each month once."""
        months = [row["month"] for row in field.data if row["month"]]
        if len(months) != len(set(months)):
            raise ValidationError(_("A month stands here twice; put its quantities together."))

    def change(self) -> LineChange:
        """What was typed; months that the page did not ask for are not changed."""
        rows = {row["month"]: row["quantity"] for row in self.months.data if row["month"] and row["quantity"]}
        return LineChange(self.quantity.data, self.price.data, rows if len(self.months) else None)


class AnnexForm(Form):
    """An annex. The page shows the fields of its reason; whatever else is sent is refused by the service."""

    effective_on = DateField(_l("Takes effect on"), [required()])
    explanation = TextAreaField(_l("Why, in your own words"), [Optional(), at_most(1000)])
    ends_on = DateField(_l("New end date"), [Optional()])
    lines = FieldList(FormField(LineChangeFields), max_entries=MOST_LINES)
    place = StringField(_l("New place of delivery"), [Optional(), at_most(200)])
    payment_days = IntegerField(_l("New number of days to pay after delivery"), [Optional(), NumberRange(0, 365)])
    clause = TextAreaField(_l("Clause to add"), [Optional(), at_most(4000)])

    def grow(self, asked: Iterable[str]) -> bool:
        """Room for more months under a line, without script."""
        names = set(asked)
        for position, entry in enumerate(self.lines):
            if f"more_months-{position}" in names:
                spare(entry)
        return any(name.startswith("more_months-") for name in names)

    def annex(self, reason: AnnexReason) -> Annex:
        """What was typed, for the service."""
        wanted = NewTerms(
            ends_on=self.ends_on.data,
            place=self.place.data or None,
            payment_days=self.payment_days.data,
            clause=self.clause.data or None,
            lines={place: entry.form.change() for place, entry in enumerate(self.lines, start=1)},
        )
        assert self.effective_on.data is not None
        return Annex(reason, self.effective_on.data, wanted, self.explanation.data or "")


def spare(entry: Any) -> None:
    """A few empty months."""
    for _place in range(SPARE_MONTHS):
        if len(entry.form.months) < MOST_MONTHS:
            entry.form.months.append_entry()


def annex_form(terms: Terms, effective_on: date, version: int | None = None, **values: Any) -> AnnexForm:
    """A fresh form with the terms as they stand: only what is typed differently will change."""
    form = AnnexForm(
        formdata=None,
        version=version,
        effective_on=effective_on,
        lines=[line_of(line) for line in terms.goods],
        **{"ends_on": terms.ends_on, "place": terms.place, "payment_days": terms.payment_days, **values},
    )
    for entry in form.lines:
        spare(entry)
    return form


def line_of(line: Goods) -> dict[str, Any]:
    """One line's values for the form."""
    months = [{"month": month, "quantity": much} for month, much in sorted(line.schedule.items())]
    return {"quantity": line.quantity, "price": line.price, "months": months}


class AmountField(DecimalField):
    """A quantity that may be nothing."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is not None and (self.data < 0 or self.data != round(self.data, 3) or self.data > 10**9):
            raise ValidationError(_("Give 0 or more, with at most three places after the comma."))


class DeliveredFields(Part):
    """One line of goods, as delivered."""

    quantity = AmountField(_l("Delivered quantity"), [Optional()])
    value = MoneyField(_l("Its value"), [Optional()])


SUMS = ("paid", "advance", "penalty_seller", "penalty_buyer", "seller_owes", "buyer_owes")


class SettlementForm(Form):
    """The figures of settlement minutes; an empty sum is 0."""

    lines = FieldList(FormField(DeliveredFields), max_entries=MOST_LINES)
    paid = MoneyField(_l("Paid by the buyer so far"), [Optional()])
    advance = MoneyField(_l("Advance (money, inputs) deducted now"), [Optional()])
    penalty_seller = MoneyField(_l("Penalty or damages that the seller bears"), [Optional()])
    penalty_buyer = MoneyField(_l("Penalty or damages that the buyer bears"), [Optional()])
    buyer_owes = MoneyField(_l("The buyer still owes the seller"), [Optional()])
    seller_owes = MoneyField(_l("The seller still owes the buyer"), [Optional()])
    pay_by = DateField(_l("To be paid by"), [Optional()])
    note = TextAreaField(_l("Further notes"), [Optional(), at_most(2000)])

    def settlement(self) -> Settlement:
        """What was typed, for the service."""
        sums = {name: self[name].data or 0 for name in SUMS}
        rows = tuple(Delivered(entry.form.quantity.data, entry.form.value.data) for entry in self.lines)
        return Settlement(delivered=rows, pay_by=self.pay_by.data, note=self.note.data or "", **sums)


def settlement_form(terms: Terms, found: Settlement | None, version: int | None = None) -> SettlementForm:
    """A fresh form: the figures so far, or the advance of the contract and empty lines."""
    if found is None:
        found = Settlement(tuple(Delivered() for _line in terms.goods), advance=terms.advance_amount or 0)
    rows = [{"quantity": row.quantity, "value": row.value} for row in found.delivered]
    sums = {name: getattr(found, name) or None for name in SUMS}
    return SettlementForm(formdata=None, version=version, lines=rows, pay_by=found.pay_by, note=found.note, **sums)


class PaperAttestForm(Form):
    """An officer's statement about a later paper."""

    seen_original = BooleanField(_l("I have seen the signed original of this paper."), [required()])
