"""Telling people about a later paper: notices that lead to its page, in the transaction of the act."""

from collections.abc import Iterable
from datetime import datetime

from marketplace.accounts.models import User
from marketplace.annexes.models import Paper
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.telling import tell as tell_of_contract
from marketplace.kernel.messages import Message
from marketplace.web.addresses import path_of


def path_to(paper: Paper) -> str:
    """Where notices about it lead."""
    return path_of("annexes.show", contract_id=paper.contract_id, series=paper.series)


def tell(
    paper: Paper,
    contract: Contract,
    message: Message,
    *,
    now: datetime,
    actor: User | None,
    parties: Iterable[Party] | None = None,
    once: str | None = None,
) -> int:
    """Tell the people of these parties (by default of all) except who did it."""
    return tell_of_contract(contract, message, now=now, actor=actor, parties=parties, once=once, url=path_to(paper))
