"""What Python says of a contract on a day, SQL says too: in force, its end, counted by its signatures."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from marketplace.contracts import queries
from marketplace.contracts.models import Change, Contract, Signature
from marketplace.contracts.rules import (
    ContractState,
    Counting,
    Method,
    Standing,
    counts,
    ends_at,
    standing_on,
)
from marketplace.extensions import db
from tests.contracts import deals
from tests.factories import Factories

DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))
MAYBE = st.none() | DAYS
LATER = st.lists(st.tuples(DAYS, MAYBE), max_size=3)
CASES = st.lists(
    st.tuples(st.sampled_from(list(ContractState)), MAYBE, MAYBE, MAYBE, MAYBE, LATER), min_size=1, max_size=12
)
CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@CALM
@given(cases=CASES, day=DAYS)
def test_in_force_and_its_end_agree_with_python(make: Factories, cases: list, day: date) -> None:
    db.session.rollback()
    rows = [
        Contract(
            kind="sale",
            code=f"T{number}",
            state=state,
            signed_on=signed_on,
            starts_on=starts_on,
            ends_on=ends_on,
            ended_on=ended_on,
            created_at=make.now,
        )
        for number, (state, signed_on, starts_on, ends_on, ended_on, _later) in enumerate(cases)
    ]
    db.session.add_all(rows)
    db.session.flush()
    for row, (*_dates, later) in zip(rows, cases, strict=True):
        for place, (effective_on, ends_on) in enumerate(later):
            given = {"effective_on": effective_on, "ends_on": ends_on, "terms": {}, "number": f"PL{place}"}
            db.session.add(Change(contract_id=row.id, source=f"later_paper:{row.id}-{place}", **given))
        db.session.flush()
        moved = sorted((since, place, until) for place, (since, until) in enumerate(later) if until is not None)
        row.later_ends = [[since.isoformat(), until.isoformat()] for since, _place, until in moved]
        assert db.session.scalar(select(queries.end_at(day)).where(Contract.id == row.id)) == ends_at(day, row)
        assert db.session.scalar(select(queries.end_at(None)).where(Contract.id == row.id)) == ends_at(None, row)
    in_force = set(db.session.scalars(select(Contract.id).where(queries.in_force_at(day))))
    assert in_force == {row.id for row in rows if standing_on(day, row) == Standing.IN_FORCE}
    db.session.rollback()


def test_counted_agrees_with_python(make: Factories) -> None:
    made = [deals.signed(make, method).contract for method in (Method.WET_INK, Method.APP)]
    attested, mixed = deals.signed(make, Method.APP).contract, deals.signed(make).contract
    for signature in attested.documents[-1].signatures:
        signature.attested_at = make.now
    mixed.documents[-1].signatures[0].method = Method.APP
    made += [attested, mixed, deals.draft(make).contract]
    db.session.flush()
    for setting in (
        {Counting.INK, Counting.DIGITAL, Counting.APP_ATTESTED},
        {Counting.INK},
        {Counting.APP},
        {Counting.INK, Counting.APP},
        set(),
    ):
        found = set(db.session.scalars(select(Contract.id).where(queries.counted(setting))))
        assert found == {row.id for row in made if row.documents and counts(row.documents[-1].signatures, setting)}
    assert db.session.query(Signature).count() == 8
