"""Drawing a later paper up: its draft, its text, fixing the text for signing, dropping it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.annexes import queries
from marketplace.annexes.effective import Change, NewTerms, difference, effective_terms
from marketplace.annexes.line_changes import NewLine, whole
from marketplace.annexes.models import Paper
from marketplace.annexes.policy import RUNNING, alive
from marketplace.annexes.rules import ALLOWED, FIELDS, PAPER, AnnexReason, PaperAct, PaperKind, PaperState
from marketplace.annexes.rules import called as name_of
from marketplace.annexes.settlement import Settlement
from marketplace.annexes.telling import tell
from marketplace.clauses.split import check_split
from marketplace.clauses.terms import Terms
from marketplace.clauses.terms import check as check_terms
from marketplace.contracts import policy
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ends_at
from marketplace.contracts.service_drawing import terms_of
from marketplace.contracts.telling import named
from marketplace.extensions import db
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.service import record
from marketplace.products.models import Product

OVER = msgid("The contract has ended meanwhile, so its terms are no longer changed.")
NOT_ENDED = msgid("A contract in force is first completed or terminated, then settled.")
PLAIN_WORDS = (AnnexReason.OTHER, AnnexReason.CORRECTION)
"""Reasons that say nothing without words of the parties."""
MOST_GOODS = 50
"""Lines, those of the contract and of its annexes together."""


@dataclass(frozen=True)
class Annex:
    """What was typed of an annex; `wanted` may repeat values that stand, only what differs is kept."""

    reason: AnnexReason
    effective_on: date
    wanted: NewTerms
    explanation: str = ""


def draft_annex(contract: Contract, given: Annex, *, actor: User, on_behalf_of: int | None, now: datetime) -> Paper:
    """A new annex, as a draft that both sides may correct."""
    paper = begin(contract, PaperKind.ANNEX, actor, now)
    write_annex(paper, contract, given)
    return added(paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now)


def draft_settlement(
    contract: Contract, found: Settlement, *, actor: User, on_behalf_of: int | None, now: datetime
) -> Paper:
    """New settlement minutes; there is one set of them at a time."""
    paper = begin(contract, PaperKind.SETTLEMENT, actor, now)
    if not alive(paper, contract, local_date(now)):
        raise Refusal(NOT_ENDED)
    unfinished = select(Paper.id).filter_by(contract_id=contract.id, kind=PaperKind.SETTLEMENT)
    if db.session.scalar(unfinished.where(Paper.state.in_((PaperState.DRAFT, PaperState.AWAITING))).limit(1)):
        raise Refusal(msgid("Settlement minutes are being drawn up already; go on with those."))
    paper.terms = found.stored()
    return added(paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now)


def begin(contract: Contract, kind: PaperKind, actor: User, now: datetime) -> Paper:
    """An empty paper with the next number of its kind. The contract's row is held, so no two get the same."""
    return Paper(
        contract_id=contract.id,
        series=queries.next_series(contract),
        kind=kind,
        number=queries.next_number(contract, kind),
        state=PaperState.DRAFT,
        turn_since=now,
        created_by_id=actor.id,
        created_at=now,
    )


def added(paper: Paper, contract: Contract, *, actor: User, on_behalf_of: int | None, now: datetime) -> Paper:
    """Store it and tell the other side."""
    db.session.add(paper)
    db.session.flush()
    note("contract:paper_drafted", paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now, data=gist(paper))
    told = msgid("%(paper)s of contract %(number)s was drafted: please look it through.", **names(paper, contract))
    tell(paper, contract, told, now=now, actor=actor)
    return paper


def edit_annex(
    paper: Paper, contract: Contract, given: Annex, *, actor: User, on_behalf_of: int | None, now: datetime
) -> None:
    """Correct the draft of an annex."""
    paper.state = PAPER.after(paper.state, PaperAct.EDIT)
    write_annex(paper, contract, given)
    edited(paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now)


def edit_settlement(
    paper: Paper, contract: Contract, found: Settlement, *, actor: User, on_behalf_of: int | None, now: datetime
) -> None:
    """Correct the figures of the minutes."""
    paper.state = PAPER.after(paper.state, PaperAct.EDIT)
    paper.terms = found.stored()
    edited(paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now)


def edited(paper: Paper, contract: Contract, *, actor: User, on_behalf_of: int | None, now: datetime) -> None:
    """In the ledger, with whose turn it is from now on."""
    paper.turn_since = now
    db.session.flush()
    note("contract:paper_edited", paper, contract, actor=actor, on_behalf_of=on_behalf_of, now=now, data=gist(paper))


def write_annex(paper: Paper, contract: Contract, given: Annex) -> None:
    """Keep what differs from the terms that stand, if it may be changed for this reason."""
    if contract.state not in RUNNING:
        raise Refusal(OVER)
    if given.reason in PLAIN_WORDS and not given.explanation:
        raise Refusal(msgid("Say in your own words what is changed, and why."), field="explanation")
    check_day(contract, given.effective_on)
    standing = queries.terms_on(contract, given.effective_on).terms
    new = difference(standing, given.wanted)
    check_new(contract, given, standing, new)
    paper.reason, paper.explanation = given.reason, given.explanation or None
    paper.effective_on, paper.terms = given.effective_on, new.stored()


def check_day(contract: Contract, day: date) -> None:
    """An annex changes a contract from its signing until its end, not outside."""
    if contract.signed_on is None or day < contract.signed_on:
        raise Refusal(msgid("An annex cannot take effect before the contract was signed."), field="effective_on")
    end = ends_at(day, contract)
    if end is not None and day > end:
        raise Refusal(
            msgid("The contract ends on %(day)s: the annex must take effect by then.", day=format_date(end)),
            field="effective_on",
        )


def check_new(contract: Contract, given: Annex, standing: Terms, new: NewTerms) -> None:
    """Only fields of this reason, something at all, and terms that can stand."""
    forbidden = new.fields - ALLOWED[given.reason]
    if forbidden:
        raise Refusal(msgid("An annex for this reason does not change: %(field)s.", field=FIELDS[min(forbidden)]))
    if not new.fields:
        raise Refusal(msgid("Nothing is changed yet: enter the new value of what changes."))
    if new.ends_on is not None and new.ends_on < given.effective_on:
        raise Refusal(msgid("The new end lies before the day on which the annex takes effect."), field="ends_on")
    check_goods(contract, given.effective_on, standing, new)
    try:
        stand(new.applied(standing))
    except Refusal as refusal:
        raise Refusal(
            refusal.message, "ends_on" if refusal.field is None and new.ends_on else refusal.field
        ) from refusal
    check_later(contract, given.effective_on, new)


def stand(terms: Terms) -> None:
    """Refuse terms that cannot stand, and shares that do not come to them."""
    check_terms(terms)
    check_split(terms)


def check_later(contract: Contract, day: date, new: NewTerms) -> None:
    """What is signed already and takes effect later must still stand with this annex before it."""
    changes, terms = queries.changes_of(contract), terms_of(contract)
    together = [*changes, Change("", day, new)]
    for later in [change for change in changes if change.effective_on > day]:
        try:
            stand(effective_terms(terms, together, later.effective_on).terms)
        except Refusal as refusal:
            values = {"number": later.number, "day": format_date(later.effective_on), "why": refusal.message}
            raise Refusal(
                msgid("Together with annex %(number)s, which takes effect on %(day)s: %(why)s", **values),
                field="effective_on",
            ) from refusal


def check_goods(contract: Contract, day: date, standing: Terms, new: NewTerms) -> None:
    """Splits that leave something, and added lines that come after all others, of products that are the sellers'."""
    for place, change in new.lines.items():
        goods = standing.goods[place - 1].name
        if change.split is not None and not standing.split:
            raise Refusal(msgid("%(goods)s: there are no shares in this contract.", goods=goods))
        if change.split is not None and not whole(change.split):
            raise Refusal(msgid("Nothing would be left of %(goods)s: end the contract instead.", goods=goods))
    if not new.added:
        return
    if len(standing.goods) + len(new.added) > MOST_GOODS:
        raise Refusal(msgid("A contract has at most %(count)s lines of goods.", count=str(MOST_GOODS)))
    before = [change for change in queries.changes_of(contract) if change.new.added and change.effective_on > day]
    if before:
        # Lines are known by their place: one that came in between would give the others another.
        raise Refusal(
            msgid(
                "Annex %(number)s adds goods from %(day)s: this one must take effect on that day or later.",
                number=before[-1].number,
                day=format_date(before[-1].effective_on),
            ),
            field="effective_on",
        )
    for line in new.added:
        check_added(contract, standing, line)


def check_added(contract: Contract, standing: Terms, line: NewLine) -> None:
    """One of several sellers is named, and the product is its own."""
    selling = dict(enumerate(policy.sellers(contract)))
    if standing.split and line.seller not in selling:
        raise Refusal(msgid("%(goods)s: say which of the sellers delivers it.", goods=line.goods.name))
    if not standing.split and line.seller is not None:
        raise Refusal(msgid("%(goods)s: there are no shares in this contract.", goods=line.goods.name))
    if line.goods.quantity is None:
        raise Refusal(msgid("%(goods)s: how much is agreed?", goods=line.goods.name))
    owners = [selling[line.seller]] if line.seller is not None else list(selling.values())
    product = db.session.get(Product, line.product_id) if line.product_id else None
    if line.product_id and (
        product is None or product.organisation_id not in {each.organisation_id for each in owners}
    ):
        raise Refusal(msgid("%(goods)s: choose a product of the seller that delivers it.", goods=line.goods.name))


def cancel(paper: Paper, contract: Contract, reason: str, *, actor: User, now: datetime) -> None:
    """Drop a draft; its number is free again."""
    paper.state = PAPER.after(paper.state, PaperAct.CANCEL)
    paper.end_reason, paper.turn_since = reason, None
    db.session.flush()
    note("contract:paper_cancelled", paper, contract, actor=actor, now=now, reason=reason)
    told = msgid("%(paper)s of contract %(number)s was dropped: %(reason)s", **names(paper, contract), reason=reason)
    tell(paper, contract, told, now=now, actor=actor)


def note(
    event: str,
    paper: Paper,
    contract: Contract,
    *,
    actor: User | None,
    now: datetime,
    on_behalf_of: int | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """A later paper's events stand in its contract's chain, under its label."""
    record(
        event,
        contract,
        actor=actor.id if actor else None,
        on_behalf_of=on_behalf_of,
        now=now,
        data={"paper": paper.label, "series": paper.series, **(data or {})},
        personal={"reason": reason},
    )


def gist(paper: Paper) -> dict[str, Any]:
    """What the paper changes, for the ledger, where nothing can be erased: of people's own words only the digest."""
    effective_on = paper.effective_on.isoformat() if paper.effective_on else None
    terms = dict(paper.terms)
    if terms.get("clause"):
        terms["clause"] = sha256(terms["clause"].encode()).hexdigest()
    return {"reason_code": paper.reason, "effective_on": effective_on, "terms": terms}


def names(paper: Paper, contract: Contract) -> dict[str, str | Message]:
    """Paper and contract, for sentences."""
    return {"paper": called(paper), "number": named(contract)}


def called(paper: Paper) -> Message:
    """How a paper is called in a sentence."""
    return name_of(paper.kind, paper.number)
