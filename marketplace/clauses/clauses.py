"""The clauses of a contract, written from its terms.

The sentences here and in the files it uses are the contract's own words and not the interface's: a contract between
Vietnamese parties is in Vietnamese whatever language its reader chose, and a frozen text may not change with a
translation. So they are plain Vietnamese and not msgids.
"""

from collections.abc import Callable

from marketplace.clauses.duty_clauses import (
    breach,
    buyer_duties,
    disputes,
    force_majeure,
    further,
    intent,
    not_binding,
    orders,
    seller_duties,
)
from marketplace.clauses.split import split_clause
from marketplace.clauses.terms import ContractKind, Terms
from marketplace.clauses.text import Clause, Paragraph
from marketplace.clauses.trade_clauses import (
    advance,
    delivery,
    intended_goods,
    linkage_form,
    linkage_goods,
    payment,
    price,
    quality,
    sale_goods,
)
from marketplace.clauses.wording import Draft, Sentence, copies_kept
from marketplace.kernel.dates import long_date


def clauses(terms: Terms, parties: int = 2) -> tuple[Clause, ...]:
    """All clauses of this kind of document, numbered."""
    drafts = [write(terms) for write in CLAUSES[terms.kind]]
    drafts.append(effect(terms, parties))
    written = [draft for draft in drafts if draft.sentences]
    return tuple(numbered(position, draft) for position, draft in enumerate(written, start=1))


def numbered(position: int, draft: Draft) -> Clause:
    """A clause with its number and, where it has several sentences, theirs."""
    paragraphs = []
    for part, sentence in enumerate(draft.sentences, start=1):
        text, table = sentence if isinstance(sentence, tuple) else (sentence, None)
        paragraphs.append(Paragraph(f"{position}.{part}." if len(draft.sentences) > 1 else "", text, table))
    return Clause(f"Điều {position}", draft.title, tuple(paragraphs), draft.key)


def effect(terms: Terms, parties: int) -> Draft:
    """From when to when, how it is changed, how many copies."""
    name = "Biên bản" if terms.kind is ContractKind.MEMORANDUM else "Hợp đồng"
    start = f"từ {long_date(terms.starts_on)}" if terms.starts_on else "từ ngày các bên ký đủ"
    end = f" đến hết {long_date(terms.ends_on)}" if terms.ends_on else ""
    sentences: list[Sentence] = [f"{name} có hiệu lực {start}{end}."]
    if terms.kind is not ContractKind.MEMORANDUM:
        until = "" if terms.ends_on else "khi các bên đã thực hiện xong nghĩa vụ, "
        sentences.append(
            f"Hợp đồng chấm dứt {until or 'khi hết thời hạn, '}khi các bên thỏa thuận chấm dứt hoặc theo quy định của "
            "pháp luật. Mọi sửa đổi, bổ sung được lập thành phụ lục có chữ ký của các bên."
        )
    sentences.append(f"{name} được lập thành {copies_kept(terms.copies, parties)}")
    return Draft("effect", "Hiệu lực và điều khoản thi hành", sentences)


COMMON: tuple[Callable[[Terms], Draft], ...] = (quality, price, delivery, payment)
DUTIES: tuple[Callable[[Terms], Draft], ...] = (seller_duties, buyer_duties, breach, force_majeure, further, disputes)
CLAUSES: dict[ContractKind, tuple[Callable[[Terms], Draft], ...]] = {
    ContractKind.LINKAGE: (linkage_form, linkage_goods, *COMMON, split_clause, advance, *DUTIES),
    ContractKind.SALE: (sale_goods, *COMMON, split_clause, advance, *DUTIES),
    ContractKind.FRAMEWORK: (intended_goods, orders, quality, delivery, payment, force_majeure, further, disputes),
    ContractKind.MEMORANDUM: (intent, intended_goods, not_binding, further),
}
