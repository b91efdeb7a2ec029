"""Reads of notices: the badge, a person's list, the mails that a demonstration keeps."""

from sqlalchemy import Select, and_, case, func, select

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.notices.models import Notice, Outgoing


def unread_count(user_id: int) -> int:
    """For the bell. One query."""
    statement = select(func.count()).select_from(Notice).filter(Notice.user_id == user_id, Notice.read_at.is_(None))
    return db.session.scalar(statement) or 0


def unread(user_id: int, limit: int = 10) -> list[Notice]:
    """What a person has not read, newest first. One query."""
    statement = select(Notice).filter(Notice.user_id == user_id, Notice.read_at.is_(None))
    return list(db.session.scalars(statement.order_by(Notice.id.desc()).limit(limit)))


def of(user_id: int) -> Select[Notice]:
    """Everything a person was told, for paging."""
    return select(Notice).filter(Notice.user_id == user_id)


def get(notice_id: int, user_id: int) -> Notice:
    """One of a person's own notices, or NotVisible."""
    found = db.session.scalar(of(user_id).where(Notice.id == notice_id))
    if found is None:
        raise NotVisible
    return found


def outbox(failed: bool = False) -> Select[Outgoing]:
    """The mails with their attempts, for the administrator; `failed`: those that could not be sent yet."""
    statement = select(Outgoing)
    if failed:
        statement = statement.where(Outgoing.sent_at.is_(None), Outgoing.error.is_not(None))
    return statement


def counts() -> tuple[int, int]:
    """How many mails there are, and how many of them failed. One query."""
    failed = case((and_(Outgoing.sent_at.is_(None), Outgoing.error.is_not(None)), 1), else_=0)
    row = db.session.execute(select(func.count(), func.coalesce(func.sum(failed), 0)).select_from(Outgoing)).one()
    return row[0], int(row[1])


def mail(mail_id: int) -> Outgoing:
    """One mail, or NotVisible."""
    found = db.session.get(Outgoing, mail_id)
    if found is None:
        raise NotVisible
    return found
