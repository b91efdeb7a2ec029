"""Lists paged by key: the page after (or before) a row, never an OFFSET."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.extensions import db
from marketplace.web.addresses import number_or_none

SIZE = 24


@dataclass(frozen=True)
class Page:
    """One page of rows and the addresses' keys around it (None: no such page)."""

    rows: Sequence[Any]
    older: int | str | None
    newer: int | str | None

    def address(self, **key: Any) -> dict[str, Any]:
        """The query string of this list with another key: `url_for(endpoint, **page.address(after=page.older))`."""
        kept = {name: request.args.getlist(name) for name in request.args if name not in ("after", "before")}
        return {**(request.view_args or {}), **kept, **key}


def asked(name: str) -> int | None:
    """A key from the address; what is no number counts as not given."""
    return number_or_none(request.args.get(name))


def by_key(statement: Select[Any], key: InstrumentedAttribute[int], size: int = SIZE) -> Page:
    """Newest first; `?after=KEY` goes on to older rows, `?before=KEY` back to newer ones. One query."""
    after, before = asked("after"), asked("before")
    if before is not None:
        found = list(db.session.scalars(statement.where(key > before).order_by(key.asc()).limit(size + 1)).unique())
        rows = found[:size][::-1]
        return Page(rows, value(rows, -1, key), value(rows, 0, key) if len(found) > size else None)
    if after is not None:
        statement = statement.where(key < after)
    found = list(db.session.scalars(statement.order_by(key.desc()).limit(size + 1)).unique())
    rows = found[:size]
    older = value(rows, -1, key) if len(found) > size else None
    return Page(rows, older, value(rows, 0, key) if after is not None else None)


def value(rows: Sequence[Any], place: int, key: InstrumentedAttribute[int]) -> int | None:
    """The key of the row at a place, or None on an empty page."""
    return getattr(rows[place], key.key) if rows else None
