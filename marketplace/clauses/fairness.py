"""PURE: "Điểm cần lưu ý", what a signatory should look at twice before signing. Advice; it stops nobody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.clauses.fairness_case import Case, Rule, Weight
from marketplace.clauses.fairness_duties import DUTY_RULES
from marketplace.clauses.fairness_goods import GOODS_RULES
from marketplace.clauses.terms import Party, Terms
from marketplace.kernel.messages import Message, msgid

WEIGHTS: dict[Weight, Message] = {
    Weight.GRAVE: msgid("Better settled before signing"),
    Weight.CHECK: msgid("Worth a second look"),
    Weight.KNOW: msgid("Good to know"),
}

RULES = (*GOODS_RULES, *DUTY_RULES)


@dataclass(frozen=True, slots=True)
class Point:
    """One point: `clause` is the key of the clause it is about, `suggestion` a sentence for the contract, or nothing.

    `field` names what is better filled in than said in a sentence of its own. `taken`: the suggested sentence stands among the parties' further terms.
    """

    code: str
    weight: Weight
    message: Message
    clause: str
    suggestion: str = ""
    field: str = ""
    taken: bool = False

    def stored(self) -> dict[str, Any]:
        """As JSON, to keep with the text that was signed."""
        return {
            "code": self.code,
            "weight": self.weight.value,
            "text": self.message.text,
            "values": {
                name: value if isinstance(value, int) else str(value)
                for name, value in dict(self.message.values).items()
            },
            "clause": self.clause,
            "suggestion": self.suggestion,
            "field": self.field,
            "taken": self.taken,
        }


def points(
    terms: Terms,
    parties: Sequence[Party],
    today: date,
    *,
    keys: Collection[str] | None = None,
    own: Collection[str] = (),
) -> list[Point]:
    """Every point worth a second look, the gravest first.

    `keys` are the clauses that stand in the text (None: unknown, in a file of the parties' own); `own` are those of
    them that the parties worded themselves.
    """
    case = Case(terms, tuple(parties), today, None if keys is None else frozenset(keys), frozenset(own))
    found = [point for rule in RULES if (point := read_by(rule, case)) is not None]
    return sorted(found, key=lambda point: list(Weight).index(point.weight))


def read_by(rule: Rule, case: Case) -> Point | None:
    """What one rule finds."""
    if not (rule.always or case.binding):
        return None
    message = rule.say(case)
    if message is None:
        return None
    suggestion, field = (named if isinstance(named, str) else named(case) for named in (rule.suggestion, rule.field))
    taken = bool(suggestion) and suggestion in sentences(case.terms.extra)
    return Point(rule.code, rule.weight, message, rule.clause, suggestion, field, taken)


def restored(stored: Iterable[Mapping[str, Any]]) -> list[Point]:
    """Points as they were kept with a text."""
    return [
        Point(
            row["code"],
            Weight(row["weight"]),
            msgid(row["text"], **row["values"]),
            row["clause"],
            row["suggestion"],
            row["field"],
            row["taken"],
        )
        for row in stored
    ]


def grouped(found: Iterable[Point]) -> list[tuple[Weight, Message, list[Point]]]:
    """The open points by weight."""
    rows = list(found)
    groups = [(weight, WEIGHTS[weight], [row for row in rows if row.weight is weight]) for weight in Weight]
    return [group for group in groups if group[2]]


def sentences(extra: str) -> list[str]:
    """The parties' further terms, one a line."""
    return [line.strip() for line in extra.splitlines()]


def with_sentence(extra: str, sentence: str) -> str:
    """Further terms with one more sentence; the same sentence stands once."""
    lines = sentences(extra)
    return extra if sentence in lines else "\n".join([*(line for line in [extra.rstrip()] if line), sentence])


def without_sentence(extra: str, sentence: str) -> str:
    """Further terms without this sentence; what else was typed stays as it was."""
    return "\n".join(line for line in extra.splitlines() if line.strip() != sentence)
