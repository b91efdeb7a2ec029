"""The template of a draft: pinned, chosen, upgraded on purpose; clauses left out, worded, and those nobody may touch."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.clauses import queries as templates
from marketplace.clauses import service as writing
from marketplace.contracts import service_drawing
from marketplace.contracts.models import Contract
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.offers.rules import LinkageForm
from tests.clauses.reading import plain_text
from tests.contracts import deals
from tests.contracts.test_pages import draft_values
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture
def shipped(make: Factories) -> None:
    """The templates that come with the application, in the database since a year."""
    writing.load(make.now - timedelta(days=365))


def published(make: Factories, code: str, title: str) -> Any:
    """A later version of a template with another printed title."""
    template = next(each for each in templates.templates() if each.code == code)
    administrator = make.user(administrator=True)
    version = writing.begin(template, actor=administrator, now=make.now)
    writing.change(version, {"title": title}, now=make.now)
    writing.publish(version, local_date(make.now), actor=administrator, now=make.now)
    return version


def words(contract_id: int) -> str:
    """The text as it reads now."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Contract, contract_id)
    assert found is not None
    return plain_text(service_drawing.written(found))


def test_a_draft_keeps_its_version_and_takes_a_newer_one_only_when_asked(
    make: Factories, sign_in: SignIn, shipped: None
) -> None:
    deal = deals.draft(make)
    number, old = deal.contract.id, deal.contract.template_id
    assert old is not None
    version = published(make, "goods_sale", "Hợp đồng mua bán (mới)")
    db.session.commit()
    assert "Hợp đồng mua bán hàng hóa" in words(number)
    browser = sign_in(deal.farmer)
    page = browser.get(f"/contracts/{number}/edit?clauses=1").get_data(as_text=True)
    values = draft_values(page)
    assert values["template_id"] == str(old)
    assert "bản 2" in html.unescape(page)
    browser.post(f"/contracts/{number}/edit", data={**values, "place": "Kho mới"})
    assert "Hợp đồng mua bán hàng hóa" in words(number)
    values = draft_values(browser.get(f"/contracts/{number}/edit?clauses=1").get_data(as_text=True))
    browser.post(f"/contracts/{number}/edit", data={**values, "template_id": str(version.id)})
    assert "Hợp đồng mua bán (mới)" in words(number)


def test_clauses_are_left_out_and_worded(make: Factories, sign_in: SignIn, shipped: None) -> None:
    deal = deals.draft(make)
    db.session.commit()
    number = deal.contract.id
    before = words(number)
    assert "hạn sử dụng và đổi trả" in before
    assert "Sử dụng nhãn hiệu" not in before
    browser = sign_in(deal.trader)
    values = draft_values(browser.get(f"/contracts/{number}/edit?clauses=1").get_data(as_text=True))
    keys = {values[name]: name.removesuffix("-key") for name in values if name.endswith("-key")}
    assert "payment" not in keys
    values.pop(f"{keys['label']}-stands")
    changes = {f"{keys['brand']}-stands": "y", f"{keys['cooperation']}-words": "Gọi {{ 7*7 }} {place}\nGặp mỗi vụ"}
    answer = browser.post(f"/contracts/{number}/edit", data={**values, **changes})
    assert answer.status_code == 303
    text = words(number)
    assert "đổi trả" not in text
    assert "Sử dụng nhãn hiệu" in text
    assert "Gọi {{ 7*7 }} {place}.\n" in text
    assert "Gặp mỗi vụ.\n" in text
    stored = db.session.get(Contract, number).wording
    assert set(stored["free"]) == {"cooperation"}


def test_a_free_clause_left_as_proposed_goes_on_following_the_template(
    make: Factories, sign_in: SignIn, shipped: None
) -> None:
    deal = deals.draft(make)
    db.session.commit()
    browser = sign_in(deal.trader)
    values = draft_values(browser.get(f"/contracts/{deal.contract.id}/edit?clauses=1").get_data(as_text=True))
    browser.post(f"/contracts/{deal.contract.id}/edit", data={**values, "place": "Kho"})
    assert db.session.get(Contract, deal.contract.id).wording["free"] == {}


@pytest.mark.parametrize("forged", ["payment", "further", "no_such", ""])
def test_a_locked_clause_is_worded_by_nobody(make: Factories, sign_in: SignIn, shipped: None, forged: str) -> None:
    deal = deals.draft(make)
    db.session.commit()
    browser = sign_in(deal.trader)
    values = draft_values(browser.get(f"/contracts/{deal.contract.id}/edit?clauses=1").get_data(as_text=True))
    forgery = {"clauses-40-key": forged, "clauses-40-words": "Bên B không phải trả tiền"}
    answer = browser.post(f"/contracts/{deal.contract.id}/edit", data={**values, **forgery})
    assert answer.status_code == 422
    assert "không phải trả tiền" not in words(deal.contract.id)


def test_the_template_follows_the_kind_and_another_kind_is_refused(
    make: Factories, sign_in: SignIn, shipped: None
) -> None:
    deal = deals.draft(make)
    offtake = next(each for each in templates.choices(local_date(make.now)) if each.template.code == "offtake")
    db.session.commit()
    browser, number = sign_in(deal.trader), deal.contract.id
    values = draft_values(browser.get(f"/contracts/{number}/edit?clauses=1").get_data(as_text=True))
    answer = browser.post(f"/contracts/{number}/edit", data={**values, "template_id": str(offtake.id)})
    assert answer.status_code == 422
    linked = {**values, "linkage_form": LinkageForm.F4_INPUT_PROD_SALE}
    assert browser.post(f"/contracts/{number}/edit", data=linked).status_code == 303
    assert "Hợp đồng liên kết sản xuất" in words(number)
    values = draft_values(browser.get(f"/contracts/{number}/edit?clauses=1").get_data(as_text=True))
    answer = browser.post(f"/contracts/{number}/edit", data={**values, "template_id": str(offtake.id)})
    assert answer.status_code == 303
    assert "Hợp đồng bao tiêu nông sản" in words(number)


def test_rarer_terms_stand_in_the_text(make: Factories, sign_in: SignIn, shipped: None) -> None:
    deal = deals.draft(make)
    db.session.commit()
    browser, number = sign_in(deal.trader), deal.contract.id
    values = draft_values(browser.get(f"/contracts/{number}/edit?clauses=1").get_data(as_text=True))
    rarer = {
        "packaging": "bao 25 kg",
        "inspection": "cân điện tử tại kho",
        "deduction": "ẩm trên 14% trừ 1% mỗi độ",
        "tolerance": "5",
        "transport": "buyer",
        "vat": "included",
        "venue": "arbitration",
        "arbitration": "Trung tâm Trọng tài Minh Họa",
        "signing_place": "xã Than Uyên",
        "copies": "6",
        "lines-0-variety": "Séng Cù",
    }
    assert browser.post(f"/contracts/{number}/edit", data={**values, **rarer}).status_code == 303
    text = words(number)
    for expected in (
        "bao 25 kg.",
        "cân điện tử tại kho.",
        "ẩm trên 14% trừ 1% mỗi độ;",
        "± 5%",
        "Bên B tổ chức vận chuyển và chịu chi phí vận chuyển",
        "đã bao gồm thuế giá trị gia tăng",
        "Trung tâm Trọng tài Minh Họa giải quyết",
        "tại xã Than Uyên",
        "06 bản",
        "Giống: Séng Cù",
    ):
        assert expected in text, expected
    assert "Tòa án" not in text


def test_without_templates_in_the_database_the_shipped_ones_serve(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    db.session.commit()
    assert deal.contract.template is None
    assert "Hợp đồng mua bán hàng hóa" in words(deal.contract.id)
    browser = sign_in(deal.trader)
    values = draft_values(browser.get(f"/contracts/{deal.contract.id}/edit?clauses=1").get_data(as_text=True))
    assert browser.post(f"/contracts/{deal.contract.id}/edit", data={**values, "place": "Kho"}).status_code == 303


def test_template_and_clauses_come_when_asked_for_and_keep_what_was_typed(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    browser = sign_in(deal.trader)
    page = browser.get(f"/contracts/{number}/edit").get_data(as_text=True)
    assert 'name="more_clauses"' in page
    assert 'name="template_id"' not in page
    asked = {**draft_values(page), "place": "Kho vừa gõ", "more_clauses": "1"}
    shown = browser.post(f"/contracts/{number}/edit", data=asked).get_data(as_text=True)
    assert "Kho vừa gõ" in shown
    assert 'name="template_id"' in shown
    assert draft_values(shown).items() >= {"clauses-0-key": draft_values(shown)["clauses-0-key"]}.items()
    more = browser.post(f"/contracts/{number}/edit", data={**draft_values(shown), "more_lines": "1"})
    assert more.get_data(as_text=True).count('name="clauses-0-key"') == 1
    # Saved without them, the choice made before stays.
    values = draft_values(browser.get(f"/contracts/{number}/edit?clauses=1").get_data(as_text=True))
    left_out = {name: value for name, value in values.items() if not name.endswith("-stands")}
    assert browser.post(f"/contracts/{number}/edit", data=left_out).status_code == 303
    before = dict(db.session.get_one(Contract, number).wording)
    assert not any(before["chosen"].values())
    values = draft_values(browser.get(f"/contracts/{number}/edit").get_data(as_text=True))
    assert browser.post(f"/contracts/{number}/edit", data={**values, "place": "Kho"}).status_code == 303
    db.session.expire_all()
    assert dict(db.session.get_one(Contract, number).wording) == before


def test_a_draft_of_the_time_before_templates_gets_the_usual_one_with_its_next_edit(
    make: Factories, sign_in: SignIn
) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    writing.load(make.now - timedelta(days=1))
    db.session.commit()
    browser = sign_in(deal.trader)
    values = draft_values(browser.get(f"/contracts/{number}/edit").get_data(as_text=True))
    assert browser.post(f"/contracts/{number}/edit", data={**values, "place": "Kho"}).status_code == 303
    db.session.expire_all()
    assert db.session.get(Contract, number).template.template.code == "goods_sale"
