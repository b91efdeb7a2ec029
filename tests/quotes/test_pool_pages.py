"""Pooled quotes as people use them: inviting, agreeing, sending, leaving; what rivals do not see; leaving against accepting."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from marketplace.contracts.models import Contract
from marketplace.extensions import db
from marketplace.quotes import service, service_pooling
from marketplace.quotes.models import Quote, QuotePart, QuotePartMonth
from marketplace.quotes.pooling import PartState, content
from marketplace.quotes.rules import QuoteState
from tests.contracts.test_races import at_once, bare
from tests.factories import Factories
from tests.quotes import pools
from tests.quotes.pools import FEBRUARY, MARCH, Pool

SignIn = Callable[[Any], FlaskClient]


def quote_of(pool: Pool) -> Quote:
    """The quote, read anew."""
    db.session.rollback()
    pool.quote = db.session.get_one(Quote, pool.quote.id, populate_existing=True)
    return pool.quote


@pytest.fixture
def web(make: Factories, sign_in: SignIn) -> Callable[[Pool], dict[str, FlaskClient]]:
    """Everybody's browser."""

    def browsers(pool: Pool) -> dict[str, FlaskClient]:
        make.commit()
        names = ("buyer", "lead", "first", "second", "rival")
        return {name: sign_in(pool.person(getattr(pool, name))) for name in names}

    return browsers


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return str(answer.get_data(as_text=True))


def shares(pool: Pool, **values: str) -> dict[str, str]:
    """The form of the shares as the browser of the leading cooperative sends it."""
    lead = pool.lead.id
    return {
        "version": str(quote_of(pool).version),
        f"share_{lead}_202702": "22",
        f"share_{lead}_202703": "10",
        "act": "keep",
        **values,
    }


def answer(pool: Pool, organisation: Any, **values: str) -> dict[str, str]:
    """A partner's form."""
    quote = quote_of(pool)
    part = pool.part(organisation)
    return {"version": str(quote.version), "part_id": str(part.id), "seen": content(quote.working), **values}


def test_from_an_invitation_to_the_buyers_comparison(make: Factories, web: Any) -> None:
    pool = pools.prepared(make)
    browsers = web(pool)
    path = f"/quotes/{pool.quote.id}"
    assert "Một mình không đủ hàng?" in page(browsers["lead"], path)
    typed = {"invite": "htx mot", "share_new_202702": "8"}
    assert browsers["lead"].post(f"{path}/pool", data=shares(pool, **typed)).status_code == 303
    assert browsers["second"].get(path).status_code == 404
    text = page(browsers["first"], path)
    assert "mời bạn cùng đứng tên" in text
    assert "phần của HTX bạn là 8 tấn" in text
    done = browsers["first"].post(f"{path}/agree", data=answer(pool, pool.first))
    assert done.status_code == 303
    assert "Tất cả đã đồng ý: hãy gửi" in page(browsers["lead"], path)
    assert browsers["buyer"].get(path).status_code == 404
    assert browsers["lead"].post(f"{path}/send", data={"version": str(quote_of(pool).version)}).status_code == 303
    compared = page(browsers["buyer"], f"/offers/{pool.offer.id}/compare")
    assert "HTX Chủ trì và 1 HTX khác" in compared
    assert "HTX Chủ trì: 32 tấn; HTX Một: 8 tấn" in compared
    assert "Mỗi HTX chịu trách nhiệm" in page(browsers["buyer"], path)
    for rival in ("second", "rival"):
        assert browsers[rival].get(path).status_code == 404
        assert "18.000.000" not in page(browsers[rival], f"/offers/{pool.offer.id}")
    assert "báo giá chung" in page(browsers["first"], "/quotes")


def test_shares_that_do_not_add_up_name_the_difference_and_keep_what_was_typed(make: Factories, web: Any) -> None:
    pool = pools.prepared(make)
    lead = web(pool)["lead"]
    path = f"/quotes/{pool.quote.id}/pool"
    typed = shares(pool, invite="HTX Một", share_new_202702="5", share_new_202703="")
    refused = lead.post(path, data=typed)
    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "02/2027: các phần cộng lại 27 tấn, báo giá ghi 30 tấn; còn thiếu 3 tấn." in text
    assert 'value="HTX Một"' in text
    assert lead.post(path, data={**typed, "act": "follow"}).status_code == 303
    assert quote_of(pool).working.quantity == Decimal(37)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"invite": "HTX Không có"}, "Chưa có hợp tác xã nào tên này"),
        ({"invite": ""}, "Ghi tên hợp tác xã giao số này"),
        ({"invite": "HTX Một", "share_new_202702": ""}, "Ghi số lượng của ít nhất một tháng"),
        ({"invite": "HTX"}, "Có nhiều hợp tác xã tên như vậy"),
    ],
)
def test_whom_to_invite(make: Factories, web: Any, typed: dict[str, str], sentence: str) -> None:
    pool = pools.prepared(make)
    lead = web(pool)["lead"]
    refused = lead.post(
        f"/quotes/{pool.quote.id}/pool",
        data=shares(pool, share_new_202702="8", **typed) if "share_new_202702" not in typed else shares(pool, **typed),
    )
    assert refused.status_code == 422
    assert sentence in refused.get_data(as_text=True)
    if typed["invite"] == "HTX":
        chosen = shares(pool, share_new_202702="8", invite="HTX", known=str(pool.first.id))
        assert lead.post(f"/quotes/{pool.quote.id}/pool", data=chosen).status_code == 303
        assert pool.part(pool.first).state == PartState.INVITED


def test_a_stale_page_agrees_to_nothing_and_a_repeat_does_nothing(make: Factories, web: Any) -> None:
    pool = pools.invited(make)
    browsers = web(pool)
    path = f"/quotes/{pool.quote.id}/agree"
    data = answer(pool, pool.first, key="d" * 32)
    assert browsers["first"].post(path, data={**data, "seen": "0" * 64, "key": "e" * 32}).status_code == 409
    assert browsers["second"].post(path, data=answer(pool, pool.first)).status_code == 404
    assert browsers["rival"].post(path, data=data).status_code == 404
    assert browsers["first"].post(path, data=data).status_code == 303
    assert browsers["first"].post(path, data=data).status_code == 303
    assert quote_of(pool).pooled
    assert pool.part(pool.first).state == PartState.AGREED
    assert browsers["first"].post(path, data={**data, "key": "f" * 32}).status_code == 409


def test_going_on_without_and_leaving(make: Factories, web: Any) -> None:
    pool = pools.invited(make)
    browsers = web(pool)
    path = f"/quotes/{pool.quote.id}"
    assert (
        browsers["second"].post(f"{path}/decline-part", data=answer(pool, pool.second, reason="Mất mùa")).status_code
        == 303
    )
    assert "Mất mùa" in page(browsers["lead"], path)
    out = {"version": str(quote_of(pool).version), "organisation_id": str(pool.second.id)}
    assert browsers["first"].post(f"{path}/take-out", data=out).status_code == 404
    assert browsers["lead"].post(f"{path}/take-out", data=out).status_code == 303
    assert browsers["first"].post(f"{path}/agree", data=answer(pool, pool.first)).status_code == 303
    assert browsers["lead"].post(f"{path}/send", data={"version": str(quote_of(pool).version)}).status_code == 303
    assert "còn rút phần của mình được" in page(browsers["first"], path)
    assert browsers["first"].post(f"{path}/leave", data=answer(pool, pool.first)).status_code == 303
    assert "Các bên bán đang chia lại" in page(browsers["buyer"], path)
    assert browsers["first"].get(path).status_code == 404
    assert not quote_of(pool).pooled
    assert "Gửi báo giá lần 2" in page(browsers["lead"], f"/offers/{pool.offer.id}/quote")


def test_a_pooled_quote_is_changed_on_the_answers_page_and_asked_anew(make: Factories, web: Any) -> None:
    pool = pools.agreed(make)
    browsers = web(pool)
    text = page(browsers["lead"], f"/offers/{pool.offer.id}/quote")
    assert "Lưu và hỏi lại các HTX" in text
    assert 'value="send"' not in text
    hidden = {
        name: text.split(f'name="{name}" type="hidden" value="')[1].split('"')[0] for name in ("asked", "version")
    }
    data = {
        **hidden,
        "price": "17tr",
        "price_kind": "fixed",
        "month_202702": "30",
        "month_202703": "10",
        "act": "draft",
    }
    assert browsers["lead"].post(f"/offers/{pool.offer.id}/quote", data=data).status_code == 303
    assert quote_of(pool).working.price == 17_000_000
    assert pool.part(pool.first).state == PartState.INVITED


def test_one_leaves_while_the_buyer_accepts_exactly_one_wins(app: Flask, make: Factories, web: Any) -> None:
    pool = pools.sent(make)
    browsers = web(pool)
    number, leaving = pool.quote.id, answer(pool, pool.second)
    first, second = bare(app, browsers["second"]), bare(app, browsers["buyer"])
    db.session.remove()
    found = at_once(
        partial(first.post, f"/quotes/{number}/leave", data=leaving),
        partial(second.post, f"/contracts/accept/{number}", data={"seen": "1"}),
    )
    quote = db.session.get_one(Quote, number)
    contracts = db.session.scalars(select(Contract)).unique().all()
    if contracts:
        assert quote.state == QuoteState.ACCEPTED
        assert len(contracts[0].parties) == 4
        assert found[1] == 303
    else:
        assert quote.state == QuoteState.DRAFT
        assert found[0] == 303
        assert found[1] in (409, 422)
    assert sum(part.state == PartState.LEFT for part in quote.latest.parts) == (0 if contracts else 1)


def test_the_invitation_waits_on_the_home_page(make: Factories, web: Any) -> None:
    pool = pools.invited(make)
    browsers = web(pool)
    words = "HTX Chủ trì mời bạn cùng báo giá “Gạo Thử”"
    assert words in page(browsers["first"], "/")
    assert words not in page(browsers["lead"], "/")
    browsers["first"].post(f"/quotes/{pool.quote.id}/agree", data=answer(pool, pool.first))
    assert words not in page(browsers["first"], "/")


def test_pages_ask_a_fixed_number_of_questions(app: Flask, make: Factories, web: Any) -> None:
    pool = pools.sent(make)
    others = [make.cooperative(f"HTX Thêm {place}") for place in range(6)]
    buyer = web(pool)["buyer"]
    few = asked_of(app, buyer, f"/quotes/{pool.quote.id}")
    half = {FEBRUARY: Decimal(1), MARCH: Decimal(1)}
    for each in others:
        make.add(
            QuotePart(
                version_id=pool.quote.latest.id,
                organisation_id=each.id,
                product_id=make.product(each).id,
                answered_by_id=pool.person(pool.first).id,
                by_mandate=True,
                state=PartState.AGREED,
                months=[QuotePartMonth(month=month, quantity=quantity) for month, quantity in half.items()],
            )
        )
    make.commit()
    assert asked_of(app, buyer, f"/quotes/{pool.quote.id}") == few


def asked_of(app: Flask, browser: FlaskClient, path: str) -> int:
    """How many statements a page runs."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert browser.get(path).status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_partner_reads_only_the_versions_in_which_it_has_a_part(make: Factories, web: Any) -> None:
    pool = pools.prepared(make)
    lead = pool.person(pool.lead)
    alone = replace(pools.SAID, price=15_500_000)
    pool.quote = service.submit(pool.offer, pool.lead, alone, actor=lead, now=make.now)
    amounts = pool.shares((18, 5), (8, 3), (4, 2))
    service_pooling.arrange(pool.quote, amounts, follow=False, actor=lead, now=make.now)
    pool.quote = service_pooling.draft(pool.offer, pool.quote, pools.SAID, actor=lead, now=make.now)
    browsers, path = web(pool), f"/quotes/{pool.quote.id}"
    assert "15.500.000" in page(browsers["lead"], path)
    assert "15.500.000" not in page(browsers["first"], path)
