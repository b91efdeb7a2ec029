"""The pages of offers as people use them: posting, previewing, editing, asking, ending, and what strangers do not see."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from marketplace.extensions import db
from marketplace.kernel.prices import PriceKind
from marketplace.notices.models import Notice
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import Asked, DemandLevel, LinkageForm, NoAward, OfferState
from marketplace.products.rules import CertificateKind, Group
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]

SIX = {
    "what": "Gạo Séng Cù",
    "quantity": "40",
    "measure": "tan",
    "where": "Xã Than Uyên, Lai Châu",
    "closes_on": "31/12/2027",
    "price": "18.500.000",
    "price_kind": "fixed",
}


@pytest.fixture
def buyer(make: Factories) -> Any:
    return make.company("Công ty TNHH Mua Thử", unit=make.unit("Xã Than Uyên"))


@pytest.fixture
def browser(make: Factories, buyer: Any, sign_in: SignIn) -> FlaskClient:
    """The buyer's."""
    user = make.member(buyer)
    make.commit()
    return sign_in(user)


def only_offer() -> PurchaseOffer:
    """The one offer there is, read anew."""
    db.session.rollback()
    return db.session.scalars(select(PurchaseOffer)).one()


def post(browser: FlaskClient, url: str, buyer: Any, **values: Any) -> Any:
    """Send the form."""
    return browser.post(url, data={"buyer": buyer.id, **SIX, **values})


def text_of(answer: Any) -> str:
    """The page."""
    return str(answer.get_data(as_text=True))


def test_six_facts_make_a_draft_that_is_published_in_one_more_step(browser: FlaskClient, buyer: Any) -> None:
    answer = post(browser, "/offers/create", buyer)
    assert answer.status_code == 303
    offer = only_offer()
    assert (offer.state, offer.quantity, offer.price) == (OfferState.DRAFT, Decimal(40), 18_500_000)
    page = text_of(browser.get(answer.location))
    assert "Người khác sẽ thấy như thế này" in page
    assert "18.500.000 đ/tấn, giá cố định" in page
    done = browser.post(f"/offers/{offer.id}/publish", data={"version": offer.version})
    assert done.status_code == 303
    assert only_offer().state == OfferState.OPEN
    assert "Gạo Séng Cù" in text_of(browser.get("/offers"))


def test_an_empty_price_is_to_be_agreed(browser: FlaskClient, buyer: Any) -> None:
    post(browser, "/offers/create", buyer, price="")
    assert only_offer().price_kind == PriceKind.NEGOTIABLE


def test_everything_folded_is_kept(browser: FlaskClient, buyer: Any) -> None:
    more = {
        "price_kind": "floor",
        "group": "TP",
        "minimum_stars": "4",
        "payment_days": "15",
        "advance": "50tr",
        "inputs": "Giống lúa",
        "place": "Kho Mường Than",
        "linkage_form": "F3_PROD_SALE",
        "note": "Vụ mùa",
        "month_1": "09/2027",
        "quantity_1": "15,5",
        "month_2": "10/2027",
        "quantity_2": "24,5",
        "demand_level_1": "must",
        "demand_certificate_1": "ATTP",
        "demand_text_2": "Độ ẩm không quá 14%",
        "demand_level_2": "nice",
    }
    answer = post(browser, "/offers/create", buyer, **more)
    assert answer.status_code == 303, text_of(answer)
    offer = only_offer()
    assert (offer.price_kind, offer.group, offer.minimum_stars) == (PriceKind.FLOOR, Group.TP, 4)
    assert (offer.advance, offer.linkage_form) == (50_000_000, LinkageForm.F3_PROD_SALE)
    assert {row.month: row.quantity for row in offer.months} == {
        date(2027, 9, 1): Decimal("15.5"),
        date(2027, 10, 1): Decimal("24.5"),
    }
    assert [(row.level, row.certificate, row.text) for row in offer.demands] == [
        (DemandLevel.MUST, CertificateKind.ATTP, ""),
        (DemandLevel.NICE, None, "Độ ẩm không quá 14%"),
    ]
    page = text_of(browser.get(f"/offers/{offer.id}"))
    for words in ("Thấp nhất 18.500.000 đ/tấn", "OCOP từ 4 sao", "Độ ẩm không quá 14%", "trong 15 ngày", "Hình thức 3"):
        assert words in page


def test_the_quantity_is_spread_evenly(browser: FlaskClient, buyer: Any) -> None:
    post(browser, "/offers/create", buyer, spread_from="09/2027", spread_to="11/2027")
    assert [row.quantity for row in only_offer().months] == [Decimal("13.333"), Decimal("13.333"), Decimal("13.334")]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"quantity": "40 tấn"}, "Hãy ghi số với dấu chấm"),
        ({"quantity": "-3"}, "lớn hơn 0"),
        ({"quantity": ""}, "Hãy điền mục này"),
        ({"where": "Xã Không Có"}, "Không tìm thấy nơi này"),
        ({"closes_on": "31/13/2027"}, "Không có ngày"),
        ({"closes_on": "01/01/2020"}, "Hạn báo giá đã qua"),
        ({"closes_on": "01/01/2199"}, "trong vòng hai năm"),
        ({"price": "mười nghìn"}, "Hãy ghi số tiền bằng đồng"),
        ({"price": "", "price_kind": "floor"}, "Giá sàn cần có số tiền"),
        ({"payment_days": "nửa tháng"}, "Ghi số ngày từ 0 đến 365"),
        ({"payment_days": "400"}, "Ghi số ngày từ 0 đến 365"),
        ({"month_1": "13/2027", "quantity_1": "40"}, "Hãy ghi tháng theo"),
        ({"month_1": "09/2027"}, "Ghi số lượng của tháng này"),
        ({"quantity_1": "40"}, "Ghi tháng, ví dụ"),
        ({"month_1": "09/2020", "quantity_1": "40"}, "Tháng này đã qua"),
        ({"month_1": "09/2027", "quantity_1": "20", "month_2": "9/2027", "quantity_2": "20"}, "ghi hai lần"),
        ({"month_1": "09/2027", "quantity_1": "38"}, "cộng lại là 38 tấn, nhưng tổng số lượng là 40 tấn"),
        ({"spread_from": "09/2027"}, "Ghi cả tháng cuối"),
        ({"spread_from": "11/2027", "spread_to": "09/2027"}, "đứng trước tháng đầu"),
        ({"demand_certificate_1": "ATTP", "demand_certificate_2": "ATTP"}, "được yêu cầu hai lần"),
        ({"linkage_form": "F9"}, "Hãy chọn một mục"),
    ],
)
def test_bad_input_names_its_remedy_and_loses_nothing(
    browser: FlaskClient, buyer: Any, values: dict[str, str], sentence: str
) -> None:
    answer = post(browser, "/offers/create", buyer, note="Giữ lại dòng này", **values)
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert "Giữ lại dòng này" in page
    for typed in values.values():
        assert typed in page or typed == "F9"
    assert db.session.scalar(select(PurchaseOffer.id)) is None


def test_a_double_submit_makes_one_offer(browser: FlaskClient, buyer: Any) -> None:
    first = post(browser, "/offers/create", buyer, key="a" * 32)
    second = post(browser, "/offers/create", buyer, key="a" * 32)
    assert first.location == second.location
    assert only_offer().what == "Gạo Séng Cù"


def test_an_unverified_buyer_may_prepare_but_not_publish(make: Factories, sign_in: SignIn) -> None:
    buyer = make.company("Công ty TNHH Chờ", unit=make.unit("Xã Than Uyên"), verified=False)
    user = make.member(buyer)
    make.commit()
    browser = sign_in(user)
    page = text_of(browser.get(post(browser, "/offers/create", buyer).location))
    assert "đang chờ cán bộ xác minh" in page
    offer = only_offer()
    answer = browser.post(f"/offers/{offer.id}/publish", data={"version": offer.version}, follow_redirects=True)
    assert "bạn đăng sau khi được xác minh" in text_of(answer)
    assert only_offer().state == OfferState.DRAFT


def test_drafts_and_enquiries_are_not_for_strangers(
    make: Factories, buyer: Any, client: FlaskClient, sign_in: SignIn
) -> None:
    asked, stranger = make.cooperative(unit=make.unit("Xã Mường Kim")), make.cooperative()
    draft = make.offer(buyer, state=OfferState.DRAFT, published_at=None)
    enquiry = make.offer(buyer, what="Mật ong hỏi riêng", addressed_to_id=asked.id)
    seller, other = make.member(asked), make.member(stranger)
    make.commit()
    for path in (f"/offers/{draft.id}", f"/offers/{enquiry.id}"):
        assert client.get(path).status_code == 404
        assert sign_in(other).get(path).status_code == 404
    assert "Mật ong hỏi riêng" not in text_of(client.get("/offers"))
    assert sign_in(seller).get(f"/offers/{draft.id}").status_code == 404
    assert "Chỉ hỏi riêng" in text_of(sign_in(seller).get(f"/offers/{enquiry.id}"))


def test_foreign_and_forged_ids_are_404(make: Factories, buyer: Any, sign_in: SignIn) -> None:
    stranger = make.member(make.cooperative())
    offer = make.offer(buyer)
    make.commit()
    browser = sign_in(stranger)
    for act in ("publish", "close", "withdraw", "end"):
        assert browser.post(f"/offers/{offer.id}/{act}", data={"version": 1, "reason": "quality"}).status_code == 404
    for path in (f"/offers/{offer.id}/edit", f"/offers/{offer.id}/end", "/offers/999999", "/offers/ask/999999"):
        assert browser.get(path).status_code == 404


def test_posting_in_a_strangers_name_is_refused(make: Factories, browser: FlaskClient) -> None:
    stranger = make.company()
    make.commit()
    assert post(browser, "/offers/create", stranger).status_code == 422
    assert db.session.scalar(select(PurchaseOffer.id)) is None


def test_a_stale_page_is_a_409(make: Factories, buyer: Any, browser: FlaskClient) -> None:
    offer = make.offer(buyer)
    make.commit()
    seen = offer.version
    values = {"quantity": "40", "where": "Xã Than Uyên, Lai Châu", "closes_on": "30/11/2027", "price_kind": "fixed"}
    assert browser.post(f"/offers/{offer.id}/edit", data={**values, "version": seen}).status_code == 303
    later = browser.post(f"/offers/{offer.id}/edit", data={**values, "closes_on": "29/11/2027", "version": seen})
    assert later.status_code == 409
    assert "29/11/2027" in text_of(later)
    assert only_offer().closes_on == date(2027, 11, 30)


def test_what_sellers_answer_to_stays_when_open(make: Factories, buyer: Any, browser: FlaskClient) -> None:
    demand = Asked(DemandLevel.MUST, text="Không lẫn tạp chất")
    offer = make.offer(buyer, demands=[demand])
    make.commit()
    page = text_of(browser.get(f"/offers/{offer.id}/edit"))
    assert 'name="what"' not in page
    assert 'name="demand_text_1"' not in page
    values = {"what": "Khác hẳn", "measure": "kg", "quantity": "50", "price": "19tr", "price_kind": "fixed"}
    values |= {"where": "Xã Than Uyên, Lai Châu", "closes_on": "31/12/2027", "version": str(offer.version)}
    assert browser.post(f"/offers/{offer.id}/edit", data=values).status_code == 303
    after = only_offer()
    assert (after.what, after.measure, after.quantity, after.price) == ("Gạo Thử", "tan", Decimal(50), 19_000_000)
    assert [row.text for row in after.demands] == ["Không lẫn tạp chất"]


def test_sellers_who_answered_are_told_of_changes_and_ends(make: Factories, buyer: Any, browser: FlaskClient) -> None:
    seller = make.cooperative()
    user = make.member(seller)
    offer = make.offer(buyer)
    make.quote(offer, seller)
    make.commit()
    values = {"quantity": "41", "where": "Xã Than Uyên, Lai Châu", "closes_on": "31/12/2027", "price_kind": "fixed"}
    browser.post(f"/offers/{offer.id}/edit", data={**values, "version": offer.version})
    browser.post(f"/offers/{offer.id}/close", data={"version": only_offer().version})
    browser.post(f"/offers/{offer.id}/end", data={"version": only_offer().version, "reason": "quality"})
    assert (only_offer().state, only_offer().no_award) == (OfferState.NOT_AWARDED, NoAward.QUALITY)
    told = [row.text for row in db.session.scalars(select(Notice).filter_by(user_id=user.id).order_by(Notice.id))]
    assert len(told) == 3
    assert "changed its offer" in told[0]
    assert "closed its offer" in told[1]
    assert "without choosing" in told[2]


def test_ending_needs_a_reason_from_the_list(make: Factories, buyer: Any, browser: FlaskClient) -> None:
    offer = make.offer(buyer, closes_on=date(2026, 1, 1))
    make.commit()
    page = text_of(browser.get("/offers/mine"))
    assert "Hết hạn, chưa có kết quả" in page
    assert "Ghi kết quả" in page
    answer = browser.post(f"/offers/{offer.id}/end", data={"version": offer.version})
    assert answer.status_code == 422
    assert only_offer().state == OfferState.OPEN


def test_asking_from_a_product_is_prefilled_and_addressed(
    make: Factories, buyer: Any, browser: FlaskClient, client: FlaskClient
) -> None:
    seller = make.cooperative("HTX Được Hỏi")
    user = make.member(seller)
    product = make.product(seller, "Mật ong rừng", measure="lit")
    make.commit()
    assert client.get(f"/offers/ask/{product.id}").status_code == 303
    page = text_of(browser.get(f"/offers/ask/{product.id}"))
    assert 'value="Mật ong rừng"' in page
    assert "HTX Được Hỏi" in page
    post(browser, f"/offers/ask/{product.id}", buyer, what="Mật ong rừng", measure="lit")
    offer = only_offer()
    assert (offer.addressed_to_id, offer.product_id) == (seller.id, product.id)
    browser.post(f"/offers/{offer.id}/publish", data={"version": offer.version})
    told = db.session.scalars(select(Notice).filter_by(user_id=user.id)).one()
    assert "asks you for" in told.text
    assert told.url == f"/offers/{offer.id}"


def test_one_cannot_ask_oneself_or_for_what_is_hidden(make: Factories, buyer: Any, browser: FlaskClient) -> None:
    own = make.product(buyer, "Của mình")
    hidden = make.product(make.cooperative(), "Đã ẩn", state="hidden")
    make.commit()
    assert browser.get(f"/offers/ask/{own.id}").status_code == 404
    assert browser.get(f"/offers/ask/{hidden.id}").status_code == 404


def test_the_page_can_be_passed_on(make: Factories, buyer: Any, client: FlaskClient) -> None:
    offer = make.offer(buyer, "Chè khô", price=120_000_000, price_kind=PriceKind.FIXED)
    make.commit()
    page = text_of(client.get(f"/offers/{offer.id}"))
    assert "cần mua: Chè khô, 40 tấn" in page
    assert f"/offers/{offer.id}</textarea>" in page
    assert 'property="og:title"' in page


def test_lists_run_few_queries_whatever_their_length(
    app: Flask, make: Factories, buyer: Any, client: FlaskClient
) -> None:
    for number in range(30):
        make.offer(buyer, f"Gạo số {number}", months={date(2027, 9, 1): Decimal(40)}, group=Group.TP)
    make.commit()
    for path in ("/offers", "/offers?q=gao", "/offers?group=TP&month=9", "/offers?after=20"):
        assert count_queries(client, path) <= 6, path


def count_queries(browser: FlaskClient, path: str) -> int:
    """How many statements one page sends."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "ROLLBACK")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
