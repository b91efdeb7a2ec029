"""PURE: what a rule of "Điểm cần lưu ý" is: what it reads, what it says, and the sentence that would settle it.

A rule reads the terms and which clauses stand; it never guesses at what a clause worded by the parties may mean. It
advises and refuses nothing. The suggested sentences are document words (Vietnamese, Bên A sells, Bên B buys); what is
still to be agreed in them is dots.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.clauses.terms import ContractKind, Goods, Party, Terms
from marketplace.kernel.messages import Message

NAMED = 3
DOTS = "……"


class Weight(StrEnum):
    """How much a point matters."""

    GRAVE = "grave"
    CHECK = "check"
    KNOW = "know"


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules read. `keys`: the clauses that stand, None for a file of the parties' own; `own`: those of them
    that the parties worded themselves."""

    terms: Terms
    parties: Sequence[Party]
    today: date
    keys: frozenset[str] | None = None
    own: frozenset[str] = frozenset()

    @property
    def binding(self) -> bool:
        """Whether somebody has to deliver and to pay."""
        return self.terms.kind in (ContractKind.LINKAGE, ContractKind.SALE)

    def lacks(self, key: str) -> bool:
        """Whether our own wording of a clause is not there."""
        return self.keys is not None and (key not in self.keys or key in self.own)

    def goods(self, wanted: Callable[[Goods], bool]) -> str:
        """The names of the goods that a rule found, a few of them."""
        names = list(dict.fromkeys(line.name for line in self.terms.goods if wanted(line)))
        return ", ".join([*names[:NAMED], *(["…"] if len(names) > NAMED else [])])


Say = Callable[[Case], Message | None]
Named = str | Callable[[Case], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its weight, the clause it is about, what it says, and the sentence it suggests.

    `field`: what is better filled in there; then the sentence only shows what will be written, lest it be said twice.
    """

    code: str
    weight: Weight
    clause: str
    say: Say
    suggestion: Named = ""
    field: Named = ""
    always: bool = False  # also for papers that oblige nobody to deliver


def line_field(wanted: Callable[[Goods], bool], name: str) -> Callable[[Case], str]:
    """The field of the first line that a rule found."""
    return lambda case: f"lines-{next((at for at, line in enumerate(case.terms.goods) if wanted(line)), 0)}-{name}"


def party_field(wanted: Callable[[Party, Case], bool], name: str) -> Callable[[Case], str]:
    """The field of the first party that a rule found."""
    return lambda case: f"parties-{next((at for at, one in enumerate(case.parties) if wanted(one, case)), 0)}-{name}"


def of_goods(wanted: Callable[[Goods], bool], sentence: Callable[[str], Message]) -> Say:
    """A rule that names the goods it found."""
    return lambda case: sentence(names) if (names := case.goods(wanted)) else None


def of_parties(wanted: Callable[[Party, Case], bool], sentence: Callable[[str], Message]) -> Say:
    """A rule that names the parties it found."""

    def say(case: Case) -> Message | None:
        names = ", ".join(party.name for party in case.parties if wanted(party, case))
        return sentence(names) if names else None

    return say


def missing(key: str, sentence: Message) -> Say:
    """A rule for a clause that is not there, or that the parties worded themselves."""
    return lambda case: sentence if case.lacks(key) else None


def when(holds: Callable[[Case], bool], sentence: Message) -> Say:
    """A rule with one sentence."""
    return lambda case: sentence if holds(case) else None
