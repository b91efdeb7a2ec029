"""PURE: how several sellers share out one contract: the tables by seller and month, and whether it adds up.

The words are the contract's own, never translated; drafting.py says why.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from marketplace.clauses.terms import Goods, Portion, Terms
from marketplace.clauses.text import Table
from marketplace.clauses.wording import quantity
from marketplace.kernel.dates import format_month
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.numbers import format_number
from marketplace.kernel.prices import PriceKind, line_value

ANNEX = "Phụ lục phân chia sản lượng"
EACH = 4
"""So many months stand side by side: more would not leave room for "1.234.567,5" on a page of A4."""
NOTHING = "–"


def sellers(terms: Terms) -> dict[int, str]:
    """The sellers by their place, with their names."""
    return {portion.seller: portion.name for portion in sorted(terms.split, key=lambda portion: portion.seller)}


def label(seller: int) -> str:
    """Bên A1, Bên A2, … as the parties are named above."""
    return f"Bên A{seller + 1}"


def split_tables(terms: Terms) -> Iterator[tuple[str, Table]]:
    """The tables: the quantities of each month, a few months in each, then the whole by seller with what it comes to."""
    for place, line in enumerate(terms.goods if len(sellers(terms)) > 1 else ()):
        portions = [portion for portion in terms.split if portion.line == place]
        if not portions:
            continue
        months = sorted({month for portion in portions for month in portion.schedule if month is not None})
        for start in range(0, len(months), EACH):
            some = months[start : start + EACH]
            span = f"Từ tháng {format_month(some[0])} đến tháng {format_month(some[-1])}"
            span = span if len(some) > 1 else f"Tháng {format_month(some[0])}"
            yield f"{span}, {line.name} ({line.unit}):", month_table(line, portions, some)
        yield f"Cả hợp đồng, {line.name}:", whole_table(line, portions)


def month_table(line: Goods, portions: list[Portion], months: list[date]) -> Table:
    """One row for each seller, one column for each month, with the sums of both."""
    rows = []
    for portion in portions:
        amounts = [portion.schedule.get(month, Decimal(0)) for month in months]
        rows.append((f"{label(portion.seller)}: {portion.name}", *map(shown, amounts), shown(total(amounts))))
    sums = [total([portion.schedule.get(month, Decimal(0)) for portion in portions]) for month in months]
    rows.append(("Cộng", *map(shown, sums), shown(total(sums))))
    widths = (32, *(19 for _month in months), 24)
    head = ("Bên bán", *(format_month(month) for month in months), "Cộng")
    caption = f"{ANNEX}: {line.name}, {format_month(months[0])}–{format_month(months[-1])}"
    return Table(caption, head, tuple(rows), "l" + "r" * (len(months) + 1), widths)


def whole_table(line: Goods, portions: list[Portion]) -> Table:
    """Each seller's whole quantity and what it comes to at the line's price."""
    amounts = [total(portion.schedule.values()) for portion in portions]
    rows = [
        (f"{label(portion.seller)}: {portion.name}", shown(amount), worth(line, amount))
        for portion, amount in zip(portions, amounts, strict=True)
    ]
    rows.append(("Cộng", shown(total(amounts)), worth(line, total(amounts))))
    estimate = "" if line.price_kind is PriceKind.FIXED else ", tạm tính"
    head = ("Bên bán", f"Số lượng ({line.unit})", f"Thành tiền (đồng{estimate})")
    return Table(f"{ANNEX}: {line.name}, cả hợp đồng", head, tuple(rows), "lrr", (50, 22, 28))


def total(amounts: object) -> Decimal:
    """The sum, in exact decimals."""
    return sum(amounts, Decimal(0))  # type: ignore[call-overload,no-any-return]


def shown(amount: Decimal) -> str:
    """A quantity; nothing is a dash."""
    return quantity(amount) if amount else NOTHING


def worth(line: Goods, amount: Decimal) -> str:
    """What a quantity comes to."""
    if line.price is None:
        return "chưa xác định"
    return format_number(line_value(amount, line.price)) if amount else NOTHING


def check_split(terms: Terms) -> None:
    """Refuse shares that do not come to the line's months; the sentence names the month and the difference."""
    if not terms.split:
        return
    for place, line in enumerate(terms.goods):
        portions = [portion for portion in terms.split if portion.line == place]
        wanted: dict[date | None, Decimal] = dict(line.schedule.items()) or {None: line.quantity or Decimal(0)}
        given = {month for portion in portions for month in portion.schedule}
        for month in sorted({*wanted, *given}, key=lambda each: each or date.min):
            found = total(portion.schedule.get(month, Decimal(0)) for portion in portions)
            if found != wanted.get(month, Decimal(0)):
                raise unequal(line, month, found, wanted.get(month, Decimal(0)))


def unequal(line: Goods, month: date | None, found: Decimal, wanted: Decimal) -> Refusal:
    """The difference in a sentence."""
    when = f"{line.name}, {format_month(month)}" if month else line.name
    values = {
        "goods": when,
        "shares": f"{quantity(found)} {line.unit}",
        "whole": f"{quantity(wanted)} {line.unit}",
        "difference": f"{quantity(abs(wanted - found))} {line.unit}",
    }
    if found < wanted:
        return Refusal(
            msgid("%(goods)s: the shares come to %(shares)s of %(whole)s; %(difference)s are missing.", **values)
        )
    return Refusal(msgid("%(goods)s: the shares come to %(shares)s of %(whole)s; %(difference)s too much.", **values))
