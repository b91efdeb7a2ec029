"""Quotes as people use them: answering field by field, versions, the comparison, declining, and what rivals do not see."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.kernel.prices import PriceKind
from marketplace.offers.rules import Asked, DemandLevel
from marketplace.quotes import queries
from marketplace.quotes.figures import best, normalised
from marketplace.quotes.models import Quote
from marketplace.quotes.rules import QUOTE, QuoteAct, QuoteState, state_on
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]
MONTHS = {date(2027, 2, 1): Decimal(30), date(2027, 3, 1): Decimal(10)}


@pytest.fixture
def deal(make: Factories, sign_in: SignIn) -> dict[str, Any]:
    """An open offer with months and demands; browsers of both sides and of a rival."""
    buyer, seller, rival = make.company("Công ty TNHH Mua"), make.cooperative("HTX Bán"), make.cooperative("HTX Khác")
    demands = [Asked(DemandLevel.MUST, text="Không lẫn tạp chất"), Asked(DemandLevel.NICE, text="Bao 25 kg")]
    offer = make.offer(
        buyer, months=MONTHS, demands=demands, price=20_000_000, price_kind=PriceKind.FIXED, payment_days=10
    )
    users = {"asker": make.member(buyer), "answerer": make.member(seller), "competitor": make.member(rival)}
    make.commit()
    browsers = {name: sign_in(user) for name, user in users.items()}
    return {"offer": offer, "buyer": buyer, "seller": seller, "rival": rival, **browsers}


def fields(deal: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A whole answer as a browser sends it, made from the page itself."""
    page = deal["answerer"].get(f"/offers/{deal['offer'].id}/quote").get_data(as_text=True)
    first, second = deal["offer"].demands
    hidden = {
        name: page.split(f'name="{name}" type="hidden" value="')[1].split('"')[0] for name in ("asked", "version")
    }
    return {
        **hidden,
        "price": "18.500.000",
        "price_kind": "fixed",
        "month_202702": "18",
        "month_202703": "10",
        f"met_{first.id}": "yes",
        f"met_{second.id}": "no",
        f"note_{second.id}": "Bao 50 kg",
        "payment_days": "15",
        "act": "send",
        **values,
    }


def send(deal: dict[str, Any], **values: Any) -> Any:
    """Post an answer."""
    return deal["answerer"].post(f"/offers/{deal['offer'].id}/quote", data=fields(deal, **values))


def only_quote() -> Quote:
    """The one quote there is, read anew."""
    db.session.rollback()
    return db.session.scalars(select(Quote)).one()


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_the_buyers_wish_stands_beside_each_field(deal: dict[str, Any]) -> None:
    page = text_of(deal["answerer"].get(f"/offers/{deal['offer'].id}/quote"))
    for words in ("Bên mua trả: 20.000.000 đ/tấn", "cần: 30 tấn", "Không lẫn tạp chất", "Bên mua nêu: 10 ngày"):
        assert words in page


def test_an_answer_is_sent_and_says_how_far_it_goes(deal: dict[str, Any]) -> None:
    answer = send(deal)
    assert answer.status_code == 303
    page = text_of(deal["answerer"].get(answer.location))
    assert "đáp ứng 1/2 yêu cầu; thiếu 12 tấn tháng 2/2027" in page
    quote = only_quote()
    assert (quote.state, quote.latest.quantity, quote.latest.price) == (QuoteState.SUBMITTED, Decimal(28), 18_500_000)


def test_a_draft_may_leave_demands_open_and_is_sent_later(deal: dict[str, Any]) -> None:
    first, second = deal["offer"].demands
    open_demands = {f"met_{first.id}": "", f"met_{second.id}": ""}
    assert send(deal, act="draft", **open_demands).status_code == 303
    assert only_quote().state == QuoteState.DRAFT
    refused = send(deal, **open_demands)
    assert refused.status_code == 422
    assert "Hãy trả lời có hoặc không" in text_of(refused)
    assert send(deal).status_code == 303
    assert [row.number for row in only_quote().versions] == [1]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"price": ""}, "Hãy điền mục này"),
        ({"price": "rẻ"}, "Hãy ghi số tiền bằng đồng"),
        ({"price": "0"}, "lớn hơn 0"),
        ({"month_202702": "mười", "terms": "Giữ lại"}, "Hãy ghi số với dấu chấm"),
        ({"month_202702": "", "month_202703": ""}, "Ghi số lượng của ít nhất một tháng"),
        ({"valid_until": "01/01/2020"}, "đã hết hiệu lực"),
        ({"payment_days": "vài"}, "Ghi số ngày từ 0 đến 365"),
        ({"products": "999999"}, "không có trong danh sách"),
    ],
)
def test_bad_input_names_its_remedy(deal: dict[str, Any], values: dict[str, str], sentence: str) -> None:
    answer = send(deal, **values)
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert "Bao 50 kg" in page
    for name, typed in values.items():
        assert typed in page or name == "products"
    assert db.session.scalar(select(Quote.id)) is None


def test_double_sending_makes_one_version(deal: dict[str, Any]) -> None:
    data = fields(deal, key="b" * 32)
    url = f"/offers/{deal['offer'].id}/quote"
    first, second = deal["answerer"].post(url, data=data), deal["answerer"].post(url, data=data)
    assert first.location == second.location
    assert len(only_quote().versions) == 1


def test_two_tabs_or_a_changed_offer_are_a_409(deal: dict[str, Any]) -> None:
    data, url = fields(deal), f"/offers/{deal['offer'].id}/quote"
    assert deal["answerer"].post(url, data=data).status_code == 303
    assert deal["answerer"].post(url, data=data).status_code == 409
    fresh = fields(deal)
    changed = db.session.merge(deal["offer"])
    changed.months[0].quantity = Decimal(25)
    db.session.commit()
    late = deal["answerer"].post(url, data=fresh)
    assert late.status_code == 409
    assert "18.500.000" in text_of(late)


def test_the_offer_is_held_before_its_quotes(app: Flask, deal: dict[str, Any]) -> None:
    """Everybody in one order: otherwise a new version and an acceptance at once wait for each other for ever."""
    if db.engine.dialect.name == "sqlite":
        return  # holds the whole database
    send(deal)
    held: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FOR UPDATE" in statement:
            held.append(statement.rpartition("FOR UPDATE OF ")[2])

    event.listen(db.engine, "before_cursor_execute", note)
    firsts = []
    for browser, path, data in (
        ("answerer", f"/offers/{deal['offer'].id}/quote", fields(deal)),
        ("asker", f"/quotes/{only_quote().id}/decline", {"reason": "price"}),
        ("answerer", f"/quotes/{only_quote().id}/withdraw", {}),
    ):
        held.clear()
        data = {"version": str(only_quote().version), **data}
        assert deal[browser].post(path, data=data).status_code in (303, 422), path
        firsts.append(held[0])
    event.remove(db.engine, "before_cursor_execute", note)
    assert firsts == ["purchase_offer"] * 3


def test_nobody_sees_a_rivals_quote(deal: dict[str, Any], client: FlaskClient) -> None:
    send(deal)
    quote_id, offer_id = only_quote().id, deal["offer"].id
    for path in (f"/quotes/{quote_id}", f"/offers/{offer_id}/compare"):
        assert deal["competitor"].get(path).status_code == 404
        assert client.get(path).status_code == 303
    assert deal["answerer"].get(f"/offers/{offer_id}/compare").status_code == 404
    assert "18.500.000" not in text_of(deal["competitor"].get(f"/offers/{offer_id}"))
    for act in ("withdraw", "decline"):
        posted = deal["competitor"].post(f"/quotes/{quote_id}/{act}", data={"version": 1, "reason": "price"})
        assert posted.status_code == 404


def test_the_comparison_shows_the_best_and_the_missing(make: Factories, deal: dict[str, Any]) -> None:
    send(deal)
    make.quote(deal["offer"], deal["rival"], price=17_000_000, months=MONTHS)
    make.commit()
    page = text_of(deal["asker"].get(f"/offers/{deal['offer'].id}/compare"))
    assert "18.500 đ/kg" in page
    assert "17.000 đ/kg" in page
    assert "−12 tấn" in page
    # The cheaper one answers no must, so nothing beats the other one among the eligible.
    assert page.index("HTX Bán") < page.index("HTX Khác")
    assert page.count('class="missing"') == 2
    assert 'name="seen" value="1"' in page
    assert deal["asker"].get(f"/quotes/{only_id(deal['seller'])}").status_code == 200


def test_the_buyers_button_draws_up_the_contract_once(make: Factories, deal: dict[str, Any]) -> None:
    send(deal)
    quote = only_quote()
    url = f"/contracts/accept/{quote.id}"
    stale = deal["asker"].post(url, data={"seen": "7", "version": quote.version})
    assert stale.status_code == 409
    done = deal["asker"].post(url, data={"seen": "1", "version": quote.version})
    assert done.status_code == 303
    assert only_quote().state == QuoteState.ACCEPTED
    assert deal["answerer"].get(done.location).status_code == 200
    again = deal["asker"].post(url, data={"seen": "1", "version": quote.version})
    assert again.location == done.location


def only_id(seller: Any) -> int:
    """The id of a seller's quote."""
    return db.session.scalars(select(Quote.id).filter_by(seller_id=seller.id)).one()


def test_declining_needs_a_reason(deal: dict[str, Any]) -> None:
    send(deal)
    quote = only_quote()
    url = f"/quotes/{quote.id}/decline"
    assert deal["asker"].post(url, data={"version": quote.version}).status_code == 422
    assert deal["asker"].post(url, data={"version": 99, "reason": "price"}).status_code == 409
    done = deal["asker"].post(url, data={"version": quote.version, "reason": "price", "words": "Cao hơn chợ"})
    assert done.status_code == 303
    assert "Cao hơn chợ" in text_of(deal["answerer"].get(f"/quotes/{quote.id}"))


def test_a_buyer_cannot_answer_itself_and_an_unverified_seller_is_told(
    make: Factories, deal: dict[str, Any], sign_in: SignIn
) -> None:
    assert deal["asker"].get(f"/offers/{deal['offer'].id}/quote").status_code == 404
    waiting = make.member(make.cooperative("HTX Chờ", verified=False))
    make.commit()
    page = text_of(sign_in(waiting).get(f"/offers/{deal['offer'].id}/quote"))
    assert "HTX Chờ đang chờ cán bộ xác minh" in page
    assert 'value="send"' not in page


POSSIBLE = {
    QuoteState.DRAFT: {QuoteAct.SUBMIT, QuoteAct.WITHDRAW},
    QuoteState.SUBMITTED: set(QuoteAct),
    QuoteState.DECLINED: {QuoteAct.SUBMIT},
    QuoteState.WITHDRAWN: {QuoteAct.SUBMIT},
}


@pytest.mark.parametrize(("state", "act"), list(product(QuoteState, QuoteAct)))
def test_every_state_with_every_act(state: QuoteState, act: QuoteAct) -> None:
    possible = act in POSSIBLE.get(state, set())
    assert QUOTE.allows(state, act) is possible
    if not possible:
        with pytest.raises(Refusal):
            QUOTE.after(state, act)


def test_python_and_sql_agree_on_the_state_of_a_day(make: Factories) -> None:
    today, buyer = date(2026, 10, 15), make.company()
    for state, day in product(QuoteState, (None, date(2026, 10, 14), today)):
        make.quote(make.offer(buyer), make.cooperative(), state=state, valid_until=day)
    rows = db.session.execute(select(Quote, queries.state_at(today))).all()
    assert len(rows) == 18
    for quote, found in rows:
        assert found == state_on(today, quote.state, quote.latest.valid_until)


def test_the_best_is_given_only_among_those_that_may_win() -> None:
    assert best([3, 2, 1], min, [True, True, False]) == [False, True, False]
    assert best([2, 2], min, [True, True]) == [False, False]
    assert best([5, None], max, [True, True]) == [False, False]


def test_prices_come_to_one_kg() -> None:
    found = normalised(18_500_000, "tan", [])
    assert found is not None
    assert (found.amount, found.unit) == (Decimal(18_500), "kg")
    assert normalised(90_000, "tui", []) is None
