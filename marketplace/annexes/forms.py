"""Form of settlement minutes: its figures."""

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, TextAreaField
from wtforms.validators import Optional

from marketplace.annexes.forms_annex import AmountField
from marketplace.annexes.settlement import Delivered, Settlement, priced
from marketplace.clauses.terms import Terms
from marketplace.contracts.forms import MOST_LINES, Part
from marketplace.web.fields import DateField, MoneyField
from marketplace.web.forms import Form, at_most


class DeliveredFields(Part):
    """One line of goods, as delivered."""

    quantity = AmountField(_l("Delivered quantity"), [Optional()])
    value = MoneyField(_l("Its value"), [Optional()])


SUMS = ("paid", "advance", "penalty_seller", "penalty_buyer", "seller_owes", "buyer_owes")


class SettlementForm(Form):
    """The figures of settlement minutes; an empty sum is 0, and debts that are both left empty follow from the rest."""

    lines = FieldList(FormField(DeliveredFields), max_entries=MOST_LINES)
    paid = MoneyField(_l("Paid by the buyer so far"), [Optional()])
    advance = MoneyField(_l("Advance (money, inputs) deducted now"), [Optional()])
    penalty_seller = MoneyField(_l("Penalty or damages that the seller bears"), [Optional()])
    penalty_buyer = MoneyField(_l("Penalty or damages that the buyer bears"), [Optional()])
    buyer_owes = MoneyField(_l("The buyer still owes the seller"), [Optional()])
    seller_owes = MoneyField(_l("The seller still owes the buyer"), [Optional()])
    pay_by = DateField(_l("To be paid by"), [Optional()])
    note = TextAreaField(_l("Further notes"), [Optional(), at_most(2000)])

    def settlement(self, terms: Terms) -> Settlement:
        """What was typed and what follows from it, for the service."""
        sums = {name: self[name].data or 0 for name in SUMS}
        rows = tuple(Delivered(entry.form.quantity.data, entry.form.value.data) for entry in self.lines)
        typed = Settlement(delivered=rows, pay_by=self.pay_by.data, note=self.note.data or "", **sums)
        found = priced(typed, terms)
        return found.balanced() if self.buyer_owes.data is self.seller_owes.data is None else found


def settlement_form(terms: Terms, found: Settlement | None, version: int | None = None) -> SettlementForm:
    """A fresh form: the figures so far, or the advance of the contract and empty lines."""
    if found is None:
        found = Settlement(tuple(Delivered() for _line in terms.goods), advance=terms.advance_amount or 0)
    rows = [{"quantity": row.quantity, "value": row.value} for row in found.delivered]
    sums = {name: getattr(found, name) or None for name in SUMS}
    if version is not None and found.agreed != found.balance:  # a nought that was meant is shown, not left empty
        sums |= {"seller_owes": found.seller_owes, "buyer_owes": found.buyer_owes}
    return SettlementForm(formdata=None, version=version, lines=rows, pay_by=found.pay_by, note=found.note, **sums)
