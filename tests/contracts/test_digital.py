"""Signing digitally in a browser: the own key's file is checked, kept, sealed; a bad one is refused and recorded."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyhanko.pdf_utils.reader import PdfFileReader

from marketplace.clauses.terms import Side
from marketplace.contracts import evidence
from marketplace.contracts.models import Party
from marketplace.contracts.rules import ContractState, Method
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.files.service import read
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.signatures import seal
from marketplace.web import clock
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, contract, field, ink, text_of
from tests.contracts.test_races import at_once, bare
from tests.factories import Factories
from tests.signatures import attacks
from tests.signatures.pki import Holder, World
from tests.signatures.signer import sign, stamps


@pytest.fixture(scope="module")
def world() -> World:
    """Authorities of today, as the application reads the clock."""
    return World(clock.now())


@pytest.fixture
def trusting(app: Flask, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The operator has installed roots, the certificates between, and revocation lists."""
    files = world.write(tmp_path)
    settings: dict[str, Any] = {"trust_roots": files["roots"], "intermediates": files["intermediates"]}
    settings |= {"crls": files["crls"]}
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **settings))
    return app


def key_of(world: World, party: Party) -> Holder:
    """A token with the party's certificate."""
    return world.middle.party(party.tax_code or "", party.name[:60])


def offered(browser: FlaskClient, number: int) -> bytes:
    """The file that the page offers for signing."""
    page = browser.get(f"/contracts/{number}/sign-digitally").get_data(as_text=True)
    place = page.index('class="button" href="') + len('class="button" href="')
    answer = browser.get(page[place : page.index('"', place)])
    assert answer.status_code == 200
    return answer.data


def send(browser: FlaskClient, number: int, pdf: bytes, page: str | None = None) -> Any:
    """By the form."""
    page = page or browser.get(f"/contracts/{number}/sign-digitally").get_data(as_text=True)
    values = {name: field(page, name) for name in ("key", "digest", "party_id")}
    values["file"] = (io.BytesIO(pdf), "ky.pdf")
    return browser.post(f"/contracts/{number}/sign-digitally", data=values, content_type="multipart/form-data")


def refusals(number: int) -> list[str]:
    """What the ledger says of refused signatures."""
    rows = db.session.query(Entry).filter_by(subject=f"contract:{number}", event="contract:signature_refused")
    return [row.data["reason"] for row in rows.order_by(Entry.id)]


def test_both_sign_digitally_and_the_seal_follows(
    trusting: Flask, world: World, make: Factories, sign_in: SignIn
) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    keys = [key_of(world, party) for party in deal.sides]
    browsers = [sign_in(deal.farmer), sign_in(deal.trader)]
    issued = read(deal.contract.documents[-1].file)
    assert offered(browsers[0], number) == issued
    first = sign(issued, keys[0], name="A", moment=clock.now(), stamper=stamps(world.stamper, clock.now()))
    assert send(browsers[0], number, first).status_code == 303
    assert offered(browsers[1], number) == first, "the second signs what the first has signed"
    second = sign(first, keys[1], name="B", moment=clock.now())
    assert send(browsers[1], number, second).status_code == 303
    found = contract(number)
    document = found.documents[-1]
    assert found.state == ContractState.SIGNED
    assert {signature.method for signature in document.signatures} == {Method.DIGITAL}
    assert document.signed_file is not None
    assert read(document.signed_file) == second
    certificate = document.signatures[0].certificate
    assert certificate is not None
    assert certificate["serial"] == f"{keys[0].certificate.serial_number:X}"
    assert certificate["trusted_at"] is not None
    assert document.signatures[1].certificate is not None
    assert document.signatures[1].certificate["trusted_at"] is None
    assert document.final_file is not None
    sealed = read(document.final_file)
    assert sealed.startswith(second)
    assert len(PdfFileReader(io.BytesIO(sealed)).embedded_signatures) == 3
    assert refusals(number) == []
    page = text_of(browsers[0].get(f"/contracts/{number}"))
    assert certificate["serial"] in page
    assert "CA công cộng thử" in page
    assert page.count("Dấu thời gian tin cậy:") == 1
    assert page.count("Không có dấu thời gian tin cậy") == 1


def test_one_digitally_and_one_on_paper(trusting: Flask, world: World, make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number, seller = deal.contract.id, deal.sides[0]
    browser = sign_in(deal.farmer)
    signed = sign(offered(browser, number), key_of(world, seller), moment=clock.now())
    assert send(browser, number, signed).status_code == 303
    assert ink(sign_in(deal.trader), number).status_code == 303
    found = contract(number)
    assert found.state == ContractState.SIGNED
    document = found.documents[-1]
    assert {signature.method for signature in document.signatures} == {Method.DIGITAL, Method.WET_INK}
    assert document.final_file is not None
    assert read(document.final_file).startswith(signed), "what is sealed is the file with the digital signature"


def test_bad_files_are_refused_at_the_field_recorded_and_not_kept(
    trusting: Flask, world: World, make: Factories, sign_in: SignIn
) -> None:
    deal = deals.opened(make)
    number, (seller, buyer) = deal.contract.id, deal.sides
    own, others = key_of(world, seller), key_of(world, buyer)
    browser = sign_in(deal.farmer)
    issued = offered(browser, number)
    files = db.session.query(StoredFile).count()
    now = clock.now()
    expected = []
    for pdf, reason in (
        (issued, "no_signature"),
        (b"", "empty"),
        (b"khong phai PDF", "not_pdf"),
        (sign(issued, others, moment=now), "out_of_turn"),
        (sign(issued, world.other, moment=now), "other_party"),
        (sign(attacks.turned_page(issued), own, moment=now), "changed_before"),
        (attacks.turned_page(sign(issued, own, moment=now)), "changed_later"),
        (sign(issued, own, moment=now) + b"x", "trailing"),
    ):
        answer = send(browser, number, pdf)
        expected.append(f"digital:{reason}")
        assert answer.status_code == 422
        assert "file-error" in text_of(answer)
        assert refusals(number) == expected
    assert not contract(number).documents[-1].signatures
    assert db.session.query(StoredFile).count() == files
    assert "Traceback" not in text_of(answer)


def test_a_certificate_that_a_person_must_judge_signs_nothing(
    trusting: Flask, world: World, make: Factories, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(trusting.config, "SETTINGS", replace(trusting.config["SETTINGS"], crls=""))
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    signed = sign(offered(browser, number), key_of(world, deal.sides[0]), moment=clock.now())
    answer = send(browser, number, signed)
    assert answer.status_code == 422
    assert "danh sách thu hồi" in text_of(answer)
    assert refusals(number) == ["digital:no_revocation_information"]


def test_nothing_chosen_is_no_refusal(trusting: Flask, make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    browser = sign_in(deal.farmer)
    page = browser.get(f"/contracts/{deal.contract.id}/sign-digitally").get_data(as_text=True)
    values = {name: field(page, name) for name in ("key", "digest", "party_id")}
    answer = browser.post(f"/contracts/{deal.contract.id}/sign-digitally", data=values)
    assert answer.status_code == 422
    assert "file-error" in text_of(answer)
    assert refusals(deal.contract.id) == []


def test_who_signed_the_older_file_downloads_again(
    trusting: Flask, world: World, make: Factories, sign_in: SignIn
) -> None:
    deal = deals.opened(make)
    number, (seller, buyer) = deal.contract.id, deal.sides
    farmer, trader = sign_in(deal.farmer), sign_in(deal.trader)
    page = trader.get(f"/contracts/{number}/sign-digitally").get_data(as_text=True)
    issued = offered(farmer, number)
    first = sign(issued, key_of(world, seller), name="A", moment=clock.now())
    late = sign(issued, key_of(world, buyer), name="B", moment=clock.now())
    assert send(farmer, number, first).status_code == 303
    answer = send(trader, number, late, page)
    assert answer.status_code == 422
    assert "Hãy tải lại tệp" in text_of(answer)
    answer = send(trader, number, late)
    assert "bên khác đã ký số" in text_of(answer), "also when the page is newer than the file"
    assert refusals(number) == ["digital:stale", "digital:not_issued"]
    right = sign(first, key_of(world, buyer), name="B", moment=clock.now())
    assert send(trader, number, right, text_of(answer)).status_code == 303
    assert contract(number).state == ContractState.SIGNED


def test_two_files_at_the_same_moment(trusting: Flask, world: World, make: Factories, sign_in: SignIn) -> None:
    """Both signed the issued file; one is recorded, the other is told to take the newer one."""
    deal = deals.opened(make)
    number, sides = deal.contract.id, deal.sides
    browsers = [sign_in(deal.farmer), sign_in(deal.trader)]
    issued = offered(browsers[0], number)
    pages = [browser.get(f"/contracts/{number}/sign-digitally").get_data(as_text=True) for browser in browsers]
    files = [sign(issued, key_of(world, party), name="X", moment=clock.now()) for party in sides]
    threads = [bare(trusting, browser) for browser in browsers]
    db.session.remove()
    found = at_once(
        *(
            lambda b=b, f=f, p=p: send(b, number, f, p)  # type: ignore[misc]
            for b, f, p in zip(threads, files, pages, strict=True)
        )
    )
    assert sorted(found)[0] == 303
    assert sorted(found)[1] in (409, 422)
    document = contract(number).documents[-1]
    assert len(document.signatures) == 1
    assert document.signed_file is not None
    assert read(document.signed_file) in files
    assert len(refusals(number)) == 1


def test_out_of_the_fixed_order(trusting: Flask, world: World, make: Factories, sign_in: SignIn) -> None:
    """By a request that no page offers."""
    deal = deals.opened(make, ordered=True)
    number = deal.contract.id
    last = max(deal.sides, key=lambda party: party.signs_at or party.position)
    person = deal.farmer if last.side == Side.SELLER else deal.trader
    browser = sign_in(person)
    assert browser.get(f"/contracts/{number}/sign-digitally").status_code == 303
    digest, party_id = contract(number).documents[-1].file_digest, last.id
    values = {"key": "k", "digest": digest, "party_id": str(party_id), "file": (io.BytesIO(b"%PDF-1.7"), "x.pdf")}
    answer = browser.post(f"/contracts/{number}/sign-digitally", data=values, content_type="multipart/form-data")
    assert answer.status_code in (303, 422)
    assert refusals(number) == ["out_of_turn"]


def test_without_roots_seal_or_tax_code_the_page_says_what_goes_on(
    app: Flask, make: Factories, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    path = f"/contracts/{number}/sign-digitally"
    assert 'type="file"' not in text_of(browser.get(path))
    assert "quản trị viên" in text_of(browser.get(path))
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], trust_roots="/x"))
    assert 'type="file"' in text_of(browser.get(path))
    found = contract(number)
    found.parties[0].tax_code = None
    db.session.commit()
    page = text_of(browser.get(path))
    assert 'type="file"' not in page
    assert "mã số thuế" in page
    monkeypatch.setattr(seal, "ready", lambda now: seal.Readiness(False, seal.UNUSABLE["missing"], "missing"))
    page = text_of(browser.get(path))
    assert 'type="file"' not in page
    assert "trên giấy" in page


def test_the_evidence_page_names_nobodys_identity_card() -> None:
    """It is kept for ever; the tax code is what ties a certificate to a party."""
    subject = "C=VN,CN=Bùi Thị Ỷ+UID=CCCD:012345678901,UID=MST:0090000033,1.2.840.113549.1.9.1=#0c0a,O=HTX A\\, B"
    (_label, shown), *_rest = evidence.certificate_facts({"subject": subject})
    assert shown == "Bùi Thị Ỷ · MST 0090000033 · HTX A, B"


def test_a_missing_revocation_list_is_the_operators_and_the_file_is_good_once_it_is_there(
    trusting: Flask, world: World, make: Factories, sign_in: SignIn
) -> None:
    chief = make.user("Quản trị viên")
    chief.administrator = True
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    signed = sign(offered(browser, number), key_of(world, deal.sides[0]), moment=clock.now())
    whole = trusting.config["SETTINGS"]
    trusting.config["SETTINGS"] = replace(whole, crls="")
    try:
        answers = [text_of(send(browser, number, signed)) for _time in range(2)]
    finally:
        trusting.config["SETTINGS"] = whole
    assert "Hãy giữ tệp này" in answers[0]
    told = [row.text for row in db.session.query(Notice).filter_by(user_id=chief.id)]
    assert len(told) == 1
    assert "revocation list" in told[0]
    assert send(browser, number, signed).status_code == 303
