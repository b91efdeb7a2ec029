"""What a file would do to the register: each row matched with what is known, nothing written."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import STATUSES, Kind, RegisterStatus, name_keys
from marketplace.places.models import UNKNOWN_START, AdminUnit
from marketplace.register import comparing
from marketplace.register.grid import letter
from marketplace.register.queries import Known
from marketplace.register.rows import CooperativeRow, Failure, OcopRow
from marketplace.register.rules import Change, FailedSheet, Line, Outcome, Plan, Problem, packed
from marketplace.register.scope import Scope
from marketplace.register.sheets import Reading

NO_REGISTER = msgid(
    "No sheet of this file looks like a register. Its header needs a column “Tên hợp tác xã” (or “Tên sản phẩm”) "
    "and others such as “Địa chỉ” and “Ngày thành lập”."
)
SAME_TWICE = msgid("This is the same organisation as in row %(row)s. Delete one of the two rows.")
OTHERS_TAX_CODE = msgid(
    "The tax code %(code)s belongs to an organisation outside your area. Compare it with the certificate."
)
MOVED_TODAY = msgid("Its commune was changed today already. Correct it on the organisation's page.")


@dataclass
class Enlisting:
    """One row of cooperatives, and what it comes to."""

    row: CooperativeRow
    unit: AdminUnit
    line: Line
    organisation: Organisation | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    moves_since: date | None = None
    status: tuple[RegisterStatus, date] | None = None


@dataclass
class Planned:
    """A plan, and the decisions behind it, to be carried out in the same transaction."""

    plan: Plan
    enlistings: list[Enlisting] = field(default_factory=list)
    listings: list[Any] = field(default_factory=list)


class Planner:
    """Decides row by row; what cannot be entered becomes a problem with its place."""

    def __init__(self, reading: Reading, scope: Scope) -> None:
        if not any(sheet.header for sheet in reading.sheets):
            raise Refusal(NO_REGISTER)
        self.reading, self.scope = reading, scope
        scope.learn(reading)
        self.problems = [problem_of(failure) for failure in reading.failures]
        rows, products = reading.cooperatives, reading.products
        codes = [row.tax_code for row in rows] + [row.owner_tax_code for row in products]
        keys = [key for row in rows for key in name_keys(row.kind, row.name)]
        keys += [key for row in products for key in name_keys(row.owner_kind or Kind.HTX, row.owner)]
        self.known = Known((code for code in codes if code), keys)
        self.by_key: dict[str, list[Enlisting]] = defaultdict(list)
        self.taken: dict[int, Enlisting] = {}

    def cooperatives(self) -> list[Enlisting]:
        """Every row of cooperatives that can be entered."""
        found = []
        for row in self.reading.cooperatives:
            try:
                enlisting = self.enlisting(row)
            except Refusal as refusal:
                self.fail(row, refusal, row.name)
                continue
            found.append(enlisting)
            for key in name_keys(row.kind, row.name):
                self.by_key[key].append(enlisting)
        return found

    def enlisting(self, row: CooperativeRow) -> Enlisting:
        """What one row comes to."""
        unit = self.scope.unit(row.commune)
        self.known.learn([unit.id])
        if late := comparing.too_late(row, self.scope.today):
            raise Refusal(comparing.FUTURE, late)
        known = self.match(row, unit)
        line = Line(row.sheet, row.row, "organisation", row.name, unit.name, Outcome.CREATED)
        if known is None:
            stated = {**comparing.facts_of(row), **({"status": row.status} if row.status else {})}
            del stated["name"]
            line.changes = comparing.shown(None, stated)
            return Enlisting(row, unit, line)
        if known.id in self.taken:
            raise Refusal(msgid(SAME_TWICE.text, row=self.taken[known.id].row.row))
        enlisting = Enlisting(row, unit, line, known)
        self.compare(enlisting, known)
        self.taken[known.id] = enlisting
        return enlisting

    def match(self, row: CooperativeRow, unit: AdminUnit) -> Organisation | None:
        """The organisation that a row is about: by tax code, else by name and commune."""
        if row.tax_code and (found := self.known.by_code.get(row.tax_code)):
            seat = found.unit
            if self.scope.territory is not None and seat is not None and seat.id not in self.scope.territory:
                raise Refusal(msgid(OTHERS_TAX_CODE.text, code=row.tax_code), "tax_code")
            return found
        matching = []
        for key in name_keys(row.kind, row.name):
            for each in self.known.by_key.get(key, ()):
                two_codes = row.tax_code and each.tax_code and row.tax_code != each.tax_code
                seats = {place.unit_id for place in each.places}
                if each.kind == row.kind and not two_codes and any(self.known.related(seat, unit.id) for seat in seats):
                    matching.append((unit.id not in seats, each.id, each))
        return min(matching)[2] if matching else None

    def compare(self, enlisting: Enlisting, known: Organisation) -> None:
        """What would change about a known organisation."""
        row, line = enlisting.row, enlisting.line
        line.organisation_id = known.id
        enlisting.facts = comparing.changed_facts(known, row)
        line.changes = comparing.shown(known, enlisting.facts)
        seat = known.places[-1] if known.places else None
        if seat is None or not self.known.related(seat.unit_id, enlisting.unit.id):
            enlisting.moves_since = self.scope.today if seat else UNKNOWN_START
            if seat is not None and seat.valid_from >= self.scope.today:
                raise Refusal(MOVED_TODAY, "commune")
            line.changes.append(Change("unit", seat.unit.name if seat else None, enlisting.unit.name))
        latest = self.known.statuses.get(known.id)
        since = latest.effective_on if latest else None
        change = comparing.status_change(row, latest.status if latest else None, since, self.scope.today)
        if isinstance(change, Message):
            raise Refusal(msgid(change.text, status=STATUSES[row.status or RegisterStatus.ACTIVE]), "ended")
        if change:
            enlisting.status = change
            line.changes.append(Change("status", str(latest.status.value) if latest else None, str(change[0].value)))
        line.outcome = Outcome.CHANGED if line.changes else Outcome.UNCHANGED

    def fail(self, row: CooperativeRow | OcopRow, refusal: Refusal, name: str) -> None:
        """Record why a row is not imported, at the cell that caused it."""
        columns = self.reading.columns[row.sheet]
        meaning = refusal.field or ""
        column = columns.get(meaning) or (columns.get("address") if meaning == "commune" else None)
        heading, value = "", name
        if column:
            heading = self.reading.headings[row.sheet][column - 1]
            value = self.reading.texts[row.sheet, row.row][column - 1]
        where = letter(column) if column else ""
        self.problems.append(Problem(row.sheet, row.row, where, heading, value[:200], packed(refusal.message)))

    def plan(self, lines: list[Line]) -> Plan:
        """All of it, as it is shown."""
        sheets = [
            {
                "name": sheet.name,
                "kind": sheet.kind,
                "rows": sheet.rows,
                "unread": sheet.unread,
                "skipped": [list(each) for each in sheet.skipped[:50]],
            }
            for sheet in self.reading.sheets
        ]
        order = {sheet.name: position for position, sheet in enumerate(self.reading.sheets)}
        problems = sorted(self.problems, key=lambda each: (order.get(each.sheet, 0), each.row or 0))
        return Plan(lines, problems, sheets, failed_sheets(self.reading, problems), self.scope.era or "")


def problem_of(failure: Failure) -> Problem:
    """A failure of reading, as the plan keeps it."""
    return Problem(
        failure.sheet, failure.row, failure.column, failure.heading, failure.value[:200], packed(failure.message)
    )


def failed_sheets(reading: Reading, problems: list[Problem]) -> list[FailedSheet]:
    """The failed rows as they stand, to be corrected and uploaded again; the sector of their section beside them."""
    found: dict[str, FailedSheet] = {}
    for name, number in dict.fromkeys((problem.sheet, problem.row) for problem in problems):
        if number is None or (name, number) not in reading.texts:
            continue
        sheet = found.setdefault(name, FailedSheet(name, [*reading.headings[name], "Ngành"]))
        sheet.rows.append((number, reading.texts[name, number]))
    for sheet in found.values():
        if not any(texts[-1] for _row, texts in sheet.rows):
            sheet.headings.pop()
            sheet.rows = [(row, texts[:-1]) for row, texts in sheet.rows]
    return list(found.values())
