"""What an annex says: why, every changed value as it stood and as it stands now, in figures and words.

Document words, never translated; paper_text.py says why.
"""

from collections.abc import Iterator
from datetime import date

from marketplace.annexes.effective import NewTerms
from marketplace.annexes.goods_text import Row, goods_added, rows_of, split_again
from marketplace.annexes.goods_text import in_words as prices_in_words
from marketplace.annexes.paper_text import Basis, copies, paper_text
from marketplace.annexes.rules import AnnexReason, Field
from marketplace.clauses.goods_tables import OPEN
from marketplace.clauses.terms import Terms
from marketplace.clauses.text import ContractText, Table
from marketplace.clauses.wording import Draft, Sentence, ended, money_words
from marketplace.kernel.dates import long_date

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
        subtitle=f"Về việc {purpose(reason, new)}",
        number=f"Số: {label} – kèm theo Hợp đồng" + (f" số {basis.number}" if basis.number else ""),
        bases=(*before, "Căn cứ nhu cầu và sự thỏa thuận của các bên."),
        agreement="Sau khi bàn bạc, các bên thống nhất ký phụ lục hợp đồng với các nội dung sau:",
        drafts=[
            draft
            for draft in (
                why(purpose(reason, new), explanation),
                changes(standing, new),
                split_again(standing, new),
                goods_added(standing, new),
                value(standing, new),
                added(new),
                effect(basis, effective_on),
            )
            if draft.sentences
        ],
    )


def purpose(reason: AnnexReason, new: NewTerms) -> str:
    """What the annex is for, as its title says it."""
    if reason == AnnexReason.QUANTITY and new.added:
        return "bổ sung hàng hóa" if new.fields == {Field.GOODS} else "điều chỉnh số lượng, bổ sung hàng hóa"
    return REASONS[reason]


def why(purpose: str, explanation: str) -> Draft:
    """The reason, from the list and in the parties' words."""
    said = f" Cụ thể: {ended(explanation)}" if explanation else ""
    return Draft("reason", "Lý do sửa đổi, bổ sung", [f"Các bên ký phụ lục này để {purpose}.{said}"])


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
    yield from rows_of(standing, new)
    if new.place is not None:
        yield Row("Địa điểm giao nhận", standing.place or OPEN, new.place)
    if new.payment_days is not None:
        yield Row("Thời hạn thanh toán sau khi nhận hàng", days(standing.payment_days), days(new.payment_days))


def in_words(standing: Terms, new: NewTerms) -> Iterator[Sentence]:
    """Prices in words too: a digit slipped into a figure shows."""
    yield from prices_in_words(standing, new)
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
