"""The seal of the last signature: both files at once, or none; ink goes on without it."""

from marketplace.contracts import policy
from marketplace.contracts.rules import ContractState, Method
from marketplace.extensions import db
from marketplace.files.service import read
from marketplace.ledger.models import Entry
from tests.contracts import deals
from tests.factories import Factories


def test_the_last_confirmation_seals_both_files(make: Factories) -> None:
    deal = deals.signed(make, Method.APP)
    document = deal.contract.documents[-1]
    assert deal.contract.state == ContractState.SIGNED
    assert document.sealed_at == make.now
    assert document.final_file is not None
    assert document.evidence_file is not None
    assert read(document.final_file).startswith(read(document.file))
    events = [row.event for row in db.session.query(Entry).filter_by(subject=f"contract:{deal.contract.id}")]
    assert events[-2:] == ["contract:sealed", "contract:concluded"]
    assert not policy.unsigned(deal.contract)
