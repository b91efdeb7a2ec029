"""Several cooperatives in one quote: invited, agreed to exactly one version, sent, left; who sees what."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal, Stale
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.organisations.models import Mandate
from marketplace.organisations.rules import Verification
from marketplace.quotes import queries, service, service_partners, service_pooling
from marketplace.quotes.pooling import PartState, check_shares, content
from marketplace.quotes.rules import Decline, QuoteState
from tests.factories import Factories
from tests.quotes import pools
from tests.quotes.pools import FEBRUARY, MARCH, SAID, Pool


def told(user: User) -> list[str]:
    """What a user was told, in order."""
    return [row.text for row in db.session.scalars(select(Notice).filter_by(user_id=user.id).order_by(Notice.id))]


def sees(pool: Pool, user: User) -> bool:
    """Whether the quote is there for somebody."""
    try:
        return queries.get(pool.quote.id, visible_to=user) is pool.quote
    except NotVisible:
        return False


def test_the_invited_see_it_and_nobody_else(make: Factories) -> None:
    pool = pools.invited(make)
    seen = [sees(pool, pool.person(each)) for each in (pool.lead, pool.first, pool.second, pool.rival, pool.buyer)]
    assert seen == [True, True, True, False, False]
    assert told(pool.person(pool.first)) == ["%(seller)s invites you to answer “%(what)s” of %(buyer)s together."]
    assert [(part.state, part.quantity) for part in pool.quote.working.parts] == [
        (PartState.AGREED, Decimal(23)),
        (PartState.INVITED, Decimal(11)),
        (PartState.INVITED, Decimal(6)),
    ]


def test_shares_come_to_the_quote_or_the_difference_is_named(make: Factories, now: datetime) -> None:
    pool = pools.prepared(make)
    actor = pool.person(pool.lead)
    with pytest.raises(Refusal) as refusal:
        service_pooling.arrange(pool.quote, pool.shares((18, 5), (8, 3), (1, 2)), follow=False, actor=actor, now=now)
    assert dict(refusal.value.message.values)["difference"] == "3 tấn"
    assert dict(refusal.value.message.values)["when"] == "02/2027"
    with pytest.raises(Refusal, match="too much"):
        check_shares({FEBRUARY: Decimal(1)}, [{FEBRUARY: Decimal(2)}], "tan")
    service_pooling.arrange(pool.quote, pool.shares((18, 5), (8, 3), (1, 2)), follow=True, actor=actor, now=now)
    assert {row.month: row.quantity for row in pool.quote.working.months} == {FEBRUARY: Decimal(27), MARCH: Decimal(10)}
    assert pool.quote.working.quantity == Decimal(37)


def test_only_what_all_have_agreed_to_is_sent(make: Factories, now: datetime) -> None:
    pool = pools.invited(make)
    actor = pool.person(pool.lead)
    pools.agree(pool, pool.first, now)
    with pytest.raises(Refusal, match="has not agreed") as refusal:
        service_pooling.send(pool.quote, actor=actor, now=now)
    assert dict(refusal.value.message.values)["names"] == "HTX Hai"
    pools.agree(pool, pool.second, now)
    assert told(actor)[-1].endswith("All have agreed: you can send the quote.")
    service_pooling.send(pool.quote, actor=actor, now=now)
    assert pool.quote.state == QuoteState.SUBMITTED
    assert sees(pool, pool.person(pool.buyer))
    assert told(pool.person(pool.buyer)) == [
        "%(count)s cooperatives led by %(seller)s answered your offer “%(what)s” together."
    ]
    entry = db.session.scalars(select(Entry).filter_by(event="quote:submitted")).one()
    assert entry.data["members"] == sorted([pool.lead.id, pool.first.id, pool.second.id])


@pytest.mark.parametrize("change", ["price", "shares"])
def test_a_change_needs_a_new_agreement(make: Factories, now: datetime, change: str) -> None:
    pool = pools.agreed(make)
    actor = pool.person(pool.lead)
    if change == "price":
        service_pooling.draft(pool.offer, pool.quote, replace(SAID, price=17_000_000), actor=actor, now=now)
    else:
        shares = pool.shares((17, 5), (9, 3), (4, 2))
        service_pooling.arrange(pool.quote, shares, follow=False, actor=actor, now=now)
    assert [pool.part(each).state for each in (pool.first, pool.second)] == [PartState.INVITED] * 2
    assert told(pool.person(pool.first))[-1].startswith("The pooled quote for “%(what)s” has changed")
    with pytest.raises(Refusal, match="has not agreed"):
        service_pooling.send(pool.quote, actor=actor, now=now)


def test_the_same_again_asks_nobody(make: Factories, now: datetime) -> None:
    pool = pools.agreed(make)
    shares = pool.shares((18, 5), (8, 3), (4, 2))
    service_pooling.arrange(pool.quote, shares, follow=False, actor=pool.person(pool.lead), now=now)
    assert all(part.state == PartState.AGREED for part in pool.quote.working.parts)


def test_an_agreement_is_to_what_was_on_the_page(make: Factories, now: datetime) -> None:
    pool = pools.invited(make)
    seen = content(pool.quote.working)
    service_pooling.draft(pool.offer, pool.quote, replace(SAID, price=1), actor=pool.person(pool.lead), now=now)
    given = {"product_id": None, "elsewhere": False, "now": now}
    with pytest.raises(Stale):
        service_partners.agree(pool.quote, pool.part(pool.first).id, seen=seen, actor=pool.person(pool.first), **given)
    for stranger in (pool.second, pool.rival, pool.lead, pool.buyer):
        with pytest.raises(NotVisible):
            service_partners.agree(
                pool.quote, pool.part(pool.first).id, seen=seen, actor=pool.person(stranger), **given
            )


def test_a_lower_quantity_falls_to_the_leading_cooperative(make: Factories, now: datetime) -> None:
    pool = pools.invited(make)
    actor = pool.person(pool.lead)
    less = replace(SAID, months={FEBRUARY: Decimal(20), MARCH: Decimal(10)}, quantity=Decimal(30))
    service_pooling.draft(pool.offer, pool.quote, less, actor=actor, now=now)
    assert pool.part(pool.lead).quantity == Decimal(13)
    least = replace(SAID, months={FEBRUARY: Decimal(11), MARCH: Decimal(10)}, quantity=Decimal(21))
    with pytest.raises(Refusal) as refusal:
        service_pooling.draft(pool.offer, pool.quote, least, actor=actor, now=now)
    assert refusal.value.field == "month_202702"


def test_who_says_no_is_taken_out_and_the_quantity_is_less(make: Factories, now: datetime) -> None:
    pool = pools.invited(make)
    pools.agree(pool, pool.first, now)
    part, actor = pool.part(pool.second), pool.person(pool.second)
    service_partners.decline(pool.quote, part.id, "Mất mùa", actor=actor, now=now)
    assert not sees(pool, actor)
    service_pooling.take_out(pool.quote, pool.second.id, actor=pool.person(pool.lead), now=now)
    assert pool.quote.working.quantity == Decimal(34)
    assert pool.part(pool.first).state == PartState.INVITED
    pools.agree(pool, pool.first, now)
    service_pooling.send(pool.quote, actor=pool.person(pool.lead), now=now)
    assert [part.organisation.name for part in pool.quote.latest.parts] == ["HTX Chủ trì", "HTX Một"]


def test_without_partners_it_is_an_ordinary_quote_again(make: Factories, now: datetime) -> None:
    pool = pools.invited(make)
    for each in (pool.first, pool.second):
        service_pooling.take_out(pool.quote, each.id, actor=pool.person(pool.lead), now=now)
    assert not pool.quote.pooled
    months = {FEBRUARY: Decimal(18), MARCH: Decimal(5)}
    said = replace(SAID, months=months, quantity=Decimal(23))
    service.submit(pool.offer, pool.lead, said, actor=pool.person(pool.lead), now=now)
    assert pool.quote.state == QuoteState.SUBMITTED


def test_the_earlier_version_stands_until_the_next_is_sent(make: Factories, now: datetime) -> None:
    pool = pools.sent(make)
    actor = pool.person(pool.lead)
    service_pooling.draft(pool.offer, pool.quote, replace(SAID, price=17_500_000), actor=actor, now=now)
    assert (pool.quote.latest.number, pool.quote.latest.price) == (1, 18_000_000)
    assert (pool.quote.working.number, pool.quote.working.price) == (2, 17_500_000)
    assert pool.quote.state == QuoteState.SUBMITTED
    assert told(pool.person(pool.first))[-1].startswith("The pooled quote for “%(what)s” has changed")
    for each in (pool.first, pool.second):
        pools.agree(pool, each, now)
    service_pooling.send(pool.quote, actor=actor, now=now)
    assert [row.number for row in pool.quote.versions if row.submitted_at] == [1, 2]
    assert all(part.agreed_to == content(pool.quote.latest) for part in pool.quote.latest.parts)


def test_who_leaves_takes_the_quote_back_to_a_draft(make: Factories, now: datetime) -> None:
    pool = pools.sent(make)
    left = pool.person(pool.second)
    service_partners.leave(pool.quote, pool.part(pool.second).id, "Lũ quét", actor=left, now=now)
    assert pool.quote.state == QuoteState.DRAFT
    assert not sees(pool, left)
    assert sees(pool, pool.person(pool.first))
    assert told(pool.person(pool.buyer))[-1].endswith("wait for a new version.")
    with pytest.raises(Refusal):
        service.mark_accepted(pool.quote, actor=pool.person(pool.buyer), now=now)
    assert pool.quote.working.quantity == Decimal(34)
    pools.agree(pool, pool.first, now)
    service_pooling.send(pool.quote, actor=pool.person(pool.lead), now=now)
    assert (pool.quote.state, pool.quote.latest.number) == (QuoteState.SUBMITTED, 2)


def test_nobody_leaves_what_the_buyer_has_accepted(make: Factories, now: datetime) -> None:
    pool = pools.sent(make)
    service.mark_accepted(pool.quote, actor=pool.person(pool.buyer), now=now)
    with pytest.raises(Refusal, match="accepted the quote already"):
        service_partners.leave(pool.quote, pool.part(pool.second).id, None, actor=pool.person(pool.second), now=now)


def test_partners_are_told_what_comes_of_it(make: Factories, now: datetime) -> None:
    pool = pools.sent(make)
    service.decline(pool.quote, Decline.PRICE, None, actor=pool.person(pool.buyer), now=now)
    assert told(pool.person(pool.second))[-1].startswith("%(buyer)s declined your quote")
    other = pools.sent(make)
    service.withdraw(other.quote, actor=other.person(other.lead), now=now)
    assert told(other.person(other.second))[-1].startswith("%(seller)s withdrew the pooled quote")
    with pytest.raises(NotVisible):
        service.withdraw(pool.quote, actor=pool.person(pool.first), now=now)


def test_only_verified_cooperatives_and_never_the_buyer(make: Factories, now: datetime) -> None:
    pool = pools.prepared(make)
    actor, half = pool.person(pool.lead), {FEBRUARY: Decimal(15), MARCH: Decimal(5)}
    for other in (make.company(), pool.buyer, make.cooperative(verified=False)):
        with pytest.raises(Refusal, match="cannot stand in a pooled quote"):
            service_pooling.arrange(
                pool.quote, {pool.lead.id: half, other.id: half}, follow=False, actor=actor, now=now
            )
    pool.first.verification = Verification.SUSPENDED
    with pytest.raises(Refusal, match="cannot stand"):
        service_pooling.arrange(
            pool.quote, {pool.lead.id: half, pool.first.id: half}, follow=False, actor=actor, now=now
        )
    with pytest.raises(NotVisible):
        service_pooling.arrange(pool.quote, pool.shares((30, 10)), follow=False, actor=pool.person(pool.first), now=now)


def test_an_enquiry_to_one_seller_stays_with_it(make: Factories, now: datetime) -> None:
    pool = pools.prepared(make)
    pool.offer.addressed_to_id = pool.lead.id
    db.session.flush()
    with pytest.raises(Refusal, match="asked one seller only"):
        service_pooling.arrange(
            pool.quote, pool.shares((22, 7), (8, 3)), follow=False, actor=pool.person(pool.lead), now=now
        )


def test_standing_twice_is_said_and_must_be_known(make: Factories, now: datetime) -> None:
    pool = pools.invited(make)
    own = service.submit(pool.offer, pool.first, SAID, actor=pool.person(pool.first), now=now)
    with pytest.raises(Refusal) as refusal:
        pools.agree(pool, pool.first, now)
    assert refusal.value.field == "elsewhere"
    service_partners.agree(
        pool.quote,
        pool.part(pool.first).id,
        seen=content(pool.quote.working),
        product_id=None,
        elsewhere=True,
        actor=pool.person(pool.first),
        now=now,
    )
    assert queries.others_with(pool.offer, pool.first.id, but=own.id) == [pool.quote]


def test_a_helper_agrees_visibly_and_the_product_is_ones_own(make: Factories, now: datetime) -> None:
    pool = pools.invited(make)
    helper = make.user("Lò Văn Giúp")
    mandate = {"organisation_id": pool.first.id, "granted_by_id": pool.person(pool.first).id}
    make.add(Mandate(helper_id=helper.id, granted_at=now, until=now.date().replace(year=2028), **mandate))
    pool.people[pool.first.id] = helper
    foreign, own = make.product(pool.lead), make.product(pool.first)
    with pytest.raises(Refusal) as refusal:
        pools.agree(pool, pool.first, now, product_id=foreign.id)
    assert refusal.value.field == "product"
    pools.agree(pool, pool.first, now, product_id=own.id)
    part = pool.part(pool.first)
    assert (part.by_mandate, part.answered_by_id, part.product_id) == (True, helper.id, own.id)
    entry = db.session.scalars(select(Entry).filter_by(event="quote:part_agreed")).one()
    assert (entry.actor, entry.on_behalf_of) == (helper.id, pool.first.id)


def test_an_offer_without_months_is_shared_as_a_whole(make: Factories, now: datetime) -> None:
    pool = pools.prepared(make)
    offer = make.offer(pool.buyer)
    said = replace(SAID, months={})
    quote = service.draft(offer, pool.lead, said, actor=pool.person(pool.lead), now=now)
    shares = {pool.lead.id: {None: Decimal(25)}, pool.first.id: {None: Decimal(15)}}
    service_pooling.arrange(quote, shares, follow=False, actor=pool.person(pool.lead), now=now)
    pool.quote = quote
    pools.agree(pool, pool.first, now)
    service_pooling.send(quote, actor=pool.person(pool.lead), now=now)
    assert [part.quantity for part in quote.latest.parts] == [Decimal(25), Decimal(15)]
