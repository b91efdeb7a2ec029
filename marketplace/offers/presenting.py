"""What pages about offers show: seasons, the closing clock, the price rule, the message to copy, filters, the chain."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.messages import msgid
from marketplace.kernel.numbers import format_money
from marketplace.kernel.prices import PRICE_KINDS, SIMPLE_KINDS, PriceKind
from marketplace.kernel.quantities import format_quantity, unit
from marketplace.offers import queries
from marketplace.offers.matching import span
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import LINKAGE_FORMS, OFFER_STATES, PLAIN_SALE, LinkageForm, OfferState, state_on
from marketplace.offers.search import SALE, Counts, Criteria
from marketplace.products.models import Product
from marketplace.products.rules import GROUPS
from marketplace.web import clock
from marketplace.web.addresses import path_of
from marketplace.web.messages import say
from marketplace.web.panels import Panel, Step

PLACES = 12
"""How many communes a filter names."""


@dataclass(frozen=True)
class Season:
    """One calendar year of deliveries."""

    year: int
    months: list[Decimal]
    total: Decimal


def seasons(months: Any) -> list[Season]:
    """Rows of twelve months, one for each year that has any."""
    wanted = {row.month: row.quantity for row in months}
    found = []
    for year in sorted({month.year for month in wanted}):
        row = [wanted.get(date(year, month, 1), Decimal(0)) for month in range(1, 13)]
        found.append(Season(year, row, sum(row, Decimal(0))))
    return found


def calendar(offer: PurchaseOffer) -> list[Decimal]:
    """The quantities by calendar month, all seasons together: the small strip of a list."""
    total = [Decimal(0)] * 12
    for row in offer.months:
        total[row.month.month - 1] += row.quantity
    return total


def closing(offer: PurchaseOffer, day: date) -> str:
    """The closing clock in words."""
    until = format_date(offer.closes_on)
    left = (offer.closes_on - day).days
    if state_on(day, offer.state, offer.closes_on) != OfferState.OPEN and offer.state != OfferState.DRAFT:
        return _("No longer takes quotes (until %(day)s)", day=until)
    if left < 0:
        return _("The closing date %(day)s has passed", day=until)
    if left == 0:
        return _("Last day: closes tonight")
    return ngettext(
        "%(num)d day left, until the end of %(day)s", "%(num)d days left, until the end of %(day)s", left, day=until
    )


def payment(offer: PurchaseOffer) -> str:
    """When the buyer pays."""
    if offer.payment_days is None:
        return ""
    return (
        _("on delivery")
        if offer.payment_days == 0
        else _("within %(days)s days after delivery", days=offer.payment_days)
    )


def price_rule(offer: PurchaseOffer) -> str:
    """The price in words."""
    if offer.price is None:
        return say(PRICE_KINDS[PriceKind.NEGOTIABLE])
    amount = f"{format_money(offer.price)}/{unit(offer.measure).label}"
    if offer.price_kind == PriceKind.FLOOR:
        return _("At least %(amount)s; more when the market pays more", amount=amount)
    return _("%(amount)s, fixed", amount=amount)


def price_note(offer: PurchaseOffer) -> str:
    """What the price is, beside its amount."""
    if offer.price is None:
        return _("say your price in the quote")
    return say(PRICE_KINDS[offer.price_kind])


def months_in_words(offer: PurchaseOffer) -> str:
    """When the goods are wanted."""
    if not offer.months:
        return _("months to be agreed")
    return _("in %(months)s", months=span(row.month for row in offer.months))


def price_short(offer: PurchaseOffer) -> str:
    """The price for a list."""
    if offer.price is None:
        return _("to be agreed")
    amount = format_money(offer.price)
    return _("from %(amount)s", amount=amount) if offer.price_kind == PriceKind.FLOOR else amount


def linkage(offer: PurchaseOffer) -> str:
    """The form of linkage, or that it is a plain sale."""
    return say(LINKAGE_FORMS[offer.linkage_form] if offer.linkage_form else PLAIN_SALE)


def place(offer: PurchaseOffer) -> str:
    """Where the goods go."""
    return ", ".join(part for part in (offer.place, queries.full_name(offer.unit)) if part)


def message(offer: PurchaseOffer, address: str) -> str:
    """A short text to paste into a chat."""
    return _(
        "%(buyer)s wants to buy: %(what)s, %(quantity)s. Price: %(price)s. Deliver to: %(place)s. Quotes until %(day)s. %(address)s",
        buyer=offer.buyer.name,
        what=offer.what,
        quantity=format_quantity(offer.quantity, offer.measure),
        price=price_rule(offer),
        place=queries.full_name(offer.unit),
        day=format_date(offer.closes_on),
        address=address,
    )


def state_of(offer: PurchaseOffer, day: date) -> tuple[str, str]:
    """Words and pill of the state on a day."""
    words, kind = OFFER_STATES[state_on(day, offer.state, offer.closes_on)]
    return say(words), kind


# Filters ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True)
class Facet:
    """One filter."""

    name: str
    label: str
    options: list[Option]
    single: bool = False


def facets(counts: Counts, criteria: Criteria) -> list[Facet]:
    """The filters of the list, each choice with how many it leaves."""
    return [
        choice(
            "group", _("Group of goods"), counts, criteria.groups, [(key, say(words)) for key, words in GROUPS.items()]
        ),
        choice("province", _("Delivered to the province"), counts, criteria.provinces, named(counts, "province")),
        choice("commune", _("Delivered to the commune"), counts, criteria.communes, named(counts, "commune")[:PLACES]),
        choice(
            "month", _("Month of delivery"), counts, criteria.months, [(n, _("Month %(n)s", n=n)) for n in range(1, 13)]
        ),
        choice("price", _("Price"), counts, criteria.prices, [(key, say(PRICE_KINDS[key])) for key in SIMPLE_KINDS]),
        choice("form", _("Form of linkage"), counts, criteria.forms, forms()),
        Facet("ended", _("Shown"), [Option("1", _("Also ended ones"), None, criteria.ended)]),
    ]


def forms() -> list[tuple[str, str]]:
    """The forms of linkage and the plain sale."""
    return [*((key.value, say(LINKAGE_FORMS[key])) for key in LinkageForm), (SALE, say(PLAIN_SALE))]


def named(counts: Counts, facet: str) -> list[tuple[int, str]]:
    """Places by how many offers they have."""
    found: Any = counts.values.get(facet, {})
    return sorted(((key, counts.names.get(key, "")) for key in found), key=lambda pair: (-found[pair[0]], pair[1]))


def choice(name: str, label: str, counts: Counts, taken: Any, known: list[tuple[Any, str]]) -> Facet:
    """The choices that would show something, and those taken."""
    found: Any = counts.values.get(name, {})
    shown = [(key, words) for key, words in known if found.get(key) or key in taken]
    return Facet(name, label, [Option(str(key), words, found.get(key, 0), key in taken) for key, words in shown])


# On other nouns' pages --------------------------------------------------------------------------------------------

OFFER_STEP = msgid("Purchase offer")
PRODUCT_STEP = msgid("Product")


def on_product(product: Product, viewer: Any) -> Panel | None:
    """On a product's page: the enquiries about it that one may see (asking is the page's own button). One query."""
    found = queries.of_product(product, viewer) if viewer.is_authenticated else []
    if not found:
        return None
    return Panel("offers/_on_product.html", {"product": product, "offers": found, "state_of": state_of})


def steps_of_product(product: Product, viewer: Any) -> list[Step]:
    """The enquiries that this person may see of a product, as the next step. One query and its months."""
    found = queries.of_product(product, viewer) if viewer.is_authenticated else []
    if not found:
        return [Step("offer", say(OFFER_STEP))]
    return [replace(own_step(found[0], clock.today()), count=len(found))]


def steps_of_offer(offer: PurchaseOffer, viewer: Any) -> list[Step]:
    """The chain up to the offer: the product that it was asked from, and itself."""
    day = clock.today()
    steps = []
    if offer.product_id is not None and offer.product is not None:
        url = path_of("products.show", product_id=offer.product_id)
        steps.append(Step("product", say(PRODUCT_STEP), state=offer.product.name, state_kind="signed", url=url))
    return [*steps, own_step(offer, day, current=True)]


def own_step(offer: PurchaseOffer, day: date, current: bool = False) -> Step:
    """The offer as a step of the chain."""
    words, kind = state_of(offer, day)
    when = local_date(offer.published_at) if offer.published_at else None
    url = path_of("offers.show", offer_id=offer.id)
    return Step("offer", say(OFFER_STEP), state=words, state_kind=kind, date=when, url=url, current=current)
