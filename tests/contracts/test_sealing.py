"""The seal of the last signature: both files at once or none; paper goes on without it, and the seal follows."""

import errno
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from marketplace.contracts import evidence, policy, service_sealing
from marketplace.contracts.models import Document, Signature
from marketplace.contracts.rules import ContractState, Method
from marketplace.contracts.tasks_sealing import seal_later
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.files.service import keep, read
from marketplace.files.store import Store
from marketplace.kernel.dates import format_date
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.queries import membership_of
from marketplace.organisations.rules import AuthorityBasis
from marketplace.signatures.seal import Unsealable
from marketplace.web import clock
from tests.conftest import Backend
from tests.contracts import deals
from tests.contracts.test_pages import contract, field, ink, text_of
from tests.factories import PASSWORD, Factories
from tests.files.samples import plain_pdf

SignIn = Callable[[Any], FlaskClient]


class Key:
    """The file of the seal's key, to take away and put back."""

    def __init__(self, path: Path) -> None:
        self.path, self.aside = path, path.with_suffix(".aside")

    def vanish(self) -> None:
        self.path.rename(self.aside)

    def come_back(self) -> None:
        if self.aside.exists():
            self.aside.rename(self.path)


@pytest.fixture
def key(backend: Backend) -> Iterator[Key]:
    found = Key(backend.folder / "seal.pem")
    yield found
    found.come_back()


def confirm(browser: FlaskClient, number: int, page: str = "", **changes: str) -> Any:
    """Confirm in the application by the form, of a `page` that was loaded before if there is one."""
    page = page or text_of(browser.get(f"/contracts/{number}/sign"))
    given = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    given |= {"app-password": PASSWORD, "app-agree": "y", **changes}
    return browser.post(f"/contracts/{number}/confirm-in-app", data=given)


def events_of(number: int) -> list[str]:
    """What the ledger holds of a contract, in order."""
    rows = db.session.query(Entry).filter_by(subject=f"contract:{number}").order_by(Entry.seq)
    return [row.event for row in rows]


def refusals_of(number: int) -> list[str]:
    """Why signatures were refused."""
    rows = db.session.query(Entry).filter_by(subject=f"contract:{number}", event="contract:signature_refused")
    return [row.data["reason"] for row in rows.order_by(Entry.seq)]


def words_of(stored: StoredFile | None) -> str:
    """The text layer of a stored PDF."""
    assert stored is not None
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(read(stored))).pages)
    return re.sub(r"\s+", " ", text)


def test_the_last_confirmation_seals_both_files(make: Factories) -> None:
    deal = deals.signed(make, Method.APP)
    document = deal.contract.documents[-1]
    assert deal.contract.state == ContractState.SIGNED
    assert document.sealed_at == make.now
    assert document.final_file is not None
    assert read(document.final_file).startswith(read(document.file))
    assert events_of(deal.contract.id)[-2:] == ["contract:sealed", "contract:concluded"]
    assert not policy.unsigned(deal.contract)


def test_the_evidence_page_says_who_signed_what_when_and_how(make: Factories) -> None:
    deal = deals.opened(make)
    deal.farmer.name, deal.trader.name = "Bùi Thị Ỷ", "Đặng Ỵ"
    attorney = membership_of(deal.trader.id, deal.buyer)
    assert attorney is not None
    attorney.title, attorney.authority_basis = "Phó giám đốc", AuthorityBasis.POWER_OF_ATTORNEY
    attorney.authority_document, attorney.authority_until = "05/GUQ ngày 01/09/2026", date(2026, 12, 31)
    attorney.authority_file_id = keep(plain_pdf(), "uy-quyen.pdf", make.now, deal.trader.id).id
    db.session.flush()
    deals.sign(deal, deal.sides[0], make.now)
    deals.sign(deal, deal.sides[1], make.now, Method.APP)
    document = deal.contract.documents[-1]
    words = words_of(document.evidence_file)
    assert document.final_file is not None
    scan = document.signatures[0].scan
    assert scan is not None
    for wanted in (
        "Bùi Thị Ỷ",
        "Đặng Ỵ – Phó giám đốc",
        deal.seller.name,
        deal.buyer.name,
        f"Số {deal.contract.number}",
        f"/verify/{deal.contract.code} (mã tra cứu {deal.contract.code})",
        deal.contract.code,
        "Ký tươi trên giấy",
        "không phải chữ ký số",
        "15/10/2026 10:00:00 (+07:00)",
        "Theo ủy quyền: 05/GUQ ngày 01/09/2026 (hiệu lực đến 31/12/2026)",
        "Không có dấu thời gian tin cậy",
        document.text_digest,
        document.file_digest,
        document.final_file.digest,
        scan.digest,
    ):
        assert wanted in words, (wanted, words)
    assert deal.seller.phone is None or deal.seller.phone not in words
    assert "192.0.2.7" not in words


def test_without_a_seal_only_paper_goes_on_and_the_seal_follows(
    app: Flask, make: Factories, sign_in: SignIn, key: Key, now: datetime
) -> None:
    deal = deals.opened(make)
    number, chief = deal.contract.id, make.user("Quản trị viên")
    chief.administrator = True
    seller, buyer = sign_in(deal.farmer), sign_in(deal.trader)
    assert confirm(seller, number).status_code == 303
    page = text_of(buyer.get(f"/contracts/{number}/sign"))
    key.vanish()
    given = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    given |= {"app-password": PASSWORD, "app-agree": "y"}
    answer = buyer.post(f"/contracts/{number}/confirm-in-app", data=given)
    assert answer.status_code == 422
    assert refusals_of(number) == ["no_seal"]
    assert db.session.query(Notice).filter_by(user_id=chief.id).count() == 1
    found = contract(number)
    assert (found.state, db.session.query(Signature).count()) == (ContractState.AWAITING, 1)
    shown = text_of(buyer.get(f"/contracts/{number}/sign"))
    assert "app-password" not in shown
    assert ink(buyer, number).status_code == 303
    found = contract(number)
    assert found.state == ContractState.SIGNED
    assert found.documents[-1].sealed_at is None
    assert seal_later(app) == 0
    key.come_back()
    assert seal_later(app) == 1
    document = contract(number).documents[-1]
    assert document.sealed_at is not None
    assert document.sealed_at >= found.concluded_at
    assert document.final_file is not None
    assert events_of(number)[-2:] == ["contract:concluded", "contract:sealed"]
    assert seal_later(app) == 0
    assert "niem-phong" in buyer.get(f"/contracts/{number}/papers/{document.id}/sealed").headers["Content-Disposition"]
    stranger = sign_in(make.member(make.company()))
    assert stranger.get(f"/contracts/{number}/papers/{document.id}/sealed").status_code == 404
    other = deals.opened(make)
    own = sign_in(other.farmer)
    assert own.get(f"/contracts/{other.contract.id}/papers/{document.id}/evidence").status_code == 404


def no_page(_given: Any, _now: Any) -> bytes:
    """A mistake of ours."""
    raise RuntimeError("no page")


def test_paper_goes_on_whatever_is_wrong_with_the_seal(
    app: Flask, make: Factories, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    with monkeypatch.context() as broken:
        broken.setattr(evidence, "render", no_page)
        assert ink(sign_in(deal.trader), number).status_code == 303
        assert contract(number).state == ContractState.SIGNED
        assert seal_later(app) == 0
    assert contract(number).documents[-1].sealed_at is None
    assert seal_later(app) == 1


def test_a_file_that_cannot_be_sealed_is_spoken_for_by_the_evidence_page(
    make: Factories, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = deals.opened(make)
    number, own = deal.contract.id, deal.contract.documents[-1].file_digest
    real = service_sealing.seal

    def picky(pdf: bytes, **options: Any) -> Any:
        if sha256(pdf).hexdigest() == own:
            raise Unsealable("odd")
        return real(pdf, **options)

    monkeypatch.setattr(service_sealing, "seal", picky)
    assert ink(sign_in(deal.farmer), number).status_code == 303
    buyer = sign_in(deal.trader)
    assert confirm(buyer, number).status_code == 422
    assert refusals_of(number) == ["unsealable"]
    assert ink(buyer, number).status_code == 303
    document = contract(number).documents[-1]
    assert document.sealed_at is not None
    assert document.final_file is None
    assert own in words_of(document.evidence_file)


def test_without_a_seal_a_text_is_opened_for_paper_only(make: Factories, sign_in: SignIn, key: Key) -> None:
    deal = deals.draft(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    key.vanish()
    path, soon = f"/contracts/{number}/open-for-signing", format_date(clock.today() + timedelta(days=9))
    page = browser.get(path).get_data(as_text=True)
    given = {"version": field(page, "version"), "sign_by": soon}
    answer = browser.post(path, data=given)
    assert answer.status_code == 422
    assert 'id="paper_only-error"' in text_of(answer)
    assert contract(number).state == ContractState.DRAFT
    page = browser.get(path).get_data(as_text=True)
    given = {"version": field(page, "version"), "sign_by": soon, "paper_only": "y"}
    assert browser.post(path, data=given).status_code == 303
    assert contract(number).state == ContractState.AWAITING


def test_both_methods_in_one_contract(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    assert ink(sign_in(deal.trader), number).status_code == 303
    document = contract(number).documents[-1]
    assert [row.method for row in document.signatures] == [Method.APP, Method.WET_INK]
    assert document.sealed_at is not None
    words = words_of(document.evidence_file)
    assert "không phải chữ ký số" in words
    assert "Ký tươi trên giấy" in words


def test_out_of_turn_is_refused_with_its_reason_and_noted(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make, ordered=True)
    number = deal.contract.id
    digest, party = deal.contract.documents[-1].file_digest, str(deal.sides[1].id)
    buyer = sign_in(deal.trader)
    given = {"app-digest": digest, "app-party_id": party, "app-password": PASSWORD, "app-agree": "y"}
    answer = buyer.post(f"/contracts/{number}/confirm-in-app", data=given, follow_redirects=True)
    assert "chưa đến lượt" in text_of(answer).lower()
    assert refusals_of(number) == ["out_of_turn"]
    assert db.session.query(Signature).count() == 0


def test_an_old_text_is_refused_and_noted(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    assert confirm(sign_in(deal.farmer), number, **{"app-digest": "0" * 64}).status_code == 409
    assert refusals_of(number) == ["stale_text"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"authority": False}, "no_authority"),
        ({"authority_from": date(2099, 1, 1)}, "authority_not_yet"),
        ({"authority_until": date(2020, 1, 1)}, "authority_over"),
        ({"authority_basis": AuthorityBasis.POWER_OF_ATTORNEY, "authority_document": None}, "no_power_of_attorney"),
    ],
)
def test_authority_is_looked_at_when_it_is_signed(
    make: Factories, sign_in: SignIn, values: dict[str, Any], code: str
) -> None:
    deal = deals.opened(make)
    number, browser = deal.contract.id, sign_in(deal.farmer)
    page = text_of(browser.get(f"/contracts/{number}/sign"))
    held = membership_of(deal.farmer.id, deal.seller)
    for name, value in values.items():
        setattr(held, name, value)
    db.session.flush()
    forget_capacities()
    given = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    given |= {"app-password": PASSWORD, "app-agree": "y"}
    browser.post(f"/contracts/{number}/confirm-in-app", data=given)
    assert refusals_of(number) == [code]
    assert db.session.query(Signature).count() == 0


def test_a_full_disk_leaves_nothing_and_keeps_what_was_typed(
    make: Factories, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    before = db.session.query(StoredFile).count()
    buyer, real, calls = sign_in(deal.trader), Store.put, []

    def full(store: Store, data: bytes) -> str:
        calls.append(len(data))
        if len(calls) == allowed + 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(store, data)

    for allowed in range(5):
        calls.clear()
        monkeypatch.setattr(Store, "put", full)
        answer = ink(buyer, number, signed_on=format_date(clock.today()))
        monkeypatch.setattr(Store, "put", real)
        assert answer.status_code == 422, (allowed, calls)
        page = text_of(answer)
        assert "hết chỗ" in page
        assert format_date(clock.today()) in page
        assert contract(number).state == ContractState.AWAITING
        assert db.session.query(Signature).count() == 1
        assert db.session.query(StoredFile).count() == before
    assert ink(buyer, number).status_code == 303
    assert contract(number).documents[-1].sealed_at is not None


def test_the_evidence_of_a_recorded_paper_claims_no_authority(app: Flask, make: Factories, now: datetime) -> None:
    deal = deals.recorded(make)
    deals.service_signing.confirm(deal.contract, deal.sides[1], actor=deal.trader, now=now)
    db.session.commit()
    assert seal_later(app) == 1
    document = db.session.query(Document).one()
    words = words_of(document.evidence_file)
    assert "Thẩm quyền" not in words
    assert "02/03/2026" in words


def test_the_power_of_attorney_stays_with_the_signature(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    held = membership_of(deal.farmer.id, deal.seller)
    assert held is not None
    held.authority_basis, held.authority_document = AuthorityBasis.POWER_OF_ATTORNEY, "05/GUQ, 01/09/2026"
    held.authority_file_id = keep(plain_pdf(), "uy-quyen.pdf", make.now, deal.farmer.id).id
    paper = held.authority_file_id
    db.session.flush()
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    signature = db.session.query(Signature).one()
    assert (signature.authority, signature.authority_file_id) == ("05/GUQ, 01/09/2026", paper)
    address = f"/contracts/{number}/authority/{signature.id}"
    assert sign_in(deal.trader).get(address).data == plain_pdf()
    assert sign_in(make.member(make.company())).get(address).status_code == 404
    other = deals.opened(make)
    assert sign_in(other.farmer).get(f"/contracts/{other.contract.id}/authority/{signature.id}").status_code == 404
    assert sign_in(other.farmer).get(f"/contracts/{other.contract.id}/authority/999").status_code == 404
