"""What pages about quotes show: how far an answer goes, quotes side by side, panels and steps on earlier pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from marketplace.kernel.dates import format_date, format_month, local_date
from marketplace.kernel.messages import msgid
from marketplace.kernel.numbers import format_money, rounded
from marketplace.kernel.prices import PRICE_KINDS
from marketplace.kernel.quantities import UNITS, format_quantity
from marketplace.offers import policy as offers_policy
from marketplace.offers.matching import short, span
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.presenting import own_step, steps_of_offer
from marketplace.offers.rules import DemandLevel, OfferState
from marketplace.organisations.access import capacities
from marketplace.products.queries import valid_stars
from marketplace.quotes import pooled, queries
from marketplace.quotes.figures import Standing, best, normalised, standing, worth
from marketplace.quotes.forms import demand_words
from marketplace.quotes.models import Quote, QuoteVersion
from marketplace.quotes.rules import QUOTE_STATES, QuoteState, state_on
from marketplace.web import clock
from marketplace.web.addresses import path_of
from marketplace.web.messages import say
from marketplace.web.panels import Panel, Step


def standing_of(offer: PurchaseOffer, version: QuoteVersion) -> Standing:
    """How far one version answers the offer."""
    return standing(
        offer.demands,
        {row.demand_id: row.met for row in version.answers},
        {row.month: row.quantity for row in offer.months},
        {row.month: row.quantity for row in version.months},
    )


def in_words(offer: PurchaseOffer, version: QuoteVersion) -> str:
    """ "You meet 3 of 4 demands; 12 tấn short in 2/2027." """
    found = standing_of(offer, version)
    parts = []
    if found.asked:
        parts.append(_("%(met)s of %(asked)s demands met", met=found.met, asked=found.asked))
    gaps = short(((gap.month, gap.missing) for gap in found.short), offer.measure)
    parts += [say(gap) for gap in gaps]
    if offer.months and not found.short:
        parts.append(_("enough in every month (%(months)s)", months=span(row.month for row in offer.months)))
    if not offer.months and version.quantity < offer.quantity:
        parts.append(
            _(
                "%(quantity)s short of the whole",
                quantity=format_quantity(offer.quantity - version.quantity, offer.measure),
            )
        )
    return "; ".join(parts)


def by_month(version: QuoteVersion) -> dict[date, Decimal]:
    """Month → quantity of a version."""
    return {row.month: row.quantity for row in version.months}


def state_of(quote: Quote, day: date) -> tuple[str, str]:
    """Words and pill; what waited for an offer that ended otherwise has ended with it."""
    state = state_on(day, quote.state, quote.latest.valid_until)
    gone = (OfferState.WITHDRAWN, OfferState.NOT_AWARDED)
    if state in (QuoteState.SUBMITTED, QuoteState.DRAFT) and quote.offer.state in gone:
        return _("The offer has ended"), "ended"
    if state == QuoteState.DRAFT and quote.submitted_at is not None:
        return _("The sellers share out anew"), "waiting"
    words, kind = QUOTE_STATES[state]
    return say(words), kind


def sender(version: QuoteVersion, seller: str) -> str:
    """A helper's name beside the seller's; nothing where the seller's own people sent it."""
    if not version.by_mandate or version.submitted_by is None:
        return ""
    return _("sent by %(name)s on behalf of %(seller)s", name=version.submitted_by.name, seller=seller)


# Side by side -----------------------------------------------------------------------------------------------------


@dataclass
class Cell:
    """One value of a quote."""

    text: str
    best: bool = False
    missing: bool = False
    note: str = ""


@dataclass
class Row:
    """One line of the comparison."""

    label: str
    cells: list[Cell]
    note: str = ""


@dataclass
class Column:
    """One quote."""

    label: str
    url: str
    note: str
    quote: Quote = field(repr=False)


@dataclass(frozen=True)
class Comparison:
    """The whole table."""

    columns: list[Column]
    rows: list[Row]


def compared(offer: PurchaseOffer, quotes: Sequence[Quote], day: date) -> Comparison:
    """Quotes side by side: those that miss no must first, then by price; what has ended comes last."""
    order = sorted(
        quotes,
        key=lambda quote: (not running(quote, day), not standing_of(offer, quote.latest).whole, quote.latest.price),
    )
    versions = [quote.latest for quote in order]
    standings = [standing_of(offer, version) for version in versions]
    eligible = [running(quote, day) and found.whole for quote, found in zip(order, standings, strict=True)]
    rows = [
        *price_rows(offer, versions, eligible),
        *month_rows(offer, versions),
        *demand_rows(offer, versions),
        *term_rows(offer, versions, eligible, day),
    ]
    return Comparison([column(quote, day) for quote in order], rows)


def running(quote: Quote, day: date) -> bool:
    """Whether the buyer can still take it."""
    return state_on(day, quote.state, quote.latest.valid_until) in (QuoteState.SUBMITTED, QuoteState.ACCEPTED)


def column(quote: Quote, day: date) -> Column:
    """The head of a quote: seller, version, state."""
    words, _kind = state_of(quote, day)
    version = _("version %(number)s, %(state)s", number=quote.latest.number, state=words.lower())
    note = " · ".join(part for part in (version, sender(quote.latest, quote.seller.name)) if part)
    return Column(pooled.sellers_name(quote), path_of("quotes.show", quote_id=quote.id), note, quote)


def price_rows(offer: PurchaseOffer, versions: list[QuoteVersion], eligible: list[bool]) -> list[Row]:
    """Price in one measure, the whole quantity, and what it comes to."""
    measure = UNITS[offer.measure].label
    base = [normalised(row.price, offer.measure, row.products) for row in versions]
    prices = best((row.price for row in versions), min, eligible)
    amounts = best((row.quantity for row in versions), max, eligible)
    shown = [
        Cell(
            f"{format_money(int(rounded(one.amount, 0)))}/{UNITS[one.unit].label}"
            if one
            else f"{format_money(row.price)}/{measure}",
            best=win,
            note=f"{format_money(row.price)}/{measure} · {say(PRICE_KINDS[row.price_kind]).lower()}",
        )
        for row, one, win in zip(versions, base, prices, strict=True)
    ]
    wanted = _("wanted: %(quantity)s", quantity=format_quantity(offer.quantity, offer.measure))
    pays = _("you pay: %(price)s", price=f"{format_money(offer.price)}/{measure}") if offer.price is not None else ""
    whole = [
        Cell(
            format_quantity(row.quantity, offer.measure),
            best=win,
            missing=row.quantity < offer.quantity and not offer.months,
        )
        for row, win in zip(versions, amounts, strict=True)
    ]
    values = [Cell(format_money(worth(row.quantity, row.price))) for row in versions]
    rows = [Row(_("Price"), shown, pays), Row(_("Total quantity"), whole, wanted), Row(_("Value"), values)]
    if any(row.parts for row in versions):
        shares = [Cell(pooled.in_short(offer, row) or _("one seller")) for row in versions]
        rows.append(Row(_("Share of each cooperative"), shares))
    return rows


def month_rows(offer: PurchaseOffer, versions: list[QuoteVersion]) -> list[Row]:
    """Each month of the offer: what is quoted, and what is short."""
    quoted = [{row.month: row.quantity for row in version.months} for version in versions]
    rows = []
    for month in offer.months:
        cells = []
        for months in quoted:
            amount = months.get(month.month, Decimal(0))
            gap = month.quantity - amount
            note = f"−{format_quantity(gap, offer.measure)}" if gap > 0 else ""
            cells.append(Cell(format_quantity(amount, offer.measure), missing=gap > 0, note=note))
        rows.append(
            Row(
                format_month(month.month),
                cells,
                _("wanted: %(quantity)s", quantity=format_quantity(month.quantity, offer.measure)),
            )
        )
    return rows


def demand_rows(offer: PurchaseOffer, versions: list[QuoteVersion]) -> list[Row]:
    """Each demand: yes or no, in the seller's words."""
    answers = [{row.demand_id: row for row in version.answers} for version in versions]
    rows = []
    for demand in offer.demands:
        must = demand.level == DemandLevel.MUST
        found = [given.get(demand.id) for given in answers]
        cells = [
            Cell(
                _("Yes") if row and row.met else _("No"),
                missing=must and not (row and row.met),
                note=row.note if row else "",
            )
            for row in found
        ]
        rows.append(Row(demand_words(demand), cells, _("must have") if must else _("nice to have")))
    return rows


def term_rows(offer: PurchaseOffer, versions: list[QuoteVersion], eligible: list[bool], day: date) -> list[Row]:
    """Products, payment, validity and terms."""
    days = [row.payment_days for row in versions]
    longest = best(days, max, eligible)
    products = [", ".join(named(row, day) for row in version.products) or "—" for version in versions]
    payment = [_("%(days)s days", days=count) if count is not None else "—" for count in days]
    valid = [format_date(row.valid_until) if row.valid_until else _("without end") for row in versions]
    offered = _("you said: %(days)s days", days=offer.payment_days) if offer.payment_days is not None else ""
    return [
        Row(_("Products meant"), [Cell(text) for text in products]),
        Row(
            _("Payment after delivery"),
            [Cell(text, best=win) for text, win in zip(payment, longest, strict=True)],
            offered,
        ),
        Row(_("Valid until"), [Cell(text) for text in valid]),
        Row(_("Terms"), [Cell(version.terms or "—") for version in versions]),
    ]


def named(product: Any, day: date) -> str:
    """A product with its stars."""
    stars = valid_stars(product, day)
    return _("%(name)s (%(stars)s stars)", name=product.name, stars=stars) if stars else product.name


# On the offer's page ----------------------------------------------------------------------------------------------

QUOTE_STEP = msgid("Quotation")


def on_offer(offer: PurchaseOffer, viewer: Any) -> Panel | None:
    """The buyer sees how many quotes came, a seller its own. One query and its details."""
    if not viewer.is_authenticated or offer.published_at is None:
        return None
    day = clock.today()
    values: dict[str, Any] = {"offer": offer, "state_of": state_of, "in_words": in_words, "day": day}
    if offers_policy.owns(capacities(viewer), offer):
        return Panel("quotes/_on_offer.html", {**values, "count": queries.count_of(offer), "buys": True, "own": []})
    own = queries.own_of(offer, viewer)
    return Panel("quotes/_on_offer.html", {**values, "count": 0, "buys": False, "own": own}) if own else None


def steps_after_offer(offer: PurchaseOffer, viewer: Any) -> list[Step]:
    """The quotes of an offer as a step: all for the buyer, one's own for a seller."""
    day = clock.today()
    if not viewer.is_authenticated:
        return [Step("quote", say(QUOTE_STEP))]
    if offers_policy.owns(capacities(viewer), offer):
        count = queries.count_of(offer)
        url = path_of("quotes.compare", offer_id=offer.id) if count else None
        words = _("%(count)s received", count=count) if count else ""
        return [Step("quote", say(QUOTE_STEP), words, "in_force" if count else "ended", url=url)]
    own = queries.own_of(offer, viewer)
    return [own_quote_step(own[0], day)] if own else [Step("quote", say(QUOTE_STEP))]


def own_quote_step(quote: Quote, day: date, current: bool = False) -> Step:
    """One quote as a step of the chain."""
    words, kind = state_of(quote, day)
    when = local_date(quote.latest.submitted_at) if quote.latest.submitted_at else None
    url = path_of("quotes.show", quote_id=quote.id)
    return Step("quote", say(QUOTE_STEP), state=words, state_kind=kind, date=when, url=url, current=current)


def steps_of_quote(quote: Quote, viewer: Any) -> list[Step]:
    """The chain up to a quote: product, offer, and itself."""
    day = clock.today()
    before = [step for step in steps_of_offer(quote.offer, viewer) if step.noun == "product"]
    return [*before, own_step(quote.offer, day), own_quote_step(quote, day, current=True)]
