"""After signing: suspension, completion, termination, settlement."""

from datetime import date, datetime

from marketplace.accounts.models import User
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import CONTRACT, ContractAct, ContractState, Standing, standing_on
from marketplace.contracts.service_signing import release_quantities
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.service import record

EVENTS = {
    ContractAct.SUSPEND: "contract:suspended",
    ContractAct.RESUME: "contract:resumed",
    ContractAct.COMPLETE: "contract:completed",
    ContractAct.TERMINATE: "contract:terminated",
    ContractAct.SETTLE: "contract:settled",
}
ENDING = (ContractAct.COMPLETE, ContractAct.TERMINATE, ContractAct.SETTLE)


def end(contract: Contract, act: ContractAct, *, day: date, reason: str, actor: User, now: datetime) -> None:
    """Carry out one of EVENTS; `day` is when it takes effect: the last day on which the contract is in force."""
    today = local_date(now)
    if contract.signed_on is None or not contract.signed_on <= day <= today:
        raise Refusal(msgid("The day must lie between the signing and today."), field="day")
    running = contract.state in (ContractState.SIGNED, ContractState.SUSPENDED)
    if act == ContractAct.SETTLE and running and standing_on(today, contract) != Standing.PAST_END:
        raise Refusal(msgid("A contract in force is first completed or terminated, then settled."))
    if act == ContractAct.TERMINATE and not reason:
        raise Refusal(msgid("Give the reason of the termination."), field="reason")
    contract.state = CONTRACT.after(contract.state, act)
    if act in ENDING and contract.ended_on is None:
        contract.ended_on = day
        contract.end_reason = reason or None
    if act in (ContractAct.TERMINATE, ContractAct.COMPLETE):
        release_quantities(contract, now=now)
    db.session.flush()
    record(EVENTS[act], contract, actor=actor.id, now=now, data={"day": day.isoformat()}, personal={"reason": reason})
    tell(contract, told(act, named(contract), reason), now=now, actor=actor)


def told(act: ContractAct, number: str, reason: str) -> Message:
    """What the other side is told."""
    because = reason or "–"
    if act == ContractAct.SUSPEND:
        return msgid("Contract %(number)s is on hold: %(reason)s", number=number, reason=because)
    if act == ContractAct.RESUME:
        return msgid("Contract %(number)s goes on.", number=number)
    if act == ContractAct.COMPLETE:
        return msgid("Contract %(number)s is recorded as performed in full.", number=number)
    if act == ContractAct.TERMINATE:
        return msgid("Contract %(number)s is terminated: %(reason)s", number=number, reason=because)
    return msgid("The settlement of contract %(number)s is recorded.", number=number)
