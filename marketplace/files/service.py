"""Keeps a file: checks what it is, puts its bytes into the store, writes its row."""

import errno
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app

from marketplace.extensions import db
from marketplace.files import queries, store
from marketplace.files.models import StoredFile
from marketplace.files.sniff import MediaType, clean_name, media_type
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.web.writes import NO_ROOM

EVERY_KIND = frozenset(MediaType)
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NO_STORE = msgid(
    "This platform cannot store files at the moment. Nothing was recorded; what you typed is still here. "
    "Please try again later, or tell the administrator."
)
YOUNG = timedelta(days=1)
"""A file that no row points to is kept so long: its form may still be open."""


def put_early(data: bytes, allowed: Collection[MediaType] = EVERY_KIND) -> None:
    """Before the write transaction opens: refuse a wrong file and bring its bytes to disk, so that `keep` is quick."""
    media_type(data, allowed)
    put(data)


def put(data: bytes) -> str:
    """The bytes into the store; a disk that takes none is a refusal, so that the form says so and keeps what was typed."""
    try:
        return store.current().put(data)
    except OSError as error:
        current_app.logger.exception("the file store takes no file")
        raise Refusal(NO_ROOM if error.errno in FULL else NO_STORE) from error


def keep(
    data: bytes, name: str, now: datetime, by: int | None, allowed: Collection[MediaType] = EVERY_KIND
) -> StoredFile:
    """The row of a new stored file, flushed; raises Refusal for what is not accepted.

    Until another row points to it, it is swept after a day.
    """
    kind = media_type(data, allowed)
    stored = StoredFile(
        digest=put(data),
        size=len(data),
        media_type=kind.value,
        name=clean_name(name, kind),
        stored_at=now,
        stored_by=by,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def read(stored: StoredFile) -> bytes:
    """The bytes of a stored file, compared with its digest: what was signed is what is read."""
    data = store.current().read(stored.digest)
    if sha256(data).hexdigest() != stored.digest:
        raise OSError(f"stored file {stored.id} no longer matches its digest")
    return data


def delete_rows(before: datetime) -> int:
    """Unnamed rows stored before a moment; the caller commits."""
    unnamed = queries.unnamed(before)
    for stored in unnamed:
        db.session.delete(stored)
    db.session.flush()
    return len(unnamed)


def delete_bytes(before: datetime) -> int:
    """Bytes last put before a moment whose digest no row has, and halves of files; young ones may still be written."""
    kept = store.current()
    old = list(kept.digests(before))
    known = queries.known(old)
    return kept.drop_halves(before) + sum(kept.delete(digest, before) for digest in old if digest not in known)
