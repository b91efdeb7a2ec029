"""What to look at twice in a contract: read from its draft, and kept with the text that is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from marketplace.clauses import fairness
from marketplace.clauses.fairness import Point
from marketplace.clauses.language import Wording
from marketplace.clauses.terms import Party as PartyTerms
from marketplace.clauses.terms import Terms
from marketplace.contracts.models import Contract, Document, Party
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.vietnamese import fold
from marketplace.ledger.models import Entry
from marketplace.ledger.queries import subject_of
from marketplace.organisations import queries as organisations
from marketplace.organisations.rules import AuthorityBasis


def read(
    contract: Contract,
    terms: Terms,
    parties: Sequence[PartyTerms],
    written: Mapping[str, Any] | None,
    day: date,
) -> list[Point]:
    """The points of a contract as it reads on a day; `written` is its text, None where that is a file of the parties'."""
    keys = None if written is None else {clause.get("key") for clause in written["clauses"]}
    if keys is not None and None in keys:
        keys = None  # frozen before clauses had keys: which ones it has cannot be told
    accounts = accounts_changed(contract)
    known = [
        replace(said, **signatory(row), account_changed=accounts.get(row.position))
        for said, row in zip(parties, contract.parties, strict=True)
    ]
    return fairness.points(terms, known, day, keys=keys, own=Wording.read(contract.wording).free)


def accounts_changed(contract: Contract) -> dict[int, date]:
    """When a party's bank account was replaced last, by its position. One query."""
    found = db.session.scalars(
        select(Entry).filter_by(subject=subject_of(contract), event="contract:account_changed").order_by(Entry.seq)
    )
    return {entry.data["party"]: local_date(entry.at) for entry in found}


def signatory(party: Party) -> dict[str, Any]:
    """What is known here of who signs for a party: the legal representative, and the dates of a power of attorney."""
    known: dict[str, Any] = {"abroad": party.abroad}
    if party.organisation is None:
        return known
    known["legal"] = party.organisation.representative or ""
    name = fold(party.representative or "")
    for row in organisations.memberships(party.organisation):
        if not (row.authority and name and fold(row.user.name) == name):
            continue
        if row.authority_basis == AuthorityBasis.LEGAL_REPRESENTATIVE:
            known["legal"] = row.user.name
        else:
            known |= {"authority_from": row.authority_from, "authority_until": row.authority_until}
    return known


def kept(document: Document | None) -> list[Point] | None:
    """The points as they stood when this text was fixed; None: a text from before they were kept, or none at all."""
    return None if document is None or document.points is None else fairness.restored(document.points)


def places(written: Mapping[str, Any] | None) -> dict[str, tuple[str, str]]:
    """Where each clause stands: its key with its number and its place on the page of the text."""
    clauses = written["clauses"] if written else ()
    return {
        clause["key"]: (clause["number"], f"dieu-{position}")
        for position, clause in enumerate(clauses, start=1)
        if clause.get("key")
    }
