"""What settlement minutes say: what was delivered and paid, what is still owed, and that the contract is closed.

Document words, never translated; paper_text.py says why.
"""

from marketplace.annexes.paper_text import Basis, copies, paper_text
from marketplace.annexes.settlement import Delivered, Settlement
from marketplace.clauses.goods_tables import OPEN
from marketplace.clauses.terms import Goods, Terms
from marketplace.clauses.text import ContractText, Table
from marketplace.clauses.wording import Draft, Sentence, ended, money_words, quantity
from marketplace.kernel.dates import long_date
from marketplace.kernel.numbers import format_number

GOODS_HEAD = ("STT", "Tên hàng", "ĐVT", "Số lượng theo hợp đồng", "Số lượng thực giao", "Giá trị thực giao (đồng)")
MONEY_HEAD = ("STT", "Nội dung", "Số tiền (đồng)")


def settlement_text(basis: Basis, *, label: str, found: Settlement, terms: Terms) -> ContractText:
    """The minutes in full; `terms` are those that stood at the end."""
    annexes = [f"Căn cứ {each} của Hợp đồng;" for each in basis.annexes]
    return paper_text(
        basis,
        title="Biên bản thanh lý hợp đồng",
        subtitle=f"Thanh lý {basis.named}",
        number=f"Số: {label}" + (f" – {basis.number}" if basis.number else ""),
        bases=(*annexes, "Căn cứ kết quả thực hiện Hợp đồng."),
        agreement="Các bên cùng thống nhất thanh lý Hợp đồng với các nội dung sau:",
        drafts=[delivered(found, terms), paid(found), debts(found), closed(basis, found)],
    )


def delivered(found: Settlement, terms: Terms) -> Draft:
    """What came, line by line, and what it came to."""
    pairs = zip(terms.goods, found.delivered, strict=False)
    rows = tuple(row(place, line, came) for place, (line, came) in enumerate(pairs, start=1))
    foot = (("Tổng giá trị thực giao (đồng)", format_number(found.value)),)
    table = Table("Kết quả giao nhận", GOODS_HEAD, rows, "clcrrr", (7, 29, 9, 17, 17, 21), foot)
    sentences: list[Sentence] = [("Bên A đã giao, Bên B đã nhận hàng hóa theo bảng sau:", table)]
    sentences.append(f"Tổng giá trị hàng hóa thực giao: {money_words(found.value)}.")
    return Draft("delivered", "Kết quả thực hiện", sentences)


def row(place: int, line: Goods, came: Delivered) -> tuple[str, ...]:
    """A line of goods."""
    agreed = OPEN if line.quantity is None else quantity(line.quantity)
    much = OPEN if came.quantity is None else quantity(came.quantity)
    return (str(place), line.name, line.unit, agreed, much, OPEN if came.value is None else format_number(came.value))


def paid(found: Settlement) -> Draft:
    """How the sum comes about."""
    lines = [
        ("Giá trị hàng hóa thực giao", found.value),
        ("Phạt vi phạm, bồi thường Bên B phải trả (cộng)", found.penalty_buyer),
        ("Phạt vi phạm, bồi thường Bên A phải trả (trừ)", found.penalty_seller),
        ("Tiền, vật tư Bên B đã ứng trước được khấu trừ (trừ)", found.advance),
        ("Bên B đã thanh toán (trừ)", found.paid),
    ]
    shown = [(what, amount) for what, amount in lines if amount or what.startswith(("Giá trị", "Bên B đã thanh toán"))]
    rows = tuple((str(place), what, format_number(amount)) for place, (what, amount) in enumerate(shown, start=1))
    foot = (("Còn lại (đồng)", format_number(found.balance)),)
    table = Table("Thanh toán", MONEY_HEAD, rows, "clr", (7, 65, 28), foot)
    return Draft("paid", "Thanh toán", [("Các bên đối chiếu và thống nhất số liệu thanh toán như sau:", table)])


def debts(found: Settlement) -> Draft:
    """What remains to be paid, by whom and until when."""
    sentences: list[Sentence] = []
    until = f", thanh toán chậm nhất {long_date(found.pay_by)}" if found.pay_by else ""
    if found.buyer_owes:
        sentences.append(f"Bên B còn phải trả Bên A: {money_words(found.buyer_owes)}{until}.")
    if found.seller_owes:
        sentences.append(f"Bên A còn phải trả Bên B: {money_words(found.seller_owes)}{until}.")
    if not sentences:
        sentences.append("Các bên đã thực hiện xong nghĩa vụ thanh toán, không bên nào còn nợ bên nào.")
    if found.note:
        sentences.append(ended(found.note))
    return Draft("debts", "Công nợ còn lại", sentences)


def closed(basis: Basis, found: Settlement) -> Draft:
    """The contract is settled; only what is written above is still owed."""
    rest = ", trừ nghĩa vụ thanh toán ghi tại Điều 3" if found.buyer_owes or found.seller_owes else ""
    return Draft(
        "closed",
        "Kết luận",
        [
            f"Các bên thống nhất thanh lý Hợp đồng kể từ ngày ký biên bản này. Quyền và nghĩa vụ của các bên theo Hợp đồng "
            f"chấm dứt{rest}.",
            "Các bên không còn khiếu nại gì về việc thực hiện Hợp đồng ngoài những nội dung đã ghi trong biên bản này.",
            copies(len(basis.parties), "Biên bản"),
        ],
    )
