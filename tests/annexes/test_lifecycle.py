"""Papers: every state with every act; words for each; and a paper driven at random through its services."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from marketplace.annexes import policy, queries, service_drafting, service_signing
from marketplace.annexes.effective import NewTerms, effective_terms
from marketplace.annexes.line_changes import LineChange
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import (
    ACTS,
    ALLOWED,
    FIELDS,
    PAPER,
    REASONS,
    STATES,
    AnnexReason,
    Field,
    PaperAct,
    PaperKind,
    PaperState,
    shown_on,
)
from marketplace.contracts import service_ending
from marketplace.contracts.models import Change
from marketplace.contracts.rules import ContractAct, ContractState, EndGround, ends_at
from marketplace.contracts.service_drawing import terms_of
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.products.models import Commitment
from tests.annexes import papers
from tests.annexes.papers import Later, annex
from tests.conftest import Backend
from tests.contracts import deals
from tests.factories import Factories

S, A = PaperState, PaperAct
LEADS = {
    (S.DRAFT, A.EDIT): S.DRAFT,
    (S.DRAFT, A.OPEN_FOR_SIGNING): S.AWAITING,
    (S.DRAFT, A.CANCEL): S.CANCELLED,
    (S.AWAITING, A.SIGN): S.AWAITING,
    (S.AWAITING, A.CONCLUDE): S.SIGNED,
    (S.AWAITING, A.REQUEST_CHANGES): S.DRAFT,
    (S.AWAITING, A.DECLINE): S.DECLINED,
    (S.DRAFT, A.LAPSE): S.LAPSED,
    (S.AWAITING, A.LAPSE): S.LAPSED,
}
"""Written here a second time, from the design."""


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(A))
def test_every_state_with_every_act(state: S, act: A) -> None:
    if (state, act) in LEADS:
        assert PAPER.after(state, act) == LEADS[state, act]
        return
    with pytest.raises(Refusal) as refused:
        PAPER.after(state, act)
    assert refused.value.message.text.startswith("“%(act)s” is not possible")


def test_everything_has_its_words_and_every_reason_its_fields() -> None:
    assert set(STATES) == set(S)
    assert set(ACTS) == set(A)
    assert set(FIELDS) == set(Field)
    assert set(REASONS) == set(ALLOWED) == set(AnnexReason)
    assert all(ALLOWED.values())


def test_a_signed_annex_says_whether_it_holds_already() -> None:
    day = date(2026, 11, 15)
    assert shown_on(day - timedelta(1), S.SIGNED, day)[1] == "signed"
    assert shown_on(day, S.SIGNED, day) == STATES[S.SIGNED]
    assert shown_on(day, S.AWAITING, day) == STATES[S.AWAITING]


MONTHS = (date(2026, 11, 1), date(2026, 12, 1))


class Machine(RuleBasedStateMachine):
    """Two sides draft, fix, sign, refuse and end as it comes to their mind; a service refuses, or the act is right."""

    backend: Backend

    @initialize()
    def begin(self) -> None:
        """A contract that both have signed."""
        db.session.rollback()
        self.now = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)
        self.make = Factories(self.now)
        self.deal = deals.signed(self.make)

    def try_(self, act: Any) -> bool:
        """Whether it was done; a refusal leaves everything as it was."""
        before = self.picture()
        try:
            with db.session.begin_nested():
                act()
        except (Refusal, Stale):
            db.session.expire_all()
            assert self.picture() == before
            return False
        return True

    def picture(self) -> list[Any]:
        """States and versions of everything."""
        contract = self.deal.contract
        rows = [(row.id, row.state, row.version) for row in queries.papers_of(contract)]
        return [contract.state, contract.version, rows, len(contract.changes)]

    def last(self) -> Later | None:
        """The newest paper."""
        found = queries.papers_of(self.deal.contract)
        return Later(self.deal, found[-1]) if found else None

    @rule(days=st.integers(0, 60))
    def wait(self, days: int) -> None:
        """Time passes."""
        self.now += timedelta(days=days)

    @rule(
        price=st.integers(1, 3).map(lambda times: times * 10_000_000),
        reason=st.sampled_from([AnnexReason.PRICE, AnnexReason.TERM, AnnexReason.QUANTITY]),
        ahead=st.integers(-30, 200),
        tonnes=st.integers(1, 30),
    )
    def draft(self, price: int, reason: AnnexReason, ahead: int, tonnes: int) -> None:
        """Somebody drafts an annex for some day."""
        day = local_date(self.now) + timedelta(days=ahead)
        wanted = {
            AnnexReason.PRICE: NewTerms(lines={1: LineChange(price=price)}),
            AnnexReason.TERM: NewTerms(ends_on=day + timedelta(days=tonnes)),
            AnnexReason.QUANTITY: NewTerms(
                lines={1: LineChange(quantity=Decimal(tonnes), months={MONTHS[0]: Decimal(tonnes)})}
            ),
        }[reason]
        self.try_(lambda: papers.draft(self.deal, annex(reason, wanted, day), self.now))

    @rule()
    def minutes(self) -> None:
        """Somebody draws up minutes."""
        done = self.try_(lambda: papers.minutes(self.deal, self.now))
        assert not done or self.deal.contract.state != ContractState.SUSPENDED

    @rule()
    def open_text(self) -> None:
        """Fix the text of the newest paper."""
        if (later := self.last()) is not None:
            self.try_(lambda: papers.open_text(later, self.now))

    @rule(side=st.integers(0, 1))
    def sign(self, side: int) -> None:
        """One of them signs, in whatever state."""
        later = self.last()
        if later is None or not later.paper.documents:
            return
        party, today = self.deal.sides[side], local_date(self.now)
        may = party in policy.awaited(later.paper, self.deal.contract)
        may = may and policy.alive(later.paper, self.deal.contract, today)
        assert self.try_(lambda: papers.sign(later, party, self.now)) == may

    @rule(act=st.sampled_from([service_signing.request_changes, service_signing.decline, service_drafting.cancel]))
    def give_up(self, act: Any) -> None:
        """Before it is concluded."""
        later = self.last()
        if later is not None and later.paper.documents:
            self.try_(lambda: act(later.paper, later.contract, "lý do", actor=self.deal.trader, now=self.now))

    @rule(act=st.sampled_from([ContractAct.TERMINATE, ContractAct.SUSPEND, ContractAct.RESUME]))
    def declare(self, act: ContractAct) -> None:
        """One side pauses, resumes, ends."""
        day = local_date(self.now)
        ground = EndGround.BREACH if act == ContractAct.TERMINATE else None
        said = service_ending.Said(act, day, "lý do", ground, day if ground else None)
        given = {"actor": self.deal.farmer, "now": self.now}
        self.try_(lambda: service_ending.declare(self.deal.contract, self.deal.sides[0], said, **given))

    @invariant()
    def a_change_for_each_signed_annex_and_no_other(self) -> None:
        """What is signed by all is written down, once; nothing else is."""
        if not hasattr(self, "deal"):
            return
        every = queries.papers_of(self.deal.contract)
        signed = [row for row in every if row.kind == PaperKind.ANNEX and row.state == S.SIGNED]
        assert {row.source for row in db.session.query(Change)} == {f"later_paper:{row.id}" for row in signed}
        assert sum(row.state == S.AWAITING for row in every) <= 1
        live = [row.label for row in every if row.state != S.CANCELLED]
        assert len(live) == len(set(live))
        for row in every:
            assert (row.state in (S.SIGNED, S.DECLINED, S.CANCELLED, S.LAPSED)) == (row.turn_since is None)

    @invariant()
    def no_annex_is_open_once_the_contract_has_ended(self) -> None:
        """It is void in the moment of the end; minutes go on, until the contract is settled."""
        if not hasattr(self, "deal"):
            return
        state = self.deal.contract.state
        for row in queries.papers_of(self.deal.contract):
            if row.state in (S.DRAFT, S.AWAITING):
                assert state != ContractState.SETTLED
                assert row.kind == PaperKind.SETTLEMENT or state in (ContractState.SIGNED, ContractState.SUSPENDED)

    @invariant()
    def papers_and_signatures_belong_together(self) -> None:
        """What is concluded bears every party's signature under the text that stands."""
        if not hasattr(self, "deal"):
            return
        for row in db.session.query(Paper).filter_by(state=S.SIGNED):
            document = row.documents[-1]
            assert document.voided_at is None
            assert {each.party_id for each in document.signatures} == {party.id for party in self.deal.sides}
            assert row.signed_on == max(each.signed_on for each in document.signatures)

    @invariant()
    def the_stored_worth_and_end_are_those_of_the_terms(self) -> None:
        """What SQL reads is what the pure function says."""
        if not hasattr(self, "deal"):
            return
        contract = self.deal.contract
        for change in contract.changes:
            found = effective_terms(terms_of(contract), queries.changes_of(contract), change.effective_on).terms
            assert change.value == found.total
            assert ends_at(change.effective_on, contract) == found.ends_on

    @invariant()
    def promises_hold_while_it_runs(self) -> None:
        """Free again once it has ended."""
        if not hasattr(self, "deal"):
            return
        held = db.session.query(Commitment).filter_by(voided_at=None).count()
        running = self.deal.contract.state in (ContractState.SIGNED, ContractState.SUSPENDED)
        assert (held > 0) == running

    def teardown(self) -> None:
        """Nothing stays."""
        db.session.rollback()
        db.session.info.clear()


@pytest.fixture
def sqlite(sqlite_backend: Backend) -> Iterator[Backend]:
    """SQLite only: thousands of small steps."""
    sqlite_backend.empty()
    with sqlite_backend.app.app_context(), sqlite_backend.app.test_request_context():
        yield sqlite_backend
        db.session.rollback()
        db.session.remove()


def test_whatever_people_do(sqlite: Backend) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
