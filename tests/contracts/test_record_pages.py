"""Recording from paper in a browser's place, confirming, attesting, classifying; the officers' queue; the public check."""

import io
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.clauses.terms import ContractKind
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.rules import Kind
from marketplace.promotion.models import TradeEvent
from marketplace.promotion.rules import EventKind, EventState, Reach
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, contract, field, text_of
from tests.factories import Factories
from tests.files.samples import plain_pdf

PAPER = {
    "side": "seller",
    "lines-0-name": "Chè Thử",
    "lines-0-quantity": "3",
    "lines-0-measure": "tan",
    "lines-0-price": "45tr",
    "lines-0-price_kind": "fixed",
    "signed_on": "05/03/2026",
    "fixes_quantity": "yes",
    "fixes_price": "yes",
    "number": "08/2026/HĐMB",
}


def record(browser: FlaskClient, path: str = "/contracts/record", **changes: Any) -> Any:
    """Send the form with a scan; a value of None leaves the field out."""
    page = browser.get(path).get_data(as_text=True)
    values = {"key": field(page, "key"), "scan": deals.pdf_upload(), **PAPER, **changes}
    if isinstance(values["scan"], bytes):
        values["scan"] = (io.BytesIO(values["scan"]), "anh.gif")
    data = {name.replace("__", "-"): value for name, value in values.items() if value is not None}
    return browser.post(path, data=data, content_type="multipart/form-data")


def only() -> Contract:
    """The one contract there is."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Contract).one()


def event(make: Factories) -> TradeEvent:
    """A fair in Than Uyên."""
    unit = make.unit("Xã Than Uyên")
    return make.add(
        TradeEvent(
            name="Tuần hàng Thử",
            kind=next(iter(EventKind)),
            reach=next(iter(Reach)),
            place="Quảng trường Thử",
            starts_on=make.now.date(),
            ends_on=make.now.date(),
            organiser="UBND xã",
            organiser_unit_id=unit.id,
            state=EventState.OPEN,
            created_at=make.now,
        )
    )


def test_a_minute_at_the_booth(make: Factories, sign_in: SignIn) -> None:
    farmer, fair = make.member(make.cooperative()), event(make)
    browser = sign_in(farmer)
    number = fair.id
    assert f"/contracts/record?event={number}" in text_of(browser.get(f"/events/{number}"))
    answer = record(browser, f"/contracts/record?event={number}", other__name="Công ty Ở Xa", event_id=str(number))
    assert answer.status_code == 303, text_of(answer)
    found = only()
    assert (found.state, found.event_id, found.kind) == (ContractState.RECORDED, number, ContractKind.SALE)
    assert found.value == 135_000_000
    assert [party.name for party in found.parties][1] == "Công ty Ở Xa"


def test_the_other_party_is_found_by_its_tax_code_and_confirms(make: Factories, sign_in: SignIn) -> None:
    farmer, buyer = make.member(make.cooperative()), make.company()
    trader, code = make.member(buyer), buyer.tax_code
    browser = sign_in(farmer)
    assert record(browser, other__tax_code=code).status_code == 303
    found = only()
    number, version = found.id, str(found.version)
    assert found.parties[1].organisation_id == buyer.id
    assert browser.post(f"/contracts/{number}/confirm", data={"version": version}).status_code in (303, 404)
    assert contract(number).state == ContractState.RECORDED
    other = sign_in(trader)
    assert f"/contracts/{number}/confirm" in text_of(other.get(f"/contracts/{number}"))
    assert other.post(f"/contracts/{number}/confirm", data={"version": version}).status_code == 303
    assert contract(number).state == ContractState.SIGNED


def test_several_of_that_name_are_offered_to_choose_from(make: Factories, sign_in: SignIn) -> None:
    farmer = make.member(make.cooperative())
    first, second = make.company("Công ty TNHH Minh Họa Một"), make.company("Công ty TNHH Minh Họa Hai")
    browser = sign_in(farmer)
    answer = record(browser, other__name="Minh Họa")
    page = text_of(answer)
    assert answer.status_code == 422
    assert first.name in page
    assert second.name in page
    ticket = field(page, "kept")
    answer = record(browser, other__name="Minh Họa", other__known=str(second.id), kept=ticket, scan=None)
    assert answer.status_code == 303, text_of(answer)
    assert only().parties[1].organisation_id == second.id


def test_a_choice_that_was_not_offered_does_not_exist(make: Factories, sign_in: SignIn) -> None:
    farmer, hidden = make.member(make.cooperative()), make.company("Công ty Ẩn", verified=False)
    browser = sign_in(farmer)
    assert record(browser, other__name="Minh Họa", other__known=str(hidden.id)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"other__name": ""}, "other-name-error"),
        ({"other__tax_code": "123"}, "other-tax_code-error"),
        ({"other__tax_code": "012345678901"}, "other-tax_code-error"),
        ({"signed_on": "05/03/2099"}, "signed_on-error"),
        ({"signed_on": "hôm qua"}, "signed_on-error"),
        ({"fixes_price": None}, "fixes_price-error"),
        ({"side": None}, "side-error"),
        ({"lines-0-quantity": "nhiều"}, "lines-0-quantity-error"),
        ({"lines-0-name": ""}, "lines-0-name-error"),
        ({"scan": None}, "scan-error"),
        ({"scan": b"GIF89a"}, "scan-error"),
        ({"other__name": "x" * 300}, "other-name-error"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    make: Factories, sign_in: SignIn, changes: dict[str, Any], words: str
) -> None:
    browser = sign_in(make.member(make.cooperative()))
    answer = record(browser, **{"other__name": "Công ty Ở Xa", **changes})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert db.session.query(Contract).count() == 0


def test_the_same_paper_twice(make: Factories, sign_in: SignIn) -> None:
    seller, buyer = make.cooperative(), make.company()
    farmer, trader = make.member(seller), make.member(buyer)
    codes = seller.tax_code, buyer.tax_code
    assert record(sign_in(farmer), other__tax_code=codes[1]).status_code == 303
    again = record(sign_in(trader), side="buyer", other__tax_code=codes[0])
    assert again.status_code == 422
    assert "number-error" in text_of(again)
    assert only().state == ContractState.RECORDED


def test_an_officer_records_and_attests_at_once(make: Factories, sign_in: SignIn) -> None:
    seller = make.cooperative(unit=make.unit("Xã Than Uyên"))
    code = seller.tax_code
    browser = sign_in(make.officer(make.unit("Xã Than Uyên")))
    given = {"seller__tax_code": code, "buyer__name": "Công ty Ở Xa", "seen_original": "y"}
    assert record(browser, **given).status_code == 303
    assert only().state == ContractState.SIGNED


def test_an_officer_of_elsewhere_records_nothing_here(make: Factories, sign_in: SignIn) -> None:
    code = make.cooperative(unit=make.unit("Xã Than Uyên")).tax_code
    browser = sign_in(make.officer(make.unit("Xã Mường Kim")))
    answer = record(browser, seller__tax_code=code, buyer__name="Công ty Ở Xa")
    assert answer.status_code == 422
    assert db.session.query(Contract).count() == 0


def test_the_queue_of_officers(make: Factories, sign_in: SignIn) -> None:
    deal = deals.recorded(make)
    number, version, name = deal.contract.id, str(deal.contract.version), deal.seller.name
    here = sign_in(make.officer(make.unit("Xã Than Uyên")))
    there = sign_in(make.officer(make.unit("Xã Mường Kim")))
    assert name in text_of(here.get("/contracts/to-attest"))
    assert name in text_of(here.get("/contracts/to-attest?what=paper"))
    assert name not in text_of(here.get("/contracts/to-attest?what=app"))
    assert name not in text_of(there.get("/contracts/to-attest"))
    assert there.post(f"/contracts/{number}/attest", data={"version": version, "seen_original": "y"}).status_code == 404
    assert here.post(f"/contracts/{number}/attest", data={"version": version}).status_code == 422
    done = here.post(f"/contracts/{number}/attest", data={"version": version, "seen_original": "y"})
    assert done.status_code == 303
    assert contract(number).state == ContractState.SIGNED
    assert name not in text_of(here.get("/contracts/to-attest"))


def test_an_officer_classifies_anew(make: Factories, sign_in: SignIn) -> None:
    deal = deals.recorded(make)
    number, version = deal.contract.id, str(deal.contract.version)
    browser = sign_in(make.officer(make.unit("Xã Than Uyên")))
    answer = browser.post(
        f"/contracts/{number}/reclassify", data={"version": version, "will": "y", "reason": "Chỉ là biên bản"}
    )
    assert answer.status_code == 303
    assert contract(number).kind == ContractKind.MEMORANDUM
    assert "Chỉ là biên bản" in text_of(browser.get(f"/contracts/{number}"))


def test_the_other_party_may_say_no(make: Factories, sign_in: SignIn) -> None:
    deal = deals.recorded(make)
    number, version = deal.contract.id, str(deal.contract.version)
    data = {"version": version, "reason": "Không phải của chúng tôi"}
    assert sign_in(deal.farmer).post(f"/contracts/{number}/reject", data=data).status_code == 404
    assert sign_in(deal.trader).post(f"/contracts/{number}/reject", data=data).status_code == 303
    assert contract(number).state == ContractState.DECLINED


# The public check -------------------------------------------------------------------------------------------------


def test_the_public_check_says_what_it_may_and_nothing_more(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make)
    code, seller = deal.contract.code, deal.seller.name
    secrets = [deal.farmer.name, "25.000.000", "500.000.000", "Bùi Thị Ỷ", "20 tấn"]
    for spelling in (code, code.lower(), f"{code[:5]}-{code[5:]}"):
        answer = client.post("/verify", data={"code": spelling})
        assert answer.status_code == 303
        assert answer.location == f"/verify/{code}"
    page = text_of(client.get(f"/verify/{code}"))
    assert seller in page
    assert "01/2026/HĐMB" in page
    assert "15/10/2026" in page
    for secret in secrets:
        assert secret not in page


@pytest.mark.parametrize("state", ["draft", "recorded"])
def test_drafts_and_mere_records_have_no_public_page(make: Factories, client: FlaskClient, state: str) -> None:
    deal = deals.draft(make) if state == "draft" else deals.recorded(make)
    code = deal.contract.code
    assert client.get(f"/verify/{code}").status_code == 404
    assert client.post("/verify", data={"code": code}).status_code == 422


def test_a_household_business_is_not_named(make: Factories, client: FlaskClient) -> None:
    deal = deals.opened(make)
    deal.seller.kind = Kind.HOUSEHOLD
    deal.sides[0].name = "Hộ kinh doanh Bùi Thị Ỷ"
    code = deal.contract.code
    forget_capacities()
    page = text_of(client.get(f"/verify/{code}"))
    assert "Bùi Thị Ỷ" not in page
    assert "Xã Than Uyên" in page


def test_a_file_matches_or_does_not(make: Factories, client: FlaskClient) -> None:
    deal = deals.signed(make)
    code = deal.contract.code
    issued = plain_pdf()

    def compare(data: bytes) -> str:
        answer = client.post(f"/verify/{code}", data={"file": (io.BytesIO(data), "x.pdf")})
        assert answer.status_code == 200
        return text_of(answer)

    assert 'class="notice notice-good"' in compare(issued)
    assert 'class="state-big state-big-problem"' in compare(issued + b"\n")
    assert client.post(f"/verify/{code}", data={}).status_code == 422
    answer = client.post("/verify", data={"file": (io.BytesIO(issued), "x.pdf")})
    assert answer.location == f"/verify/{code}?digest={sha256(issued).hexdigest()}"
    assert client.post("/verify", data={"file": (io.BytesIO(b"other"), "x.pdf")}).status_code == 422
    assert client.post("/verify", data={"code": "KHONGCO"}).status_code == 422
    assert client.get("/verify/KHONGCO").status_code == 404


def test_several_sellers_on_one_paper(make: Factories, sign_in: SignIn) -> None:
    first, second = make.cooperative("HTX Nhất"), make.cooperative("HTX Nhì", unit=make.unit("Xã Mường Kim"))
    buyer = make.company("Công ty TNHH Mua Chung")
    people = [make.member(each) for each in (first, second, buyer)]
    make.commit()
    browsers = [sign_in(person) for person in people]
    grown = record(browsers[0], other__name=buyer.name, more_sellers="1")
    assert "Thêm một bên bán cùng đứng tên" in text_of(grown)
    assert 'name="beside-0-name"' in text_of(grown)
    twice = record(browsers[0], other__name=buyer.name, beside__0__name=buyer.name)
    assert twice.status_code == 422
    assert "Mỗi bên chỉ đứng tên một lần" in text_of(twice)
    done = record(browsers[0], other__name=buyer.name, beside__0__name="htx nhi")
    assert done.status_code == 303
    made = only()
    assert [(party.name, party.side, party.recorded) for party in made.parties] == [
        ("HTX Nhất", "seller", True),
        ("HTX Nhì", "seller", False),
        ("Công ty TNHH Mua Chung", "buyer", False),
    ]
    assert len(made.documents[-1].signatures) == 3
    confirm, version = f"/contracts/{made.id}/confirm", {"version": str(made.version)}
    assert browsers[1].get(f"/contracts/{made.id}").status_code == 200
    assert browsers[1].post(confirm, data=version).status_code in (303, 404)
    assert only().state == ContractState.RECORDED
    assert browsers[2].post(confirm, data=version).status_code == 303
    assert only().state == ContractState.SIGNED
    assert len({party.seat_id for party in only().parties if party.side == "seller"}) == 2


def test_a_recorded_paper_is_attested_as_a_paper(make: Factories, sign_in: SignIn) -> None:
    deal = deals.recorded(make)
    for signature in deal.contract.documents[-1].signatures:
        db.session.delete(signature)
    officer = make.officer(deal.seller.unit)
    make.commit()
    page = sign_in(officer).get(f"/contracts/{deal.contract.id}/attest").get_data(as_text=True)
    assert "không có bản giấy" not in page
