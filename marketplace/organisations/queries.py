"""Reads of organisations: who may see which, who belongs to one, who supervises it, and whether it is known already."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, or_, select
from sqlalchemy.orm import lazyload

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.identifiers import compact_tax_code
from marketplace.organisations import policy
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Mandate, Membership, Organisation, OrganisationPlace, Post, StatusChange
from marketplace.organisations.policy import Standing
from marketplace.organisations.rules import (
    MembershipState,
    PostRole,
    RegisterStatus,
    Verification,
    at_day,
    folded_name,
    may_sign_on,
    nearly_same,
)
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, Succession
from marketplace.web import clock

SHOWN_TO_ALL = (Verification.LISTED, Verification.VERIFIED, Verification.SUSPENDED)


# Who may see what ------------------------------------------------------------------------------------------------


def visible_to(user: Any) -> Select[Organisation]:
    """The organisations that this person may see; every list starts here."""
    statement = select(Organisation)
    if user.is_authenticated and user.administrator:
        return statement
    reasons: list[ColumnElement[bool]] = [
        Organisation.verification.in_(SHOWN_TO_ALL),
        Organisation.listed_at.is_not(None),
    ]
    found = capacities(user)
    if found.organisation_ids:
        reasons.append(Organisation.id.in_(found.organisation_ids))
    if found.posts:
        reasons.append(overseen_by(user))
    return statement.where(or_(*reasons))


def get(organisation_id: int, visible_to: Any) -> Organisation:
    """One organisation, or NotVisible."""
    found = db.session.scalar(seen_by(visible_to).where(Organisation.id == organisation_id))
    if found is None:
        raise NotVisible
    return found


seen_by = visible_to
"""The same function under a name that `get` does not hide."""


def standing(user: Any, organisation: Organisation) -> Standing:
    """How this person stands to this organisation, for the policy."""
    if not user.is_authenticated:
        return Standing()
    found = capacities(user)
    return Standing(
        member=found.belongs(organisation.id),
        authority=found.signs_for(organisation.id) is not None,
        helper=found.helps(organisation.id),
        reads=oversees(user, organisation),
        acts=oversees(user, organisation, acting=True),
        administrator=bool(user.administrator),
        trusted=bool(found.posts) or found.verified,
    )


# Territories -----------------------------------------------------------------------------------------------------


def territory(user: Any, acting: bool = False) -> set[int]:
    """All units, of both eras, that a user's posts cover; `acting`: as an officer."""
    found = capacities(user)
    posts = found.acting_posts if acting else found.posts
    return set().union(*(places.territory_ids(post) for post in posts))


def oversees(user: Any, organisation: Organisation, acting: bool = False) -> bool:
    """Whether it lies in the user's territory, or in no officer's and the user is of the province."""
    seat = organisation.unit
    if seat is not None and seat.id in territory(user, acting):
        return True
    return has_province_post(user, acting) and (seat is None or is_outside(seat))


def overseen_by(user: Any, acting: bool = False) -> ColumnElement[bool]:
    """The same as a condition of SQL, for lists."""
    units = territory(user, acting)
    seats = select(OrganisationPlace.organisation_id).where(OrganisationPlace.valid_to.is_(None))
    reasons: list[ColumnElement[bool]] = (
        [Organisation.id.in_(seats.where(OrganisationPlace.unit_id.in_(units)))] if units else []
    )
    if has_province_post(user, acting):
        covered = seats.where(OrganisationPlace.unit_id.in_(officers_units()))
        reasons.append(Organisation.id.not_in(covered))
    return or_(*reasons) if reasons else false()


def has_province_post(user: Any, acting: bool = False) -> bool:
    """Whether one of the user's posts is in a province."""
    found = capacities(user)
    posts = found.acting_posts if acting else found.posts
    return any(post.unit is not None and post.unit.level == "province" for post in posts)


def acting_post(day: date) -> ColumnElement[bool]:
    """The posts of officers on a day."""
    return and_(
        Post.role == PostRole.OFFICER,
        Post.unit_id.is_not(None),
        Post.held_from <= day,
        or_(Post.held_until.is_(None), Post.held_until >= day),
    )


def officers_units(level: str | None = None) -> Select[int]:
    """The units, of both eras, that some officer's post (in a unit of that level) covers."""
    today = acting_post(clock.today())
    if level:
        today = and_(today, Post.unit_id.in_(select(AdminUnit.id).where(AdminUnit.level == level)))
    start = select(Post.unit_id.label("id")).where(today)
    before = select(Succession.old_id).join(Post, Post.unit_id == Succession.new_id)
    roots = start.union(before.where(today, Succession.extent == "whole")).subquery()
    tree = select(roots.c.id).cte(f"units_of_{level or 'all'}_officers", recursive=True)
    return select(tree.union(select(AdminUnit.id).where(AdminUnit.parent_id == tree.c.id)).c.id)


def above(unit: AdminUnit) -> CompoundSelect[int]:
    """The unit, all above it, and what each of them wholly went into: whose posts cover it."""
    tree = select(AdminUnit.id, AdminUnit.parent_id).where(AdminUnit.id == unit.id).cte("above", recursive=True)
    tree = tree.union(select(AdminUnit.id, AdminUnit.parent_id).join(tree, AdminUnit.id == tree.c.parent_id))
    later = select(Succession.new_id).join(tree, Succession.old_id == tree.c.id).where(Succession.extent == "whole")
    return select(tree.c.id).union(later)


def is_outside(unit: AdminUnit) -> bool:
    """Whether no officer's post covers the unit: then the province's officers act."""
    posts = select(Post.id).where(acting_post(clock.today()), Post.unit_id.in_(above(unit)))
    return db.session.scalar(posts.limit(1)) is None


def officers_for(organisation: Organisation) -> list[User]:
    """Who decides first: the commune's officers, else the province's, else (outside every area) all provinces'."""
    near = officers_over(organisation.unit, "commune")
    return near or provincial_officers_for(organisation)


def provincial_officers_for(organisation: Organisation) -> list[User]:
    """The officers of its province, or of every province that works here when none covers its seat."""
    return officers_over(organisation.unit, "province") or officers_over(None, "province")


def officers_over(unit: AdminUnit | None, level: str) -> list[User]:
    """Officers whose post of that level covers the unit (None: of that level anywhere)."""
    statement = (
        select(User)
        .join(Post, Post.user_id == User.id)
        .join(AdminUnit, AdminUnit.id == Post.unit_id)
        .where(acting_post(clock.today()), AdminUnit.level == level, User.active.is_(True))
    )
    if unit is not None:
        statement = statement.where(Post.unit_id.in_(above(unit)))
    return list(db.session.scalars(statement.distinct().order_by(User.id)))


# People ----------------------------------------------------------------------------------------------------------


def memberships(organisation: Organisation, *states: MembershipState) -> list[Membership]:
    """The memberships of an organisation (by default the active ones), in the order they were asked for."""
    wanted = states or (MembershipState.ACTIVE,)
    statement = select(Membership).filter_by(organisation_id=organisation.id).options(lazyload(Membership.organisation))
    return list(db.session.scalars(statement.where(Membership.state.in_(wanted)).order_by(Membership.id)))


def membership(membership_id: int, organisation: Organisation) -> Membership:
    """One membership of this organisation, or NotVisible."""
    found = db.session.scalar(select(Membership).filter_by(id=membership_id, organisation_id=organisation.id))
    if found is None:
        raise NotVisible
    return found


def membership_of(user_id: int, organisation: Organisation) -> Membership | None:
    """A user's membership of any state."""
    return db.session.scalar(select(Membership).filter_by(user_id=user_id, organisation_id=organisation.id))


def people(organisation: Organisation) -> list[User]:
    """The users who belong to it."""
    return [row.user for row in memberships(organisation) if row.user.active]


def signatories(organisation: Organisation, day: date | None = None) -> list[User]:
    """The users who may sign for it on a day (today)."""
    on = day or clock.today()
    signing = (
        row
        for row in memberships(organisation)
        if may_sign_on(on, row.authority, row.authority_until, row.authority_from)
    )
    return [row.user for row in signing if row.user.active]


def requests_of(user: Any) -> list[Membership]:
    """What a user has asked to join and nobody has decided."""
    statement = select(Membership).filter_by(user_id=user.id, state=MembershipState.REQUESTED)
    return list(db.session.scalars(statement.order_by(Membership.id)))


def mandates(organisation: Organisation, day: date | None = None) -> list[Mandate]:
    """The mandates in force on a day (today), those that end last first."""
    statement = select(Mandate).where(
        Mandate.organisation_id == organisation.id,
        Mandate.until >= (day or clock.today()),
        Mandate.revoked_at.is_(None),
    )
    statement = statement.options(lazyload(Mandate.organisation))
    return list(db.session.scalars(statement.order_by(Mandate.until.desc(), Mandate.id)))


def mandate(mandate_id: int, organisation: Organisation) -> Mandate:
    """One mandate of this organisation, or NotVisible."""
    found = db.session.scalar(select(Mandate).filter_by(id=mandate_id, organisation_id=organisation.id))
    if found is None:
        raise NotVisible
    return found


def may_hand_over_code(officer: Any, user: User) -> bool:
    """A one-time code: an officer for the people of organisations in the territory, an administrator for officials."""
    duties = user.administrator or bool(posts_of(user))
    if duties or officer.administrator:
        return bool(officer.administrator) and duties and officer.id != user.id
    statement = select(Membership).where(
        Membership.user_id == user.id,
        Membership.state != MembershipState.ENDED,
    )
    organisations = [row.organisation for row in db.session.scalars(statement)]
    return any(policy.may_review(standing(officer, organisation)) for organisation in organisations)


def held_about(user: User) -> list[dict[str, Any]]:
    """What this slice holds about a person, for the person to download."""
    memberships_of = select(Membership).filter_by(user_id=user.id).order_by(Membership.id)
    helped = select(Mandate).filter_by(helper_id=user.id).order_by(Mandate.id)
    held = select(Post).filter_by(user_id=user.id).order_by(Post.id)
    return [
        *(
            {"organisation": row.organisation.name, "title": row.title, "state": row.state, "signs": row.authority}
            for row in db.session.scalars(memberships_of)
        ),
        *({"helps": row.organisation.name, "until": row.until} for row in db.session.scalars(helped)),
        *({"post": row.body, "title": row.title, "until": row.held_until} for row in db.session.scalars(held)),
    ]


def posts_of(user: User) -> list[Post]:
    """The posts that a user holds today or will hold."""
    later = or_(Post.held_until.is_(None), Post.held_until >= clock.today())
    return list(db.session.scalars(select(Post).filter_by(user_id=user.id).where(later)))


# Is it known already? --------------------------------------------------------------------------------------------


def by_tax_code(code: str | None) -> Organisation | None:
    """The organisation with this tax code, however it is spaced."""
    if not code:
        return None
    return db.session.scalar(select(Organisation).filter_by(tax_code=compact_tax_code(code)))


def by_name_and_unit(folded: str | Iterable[str], unit: AdminUnit) -> Organisation | None:
    """The organisation of this folded name (or one of several) in this commune, its predecessors or its successor.

    Where several are, the one seated in exactly this unit; else the one entered first.
    """
    keys = [folded] if isinstance(folded, str) else list(folded)
    statement = (
        select(Organisation, OrganisationPlace.unit_id)
        .join(OrganisationPlace, OrganisationPlace.organisation_id == Organisation.id)
        .where(Organisation.folded.in_(keys), OrganisationPlace.unit_id.in_(one_commune(unit)))
    )
    rows = db.session.execute(statement).unique().all()
    ranked = sorted(rows, key=lambda row: (row.unit_id != unit.id, keys.index(row.Organisation.folded), row[0].id))
    return ranked[0].Organisation if ranked else None


def one_commune(unit: AdminUnit) -> set[int]:
    """The unit with its predecessors and its successor: what one commune was called through time. Two queries."""
    later = places.successor(unit)
    return {unit.id, *(row.id for row in places.predecessors(unit)), *([later.id] if later else [])}


def namesakes_near(name: str, unit: AdminUnit) -> list[Organisation]:
    """Organisations of this commune whose names are so alike that one should ask before entering another."""
    seats = select(OrganisationPlace.organisation_id).where(OrganisationPlace.unit_id.in_(one_commune(unit)))
    statement = select(Organisation.id, Organisation.folded).where(Organisation.id.in_(seats))
    wanted = folded_name(name)
    alike = [row.id for row in db.session.execute(statement) if nearly_same(row.folded, wanted)]
    return list(db.session.scalars(select(Organisation).where(Organisation.id.in_(alike)).order_by(Organisation.id)))


# Dated facts -----------------------------------------------------------------------------------------------------


def place_at(organisation: Organisation, day: date) -> AdminUnit | None:
    """Its seat on a day, in the unit that was written."""
    found = at_day(organisation.places, day)
    return found.unit if found else None


def seat_on(organisation: Organisation, day: date) -> AdminUnit | None:
    """Its seat on a day as that day calls it: a unit that had been merged by then is named by what it went into."""
    written = place_at(organisation, day)
    if written is None or written.valid_to is None or written.valid_to >= day:
        return written
    return places.successor(written) or written


def statuses(organisation: Organisation) -> list[StatusChange]:
    """Its register status through time, the latest first."""
    statement = select(StatusChange).filter_by(organisation_id=organisation.id)
    return list(db.session.scalars(statement.order_by(StatusChange.effective_on.desc(), StatusChange.id.desc())))


def status_at(organisation: Organisation, day: date) -> RegisterStatus | None:
    """The register status that holds on a day."""
    return next((row.status for row in statuses(organisation) if row.effective_on <= day), None)
