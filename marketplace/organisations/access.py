"""The kinds of visitor that views name in @allow: Member, Helper, Official, Administrator.

They say who may come to a page at all; whether this person may see or change this very thing is asked of
`visible_to` in queries and of the slice's policy. Capacities are read once a request, by one query.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import and_, inspect, or_, select
from sqlalchemy.orm import joinedload, lazyload

from marketplace.accounts.access import Administrator
from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.organisations.models import Mandate, Membership, Organisation, Post
from marketplace.organisations.rules import MembershipState, PostRole, may_sign_on
from marketplace.web import clock

Row = TypeVar("Row")


@dataclass
class Capacities:
    """In whose name a user may act today."""

    memberships: list[Membership] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    @property
    def organisations(self) -> list[Organisation]:
        """Organisations the user belongs to or helps, own ones first."""
        own = {row.organisation_id: row.organisation for row in self.memberships}
        return list({**own, **{row.organisation_id: row.organisation for row in self.mandates}}.values())

    @property
    def organisation_ids(self) -> set[int]:
        return {row.organisation_id for row in self.memberships} | {row.organisation_id for row in self.mandates}

    @property
    def verified(self) -> bool:
        """Acts for at least one verified organisation."""
        return any(organisation.verified for organisation in self.organisations)

    @property
    def acting_posts(self) -> list[Post]:
        """Posts of an officer; a reporting area is for reading only, whatever the role says."""
        return [post for post in self.posts if post.role == PostRole.OFFICER and post.unit_id is not None]

    def belongs(self, organisation_id: int) -> bool:
        """Is one of its own people."""
        return any(row.organisation_id == organisation_id for row in self.memberships)

    def helps(self, organisation_id: int) -> bool:
        """Acts for it by mandate only, and so never signs."""
        mandated = any(row.organisation_id == organisation_id for row in self.mandates)
        return mandated and not self.belongs(organisation_id)

    def signs_for(self, organisation_id: int) -> Membership | None:
        """The membership by which the user may sign for it today."""
        today = clock.today()
        for row in self.memberships:
            if row.organisation_id == organisation_id and may_sign_on(
                today, row.authority, row.authority_until, row.authority_from
            ):
                return row
        return None

    @property
    def current(self) -> bool:
        """False after a commit or rollback expired the rows: reading them one by one would cost a query each."""
        return not any(inspect(row).expired for row in [*self.memberships, *self.mandates, *self.posts])


def capacities(user: Any) -> Capacities:
    """What a user may act as today, kept for the request (the session lives as long)."""
    if not user.is_authenticated:
        return Capacities()
    cache: dict[int, Capacities] = db.session.info.setdefault("capacities", {})
    if user.id not in cache or not cache[user.id].current:
        cache[user.id] = read_capacities(user.id)
    return cache[user.id]


def forget_capacities() -> None:
    """After a write that changes what somebody may act as."""
    db.session.info.pop("capacities", None)


def read_capacities(user_id: int) -> Capacities:
    """The one query behind it: few rows each, so their product is small."""
    today = clock.today()
    statement = (
        select(Membership, Mandate, Post)
        .select_from(User)
        .outerjoin(Membership, and_(Membership.user_id == User.id, Membership.state == MembershipState.ACTIVE))
        .outerjoin(Mandate, and_(Mandate.helper_id == User.id, Mandate.until >= today, Mandate.revoked_at.is_(None)))
        .outerjoin(
            Post,
            and_(
                Post.user_id == User.id,
                Post.held_from <= today,
                or_(Post.held_until.is_(None), Post.held_until >= today),
            ),
        )
        .where(User.id == user_id)
        .order_by(Membership.id, Mandate.id, Post.id)
        .options(
            joinedload(Membership.organisation).lazyload(Organisation.places),
            joinedload(Mandate.organisation).lazyload(Organisation.places),
            lazyload(Membership.user),
            lazyload(Mandate.helper),
            lazyload(Post.user),
        )
    )
    rows = db.session.execute(statement).all()
    return Capacities(
        memberships=once(row[0] for row in rows),
        mandates=once(row[1] for row in rows),
        posts=once(row[2] for row in rows),
    )


def once(rows: Iterable[Row | None]) -> list[Row]:
    """Each row once, in order."""
    return list(dict.fromkeys(row for row in rows if row is not None))


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
        found = capacities(user)
        return bool(found.acting_posts if acting else found.posts)


__all__ = ["Administrator", "Capacities", "Helper", "Member", "Official", "capacities", "forget_capacities"]
