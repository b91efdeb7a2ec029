"""After signing: what one side declares of the contract's course (on hold, resumed, performed, ended) and the other answers.

An end by agreement and a completion wait for the other side's word; whoever pauses or ends a contract alone has done it,
and the other side's objection is kept beside it. A settlement comes of its signed minutes (annexes/).
"""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.accounts.models import User
from marketplace.contracts import policy
from marketplace.contracts.models import Answer, Contract, Declaration, Party
from marketplace.contracts.rules import (
    CONTRACT,
    DECLARATION,
    ContractAct,
    ContractState,
    DeclarationAct,
    DeclarationState,
    EndGround,
    Standing,
    ends_at,
    standing_on,
)
from marketplace.contracts.service_signing import release_quantities
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.service import record
from marketplace.web import handed

EVENTS = {
    ContractAct.SUSPEND: "contract:suspended",
    ContractAct.RESUME: "contract:resumed",
    ContractAct.COMPLETE: "contract:completed",
    ContractAct.TERMINATE: "contract:terminated",
}
ENDS = frozenset({ContractAct.COMPLETE, ContractAct.TERMINATE})
"""Annexes that are still open then are void."""
STATED = {ContractAct.COMPLETE: "contract:completion_stated", ContractAct.TERMINATE: "contract:end_proposed"}
"""Events of what waits for the other side's word."""


@dataclass(frozen=True)
class Said:
    """What one side declares. `day`: from which it holds; of an end, the last day in force."""

    act: ContractAct
    day: date
    reason: str = ""
    ground: EndGround | None = None
    notice_on: date | None = None
    until: date | None = None

    @property
    def needs_answer(self) -> bool:
        """Whether it takes effect only by the other side's word."""
        return self.act == ContractAct.COMPLETE or self.ground == EndGround.AGREEMENT


def declare(contract: Contract, party: Party, said: Said, *, actor: User, now: datetime) -> Declaration:
    """One side's declaration; it takes effect at once unless it needs an answer."""
    CONTRACT.after(contract.state, said.act)
    check(contract, said, local_date(now))
    if policy.is_shared(contract) and party in policy.sellers(contract) and not said.needs_answer:
        check_alone(said)
    if any(row.act == said.act and row.state == DeclarationState.STATED for row in contract.declarations):
        raise Refusal(msgid("This is declared already and waits for an answer; answer it, or have it taken back."))
    waits = said.needs_answer and bool(policy.others(contract, party))
    declaration = Declaration(
        contract_id=contract.id,
        act=said.act,
        state=DeclarationState.STATED if waits else DeclarationState.EFFECTIVE,
        ground=said.ground,
        day=said.day,
        until=said.until,
        notice_on=said.notice_on,
        reason=said.reason,
        party_id=party.id,
        by_id=actor.id,
        at=now,
    )
    db.session.add(declaration)
    db.session.flush()
    db.session.refresh(contract, ["declarations"])
    if not waits:
        take_effect(contract, declaration, actor=actor, now=now)
        return declaration
    note(STATED[said.act], contract, declaration, actor=actor, now=now)
    tell(contract, asked(declaration, named(contract), party.name), now=now, actor=actor)
    return declaration


def check_alone(said: Said) -> None:
    """One of several sellers answers for its own share only: it neither pauses nor ends the contract of all the others."""
    if said.act == ContractAct.SUSPEND:
        raise Refusal(msgid("Several sellers stand in this contract: pause your own share by an annex."))
    if said.act == ContractAct.TERMINATE:
        raise Refusal(
            msgid("Several sellers stand in this contract: end it by agreement, or take your share out by an annex."),
            field="ground",
        )


def check(contract: Contract, said: Said, today: date) -> None:
    """Refuse days and grounds that cannot be right, at their field."""
    if contract.signed_on is None or said.day < contract.signed_on:
        raise Refusal(msgid("The day cannot lie before the signing."), field="day")
    if said.act == ContractAct.TERMINATE:
        check_end(contract, said, today)
    elif said.day > today:
        raise Refusal(msgid("The day must lie between the signing and today."), field="day")
    if said.act == ContractAct.SUSPEND and not said.reason:
        raise Refusal(msgid("Say why the contract is put on hold."), field="reason")
    if said.until is not None and said.until < said.day:
        raise Refusal(msgid("The pause ends before it begins; correct one of the two days."), field="until")


def check_end(contract: Contract, said: Said, today: date) -> None:
    """An end before time: its ground, its reason, and the notice that the law asks of who ends it alone."""
    if said.ground is None:
        raise Refusal(msgid("Choose the ground on which it ends."), field="ground")
    if not said.reason:
        raise Refusal(msgid("Give the reason of the termination."), field="reason")
    end = ends_at(None, contract)
    if end is not None and said.day > end:
        raise Refusal(msgid("The contract ends by itself on %(day)s already.", day=format_date(end)), field="day")
    if said.ground == EndGround.AGREEMENT:
        return
    if said.notice_on is None:
        raise Refusal(msgid("On which day was the other side given notice?"), field="notice_on")
    if not contract.signed_on or not contract.signed_on <= said.notice_on <= today:
        raise Refusal(msgid("The day of notice must lie between the signing and today."), field="notice_on")
    if said.notice_on > said.day:
        raise Refusal(msgid("It cannot end before the other side was given notice."), field="day")
    if said.day < today:
        # Figures of days gone by would change by one side's word.
        raise Refusal(
            msgid("One side alone ends it today at the earliest; for an earlier day propose an end by agreement."),
            field="day",
        )


@dataclass(frozen=True)
class OnPaper:
    """A written answer: its scan, and the date on it."""

    scan: StoredFile
    given_on: date


def answer(
    declaration: Declaration,
    party: Party,
    *,
    agrees: bool,
    reason: str,
    actor: User,
    now: datetime,
    paper: OnPaper | None = None,
) -> None:
    """Another side confirms, or objects with its reason; the last confirmation brings the declaration into effect.

    `paper`: an officer records what a party without an account wrote.
    """
    contract = db.session.get_one(Contract, declaration.contract_id)
    if party not in policy.to_answer(contract, declaration):
        raise Refusal(msgid("Your side has nothing to answer here, or has answered already."))
    if declaration.state == DeclarationState.STATED:
        CONTRACT.after(contract.state, declaration.act)
    if not agrees and not reason:
        raise Refusal(msgid("Say to what you object, and why."), field="reason")
    if paper is not None and not (contract.signed_on or paper.given_on) <= paper.given_on <= local_date(now):
        raise Refusal(msgid("The day must lie between the signing and today."), field="given_on")
    answered = Answer(party_id=party.id, agrees=agrees, reason=reason, by_id=actor.id, at=now)
    if paper is not None:
        answered.scan_id, answered.given_on = paper.scan.id, paper.given_on
    declaration.answers.append(answered)
    act = DeclarationAct.CONFIRM if agrees else DeclarationAct.OBJECT
    declaration.state = DECLARATION.after(declaration.state, act)
    db.session.flush()
    event = "contract:declaration_confirmed" if agrees else "contract:declaration_objected"
    note(event, contract, declaration, actor=actor, now=now, reason=reason, party=party, paper=paper)
    if not agrees:
        told = msgid("%(name)s objects (contract %(number)s): %(reason)s", **whose(party, contract), reason=reason)
        tell(contract, told, now=now, actor=actor)
    elif not policy.to_answer(contract, declaration):
        declaration.state = DECLARATION.after(declaration.state, DeclarationAct.FULFIL)
        take_effect(contract, declaration, actor=actor, now=now)


def withdraw(declaration: Declaration, *, actor: User, now: datetime) -> None:
    """Who declared it takes it back while nobody has objected."""
    contract = db.session.get_one(Contract, declaration.contract_id)
    declaration.state = DECLARATION.after(declaration.state, DeclarationAct.WITHDRAW)
    db.session.flush()
    note("contract:declaration_withdrawn", contract, declaration, actor=actor, now=now)
    told = msgid("%(name)s took back what it declared (contract %(number)s).", **whose(declaration.party, contract))
    tell(contract, told, now=now, actor=actor)


def take_effect(contract: Contract, declaration: Declaration, *, actor: User, now: datetime) -> None:
    """The contract follows the declaration."""
    act = declaration.act
    contract.state = CONTRACT.after(contract.state, act)
    if act in (ContractAct.SUSPEND, ContractAct.RESUME):
        contract.suspended_on = declaration.day if act == ContractAct.SUSPEND else None
    else:
        contract.ended_on, contract.end_reason = declaration.day, declaration.reason or None
        contract.end_ground, contract.notice_on = declaration.ground, declaration.notice_on
        release_quantities(contract, now=now)
    db.session.flush()
    note(EVENTS[act], contract, declaration, actor=actor, now=now)
    tell(contract, told(declaration, named(contract)), now=now, actor=actor)
    if act in ENDS:
        handed.take("papers_lapse")(contract, actor=actor, now=now)


def settle(contract: Contract, *, day: date, now: datetime) -> None:
    """The settlement minutes are signed by all: what is owed stands in them, and the contract is closed."""
    if contract.state == ContractState.SIGNED and standing_on(local_date(now), contract) != Standing.PAST_END:
        raise Refusal(msgid("A contract in force is first completed or terminated, then settled."))
    contract.state = CONTRACT.after(contract.state, ContractAct.SETTLE)
    if contract.ended_on is None:
        contract.ended_on = day
    release_quantities(contract, now=now)
    db.session.flush()
    record("contract:settled", contract, actor=None, now=now, data={"day": day.isoformat()})
    tell(contract, msgid("Contract %(number)s is settled.", number=named(contract)), now=now, actor=None)
    handed.take("papers_lapse")(contract, actor=None, now=now)


def note(
    event: str,
    contract: Contract,
    declaration: Declaration,
    *,
    actor: User,
    now: datetime,
    reason: str | None = None,
    party: Party | None = None,
    paper: OnPaper | None = None,
) -> None:
    """In the contract's chain; reasons are people's own words and stay erasable."""
    days = {"day": declaration.day, "notice_on": declaration.notice_on, "until": declaration.until}
    data = {
        "declaration": declaration.id,
        "act": declaration.act,
        "ground": declaration.ground,
        "party": (party or declaration.party).position,
        **{name: day.isoformat() for name, day in days.items() if day is not None},
    }
    if paper is not None:
        data |= {"recorded": "paper", "given_on": paper.given_on.isoformat(), "scan": paper.scan.digest}
    words = declaration.reason if reason is None else reason
    record(event, contract, actor=actor.id, now=now, data=data, personal={"reason": words})


def whose(party: Party, contract: Contract) -> dict[str, str]:
    """Who, and of which contract, for sentences."""
    return {"name": party.name, "number": named(contract)}


def asked(declaration: Declaration, number: str, name: str) -> Message:
    """What the other side is asked."""
    day = format_date(declaration.day)
    if declaration.act == ContractAct.COMPLETE:
        return msgid(
            "%(name)s states that contract %(number)s is performed in full by %(day)s. Please confirm, or object.",
            name=name,
            number=number,
            day=day,
        )
    return msgid(
        "%(name)s proposes to end contract %(number)s on %(day)s by agreement. Please confirm, or object.",
        name=name,
        number=number,
        day=day,
    )


def told(declaration: Declaration, number: str) -> Message:
    """What everybody is told when it takes effect."""
    values = {"number": number, "day": format_date(declaration.day), "reason": declaration.reason or "–"}
    if declaration.act == ContractAct.SUSPEND:
        return msgid("Contract %(number)s is on hold from %(day)s: %(reason)s", **values)
    if declaration.act == ContractAct.RESUME:
        return msgid("Contract %(number)s goes on from %(day)s.", **values)
    if declaration.act == ContractAct.COMPLETE:
        return msgid("Contract %(number)s is performed in full by %(day)s.", **values)
    return msgid("Contract %(number)s ends on %(day)s: %(reason)s", **values)
