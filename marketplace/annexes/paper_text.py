"""The frame that later papers share: parties and signatures as in the contract, numbered clauses, what they stand on.

Document words, never translated: the papers of a contract are in Vietnamese whatever language their reader chose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.clauses.drafting import numbered, party_labels, party_text, signature_block
from marketplace.clauses.terms import Party, Side
from marketplace.clauses.text import ContractText
from marketplace.clauses.wording import BLANK, Draft, copies_each, signing_day

ROLES = {Side.SELLER: "Bên bán", Side.BUYER: "Bên mua"}
CIVIL_CODE = "Căn cứ Bộ luật Dân sự số 91/2015/QH13;"
COMMERCIAL_LAW = "Căn cứ Luật Thương mại số 36/2005/QH11;"


@dataclass(frozen=True)
class Basis:
    """The contract that a later paper belongs to, as papers name it."""

    title: str  # "Hợp đồng mua bán hàng hóa"
    number: str
    signed_on: date
    parties: tuple[Party, ...]
    annexes: tuple[str, ...] = ()  # "PL01 ngày …", those signed before

    @property
    def named(self) -> str:
        """Hợp đồng … số … ký ngày …"""
        number = f" số {self.number}" if self.number else ""
        return f"{self.title}{number} ký {signing_day(self.signed_on)}"


def paper_text(
    basis: Basis,
    *,
    title: str,
    subtitle: str,
    number: str,
    bases: Sequence[str],
    agreement: str,
    drafts: Sequence[Draft],
) -> ContractText:
    """A whole later paper in the look of the contract."""
    labels = party_labels(basis.parties)
    ordered = sorted(zip(labels, basis.parties, strict=True), key=lambda pair: pair[0])
    return ContractText(
        title=title,
        subtitle=subtitle,
        number=number,
        legal_bases=(CIVIL_CODE, COMMERCIAL_LAW, f"Căn cứ {basis.named};", *bases),
        opening=f"Hôm nay, {signing_day(None)}, tại {BLANK}, chúng tôi gồm:",
        parties=tuple(party_text(label, party, ROLES[party.side]) for label, party in ordered),
        agreement=agreement,
        clauses=tuple(numbered(position, draft) for position, draft in enumerate(drafts, start=1)),
        closing="Các bên đã đọc, hiểu rõ nội dung, tự nguyện cùng ký tên dưới đây.",
        signatures=tuple(signature_block(label, party) for label, party in ordered),
    )


def copies(parties: int, name: str) -> str:
    """How many copies, and who keeps them: two for each side."""
    return (
        f"{name} được lập thành {parties * 2:02d} bản có giá trị pháp lý như nhau, {copies_each(parties * 2, parties)}."
    )
