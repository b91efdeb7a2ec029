"""A contract's history in words, from the ledger: what was done, by whom, on whose behalf, why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.accounts.models import User
from marketplace.contracts.labels import EVENTS
from marketplace.contracts.models import Contract
from marketplace.contracts.refusing import SHORT
from marketplace.extensions import db
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.models import Entry
from marketplace.ledger.queries import recent as recent_entries
from marketplace.ledger.queries import subject_of
from marketplace.organisations.models import Organisation


@dataclass(frozen=True)
class Happened:
    """One line of the history; the text is translated when shown."""

    at: datetime
    words: Message
    reason: str
    who: str
    on_behalf_of: str


def history(contract: Contract) -> list[Happened]:
    """Newest first. Four queries at most; an address or a signer's name in the ledger is never shown."""
    statement = select(Entry).filter_by(subject=subject_of(contract)).order_by(Entry.seq.desc()).limit(200)
    entries = [row for row in db.session.scalars(statement.options(selectinload(Entry.details))) if row.event in EVENTS]
    people = names(User, {row.actor for row in entries})
    organisations = names(Organisation, {row.on_behalf_of for row in entries})
    papers = {row.data["series"]: row.data["paper"] for row in entries if "paper" in row.data}
    return [
        Happened(
            row.at,
            words(row, papers),
            next((detail.value for detail in row.details if detail.name == "reason"), ""),
            people.get(row.actor, ""),
            organisations.get(row.on_behalf_of, ""),
        )
        for row in entries
    ]


def recent(thing: Any) -> Sequence[Any]:
    """The last few things that happened to a contract, or to what belongs to one, for whoever met a change of others."""
    number = thing.id if isinstance(thing, Contract) else getattr(thing, "contract_id", None)
    contract = db.session.get(Contract, number) if number is not None else None
    return recent_entries(thing) if contract is None else history(contract)[:3]


def words(row: Entry, papers: Mapping[int, str]) -> Message:
    """What happened; what happened to a later paper says to which."""
    found = EVENTS[row.event]
    if row.event == "contract:signature_refused" and row.data.get("reason") in SHORT:
        found = msgid("A signature was refused: %(why)s", why=SHORT[row.data["reason"]])
    paper = row.data.get("paper") or papers.get(row.data.get("series", 0))
    if paper is None:
        return found
    if "paper" in row.data:
        return Message(found.text, {"paper": paper})
    return msgid("%(paper)s: %(what)s", paper=paper, what=found)


def names(noun: type[User] | type[Organisation], ids: set[int | None]) -> dict[int | None, str]:
    """The names of these rows."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(noun.id, noun.name).where(noun.id.in_(wanted)))}
