"""The disk of the database is full while the last signature is recorded: nothing is, and nobody is told that it was."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text

from marketplace.contracts.models import Signature
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from tests.conftest import Backend
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, contract, field, text_of
from tests.contracts.test_sealing import confirm
from tests.factories import PASSWORD, Factories

TRIGGER = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON contract_signature
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@contextmanager
def full(backend: Backend) -> Iterator[None]:
    """No byte more: the kernel takes none of SQLite's log, PostgreSQL says what it says of a full disk. Both at the commit."""
    if backend.name == "postgresql":
        with db.engine.begin() as connection:
            connection.execute(text(TRIGGER))
        try:
            yield
        finally:
            with db.engine.begin() as connection:
                connection.execute(text("DROP FUNCTION no_room() CASCADE"))
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def stop(_connection: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))

    event.listen(db.engine, "commit", stop)
    try:
        yield
    finally:
        event.remove(db.engine, "commit", stop)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_nobody_is_told_that_it_was_signed(backend: Backend, make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    assert confirm(sign_in(deal.farmer), number).status_code == 303
    buyer, files = sign_in(deal.trader), db.session.query(StoredFile).count()
    page = text_of(buyer.get(f"/contracts/{number}/sign"))
    given = {name: field(page, name) for name in ("app-key", "app-digest", "app-party_id")}
    db.session.commit()
    with full(backend):
        answer = buyer.post(
            f"/contracts/{number}/confirm-in-app", data={**given, "app-password": PASSWORD, "app-agree": "y"}
        )
    assert answer.status_code == 507
    assert "hết chỗ lưu" in text_of(answer)
    assert PASSWORD not in text_of(answer)
    found = contract(number)
    assert (found.state, found.documents[-1].sealed_at) == (ContractState.AWAITING, None)
    assert db.session.query(Signature).count() == 1
    assert db.session.query(StoredFile).count() == files
    assert confirm(buyer, number).status_code == 303
    assert contract(number).documents[-1].sealed_at is not None
