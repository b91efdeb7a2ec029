"""PURE: what one row of a register says, as values; and the failures that keep a row from being imported."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message
from marketplace.organisations.rules import Kind, RegisterStatus, Sector
from marketplace.register.cells import Dated, empty
from marketplace.register.grid import Row, Value, letter, text_of
from marketplace.register.headings import Header
from marketplace.register.meanings import Round
from marketplace.register.names import Commune

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a row, or a whole sheet, is not imported: where, what stands there, and the sentence with its remedy."""

    sheet: str
    row: int | None
    column: str
    heading: str
    value: str
    message: Message


@dataclass(frozen=True, slots=True)
class CooperativeRow:
    """One organisation of a register."""

    sheet: str
    row: int
    name: str
    kind: Kind
    tax_code: str | None
    registration_no: str | None
    commune: Commune
    address: str | None
    founded: Dated
    members: int | None
    capital: int | None
    representative: str | None
    title: str | None
    phone: str | None
    email: str | None
    sector: Sector | None
    status: RegisterStatus | None
    ended: Dated | None
    note: str | None

    @property
    def ended_on(self) -> date | None:
        """The day from which its status holds, where one is written."""
        return self.ended.day if self.ended else None


@dataclass(frozen=True, slots=True)
class OcopRow:
    """One product of an OCOP list; without stars it is under evaluation in its round."""

    sheet: str
    row: int
    product: str
    owner: str
    owner_kind: Kind | None
    owner_tax_code: str | None
    commune: Commune | None
    group: str
    measure: str | None
    measure_text: str | None
    stars: int | None
    score: Decimal | None
    decision_no: str | None
    decided: Dated | None
    expires: date | None
    round: Round | None
    note: str | None


@dataclass(slots=True)
class Cells:
    """The cells of one row by meaning; a cell that cannot be read becomes a failure and reads as None."""

    sheet: str
    header: Header
    row: Row
    failures: list[Failure] = field(default_factory=list)

    def raw(self, name: str) -> Value:
        """The cell's value; None where the sheet has no such column."""
        column = self.header.columns.get(name)
        return self.row.at(column) if column else None

    def read(self, name: str, parse: Callable[[Value], T]) -> T | None:
        """The cell parsed; None where it is empty or cannot be read."""
        value = self.raw(name)
        if empty(value):
            return None
        try:
            return parse(value)
        except Refusal as refusal:
            self.fail(name, refusal.message)
            return None

    def need(self, name: str, parse: Callable[[Value], T], missing: Message) -> T | None:
        """As `read`, but an empty cell is a failure too."""
        if empty(self.raw(name)):
            self.fail(name, missing)
            return None
        return self.read(name, parse)

    def fail(self, name: str, message: Message) -> None:
        """Record a failure at the cell of this meaning (or at the row, where there is no such column)."""
        column = self.header.columns.get(name)
        self.failures.append(
            Failure(
                self.sheet,
                self.row.number,
                letter(column) if column else "",
                self.header.headings[column] if column else "",
                text_of(self.row.at(column)) if column else "",
                message,
            )
        )
