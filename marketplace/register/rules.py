"""PURE: states of an upload, what a row comes to, the figures of a plan; a plan as JSON and its digest."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from marketplace.kernel.lifecycle import Lifecycle
from marketplace.kernel.messages import Message, msgid


class ImportState(StrEnum):
    """An upload is shown first, then applied."""

    SHOWN = "shown"
    APPLIED = "applied"


class ImportAct(StrEnum):
    """What an officer does to an upload."""

    APPLY = "apply"


IMPORT = Lifecycle("import", {(ImportState.SHOWN, ImportAct.APPLY): ImportState.APPLIED})


class Outcome(StrEnum):
    """What a row comes to."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


OUTCOMES: dict[Outcome, Message] = {
    Outcome.CREATED: msgid("New"),
    Outcome.CHANGED: msgid("Changed"),
    Outcome.UNCHANGED: msgid("Unchanged"),
    Outcome.FAILED: msgid("Not imported"),
}

FACTS: dict[str, Message] = {
    "name": msgid("Name"),
    "kind": msgid("Kind"),
    "tax_code": msgid("Tax code"),
    "registration_no": msgid("Registration number"),
    "sector": msgid("Sector"),
    "founded_on": msgid("Founded"),
    "representative": msgid("Representative"),
    "representative_title": msgid("Position"),
    "phone": msgid("Phone"),
    "email": msgid("E-mail"),
    "address": msgid("Address"),
    "member_count": msgid("Members"),
    "charter_capital": msgid("Charter capital"),
    "unit": msgid("Commune"),
    "status": msgid("Status"),
    "group": msgid("Product group"),
    "measure": msgid("Unit of measure"),
    "stars": msgid("Stars"),
    "score": msgid("Score"),
    "number": msgid("Decision"),
    "issued_on": msgid("Recognised on"),
    "last_day": msgid("Last valid day"),
    "round": msgid("Round"),
    "certificate": msgid("Certificate"),
    "owner": msgid("Owner"),
}
"""What the facts of a row are called in the preview."""


@dataclass(frozen=True)
class Change:
    """A fact as it stands and as it would be, as plain values: codes, ISO days, digits."""

    fact: str
    old: str | None
    new: str


@dataclass
class Line:
    """One row of the file in the plan."""

    sheet: str
    row: int
    thing: str  # organisation | product
    name: str
    place: str
    outcome: Outcome
    changes: list[Change] = field(default_factory=list)
    organisation_id: int | None = None
    product_id: int | None = None


@dataclass
class Problem:
    """Why a row is not imported, with its place; `message` as `packed` makes it."""

    sheet: str
    row: int | None
    column: str
    heading: str
    value: str
    message: dict[str, Any]


@dataclass
class FailedSheet:
    """The failed rows of one sheet as they stand in the file, to be handed back."""

    name: str
    headings: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


@dataclass
class Plan:
    """What a file would do: its lines, its problems, what became of its sheets."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: list[dict[str, Any]] = field(default_factory=list)
    failed: list[FailedSheet] = field(default_factory=list)
    era: str = ""

    def counts(self) -> dict[str, int]:
        """Rows by outcome; a row with several problems failed once."""
        found = Counter(line.outcome for line in self.lines)
        failed = len({(problem.sheet, problem.row) for problem in self.problems})
        return {str(outcome): found[outcome] for outcome in Outcome if outcome != Outcome.FAILED} | {"failed": failed}

    def of(self, outcome: Outcome) -> list[Line]:
        """The lines of one outcome, in the order of the file."""
        return [line for line in self.lines if line.outcome == outcome]

    def digest(self) -> str:
        """What two plans are compared by: equal when they would do the same."""
        kept = [[line.sheet, line.row, line.outcome, line.organisation_id, line.product_id] for line in self.lines]
        changes = [[asdict(change) for change in line.changes] for line in self.lines]
        problems = [[problem.sheet, problem.row, problem.column, problem.message] for problem in self.problems]
        text = json.dumps([kept, changes, problems], ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def stored(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return asdict(self)


def restored(kept: dict[str, Any]) -> Plan:
    """A plan from its JSON."""
    return Plan(
        lines=[
            Line(
                **{**line, "outcome": Outcome(line["outcome"]), "changes": [Change(**each) for each in line["changes"]]}
            )
            for line in kept["lines"]
        ],
        problems=[Problem(**problem) for problem in kept["problems"]],
        sheets=kept["sheets"],
        failed=[
            FailedSheet(one["name"], one["headings"], [(row, texts) for row, texts in one["rows"]])
            for one in kept["failed"]
        ],
        era=kept["era"],
    )


def packed(message: Message) -> dict[str, Any]:
    """A sentence with its values as JSON can keep it."""
    values = {
        name: packed(value) if isinstance(value, Message) else value for name, value in dict(message.values).items()
    }
    return {"text": message.text, "values": values}


def unpacked(kept: dict[str, Any]) -> Message:
    """The sentence again."""
    values: dict[str, Any] = kept["values"]
    return Message(kept["text"], {name: unpacked(v) if isinstance(v, dict) else v for name, v in values.items()})


def joined(messages: Iterable[str]) -> str:
    """Several sentences in one cell."""
    return " ".join(dict.fromkeys(messages))
