"""PURE: a text's figures kept beside it, and what became of each between two texts: 10.000 → 12.000 kg (+20 %)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.kernel.dates import format_date
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.numbers import format_money, format_number, rounded
from marketplace.kernel.prices import PRICE_KINDS, PriceKind
from marketplace.kernel.quantities import format_quantity

Kept = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that changed; `goods` names the line it belongs to; an empty side was not there."""

    goods: str
    label: Message
    before: str | Message
    after: str | Message
    share: str = ""  # "+20%"


def percent(value: str) -> str:
    """As it stands in a contract."""
    return f"{format_number(Decimal(value))}%"


def day(value: str) -> str:
    """An ISO day as people write it."""
    return format_date(date.fromisoformat(value))


def plain(value: Any) -> str:
    """A count."""
    return format_number(Decimal(str(value)))


CONTRACT: dict[str, tuple[Message, Callable[[Any], str]]] = {
    "value": (msgid("Value"), format_money),
    "starts_on": (msgid("In force from"), day),
    "ends_on": (msgid("In force until"), day),
    "payment_days": (msgid("Days to pay after delivery"), plain),
    "advance": (msgid("Advance payment"), format_money),
    "deposit": (msgid("Deposit"), format_money),
    "penalty_percent": (msgid("Penalty, per cent of the breached part"), percent),
    "tolerance": (msgid("Tolerance of the quantity"), percent),
    "households": (msgid("Number of households"), plain),
    "area_ha": (msgid("Area (ha)"), plain),
}
"""Columns of a contract that are figures: their words, and how they are written."""
GOODS: dict[str, tuple[Message, Callable[[Any], str]]] = {
    "price": (msgid("Unit price (đồng)"), format_money),
    "price_percent": (msgid("Per cent"), percent),
    "price_most": (msgid("Ceiling: the most that is paid (đồng)"), format_money),
}
ACCOUNT = msgid("Bank account")
QUANTITY, PRICE_KIND, LINE = msgid("Quantity"), msgid("Price"), msgid("Goods")
NOT_SHARED = {"starts_on", "ends_on", "penalty_percent", "tolerance", "price_percent"}
"""A change of these in per cent would mislead."""


def kept(contract: Any) -> dict[str, Any]:
    """The figures of a contract's rows as JSON: exact numbers as text, days in ISO form."""
    found = {name: stored(getattr(contract, name)) for name in CONTRACT}
    lines = [
        {name: stored(getattr(line, name)) for name in ("name", "measure", "quantity", "price_kind", *GOODS)}
        for line in contract.lines
    ]
    return {**found, "lines": lines, "accounts": {party.name: party.bank or "" for party in contract.parties}}


def stored(value: Any) -> Any:
    """One value as JSON can keep it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def compare(before: Kept, after: Kept) -> list[Figure]:
    """Every figure that is not as it was, accounts and the contract's own first. Nothing where one text is older than figures."""
    if not before or not after:
        return []
    return [*of_accounts(before, after), *of_contract(before, after), *of_goods(before["lines"], after["lines"])]


def of_accounts(before: Kept, after: Kept) -> Iterator[Figure]:
    """Where money goes, by party; nothing where one text is older than accounts in figures."""
    was, now = before.get("accounts", {}), after.get("accounts", {})
    for name in (name for name in now if name in was and was[name] != now[name]):
        yield Figure(name, ACCOUNT, was[name], now[name])


def of_contract(before: Kept, after: Kept) -> Iterator[Figure]:
    """Dates, value, payment."""
    for name, (label, write) in CONTRACT.items():
        yield from figure("", name, label, write, before.get(name), after.get(name))


def figure(goods: str, name: str, label: Message, write: Callable[[Any], str], was: Any, now: Any) -> Iterator[Figure]:
    """One figure, where it differs."""
    if was == now:
        return
    shared = "" if name in NOT_SHARED else share(was, now)
    yield Figure(goods, label, "" if was is None else write(was), "" if now is None else write(now), shared)


def share(was: Any, now: Any) -> str:
    """By how much it grew or fell, where that can be said."""
    if was is None or now is None or Decimal(str(was)) == 0:
        return ""
    ratio = Decimal(str(now)) / Decimal(str(was)) - 1
    percent = rounded(ratio * 100, 1)
    return ("+" if percent > 0 else "") + f"{format_number(percent)}%"


def of_goods(before: Sequence[Kept], after: Sequence[Kept]) -> Iterator[Figure]:
    """Line by line: the same goods by their name, the rest in their order."""
    waiting: dict[str, list[Kept]] = defaultdict(list)
    for line in before:
        waiting[line["name"]].append(line)
    met = []
    for line in after:
        same = waiting[line["name"]]
        met.append((same.pop(0) if same else None, line))
    left = (line for lines in waiting.values() for line in lines)
    for was, now in met:
        yield from of_line(was or next(left, None), now)
    for gone in left:
        yield Figure(gone["name"], LINE, amount(gone), "")


def of_line(was: Kept | None, now: Kept) -> Iterator[Figure]:
    """What became of one line."""
    name = now["name"]
    if was is None:
        yield Figure(name, LINE, "", amount(now))
        return
    if was["name"] != name:
        yield Figure(name, LINE, was["name"], name)
    if (was["quantity"], was["measure"]) != (now["quantity"], now["measure"]):
        grown = share(was["quantity"], now["quantity"]) if was["measure"] == now["measure"] else ""
        yield Figure(name, QUANTITY, amount(was), amount(now), grown)
    if was["price_kind"] != now["price_kind"]:
        before, after = (PRICE_KINDS[PriceKind(line["price_kind"])] for line in (was, now))
        yield Figure(name, PRICE_KIND, before, after)
    for field, (label, write) in GOODS.items():
        yield from figure(name, field, label, write, was.get(field), now.get(field))


def amount(line: Kept) -> str:
    """A quantity with its measure, or the measure alone."""
    return "" if line["quantity"] is None else format_quantity(Decimal(line["quantity"]), line["measure"])
