"""What the sides declared of a contract's course, as its page shows it: what waits for whom, and what each answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from marketplace.contracts import policy
from marketplace.contracts.models import Answer, Contract, Declaration, Party
from marketplace.contracts.policy import Standing
from marketplace.contracts.rules import CONTRACT, DECLARATIONS, GROUNDS, ContractAct, ContractState, DeclarationState
from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations.access import capacities


@dataclass(frozen=True)
class Declared:
    """One declaration, with what this person may do about it."""

    row: Declaration
    sentence: Message
    state: Message
    kind: str
    may_confirm: bool
    may_object: bool
    may_withdraw: bool
    absent: list[Party]  # without an account here: an officer records what they write
    may_record: bool

    @property
    def acts(self) -> bool:
        """Whether anything waits for this person."""
        return self.may_confirm or self.may_object or self.may_withdraw or self.may_record


def declared(contract: Contract, viewer: Standing) -> list[Declared]:
    """Newest first."""
    found = []
    for row in reversed(contract.declarations):
        words, kind = DECLARATIONS[row.state]
        if row.state == DeclarationState.STATED and not CONTRACT.allows(contract.state, row.act):
            words, kind = msgid("Overtaken by what came after"), "ended"
        answers = policy.may_answer(contract, row, viewer) is not None
        waits = row.state == DeclarationState.STATED
        withdraws = waits and policy.may_withdraw(contract, row, viewer)
        absent = [party for party in policy.to_answer(contract, row) if waits and party.organisation_id is None]
        records = bool(policy.to_record(contract, row, viewer))
        found.append(Declared(row, sentence(row), words, kind, answers and waits, answers, withdraws, absent, records))
    return found


def to_answer(user: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """Contracts of which the other side declared something that this person may answer, longest waiting first. One query.

    `policy.may_answer` says the same of one declaration.
    """
    own = [key for key in capacities(user).organisation_ids if capacities(user).signs_for(key)]
    declaring = aliased(Party)
    answered = select(Answer.id).where(Answer.declaration_id == Declaration.id, Answer.party_id == Party.id)
    statement = (
        select(
            Contract.id, Contract.number, Contract.title, Contract.code, Declaration.at, Declaration.id.label("row_id")
        )
        .distinct()
        .join(Declaration, Declaration.contract_id == Contract.id)
        .join(declaring, declaring.id == Declaration.party_id)
        .join(Party, Party.contract_id == Contract.id)
        .where(
            Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED)),
            Declaration.state == DeclarationState.STATED,
            Party.organisation_id.in_(own),
            Party.left_at.is_(None),
            Party.organisation_id.is_distinct_from(declaring.organisation_id),
            ~answered.exists(),
        )
        .order_by(Declaration.id)
    )
    return db.session.execute(statement).all()


def sentence(row: Declaration) -> Message:
    """What was declared, with its days."""
    values = {"name": row.party.name, "day": format_date(row.day)}
    if row.act == ContractAct.SUSPEND and row.until is not None:
        return msgid(
            "%(name)s puts it on hold from %(day)s, probably until %(end)s", **values, end=format_date(row.until)
        )
    if row.act == ContractAct.SUSPEND:
        return msgid("%(name)s puts it on hold from %(day)s", **values)
    if row.act == ContractAct.RESUME:
        return msgid("%(name)s: it goes on from %(day)s", **values)
    if row.act == ContractAct.COMPLETE:
        return msgid("%(name)s states: performed in full by %(day)s", **values)
    if row.ground is None:
        return msgid("%(name)s ends it on %(day)s", **values)
    if row.notice_on is None:
        return msgid("%(name)s ends it on %(day)s: %(ground)s", **values, ground=GROUNDS[row.ground])
    notice = format_date(row.notice_on)
    return msgid(
        "%(name)s ends it on %(day)s: %(ground)s. Notice given on %(notice)s",
        **values,
        ground=GROUNDS[row.ground],
        notice=notice,
    )
