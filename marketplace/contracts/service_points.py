"""Taking the sentence that a point suggests into the draft's further terms, and out again."""

from datetime import datetime

from marketplace.accounts.models import User
from marketplace.clauses import fairness
from marketplace.contracts import points, service_drawing
from marketplace.contracts.models import Contract
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.messages import msgid

MOST_EXTRA = 4000
"""Letters of further terms, as the draft's form allows."""


def take(
    contract: Contract, code: str, *, out: bool, actor: User, on_behalf_of: int | None, now: datetime
) -> fairness.Point:
    """Write the sentence of a point among the further terms, or take it `out`; doing it twice changes nothing."""
    found = points.read(
        contract,
        service_drawing.terms_of(contract),
        service_drawing.parties_of(contract),
        service_drawing.written(contract),
        local_date(now),
    )
    point = next((row for row in found if row.code == code and row.suggestion and not row.field), None)
    if point is None:  # settled in the meantime, perhaps by the other side
        raise Stale(contract)
    if point.taken != out:
        return point
    change = fairness.without_sentence if out else fairness.with_sentence
    extra = change(contract.extra or "", point.suggestion)
    if len(extra) > MOST_EXTRA:
        raise Refusal(msgid("The further terms are full: shorten them first."))
    service_drawing.edit(contract, {"extra": extra or None}, actor=actor, on_behalf_of=on_behalf_of, now=now)
    return point
