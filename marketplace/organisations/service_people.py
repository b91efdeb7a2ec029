"""Writes of an organisation's people: requests to join, authority to sign, leaving, and mandates of helpers."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.accounts.models import User
from marketplace.accounts.queries import by_identity
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.notices.service import notify
from marketplace.organisations import policy, queries
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.models import Mandate, Membership, Organisation
from marketplace.organisations.rules import (
    AuthorityBasis,
    MembershipState,
    is_power_of_attorney_complete,
    last_mandate_day,
    may_sign_on,
    same_person,
)
from marketplace.organisations.service_facts import note
from marketplace.web.addresses import path_of
from marketplace.web.writes import lock


@dataclass(frozen=True)
class Authority:
    """The title as on the paper, and by what right somebody signs (None: does not sign)."""

    title: str
    basis: AuthorityBasis | None = None
    document: str | None = None
    until: date | None = None
    since: date | None = None
    file_id: int | None = None  # the power of attorney itself; None: the one given before stays


# Memberships -----------------------------------------------------------------------------------------------------


def accept(membership: Membership, authority: Authority, *, actor: User, now: datetime) -> None:
    """The person who asked belongs to the organisation from now on."""
    decide(membership, actor)
    membership.state = MembershipState.ACTIVE
    membership.decided_at = now
    give(membership, authority, now)
    organisation = membership.organisation
    note(organisation, "membership:accepted", actor, now, data=held(membership))
    tell(membership, msgid("You now belong to %(name)s.", name=organisation.name), now)


def decline(membership: Membership, *, reason: str, actor: User, now: datetime) -> None:
    """The person who asked does not belong to it."""
    decide(membership, actor)
    membership.state = MembershipState.ENDED
    membership.decided_at = now
    forget_capacities()
    data = {"user": membership.user_id, "reason": reason}
    note(membership.organisation, "membership:declined", actor, now, data=data)
    notify(
        [membership.user],
        msgid(
            "Your request to join %(name)s is declined: %(reason)s", name=membership.organisation.name, reason=reason
        ),
        url=path_of("organisations.mine"),
        subject=f"organisation:{membership.organisation_id}",
        now=now,
    )


def decide(membership: Membership, actor: User) -> None:
    """Only a request that is still open, and only by somebody else who may."""
    lock(membership)
    if not policy.may_decide_members(membership.organisation, queries.standing(actor, membership.organisation)):
        raise NotVisible
    if membership.state != MembershipState.REQUESTED:
        raise Refusal(msgid("This request was decided already."))
    if membership.user_id == actor.id:
        raise Refusal(msgid("Nobody decides the own request: please ask a colleague."))


def change_authority(membership: Membership, authority: Authority, *, actor: User, now: datetime) -> None:
    """Another title, or authority to sign given, changed or taken away."""
    lock(membership)
    if not policy.may_decide_members(membership.organisation, queries.standing(actor, membership.organisation)):
        raise NotVisible
    if membership.state != MembershipState.ACTIVE:
        raise Refusal(msgid("This person no longer belongs to the organisation."))
    give(membership, authority, now)
    note(membership.organisation, "membership:changed", actor, now, data=held(membership))
    if membership.user_id != actor.id:
        name = membership.organisation.name
        tell(membership, msgid("Your title or authority in %(name)s was changed.", name=name), now)


def give(membership: Membership, authority: Authority, now: datetime) -> None:
    """Write title and authority down, after checking that a power of attorney is named and not over."""
    attorney = authority.basis == AuthorityBasis.POWER_OF_ATTORNEY
    if attorney and not is_power_of_attorney_complete(authority.document):
        raise Refusal(msgid("Give the number and date of the power of attorney."), "document")
    if authority.basis and authority.until and authority.until < local_date(now):
        raise Refusal(msgid("This day is over: give the last day of the authority, or leave it empty."), "until")
    if authority.since and authority.until and authority.until < authority.since:
        raise Refusal(msgid("The authority must end after it begins; correct one of the two days."), "until")
    membership.title = authority.title
    membership.authority = authority.basis is not None
    membership.authority_basis = authority.basis
    membership.authority_document = authority.document if attorney else None
    membership.authority_from = authority.since if authority.basis else None
    membership.authority_until = authority.until if authority.basis else None
    if not attorney or authority.file_id is not None:
        membership.authority_file_id = authority.file_id if attorney else None
    db.session.flush()
    forget_capacities()


def end(membership: Membership, *, actor: User, now: datetime) -> None:
    """Somebody leaves, or is let go; what he or she did stays as it was."""
    lock(membership)
    standing = queries.standing(actor, membership.organisation)
    if not policy.may_end(membership, actor.id, standing):
        raise NotVisible
    membership.state = MembershipState.ENDED
    membership.authority = False
    membership.decided_at = now
    forget_capacities()
    note(membership.organisation, "membership:ended", actor, now, data={"user": membership.user_id})
    if membership.user_id != actor.id:
        notify(
            [membership.user],
            msgid("You no longer belong to %(name)s.", name=membership.organisation.name),
            url=path_of("organisations.mine"),
            subject=f"organisation:{membership.organisation_id}",
            now=now,
        )


def is_last_signatory(membership: Membership, day: date) -> bool:
    """Whether nobody could sign for the organisation without this person."""
    if not may_sign_on(day, membership.authority, membership.authority_until, membership.authority_from):
        return False
    return {user.id for user in queries.signatories(membership.organisation, day)} <= {membership.user_id}


def held(membership: Membership) -> dict[str, object]:
    """What the ledger keeps of a membership."""
    return {
        "user": membership.user_id,
        "title": membership.title,
        "authority": membership.authority,
        "basis": membership.authority_basis and str(membership.authority_basis),
        "document": membership.authority_document,
        "from": membership.authority_from and membership.authority_from.isoformat(),
        "until": membership.authority_until and membership.authority_until.isoformat(),
    }


def tell(membership: Membership, message: Message, now: datetime) -> None:
    """A notice to the person."""
    notify(
        [membership.user],
        message,
        url=path_of("organisations.show", organisation_id=membership.organisation_id),
        subject=f"organisation:{membership.organisation_id}",
        now=now,
    )


# Mandates --------------------------------------------------------------------------------------------------------


def find_helper(name: str, identity: str) -> User:
    """The person with this phone or e-mail, if the name agrees: one sentence for every no, so that nothing leaks."""
    found = by_identity(identity)
    if found is None or not found.active or not same_person(found.name, name):
        raise Refusal(
            msgid("Nobody with this name has an account with this phone number or e-mail. Please check both."),
            "identity",
        )
    return found


def grant(organisation: Organisation, helper: User, *, until: date | None, actor: User, now: datetime) -> Mandate:
    """Let a named helper prepare and send everything except signatures, until a day."""
    lock(organisation)
    if not policy.may_give_mandate(organisation, queries.standing(actor, organisation)):
        raise NotVisible
    today = local_date(now)
    last_day = until or last_mandate_day(today)
    check_until(last_day, today)
    own = queries.membership_of(helper.id, organisation)
    if own is not None and own.state == MembershipState.ACTIVE:
        raise Refusal(msgid("This person belongs to the organisation and needs no mandate."), "identity")
    for earlier in queries.mandates(organisation, today):
        if earlier.helper_id == helper.id:
            earlier.revoked_at = now  # replaced by the new one
    mandate = Mandate(
        organisation_id=organisation.id, helper_id=helper.id, granted_by_id=actor.id, granted_at=now, until=last_day
    )
    db.session.add(mandate)
    db.session.flush()
    forget_capacities()
    note(organisation, "mandate:granted", actor, now, data={"helper": helper.id, "until": last_day.isoformat()})
    sentence = msgid("%(name)s asks you to help until %(day)s.", name=organisation.name, day=format_date(last_day))
    told = path_of("organisations.show", organisation_id=organisation.id)
    notify([helper], sentence, url=told, subject=f"organisation:{organisation.id}", now=now)
    return mandate


def check_until(until: date, today: date) -> None:
    """From today, a year at most."""
    if until < today:
        raise Refusal(msgid("This day is over: choose a later one."), "until")
    latest = last_mandate_day(today)
    if until > latest:
        raise Refusal(
            msgid("A mandate lasts a year at most: until %(day)s at the latest.", day=format_date(latest)), "until"
        )


def revoke(mandate: Mandate, *, actor: User, now: datetime) -> None:
    """The helper may no longer act for the organisation; what was done stays, with both names."""
    lock(mandate)
    organisation = mandate.organisation
    if not policy.may_revoke_mandate(mandate.helper_id, actor.id, queries.standing(actor, organisation)):
        raise NotVisible
    if mandate.revoked_at is not None or mandate.until < local_date(now):
        raise Refusal(msgid("This mandate is over already."))
    by_helper = mandate.helper_id == actor.id
    note(organisation, "mandate:revoked", actor, now, data={"helper": mandate.helper_id})
    mandate.revoked_at = now
    db.session.flush()
    forget_capacities()
    sentence = msgid(
        "The mandate of %(person)s for %(name)s is over.", person=mandate.helper.name, name=organisation.name
    )
    told = queries.signatories(organisation, local_date(now)) if by_helper else [mandate.helper]
    notify(told, sentence, url=path_of("organisations.mine"), subject=f"organisation:{organisation.id}", now=now)
