"""Answering, new versions, declining, accepting: what changes, who is told, who may not."""

from datetime import date, datetime
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal, Stale
from marketplace.kernel.prices import PriceKind
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.offers import service as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import Asked, DemandLevel, OfferState
from marketplace.organisations.models import Mandate
from marketplace.organisations.rules import Verification
from marketplace.quotes import queries, service
from marketplace.quotes.models import Quote, QuoteVersion
from marketplace.quotes.rules import Decline, QuoteState, Said
from marketplace.web.writes import transaction
from tests.factories import Factories

SAID = Said(price=18_000_000, quantity=Decimal(30), payment_days=15, terms="Giao tại kho")


def told(user: User) -> list[str]:
    """What a user was told, in order."""
    return [row.text for row in db.session.scalars(select(Notice).filter_by(user_id=user.id).order_by(Notice.id))]


@pytest.fixture
def deal(make: Factories) -> dict[str, Any]:
    """A buyer with an open offer, two sellers, and their people."""
    buyer, seller, rival = make.company("Công ty TNHH Mua"), make.cooperative("HTX Bán"), make.cooperative("HTX Khác")
    demands = [Asked(DemandLevel.MUST, text="Không lẫn tạp chất"), Asked(DemandLevel.NICE, text="Bao 25 kg")]
    return {
        "buyer": buyer,
        "seller": seller,
        "rival": rival,
        "asker": make.member(buyer),
        "answerer": make.member(seller),
        "competitor": make.member(rival),
        "offer": make.offer(buyer, demands=demands),
    }


def answered(offer: PurchaseOffer, **values: Any) -> Said:
    """A complete answer to the offer's demands."""
    answers = {row.id: (True, "") for row in offer.demands}
    return Said(**{**{name: getattr(SAID, name) for name in SAID.__dataclass_fields__}, "answers": answers, **values})


def test_a_draft_is_nobody_elses_business(deal: dict[str, Any], now: datetime) -> None:
    quote = service.draft(deal["offer"], deal["seller"], SAID, actor=deal["answerer"], now=now)
    assert quote.state == QuoteState.DRAFT
    assert queries.get(quote.id, visible_to=deal["answerer"]) is quote
    with pytest.raises(NotVisible):
        queries.get(quote.id, visible_to=deal["asker"])
    assert told(deal["asker"]) == []


def test_the_draft_becomes_the_first_version_and_the_buyer_is_told(deal: dict[str, Any], now: datetime) -> None:
    service.draft(deal["offer"], deal["seller"], SAID, actor=deal["answerer"], now=now)
    said = answered(deal["offer"], price=17_500_000)
    quote = service.submit(deal["offer"], deal["seller"], said, actor=deal["answerer"], now=now)
    assert [(row.number, row.price) for row in quote.versions] == [(1, 17_500_000)]
    assert told(deal["asker"]) == ["%(seller)s answered your offer “%(what)s” with a quote."]
    assert queries.get(quote.id, visible_to=deal["asker"]) is quote
    with pytest.raises(NotVisible):
        queries.get(quote.id, visible_to=deal["competitor"])


def test_what_was_sent_is_never_touched_again(deal: dict[str, Any], now: datetime) -> None:
    service.submit(deal["offer"], deal["seller"], answered(deal["offer"]), actor=deal["answerer"], now=now)
    said = answered(deal["offer"], price=16_000_000, quantity=Decimal(35))
    quote = service.submit(deal["offer"], deal["seller"], said, actor=deal["answerer"], now=now)
    assert [(row.number, row.price, row.quantity) for row in quote.versions] == [
        (1, 18_000_000, Decimal(30)),
        (2, 16_000_000, Decimal(35)),
    ]
    assert told(deal["asker"])[-1] == "%(seller)s sent version %(number)s of its quote for “%(what)s”."


def test_every_demand_needs_an_answer_before_it_is_sent(deal: dict[str, Any], now: datetime) -> None:
    first, second = deal["offer"].demands
    said = answered(deal["offer"], answers={first.id: (True, "")})
    with pytest.raises(Refusal) as refusal:
        service.submit(deal["offer"], deal["seller"], said, actor=deal["answerer"], now=now)
    assert refusal.value.field == f"met_{second.id}"


def test_an_unverified_organisation_may_draft_but_not_send(
    make: Factories, deal: dict[str, Any], now: datetime
) -> None:
    waiting = make.cooperative("HTX Chờ", verified=False)
    user = make.member(waiting)
    service.draft(deal["offer"], waiting, SAID, actor=user, now=now)
    with pytest.raises(Refusal, match="waiting for verification"):
        service.submit(deal["offer"], waiting, answered(deal["offer"]), actor=user, now=now)


def test_nobody_answers_in_a_strangers_name_or_to_himself(deal: dict[str, Any], now: datetime) -> None:
    with pytest.raises(NotVisible):
        service.draft(deal["offer"], deal["seller"], SAID, actor=deal["competitor"], now=now)
    with pytest.raises(NotVisible):
        service.draft(deal["offer"], deal["buyer"], SAID, actor=deal["asker"], now=now)


def test_only_the_addressed_seller_answers_an_enquiry(make: Factories, deal: dict[str, Any], now: datetime) -> None:
    enquiry = make.offer(deal["buyer"], addressed_to_id=deal["rival"].id)
    with pytest.raises(NotVisible):
        service.draft(enquiry, deal["seller"], SAID, actor=deal["answerer"], now=now)
    assert service.draft(enquiry, deal["rival"], SAID, actor=deal["competitor"], now=now).state == QuoteState.DRAFT


def test_a_closed_offer_takes_no_quotes(make: Factories, deal: dict[str, Any], now: datetime) -> None:
    passed = make.offer(deal["buyer"], closes_on=date(2026, 10, 14))
    last_day = make.offer(deal["buyer"], closes_on=date(2026, 10, 15))
    with pytest.raises(Refusal, match="no longer takes quotes"):
        service.draft(passed, deal["seller"], SAID, actor=deal["answerer"], now=now)
    service.draft(last_day, deal["seller"], SAID, actor=deal["answerer"], now=now)


def test_products_are_ones_own(make: Factories, deal: dict[str, Any], now: datetime) -> None:
    own, foreign = make.product(deal["seller"]), make.product(deal["rival"])
    quote = service.draft(
        deal["offer"], deal["seller"], answered(deal["offer"], product_ids=(own.id,)), actor=deal["answerer"], now=now
    )
    assert quote.latest.products == [own]
    said = answered(deal["offer"], product_ids=(foreign.id,))
    with pytest.raises(Refusal) as refusal:
        service.draft(deal["offer"], deal["seller"], said, actor=deal["answerer"], now=now)
    assert refusal.value.field == "products"


def test_a_helper_sends_visibly_on_behalf(make: Factories, deal: dict[str, Any], now: datetime) -> None:
    helper = make.user("Lò Văn Giúp")
    make.add(
        Mandate(
            organisation_id=deal["seller"].id,
            helper_id=helper.id,
            granted_by_id=deal["answerer"].id,
            granted_at=now,
            until=date(2027, 12, 31),
        )
    )
    quote = service.submit(deal["offer"], deal["seller"], answered(deal["offer"]), actor=helper, now=now)
    assert quote.latest.by_mandate
    assert quote.latest.submitted_by == helper
    entry = db.session.scalars(select(Entry).filter_by(event="quote:submitted")).one()
    assert (entry.actor, entry.on_behalf_of) == (helper.id, deal["seller"].id)


def test_declining_names_the_reason_and_a_better_version_may_follow(deal: dict[str, Any], now: datetime) -> None:
    quote = service.submit(deal["offer"], deal["seller"], answered(deal["offer"]), actor=deal["answerer"], now=now)
    with pytest.raises(NotVisible):
        service.decline(quote, Decline.PRICE, None, actor=deal["answerer"], now=now)
    service.decline(quote, Decline.PRICE, "Cao hơn thị trường", actor=deal["asker"], now=now)
    assert (quote.state, quote.decline, quote.decline_note) == (
        QuoteState.DECLINED,
        Decline.PRICE,
        "Cao hơn thị trường",
    )
    assert told(deal["answerer"]) == ["%(buyer)s declined your quote for “%(what)s”: the reason stands there."]
    better = answered(deal["offer"], price=15_000_000)
    service.submit(deal["offer"], deal["seller"], better, actor=deal["answerer"], now=now)
    assert (quote.state, quote.decline, quote.latest.number) == (QuoteState.SUBMITTED, None, 2)


def test_withdrawing_is_the_sellers(deal: dict[str, Any], now: datetime) -> None:
    quote = service.submit(deal["offer"], deal["seller"], answered(deal["offer"]), actor=deal["answerer"], now=now)
    with pytest.raises(NotVisible):
        service.withdraw(quote, actor=deal["asker"], now=now)
    service.withdraw(quote, actor=deal["answerer"], now=now)
    assert quote.state == QuoteState.WITHDRAWN
    assert told(deal["asker"])[-1] == "%(seller)s withdrew its quote for “%(what)s”."


def accept(quote: Quote, actor: User, now: datetime) -> None:
    """As `contracts.accept_quote` does it."""
    service.mark_accepted(quote, actor=actor, now=now)
    offers.award(quote.offer, actor=actor, now=now)


def test_accepting_one_declines_the_others_and_tells_everybody(deal: dict[str, Any], now: datetime) -> None:
    offer = deal["offer"]
    chosen = service.submit(offer, deal["seller"], answered(offer), actor=deal["answerer"], now=now)
    other = service.submit(offer, deal["rival"], answered(offer), actor=deal["competitor"], now=now)
    accept(chosen, deal["asker"], now)
    assert (offer.state, chosen.state) == (OfferState.AWARDED, QuoteState.ACCEPTED)
    assert (other.state, other.decline) == (QuoteState.DECLINED, Decline.OTHER_CHOSEN)
    assert "accepted your quote" in told(deal["answerer"])[-1]
    assert "chose another quotation" in told(deal["competitor"])[-1]
    with pytest.raises(Refusal):
        accept(other, deal["asker"], now)


def test_a_quote_that_has_run_out_is_not_accepted(make: Factories, deal: dict[str, Any], now: datetime) -> None:
    quote = make.quote(deal["offer"], deal["seller"], valid_until=date(2026, 10, 14))
    with pytest.raises(Refusal, match="run out"):
        accept(quote, deal["asker"], now)
    assert deal["offer"].state == OfferState.OPEN


def test_after_the_closing_date_the_buyer_still_chooses(make: Factories, deal: dict[str, Any], now: datetime) -> None:
    offer = make.offer(deal["buyer"], closes_on=date(2026, 10, 1))
    accept(make.quote(offer, deal["seller"]), deal["asker"], now)
    assert offer.state == OfferState.AWARDED


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite lets nobody write meanwhile
def test_a_version_sent_while_the_buyer_decides_is_noticed(
    make: Factories, deal: dict[str, Any], now: datetime
) -> None:
    quote = service.submit(deal["offer"], deal["seller"], answered(deal["offer"]), actor=deal["answerer"], now=now)
    make.commit()
    assert quote.latest.number == 1
    next_version(quote.id, now)
    with pytest.raises(Stale):
        service.mark_accepted(quote, actor=deal["asker"], now=now)


def next_version(quote_id: int, now: datetime) -> None:
    """Another connection sends the next version."""
    values = {"quote_id": quote_id, "number": 2, "price": 1, "quantity": 1, "submitted_at": now, "by_mandate": False}
    with db.engine.begin() as connection:
        connection.execute(insert(QuoteVersion).values(price_kind=PriceKind.FIXED, **values))


def test_two_acceptances_at_once_leave_one(app: Flask, make: Factories, deal: dict[str, Any], now: datetime) -> None:
    chosen = [make.quote(deal["offer"], deal[side]).id for side in ("seller", "rival")]
    actor_id, offer_id = deal["asker"].id, deal["offer"].id
    make.commit()
    outcomes: list[str] = []
    start = Barrier(2)

    def run(quote_id: int) -> None:
        with app.app_context():
            quote, actor = db.session.get(Quote, quote_id), db.session.get(User, actor_id)
            assert quote is not None
            assert actor is not None
            start.wait()
            try:
                with transaction():
                    accept(quote, actor, now)
                outcomes.append("won")
            except Refusal:
                outcomes.append("refused")

    threads = [Thread(target=run, args=(quote_id,)) for quote_id in chosen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    db.session.expire_all()
    assert sorted(outcomes) == ["refused", "won"]
    states = [db.session.get_one(Quote, quote_id).state for quote_id in chosen]
    assert sorted(states) == [QuoteState.ACCEPTED, QuoteState.DECLINED]
    assert db.session.get_one(PurchaseOffer, offer_id).state == OfferState.AWARDED


def test_a_suspended_buyers_offer_takes_no_quotes(deal: dict[str, Any], now: datetime) -> None:
    deal["buyer"].verification = Verification.SUSPENDED
    with pytest.raises(Refusal, match="not verified at present"):
        service.draft(deal["offer"], deal["seller"], SAID, actor=deal["answerer"], now=now)
