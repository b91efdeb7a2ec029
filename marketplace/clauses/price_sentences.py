"""PURE: price rules as a contract says them: a sentence, an example and the table "if the market is … Bên A gets …".

Document words, never translated; drafting.py says why.
"""

from collections.abc import Iterable
from decimal import Decimal

from marketplace.clauses.terms import ContractKind, Goods, Terms
from marketplace.clauses.text import Table
from marketplace.clauses.wording import Sentence, ended, joined, money, percent
from marketplace.kernel.numbers import format_number
from marketplace.kernel.prices import MARKET_KINDS, PriceKind, PriceRule, pay

BINDING = (ContractKind.LINKAGE, ContractKind.SALE)
"""Only these fix a price; a framework's and a memorandum's figures are expectations."""
LADDER = (10_000, 15_000, 20_000, 30_000, 40_000)
"""Market prices for one kilogram to show where the rule itself names none."""
HEAVY = {"tấn": 1000, "tạ": 100, "yến": 10}
SAMPLE = 100
"""How many of the measure the worked example delivers."""
ANY_MARKET = (
    "Giá thị trường là giá mua bán phổ biến của hàng cùng loại, cùng chất lượng tại địa phương vào ngày giao hàng, do "
    "hai bên cùng xác nhận bằng văn bản."
)


def computed(terms: Terms) -> list[list[Goods]]:
    """The lines whose price follows a market, those with the same rule together."""
    groups: dict[tuple[object, ...], list[Goods]] = {}
    for line in terms.goods if terms.kind in BINDING else ():
        if line.price_kind in MARKET_KINDS and pay(line.rule, 0) is not None:
            groups.setdefault((line.rule, line.unit, line.market), []).append(line)
    return list(groups.values())


def price_sentences(terms: Terms) -> list[Sentence]:
    """For every rule what it means, whose market price is read, an example, and the table."""
    return [(explained(lines), price_table(lines)) for lines in computed(terms)]


def explained(lines: list[Goods]) -> str:
    """The rule of these lines in full."""
    line = lines[0]
    whose = f"Giá thị trường là {ended(line.market)}" if joined(line.market) else ANY_MARKET
    rounded = ", làm tròn đến đồng (từ nửa đồng trở lên thì làm tròn lên)" if line.percent else ""
    return (
        f"{names(lines)}: {in_words(line.rule, line.unit)} {whose} {example(line)} Giá Bên A nhận được tính sẵn trong "
        f"bảng sau; với giá thị trường khác thì tính theo cùng cách{rounded}:"
    )


def names(lines: Iterable[Goods]) -> str:
    """Each name once."""
    return "; ".join(dict.fromkeys(joined(line.name) for line in lines))


def in_words(rule: PriceRule, unit: str) -> str:
    """What the rule says, as sentences of a contract."""
    price, most = (f"{money(amount)}/{unit}" if amount is not None else "" for amount in (rule.price, rule.most))
    if rule.kind is PriceKind.FLOOR:
        return f"Bên B trả theo giá thị trường ngày giao hàng nhưng không thấp hơn giá sàn {price}."
    if rule.kind is PriceKind.FLOOR_SHARE:
        return (
            f"giá sàn là {price}; khi giá thị trường ngày giao hàng cao hơn giá sàn, Bên B trả thêm cho Bên A "
            f"{percent(rule.percent or Decimal(0))} phần cao hơn."
        )
    bounds = [f"không thấp hơn giá sàn {price}"] if price else []
    bounds += [f"không cao hơn giá trần {most}"] if most else []
    but = f", nhưng {' và '.join(bounds)}" if bounds else ""
    return f"Bên B trả theo giá thị trường ngày giao hàng{change(rule)}{but}."


def change(rule: PriceRule) -> str:
    """How much over or under the market."""
    if not rule.percent:
        return ""
    return f" {'cộng thêm' if rule.percent > 0 else 'trừ đi'} {percent(abs(rule.percent))}"


def example(line: Goods) -> str:
    """One delivery, computed."""
    market = ladder(line.rule, line.unit)[-2]
    paid = pay(line.rule, market) or 0
    return (
        f"Ví dụ: ngày giao hàng giá thị trường là {money(market)}/{line.unit} thì Bên A nhận {money(paid)}/{line.unit}, "
        f"giao {format_number(sample(line))} {line.unit} được {money(paid * sample(line))}."
    )


def sample(line: Goods) -> int:
    """A delivery that people can picture: some sacks, and never more than the contract has."""
    much = max(1, SAMPLE // HEAVY.get(line.unit, 1))
    return much if line.quantity is None or line.quantity >= much else 1


def price_table(lines: list[Goods]) -> Table:
    """What Bên A gets at market prices around the bounds of the rule."""
    line = lines[0]
    rows = tuple(
        (format_number(market), format_number(paid), reason(line.rule, market, paid))
        for market, paid in steps(line.rule, line.unit)
    )
    head = (f"Nếu giá thị trường là (đồng/{line.unit})", f"thì Bên A nhận (đồng/{line.unit})", "Cách tính")
    return Table(f"Giá Bên A nhận theo giá thị trường: {names(lines)}", head, rows, "rrl", (32, 32, 36))


def steps(rule: PriceRule, unit: str) -> list[tuple[int, int]]:
    """Market prices with what is paid at each; empty where the market decides nothing."""
    found = [(market, pay(rule, market)) for market in ladder(rule, unit)] if rule.kind in MARKET_KINDS else []
    return [(market, paid) for market, paid in found if paid is not None]


def reason(rule: PriceRule, market: int, paid: int) -> str:
    """Why it is so much."""
    if rule.kind is PriceKind.FLOOR_SHARE and rule.price is not None and market > rule.price:
        return f"giá sàn cộng {percent(rule.percent or Decimal(0))} của {format_number(market - rule.price)}"
    free = pay(PriceRule(PriceKind.MARKET, None, rule.percent), market) or 0
    if rule.price is not None and paid == rule.price and (rule.kind is PriceKind.FLOOR_SHARE or free <= rule.price):
        return "bằng giá sàn"
    if rule.most is not None and paid == rule.most and free >= rule.most:
        return "bằng giá trần"
    return f"giá thị trường{change(rule)}" if rule.percent else "bằng giá thị trường"


def ladder(rule: PriceRule, unit: str) -> list[int]:
    """Five to seven market prices, rising: two under where the rule changes, those points, and some above."""
    turns = sorted({turn(bound, rule, up=bound == rule.most) for bound in (rule.price, rule.most) if bound})
    if not turns:
        return [price * HEAVY.get(unit, 1) for price in LADDER]
    low, high = turns[0], turns[-1]
    step = stride(high if low == high else max(high - low, 10))
    below = [n * step for n in (last_under(low, step) - 1, last_under(low, step)) if n > 0]
    middle = [(low + high) // 2 // step * step] if high - low > step else []
    above = [(high // step + n) * step for n in ((1, 2, 4) if low == high else (1, 2))]
    found = sorted({*below, low, *(n for n in middle if low < n < high), high, *above})
    return found if len(found) > 4 else [*found, *((high // step + n) * step for n in (5, 6)[: 5 - len(found)])]


def turn(bound: int, rule: PriceRule, *, up: bool) -> int:
    """About the market price at which this bound begins (`up`, the ceiling) or ceases to hold, as a round figure."""
    if rule.kind not in (PriceKind.MARKET, PriceKind.CEILING) or not rule.percent:
        return bound
    market = bound * 100 / (100 + rule.percent)
    size = stride(int(market)) // 2 or 1
    return int(market // size + 1) * size if up else max(int(market // size) * size, 1)


def last_under(price: int, step: int) -> int:
    """How many steps lie under a price."""
    return (price - 1) // step


def stride(price: int) -> int:
    """About a tenth of it as a round figure: 1, 2 or 5 with noughts."""
    size = max(price // 10, 1)
    power = 10 ** (len(str(size)) - 1)
    return next(n * power for n in (1, 2, 5, 10) if n * power >= size)
