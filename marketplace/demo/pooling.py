"""Two cooperatives that sell together: one contract that waits for the second one's signature, and an invitation."""

from datetime import date
from decimal import Decimal

from marketplace.clauses.terms import Side
from marketplace.contracts import service_drawing
from marketplace.contracts.service_accepting import accept_quote
from marketplace.demo import wishes
from marketplace.demo.deals import open_for_signing, publish_offer, said_of, sign, sign_for
from marketplace.demo.stage import Stage
from marketplace.extensions import db
from marketplace.kernel.dates import add_months
from marketplace.offers.models import PurchaseOffer
from marketplace.quotes import service as quotes
from marketplace.quotes import service_partners, service_pooling
from marketplace.quotes.models import Quote
from marketplace.quotes.pooling import content

LEAD, PARTNER = "htx", "htx2"
SHARE = 40
"""Per cent of every month that the partner delivers."""


def sell_together(stage: Stage) -> None:
    """HTX of Than Uyên and of Mường Kim sell rice together to Hà Nội: two have signed, the partner's turn has come."""
    wish = wishes.BUYER_TOGETHER
    offer = publish_offer(stage, wish)
    quote = invite(stage, offer, wish.product, wish.price or 0, wish.asked - 1)
    agree(stage, quote, "sticky-rice", wish.asked - 2)
    service_pooling.send(quote, actor=stage.actor(LEAD), now=stage.ago(wish.asked - 3))
    buyer, now = stage.actor(wish.buyer), stage.ago(wish.asked - 4)
    contract = accept_quote(quote, seen=quote.latest.number, actor=buyer, on_behalf_of=None, now=now)
    months = [row.month for row in offer.months]
    changes = {"starts_on": min(months), "ends_on": stage.day_before(add_months(max(months), 1)), **wish.extra}
    now = stage.ago(wish.asked - 5)
    service_drawing.edit(contract, changes, actor=stage.actor(LEAD), on_behalf_of=None, now=now)
    open_for_signing(stage, contract, wish.asked - 7)
    sign_for(stage, contract, LEAD, wish.asked - 9, ink=True)
    sign(stage, contract, Side.BUYER, wish.asked - 11, ink=True)


def invite_a_partner(stage: Stage) -> None:
    """An open offer that is too large for one: the partner has not answered yet."""
    offer = db.session.query(PurchaseOffer).filter_by(what=wishes.SHOP_DRIED_FISH.what).one()
    invite(stage, offer, "dried-fish", 415_000, 2)


def invite(stage: Stage, offer: PurchaseOffer, product: str, price: int, days: int) -> Quote:
    """The leading cooperative's draft with a share for the partner in every month."""
    lead, partner = stage.organisations[LEAD], stage.organisations[PARTNER]
    actor = stage.actor(LEAD)
    said = said_of(stage, offer, product, price)
    quote = quotes.draft(offer, lead, said, actor=actor, now=stage.ago(days, 9))
    theirs: dict[date | None, Decimal] = {}
    ours: dict[date | None, Decimal] = {}
    for month, amount in said.months.items():
        theirs[month] = (amount * SHARE / 100).quantize(Decimal(1))
        ours[month] = amount - theirs[month]
    shares = {lead.id: ours, partner.id: theirs}
    return service_pooling.arrange(quote, shares, follow=False, actor=actor, now=stage.ago(days, 10))


def agree(stage: Stage, quote: Quote, product: str, days: int) -> None:
    """The partner agrees to what the quote says, with a product of its own."""
    partner = stage.organisations[PARTNER]
    part = next(row for row in quote.working.parts if row.organisation_id == partner.id)
    service_partners.agree(
        quote,
        part.id,
        seen=content(quote.working),
        product_id=stage.products[product].id,
        elsewhere=False,
        actor=stage.actor(PARTNER),
        now=stage.ago(days),
    )
