"""A later paper signed with the parties' own keys: the same check as for the contract, and its own seal."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pyhanko.pdf_utils.reader import PdfFileReader

from marketplace.annexes import service_opening
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import AnnexReason, PaperState
from marketplace.contracts.rules import Method
from marketplace.extensions import db
from marketplace.files.service import keep, read
from marketplace.ledger.models import Entry
from marketplace.web import clock
from tests.annexes import papers
from tests.annexes.papers import DEARER, annex
from tests.contracts import deals
from tests.contracts.deals import PDF
from tests.contracts.test_digital import key_of, trusting, world
from tests.contracts.test_pages import SignIn, field
from tests.factories import Factories
from tests.signatures.pki import World
from tests.signatures.signer import sign

__all__ = ["trusting", "world"]


def send(browser: FlaskClient, path: str, pdf: bytes) -> Any:
    """By the form of the page."""
    page = browser.get(path).get_data(as_text=True)
    values: dict[str, Any] = {name: field(page, name) for name in ("key", "digest", "party_id")}
    values["file"] = (io.BytesIO(pdf), "ky.pdf")
    return browser.post(path, data=values, content_type="multipart/form-data")


def offered(browser: FlaskClient, path: str) -> bytes:
    """The file that the page offers for signing."""
    page = browser.get(path).get_data(as_text=True)
    place = page.index('class="button" href="') + len('class="button" href="')
    return browser.get(page[place : page.index('"', place)]).data


def drawn(make: Factories) -> papers.Later:
    """An annex with its real text, open for signing."""
    make.now = datetime.now(UTC)
    deal = deals.signed(make, starts_on=None, ends_on=clock.today() + timedelta(days=90))
    later = papers.draft(deal, annex(AnnexReason.PRICE, DEARER, clock.today()), make.now)
    frozen = service_opening.draw(later.paper, later.contract, now=make.now, verify_url="http://localhost/verify/X")
    file = keep(frozen.pdf, "phu-luc.pdf", make.now, deal.trader.id, PDF)
    by = {"actor": deal.trader, "on_behalf_of": None, "now": make.now}
    service_opening.open_for_signing(later.paper, later.contract, frozen, file, **by)
    make.commit()
    return later


def test_both_sign_the_annex_digitally(trusting: Flask, world: World, make: Factories, sign_in: SignIn) -> None:
    later = drawn(make)
    path = f"/contracts/{later.contract.id}/annexes/1/sign-digitally"
    seller, buyer = later.deal.sides
    first, second = sign_in(later.deal.farmer), sign_in(later.deal.trader)
    keys = [key_of(world, party) for party in (seller, buyer)]
    issued = offered(first, path)
    wrong = send(first, path, sign(issued, keys[1], moment=clock.now()))
    assert wrong.status_code == 422
    contract_file = read(later.contract.documents[-1].file)
    assert send(first, path, sign(contract_file, keys[0], moment=clock.now())).status_code == 422
    one = sign(issued, keys[0], name="A", moment=clock.now())
    assert send(first, path, one).status_code == 303
    assert offered(second, path) == one
    assert send(second, path, sign(one, keys[1], name="B", moment=clock.now())).status_code == 303
    db.session.expire_all()
    paper = db.session.query(Paper).one()
    document = paper.documents[-1]
    assert paper.state == PaperState.SIGNED
    assert {row.method for row in document.signatures} == {Method.DIGITAL}
    assert document.final_file is not None
    assert len(PdfFileReader(io.BytesIO(read(document.final_file))).embedded_signatures) == 3
    refused = db.session.query(Entry).filter_by(event="contract:signature_refused").order_by(Entry.id)
    assert [(row.data["series"], row.data["reason"]) for row in refused] == [
        (1, "digital:out_of_turn"),
        (1, "digital:not_issued"),
    ]
