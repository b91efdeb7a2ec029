"""A contract driven at random through its services on SQLite: no path breaks what must always hold."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from marketplace.contracts import policy, queries, service_drawing, service_ending, service_signing, service_talking
from marketplace.contracts.rules import (
    CONCLUDED,
    MOST_SIGNING_DAYS,
    ContractAct,
    ContractState,
    EndGround,
    Method,
    expired,
)
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.ledger.models import Entry
from marketplace.ledger.rules import hash_of
from marketplace.products.models import Commitment
from tests.conftest import Backend
from tests.contracts import deals
from tests.factories import Factories

BEFORE = {
    ContractAct.REQUEST_CHANGES: service_signing.request_changes,
    ContractAct.DECLINE: service_signing.decline,
    ContractAct.CANCEL: service_signing.cancel,
}


class Machine(RuleBasedStateMachine):
    """Two people and an officer do what comes to their mind; a service refuses, or the act is right."""

    backend: Backend

    @initialize(on_paper=st.booleans(), ordered=st.booleans())
    def begin(self, on_paper: bool, ordered: bool) -> None:
        """A draft, or a paper contract."""
        db.session.rollback()
        self.now = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)
        self.make = Factories(self.now)
        self.deal = deals.recorded(self.make) if on_paper else deals.draft(self.make, ordered=ordered)
        self.officer = self.make.officer(self.make.unit("Xã Than Uyên"))

    def try_(self, act: Any) -> bool:
        """Whether the act was done; a refusal leaves everything as it was."""
        state, version = self.deal.contract.state, self.deal.contract.version
        try:
            with db.session.begin_nested():
                act()
        except (Refusal, Stale):
            db.session.refresh(self.deal.contract)
            assert (self.deal.contract.state, self.deal.contract.version) == (state, version)
            return False
        return True

    @rule(days=st.integers(0, 120))
    def wait(self, days: int) -> None:
        """Time passes."""
        self.now += timedelta(days=days)

    @rule(payment_days=st.integers(0, 60))
    def edit(self, payment_days: int) -> None:
        """Either side corrects the draft."""
        changes = {"payment_days": payment_days}
        given = {"actor": self.deal.farmer, "on_behalf_of": None, "now": self.now}
        was = self.deal.contract.state
        done = self.try_(lambda: service_drawing.edit(self.deal.contract, changes, **given))
        assert done == (was == ContractState.DRAFT)

    @rule()
    def open_text(self) -> None:
        """Fix the text."""
        self.try_(lambda: deals.open_text(self.deal, self.now))

    @rule(side=st.integers(0, 1), method=st.sampled_from([Method.WET_INK, Method.APP]))
    def sign(self, side: int, method: Method) -> None:
        """One of them signs, in whatever state."""
        if not self.deal.contract.documents:
            return
        party = self.deal.sides[side]
        may = party in policy.awaited(self.deal.contract) and not expired(local_date(self.now), self.deal.contract)
        assert self.try_(lambda: deals.sign(self.deal, party, self.now, method)) == may

    @rule(days=st.integers(-3, 200))
    def extend(self, days: int) -> None:
        """Somebody wants more time, or less."""
        contract, day = self.deal.contract, local_date(self.now) + timedelta(days=days)
        later = contract.sign_by is None or day > contract.sign_by
        may = contract.state == ContractState.AWAITING and 0 <= days <= MOST_SIGNING_DAYS and later
        assert may == self.try_(lambda: service_talking.extend(contract, day, actor=self.deal.farmer, now=self.now))

    @rule(side=st.integers(0, 1))
    def say(self, side: int) -> None:
        """Somebody comments."""
        who, party = (self.deal.farmer, self.deal.trader)[side], self.deal.sides[side]
        given = {"actor": who, "on_behalf_of": None, "now": self.now}
        talking = self.deal.contract.state in (ContractState.DRAFT, ContractState.AWAITING)
        done = self.try_(lambda: service_talking.comment(self.deal.contract, party, "price", "Điều 3", "?", **given))
        assert done == talking

    @rule(act=st.sampled_from(list(BEFORE)))
    def give_up(self, act: ContractAct) -> None:
        """Before it is concluded."""
        if act != ContractAct.CANCEL and not self.deal.contract.documents:
            return
        self.try_(lambda: BEFORE[act](self.deal.contract, "lý do", actor=self.deal.trader, now=self.now))

    @rule()
    def confirm(self) -> None:
        """The buyer, if the paper waits for it."""
        party = policy.may_confirm(self.deal.contract, queries.standing(self.deal.trader, self.deal.contract))
        if party is not None:
            assert self.try_(
                lambda: service_signing.confirm(self.deal.contract, party, actor=self.deal.trader, now=self.now)
            )

    @rule()
    def attest(self) -> None:
        """The officer, if something is to be attested."""
        if policy.may_attest(self.deal.contract, queries.standing(self.officer, self.deal.contract)):
            assert self.try_(lambda: service_signing.attest(self.deal.contract, actor=self.officer, now=self.now))

    @rule(
        act=st.sampled_from(list(service_ending.EVENTS)),
        ground=st.none() | st.sampled_from(list(EndGround)),
        side=st.integers(0, 1),
    )
    def declare(self, act: ContractAct, ground: EndGround | None, side: int) -> None:
        """After it is concluded, either side."""
        day = local_date(self.now)
        said = service_ending.Said(act, day, "lý do", ground if act == ContractAct.TERMINATE else None, day)
        who = (self.deal.farmer, self.deal.trader)[side]
        party = self.deal.sides[side]
        self.try_(lambda: service_ending.declare(self.deal.contract, party, said, actor=who, now=self.now))

    @rule(agrees=st.booleans(), side=st.integers(0, 1))
    def answer(self, agrees: bool, side: int) -> None:
        """Somebody answers the last declaration, whoever it was that made it."""
        if self.deal.contract.declarations:
            made, party = self.deal.contract.declarations[-1], self.deal.sides[side]
            given = {"agrees": agrees, "reason": "không", "actor": self.deal.trader, "now": self.now}
            self.try_(lambda: service_ending.answer(made, party, **given))

    @rule()
    def settle(self) -> None:
        """The minutes are signed."""
        day = local_date(self.now)
        self.try_(lambda: service_ending.settle(self.deal.contract, day=day, now=self.now))

    @invariant()
    def concluded_means_signed_by_all(self) -> None:
        """What is concluded has a day and every party's signature under the text that stands; nothing else has."""
        if not hasattr(self, "deal"):
            return
        contract = self.deal.contract
        concluded = contract.state in CONCLUDED
        assert concluded == (contract.signed_on is not None)
        if concluded:
            document = contract.documents[-1]
            assert document.voided_at is None
            assert {row.party_id for row in document.signatures} == {party.id for party in contract.parties}
            assert contract.signed_on == max(row.signed_on for row in document.signatures)

    @invariant()
    def promises_hold_while_it_runs(self) -> None:
        """Quantities are promised while it is signed or on hold, and free before and after."""
        if not hasattr(self, "deal") or self.deal.contract.on_paper:
            return
        source = f"contract:{self.deal.contract.id}"
        held = db.session.query(Commitment).filter_by(source=source, voided_at=None).count()
        running = self.deal.contract.state in (ContractState.SIGNED, ContractState.SUSPENDED)
        assert (held > 0) == running

    @invariant()
    def the_chain_of_entries_holds(self) -> None:
        """Concluded once at most, each entry follows the one before."""
        if not hasattr(self, "deal"):
            return
        entries = (
            db.session.query(Entry).filter_by(subject=f"contract:{self.deal.contract.id}").order_by(Entry.seq).all()
        )
        assert [row.seq for row in entries] == list(range(1, len(entries) + 1))
        assert all(hash_of(row) == row.hash for row in entries)
        assert sum(row.event == "contract:concluded" for row in entries) <= 1

    def teardown(self) -> None:
        """Nothing stays."""
        db.session.rollback()
        db.session.info.clear()


@pytest.fixture
def sqlite(sqlite_backend: Backend) -> Iterator[Backend]:
    """SQLite only: thousands of small steps."""
    sqlite_backend.empty()
    with sqlite_backend.app.app_context():
        yield sqlite_backend
        db.session.rollback()
        db.session.remove()


def test_whatever_people_do(sqlite: Backend) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
