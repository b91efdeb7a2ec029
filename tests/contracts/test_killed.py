"""Killed for real in the middle of the last signature: afterwards it is signed and sealed, or not signed."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.contracts.models import Contract, Signature
from marketplace.contracts.rules import ContractState, Method
from marketplace.extensions import db
from marketplace.files.service import read
from marketplace.ledger.audit import audit
from marketplace.ledger.models import Entry
from marketplace.products.models import Commitment
from tests.conftest import Backend
from tests.contracts import deals
from tests.contracts.dying import POINTS
from tests.contracts.test_pages import contract, field, text_of
from tests.factories import PASSWORD, Factories

ROOT = Path(__file__).resolve().parent.parent.parent
SIGNED_AFTER = {"after the commit"}


@pytest.mark.parametrize("point", POINTS)
def test_signed_and_sealed_or_not_signed(
    backend: Backend, make: Factories, sign_in: Callable[[Any], FlaskClient], point: str
) -> None:
    deal = deals.opened(make)
    deals.sign(deal, deal.sides[0], make.now, Method.APP)
    number, trader = deal.contract.id, deal.trader
    identity = trader.email or trader.us_phone_number
    db.session.commit()
    db.session.remove()
    settings = backend.app.config["SETTINGS"]
    arguments = [settings.database_url, str(backend.folder), str(number), str(identity), point]
    done = subprocess.run(
        [sys.executable, "-m", "tests.contracts.dying", *arguments], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-3000:]
    found = contract(number)
    assert (found.state == ContractState.SIGNED) == (point in SIGNED_AFTER)
    check_never_between(found)
    if found.state != ContractState.SIGNED:
        browser = sign_in(db.session.merge(trader, load=True))
        page = text_of(browser.get(f"/contracts/{number}/sign"))
        given = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
        given |= {"app-password": PASSWORD, "app-agree": "y"}
        assert browser.post(f"/contracts/{number}/confirm-in-app", data=given).status_code == 303
        found = contract(number)
        assert found.state == ContractState.SIGNED
        check_never_between(found)


def check_never_between(found: Contract) -> None:
    """Everything that belongs to a signed contract is there, or nothing of it; and the ledger is whole."""
    document = found.documents[-1]
    signed = found.state == ContractState.SIGNED
    assert db.session.query(Signature).count() == (2 if signed else 1)
    assert (document.sealed_at is not None) == signed
    assert (found.concluded_at is not None) == signed
    assert (db.session.query(Commitment).count() > 0) == signed
    events = [row.event for row in db.session.query(Entry).filter_by(subject=f"contract:{found.id}")]
    assert events.count("contract:signed") == (2 if signed else 1)
    assert events.count("contract:sealed") == events.count("contract:concluded") == (1 if signed else 0)
    if signed:
        assert document.final_file is not None
        assert document.evidence_file is not None
        assert read(document.final_file).startswith(read(document.file))
        assert read(document.evidence_file)
    assert not audit().findings
