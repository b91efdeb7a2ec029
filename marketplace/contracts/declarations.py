"""What the sides declared of a contract's course, as its page shows it: what waits for whom, and what each answered."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Declaration
from marketplace.contracts.policy import Standing
from marketplace.contracts.queries import LISTED, mine, standing
from marketplace.contracts.rules import CONTRACT, DECLARATIONS, GROUNDS, ContractAct, ContractState, DeclarationState
from marketplace.extensions import db
from marketplace.kernel.dates import format_date
from marketplace.kernel.messages import Message, msgid


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

    @property
    def acts(self) -> bool:
        """Whether anything waits for this person."""
        return self.may_confirm or self.may_object or self.may_withdraw


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
        found.append(Declared(row, sentence(row), words, kind, answers and waits, answers, withdraws))
    return found


def to_answer(user: Any) -> list[tuple[Contract, Declaration]]:
    """What the other side declared of a contract and this person may answer, longest waiting first."""
    statement = (
        select(Contract, Declaration)
        .join(Declaration, Declaration.contract_id == Contract.id)
        .where(
            Contract.id.in_(mine(user).with_only_columns(Contract.id)),
            Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED)),
            Declaration.state == DeclarationState.STATED,
        )
        .order_by(Declaration.id)
        .options(*LISTED)
    )
    rows = db.session.execute(statement).unique()
    return [(contract, row) for contract, row in rows if policy.may_answer(contract, row, standing(user, contract))]


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
