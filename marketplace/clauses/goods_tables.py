"""PURE: the tables of a contract: goods with prices, and what is due each month (document words; see drafting.py)."""

from decimal import Decimal

from marketplace.clauses.price_sentences import change
from marketplace.clauses.terms import ContractKind, Goods, Terms
from marketplace.clauses.text import Table
from marketplace.clauses.wording import percent, quantity
from marketplace.kernel.numbers import format_number
from marketplace.kernel.prices import PriceKind

GOODS_HEAD = ("STT", "Tên hàng, giống, tiêu chuẩn", "ĐVT", "Số lượng", "Đơn giá (đồng)", "Thành tiền (đồng)")
SCHEDULE_HEAD = ("Tháng", "Tên hàng", "ĐVT", "Số lượng")
OPEN = "chưa xác định"


def goods_table(terms: Terms) -> Table | None:
    """Every line of goods; the foot carries the total."""
    if not terms.goods:
        return None
    rows = tuple(goods_row(position, line) for position, line in enumerate(terms.goods, start=1))
    foot: tuple[tuple[str, str], ...] = ()
    if terms.total is not None:
        foot = ((total_label(terms), format_number(terms.total)),)
    return Table("Hàng hóa, số lượng, đơn giá", GOODS_HEAD, rows, "clcrrr", (7, 28, 9, 17, 19, 20), foot)


def total_label(terms: Terms) -> str:
    """What the sum of the table is: a promise, an estimate, or only an expectation."""
    if terms.kind in (ContractKind.FRAMEWORK, ContractKind.MEMORANDUM):
        return "Tổng cộng (dự kiến)"
    return "Tổng cộng (tạm tính)" if terms.total_is_estimate else "Tổng cộng"


def goods_row(position: int, line: Goods) -> tuple[str, ...]:
    """A line of goods; what stands under a figure is its condition."""
    variety = f"Giống: {line.variety}" if line.variety else ""
    name = "\n".join(part for part in (line.name, variety, line.standard) if part)
    much = OPEN if line.quantity is None else quantity(line.quantity)
    if line.tolerance is not None:
        much = f"{much}\n(± {percent(line.tolerance)})"
    amount = OPEN if line.amount is None else format_number(line.amount)
    if line.amount is not None and line.price_kind is not PriceKind.FIXED:
        amount = f"{amount}\n(tạm tính)"
    return (str(position), name, line.unit, much, price_cell(line), amount)


def price_cell(line: Goods) -> str:
    """The unit price with its kind where that is not simply fixed; the clause on prices says it in full."""
    price = [] if line.price is None else [format_number(line.price)]
    match line.price_kind:
        case PriceKind.FLOOR:
            parts = [*price, "(giá sàn)"]
        case PriceKind.FLOOR_SHARE:
            parts = [*price, "(giá sàn)", f"thêm {percent(line.percent or Decimal(0))} phần tăng"]
        case PriceKind.MARKET | PriceKind.CEILING:
            parts = ["giá thị trường", change(line.rule).strip()]
            parts += [f"giá sàn {price[0]}"] if price else []
            parts += [f"giá trần {format_number(line.most)}"] if line.most is not None else []
        case PriceKind.NEGOTIABLE:
            parts = [*price, "(giá tham khảo)" if price else "theo thỏa thuận"]
        case _:
            parts = price
    return "\n".join(part for part in (*parts, line.price_note) if part) or OPEN


def schedule_table(terms: Terms) -> Table | None:
    """What is due in each month, by month and then by line; None without a schedule."""
    due = [
        (month, position, line, line.schedule[month])
        for position, line in enumerate(terms.goods)
        for month in line.schedule
        if line.schedule[month]
    ]
    if not due:
        return None
    rows = tuple(
        (f"{month.month:02d}/{month.year}", line.name, line.unit, quantity(much))
        for month, _position, line, much in sorted(due, key=lambda part: part[:2])
    )
    return Table("Lịch giao hàng theo tháng", SCHEDULE_HEAD, rows, "clcr", (16, 50, 16, 18))
