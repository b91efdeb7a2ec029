"""Pooled quotes for tests: one offer, a leading cooperative with two partners, and a rival; each with its person."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from marketplace.accounts.models import User
from marketplace.offers.models import PurchaseOffer
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.models import Organisation
from marketplace.quotes import service, service_partners, service_pooling
from marketplace.quotes.models import Quote, QuotePart
from marketplace.quotes.pooling import content
from marketplace.quotes.rules import Said
from tests.factories import Factories

FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)
WHOLE = {FEBRUARY: Decimal(30), MARCH: Decimal(10)}
SAID = Said(price=18_000_000, quantity=Decimal(40), months=WHOLE, payment_days=15, terms="Giao tại kho")


@dataclass
class Pool:
    """Who is there; `quote` is the leading cooperative's."""

    offer: PurchaseOffer
    buyer: Organisation
    lead: Organisation
    first: Organisation
    second: Organisation
    rival: Organisation
    people: dict[int, User]
    quote: Quote

    def person(self, organisation: Organisation) -> User:
        return self.people[organisation.id]

    def shares(self, *amounts: tuple[int, int]) -> dict[int, dict[date | None, Decimal]]:
        """Tonnes in February and March of the leading cooperative and its partners."""
        members = (self.lead, self.first, self.second)
        return {
            each.id: {FEBRUARY: Decimal(february), MARCH: Decimal(march)}
            for each, (february, march) in zip(members, amounts, strict=False)
        }

    def part(self, organisation: Organisation) -> QuotePart:
        return next(row for row in self.quote.working.parts if row.organisation_id == organisation.id)


def prepared(make: Factories) -> Pool:
    """The leading cooperative has a draft of its own; nobody is invited yet."""
    hanoi = make.unit("Phường Cầu Giấy", parent=make.unit("Thành phố Hà Nội"))
    buyer = make.company("Công ty TNHH Mua", unit=hanoi)
    lead = make.cooperative("HTX Chủ trì", unit=make.unit("Xã Than Uyên"))
    first = make.cooperative("HTX Một", unit=make.unit("Xã Mường Kim"))
    second = make.cooperative("HTX Hai", unit=make.unit("Xã Khoen On"))
    rival = make.cooperative("HTX Khác")
    people = {each.id: make.member(each, name=f"Người {each.name}") for each in (buyer, lead, first, second, rival)}
    offer = make.offer(buyer, months=WHOLE, quantity=Decimal(40))
    forget_capacities()
    quote = service.draft(offer, lead, SAID, actor=people[lead.id], now=make.now)
    return Pool(offer, buyer, lead, first, second, rival, people, quote)


def invited(make: Factories) -> Pool:
    """18 and 5 tonnes stay with the leading cooperative, the partners deliver 8 and 3, 4 and 2."""
    pool = prepared(make)
    shares = pool.shares((18, 5), (8, 3), (4, 2))
    service_pooling.arrange(pool.quote, shares, follow=False, actor=pool.person(pool.lead), now=make.now)
    return pool


def agree(pool: Pool, organisation: Organisation, now: datetime, product_id: int | None = None) -> None:
    """A partner agrees to what the quote says now."""
    service_partners.agree(
        pool.quote,
        pool.part(organisation).id,
        seen=content(pool.quote.working),
        product_id=product_id,
        elsewhere=False,
        actor=pool.person(organisation),
        now=now,
    )


def agreed(make: Factories) -> Pool:
    """Both partners have agreed."""
    pool = invited(make)
    for each in (pool.first, pool.second):
        agree(pool, each, make.now)
    return pool


def sent(make: Factories) -> Pool:
    """The buyer has it."""
    pool = agreed(make)
    service_pooling.send(pool.quote, actor=pool.person(pool.lead), now=make.now)
    return pool
