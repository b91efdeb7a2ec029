"""What to look at twice before a contract is ended early: notice that is shorter than it asks for, support that may be lost."""

import re
from collections.abc import Iterator
from dataclasses import replace

from marketplace.clauses.fairness_case import Case
from marketplace.clauses.fairness_duties import support_term
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractAct, EndGround, ends_at
from marketplace.contracts.service_drawing import terms_of
from marketplace.contracts.service_ending import Said
from marketplace.kernel.messages import Message, msgid

USUAL_NOTICE = 30
"""Days, as our templates write them."""
NOTICE = re.compile(r"báo\b[^.;]*?\btrước(?: ít nhất| tối thiểu)? (\d{1,3}) ngày")
WITH_NOTICE = frozenset({EndGround.UNILATERAL, EndGround.BREACH})


def notice_days(contract: Contract) -> int | None:
    """How many days before the end its clause asks for notice; None where that cannot be read, as in a party's own file."""
    if contract.own_text or contract.on_paper or not contract.documents:
        return None
    clauses = contract.documents[-1].text.get("clauses", ())
    words = [
        str(part.get("text", ""))
        for clause in clauses
        if clause.get("key") == "termination"
        for part in clause.get("paragraphs", ())
    ]
    found = next((match for text in words if (match := NOTICE.search(text))), None)
    return int(found[1]) if found else None


def ending_advice(contract: Contract, said: Said) -> list[Message]:
    """What the side that ends it should know; it may still do so."""
    return [*short_notice(contract, said), *lost_support(contract, said)] if said.act == ContractAct.TERMINATE else []


def short_notice(contract: Contract, said: Said) -> Iterator[Message]:
    """Too few days between the notice and the end."""
    if said.ground not in WITH_NOTICE or said.notice_on is None:
        return
    given, asked = (said.day - said.notice_on).days, notice_days(contract)
    if given >= (asked or USUAL_NOTICE):
        return
    values = {"given": str(given), "asked": str(asked or USUAL_NOTICE)}
    if asked is None:
        yield msgid(
            "Between the notice and the end lie %(given)s days; contracts usually ask for %(asked)s. Read what yours says: "
            "who ends it without due notice may owe damages.",
            **values,
        )
        return
    yield msgid(
        "The contract asks for written notice at least %(asked)s days before the end; here it is %(given)s. "
        "Who ends it without due notice may owe damages.",
        **values,
    )


def lost_support(contract: Contract, said: Said) -> Iterator[Message]:
    """A linkage that was long enough for support, and no longer is."""
    terms, ends = terms_of(contract), (ends_at(None, contract), said.day)
    before, now = (support_term(Case(replace(terms, ends_on=end), (), said.day)) for end in ends)
    if now is not None and now != before:
        yield now
