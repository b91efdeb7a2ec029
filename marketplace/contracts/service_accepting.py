"""Accepting a quote is the act that makes a contract: everything is carried over, nothing retyped."""

from calendar import monthrange
from datetime import date, datetime

from marketplace.accounts.models import User
from marketplace.clauses.terms import COPIES, Side
from marketplace.contracts import queries
from marketplace.contracts.models import Contract, Line, LineMonth
from marketplace.contracts.policy import sellers
from marketplace.contracts.service_drawing import add, begun, kind_of, new_code, party_from
from marketplace.contracts.service_sharing import share_out
from marketplace.contracts.service_versions import side_of
from marketplace.contracts.telling import tell
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Stale
from marketplace.kernel.messages import msgid
from marketplace.offers import service as offers
from marketplace.offers.queries import full_name
from marketplace.products.rules import CERTIFICATE_KINDS
from marketplace.quotes import service as quotes
from marketplace.quotes.models import Quote
from marketplace.web.messages import say


def accept_quote(quote: Quote, *, seen: int, actor: User, on_behalf_of: int | None, now: datetime) -> Contract:
    """The act that makes a contract: the latest version of a quote, everything carried over, nothing retyped.

    `seen` is the number of the version that the buyer looked at.
    """
    if quote.latest.number != seen:
        raise Stale(quote)
    quotes.mark_accepted(quote, actor=actor, now=now)
    offers.award(quote.offer, actor=actor, now=now)
    contract = drawn_from(quote, actor=actor, now=now)
    add(contract, "contract:drawn_up", actor=actor, on_behalf_of=on_behalf_of, now=now, data={"quote": quote.id})
    if quote.latest.parts:
        share_out(contract, quote.latest.parts)
    begun(contract)
    contract.left_by = side_of(contract, actor, on_behalf_of)
    tell(
        contract,
        msgid("Contract %(number)s is drawn up from your quotation: please look it through.", number=contract.number),
        now=now,
        actor=actor,
        parties=sellers(contract),
    )
    return contract


def drawn_from(quote: Quote, *, actor: User, now: datetime) -> Contract:
    """Offer and quotation as a contract: price, months, place, payment, inputs, quality demands, both sides."""
    offer, version, day = quote.offer, quote.latest, local_date(now)
    months = {row.month: row.quantity for row in version.months}
    contract = Contract(
        kind=kind_of(offer.linkage_form, True, True),
        linkage_form=offer.linkage_form,
        number=f"{queries.next_number(day.year):02d}/{day.year}/{'HĐLK' if offer.linkage_form else 'HĐMB'}",
        code=new_code(),
        quote_id=quote.id,
        ends_on=month_end(max(months)) if months else None,
        place=", ".join(part for part in (offer.place, full_name(offer.unit)) if part)[:200],
        payment_days=version.payment_days if version.payment_days is not None else offer.payment_days,
        inputs=offer.inputs,
        advance=offer.advance,
        extra=version.terms,
        turn_since=now,
        created_by_id=actor.id,
        created_at=now,
    )
    selling = [part.organisation for part in version.parts] or [quote.seller]
    contract.parties = [party_from(each, Side.SELLER, place, day) for place, each in enumerate(selling, start=1)]
    for party in contract.parties[1:]:
        party.lead = False  # the one that made the pooled quote leads
    contract.parties.append(party_from(offer.buyer, Side.BUYER, len(selling) + 1, day))
    contract.copies = max(COPIES, len(contract.parties) + 1)
    contract.lines = [line_from(quote)]
    return contract


def line_from(quote: Quote) -> Line:
    """The goods as quoted: with one product meant, under its name."""
    offer, version = quote.offer, quote.latest
    product = version.products[0] if len(version.products) == 1 else None
    name = product.name if product and not version.parts else offer.what  # of several sellers: what the buyer asked
    return Line(
        position=1,
        product_id=product.id if product else None,
        name=name,
        group=product.group if product else offer.group,
        standard=demands_in_words(quote),
        quantity=version.quantity,
        measure=offer.measure,
        price_kind=version.price_kind,
        price=version.price,
        months=[LineMonth(month=row.month, quantity=row.quantity) for row in version.months],
    )


def demands_in_words(quote: Quote) -> str | None:
    """The buyer's quality demands that the seller said it meets, for the column "standard"."""
    met = [answer.demand for answer in quote.latest.answers if answer.met]
    words = [
        demand.text or (say(CERTIFICATE_KINDS[demand.certificate]) if demand.certificate else "") for demand in met
    ]
    return "; ".join(word for word in words if word)[:200] or None


def month_end(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])
