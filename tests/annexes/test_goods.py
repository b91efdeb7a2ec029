"""Annexes that share out anew between several sellers, add goods, or change a price rule: terms, promises, words."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.annexes import queries, service_opening, service_signing
from marketplace.annexes.effective import NewTerms
from marketplace.annexes.line_changes import LineChange, NewLine, standing_split
from marketplace.annexes.models import Paper
from marketplace.annexes.routes_show import rows_of
from marketplace.annexes.rules import AnnexReason, PaperState
from marketplace.clauses.terms import Goods
from marketplace.contracts.models import Change
from marketplace.contracts.rules import Method
from marketplace.contracts.service_signing import Given
from marketplace.extensions import db
from marketplace.files.service import keep
from marketplace.kernel.errors import Refusal
from marketplace.kernel.prices import PriceKind, pay
from marketplace.products.models import Commitment
from tests.annexes import papers
from tests.annexes.papers import Later, annex
from tests.clauses.reading import plain_text
from tests.contracts import deals
from tests.contracts import test_pooled as pooled
from tests.contracts.deals import PDF, signer
from tests.factories import Factories
from tests.files.samples import plain_pdf
from tests.quotes.pools import FEBRUARY, MARCH

R = AnnexReason
DAY = date(2026, 12, 1)
TEA = Goods(
    "Chè Shan",
    "kg",
    Decimal(500),
    price_kind=PriceKind.FIXED,
    price=320_000,
    schedule={date(2026, 12, 1): Decimal(500)},
)


def shared(make: Factories) -> pooled.Pooled:
    """Three sellers and a buyer have signed."""
    made = pooled.opened(make)
    for party in made.contract.parties:
        pooled.sign(made, party, make.now)
    return made


def resplit(*amounts: tuple[int, int]) -> NewTerms:
    """February and March of each seller."""
    split = {
        place: {FEBRUARY: Decimal(february), MARCH: Decimal(march)} for place, (february, march) in enumerate(amounts)
    }
    return NewTerms(lines={1: LineChange(split=split)})


def signed_by_all(made: pooled.Pooled, later: Later, now: datetime, but: int | None = None) -> None:
    """Everybody's own signatory signs the annex on paper."""
    papers.open_text(later, now)
    for place, party in enumerate(made.contract.parties):
        if place == but:
            continue
        who = made.pool.people[party.organisation_id or 0]
        scan = keep(plain_pdf(), "ban-ky.pdf", now, who.id, PDF)
        given = Given(Method.WET_INK, later.paper.documents[-1].file_digest, now.date(), signer(party, who), scan=scan)
        service_signing.sign(
            later.paper, made.contract, party, given, actor=who, now=now, address="192.0.2.7", prepared=None
        )


def promised() -> dict[tuple[int, date], Decimal]:
    """By product and month, in its own measure."""
    rows = db.session.scalars(select(Commitment).where(Commitment.voided_at.is_(None)))
    return {(row.product_id, row.month): row.quantity for row in rows if row.quantity}


def test_a_new_split_states_each_share_and_everything_follows(make: Factories, now: datetime) -> None:
    made = shared(make)
    before = promised()
    first, second = sorted({product for product, _month in before})
    total = queries.terms_on(made.contract, None).terms.total
    day = made.contract.signed_on
    assert day is not None
    given = annex(R.QUANTITY, resplit((20, 5), (8, 0), (4, 6)), day)
    later = papers.draft(made.deal, given, now)
    new = NewTerms.read(later.paper.terms)
    assert [field.value for field in sorted(new.fields)] == ["months", "quantity", "split"]
    words = plain_text(service_opening.written(later.paper, made.contract)[0])
    assert "Bên A1 (HTX Chủ trì): 25 tấn (02/2027: 20; 03/2027: 5)" in words
    assert "Bên A2: HTX Một | 8 | – | 8" in words
    assert "Bên A3: HTX Hai | 10 |" in words
    signed_by_all(made, later, now, but=2)
    assert later.paper.state == PaperState.AWAITING
    later = Later(made.deal, db.session.query(Paper).one())
    one = made.contract.parties[2]
    who = made.pool.people[one.organisation_id or 0]
    scan = keep(plain_pdf(), "ban-ky.pdf", now, who.id, PDF)
    given_last = Given(Method.WET_INK, later.paper.documents[-1].file_digest, now.date(), signer(one, who), scan=scan)
    service_signing.sign(
        later.paper, made.contract, one, given_last, actor=who, now=now, address="192.0.2.7", prepared=None
    )
    assert later.paper.state == PaperState.SIGNED
    terms = queries.terms_on(made.contract, day).terms
    assert standing_split(terms.split, 0) == {
        0: {FEBRUARY: 20, MARCH: 5},
        1: {FEBRUARY: 8},
        2: {FEBRUARY: 4, MARCH: 6},
    }
    assert terms.goods[0].quantity == 43
    assert dict(terms.goods[0].schedule) == {FEBRUARY: 32, MARCH: 11}
    assert db.session.query(Change).one().value == terms.total != total
    # The rows of what was signed stay; only what the products have promised moves.
    assert pooled.shares(made.contract) == [[18, 5], [8, 3], [4, 2]]
    assert promised() == {
        (first, FEBRUARY): 20_000,
        (first, MARCH): 5_000,
        (second, FEBRUARY): 8_000,
    }


@pytest.mark.parametrize(
    ("reason", "wanted", "said"),
    [
        (R.QUANTITY, resplit((18, 5), (8, 3), (4, 2)), "Nothing is changed"),
        (R.QUANTITY, resplit((0, 0)), "Nothing would be left"),
        (R.SCHEDULE, resplit((18, 5), (8, 3), (4, 3)), "does not change"),
        (R.PRICE, resplit((18, 4), (8, 3), (4, 3)), "does not change"),
        (R.QUANTITY, NewTerms(lines={1: LineChange(quantity=Decimal(50), months={})}), "the shares come to"),
        (R.QUANTITY, NewTerms(added=(NewLine(TEA, "kg"),)), "which of the sellers"),
        (R.QUANTITY, NewTerms(added=(NewLine(TEA, "kg", seller=9),)), "which of the sellers"),
    ],
)
def test_shares_that_cannot_stand_are_refused(
    make: Factories, now: datetime, reason: R, wanted: NewTerms, said: str
) -> None:
    made = shared(make)
    day = made.contract.signed_on
    assert day is not None
    with pytest.raises(Refusal) as refused:
        papers.draft(made.deal, annex(reason, wanted, day), now)
    assert said in refused.value.message.text


def test_a_share_may_pass_from_one_month_to_another(make: Factories, now: datetime) -> None:
    made = shared(make)
    day = made.contract.signed_on
    assert day is not None
    later = papers.draft(made.deal, annex(R.SCHEDULE, resplit((17, 6), (8, 3), (4, 2)), day), now)
    assert {field.value for field in NewTerms.read(later.paper.terms).fields} == {"months", "split"}


def test_added_goods_stand_promised_and_priced_from_their_day(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    tea = make.product(deal.seller, name="Chè Shan", measure="kg")
    rice = deal.contract.lines[0].product_id
    wanted = NewTerms(added=(NewLine(TEA, "kg", tea.id),))
    later = papers.signed(deal, annex(R.QUANTITY, wanted, DAY), now)
    words = plain_text(later.paper.documents[-1].text)
    assert "Về việc bổ sung hàng hóa" in words
    assert "Bổ sung mặt hàng thứ 2: Chè Shan" in words
    assert "500 kg; giá: 320.000 đồng/kg" in words
    assert "2 | Chè Shan | kg | 500 | 320.000" in words
    before, after = (queries.terms_on(deal.contract, day) for day in (date(2026, 11, 30), DAY))
    assert [line.name for line in before.terms.goods] == ["Gạo Séng Cù"]
    assert [line.name for line in after.terms.goods] == ["Gạo Séng Cù", "Chè Shan"]
    assert after.origin("goods", 2).number == "PL01"
    assert db.session.query(Change).one().value == 500_000_000 + 160_000_000
    assert promised() == {(rice, date(2026, 11, 1)): 12_000, (rice, DAY): 8_000, (tea.id, DAY): 500}
    # An annex to what the annex added.
    dearer = NewTerms(lines={2: LineChange(price=350_000)})
    papers.signed(deal, annex(R.PRICE, dearer, DAY), now)
    assert queries.terms_on(deal.contract, DAY).terms.goods[1].price == 350_000
    with pytest.raises(Refusal, match="Nothing is changed"):
        papers.draft(deal, annex(R.PRICE, dearer, date(2026, 11, 30)), now)


def test_lines_keep_their_place(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    wanted = NewTerms(added=(NewLine(TEA, "kg"),))
    waiting = papers.draft(deal, annex(R.QUANTITY, wanted, date(2026, 11, 15)), now)
    papers.signed(deal, annex(R.QUANTITY, wanted, DAY), now)
    for attempt in (lambda: papers.open_text(waiting, now), lambda: papers.draft(deal, annex(R.QUANTITY, wanted), now)):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert "adds goods from" in refused.value.message.text
    assert promised() == {
        (deal.contract.lines[0].product_id, date(2026, 11, 1)): 12_000,
        (deal.contract.lines[0].product_id, DAY): 8_000,
    }


def test_an_earlier_day_signed_later_must_stand_with_what_comes_after(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    november, december = date(2026, 11, 1), DAY
    again = NewTerms(lines={1: LineChange(months={november: Decimal(10), december: Decimal(10)})})
    papers.signed(deal, annex(R.SCHEDULE, again, DAY), now)
    more = NewTerms(lines={1: LineChange(quantity=Decimal(30), months={november: Decimal(22), december: Decimal(8)})})
    with pytest.raises(Refusal) as refused:
        papers.draft(deal, annex(R.QUANTITY, more), now)
    assert refused.value.field == "effective_on"
    assert "Together with annex" in refused.value.message.text
    papers.draft(deal, annex(R.QUANTITY, more, DAY), now)


def test_a_signed_annex_shows_its_lines_where_they_stood_when_it_was_signed(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    first = papers.signed(deal, annex(R.QUANTITY, NewTerms(added=(NewLine(TEA, "kg"),)), DAY), now)
    fish = replace(TEA, name="Cá lăng")
    second = papers.signed(deal, annex(R.QUANTITY, NewTerms(added=(NewLine(fish, "kg"),)), DAY), now)
    shown = [rows_of(deal.contract, each.paper)[0].what for each in (first, second)]
    assert shown == ["Bổ sung mặt hàng thứ 2: Chè Shan", "Bổ sung mặt hàng thứ 3: Cá lăng"]


@pytest.mark.parametrize("whose", ["stranger", "forged"])
def test_only_a_product_of_the_seller_is_added(make: Factories, now: datetime, whose: str) -> None:
    deal = deals.signed(make)
    foreign = make.product(deal.buyer).id if whose == "stranger" else 10**6
    with pytest.raises(Refusal) as refused:
        papers.draft(deal, annex(R.QUANTITY, NewTerms(added=(NewLine(TEA, "kg", foreign),)), DAY), now)
    assert "product of the seller" in refused.value.message.text


def test_one_seller_delivers_what_is_added_to_a_shared_contract(make: Factories, now: datetime) -> None:
    made = shared(make)
    day = made.contract.signed_on
    assert day is not None
    own = make.product(made.pool.first, name="Chè Shan", measure="kg")
    wanted = NewTerms(added=(NewLine(TEA, "kg", own.id, seller=1),))
    later = papers.draft(made.deal, annex(R.OTHER, wanted, day, "Thêm chè"), now)
    assert "do Bên A2 (HTX Một) giao toàn bộ" in plain_text(service_opening.written(later.paper, made.contract)[0])
    signed_by_all(made, later, now)
    terms = queries.terms_on(made.contract, None).terms
    assert standing_split(terms.split, 1) == {1: {DAY: 500}}
    assert promised()[own.id, DAY] == 500


def test_a_price_rule_is_changed_whole_with_its_table(make: Factories, now: datetime) -> None:
    deal = deals.opened(make)
    line = deal.contract.lines[0]
    line.price_kind, line.price_percent = PriceKind.FLOOR_SHARE, Decimal(50)
    for party in deal.sides:
        deals.sign(deal, party, now)
    wanted = NewTerms(lines={1: LineChange(price=26_000_000, percent=Decimal(60))})
    later = papers.signed(deal, annex(R.PRICE, wanted), now)
    words = plain_text(later.paper.documents[-1].text)
    assert "Gạo Séng Cù: giá sàn" in words
    assert "phần tăng giá Bên A được hưởng | 50% | 60%" in words
    assert "Nếu giá thị trường là (đồng/tấn)" in words
    rule = queries.terms_on(deal.contract, date(2026, 11, 15)).terms.goods[0].rule
    assert pay(rule, 30_000_000) == 26_000_000 + 2_400_000
    with pytest.raises(Refusal) as refused:
        papers.draft(deal, annex(R.PRICE, NewTerms(lines={1: LineChange(percent=Decimal(120))})), now)
    assert "share of the rise" in refused.value.message.text
    with pytest.raises(Refusal):
        papers.draft(deal, annex(R.PRICE, NewTerms(lines={1: LineChange(most=10)})), now)
