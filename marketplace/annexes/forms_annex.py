"""The form of an annex: the terms as they stand, to be typed over; shares of several sellers; goods to add."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from marketplace.annexes.effective import NewTerms
from marketplace.annexes.line_changes import LineChange, Months, NewLine, standing_split
from marketplace.annexes.rules import AnnexReason
from marketplace.annexes.service_drafting import MOST_GOODS, Annex
from marketplace.clauses.terms import Goods, Terms
from marketplace.contracts.forms import MOST_MONTHS, SPARE_MONTHS, LineFields, MonthRow, Part
from marketplace.kernel.quantities import UNITS
from marketplace.web.fields import DateField, DecimalField, MonthField, PriceField, QuantityField
from marketplace.web.forms import Form, at_most, required

MOST_SELLERS = 30
LONGEST_KEY = 19


class AmountField(DecimalField):
    """A quantity that may be nothing."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is not None and (self.data < 0 or self.data != round(self.data, 3) or self.data > 10**9):
            raise ValidationError(_("Give 0 or more, with at most three places after the comma."))


class ShareRow(Part):
    """What each of several sellers delivers in one month; without a month, of the whole line."""

    month = MonthField(_l("Month"), [Optional()])
    shares = FieldList(AmountField(_l("Delivers"), [Optional()]), max_entries=MOST_SELLERS)


class LineChangeFields(Part):
    """One line of goods, as it stands and as it will."""

    quantity = QuantityField(_l("New quantity"), [Optional()])
    price = PriceField(_l("New unit price (đồng)"), [Optional()])
    percent = DecimalField(_l("New per cent"), [Optional()])
    most = PriceField(_l("New ceiling (đồng)"), [Optional()])
    months = FieldList(FormField(MonthRow), max_entries=MOST_MONTHS)
    split = FieldList(FormField(ShareRow), max_entries=MOST_MONTHS)

    def validate_months(self, field: Any) -> None:
        """Each month once."""
        once([row["month"] for row in field.data if row["month"]])

    def validate_split(self, field: Any) -> None:
        """Each month once, and a month where the line has months."""
        used = [row["month"] for row in field.data if any(row["shares"])]
        once(used)
        if None in used and len(used) > 1:
            raise ValidationError(_("Write the month beside each of these quantities."))

    def change(self) -> LineChange:
        """What was typed; months and shares that the page did not ask for are not changed."""
        rows = {row["month"]: row["quantity"] for row in self.months.data if row["month"] and row["quantity"]}
        return LineChange(
            quantity=self.quantity.data,
            price=self.price.data,
            months=rows if len(self.months) else None,
            percent=self.percent.data,
            most=self.most.data,
            split=self.shares() if len(self.split) else None,
        )

    def shares(self) -> dict[int, Months]:
        """By the seller's place: its months."""
        found: dict[int, dict[date | None, Any]] = {}
        for row in self.split.data:
            for seller, much in enumerate(row["shares"]):
                if much:
                    found.setdefault(seller, {})[row["month"]] = much
        return dict(found)


def once(months: list[Any]) -> None:
    """Refuse a month that stands twice."""
    if len(months) != len(set(months)):
        raise ValidationError(_("A month stands here twice; put its quantities together."))


class AddedFields(LineFields):
    """Goods that the annex adds; the choices are offered by the page and checked by the service."""

    seller = SelectField(_l("Which seller delivers it"), [Optional()], validate_choice=False)
    product = SelectField(_l("Product of the seller on this site"), [Optional()], validate_choice=False)

    @property
    def used(self) -> bool:
        """Whether anything was typed in this line."""
        return bool(super().used or self.product.data)

    def validate_name(self, field: Any) -> None:
        """The product's name will do."""
        if not field.data and not self.product.data:
            super().validate_name(field)

    def added(self, names: dict[str, str]) -> NewLine:
        """What was typed; a product gives its name where no other is typed."""
        row = self.line(1, None)
        goods = Goods(
            name=row.name or names.get(self.product.data or "", ""),
            unit=UNITS[row.measure].label,
            quantity=row.quantity,
            variety=row.variety or "",
            standard=row.standard or "",
            price_kind=row.price_kind,
            price=row.price,
            percent=row.price_percent,
            most=row.price_most,
            market=row.market or "",
            schedule={each.month: each.quantity for each in row.months},
        )
        return NewLine(goods, row.measure, number(self.product.data), number(self.seller.data))


def number(typed: str | None) -> int | None:
    """The value of a choice; anything else is none, also what no key of a database can be."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < LONGEST_KEY else None


class AnnexForm(Form):
    """An annex. The page shows the fields of its reason; whatever else is sent is refused by the service."""

    effective_on = DateField(_l("Takes effect on"), [required()])
    explanation = TextAreaField(_l("Why, in your own words"), [Optional(), at_most(1000)])
    ends_on = DateField(_l("New end date"), [Optional()])
    lines = FieldList(FormField(LineChangeFields), max_entries=MOST_GOODS)
    added = FieldList(FormField(AddedFields), max_entries=MOST_GOODS)
    place = StringField(_l("New place of delivery"), [Optional(), at_most(200)])
    payment_days = IntegerField(_l("New number of days to pay after delivery"), [Optional(), NumberRange(0, 365)])
    clause = TextAreaField(_l("Clause to add"), [Optional(), at_most(4000)])

    def grow(self, asked: Iterable[str]) -> bool:
        """Room for more months under a line, or for more goods, without script."""
        names = set(asked)
        for position, entry in enumerate(self.lines):
            if f"more_months-{position}" in names:
                more(entry.form.split if len(entry.form.split) else entry.form.months)
        for position, entry in enumerate(self.added):
            if f"more_added_months-{position}" in names:
                more(entry.form.months)
        if "more_goods" in names and len(self.added) < MOST_GOODS:
            more(self.added.append_entry().form.months)
        return any(name.startswith("more_") for name in names)

    def offer(self, sellers: list[str], products: list[tuple[int, str]]) -> None:
        """The choices of added goods, and a field for each seller in every row of a split."""
        for entry in self.added:
            entry.form.seller.choices = [("", "—"), *((str(place), name) for place, name in enumerate(sellers))]
            entry.form.product.choices = [("", _("None of them")), *((str(key), name) for key, name in products)]
        for entry in self.lines:
            for row in entry.form.split:
                while len(row.form.shares) < len(sellers):
                    row.form.shares.append_entry()
                for field, name in zip(row.form.shares, sellers, strict=False):
                    field.label.text = name

    def annex(self, reason: AnnexReason, names: dict[str, str]) -> Annex:
        """What was typed, for the service."""
        wanted = NewTerms(
            ends_on=self.ends_on.data,
            place=self.place.data or None,
            payment_days=self.payment_days.data,
            clause=self.clause.data or None,
            lines={place: entry.form.change() for place, entry in enumerate(self.lines, start=1)},
            added=tuple(entry.form.added(names) for entry in self.added if entry.form.used),
        )
        assert self.effective_on.data is not None
        return Annex(reason, self.effective_on.data, wanted, self.explanation.data or "")


def more(rows: Any) -> None:
    """A few empty months."""
    for _place in range(SPARE_MONTHS):
        if len(rows) < MOST_MONTHS:
            rows.append_entry()


def annex_form(
    terms: Terms, effective_on: date, version: int | None = None, added: tuple[NewLine, ...] = (), **values: Any
) -> AnnexForm:
    """A fresh form with the terms as they stand: only what is typed differently will change."""
    form = AnnexForm(
        formdata=None,
        version=version,
        effective_on=effective_on,
        lines=[line_of(terms, place) for place in range(len(terms.goods))],
        added=[added_of(line) for line in added],
        **{"ends_on": terms.ends_on, "place": terms.place, "payment_days": terms.payment_days, **values},
    )
    for entry in form.lines:
        more(entry.form.split if len(entry.form.split) else entry.form.months)
    for entry in form.added:
        more(entry.form.months)
    return form


def line_of(terms: Terms, place: int) -> dict[str, Any]:
    """One line's values for the form; of several sellers, their shares in place of quantity and months."""
    line = terms.goods[place]
    values: dict[str, Any] = {"quantity": line.quantity, "price": line.price, "percent": line.percent}
    values |= {"most": line.most, "months": months_of(line)}
    if not terms.split:
        return values
    split = standing_split(terms.split, place)
    sellers = range(1 + max(portion.seller for portion in terms.split))
    months: list[date | None] = [*sorted(line.schedule)] or [None]
    rows = [{"month": month, "shares": [split.get(seller, {}).get(month) for seller in sellers]} for month in months]
    return {**values, "quantity": None, "months": [], "split": rows}


def months_of(line: Goods) -> list[dict[str, Any]]:
    """A line's months for the form."""
    return [{"month": month, "quantity": much} for month, much in sorted(line.schedule.items())]


def added_of(line: NewLine) -> dict[str, Any]:
    """An added line's values for the form."""
    goods = line.goods
    return {
        "name": goods.name,
        "variety": goods.variety,
        "standard": goods.standard,
        "quantity": goods.quantity,
        "measure": line.measure,
        "price_kind": goods.price_kind,
        "price": goods.price,
        "price_percent": goods.percent,
        "price_most": goods.most,
        "market": goods.market,
        "months": months_of(goods),
        "product": "" if line.product_id is None else str(line.product_id),
        "seller": "" if line.seller is None else str(line.seller),
    }
