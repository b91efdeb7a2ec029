"""Writes of organisations: entering, registering, claiming, verifying."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import clean
from marketplace.ledger.queries import history
from marketplace.notices.service import notify
from marketplace.organisations import policy, queries
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.models import Membership, Organisation, OrganisationPlace, StatusChange
from marketplace.organisations.rules import (
    VERIFICATION,
    AuthorityBasis,
    Kind,
    MembershipState,
    RegisterStatus,
    Sector,
    Verification,
    VerificationAct,
    folded_name,
    name_keys,
)
from marketplace.organisations.service_facts import amend, change_status, move, note
from marketplace.places.models import UNKNOWN_START, AdminUnit
from marketplace.web.addresses import path_of
from marketplace.web.writes import lock

OPEN_IN_REGISTERS = ("tax_code", "sector", "cooperation_contract")
"""What an entry of a register may lack, and a claim fills in."""


@dataclass(frozen=True)
class Application:
    """What a person states who registers or claims an organisation."""

    kind: Kind
    name: str
    unit: AdminUnit | None
    tax_code: str | None = None
    sector: Sector | None = None
    registration_no: str | None = None
    cooperation_contract: str | None = None
    address: str | None = None
    title: str = ""
    basis: AuthorityBasis = AuthorityBasis.LEGAL_REPRESENTATIVE
    document: str | None = None
    until: date | None = None
    sure: bool = True  # that it is none of those of nearly the same name


# Entering --------------------------------------------------------------------------------------------------------


def enlist(
    kind: Kind,
    name: str,
    *,
    unit: AdminUnit | None,
    now: datetime,
    actor: User | None,
    tax_code: str | None = None,
    sector: Sector | None = None,
    founded_on: date | None = None,
    founded_precision: str = "day",
    status: RegisterStatus = RegisterStatus.ACTIVE,
    status_since: date | None = None,
    seated_since: date = UNKNOWN_START,
    on_behalf_of: int | None = None,
    **details: Any,
) -> Organisation:
    """An organisation known from a register or a recorded contract: it counts, and can act once claimed and verified.

    `details`: any of registration_no, cooperation_contract, representative, representative_title, phone, email,
    address, member_count, charter_capital, about. A dissolved one gets two dated statuses: active, then dissolved.
    """
    organisation = Organisation(
        kind=kind,
        name=clean(name),
        folded=folded_name(name),
        tax_code=tax_code,
        sector=sector,
        founded_on=founded_on,
        founded_precision=founded_precision,
        verification=Verification.LISTED,
        listed_at=now,
        created_at=now,
        **details,
    )
    enter(organisation, unit, seated_since, now)
    note(organisation, "organisation:enlisted", actor, now, on_behalf_of, stated(organisation, unit))
    if status != RegisterStatus.ACTIVE:
        change_status(organisation, status, on=status_since or local_date(now), reason=None, actor=actor, now=now)
    return organisation


def enter(organisation: Organisation, unit: AdminUnit | None, seated_since: date, now: datetime) -> None:
    """The rows that every new organisation begins with: itself, its seat, active since it was founded."""
    db.session.add(organisation)
    db.session.flush()
    if unit is not None:
        db.session.add(
            OrganisationPlace(organisation_id=organisation.id, unit_id=unit.id, valid_from=seated_since, unit=unit)
        )
    db.session.add(
        StatusChange(
            organisation_id=organisation.id,
            status=RegisterStatus.ACTIVE,
            effective_on=organisation.founded_on or UNKNOWN_START,
            recorded_at=now,
        )
    )
    db.session.flush()
    db.session.expire(organisation, ["places"])


def stated(organisation: Organisation, unit: AdminUnit | None) -> dict[str, Any]:
    """What the ledger keeps of a new organisation; a personal tax code is no part of it."""
    return {
        "kind": str(organisation.kind),
        "name": organisation.name,
        "tax_code": organisation.public_tax_code,
        "unit": unit.id if unit else None,
        "sector": organisation.sector and str(organisation.sector),
        "founded_on": organisation.founded_on and organisation.founded_on.isoformat(),
    }


# Registering and claiming ----------------------------------------------------------------------------------------


def known(application: Application) -> Organisation | None:
    """The organisation that is meant, where the database holds it already: by tax code, else by name and commune."""
    found = queries.by_tax_code(application.tax_code)
    if found is not None:
        return found
    if application.unit is None:
        return None
    found = queries.by_name_and_unit(name_keys(application.kind, application.name), application.unit)
    if found is not None and application.tax_code and found.tax_code:
        return None  # two codes: two organisations of one name
    return found


def register(application: Application, person: User, *, now: datetime) -> Membership:
    """Make the organisation, or claim it where it is known already; the membership says which it became.

    ACTIVE: the person represents it and it waits for verification; REQUESTED: it has people, who decide.
    """
    if application.unit is None:
        raise Refusal(msgid("Choose the commune or ward."), "unit")
    # Registrations in one commune follow each other, so that one name is not entered twice at once.
    db.session.execute(select(AdminUnit.id).filter_by(id=application.unit.id).with_for_update(key_share=True))
    found = known(application)
    if found is not None:
        return claim(found, person, application, now=now)
    if not application.sure and queries.namesakes_near(application.name, application.unit):
        raise Refusal(msgid("Look at these first: is yours among them? If not, tick the box below them."), "sure")
    try:
        with db.session.begin_nested():
            organisation = create(application, person, now)
    except IntegrityError:
        # Somebody registered the same tax code in another commune at this very moment.
        found = queries.by_tax_code(application.tax_code)
        if found is None:
            raise
        return claim(found, person, application, now=now)
    return represent(organisation, person, application, now)


def create(application: Application, person: User, now: datetime) -> Organisation:
    """A new organisation that waits for verification."""
    organisation = Organisation(
        kind=application.kind,
        name=clean(application.name),
        folded=folded_name(application.name),
        tax_code=application.tax_code,
        sector=application.sector,
        registration_no=application.registration_no,
        cooperation_contract=application.cooperation_contract,
        address=application.address,
        representative=person.name,
        representative_title=application.title,
        phone=person.phone,
        email=person.email,
        verification=Verification.PENDING,
        submitted_at=now,
        created_at=now,
    )
    enter(organisation, application.unit, UNKNOWN_START, now)
    note(organisation, "organisation:registered", person, now, data=stated(organisation, application.unit))
    return organisation


def claim(organisation: Organisation, person: User, application: Application, *, now: datetime) -> Membership:
    """Say "this is ours" of an organisation that is known: the first becomes its representative, others ask to join."""
    lock(organisation)
    before = queries.membership_of(person.id, organisation)
    if before is not None and before.state == MembershipState.ACTIVE:
        raise Refusal(msgid("You belong to this organisation already."))
    if before is not None and before.state == MembershipState.REQUESTED:
        raise Refusal(msgid("You have asked to join already; its people will answer you."))
    if organisation.verification != Verification.LISTED:
        return ask_to_join(organisation, person, application, now)
    organisation.verification = VERIFICATION.after(organisation.verification, VerificationAct.CLAIM)
    organisation.submitted_at = now
    added = [name for name in OPEN_IN_REGISTERS if getattr(application, name) and not getattr(organisation, name)]
    for name in added:
        setattr(organisation, name, getattr(application, name))
    note(organisation, "organisation:claimed", person, now, data={"title": application.title, "added": added})
    return represent(organisation, person, application, now)


def represent(organisation: Organisation, person: User, application: Application, now: datetime) -> Membership:
    """The first person of an organisation may sign for it, once an officer has verified both."""
    found = join(organisation, person, application, MembershipState.ACTIVE, now)
    found.authority = True
    found.authority_basis = application.basis
    found.authority_document = application.document
    found.authority_until = application.until
    found.decided_at = now
    db.session.flush()
    forget_capacities()
    tell_officers(organisation, now)
    return found


def ask_to_join(organisation: Organisation, person: User, application: Application, now: datetime) -> Membership:
    """A request that a member with authority, or an officer, decides."""
    found = join(organisation, person, application, MembershipState.REQUESTED, now)
    note(organisation, "membership:requested", person, now, data={"user": person.id, "title": application.title})
    notify(
        queries.signatories(organisation, local_date(now)) or queries.officers_for(organisation),
        msgid("%(person)s asks to join %(name)s.", person=person.name, name=organisation.name),
        url=path_of("organisations.members", organisation_id=organisation.id),
        subject=f"organisation:{organisation.id}",
        now=now,
    )
    return found


def join(
    organisation: Organisation, person: User, application: Application, state: MembershipState, now: datetime
) -> Membership:
    """The one membership row of this person, new or taken up again."""
    found = queries.membership_of(person.id, organisation) or Membership(
        organisation_id=organisation.id, user_id=person.id
    )
    found.state = state
    found.title = application.title
    found.authority = False
    found.authority_basis = application.basis
    found.authority_document = application.document
    found.authority_until = application.until
    found.requested_at = now
    found.decided_at = None
    db.session.add(found)
    db.session.flush()
    return found


def tell_officers(organisation: Organisation, now: datetime) -> None:
    """Something waits in the verification queue."""
    notify(
        queries.officers_for(organisation),
        msgid("%(name)s waits for verification.", name=organisation.name),
        url=path_of("organisations.review", organisation_id=organisation.id),
        subject=f"organisation:{organisation.id}",
        now=now,
    )


# Verification ----------------------------------------------------------------------------------------------------


def verify(organisation: Organisation, *, evidence: str, actor: User, now: datetime) -> None:
    """An officer has checked that it exists and that these people speak for it: it may publish, quote and sign."""
    turn(organisation, VerificationAct.VERIFY, actor)
    organisation.verified_at = now
    organisation.verification_reason = None
    note(organisation, "organisation:verified", actor, now, data={"evidence": clean(evidence)})
    tell_people(organisation, msgid("%(name)s is verified: you can publish now.", name=organisation.name), now)


def send_back(organisation: Organisation, *, reason: str, actor: User, now: datetime) -> None:
    """Return an application with what is missing."""
    turn(organisation, VerificationAct.RETURN, actor)
    organisation.verification_reason = reason
    note(organisation, "organisation:returned", actor, now, data={"reason": reason})
    sentence = msgid("%(name)s was returned for completion: %(reason)s", name=organisation.name, reason=reason)
    tell_people(organisation, sentence, now)


def resubmit(organisation: Organisation, *, actor: User, now: datetime) -> None:
    """Its people have completed it: the wait begins anew."""
    turn(organisation, VerificationAct.RESUBMIT, actor)
    organisation.submitted_at = now
    note(organisation, "organisation:resubmitted", actor, now)
    tell_officers(organisation, now)


def suspend(organisation: Organisation, *, reason: str, actor: User, now: datetime) -> None:
    """It may not publish, quote or sign until restored."""
    turn(organisation, VerificationAct.SUSPEND, actor)
    organisation.verification_reason = reason
    note(organisation, "organisation:suspended", actor, now, data={"reason": reason})
    tell_people(organisation, msgid("%(name)s is suspended: %(reason)s", name=organisation.name, reason=reason), now)


def restore(organisation: Organisation, *, reason: str, actor: User, now: datetime) -> None:
    """A suspended organisation may act again."""
    turn(organisation, VerificationAct.RESTORE, actor)
    organisation.verification_reason = None
    note(organisation, "organisation:restored", actor, now, data={"reason": reason})
    tell_people(organisation, msgid("%(name)s may act again.", name=organisation.name), now)


def release(organisation: Organisation, *, reason: str, actor: User, now: datetime) -> None:
    """Refuse a claim: the claimants are not of the organisation, and its entry in the register is free again."""
    turn(organisation, VerificationAct.RELEASE, actor)
    tell_people(
        organisation, msgid("Your claim of %(name)s is refused: %(reason)s", name=organisation.name, reason=reason), now
    )
    for row in queries.memberships(organisation, MembershipState.ACTIVE, MembershipState.REQUESTED):
        row.state = MembershipState.ENDED
        row.authority = False
        row.decided_at = now
    for mandate in queries.mandates(organisation, local_date(now)):
        mandate.revoked_at = now
    for name in added_by_claim(organisation):
        setattr(organisation, name, None)
    organisation.submitted_at = None
    organisation.verification_reason = None
    note(organisation, "organisation:released", actor, now, data={"reason": reason})
    forget_capacities()


def added_by_claim(organisation: Organisation) -> list[str]:
    """What the claimants filled in of the register's entry: it goes with them."""
    last = next((entry for entry in history(organisation) if entry.event == "organisation:claimed"), None)
    return list(last.data.get("added", ())) if last else []


def turn(organisation: Organisation, act: VerificationAct, actor: User) -> None:
    """Check who does it and that it is possible now, and change the state."""
    lock(organisation)
    standing = queries.standing(actor, organisation)
    after = VERIFICATION.after(organisation.verification, act)
    if act not in policy.acts_of(organisation, standing):
        if standing.acts and not standing.independent:
            raise Refusal(
                msgid("Who belongs to an organisation or helps it may not verify it; please ask a colleague.")
            )
        raise NotVisible
    organisation.verification = after
    forget_capacities()


def tell_people(organisation: Organisation, message: Message, now: datetime) -> None:
    """A notice to everybody of the organisation."""
    notify(
        queries.people(organisation),
        message,
        url=path_of("organisations.show", organisation_id=organisation.id),
        subject=f"organisation:{organisation.id}",
        now=now,
    )


__all__ = [
    "Application",
    "amend",
    "change_status",
    "claim",
    "enlist",
    "known",
    "move",
    "register",
    "release",
    "restore",
    "resubmit",
    "send_back",
    "suspend",
    "verify",
]
