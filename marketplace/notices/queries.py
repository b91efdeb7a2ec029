"""Reads of notices: the badge, a person's list, the mails that a demonstration keeps."""

from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.notices.models import Notice, Outgoing


def unread_count(user_id: int) -> int:
    """For the bell. One query."""
    statement = select(func.count()).select_from(Notice).filter(Notice.user_id == user_id, Notice.read_at.is_(None))
    return db.session.scalar(statement) or 0


def unread(user_id: int, limit: int = 10) -> list[Notice]:
    """What a person has not read, newest first. One query."""
    statement = select(Notice).filter(Notice.user_id == user_id, Notice.read_at.is_(None))
    return list(db.session.scalars(statement.order_by(Notice.id.desc()).limit(limit)))


def outbox(limit: int = 200) -> list[Outgoing]:
    """The newest mails with their attempts, for the administrator."""
    return list(db.session.scalars(select(Outgoing).order_by(Outgoing.id.desc()).limit(limit)))
