"""What the sides say to each other about a text: comments on clauses, and more time to sign."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update

from marketplace.accounts.models import User
from marketplace.contracts import policy
from marketplace.contracts.models import Comment, Contract, Party
from marketplace.contracts.rules import CONTRACT, MOST_SIGNING_DAYS, ContractAct, ContractState
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record
from marketplace.web.addresses import path_of

MOST_COMMENTS = 300
"""On one contract: a conversation that is longer needs a telephone."""


def comment(
    contract: Contract,
    party: Party,
    clause: str,
    name: str,
    text: str,
    *,
    actor: User,
    on_behalf_of: int | None,
    now: datetime,
) -> Comment:
    """One side says something about a clause (`name`: as it is called now); the others are told.

    In a draft it is an answer: whose turn it was has answered, and the others look at it.
    """
    if contract.state not in (ContractState.DRAFT, ContractState.AWAITING):
        raise Refusal(msgid("The text can no longer be changed, so it takes no more comments."))
    if said(contract) >= MOST_COMMENTS:
        raise Refusal(msgid("There are %(most)s comments already: talk to each other.", most=MOST_COMMENTS))
    found = Comment(
        contract_id=contract.id,
        clause=clause,
        party_id=party.id,
        author_id=actor.id,
        on_behalf_of=on_behalf_of,
        text=text,
        at=now,
    )
    db.session.add(found)
    if contract.state == ContractState.DRAFT and party in policy.turn_in_draft(contract):
        # Past the version on purpose: a page on which somebody is editing meanwhile does not become stale by it.
        answered = update(Contract).where(Contract.id == contract.id)
        db.session.execute(answered.values(left_by=party.position, turn_since=now))
    db.session.flush()
    record(
        "contract:commented",
        contract,
        actor=actor.id,
        on_behalf_of=on_behalf_of,
        now=now,
        data={"clause": clause, "party": party.position, "comment": found.id},
    )
    words = {"name": party.name, "number": named(contract)}
    told = (
        msgid("%(name)s commented on %(clause)s of contract %(number)s.", clause=name, **words)
        if name
        else msgid("%(name)s commented on contract %(number)s.", **words)
    )
    tell(contract, told, now=now, actor=actor, url=text_url(contract, clause))
    return found


def said(contract: Contract) -> int:
    """How many comments there are."""
    return db.session.scalar(select(func.count(Comment.id)).filter_by(contract_id=contract.id)) or 0


def text_url(contract: Contract, clause: str) -> str:
    """Where a clause stands with what was said about it."""
    return path_of("contracts.read", contract_id=contract.id, clause=clause or None)


def settle_comment(
    contract: Contract, comment: Comment, *, actor: User, on_behalf_of: int | None, now: datetime
) -> None:
    """What a comment asked for is done, or no longer asked for; said twice, it stays as first said."""
    if comment.done_at is not None:
        return
    comment.done_at, comment.done_by_id = now, actor.id
    db.session.flush()
    record(
        "contract:comment_settled",
        contract,
        actor=actor.id,
        on_behalf_of=on_behalf_of,
        now=now,
        data={"comment": comment.id},
    )


def extend(contract: Contract, day: date, *, actor: User, now: datetime) -> None:
    """The same text may be signed longer; signatures given under it stay, and all others are told."""
    contract.state = CONTRACT.after(contract.state, ContractAct.EXTEND)
    check_sign_by(day, now)
    before = contract.sign_by
    if before is not None and day <= before:
        raise Refusal(msgid("Choose a day after %(day)s.", day=format_date(before)), field="sign_by")
    contract.sign_by = day
    db.session.flush()
    record(
        "contract:extended",
        contract,
        actor=actor.id,
        now=now,
        data={"from": before.isoformat() if before else None, "to": day.isoformat()},
    )
    told = msgid(
        "Contract %(number)s may be signed until %(day)s now; the text and the signatures given stay as they are.",
        number=named(contract),
        day=format_date(day),
    )
    tell(contract, told, now=now, actor=actor)


def fix_order(contract: Contract, parties: Sequence[Party]) -> None:
    """Let the parties sign one after the other; an empty list: each when it suits."""
    contract.ordered = bool(parties)
    for party in contract.parties:
        party.signs_at = list(parties).index(party) + 1 if party in parties else None


def fix_last_day(contract: Contract, day: date | None, now: datetime) -> None:
    """Until when the text that is being opened may be signed."""
    if day is not None:
        check_sign_by(day, now)
    contract.sign_by = day


def check_sign_by(day: date, now: datetime) -> None:
    """A last day to sign lies ahead, and not years away."""
    today = local_date(now)
    if day < today:
        raise Refusal(msgid("The last day to sign cannot lie in the past."), field="sign_by")
    if day > today + timedelta(days=MOST_SIGNING_DAYS):
        most = format_date(today + timedelta(days=MOST_SIGNING_DAYS))
        raise Refusal(msgid("Choose a day until %(day)s.", day=most), field="sign_by")
