"""What an annex says of goods: each changed value of a line, prices in words and by table, shares, lines that it adds.

Document words, never translated; paper_text.py says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from marketplace.annexes.effective import NewTerms
from marketplace.annexes.line_changes import NONE, LineChange, Months, of_line, standing_split, tidy, whole
from marketplace.clauses.goods_tables import OPEN, goods_table, price_cell, schedule_table
from marketplace.clauses.price_sentences import price_sentences
from marketplace.clauses.split import label, sellers, split_tables
from marketplace.clauses.terms import Goods, Terms
from marketplace.clauses.wording import Draft, Sentence, money, money_words, percent, quantity
from marketplace.kernel.dates import format_month
from marketplace.kernel.prices import PriceKind

PRICE_NAMES = {
    PriceKind.FIXED: "đơn giá",
    PriceKind.FLOOR: "giá sàn",
    PriceKind.FLOOR_SHARE: "giá sàn",
    PriceKind.MARKET: "giá sàn",
    PriceKind.CEILING: "giá sàn",
    PriceKind.NEGOTIABLE: "đơn giá tham khảo",
}
"""What the figure beside a line is called, by its kind of price."""
BY_AGREEMENT = "theo thỏa thuận từng đợt"


@dataclass(frozen=True)
class Row:
    """One changed value: what it is, as it stood, as it stands now."""

    what: str
    was: str
    now: str


def rows_of(standing: Terms, new: NewTerms) -> Iterator[Row]:
    """Everything that changes in the goods, line by line, then what is added."""
    after = new.applied(standing)
    for place, line in enumerate(standing.goods, start=1):
        change = new.lines.get(place, NONE)
        yield from figures(line, change)
        if change.split is not None:
            yield Row(f"{line.name}: phần của từng bên bán", *(shares(terms, place - 1) for terms in (standing, after)))
    for place, added in enumerate(new.added, start=len(standing.goods)):
        goods = added.goods
        who = f"\n{seller_of(standing, added.seller)} giao" if added.seller is not None else ""
        much = OPEN if goods.quantity is None else f"{quantity(goods.quantity)} {goods.unit}"
        yield Row(f"Bổ sung mặt hàng thứ {place + 1}: {goods.name}", "chưa có", f"{much}; giá: {price_of(goods)}{who}")


def figures(line: Goods, new: LineChange) -> Iterator[Row]:
    """Quantity, price and months of one line."""
    if new.quantity is not None:
        was = OPEN if line.quantity is None else f"{quantity(line.quantity)} {line.unit}"
        yield Row(f"{line.name}: số lượng", was, f"{quantity(new.quantity)} {line.unit}")
    if new.price is not None:
        was = OPEN if line.price is None else f"{money(line.price)}/{line.unit}"
        yield Row(f"{line.name}: {PRICE_NAMES[line.price_kind]}", was, f"{money(new.price)}/{line.unit}")
    if new.percent is not None:
        what = "phần tăng giá Bên A được hưởng" if line.price_kind is PriceKind.FLOOR_SHARE else "so với giá thị trường"
        yield Row(f"{line.name}: {what}", rate(line, line.percent), rate(line, new.percent))
    if new.most is not None:
        was = OPEN if line.most is None else f"{money(line.most)}/{line.unit}"
        yield Row(f"{line.name}: giá trần", was, f"{money(new.most)}/{line.unit}")
    if new.months is not None:
        after = new.applied(line)
        yield Row(f"{line.name}: số lượng giao từng tháng", scheduled(line), scheduled(after))


def price_of(line: Goods) -> str:
    """The price of an added line, with its unit."""
    if line.price_kind is PriceKind.FIXED and line.price is not None:
        return f"{money(line.price)}/{line.unit}"
    return price_cell(line).replace("\n", ", ") + ("" if line.price is None else f" (đồng/{line.unit})")


def rate(line: Goods, rate: Decimal | None) -> str:
    """A percentage as its rule means it."""
    if line.price_kind is PriceKind.FLOOR_SHARE:
        return OPEN if rate is None else percent(rate)
    if not rate:
        return "bằng giá thị trường"
    return f"{'cộng thêm' if rate > 0 else 'trừ đi'} {percent(abs(rate))}"


def scheduled(line: Goods) -> str:
    """A line's months, one under the other."""
    rows = [f"{format_month(month)}: {quantity(much)} {line.unit}" for month, much in sorted(line.schedule.items())]
    return "\n".join(rows) or BY_AGREEMENT


def shares(terms: Terms, line: int) -> str:
    """Who of the sellers delivers how much of a line, one under the other."""
    unit, split = terms.goods[line].unit, standing_split(terms.split, line)
    return "\n".join(
        f"{label(seller)} ({name}): {share(split.get(seller, {}), unit)}" for seller, name in sellers(terms).items()
    )


def share(months: Months, unit: str) -> str:
    """One seller's months and their sum."""
    if not months:
        return "không giao"
    total = f"{quantity(whole({0: months}))} {unit}"
    named = [f"{format_month(month)}: {quantity(much)}" for month, much in sorted_months(months) if month]
    return f"{total} ({'; '.join(named)})" if named else total


def sorted_months(months: Months) -> list[tuple[date | None, Decimal]]:
    """In the order of the calendar."""
    return sorted(months.items(), key=lambda pair: pair[0] or date.min)


def seller_of(terms: Terms, seller: int) -> str:
    """One of several sellers, as the annex names it."""
    return f"{label(seller)} ({sellers(terms).get(seller, '')})"


# Sentences and tables under the list of changes --------------------------------------------------------------------


def in_words(standing: Terms, new: NewTerms) -> Iterator[Sentence]:
    """Prices in words too: a digit slipped into a figure shows. What follows a market gets its table."""
    for place, line in enumerate(standing.goods, start=1):
        price = new.lines.get(place, NONE).price
        if price is not None:
            name = PRICE_NAMES[line.price_kind].capitalize()
            was = f"chưa ghi {name.lower()}" if line.price is None else money_words(line.price)
            yield f"{name} mặt hàng {line.name}: từ {was} thành {money_words(price)}, tính cho 01 {line.unit}."
    after = new.applied(standing)
    repriced = {
        place - 1
        for place, change in new.lines.items()
        if (change.price, change.percent, change.most) != (None, None, None)
    }
    goods = tuple(line for place, line in enumerate(after.goods) if place in repriced)
    yield from price_sentences(replace(after, goods=goods))


def split_again(standing: Terms, new: NewTerms) -> Draft:
    """The whole split of every line whose shares change, as the contract has it, and that each answers for its own."""
    after = new.applied(standing)
    lines = {place - 1 for place, change in new.lines.items() if change.split is not None}
    lines = {line for line in lines if tidy({each.seller: each.schedule for each in of_line(after.split, line)})}
    if not lines:
        return Draft("split", "", [])
    told = replace(after, split=tuple(portion for portion in after.split if portion.line in lines))
    sentences: list[Sentence] = [
        "Kể từ ngày phụ lục có hiệu lực, phần của từng bên bán như sau; mỗi bên bán chịu trách nhiệm riêng rẽ về phần "
        "của mình như Hợp đồng đã ghi."
    ]
    return Draft("split", "Phần của từng bên bán", [*sentences, *split_tables(told)])


def goods_added(standing: Terms, new: NewTerms) -> Draft:
    """Lines of their own: the table as in the contract, months, prices that follow a market, who delivers."""
    if not new.added:
        return Draft("goods", "", [])
    terms = replace(standing, goods=tuple(line.goods for line in new.added), split=())
    first = len(standing.goods) + 1
    last = first + len(new.added) - 1
    span = f"mặt hàng thứ {first}" if first == last else f"các mặt hàng thứ {first} đến {last}"
    table = goods_table(terms)
    assert table is not None
    # Numbered as they stand in the contract's table from now on.
    table = replace(table, rows=tuple((str(place), *row[1:]) for place, row in enumerate(table.rows, start=first)))
    sentences: list[Sentence] = [(f"Bổ sung vào bảng hàng hóa của Hợp đồng {span}, với các nội dung sau:", table)]
    months = schedule_table(terms)
    if months is not None:
        sentences.append(("Hàng hóa bổ sung được giao theo lịch sau:", months))
    sentences.extend(price_sentences(terms))
    for line in new.added:
        if line.seller is not None:
            sentences.append(f"Mặt hàng {line.goods.name} do {seller_of(standing, line.seller)} giao toàn bộ.")
    sentences.append(
        "Chất lượng, giao nhận, thanh toán và các nội dung khác đối với hàng hóa bổ sung thực hiện theo Hợp đồng."
    )
    return Draft("goods", "Hàng hóa bổ sung", sentences)
