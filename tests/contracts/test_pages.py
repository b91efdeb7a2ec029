"""The pages in a browser's place: show, edit, open, sign, send back, end; who may not is told nothing."""

import html
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from marketplace.accounts.models import User
from marketplace.contracts.models import Contract, Signature
from marketplace.contracts.rules import ContractState, Method
from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.organisations.models import Mandate
from marketplace.web import clock
from tests.contracts import deals
from tests.factories import PASSWORD, Factories
from tests.files.samples import photo, plain_pdf

SignIn = Callable[[Any], FlaskClient]


def field(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no field {name}"
    return html.unescape(found[1])


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(html.unescape(answer.get_data(as_text=True)))


def contract(contract_id: int) -> Contract:
    """Read anew."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Contract, contract_id)
    assert found is not None
    return found


def test_the_page_shows_text_parties_value_and_whose_turn(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    page = text_of(sign_in(deal.farmer).get(f"/contracts/{number}"))
    assert deal.seller.name in page
    assert deal.buyer.name in page
    assert "500.000.000" in page
    assert f"/contracts/{number}/sign" in page
    assert f"/contracts/{number}/text" in page
    assert "Hợp đồng mua bán hàng hóa" in text_of(sign_in(deal.farmer).get(f"/contracts/{number}/text"))


@pytest.mark.parametrize("path", ["", "/edit", "/sign", "/document/1", "/preview", "/complete", "/attest", "/scan/1"])
def test_strangers_find_nothing(make: Factories, sign_in: SignIn, path: str) -> None:
    deal = deals.signed(make)
    stranger = make.member(make.cooperative())
    browser = sign_in(stranger)
    assert browser.get(f"/contracts/{deal.contract.id}{path}").status_code == 404
    assert browser.get(f"/contracts/999999{path}").status_code == 404


def test_officers_see_only_their_area_and_no_drafts(make: Factories, sign_in: SignIn) -> None:
    drawn, signed = deals.draft(make), deals.signed(make)
    here = sign_in(make.officer(make.unit("Xã Than Uyên")))
    there = sign_in(make.officer(make.unit("Xã Mường Kim")))
    drawn_id, signed_id = drawn.contract.id, signed.contract.id
    assert here.get(f"/contracts/{signed_id}").status_code == 200
    assert here.get(f"/contracts/{drawn_id}").status_code == 404
    assert there.get(f"/contracts/{signed_id}").status_code == 404
    assert there.get(f"/contracts/{signed_id}/attest").status_code == 404


def draft_values(page: str) -> dict[str, str]:
    """Every field of a form as a browser would send it back."""
    values = {}
    form = page[page.index("data-keep") :]
    for found in re.finditer(r'<input[^>]*name="([^"]+)"[^>]*>', form):
        tag = found[0]
        if 'type="checkbox"' in tag and "checked" not in tag:
            continue
        value = re.search(r'value="([^"]*)"', tag)
        values[found[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        values[name] = chosen[1] if chosen else ""
    for name, typed in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        values[name] = html.unescape(typed).strip()
    return values


def test_both_sides_edit_and_a_stale_page_is_refused(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    farmer, trader = sign_in(deal.farmer), sign_in(deal.trader)
    first = draft_values(farmer.get(f"/contracts/{number}/edit").get_data(as_text=True))
    second = draft_values(trader.get(f"/contracts/{number}/edit").get_data(as_text=True))
    assert first["lines-0-months-1-quantity"] == "8"
    answer = farmer.post(
        f"/contracts/{number}/edit",
        data={
            **first,
            "lines-0-quantity": "21",
            "lines-0-months-1-quantity": "9",
            "parties-0-bank": "123 Ngân hàng Thử",
        },
    )
    assert answer.status_code == 303, text_of(answer)
    found = contract(number)
    assert found.value == 525_000_000
    assert found.parties[0].bank == "123 Ngân hàng Thử"
    assert [row.quantity for row in found.lines[0].months] == [12, 9]
    assert found.lines[0].product_id is not None
    stale = trader.post(f"/contracts/{number}/edit", data={**second, "extra": "Điều khoản thêm"})
    assert stale.status_code == 409
    assert "Điều khoản thêm" in text_of(stale)


def test_lines_and_months_grow_without_script(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    values = draft_values(browser.get(f"/contracts/{number}/edit").get_data(as_text=True))
    page = browser.post(f"/contracts/{number}/edit", data={**values, "place": "Nơi mới", "more_lines": "1"})
    assert page.status_code == 200
    assert 'name="lines-1-name"' in text_of(page)
    assert "Nơi mới" in text_of(page)
    page = browser.post(f"/contracts/{number}/edit", data={**values, "more_months-0": "1"})
    assert 'name="lines-0-months-4-month"' in text_of(page)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"penalty_percent": "9"}, "8"),
        ({"lines-0-quantity": "mười"}, "lines-0-quantity-error"),
        ({"ends_on": "31/02/2027"}, "ends_on-error"),
        ({"starts_on": "01/05/2027", "ends_on": "01/04/2027"}, "error-summary"),
        ({"lines-0-months-1-quantity": "7"}, "error-summary"),
        ({"lines-0-months-1-month": "11/2026"}, "error"),
        ({"number": "x" * 300}, "number-error"),
        ({"payment_days": "-3"}, "payment_days-error"),
    ],
)
def test_wrong_input_gets_its_sentence_and_is_kept(
    make: Factories, sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    values = draft_values(browser.get(f"/contracts/{number}/edit").get_data(as_text=True))
    answer = browser.post(f"/contracts/{number}/edit", data={**values, **changes})
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    for typed in changes.values():
        assert typed in page
    assert contract(number).payment_days == 15


def test_decomposed_letters_are_composed(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    values = draft_values(browser.get(f"/contracts/{number}/edit").get_data(as_text=True))
    browser.post(f"/contracts/{number}/edit", data={**values, "lines-0-name": "Gạo Séng Cù"})
    assert contract(number).lines[0].name == "Gạo Séng Cù"


def open_in_browser(browser: FlaskClient, number: int, **data: Any) -> Any:
    """Fix the text by its form."""
    page = browser.get(f"/contracts/{number}/open-for-signing").get_data(as_text=True)
    values = {"key": field(page, "key"), "version": field(page, "version"), **data}
    return browser.post(f"/contracts/{number}/open-for-signing", data=values, content_type="multipart/form-data")


def test_opening_draws_a_pdf_with_the_code_to_check_it(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number, code = deal.contract.id, deal.contract.code
    browser = sign_in(deal.farmer)
    assert browser.get(f"/contracts/{number}/preview").data.startswith(b"%PDF")
    assert open_in_browser(browser, number).status_code == 303
    found = contract(number)
    assert found.state == ContractState.AWAITING
    pdf = browser.get(f"/contracts/{number}/document/1")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert browser.get(f"/verify/{code}").status_code == 200


def test_a_party_brings_its_own_file(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    browser = sign_in(deal.trader)
    wrong = open_in_browser(browser, number, own_file=(io.BytesIO(b"MZ not a pdf"), "hop-dong.pdf"))
    assert wrong.status_code == 422
    assert "own_file-error" in text_of(wrong)
    own = plain_pdf(2)
    assert open_in_browser(browser, number, own_file=(io.BytesIO(own), "hop-dong.pdf")).status_code == 303
    assert contract(number).own_text
    assert browser.get(f"/contracts/{number}/document/1").data == own


def test_what_cannot_be_printed_is_said(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make, extra="Ghi chú 中文")
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    answer = open_in_browser(browser, number)
    assert answer.status_code == 422
    assert "中" in text_of(answer)
    assert browser.get(f"/contracts/{number}/preview").status_code == 422
    assert contract(number).state == ContractState.DRAFT


def ink(browser: FlaskClient, number: int, **changes: Any) -> Any:
    """Sign on paper by the form."""
    page = browser.get(f"/contracts/{number}/sign").get_data(as_text=True)
    values = {
        "key": field(page, "key"),
        "digest": field(page, "digest"),
        "party_id": field(page, "party_id"),
        "signed_on": format_date(clock.today()),
        "scan": deals.pdf_upload(),
        **changes,
    }
    if isinstance(values["scan"], bytes):
        values["scan"] = (io.BytesIO(values["scan"]), "ky.pdf")
    return browser.post(f"/contracts/{number}/sign", data=values, content_type="multipart/form-data")


def test_ink_with_photos_then_the_same_paper(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    photos = [(io.BytesIO(photo(900, 1200)), f"trang-{page}.jpg") for page in (1, 2)]
    assert ink(sign_in(deal.farmer), number, scan=photos).status_code == 303
    assert contract(number).state == ContractState.AWAITING
    assert ink(sign_in(deal.trader), number, same_paper="y", scan=[]).status_code == 303
    found = contract(number)
    assert (found.state, found.signed_on) == (ContractState.SIGNED, clock.today())
    scans = {row.scan_id for row in found.documents[-1].signatures}
    assert len(scans) == 1
    signature = found.documents[-1].signatures[0]
    shown = sign_in(deal.trader).get(f"/contracts/{number}/scan/{signature.id}")
    assert shown.data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signed_on": "01/01/2099"}, "signed_on-error"),
        ({"signed_on": ""}, "signed_on-error"),
        ({"scan": []}, "scan-error"),
        ({"scan": b"<html>"}, "scan-error"),
    ],
)
def test_a_wrong_upload_or_date_signs_nothing(
    make: Factories, sign_in: SignIn, changes: dict[str, Any], words: str
) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    answer = ink(sign_in(deal.farmer), number, **changes)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert db.session.query(Signature).count() == 0


@pytest.mark.parametrize("typed", ["01/01/2099", "hôm qua", ""])
def test_the_scan_is_kept_while_the_date_is_corrected(make: Factories, sign_in: SignIn, typed: str) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    page = text_of(ink(browser, number, signed_on=typed))
    ticket = field(page, "kept")
    assert ticket
    stolen = ink(sign_in(deal.trader), number, kept=ticket, scan=[])
    assert stolen.status_code == 422
    assert ink(browser, number, kept=ticket, scan=[]).status_code == 303


def test_sent_twice_is_signed_once(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    assert ink(browser, number, key="one-key").status_code == 303
    values = {"key": "one-key", "digest": deals_digest(number), "party_id": party_id(number, 0)}
    again = browser.post(
        f"/contracts/{number}/sign",
        data={**values, "signed_on": format_date(clock.today()), "scan": deals.pdf_upload()},
        content_type="multipart/form-data",
    )
    assert again.status_code == 303
    assert db.session.query(Signature).count() == 1


def deals_digest(number: int) -> str:
    """Of the text that stands."""
    return contract(number).documents[-1].file_digest


def party_id(number: int, position: int) -> str:
    """Of one side."""
    return str(contract(number).parties[position].id)


def in_app(browser: FlaskClient, number: int, **changes: Any) -> Any:
    """Confirm in the application by the form."""
    page = browser.get(f"/contracts/{number}/sign").get_data(as_text=True)
    values = {
        "app-key": field(page, "app-key"),
        "app-digest": field(page, "app-digest"),
        "app-party_id": field(page, "app-party_id"),
        "app-password": PASSWORD,
        "app-agree": "y",
        **changes,
    }
    return browser.post(f"/contracts/{number}/confirm-in-app", data=values)


def test_in_the_application_after_the_password(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    wrong = in_app(browser, number, **{"app-password": "khong-dung-1"})
    assert wrong.status_code == 422
    assert "app-password-error" in text_of(wrong)
    assert in_app(browser, number, **{"app-agree": ""}).status_code == 422
    assert db.session.query(Signature).count() == 0
    assert in_app(browser, number).status_code == 303
    signature = contract(number).documents[-1].signatures[0]
    assert signature.method == Method.APP
    page = text_of(browser.get(f"/contracts/{number}"))
    assert "không phải chữ ký số" in page or "not a digital signature" in page


def test_an_address_and_a_number_that_nobody_proved_sign_nothing(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    db.session.execute(update(User).where(User.id == deal.farmer.id).values(email_proved_at=None, phone_proved_at=None))
    make.commit()
    browser = sign_in(deal.farmer)
    assert in_app(browser, number).status_code == 422
    assert db.session.query(Signature).count() == 0


def test_forged_parties_helpers_and_members_without_authority(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    clerk = make.member(deal.seller, authority=False)
    helper = make.officer(make.unit("Xã Than Uyên"))
    make.add(
        Mandate(
            organisation_id=deal.seller.id,
            helper_id=helper.id,
            granted_by_id=deal.farmer.id,
            granted_at=make.now,
            until=date(2099, 1, 1),
        )
    )
    other = party_id_of(deal, 1)
    farmer = sign_in(deal.farmer)
    assert ink(farmer, number, party_id=other).status_code == 404
    assert ink(farmer, number, party_id="x").status_code == 404
    assert ink(farmer, number, digest="0" * 64).status_code == 409
    for person in (clerk, helper):
        browser = sign_in(person)
        assert browser.get(f"/contracts/{number}").status_code == 200
        assert browser.get(f"/contracts/{number}/sign").status_code == 303
        assert browser.post(f"/contracts/{number}/confirm-in-app", data={}).status_code == 303
    # Who helps a party attests nothing of it.
    assert sign_in(helper).get(f"/contracts/{number}/attest").status_code == 404
    assert db.session.query(Signature).count() == 0


def party_id_of(deal: deals.Deal, position: int) -> str:
    """Of one side."""
    return str(deal.contract.parties[position].id)


def test_sending_back_needs_a_reason(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number, version = deal.contract.id, str(deal.contract.version)
    browser = sign_in(deal.trader)
    path = f"/contracts/{number}/request-changes"
    browser.post(path, data={"version": version})
    assert contract(number).state == ContractState.AWAITING
    browser.post(path, data={"version": version, "reason": "Sửa lại ngày giao"})
    assert contract(number).state == ContractState.DRAFT
    assert "Sửa lại ngày giao" in text_of(browser.get(f"/contracts/{number}"))
