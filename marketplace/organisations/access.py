"""The kinds of visitor that views name in @allow: Member, Helper, Official, Administrator.

They say who may come to a page at all; whether this person may see or change this very thing is asked of
`visible_to` in queries and of the slice's policy. Capacities are read once a request (at most three queries).
"""

from dataclasses import dataclass, field
from typing import Any

from flask import g
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from marketplace.extensions import db
from marketplace.organisations.models import Mandate, Membership, Organisation, Post
from marketplace.organisations.rules import MembershipState, PostRole
from marketplace.web import clock


@dataclass
class Capacities:
    """In whose name a user may act today."""

    memberships: list[Membership] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    @property
    def organisations(self) -> list[Organisation]:
        """Organisations the user belongs to or helps, own ones first."""
        found = {row.organisation_id: row.organisation for row in [*self.memberships, *self.mandates]}
        return list(found.values())

    @property
    def organisation_ids(self) -> set[int]:
        return {row.organisation_id for row in [*self.memberships, *self.mandates]}

    def helps(self, organisation_id: int) -> bool:
        """Acts for it by mandate only, and so never signs."""
        return organisation_id not in {row.organisation_id for row in self.memberships} and organisation_id in {
            row.organisation_id for row in self.mandates
        }

    def signs_for(self, organisation_id: int) -> Membership | None:
        """The membership by which the user may sign for it today."""
        today = clock.today()
        for row in self.memberships:
            good = row.authority and (row.authority_until is None or row.authority_until >= today)
            if row.organisation_id == organisation_id and good:
                return row
        return None


def capacities(user: Any) -> Capacities:
    """What a user may act as today, cached for the request."""
    if not user.is_authenticated:
        return Capacities()
    cache = g.setdefault("capacities", {})
    if user.id not in cache:
        cache[user.id] = read_capacities(user.id)
    return cache[user.id]


def forget_capacities() -> None:
    """After a write that changes somebody's capacities, or a rollback that expired them."""
    g.pop("capacities", None)


def read_capacities(user_id: int) -> Capacities:
    """The three queries behind it."""
    today = clock.today()
    memberships = select(Membership).filter_by(user_id=user_id, state=MembershipState.ACTIVE).order_by(Membership.id)
    mandates = select(Mandate).filter(
        Mandate.helper_id == user_id, Mandate.until >= today, Mandate.revoked_at.is_(None)
    )
    posts = select(Post).filter(
        Post.user_id == user_id, Post.held_from <= today, or_(Post.held_until.is_(None), Post.held_until >= today)
    )
    return Capacities(
        memberships=list(db.session.scalars(memberships.options(joinedload(Membership.organisation)))),
        mandates=list(db.session.scalars(mandates)),
        posts=list(db.session.scalars(posts)),
    )


class Member:
    """Somebody of an organisation; `authority=True`: with authority to sign for at least one."""

    @staticmethod
    def admits(user: Any, authority: bool = False, **_options: Any) -> bool:
        found = capacities(user)
        if not authority:
            return bool(found.memberships)
        return any(found.signs_for(row.organisation_id) for row in found.memberships)


class Helper:
    """Somebody with a mandate of an organisation."""

    @staticmethod
    def admits(user: Any, **_options: Any) -> bool:
        return bool(capacities(user).mandates)


class Official:
    """Somebody with a post; `acting=True`: as an officer, not only to read."""

    @staticmethod
    def admits(user: Any, acting: bool = False, **_options: Any) -> bool:
        return any(not acting or post.role == PostRole.OFFICER for post in capacities(user).posts)


class Administrator:
    """The installation's administrator."""

    @staticmethod
    def admits(user: Any, **_options: Any) -> bool:
        return bool(user.is_authenticated and user.administrator)
