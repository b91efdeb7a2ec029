"""PURE: the figures of settlement minutes: what was delivered, paid, deducted, what is still owed, and what does not fit.

They are typed by the parties; deliveries and payments recorded in the application can fill them in beforehand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.clauses.terms import Goods, Terms
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import format_money, format_number
from marketplace.kernel.prices import PriceKind, line_value

MOST_PENALTY = Decimal(8)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Of one line: how much came, and what it came to."""

    quantity: Decimal | None = None
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """All figures in đồng; the seller is Bên A, the buyer Bên B."""

    delivered: tuple[Delivered, ...] = ()
    paid: int = 0  # by the buyer
    advance: int = 0  # given before, deducted now
    penalty_seller: int = 0  # fines and damages that the seller bears
    penalty_buyer: int = 0
    seller_owes: int = 0  # what remains, as agreed
    buyer_owes: int = 0
    pay_by: date | None = None
    note: str = ""

    @property
    def value(self) -> int:
        """Of everything delivered."""
        return sum(line.value or 0 for line in self.delivered)

    @property
    def balance(self) -> int:
        """What the buyer still has to pay by these figures; negative: what the seller has to give back."""
        return self.value + self.penalty_buyer - self.penalty_seller - self.advance - self.paid

    @property
    def agreed(self) -> int:
        """The remaining debts as typed, set off against each other."""
        return self.buyer_owes - self.seller_owes

    def balanced(self) -> "Settlement":
        """With the debts that follow from the other figures."""
        return replace(self, buyer_owes=max(self.balance, 0), seller_owes=max(-self.balance, 0))

    def stored(self) -> dict[str, Any]:
        """As JSON: exact numbers as text, days in ISO."""
        found = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "delivered"}
        found["pay_by"] = self.pay_by.isoformat() if self.pay_by else None
        rows = [
            {"quantity": None if row.quantity is None else str(row.quantity), "value": row.value}
            for row in self.delivered
        ]
        return {**found, "delivered": rows}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Settlement":
        """Back from JSON."""
        given = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        given["pay_by"] = date.fromisoformat(stored["pay_by"]) if stored.get("pay_by") else None
        given["delivered"] = tuple(
            Delivered(None if row["quantity"] is None else Decimal(row["quantity"]), row["value"])
            for row in stored.get("delivered", [])
        )
        return cls(**given)


def priced(found: Settlement, terms: Terms) -> Settlement:
    """A value that was left empty where it follows from the rest: what came, at the fixed price."""
    rows = list(found.delivered)
    for place, (line, came) in enumerate(zip(terms.goods, rows, strict=False)):
        if (
            came.value is None
            and came.quantity is not None
            and line.price_kind == PriceKind.FIXED
            and line.price is not None
        ):
            rows[place] = replace(came, value=line_value(came.quantity, line.price))
    return replace(found, delivered=tuple(rows))


def warnings(found: Settlement, terms: Terms) -> list[Message]:
    """What does not fit together, or is worth a second look. The parties may know better: nothing is refused."""
    return [*sums(found), *money(found, terms), *goods(found, terms)]


def sums(found: Settlement) -> Iterator[Message]:
    """The remaining debts against the figures above them."""
    if found.agreed != found.balance:
        yield msgid("By these figures %(owed)s; the debts typed below come to another sum.", owed=owed(found.balance))
    if found.seller_owes and found.buyer_owes:
        yield msgid("Both sides owe something: set the two debts off against each other, if you mean to.")
    if (found.seller_owes or found.buyer_owes) and found.pay_by is None:
        yield msgid("Something is still owed, but no day for paying it is written.")


def owed(balance: int) -> Message:
    """Who owes how much, for a sentence."""
    if balance == 0:
        return msgid("nobody owes anything")
    amount = format_money(abs(balance))
    if balance > 0:
        return msgid("the buyer still owes %(amount)s", amount=amount)
    return msgid("the seller owes %(amount)s back", amount=amount)


def money(found: Settlement, terms: Terms) -> Iterator[Message]:
    """Payments, advance and penalties against the contract."""
    if terms.advance_amount and found.advance != terms.advance_amount:
        given = format_money(terms.advance_amount)
        yield msgid("The contract gave an advance of %(given)s; another sum is deducted here.", given=given)
    if found.paid > found.value + found.penalty_buyer:
        yield msgid("More was paid than was delivered.")
    missing = undelivered(found, terms)
    most = None if missing is None else missing * MOST_PENALTY / 100
    if most is not None and found.penalty_seller > most:
        yield msgid(
            "The seller's penalty is more than 8 per cent of what it did not deliver; above that, only proven damage counts."
        )


def undelivered(found: Settlement, terms: Terms) -> int | None:
    """What the goods that did not come were worth; None where a price or quantity is open."""
    total = 0
    for line, came in zip(terms.goods, found.delivered, strict=False):
        if line.quantity is None or line.price is None:
            return None
        total += line_value(max(line.quantity - (came.quantity or Decimal(0)), Decimal(0)), line.price)
    return total


def goods(found: Settlement, terms: Terms) -> Iterator[Message]:
    """Each line against what was agreed."""
    for line, came in zip(terms.goods, found.delivered, strict=False):
        yield from of_line(line, came, terms)


def of_line(line: Goods, came: Delivered, terms: Terms) -> Iterator[Message]:
    """Quantity and value of one line."""
    if came.quantity is None:
        yield msgid("%(goods)s: how much was delivered? Write 0 if nothing was.", goods=line.name)
        return
    if came.value is None and came.quantity:
        yield msgid("%(goods)s: what does the delivered quantity come to? Left empty, it counts as 0.", goods=line.name)
    if line.quantity is not None and came.quantity != line.quantity:
        part = line.tolerance if line.tolerance is not None else terms.tolerance or Decimal(0)
        least, most = (line.quantity * (100 + sign * part) / 100 for sign in (-1, 1))
        values = {"goods": line.name, "agreed": format_number(line.quantity), "came": format_number(came.quantity)}
        if came.quantity > most:
            yield msgid("%(goods)s: %(came)s came, more than the %(agreed)s agreed.", **values)
        elif came.quantity < least:
            yield msgid("%(goods)s: %(came)s came of the %(agreed)s agreed.", **values)
    if line.price_kind == PriceKind.FIXED and line.price is not None and came.value is not None:
        expected = line_value(came.quantity, line.price)
        if came.value != expected:
            yield msgid(
                "%(goods)s: at the fixed price it comes to %(expected)s, not %(typed)s.",
                goods=line.name,
                expected=format_money(expected),
                typed=format_money(came.value),
            )
