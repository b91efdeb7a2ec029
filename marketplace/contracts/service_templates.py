"""Which template a contract is written from, and what its parties chose of the clauses that are theirs to choose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from marketplace.clauses import queries as templates
from marketplace.clauses.language import Status, Wording
from marketplace.clauses.models import TemplateVersion
from marketplace.clauses.seeds import body_for
from marketplace.contracts.models import Contract
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid


@dataclass(frozen=True)
class Chosen:
    """What a draft's form says of the wording: the template, optional clauses in or out, free clauses' words."""

    template_id: int | None = None
    chosen: Mapping[str, bool] = field(default_factory=dict)
    free: Mapping[str, str] = field(default_factory=dict)
    given: bool = False  # whether the clauses were on the page at all


def body_of(contract: Contract) -> dict[str, Any]:
    """The body of the pinned version; without one, that of the template that comes with the application."""
    return contract.template.body if contract.template is not None else body_for(contract.kind)


def pin(contract: Contract, day: date) -> None:
    """A contract drawn up on this day keeps the version of this day, whatever is published later."""
    if contract.template is None or contract.template.template.kind != contract.kind:
        contract.template = templates.default_for(contract.kind, day)


def choose(contract: Contract, version_id: int | None, day: date) -> bool:
    """Take another template, or the newest version of the same one; whether anything changed.

    Where only the kind of the contract has changed, the usual template of the new kind takes the old one's place.
    """
    before = contract.template
    if version_id is not None and version_id != (before.id if before else None):
        found = next((each for each in templates.choices(day) if each.id == version_id), None)
        if found is None:
            raise Refusal(msgid("This template is no longer in use: choose another one."), "template_id")
        if found.template.kind != contract.kind:
            raise Refusal(
                msgid("This template is for another kind of contract: change what the contract fixes, or the linkage."),
                "template_id",
            )
        contract.template = found
    pin(contract, day)
    return contract.template is not before


def uses() -> dict[int, int]:
    """How many contracts are written from each version."""
    counted = (
        select(Contract.template_id, func.count())
        .where(Contract.template_id.is_not(None))
        .group_by(Contract.template_id)
    )
    return {version_id: count for version_id, count in db.session.execute(counted).tuples() if version_id is not None}


def on_offer(contract: Contract, day: date) -> list[TemplateVersion]:
    """What the parties may choose: the version that the contract has, and the newest of every template."""
    newest = templates.choices(day)
    own = contract.template
    return newest if own is None or own in newest else [own, *newest]


def standing(contract: Contract, day: date) -> TemplateVersion | None:
    """What the contract has, or will get with the next edit: drafts from before there were templates have none yet."""
    return contract.template or templates.default_for(contract.kind, day)


def newer(contract: Contract, day: date) -> TemplateVersion | None:
    """A later version of the contract's own template: taking it is an act of the parties."""
    own = contract.template
    if own is None:
        return None
    found = templates.newest(own.template_id, day)
    return found if found is not None and found.number > own.number else None


def word(contract: Contract, chosen: Mapping[str, bool], free: Mapping[str, str]) -> bool:
    """Keep what the parties chose; a clause that is not theirs to change is refused. Whether anything changed."""
    status = {clause["key"]: Status(clause["status"]) for clause in body_of(contract)["clauses"]}
    for key in [*chosen, *free]:
        wanted = Status.OPTIONAL if key in chosen else Status.FREE
        if key in status and status[key] is not wanted:
            raise Refusal(msgid("This clause of the template cannot be changed: agree on it under “Further terms”."))
    kept = Wording(
        {key: stands for key, stands in chosen.items() if key in status},
        {key: words for key, words in free.items() if key in status},
    ).stored()
    changed = kept != Wording.read(contract.wording).stored()
    if changed:
        contract.wording = kept
    return changed
