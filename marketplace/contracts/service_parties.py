"""What a draft says of each party: only a party's own people and helpers correct it, and nothing is silently swapped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.accounts.models import User
from marketplace.contracts import points, policy, queries
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.rules import OWN_DETAILS
from marketplace.contracts.telling import named, tell
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record


def correct(
    contract: Contract,
    changes: Mapping[int, Mapping[str, Any]],
    *,
    actor: User,
    on_behalf_of: int | None,
    now: datetime,
) -> list[str]:
    """Change the parties' details, by id; which ones changed. Refuses what only another party may say of itself."""
    standing, done = queries.standing(actor, contract), []
    for place, party in enumerate(contract.parties):
        wanted = changes.get(party.id, {})
        changed = [name for name, value in wanted.items() if getattr(party, name) != value]
        foreign = next((name for name in changed if name in OWN_DETAILS), None)
        if foreign is not None and not policy.may_describe(contract, party, standing):
            told = msgid("Only %(name)s changes its own details; ask them to correct this.", name=party.name)
            raise Refusal(told, field=f"parties-{place}-{foreign}")
        if "bank" in changed:
            note_account(contract, party, actor=actor, on_behalf_of=on_behalf_of, now=now)
        for name in changed:
            setattr(party, name, wanted[name])
        done += [f"party {party.position}: {name}" for name in changed]
    return done


def note_account(contract: Contract, party: Party, *, actor: User, on_behalf_of: int | None, now: datetime) -> None:
    """Before a bank account changes: an entry of its own, and where one stood there already, everybody else is told."""
    swapped = bool(party.bank) or party.position in points.accounts_changed(contract)
    record(
        "contract:account_changed" if swapped else "contract:account_given",
        contract,
        actor=actor.id,
        on_behalf_of=on_behalf_of,
        now=now,
        data={"party": party.position},
    )
    if swapped:
        told = msgid(
            "The bank account of %(name)s in contract %(number)s was changed: ask them by telephone before you pay.",
            name=party.name,
            number=named(contract),
        )
        tell(contract, told, now=now, actor=actor)
