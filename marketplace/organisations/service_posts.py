"""Writes of officials' posts: appointing, and the last day of a post."""

from datetime import date, datetime

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.service import sign_out_everywhere
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.models import Post
from marketplace.organisations.rules import PostRole
from marketplace.places.models import AdminUnit, ReportingArea


def appoint(
    user: User,
    *,
    role: PostRole,
    body: str,
    title: str,
    unit: AdminUnit | None = None,
    area: ReportingArea | None = None,
    held_from: date,
    held_until: date | None = None,
    actor: User | None,
    now: datetime,
) -> Post:
    """Give somebody a post in a commune, a province or (to read only) a reporting area."""
    if (unit is None) == (area is None):
        raise Refusal(msgid("Choose either a commune or province, or a reporting area."), "place")
    if area is not None and role == PostRole.OFFICER:
        raise Refusal(msgid("A reporting area is for reading: choose the viewer, or a commune or province."), "role")
    if unit is not None and unit.level not in ("commune", "province"):
        raise Refusal(msgid("Officials work for a commune or a province."), "place")
    if held_until is not None and held_until < held_from:
        raise Refusal(msgid("The last day is before the first."), "held_until")
    post = Post(
        user_id=user.id,
        role=role,
        body=body,
        title=title,
        unit_id=unit.id if unit else None,
        area_id=area.id if area else None,
        held_from=held_from,
        held_until=held_until,
    )
    db.session.add(post)
    db.session.flush()
    record("post:given", post, actor=actor.id if actor else None, now=now, data=held(post))
    # The next sign-in asks for what the duty demands (a second factor).
    sign_out_everywhere(user, now=now, actor=actor.id if actor else None)
    forget_capacities()
    return post


def end_post(post: Post, *, last_day: date, actor: User | None, now: datetime) -> None:
    """The post is held until this day; a day before today ends it at once."""
    if last_day < post.held_from:
        raise Refusal(msgid("The last day is before the first."), "last_day")
    if post.held_until is not None and post.held_until < local_date(now):
        raise Refusal(msgid("This post has ended already."))
    post.held_until = last_day
    db.session.flush()
    record("post:ended", post, actor=actor.id if actor else None, now=now, data={"until": last_day.isoformat()})
    forget_capacities()


def held(post: Post) -> dict[str, object]:
    """What the ledger keeps of a post."""
    return {
        "user": post.user_id,
        "role": str(post.role),
        "body": post.body,
        "unit": post.unit_id,
        "area": post.area_id,
        "from": post.held_from.isoformat(),
        "until": post.held_until and post.held_until.isoformat(),
    }


def all_posts() -> list[Post]:
    """Every post, those held now and lately first."""
    return list(db.session.scalars(select(Post).order_by(Post.held_until.desc().nulls_first(), Post.id.desc())))
