"""Every state crossed with every act; what a date brings; the words for each."""

from dataclasses import dataclass
from datetime import date

import pytest

from marketplace.contracts.rules import (
    ACTS,
    CONCLUDED,
    CONTRACT,
    STATES,
    ContractAct,
    ContractState,
    Counting,
    Method,
    Standing,
    counts,
    ends_at,
    shown_on,
    standing_on,
)
from marketplace.kernel.errors import Refusal

S, A = ContractState, ContractAct
LEADS = {
    (S.DRAFT, A.EDIT): S.DRAFT,
    (S.DRAFT, A.OPEN_FOR_SIGNING): S.AWAITING,
    (S.DRAFT, A.CANCEL): S.CANCELLED,
    (S.AWAITING, A.SIGN): S.AWAITING,
    (S.AWAITING, A.EXTEND): S.AWAITING,
    (S.AWAITING, A.CONCLUDE): S.SIGNED,
    (S.AWAITING, A.REQUEST_CHANGES): S.DRAFT,
    (S.AWAITING, A.DECLINE): S.DECLINED,
    (S.RECORDED, A.CONFIRM): S.SIGNED,
    (S.RECORDED, A.ATTEST): S.SIGNED,
    (S.RECORDED, A.REJECT): S.DECLINED,
    (S.RECORDED, A.CANCEL): S.CANCELLED,
    (S.SIGNED, A.SUSPEND): S.SUSPENDED,
    (S.SUSPENDED, A.RESUME): S.SIGNED,
    (S.SIGNED, A.COMPLETE): S.COMPLETED,
    (S.SIGNED, A.TERMINATE): S.TERMINATED,
    (S.SUSPENDED, A.TERMINATE): S.TERMINATED,
    (S.COMPLETED, A.SETTLE): S.SETTLED,
    (S.TERMINATED, A.SETTLE): S.SETTLED,
    (S.SIGNED, A.SETTLE): S.SETTLED,
}
"""Written here a second time, from design.md §3."""


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(A))
def test_every_state_with_every_act(state: S, act: A) -> None:
    if (state, act) in LEADS:
        assert CONTRACT.after(state, act) == LEADS[state, act]
        return
    with pytest.raises(Refusal) as refused:
        CONTRACT.after(state, act)
    assert refused.value.message.text.startswith("“%(act)s” is not possible")


def test_every_state_and_act_has_its_words() -> None:
    assert set(STATES) == set(S)
    assert set(ACTS) == set(A)


@dataclass
class Dates:
    """The dates of a contract."""

    state: S
    signed_on: date | None = date(2026, 3, 1)
    starts_on: date | None = date(2026, 4, 1)
    ends_on: date | None = date(2026, 9, 30)
    ended_on: date | None = None
    sign_by: date | None = None
    later_ends: tuple[tuple[str, str], ...] = ()


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2026, 2, 28), None),
        (date(2026, 3, 1), Standing.NOT_YET),
        (date(2026, 4, 1), Standing.IN_FORCE),
        (date(2026, 9, 30), Standing.IN_FORCE),
        (date(2026, 10, 1), Standing.PAST_END),
    ],
)
def test_what_a_date_brings(day: date, standing: Standing | None) -> None:
    assert standing_on(day, Dates(S.SIGNED)) == standing
    assert standing_on(day, Dates(S.AWAITING)) is None


def test_an_ended_contract_is_in_force_on_its_last_day_and_no_longer() -> None:
    ended = Dates(S.TERMINATED, ended_on=date(2026, 5, 31))
    assert standing_on(date(2026, 5, 31), ended) == Standing.IN_FORCE
    assert standing_on(date(2026, 6, 1), ended) == Standing.OVER


def test_an_annex_moves_the_end_from_its_day_on_and_not_before() -> None:
    extended = Dates(S.SIGNED, later_ends=(("2026-09-15", "2026-12-31"),))
    assert ends_at(date(2026, 9, 14), extended) == date(2026, 9, 30)
    assert ends_at(date(2026, 9, 15), extended) == ends_at(None, extended) == date(2026, 12, 31)
    assert standing_on(date(2026, 10, 1), extended) == Standing.IN_FORCE
    assert standing_on(date(2027, 1, 1), extended) == Standing.PAST_END
    shorter = Dates(S.SIGNED, later_ends=(("2026-08-01", "2026-08-31"),))
    assert standing_on(date(2026, 9, 1), shorter) == Standing.PAST_END


def test_a_termination_announced_for_a_later_day_leaves_it_in_force_until_then() -> None:
    notice = Dates(S.TERMINATED, ended_on=date(2026, 5, 31))
    assert shown_on(date(2026, 5, 31), notice)[1] == "in_force"
    assert shown_on(date(2026, 6, 1), notice) == STATES[S.TERMINATED]


@pytest.mark.parametrize("state", sorted(CONCLUDED))
def test_the_state_shown_to_people(state: S) -> None:
    words, kind = shown_on(date(2026, 5, 1), Dates(state))
    assert kind in ("waiting", "in_force", "signed", "ended", "problem")
    assert (words.text == "Contract in force") == (state == S.SIGNED)
    assert kind != "in_force" or state in (S.SIGNED, S.TERMINATED)


@dataclass
class Given:
    """A signature."""

    method: Method
    attested: bool = False


INK, APP, SEEN = Given(Method.WET_INK), Given(Method.APP), Given(Method.APP, True)


@pytest.mark.parametrize(
    ("signatures", "counted"),
    [([INK, INK], True), ([INK, APP], False), ([INK, SEEN], True), ([APP, APP], False), ([], False)],
)
def test_which_signatures_count(signatures: list[Given], counted: bool) -> None:
    assert counts(signatures) is counted
    assert counts(signatures, {Counting.INK, Counting.APP}) is bool(signatures)
