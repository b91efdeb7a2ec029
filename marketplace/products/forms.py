"""Forms of the catalogue: a listing (five fields, the rest folded), certificates, photos, an officer's reason."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.numbers import format_number, parse_decimal, parse_money
from marketplace.kernel.quantities import UNITS, Dimension
from marketplace.kernel.vietnamese import fold
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.products.models import Product
from marketplace.products.rules import (
    CERTIFICATE_KINDS,
    CERTIFIED_STARS,
    GROUPS,
    CertificateKind,
    Group,
    Listing,
    Paper,
)
from marketplace.web.addresses import number_or_none
from marketplace.web.fields import DateField, ParsedField, PriceField, QuantityField
from marketplace.web.forms import Form, at_most, required
from marketplace.web.messages import say

MONTHS = range(1, 13)
AVAILABLE = "có"
YES = {"co", "x", "yes", "v"}
CONTACT = {"lien he", "thoa thuan"}


def one_of(codes: Any) -> Any:
    """Coercion of a select of codes: the empty choice, or something forged, is no value."""
    return lambda text: codes(text) if text in set(codes) else None


def measures(*dimensions: Dimension) -> Any:
    """Units to choose from, of these dimensions or all."""
    return lambda: [
        ("", _("Choose …")),
        *((code, unit.label) for code, unit in UNITS.items() if not dimensions or unit.dimension in dimensions),
    ]


def parse_price(text: str) -> int | None:
    """An amount of money; "liên hệ" is no price."""
    return None if fold(text) in CONTACT else parse_money(text)


def parse_harvest(text: str) -> Decimal | str | None:
    """A quantity for a month, or "có": available, the amount is not known yet; 0 is nothing."""
    if fold(text) in YES:
        return AVAILABLE
    amount = parse_decimal(text)
    if amount < 0:
        raise Refusal(msgid("Write a quantity, or “có” where you do not know how much."))
    if amount != round(amount, 3):
        raise Refusal(msgid("At most three places after the comma."))
    return amount or None


class OpenPriceField(PriceField):
    """A price, or nothing: then it reads "liên hệ"."""

    parse = staticmethod(parse_price)  # type: ignore[assignment]


class HarvestField(ParsedField):
    """How much there is in a month."""

    data: Decimal | str | None
    parse = staticmethod(parse_harvest)
    show = staticmethod(lambda value: value if isinstance(value, str) else format_number(value))


class ListingForm(Form):
    """A product: name, group, unit, price, commune; everything else is optional."""

    organisation = SelectField(_l("Seller"), [required()], coerce=number_or_none)
    name = StringField(
        _l("Name of the product"),
        [required(), at_most(160)],
        description=_l("As customers know it, for example Gạo Séng Cù."),
        render_kw={"autocomplete": "off"},
    )
    group = SelectField(
        _l("Group"),
        [required(_l("Choose the group; tea and honey are food."))],
        coerce=one_of(Group),
        choices=lambda: [("", _("Choose …")), *((str(code), say(label)) for code, label in GROUPS.items())],
    )
    measure = SelectField(_l("Sold by"), [required(_l("Choose the unit of measure."))], choices=measures())
    price = OpenPriceField(
        _l("Price for one unit"),
        [Optional()],
        description=_l("Leave it empty to show “Liên hệ” (contact us)."),
    )
    unit = SelectField(_l("Made in the commune"), [required(_l("Choose the commune or ward."))], coerce=number_or_none)
    province = SelectField(_l("Province or city"), coerce=number_or_none)

    description = TextAreaField(
        _l("Description"), [Optional(), at_most(4000)], description=_l("Variety, how it is made, what is special.")
    )
    price_high = PriceField(_l("Up to"), [Optional()], description=_l("Only when the price is a range: the upper end."))
    price_hidden = BooleanField(
        _l("Show the price to verified parties only"),
        description=_l("Everybody else reads “Giá cho bên đã xác minh”."),
    )
    minimum_order = QuantityField(_l("Smallest order"), [Optional()], render_kw={"inputmode": "decimal"})
    packaging = StringField(
        _l("Packaging"), [Optional(), at_most(200)], description=_l("For example: vacuum bag in a carton.")
    )
    net_content = QuantityField(_l("One pack holds"), [Optional()], render_kw={"inputmode": "decimal"})
    net_measure = SelectField(
        _l("Unit of the content"), default="", choices=measures(Dimension.MASS, Dimension.VOLUME, Dimension.COUNT)
    )

    def offer(
        self, sellers: Iterable[Organisation], provinces: Iterable[AdminUnit], communes: Iterable[AdminUnit]
    ) -> None:
        """The choices of this person and province."""
        self.organisation.choices = [(row.id, row.name) for row in sellers]
        self.province.choices = [("", _("Choose …")), *((row.id, row.name) for row in provinces)]
        self.unit.choices = [("", _("Choose …")), *((row.id, row.name) for row in communes)]

    @property
    def harvest(self) -> list[HarvestField]:
        """The twelve fields of the harvest calendar."""
        return [self[f"month_{month}"] for month in MONTHS]

    def listing(self) -> Listing:
        """What was typed."""
        typed = {month: self[f"month_{month}"].data for month in MONTHS}
        return Listing(
            name=self.name.data,
            group=self.group.data,
            measure=self.measure.data,
            unit_id=self.unit.data,
            price=self.price.data,
            price_high=self.price_high.data,
            price_public=not self.price_hidden.data,
            description=self.description.data or None,
            net_content=self.net_content.data,
            net_measure=self.net_measure.data or None,
            minimum_order=self.minimum_order.data,
            packaging=self.packaging.data or None,
            months={month: None if each == AVAILABLE else each for month, each in typed.items() if each is not None},
        )

    def has_more(self) -> bool:
        """Whether something in the folded part is filled in or wrong, so that it opens."""
        names = ("description", "price_high", "price_hidden", "minimum_order", "packaging", "net_content")
        return any(self[name].data or self[name].errors for name in (*names, "net_measure"))

    def has_harvest(self) -> bool:
        """The same for the calendar."""
        return any(field.data or field.errors for field in self.harvest)


for _month in MONTHS:
    setattr(ListingForm, f"month_{_month}", HarvestField(_l("Month %(month)d", month=_month), [Optional()]))


def facts_of(product: Product) -> dict[str, Any]:
    """A product as the form shows it."""
    harvest = {f"month_{month}": AVAILABLE if amount is None else amount for month, amount in product.harvest.items()}
    same = ("name", "group", "measure", "price", "price_high", "description", "net_content")
    facts = {name: getattr(product, name) for name in (*same, "minimum_order", "packaging")}
    own = {"organisation": product.organisation_id, "unit": product.unit_id, "price_hidden": not product.price_public}
    return {**facts, **own, **harvest, "net_measure": product.net_measure or ""}


class CertificateForm(Form):
    """What a certificate says, as printed."""

    kind = SelectField(
        _l("Kind of certificate"),
        [required(_l("Choose the kind of certificate."))],
        coerce=one_of(CertificateKind),
        choices=lambda: [("", _("Choose …")), *((str(code), say(label)) for code, label in CERTIFICATE_KINDS.items())],
    )
    stars = SelectField(
        _l("Stars"),
        coerce=number_or_none,
        choices=lambda: [("", _("only for OCOP")), *((each, f"{each} ★") for each in CERTIFIED_STARS)],
    )
    number = StringField(
        _l("Number"),
        [at_most(80)],
        description=_l("Of the certificate or the decision, for example 101/QĐ-UBND."),
        render_kw={"autocomplete": "off"},
    )
    issuer = StringField(_l("Issued by"), [Optional(), at_most(160)], render_kw={"autocomplete": "off"})
    issued_on = DateField(_l("Day of issue"), [Optional()], render_kw={"inputmode": "numeric", "autocomplete": "off"})
    last_day = DateField(
        _l("Last valid day"),
        [Optional()],
        description=_l("As printed. An OCOP certificate that prints none is valid for 36 months."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    scan = FileField(_l("Scan or photo of the paper"))

    def paper(self) -> Paper:
        """What was typed."""
        ocop = self.kind.data == CertificateKind.OCOP
        return Paper(
            kind=self.kind.data,
            number=self.number.data or "",
            issuer=self.issuer.data or "",
            issued_on=self.issued_on.data,
            last_day=self.last_day.data,
            stars=self.stars.data if ocop else None,
        )


class PhotosForm(Form):
    """Photos to add."""

    photos = MultipleFileField(_l("Photos"))


class ReasonForm(Form):
    """Why a listing is taken down."""

    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Write the reason: the owner reads it and corrects the listing.")), at_most(1000)],
        render_kw={"rows": 3},
    )
