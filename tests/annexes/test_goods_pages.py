"""The form of an annex for shares of several sellers, goods to add and price rules, through the real pages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from marketplace.annexes.effective import NewTerms
from marketplace.annexes.line_changes import standing_split
from marketplace.annexes.queries import terms_on
from marketplace.contracts.models import Contract
from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.kernel.prices import PriceKind
from marketplace.web import clock
from tests.annexes.test_goods import shared
from tests.annexes.test_pages import create, filled, paper
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, text_of
from tests.factories import Factories
from tests.quotes.pools import FEBRUARY, MARCH

TODAY = clock.today()


def test_the_shares_are_typed_and_their_sums_are_the_contract(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    made = shared(make)
    number, person = made.contract.id, made.pool.person(made.pool.second)
    make.commit()
    browser = sign_in(person)
    page = text_of(browser.get(f"/contracts/{number}/annexes/new?reason=quantity"))
    assert "lines-0-quantity" not in page
    for name, value in (("lines-0-split-0-shares-0", "18"), ("lines-0-split-1-shares-2", "2")):
        assert f'name="{name}"' in page
        assert filled(page)[name] == value
    assert create(browser, number, "quantity", **{"lines-0-split-0-shares-0": "-1"}).status_code == 422
    twice = create(browser, number, "quantity", **{"lines-0-split-1-month": "02/2027"})
    assert twice.status_code == 422
    changes = {"lines-0-split-0-shares-0": "16,5", "lines-0-split-1-shares-2": "", "lines-0-split-2-month": "04/2027"}
    changes |= {"lines-0-split-2-shares-1": "7"}
    assert create(browser, number, "quantity", **changes).status_code == 303
    april = MARCH.replace(month=4)
    split = NewTerms.read(paper().terms).lines[1].split
    assert split == {
        0: {FEBRUARY: Decimal("16.5"), MARCH: 5},
        1: {FEBRUARY: 8, MARCH: 3, april: 7},
        2: {FEBRUARY: 4},
    }
    base = f"/contracts/{number}/annexes/1"
    shown = text_of(browser.get(base))
    assert "Bên A1 (HTX Chủ trì): 21,5 tấn" in shown
    assert browser.get(f"{base}/preview").data.startswith(b"%PDF")
    again = filled(text_of(browser.get(f"{base}/edit")))
    assert again["lines-0-split-2-shares-1"] == "7"
    contract = db.session.get(Contract, number)
    terms = text_of(browser.get(f"/contracts/{number}/terms"))
    assert "Bên A1 (HTX Chủ trì): 23 tấn" in terms
    assert standing_split(terms_on(contract, None).terms.split, 0)[2] == {FEBRUARY: 4, MARCH: 2}


def test_goods_are_added_without_script(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=TODAY + timedelta(days=300))
    tea = make.product(deal.seller, name="Chè Shan tuyết", measure="kg")
    foreign = make.product(deal.buyer, name="Hàng của bên mua")
    make.commit()
    number, tea_id, foreign_id = deal.contract.id, tea.id, foreign.id
    browser, path = sign_in(deal.farmer), f"/contracts/{number}/annexes/new?reason=quantity"
    page = text_of(browser.get(path))
    assert "added-0-name" not in page
    grown = text_of(browser.post(path, data=filled(page, more_goods="1")))
    assert "Chè Shan tuyết" in grown
    assert "Hàng của bên mua" not in grown
    assert 'name="added-0-months-2-month"' in grown
    month = f"{TODAY + timedelta(days=40):%m/%Y}"
    typed = {
        "added-0-product": str(tea_id),
        "added-0-measure": "kg",
        "added-0-price_kind": "fixed",
        "added-0-price": "320k",
        "added-0-months-0-month": month,
        "added-0-months-0-quantity": "500",
        "effective_on": format_date(TODAY + timedelta(days=30)),
    }
    for wrong in (
        {"added-0-product": str(foreign_id)},
        {"added-0-price_kind": "floor", "added-0-price": ""},
        {"added-0-product": ""},
        {"added-0-months-0-month": ""},
    ):
        assert browser.post(path, data=filled(grown, **typed | wrong)).status_code == 422
    assert browser.post(path, data=filled(grown, **typed)).status_code == 303
    (line,) = NewTerms.read(paper().terms).added
    assert (line.goods.name, line.goods.quantity, line.product_id, line.seller) == ("Chè Shan tuyết", 500, tea_id, None)
    base = f"/contracts/{number}/annexes/1"
    assert "Chè Shan tuyết" in text_of(browser.get(base))
    assert browser.get(f"{base}/preview").data.startswith(b"%PDF")
    assert filled(text_of(browser.get(f"{base}/edit")))["added-0-price"] == "320.000"


def test_the_form_asks_what_the_price_rule_has(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.opened(make, starts_on=None, ends_on=TODAY + timedelta(days=300))
    line = deal.contract.lines[0]
    line.price_kind, line.price_percent, line.price_most = PriceKind.CEILING, Decimal(-5), 30_000_000
    for party in deal.sides:
        deals.sign(deal, party, make.now)
    make.commit()
    number, browser = deal.contract.id, sign_in(deal.farmer)
    page = filled(text_of(browser.get(f"/contracts/{number}/annexes/new?reason=price")))
    assert (page["lines-0-percent"], page["lines-0-most"]) == ("−5", "30.000.000")
    assert create(browser, number, "price", **{"lines-0-percent": "-3", "lines-0-most": "32tr"}).status_code == 303
    shown = text_of(browser.get(f"/contracts/{number}/annexes/1"))
    assert "trừ đi 3%" in shown
    assert "Nếu giá thị trường là (đồng/tấn)" in shown
    low = create(browser, number, "price", **{"lines-0-most": "20tr"})
    assert low.status_code == 422


def test_what_no_page_offers_is_refused_in_words(make: Factories, sign_in: SignIn) -> None:
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=TODAY + timedelta(days=300))
    make.commit()
    number, browser = deal.contract.id, sign_in(deal.farmer)
    shares = create(browser, number, "quantity", **{"lines-0-split-0-shares-0": "5", "lines-0-split-0-shares-1": "5"})
    assert shares.status_code == 422
    assert "không chia phần giữa nhiều bên bán" in text_of(shares)
    typed = {"added-0-name": "Gạo nếp", "added-0-quantity": "5", "added-0-measure": "kg"}
    typed |= {"added-0-price_kind": "fixed", "added-0-price": "30000"}
    for name in ("added-0-product", "added-0-seller"):
        for key in ("9" * 18, "9" * 30, "9" * 5000):
            assert create(browser, number, "quantity", **typed, **{name: key}).status_code in (303, 422)
