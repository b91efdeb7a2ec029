"""Matching: which goods are the same, what is free, what is missing, and in which words it is said."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from marketplace.extensions import db
from marketplace.kernel.prices import PriceKind
from marketplace.offers import queries_matching
from marketplace.offers.matching import Fit, Supply, Wanted, fit, span, worth_showing
from marketplace.offers.rules import Asked, DemandLevel
from marketplace.products import service as products
from marketplace.products.models import Commitment, HarvestMonth
from marketplace.products.rules import CertificateKind, Group
from tests.factories import Factories

MONTHS = {date(2026, month, 1): Decimal(10) for month in (9, 10, 11, 12)}


def judged(wanted: dict[str, Any] | None = None, **supply: Any) -> Fit:
    """A rice offer against a rice product."""
    asked = {"what": "Gạo Séng Cù", "measure": "tan", "quantity": Decimal(40), **(wanted or {})}
    have = {"name": "Gạo Séng Cù Than Uyên", "measure": "kg", "capacity": {}, **supply}
    return fit(Wanted(**asked), Supply(**have))


def said(fit: Fit) -> list[str]:
    """Reasons, then shortcomings, in English."""
    return [str(words) for words in (*fit.reasons, *fit.lacks)]


def test_months_are_covered_in_the_offers_unit_and_gaps_are_named() -> None:
    capacity = {9: Decimal(12_000), 10: Decimal(10_000), 11: Decimal(15_000), 12: Decimal(8_000)}
    found = judged({"months": MONTHS}, capacity=capacity)
    assert "enough in 9–11/2026" in said(found)
    assert "2 tấn short in 12/2026" in said(found)


def test_what_contracts_have_taken_is_not_free() -> None:
    taken = {date(2026, 9, 1): Decimal(7_000)}
    found = judged({"months": {date(2026, 9, 1): Decimal(10)}}, capacity={9: Decimal(12_000)}, contracted=taken)
    assert said(found) == ["5 tấn short in 9/2026"]


def test_packs_count_by_their_content() -> None:
    wanted = {"months": {date(2026, 9, 1): Decimal(1)}}
    pack = {"measure": "tui", "net_content": Decimal(5), "net_measure": "kg"}
    assert "enough in 9/2026" in said(judged(wanted, capacity={9: Decimal(200)}, **pack))
    assert "0,005 tấn short in 9/2026" in said(judged(wanted, capacity={9: Decimal(199)}, **pack))
    assert said(judged(wanted, capacity={9: Decimal(200)}, measure="tui")) == ["sold by the túi: agree on the amounts"]


def test_an_amount_unsaid_is_said_to_be_unsaid() -> None:
    assert said(judged({"months": MONTHS}, capacity=dict.fromkeys((9, 10, 11, 12)))) == [
        "harvest in 9–12/2026, amount not said"
    ]


@pytest.mark.parametrize(
    ("what", "name", "same"),
    [
        ("Gạo Séng Cù", "Gạo tẻ Séng Cù Nà Bai", True),
        ("gao seng cu", "Gạo Séng Cù", True),
        ("Mật ong rừng", "Mật ong hoa nhãn", True),
        ("Dưa hấu", "Dừa xiêm", False),
        ("Nấm hương khô", "Nấm hương Thử", True),
        ("Chè khô loại 1", "Măng khô loại 1", False),
        ("Gạo Séng Cù", "Mật ong", False),
    ],
)
def test_the_same_goods_by_their_words(what: str, name: str, same: bool) -> None:
    assert judged({"what": what}, name=name).named is same


def test_stars_and_certificates_meet_demands_or_exclude() -> None:
    asked = {
        "minimum_stars": 4,
        "musts": frozenset({CertificateKind.ATTP}),
        "nices": frozenset({CertificateKind.VIETGAP}),
    }
    good = judged(asked, stars=4, certificates=frozenset({CertificateKind.ATTP}))
    assert (good.met, good.asked, good.excluded) == (2, 3, False)
    assert "no VietGAP" in said(good)
    assert judged(asked, stars=3, certificates=frozenset({CertificateKind.ATTP})).excluded
    assert judged(asked, stars=4).excluded


def test_the_price_is_compared_in_one_measure() -> None:
    wanted = {"price": 30_000_000}
    assert "listed at 28.000.000 đ/tấn, within the price" in said(judged(wanted, price=28_000))
    assert "listed at 31.000.000 đ/tấn, above the price" in said(judged(wanted, price=31_000))


def test_the_same_goods_come_before_the_same_group() -> None:
    rice = judged({"group": Group.TP}, group=Group.TP)
    honey = judged({"group": Group.TP}, name="Mật ong", group=Group.TP, stars=5)
    assert worth_showing([honey, rice]) == [1]
    assert worth_showing([honey]) == [0]


def test_spans_of_months() -> None:
    months = [date(2026, 9, 1), date(2026, 10, 1), date(2027, 2, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert span(months) == "9–10/2026, 12/2026–2/2027"


def test_matching_over_the_database_both_ways(make: Factories, now: Any) -> None:
    place = make.unit("Xã Than Uyên")
    seller, other = make.cooperative(unit=place), make.cooperative(unit=place)
    buyer = make.company(unit=place)
    rice, honey = make.product(seller, "Gạo Séng Cù"), make.product(other, "Mật ong rừng")
    rice.months = [HarvestMonth(month=9, quantity=Decimal(50_000))]
    for thing in (rice, honey):
        products.index(thing)
    db.session.add(
        Commitment(product_id=rice.id, month=date(2027, 9, 1), quantity=Decimal(20_000), source="contract:1")
    )
    month = {date(2027, 9, 1): Decimal(40)}
    demand = Asked(DemandLevel.NICE, text="Bao 25 kg")
    offer = make.offer(
        buyer, "Gạo Séng Cù", months=month, demands=[demand], price=40_000_000, price_kind=PriceKind.FIXED
    )
    make.offer(buyer, "Thổ cẩm", group=Group.TCMN)
    db.session.flush()
    found = queries_matching.products_for(offer, date(2026, 10, 15))
    assert [match.product.name for match in found] == ["Gạo Séng Cù"]
    words = said(found[0].fit)
    assert "10 tấn short in 9/2027" in words
    assert "same commune" in words
    mine = queries_matching.matching_for(seller, now)
    assert [(match.offer.id, match.product.id) for match in mine] == [(offer.id, rice.id)]
    assert queries_matching.matching_for(buyer, now) == []
    # Honey and rice are both food, and still no answer to one another.
    assert queries_matching.matching_for(other, now) == []


def test_the_likely_group_is_that_of_most_products_of_the_name(make: Factories) -> None:
    seller = make.cooperative()
    for name in ("Chè Shan", "Chè xanh"):
        products.index(make.product(seller, name, group=Group.DU))
    db.session.flush()
    assert queries_matching.likely_group("Chè khô loại 1") == Group.DU
    assert queries_matching.likely_group("Không có gì") is None
