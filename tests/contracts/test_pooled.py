"""One contract of several sellers: made from a pooled quote, shared out, signed by each, left, counted."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.contracts import policy, queries, service_drawing, service_sharing
from marketplace.contracts.evidence import labels_of
from marketplace.contracts.models import Contract, Line, LineMonth, Party
from marketplace.contracts.policy import sellers
from marketplace.contracts.rules import ContractState
from marketplace.contracts.service_accepting import accept_quote
from marketplace.contracts.sharing import months_of
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.products.models import Commitment
from marketplace.quotes import service_pooling
from tests.clauses.reading import plain_text
from tests.contracts import deals
from tests.contracts.deals import Deal
from tests.factories import Factories
from tests.quotes import pools
from tests.quotes.pools import FEBRUARY, MARCH, Pool


@dataclass
class Pooled:
    """The pool and its contract."""

    pool: Pool
    contract: Contract

    @property
    def deal(self) -> Deal:
        """For the helpers of contracts with one seller."""
        pool = self.pool
        return Deal(pool.lead, pool.buyer, pool.person(pool.lead), pool.person(pool.buyer), self.contract)

    def party(self, place: int) -> Party:
        return self.contract.parties[place]


def drawn(make: Factories) -> Pooled:
    """The buyer has accepted; each of the two first sellers names a product of its own."""
    pool = pools.invited(make)
    products = [make.product(each, measure="kg") for each in (pool.lead, pool.first)]
    said = pools.SAID.__class__(**{**vars(pools.SAID), "product_ids": (products[0].id,)})
    service_pooling.draft(pool.offer, pool.quote, said, actor=pool.person(pool.lead), now=make.now)
    pools.agree(pool, pool.first, make.now, product_id=products[1].id)
    pools.agree(pool, pool.second, make.now)
    service_pooling.send(pool.quote, actor=pool.person(pool.lead), now=make.now)
    contract = accept_quote(pool.quote, seen=1, actor=pool.person(pool.buyer), on_behalf_of=None, now=make.now)
    return Pooled(pool, contract)


def opened(make: Factories) -> Pooled:
    """Its text is fixed."""
    made = drawn(make)
    deals.open_text(made.deal, make.now)
    return made


def sign(made: Pooled, party: Party, now: datetime) -> None:
    """One party's own signatory, on paper."""
    person = made.pool.people[party.organisation_id or 0]
    deal = Deal(made.pool.lead, made.pool.buyer, person, person, made.contract)
    deals.sign(deal, party, now)


def shares(contract: Contract) -> list[list[Decimal]]:
    """February and March of each seller."""
    (line,) = contract.lines
    return [[months_of(party, line)[month] for month in (FEBRUARY, MARCH)] for party in sellers(contract)]


def test_one_contract_with_every_seller_and_its_share(make: Factories) -> None:
    made = drawn(make)
    names = [(party.name, party.side, party.lead) for party in made.contract.parties]
    assert names == [
        ("HTX Chủ trì", "seller", True),
        ("HTX Một", "seller", False),
        ("HTX Hai", "seller", False),
        ("Công ty TNHH Mua", "buyer", False),
    ]
    assert shares(made.contract) == [[18, 5], [8, 3], [4, 2]]
    assert made.contract.copies == 5
    for each in (made.pool.lead, made.pool.first, made.pool.second, made.pool.buyer):
        assert queries.get(made.contract.id, visible_to=made.pool.person(each)) is made.contract
    with pytest.raises(NotVisible):
        queries.get(made.contract.id, visible_to=made.pool.person(made.pool.rival))
    told = select(Notice.text).filter_by(user_id=made.pool.person(made.pool.second).id).order_by(Notice.id.desc())
    assert db.session.scalars(told).first() == (
        "Contract %(number)s is drawn up from your quotation: please look it through."
    )


def test_the_frozen_text_holds_the_split(make: Factories) -> None:
    made = drawn(make)
    document = service_drawing.written(made.contract)
    words = plain_text(document)
    assert "Bên A1: HTX Chủ trì | 18 | 5 | 23" in words
    assert "Cộng | 30 | 10 | 40" in words
    assert "Bên A3: HTX Hai | 6 | 108.000.000" in words
    clause = next(clause for clause in document["clauses"] if clause["key"] == "split")
    assert "riêng rẽ" in str(clause)
    assert [party["label"] for party in document["parties"]][-1].startswith("Bên B")


def test_each_signs_for_itself_and_the_last_concludes(make: Factories, now: datetime) -> None:
    made = opened(make)
    for place in (2, 3, 0):
        sign(made, made.party(place), now)
        assert made.contract.state == ContractState.AWAITING
    assert [party.name for party in policy.awaited(made.contract)] == ["HTX Một"]
    sign(made, made.party(1), now)
    assert made.contract.state == ContractState.SIGNED
    assert len({party.seat_id for party in sellers(made.contract)}) == 3


def test_promises_are_each_sellers_own(make: Factories, now: datetime) -> None:
    made = opened(make)
    for party in made.contract.parties:
        sign(made, party, now)
    rows = db.session.scalars(select(Commitment).order_by(Commitment.product_id, Commitment.month)).all()
    assert [(row.month, row.quantity) for row in rows] == [
        (FEBRUARY, Decimal(18_000)),
        (MARCH, Decimal(5_000)),
        (FEBRUARY, Decimal(8_000)),
        (MARCH, Decimal(3_000)),
    ]
    assert len({row.product_id for row in rows}) == 2


def wanted(made: Pooled, *amounts: tuple[int, int]) -> dict[tuple[int, int], dict[object, Decimal]]:
    """Shares as the page posts them."""
    (line,) = made.contract.lines
    return {
        (party.id, line.id): {FEBRUARY: Decimal(february), MARCH: Decimal(march)}
        for party, (february, march) in zip(sellers(made.contract), amounts, strict=True)
    }


def test_the_shares_change_in_the_draft_and_all_are_told(make: Factories, now: datetime) -> None:
    made = drawn(make)
    given = {"actor": made.pool.person(made.pool.first), "on_behalf_of": None, "now": now}
    with pytest.raises(Refusal, match="too much"), db.session.begin_nested():
        service_sharing.resplit(made.contract, wanted(made, (18, 5), (9, 3), (4, 2)), **given)
    db.session.refresh(made.party(1), ["shares"])
    service_sharing.resplit(made.contract, wanted(made, (17, 5), (9, 3), (4, 2)), **given)
    assert shares(made.contract) == [[17, 5], [9, 3], [4, 2]]
    assert made.party(1).shares[0].product_id is not None
    entry = db.session.scalars(select(Entry).filter_by(event="contract:split_changed")).one()
    assert [2, 1, "2027-02-01", "9"] in entry.data["shares"]
    told = select(Notice).filter_by(user_id=made.pool.person(made.pool.second).id).order_by(Notice.id.desc())
    assert "shares in contract" in db.session.scalars(told).first().text


def test_shares_follow_goods_that_are_written_anew_and_must_add_up_to_be_signed(make: Factories, now: datetime) -> None:
    made = drawn(make)
    months = [LineMonth(month=FEBRUARY, quantity=Decimal(29)), LineMonth(month=MARCH, quantity=Decimal(10))]
    (before,) = made.contract.lines
    line = Line(position=1, name=before.name, quantity=Decimal(39), measure="tan", price=18_000_000, months=months)
    person = made.pool.person(made.pool.buyer)
    service_drawing.edit(made.contract, {}, [line], actor=person, on_behalf_of=None, now=now)
    assert shares(made.contract) == [[18, 5], [8, 3], [4, 2]]
    with pytest.raises(Refusal, match="too much"):
        deals.open_text(made.deal, now)


def test_a_seller_leaves_before_signing_and_takes_its_share(make: Factories, now: datetime) -> None:
    made = opened(make)
    sign(made, made.party(2), now)
    leaving, person = made.party(0), made.pool.person(made.pool.lead)
    service_sharing.leave_contract(made.contract, leaving, "Mất mùa", actor=person, now=now)
    assert made.contract.state == ContractState.DRAFT
    assert [party.name for party in made.contract.parties] == ["HTX Một", "HTX Hai", "Công ty TNHH Mua"]
    assert made.party(0).lead
    assert policy.turn_in_draft(made.contract) == made.contract.parties
    assert made.contract.lines[0].quantity == Decimal(17)
    assert made.contract.value == 17 * 18_000_000
    with pytest.raises(NotVisible):
        queries.get(made.contract.id, visible_to=person)
    other = made.pool.person(made.pool.first)
    service_sharing.leave_contract(made.contract, made.party(0), "Cũng vậy", actor=other, now=now)
    assert not made.party(0).shares
    with pytest.raises(NotVisible):
        service_sharing.leave_contract(made.contract, made.party(0), "Cả ba", actor=other, now=now)
    deals.open_text(made.deal, now)
    assert "phân chia sản lượng" not in plain_text(made.contract.documents[-1].text)


def test_the_evidence_calls_everybody_as_the_contract_does(make: Factories) -> None:
    made = drawn(make)
    assert labels_of(made.contract) == {1: "Bên A1", 2: "Bên A2", 3: "Bên A3", 4: "Bên B"}
    assert list(labels_of(deals.draft(make).contract).values()) == ["Bên A", "Bên B"]
