"""Recording: the only way an entry comes to be. It belongs to the caller's transaction."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.ledger.models import Detail, Entry
from marketplace.ledger.queries import subject_of
from marketplace.ledger.rules import START, digest_of_detail, hash_of


def record(
    event: str,
    thing: Any,
    *,
    actor: int | None,
    now: datetime,
    on_behalf_of: int | None = None,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> Entry:
    """Append to the thing's chain: `record("contract:signed", contract, actor=user.id, now=now, data={…})`.

    `thing` is a stored row (flushed, it has its id); `actor` None is the system itself; `data` holds plain JSON values
    that are no personal data; `personal` is kept apart, erasable, and stands in the chain as salted digests.
    """
    subject = subject_of(thing)
    hold(subject)
    last = db.session.execute(
        select(Entry.seq, Entry.hash).filter_by(subject=subject).order_by(Entry.seq.desc()).limit(1)
    ).first()
    salted = {name: (secrets.token_hex(16), value) for name, value in (personal or {}).items() if value}
    entry = Entry(
        subject=subject,
        seq=last.seq + 1 if last else 1,
        event=event,
        actor=actor,
        on_behalf_of=on_behalf_of,
        at=now.astimezone(UTC),
        data=dict(data or {}),
        digests={name: digest_of_detail(salt, value) for name, (salt, value) in salted.items()},
        previous=last.hash if last else START,
    )
    entry.hash = hash_of(entry)
    db.session.add(entry)
    db.session.flush()
    db.session.add_all(
        Detail(entry_id=entry.id, name=name, salt=salt, value=value) for name, (salt, value) in salted.items()
    )
    return entry


def hold(subject: str) -> None:
    """Two who write to one chain at once come one after the other, until the end of their transactions.

    A sign-in sent twice by a double click would otherwise fail at the same place. SQLite lets only one write anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))
