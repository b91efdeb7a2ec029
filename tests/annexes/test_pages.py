"""Later papers through the real pages: drafted, fixed, signed in both ways, seen and not seen, and what is refused."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.annexes.models import Paper
from marketplace.annexes.rules import AnnexReason, PaperState
from marketplace.clauses.documents import render_pdf
from marketplace.contracts.models import Change, Contract
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.ledger.models import Entry
from marketplace.web import clock
from tests.annexes import papers
from tests.annexes.papers import DEARER, annex
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, field, text_of
from tests.factories import PASSWORD, Factories

TODAY = clock.today()


@pytest.fixture
def deal(make: Factories) -> deals.Deal:
    """A contract in force today, signed by both."""
    make.now = datetime.now(UTC)
    made = deals.signed(make, starts_on=None, ends_on=TODAY + timedelta(days=50))
    make.commit()
    return made


def paper(series: int = 1) -> Paper:
    """As it stands now."""
    db.session.expire_all()
    return db.session.query(Paper).filter_by(series=series).one()


def filled(page: str, **values: str) -> dict[str, str]:
    """Every field of the page's own form as a browser would send it, with these values typed over."""
    form = max(re.findall(r"<form method=\"post\".*?</form>", page, re.S), key=len)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = value[1] if value else ""
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', form):
        found[name] = value.strip()
    return found | values


def create(browser: FlaskClient, number: int, reason: str, **values: str) -> Any:
    """Open the form of this reason and send it."""
    path = f"/contracts/{number}/annexes/new?reason={reason}"
    return browser.post(path, data=filled(text_of(browser.get(path)), **values))


def open_text(browser: FlaskClient, base: str) -> Any:
    """Fix the text, with the version on the page."""
    return browser.post(f"{base}/open-for-signing", data={"version": field(text_of(browser.get(base)), "version")})


def confirm(browser: FlaskClient, base: str, **values: str) -> Any:
    """Confirm in the application."""
    page = text_of(browser.get(f"{base}/sign"))
    data = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    data |= {"app-password": PASSWORD, "app-agree": "y", **values}
    return browser.post(f"{base}/confirm-in-app", data=data)


def test_from_the_reason_to_both_signatures(deal: deals.Deal, sign_in: SignIn) -> None:
    number = deal.contract.id
    seller, buyer = sign_in(deal.farmer), sign_in(deal.trader)
    assert "annexes/new" in text_of(seller.get(f"/contracts/{number}"))
    assert "reason=price" in text_of(seller.get(f"/contracts/{number}/annexes/new"))
    day = format_date(TODAY + timedelta(days=20))
    nothing = create(seller, number, "price", effective_on=day)
    assert nothing.status_code == 422
    assert "26.500.000" in text_of(
        create(seller, number, "price", **{"lines-0-price": "26.500.000", "effective_on": "x"})
    )
    done = create(seller, number, "price", **{"lines-0-price": "26,5tr", "effective_on": day})
    assert done.status_code == 303
    base = f"/contracts/{number}/annexes/1"
    assert done.location.endswith(base)
    page = text_of(buyer.get(base))
    assert "25.000.000 đồng" in page
    assert "26.500.000 đồng" in page
    pdf = buyer.get(f"{base}/preview")
    assert pdf.data.startswith(b"%PDF")
    assert open_text(buyer, base).status_code == 303
    assert paper().state == PaperState.AWAITING
    assert seller.get(f"{base}/document/1").data.startswith(b"%PDF")
    wrong = confirm(seller, base, **{"app-password": "nonsense"})
    assert wrong.status_code == 422
    assert confirm(seller, base).status_code == 303
    assert seller.get(f"{base}/sign").status_code == 303
    ink = text_of(buyer.get(f"{base}/sign"))
    data = {name: field(ink, name) for name in ("key", "digest", "party_id")}
    data |= {"signed_on": format_date(TODAY)}
    assert buyer.post(f"{base}/sign", data=data).status_code == 422
    scan = {**data, "scan": deals.pdf_upload()}
    assert buyer.post(f"{base}/sign", data=scan, content_type="multipart/form-data").status_code == 303
    signed = paper()
    assert (signed.state, signed.effective_on) == (PaperState.SIGNED, TODAY + timedelta(days=20))
    assert db.session.query(Change).one().number == "PL01"
    assert signed.documents[-1].final_file_id is not None
    last = signed.documents[-1]
    papers_of = f"/contracts/{number}/papers/{last.id}"
    for path in (f"{papers_of}/sealed", f"{papers_of}/evidence", f"{base}/scan/{last.signatures[1].id}"):
        assert path in text_of(buyer.get(base))
        assert buyer.get(path).data.startswith(b"%PDF")
    history = text_of(buyer.get(f"/contracts/{number}"))
    assert "PL01" in history


def test_a_forged_field_is_refused(deal: deals.Deal, sign_in: SignIn) -> None:
    browser = sign_in(deal.farmer)
    for forged in (
        {"ends_on": "31/12/2099"},
        {"clause": "Bên B trả gấp đôi"},
        {"lines-0-quantity": "99"},
        {"payment_days": "365"},
        {"lines-0-months-0-month": "01/2030", "lines-0-months-0-quantity": "1"},
    ):
        done = create(browser, deal.contract.id, "price", **{"lines-0-price": "26.000.000", **forged})
        assert done.status_code == 422, forged
    assert db.session.query(Paper).count() == 0


def test_who_is_of_no_party_sees_nothing_and_officials_no_draft(
    make: Factories, deal: deals.Deal, sign_in: SignIn
) -> None:
    officer = make.officer(make.unit("Xã Than Uyên"))
    papers.draft(deal, annex(AnnexReason.PRICE, DEARER, TODAY), make.now)
    make.commit()
    number = deal.contract.id
    base = f"/contracts/{number}/annexes/1"
    stranger, official = sign_in(make.member(make.company())), sign_in(officer)
    clerk = sign_in(make.member(deal.seller, authority=False))
    for path in (base, f"{base}/edit", f"{base}/preview", f"/contracts/{number}/terms", f"{base}/sign"):
        assert stranger.get(path).status_code == 404, path
    assert official.get(base).status_code == 404
    assert official.get(f"/contracts/{number}/terms").status_code == 200
    assert clerk.get(base).status_code == 200
    assert clerk.get(f"{base}/edit").status_code == 200
    for path in ("/annexes/2", "/annexes/1/document/1", "/annexes/1/scan/9", "/annexes/1/attest"):
        assert sign_in(deal.farmer).get(f"/contracts/{number}{path}").status_code in (403, 404), path


def test_sending_back_and_dropping_need_a_reason(make: Factories, deal: deals.Deal, sign_in: SignIn) -> None:
    later = papers.draft(deal, annex(AnnexReason.PRICE, DEARER, TODAY), make.now)
    papers.open_text(later, make.now)
    make.commit()
    base, browser = f"/contracts/{deal.contract.id}/annexes/1", sign_in(deal.trader)
    version = {"version": str(paper().version)}
    browser.post(f"{base}/request-changes", data=version)
    assert paper().state == PaperState.AWAITING
    assert browser.post(f"{base}/request-changes", data={"version": "99", "reason": "x"}).status_code == 409
    browser.post(f"{base}/request-changes", data={**version, "reason": "Giá cao quá"})
    assert paper().state == PaperState.DRAFT
    assert "Giá cao quá" in text_of(browser.get(base))
    done = filled(text_of(browser.get(f"{base}/edit")), **{"lines-0-price": "25.500.000"})
    assert browser.post(f"{base}/edit", data=done).status_code == 303
    assert paper().terms["lines"]["1"]["price"] == 25_500_000
    browser.post(f"{base}/cancel", data={"version": str(paper().version), "reason": "Thôi"})
    assert paper().state == PaperState.CANCELLED


def test_a_renewal_is_proposed_near_the_end_with_its_dates(deal: deals.Deal, sign_in: SignIn) -> None:
    number, browser = deal.contract.id, sign_in(deal.farmer)
    assert "reason=term&renew=1" in text_of(browser.get(f"/contracts/{number}"))
    page = text_of(browser.get(f"/contracts/{number}/annexes/new?reason=term&renew=1"))
    assert field(page, "effective_on") == format_date(TODAY + timedelta(days=50))
    assert browser.post(f"/contracts/{number}/annexes/new?reason=term", data=filled(page)).status_code == 303
    assert paper().terms["ends_on"] > (TODAY + timedelta(days=50)).isoformat()


def test_months_grow_without_script(deal: deals.Deal, sign_in: SignIn) -> None:
    browser = sign_in(deal.farmer)
    path = f"/contracts/{deal.contract.id}/annexes/new?reason=schedule"
    page = text_of(browser.get(path))
    grown = text_of(browser.post(path, data=filled(page, **{"more_months-0": "1"})))
    assert len(re.findall(r'<input[^>]*-month"', grown)) > len(re.findall(r'<input[^>]*-month"', page))


def test_terms_on_a_day_say_by_which_annex(make: Factories, deal: deals.Deal, sign_in: SignIn) -> None:
    start = TODAY + timedelta(days=10)
    papers.signed(deal, annex(AnnexReason.PRICE, DEARER, start), make.now)
    make.commit()
    browser = sign_in(deal.trader)
    path = f"/contracts/{deal.contract.id}/terms"
    today = text_of(browser.get(path))
    assert "25.000.000" in today
    assert "27.000.000" not in today
    later = text_of(browser.get(f"{path}?on={format_date(start)}"))
    assert "27.000.000" in later
    assert format_date(start) in later
    assert "25.000.000" not in later
    draft = deals.draft(make)
    make.commit()
    assert sign_in(draft.trader).get(f"/contracts/{draft.contract.id}/terms").status_code == 404
    wrong = browser.get(f"{path}?on=31/02/2026")
    assert wrong.status_code == 200
    assert "aria-invalid" in text_of(wrong)


def test_minutes_are_calculated_saved_signed_and_settle(make: Factories, deal: deals.Deal, sign_in: SignIn) -> None:
    number, seller = deal.contract.id, sign_in(deal.farmer)
    assert seller.get(f"/contracts/{number}/annexes/settlement").status_code == 404
    deal.contract.state, deal.contract.ended_on = ContractState.COMPLETED, TODAY
    make.commit()
    path = f"/contracts/{number}/annexes/settlement"
    typed = {"lines-0-quantity": "20", "lines-0-value": "500.000.000", "paid": "450tr", "buyer_owes": "40tr"}
    page = text_of(seller.get(path))
    shown = seller.post(path, data=filled(page, **typed, calculate="1"))
    assert db.session.query(Paper).count() == 0
    assert "50.000.000 đ" in text_of(shown)
    done = seller.post(path, data=filled(page, **{**typed, "pay_by": format_date(TODAY), "buyer_owes": "50tr"}))
    assert done.status_code == 303
    base = f"/contracts/{number}/annexes/1"
    assert paper().terms["buyer_owes"] == 50_000_000
    assert open_text(seller, base).status_code == 303
    for person in (deal.farmer, deal.trader):
        assert confirm(sign_in(person), base).status_code == 303
    assert paper().state == PaperState.SIGNED
    assert db.session.get(Contract, number).state == ContractState.SETTLED


def test_somebody_without_authority_is_refused_and_noted(make: Factories, deal: deals.Deal, sign_in: SignIn) -> None:
    later = papers.draft(deal, annex(AnnexReason.PRICE, DEARER, TODAY), make.now)
    papers.open_text(later, make.now)
    clerk = make.member(deal.seller, authority=False)
    make.commit()
    base = f"/contracts/{deal.contract.id}/annexes/1"
    page = text_of(sign_in(deal.farmer).get(f"{base}/sign"))
    data = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    data |= {"app-password": PASSWORD, "app-agree": "y"}
    sign_in(clerk).post(f"{base}/confirm-in-app", data=data)
    refusal = db.session.query(Entry).filter_by(event="contract:signature_refused").one()
    assert refusal.data == {"reason": "no_authority", "series": 1, "document": 1, "party": 1}


def test_the_real_paper_is_drawn(make: Factories, now: datetime) -> None:
    later = papers.draft(deals.signed(make), annex(AnnexReason.PRICE, DEARER), now)
    document, before = papers.service_opening.written(later.paper, later.contract)
    assert before == {"lines": {"1": {"price": 25_000_000}}}
    assert document["title"] == "Phụ lục hợp đồng số PL01"
    words = "Hai mươi bảy triệu đồng"
    assert any(words in part["text"] for clause in document["clauses"] for part in clause["paragraphs"])
    assert render_pdf(document, issued_at=now).startswith(b"%PDF")


def test_an_officer_attests_for_a_party_without_account(make: Factories, deal: deals.Deal, sign_in: SignIn) -> None:
    officer = make.officer(make.unit("Xã Than Uyên"))
    deal.sides[1].organisation_id = None
    db.session.flush()
    db.session.expire(deal.sides[1])
    later = papers.draft(deal, annex(AnnexReason.PRICE, DEARER, TODAY), make.now)
    papers.open_text(later, make.now)
    make.commit()
    base, official = f"/contracts/{deal.contract.id}/annexes/1", sign_in(officer)
    assert official.get(f"{base}/attest").status_code == 404
    papers.sign(later, deal.sides[0], make.now)
    make.commit()
    assert "attest" in text_of(official.get(base))
    page = text_of(official.get(f"{base}/attest"))
    data = {"version": field(page, "version"), "key": field(page, "key")}
    assert sign_in(deal.farmer).post(f"{base}/attest", data={**data, "seen_original": "y"}).status_code in (403, 404)
    assert official.post(f"{base}/attest", data=data).status_code == 422
    assert paper().state == PaperState.AWAITING
    assert official.post(f"{base}/attest", data={**data, "seen_original": "y"}).status_code == 303
    assert paper().state == PaperState.SIGNED
