"""Reads of accounts: by what somebody signs in with, one-time codes, what is held about a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from flask_security.utils import lookup_identity
from sqlalchemy import ColumnElement, func, select

from marketplace.accounts import rules
from marketplace.accounts.models import Consent, OneTimeCode, User
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.ledger.models import Entry
from marketplace.ledger.queries import subject_of


def get(user_id: int) -> User:
    """The person, or NotVisible; who may see the person at all is the caller's question."""
    user = db.session.get(User, user_id)
    if user is None or not user.active:
        raise NotVisible
    return user


def by_identity(text: str) -> User | None:
    """Whoever signs in with this phone number (in any spelling) or e-mail address."""
    return cast(User | None, lookup_identity(text))


def count_administrators() -> int:
    """How many can administrate."""
    return db.session.scalar(select(func.count()).select_from(User).filter_by(administrator=True, active=True)) or 0


def count_codes(*conditions: ColumnElement[bool]) -> int:
    """How many one-time codes were made."""
    return db.session.scalar(select(func.count()).select_from(OneTimeCode).where(*conditions)) or 0


def open_code(user: User, now: datetime) -> OneTimeCode | None:
    """The person's code that may still be tried, locked."""
    statement = (
        select(OneTimeCode)
        .where(
            OneTimeCode.user_id == user.id,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.good_until > now,
            OneTimeCode.tries < rules.CODE_TRIES,
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    return db.session.scalar(statement)


def everybody() -> Sequence[User]:
    """All accounts, oldest first."""
    return db.session.scalars(select(User).order_by(User.id)).all()


def consents(user: User) -> Sequence[Consent]:
    """What the person has agreed to, newest first."""
    return db.session.scalars(select(Consent).filter_by(user_id=user.id).order_by(Consent.id.desc())).all()


def agreed(user: User, text_name: str, version: str) -> bool:
    """Whether the person agreed to this version and has not withdrawn."""
    statement = select(Consent.id).filter_by(
        user_id=user.id, text_name=text_name, text_version=version, withdrawn_at=None
    )
    return db.session.scalar(statement) is not None


def acts_of(user: User) -> Sequence[Entry]:
    """Everything that the ledger says the person did, oldest first."""
    return db.session.scalars(select(Entry).filter_by(actor=user.id).order_by(Entry.id)).all()


def has_acted(user: User) -> bool:
    """Whether the person did anything here besides minding the own account."""
    statement = select(Entry.id).where(Entry.actor == user.id, Entry.subject != subject_of(user)).limit(1)
    return db.session.scalar(statement) is not None


def held_about(user: User) -> dict[str, Any]:
    """What accounts/ holds about a person, for the person to download."""
    return {
        "account": {
            "name": user.name,
            "email": user.email,
            "phone": user.us_phone_number,
            "email_proved_at": moment(user.email_proved_at),
            "phone_proved_at": moment(user.phone_proved_at),
            "created_at": moment(user.created_at),
            "second_factor": user.second_factor,
        },
        "consents": [
            {
                "text": consent.text_name,
                "version": consent.text_version,
                "given_at": moment(consent.given_at),
                "withdrawn_at": moment(consent.withdrawn_at),
            }
            for consent in consents(user)
        ],
        "acts": [
            {"at": moment(entry.at), "event": entry.event, "subject": entry.subject, "data": entry.data}
            for entry in acts_of(user)
        ],
    }


def moment(value: datetime | None) -> str | None:
    """ISO 8601, UTC."""
    return value.isoformat(timespec="seconds") if value else None
