"""Forms of pooled quotes: who takes part with how much each month; a partner's yes; a reason."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Optional

from marketplace.kernel.dates import format_month
from marketplace.organisations.models import Organisation
from marketplace.products.models import Product
from marketplace.quotes.models import Quote
from marketplace.quotes.pooling import Months
from marketplace.web.fields import QuantityField
from marketplace.web.forms import Form, at_most

NEW = "new"
"""Stands for the cooperative that is being invited, in the names of its fields."""


class PoolForm(Form):
    """Everybody's share. The fields of members and months come with the quote (`pool_form`)."""

    invite = StringField(_l("Cooperative: its name or tax code"), [Optional(), at_most(200)])
    known = RadioField(_l("Which one do you mean?"), [Optional()], choices=[], validate_choice=False)

    members: list[Organisation]
    months: list[date | None]

    def fields_of(self, member: int | str) -> list[Any]:
        """The fields of one member, by month."""
        return [self[share_name(member, month)] for month in self.months]

    def share_of(self, member: int | str) -> Months:
        """What was typed for one member."""
        typed = ((month, self[share_name(member, month)].data) for month in self.months)
        return {month: quantity for month, quantity in typed if quantity}

    def shares(self) -> dict[int, Months]:
        """Organisation → months, for those that are in already."""
        return {each.id: self.share_of(each.id) for each in self.members}

    def validate(self, extra_validators: Any = None) -> bool:
        """Who is invited gets a quantity, and a quantity somebody to deliver it."""
        good = bool(super().validate(extra_validators))
        new = bool(self.share_of(NEW))
        if self.invite.data and not new:
            field = self.fields_of(NEW)[0]
            field.errors = [*field.errors, _("Write the quantity for at least one month.")]
            good = False
        if new and not self.invite.data:
            self.invite.errors = [*self.invite.errors, _("Name the cooperative that delivers this.")]
            good = False
        return good

    def offer_choice(self, found: Iterable[Organisation]) -> None:
        """Several cooperatives have such a name: one of them is meant."""
        self.known.choices = [(str(row.id), with_seat(row)) for row in found]


def with_seat(organisation: Organisation) -> str:
    """A cooperative with its commune, to tell it from others of its name."""
    return f"{organisation.name}, {organisation.unit.name}" if organisation.unit else organisation.name


def share_name(member: int | str, month: date | None) -> str:
    """The name of a member's field for a month."""
    return f"share_{member}_{month:%Y%m}" if month else f"share_{member}_whole"


def pool_form(quote: Quote, members: list[Organisation], shares: Mapping[int, Months]) -> PoolForm:
    """The form for one quote, with the shares as they are stored."""
    months: list[date | None] = [row.month for row in quote.offer.months] or [None]
    fields: dict[str, Any] = {"members": members, "months": months}
    values: dict[str, Any] = {"version": quote.version}
    names: list[int | str] = [*(each.id for each in members), NEW]
    for member in names:
        for month in months:
            name = share_name(member, month)
            fields[name] = QuantityField(format_month(month) if month else _("Quantity"), [Optional()])
            if member != NEW:
                values[name] = shares.get(int(member), {}).get(month)
    made: type[PoolForm] = type("PoolForm", (PoolForm,), fields)
    return made(data=values)


def stored_shares(quote: Quote) -> dict[int, Months]:
    """The shares in hand; before anybody is invited the leading cooperative delivers everything."""
    version = quote.working
    parts = [part for part in version.parts if part.state != "left"]
    if parts:
        return {part.organisation_id: {row.month: row.quantity for row in part.months} for part in parts}
    whole: dict[date | None, Decimal] = {row.month: row.quantity for row in version.months}
    return {quote.seller_id: whole or {None: version.quantity}}


class AgreeForm(Form):
    """A partner takes its share of the version on the page."""

    part_id = HiddenField()
    seen = HiddenField()
    product = SelectField(_l("Your product for this share"), [Optional()], coerce=lambda value: int(value or 0) or None)
    elsewhere = BooleanField(_l("I know that we stand in another quote for this offer too."))

    def offer_products(self, products: Iterable[Product]) -> None:
        """The partner's own."""
        self.product.choices = [("", _("None in particular")), *((row.id, row.name) for row in products)]


class PartForm(Form):
    """No, or no longer; a reason helps the others."""

    part_id = HiddenField()
    reason = StringField(_l("Reason"), [Optional(), at_most(300)])


class TakeOutForm(Form):
    """Going on without one of the partners."""

    organisation_id = HiddenField()


def number_of(field: Any) -> int:
    """The id in a hidden field; nothing else has one."""
    typed = field.data or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0
