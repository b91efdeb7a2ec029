"""PURE policy: who may what, for every way of standing to an organisation."""

from datetime import UTC, datetime
from typing import Any

import pytest

from marketplace.organisations import policy
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.policy import Standing
from marketplace.organisations.rules import Kind, MembershipState, Verification, VerificationAct

STRANGER = Standing()
TRUSTED = Standing(trusted=True)
MEMBER = Standing(member=True)
SIGNATORY = Standing(member=True, authority=True)
HELPER = Standing(helper=True)
VIEWER = Standing(reads=True, trusted=True)
OFFICER = Standing(reads=True, acts=True, trusted=True)
OFFICER_WHO_HELPS = Standing(reads=True, acts=True, trusted=True, helper=True)
OFFICER_OF_IT = Standing(reads=True, acts=True, trusted=True, member=True)
ADMINISTRATOR = Standing(administrator=True)


def organisation(state: Verification = Verification.VERIFIED, **values: Any) -> Organisation:
    return Organisation(id=1, kind=Kind.HTX, name="HTX Thử", verification=state, **{"phone_published": False, **values})


LISTED_AT = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("state", [Verification.PENDING, Verification.RETURNED])
def test_what_was_never_verified_is_seen_only_by_whom_it_concerns(state: Verification) -> None:
    fresh = organisation(state)
    assert [policy.may_see(fresh, who) for who in (STRANGER, TRUSTED)] == [False, False]
    assert all(policy.may_see(fresh, who) for who in (MEMBER, HELPER, VIEWER, OFFICER, ADMINISTRATOR))
    assert policy.may_see(organisation(state, listed_at=LISTED_AT), STRANGER)


@pytest.mark.parametrize("state", [Verification.LISTED, Verification.VERIFIED, Verification.SUSPENDED])
def test_what_was_verified_or_listed_is_public(state: Verification) -> None:
    assert policy.may_see(organisation(state), STRANGER)


def test_contact_is_for_verified_parties_and_officials_unless_published() -> None:
    thing = organisation()
    assert not policy.may_see_contact(thing, STRANGER)
    assert all(policy.may_see_contact(thing, who) for who in (TRUSTED, MEMBER, HELPER, VIEWER))
    assert policy.may_see_contact(organisation(phone_published=True), STRANGER)


def test_its_people_and_helpers_and_officers_edit_viewers_do_not() -> None:
    thing = organisation()
    assert [policy.may_edit(thing, who) for who in (MEMBER, HELPER, OFFICER)] == [True] * 3
    assert [policy.may_edit(thing, who) for who in (STRANGER, TRUSTED, VIEWER, ADMINISTRATOR)] == [False] * 4
    assert not policy.may_edit(organisation(Verification.SUSPENDED), MEMBER)


@pytest.mark.parametrize("state", [Verification.PENDING, Verification.RETURNED])
def test_an_entry_of_the_register_is_not_the_claimants_before_an_officer_has_checked_them(state: Verification) -> None:
    claimed = organisation(state, listed_at=LISTED_AT)
    assert [policy.may_edit(claimed, who) for who in (MEMBER, SIGNATORY, HELPER)] == [False] * 3
    assert [policy.may_see_contact(claimed, who) for who in (MEMBER, SIGNATORY, HELPER)] == [False] * 3
    assert policy.may_edit(claimed, OFFICER)
    assert all(policy.may_see_contact(claimed, who) for who in (VIEWER, OFFICER, TRUSTED, ADMINISTRATOR))
    own = organisation(state)
    assert policy.may_edit(own, MEMBER)
    assert policy.may_see_contact(own, MEMBER)


def test_what_was_verified_is_renamed_by_an_officer_only() -> None:
    assert policy.may_rename(organisation(Verification.PENDING), MEMBER)
    assert not policy.may_rename(organisation(Verification.PENDING, listed_at=LISTED_AT), MEMBER)
    assert not policy.may_rename(organisation(), SIGNATORY)
    assert policy.may_rename(organisation(), OFFICER)
    assert not policy.may_rename(organisation(), OFFICER_WHO_HELPS)


def test_members_are_decided_by_who_signs_or_an_independent_officer() -> None:
    thing = organisation()
    assert [policy.may_decide_members(thing, who) for who in (SIGNATORY, OFFICER)] == [True, True]
    others = (STRANGER, MEMBER, HELPER, VIEWER, OFFICER_WHO_HELPS, OFFICER_OF_IT, ADMINISTRATOR)
    assert not any(policy.may_decide_members(thing, who) for who in others)


def test_one_may_always_leave() -> None:
    row = Membership(user_id=7, state=MembershipState.ACTIVE, organisation=organisation())
    assert policy.may_end(row, 7, MEMBER)
    assert not policy.may_end(row, 8, MEMBER)
    assert policy.may_end(row, 8, SIGNATORY)
    row.state = MembershipState.ENDED
    assert not policy.may_end(row, 7, MEMBER)


def test_only_who_signs_gives_a_mandate() -> None:
    thing = organisation()
    assert policy.may_give_mandate(thing, SIGNATORY)
    assert not any(policy.may_give_mandate(thing, who) for who in (MEMBER, HELPER, OFFICER, ADMINISTRATOR))
    assert not policy.may_give_mandate(organisation(Verification.SUSPENDED), SIGNATORY)
    assert policy.may_revoke_mandate(7, 7, HELPER)
    assert not policy.may_revoke_mandate(7, 8, HELPER)
    assert policy.may_revoke_mandate(7, 8, SIGNATORY)


@pytest.mark.parametrize("state", list(Verification))
def test_nobody_but_an_independent_officer_reviews(state: Verification) -> None:
    thing = organisation(state, listed_at=LISTED_AT)
    others = (STRANGER, TRUSTED, HELPER, MEMBER, SIGNATORY, VIEWER, OFFICER_WHO_HELPS, OFFICER_OF_IT, ADMINISTRATOR)
    for who in others:
        assert set(policy.acts_of(thing, who)) <= {VerificationAct.RESUBMIT}
        assert not policy.may_change_status(thing, who)


def test_the_buttons_of_each_state() -> None:
    act = VerificationAct
    assert policy.acts_of(organisation(Verification.PENDING), OFFICER) == (act.VERIFY, act.RETURN)
    claimed = organisation(Verification.PENDING, listed_at=LISTED_AT)
    assert policy.acts_of(claimed, OFFICER) == (act.VERIFY, act.RETURN, act.RELEASE)
    assert policy.acts_of(organisation(Verification.RETURNED), MEMBER) == (act.RESUBMIT,)
    assert policy.acts_of(organisation(Verification.RETURNED), OFFICER) == ()
    assert policy.acts_of(organisation(), OFFICER) == (act.SUSPEND,)
    assert policy.acts_of(organisation(Verification.SUSPENDED), OFFICER) == (act.RESTORE,)
    assert policy.acts_of(organisation(Verification.LISTED), OFFICER) == ()
