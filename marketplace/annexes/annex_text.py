"""What an annex says: why, every changed value as it stood and as it stands now, in figures and words.

Document words, never translated; paper_text.py says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from marketplace.annexes.effective import LineChange, NewTerms
from marketplace.annexes.paper_text import Basis, copies, paper_text
from marketplace.annexes.rules import AnnexReason
from marketplace.clauses.goods_tables import OPEN
from marketplace.clauses.terms import Goods, Terms
from marketplace.clauses.text import ContractText, Table
from marketplace.clauses.wording import Draft, Sentence, ended, money, money_words, quantity
from marketplace.kernel.dates import format_month, long_date

REASONS = {
    AnnexReason.PRICE: "điều chỉnh giá",
    AnnexReason.QUANTITY: "điều chỉnh số lượng",
    AnnexReason.SCHEDULE: "điều chỉnh lịch giao hàng",
    AnnexReason.TERM: "gia hạn, điều chỉnh thời hạn hợp đồng",
    AnnexReason.PLACE_PAYMENT: "điều chỉnh địa điểm giao nhận, thời hạn thanh toán",
    AnnexReason.CORRECTION: "đính chính sai sót trong hợp đồng",
    AnnexReason.OTHER: "sửa đổi, bổ sung hợp đồng",
}
HEAD = ("STT", "Nội dung", "Đã thỏa thuận", "Nay sửa thành")
NO_END = "không ghi ngày kết thúc"


@dataclass(frozen=True)
class Row:
    """One changed value: what it is, as it stood, as it stands now."""

    what: str
    was: str
    now: str


def annex_text(
    basis: Basis,
    *,
    label: str,
    reason: AnnexReason,
    explanation: str,
    effective_on: date,
    standing: Terms,
    new: NewTerms,
) -> ContractText:
    """The annex in full; `standing` are the terms that it changes, as they stand on the day it takes effect."""
    before = [f"Căn cứ {each} của Hợp đồng;" for each in basis.annexes]
    return paper_text(
        basis,
        title=f"Phụ lục hợp đồng số {label}",
        subtitle=f"Về việc {REASONS[reason]}",
        number=f"Số: {label} – kèm theo Hợp đồng" + (f" số {basis.number}" if basis.number else ""),
        bases=(*before, "Căn cứ nhu cầu và sự thỏa thuận của các bên."),
        agreement="Sau khi bàn bạc, các bên thống nhất ký phụ lục hợp đồng với các nội dung sau:",
        drafts=[
            draft
            for draft in (
                why(reason, explanation),
                changes(standing, new),
                value(standing, new),
                added(new),
                effect(basis, effective_on),
            )
            if draft.sentences
        ],
    )


def why(reason: AnnexReason, explanation: str) -> Draft:
    """The reason, from the list and in the parties' words."""
    said = f" Cụ thể: {ended(explanation)}" if explanation else ""
    return Draft("reason", "Lý do sửa đổi, bổ sung", [f"Các bên ký phụ lục này để {REASONS[reason]}.{said}"])


def changes(standing: Terms, new: NewTerms) -> Draft:
    """Every change in one table, and those of money, time and quantity again in a sentence with words."""
    rows = tuple((str(place), row.what, row.was, row.now) for place, row in enumerate(changed(standing, new), start=1))
    if not rows:
        return Draft("changes", "", [])
    table = Table("Nội dung sửa đổi", HEAD, rows, "clll", (7, 29, 32, 32))
    return Draft(
        "changes", "Nội dung sửa đổi", [("Các bên thống nhất sửa đổi như sau:", table), *in_words(standing, new)]
    )


def changed(standing: Terms, new: NewTerms) -> Iterator[Row]:
    """The rows of the table."""
    if new.ends_on is not None:
        yield Row("Thời hạn hợp đồng: đến hết", long(standing.ends_on), long(new.ends_on))
    for place, line in enumerate(standing.goods, start=1):
        yield from of_line(line, new.lines.get(place, LineChange()))
    if new.place is not None:
        yield Row("Địa điểm giao nhận", standing.place or OPEN, new.place)
    if new.payment_days is not None:
        yield Row("Thời hạn thanh toán sau khi nhận hàng", days(standing.payment_days), days(new.payment_days))


def of_line(line: Goods, new: LineChange) -> Iterator[Row]:
    """Quantity, price and months of one line."""
    if new.quantity is not None:
        was = OPEN if line.quantity is None else f"{quantity(line.quantity)} {line.unit}"
        yield Row(f"{line.name}: số lượng", was, f"{quantity(new.quantity)} {line.unit}")
    if new.price is not None:
        was = OPEN if line.price is None else f"{money(line.price)}/{line.unit}"
        yield Row(f"{line.name}: đơn giá", was, f"{money(new.price)}/{line.unit}")
    if new.months is not None:
        yield Row(f"{line.name}: số lượng giao từng tháng", scheduled(line), scheduled(new.applied(line)))


def scheduled(line: Goods) -> str:
    """A line's months, one under the other."""
    rows = [f"{format_month(month)}: {quantity(much)} {line.unit}" for month, much in sorted(line.schedule.items())]
    return "\n".join(rows) or "theo thỏa thuận từng đợt"


def in_words(standing: Terms, new: NewTerms) -> Iterator[Sentence]:
    """Prices in words too: a digit slipped into a figure shows."""
    for place, line in enumerate(standing.goods, start=1):
        price = new.lines.get(place, LineChange()).price
        if price is not None:
            was = "chưa ghi đơn giá" if line.price is None else money_words(line.price)
            yield f"Đơn giá mặt hàng {line.name}: từ {was} thành {money_words(price)}, tính cho 01 {line.unit}."
    if new.ends_on is not None:
        was = f"đến hết {long_date(standing.ends_on)}" if standing.ends_on else NO_END
        yield f"Thời hạn hợp đồng: từ {was} thành đến hết {long_date(new.ends_on)}."


def value(standing: Terms, new: NewTerms) -> Draft:
    """What the contract is worth after the change, where that moves."""
    after = new.applied(standing)
    if after.total == standing.total:
        return Draft("value", "", [])
    name = "Giá trị hợp đồng tạm tính" if after.total_is_estimate else "Tổng giá trị hợp đồng"
    was = OPEN if standing.total is None else money_words(standing.total)
    now = OPEN if after.total is None else money_words(after.total)
    return Draft("value", "Giá trị hợp đồng", [f"{name} trước khi sửa đổi: {was}.", f"{name} sau khi sửa đổi: {now}."])


def added(new: NewTerms) -> Draft:
    """A clause in the parties' own words."""
    lines = [ended(line) for line in (new.clause or "").split("\n")]
    return Draft("clause", "Nội dung bổ sung", [line for line in lines if line])


def effect(basis: Basis, effective_on: date) -> Draft:
    """From when it holds, and that all else stays."""
    annexes = " và các phụ lục đã ký" if basis.annexes else ""
    return Draft(
        "effect",
        "Hiệu lực và điều khoản thi hành",
        [
            f"Phụ lục này là một phần không tách rời của Hợp đồng và có hiệu lực từ {long_date(effective_on)}.",
            f"Những nội dung không được sửa đổi, bổ sung tại phụ lục này vẫn thực hiện theo Hợp đồng{annexes}.",
            copies(len(basis.parties), "Phụ lục"),
        ],
    )


def long(day: date | None) -> str:
    """A day as papers write it."""
    return long_date(day) if day else NO_END


def days(number: int | None) -> str:
    """A number of days."""
    return OPEN if number is None else f"{number:02d} ngày"
