"""PURE: who may do what to an organisation, given how a person stands to it (`queries.standing`)."""

from dataclasses import dataclass

from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.rules import VERIFICATION, MembershipState, Verification, VerificationAct


@dataclass(frozen=True)
class Standing:
    """How one person stands to one organisation today."""

    member: bool = False
    authority: bool = False  # may sign for it
    helper: bool = False  # by a mandate only
    reads: bool = False  # an official whose territory it lies in
    acts: bool = False  # … as an officer
    administrator: bool = False
    trusted: bool = False  # an official, or somebody of a verified organisation

    @property
    def independent(self) -> bool:
        """Who verifies or attests an organisation's papers is neither of it nor its helper."""
        return not (self.member or self.helper)


def is_public(organisation: Organisation) -> bool:
    """Known from a register, or verified at some time: anybody may see it."""
    shown = (Verification.LISTED, Verification.VERIFIED, Verification.SUSPENDED)
    return organisation.listed_at is not None or organisation.verification in shown


def is_only_claimed(organisation: Organisation) -> bool:
    """An entry of the register that somebody claims whom no officer has checked yet: perhaps not one of its people."""
    return organisation.listed_at is not None and organisation.verification in (
        Verification.PENDING,
        Verification.RETURNED,
    )


def may_see(organisation: Organisation, standing: Standing) -> bool:
    """Its page."""
    return is_public(organisation) or concerns(standing)


def concerns(standing: Standing) -> bool:
    """Its own people, its helpers, its officials, the administrator: they see what is not for everybody."""
    return standing.member or standing.helper or standing.reads or standing.administrator


def may_see_contact(organisation: Organisation, standing: Standing) -> bool:
    """Phone, e-mail and the representative's name."""
    if is_only_claimed(organisation) and not (standing.reads or standing.administrator):
        return organisation.phone_published or standing.trusted
    return organisation.phone_published or standing.trusted or concerns(standing)


def may_edit(organisation: Organisation, standing: Standing) -> bool:
    """What the organisation says of itself, and its seat: its people, its helpers, the officers of its territory."""
    closed = organisation.verification == Verification.SUSPENDED or is_only_claimed(organisation)
    return standing.acts or ((standing.member or standing.helper) and not closed)


def may_rename(organisation: Organisation, standing: Standing) -> bool:
    """What was verified (name, tax code, sector) is changed by an officer, until then by its people."""
    if standing.acts and standing.independent:
        return True
    unverified = organisation.verification in (Verification.PENDING, Verification.RETURNED)
    return unverified and (standing.member or standing.helper) and organisation.listed_at is None


def may_change_status(organisation: Organisation, standing: Standing) -> bool:
    """The register status is the officers'."""
    return standing.acts and standing.independent


def may_claim(organisation: Organisation, standing: Standing) -> bool:
    """Anybody with an account may say "this is ours"; who belongs to it already need not."""
    return not standing.member


def may_decide_members(organisation: Organisation, standing: Standing) -> bool:
    """Accept, refuse, give or take authority: who may sign for it, or an officer of its territory."""
    return standing.authority or (standing.acts and standing.independent)


def may_end(membership: Membership, user_id: int, standing: Standing) -> bool:
    """One may always leave; others are let go by those who decide."""
    if membership.state == MembershipState.ENDED:
        return False
    return membership.user_id == user_id or may_decide_members(membership.organisation, standing)


def may_give_mandate(organisation: Organisation, standing: Standing) -> bool:
    """Only who may sign for it lets somebody act for it."""
    return standing.authority and organisation.verification != Verification.SUSPENDED


def may_revoke_mandate(helper_id: int, user_id: int, standing: Standing) -> bool:
    """Who may give one, and the helper who no longer wants it."""
    return standing.authority or helper_id == user_id


def may_review(standing: Standing) -> bool:
    """Verify, return, suspend, restore: an officer of its territory who is neither of it nor its helper."""
    return standing.acts and standing.independent


def acts_of(organisation: Organisation, standing: Standing) -> tuple[VerificationAct, ...]:
    """What this person may do to its verification now: the buttons of the page."""
    reviewing = {
        VerificationAct.VERIFY,
        VerificationAct.RETURN,
        VerificationAct.SUSPEND,
        VerificationAct.RESTORE,
        VerificationAct.RELEASE,
    }
    return tuple(
        act
        for act in VERIFICATION.acts(organisation.verification)
        if (act in reviewing and may_review(standing) and (act != VerificationAct.RELEASE or organisation.listed_at))
        or (act == VerificationAct.RESUBMIT and (standing.member or standing.helper))
    )
