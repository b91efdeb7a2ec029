"""Telling people about a contract: notices in the transaction of the act."""

from collections.abc import Iterable
from datetime import datetime

from marketplace.accounts.models import User
from marketplace.contracts.models import Contract, Party
from marketplace.kernel.messages import Message
from marketplace.ledger.queries import subject_of
from marketplace.notices.service import notify
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation
from marketplace.web.addresses import path_of


def people_of(parties: Iterable[Party]) -> list[User]:
    """Everybody of the organisations that are parties, and who helps them by a mandate."""
    own = [party.organisation for party in parties if party.organisation is not None]
    return [user for organisation in own for user in (*organisations.people(organisation), *helpers(organisation))]


def helpers(organisation: Organisation) -> list[User]:
    """Who may act for it today without being of it."""
    return [mandate.helper for mandate in organisations.mandates(organisation) if mandate.helper.active]


def tell(
    contract: Contract,
    message: Message,
    *,
    now: datetime,
    actor: User | None,
    parties: Iterable[Party] | None = None,
    once: str | None = None,
    url: str | None = None,
) -> int:
    """Tell the people of these parties (by default of all) except who did it; it leads to the contract's page."""
    users = [user for user in people_of(contract.parties if parties is None else parties) if user is not actor]
    address = url or path_of("contracts.show", contract_id=contract.id)
    return notify(users, message, url=address, subject=subject_of(contract), now=now, once=once)


def tell_officers(contract: Contract, message: Message, *, now: datetime, actor: User | None) -> int:
    """Tell the officers near the parties, first of all the seller's."""
    for party in contract.parties:
        if party.organisation is None:
            continue
        users = [user for user in organisations.officers_for(party.organisation) if user is not actor]
        if users:
            url = path_of("contracts.show", contract_id=contract.id)
            return notify(users, message, url=url, subject=subject_of(contract), now=now)
    return 0


def named(contract: Contract) -> str:
    """How a contract is called in a sentence: its number, or its goods."""
    return contract.number or contract.title or (contract.lines[0].name if contract.lines else "") or contract.code
