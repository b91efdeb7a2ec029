"""What happens to the key of the seal, or to the time-stamp authority, between the first and the last signature."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from marketplace.contracts import routes_putting, service_sealing
from marketplace.contracts.models import Signature
from marketplace.contracts.rules import ContractState
from marketplace.contracts.tasks_sealing import seal_later
from marketplace.extensions import db
from marketplace.signatures.keys import YEARS, create_seal
from tests.conftest import Backend
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, contract, ink, text_of
from tests.contracts.test_sealing import confirm, refusals_of
from tests.factories import Factories


@pytest.fixture
def key(backend: Backend) -> Iterator[Path]:
    """The file of the seal's key, put back afterwards."""
    path = backend.folder / "seal.pem"
    good = path.read_bytes()
    yield path
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)
    path.write_bytes(good)
    path.chmod(0o600)


def another(path: Path, now: datetime) -> None:
    """A fresh key where the old one was."""
    path.unlink()
    create_seal(path, "Thử nghiệm", now)


def unreadable(path: Path, _now: datetime) -> None:
    """Nothing that can be read, for root neither."""
    path.unlink()
    path.mkdir()


FAULTS: dict[str, Callable[[Path, datetime], Any]] = {
    "removed": lambda path, _now: path.unlink(),
    "unreadable": unreadable,
    "damaged": lambda path, _now: path.write_bytes(path.read_bytes()[:100]),
    "emptied": lambda path, _now: path.write_bytes(b""),
    "expired": lambda path, now: another(path, now - timedelta(days=365 * YEARS + 2)),
    "not valid yet": lambda path, now: another(path, now + timedelta(days=9)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_seal_fails_between_the_signatures(
    app: Flask, make: Factories, sign_in: SignIn, key: Path, now: datetime, fault: str
) -> None:
    deal = deals.opened(make)
    number, buyer = deal.contract.id, sign_in(deal.trader)
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    page = text_of(buyer.get(f"/contracts/{number}/sign"))
    good = key.read_bytes()
    FAULTS[fault](key, datetime.now(now.tzinfo))
    assert confirm(buyer, number, page).status_code == 422
    assert refusals_of(number) == ["no_seal"]
    assert contract(number).state == ContractState.AWAITING
    assert "chỉ ký được trên giấy" in text_of(buyer.get(f"/contracts/{number}/sign"))
    assert ink(buyer, number).status_code == 303
    found = contract(number)
    assert (found.state, found.documents[-1].sealed_at) == (ContractState.SIGNED, None)
    assert seal_later(app) == 0
    if key.is_dir():
        key.rmdir()
    key.write_bytes(good)
    assert seal_later(app) == 1
    document = contract(number).documents[-1]
    assert document.sealed_at is not None
    assert document.sealed_at > document.signatures[-1].recorded_at


def test_a_new_key_between_the_signatures_seals(make: Factories, sign_in: SignIn, key: Path, now: datetime) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    another(key, datetime.now(now.tzinfo))
    assert confirm(sign_in(deal.trader), number).status_code == 303
    assert contract(number).documents[-1].sealed_at is not None


@pytest.mark.parametrize("way", ["app", "ink"])
@pytest.mark.parametrize("moment", ["between the two seals", "between sealing and recording"])
def test_the_key_goes_while_the_last_signature_is_made(
    make: Factories, sign_in: SignIn, key: Path, monkeypatch: pytest.MonkeyPatch, way: str, moment: str
) -> None:
    deal = deals.opened(make)
    number, buyer = deal.contract.id, sign_in(deal.trader)
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    module, name = (service_sealing, "proven") if moment == "between the two seals" else (routes_putting, "write")
    real = getattr(module, name)

    def then(*arguments: Any, **options: Any) -> Any:
        key.unlink(missing_ok=True)
        return real(*arguments, **options)

    with monkeypatch.context() as gone:
        gone.setattr(module, name, then)
        answer = confirm(buyer, number) if way == "app" else ink(buyer, number)
    found = contract(number)
    sealed = found.documents[-1].sealed_at is not None
    if way == "app":
        assert (answer.status_code, found.state, sealed) == (422, ContractState.AWAITING, False)
        assert refusals_of(number) == ["no_seal"]
        assert db.session.query(Signature).count() == 1
    else:
        assert (answer.status_code, found.state) == (303, ContractState.SIGNED)
        assert sealed == (moment != "between the two seals"), "files that were sealed in time are good"


class Silent(threading.Thread):
    """A time-stamp authority that takes the call and answers in its own way, or never."""

    def __init__(self, answer: bytes | None) -> None:
        super().__init__(daemon=True)
        self.answer, self.calls = answer, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.start()

    def run(self) -> None:
        held = []
        while True:
            try:
                call, _address = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            held.append(call)
            if self.answer is not None:
                call.recv(65536)
                call.sendall(self.answer)
                call.close()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: 9\r\n\r\nnot a DER",
    ],
    ids=["silent", "cut", "500", "garbage"],
)
def test_a_bad_time_stamp_authority_stops_no_signature(
    app: Flask, make: Factories, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, answer: bytes | None
) -> None:
    deal = deals.opened(make)
    number, authority = deal.contract.id, Silent(answer)
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], tsa_url=authority.url))
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    buyer = sign_in(deal.trader)
    assert confirm(buyer, number).status_code == 303, "also where nobody ever answers"
    authority.socket.close()
    assert authority.calls >= 1
    document = contract(number).documents[-1]
    assert document.seal is not None
    assert (document.sealed_at is not None, document.seal["trusted_time"]) == (True, None)
    assert "không có dấu thời gian tin cậy" in text_of(buyer.get(f"/contracts/{number}")).lower()
