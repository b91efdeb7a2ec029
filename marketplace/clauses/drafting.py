"""Draws up a whole contract from its terms and parties: titles, legal bases, parties, clauses, signatures.

Document words, never translated; clauses.py says why.
"""

from collections.abc import Sequence
from datetime import date

from marketplace.clauses.clauses import clauses
from marketplace.clauses.terms import ContractKind, Party, Side, Terms, check
from marketplace.clauses.text import ContractText, PartyText, SignatureBlock
from marketplace.clauses.wording import BLANK, signing_day

TITLES = {
    ContractKind.LINKAGE: "Hợp đồng liên kết sản xuất và tiêu thụ sản phẩm",
    ContractKind.SALE: "Hợp đồng mua bán hàng hóa",
    ContractKind.FRAMEWORK: "Hợp đồng nguyên tắc",
    ContractKind.MEMORANDUM: "Biên bản ghi nhớ hợp tác",
}
CIVIL_CODE = "Căn cứ Bộ luật Dân sự số 91/2015/QH13;"
COMMERCIAL_LAW = "Căn cứ Luật Thương mại số 36/2005/QH11;"
DECREE_98 = (
    "Căn cứ Nghị định số 98/2018/NĐ-CP ngày 05 tháng 7 năm 2018 của Chính phủ về chính sách khuyến khích phát triển "
    "hợp tác, liên kết trong sản xuất và tiêu thụ sản phẩm nông nghiệp;"
)
WISHES = "Căn cứ khả năng và nhu cầu của các bên."
LEGAL_BASES: dict[ContractKind, tuple[str, ...]] = {
    ContractKind.LINKAGE: (CIVIL_CODE, COMMERCIAL_LAW, DECREE_98, WISHES),
    ContractKind.SALE: (CIVIL_CODE, COMMERCIAL_LAW, WISHES),
    ContractKind.FRAMEWORK: (CIVIL_CODE, COMMERCIAL_LAW, WISHES),
    ContractKind.MEMORANDUM: (CIVIL_CODE, WISHES),
}
"""What each kind stands on today; an installation whose law has changed hands its own list to `contract_text`."""
LETTERS = {Side.SELLER: "A", Side.BUYER: "B"}
ROLES = {Side.SELLER: "Bên bán", Side.BUYER: "Bên mua"}


def contract_text(
    terms: Terms,
    parties: Sequence[Party],
    *,
    number: str,
    signing_place: str = "",
    signed_on: date | None = None,
    legal_bases: tuple[str, ...] | None = None,
) -> ContractText:
    """The contract in full; sellers are Bên A, buyers Bên B. Refuses terms that the law forbids."""
    check(terms)
    labels = party_labels(parties)
    ordered = sorted(zip(labels, parties, strict=True), key=lambda pair: pair[0])
    name = "biên bản ghi nhớ" if terms.kind is ContractKind.MEMORANDUM else "hợp đồng"
    return ContractText(
        title=TITLES[terms.kind],
        subtitle=subject(terms),
        number=f"Số: {number}",
        legal_bases=LEGAL_BASES[terms.kind] if legal_bases is None else legal_bases,
        opening=f"Hôm nay, {signing_day(signed_on)}, tại {signing_place or BLANK}, chúng tôi gồm:",
        parties=tuple(party_text(label, party, terms.kind) for label, party in ordered),
        agreement=f"Các bên cùng thỏa thuận ký {name} với các điều khoản sau:",
        clauses=clauses(terms, len(parties)),
        closing="Các bên đã đọc, hiểu rõ nội dung, tự nguyện cùng ký tên dưới đây.",
        signatures=tuple(signature_block(label, party) for label, party in ordered),
    )


def subject(terms: Terms) -> str:
    """What it is about in one line: at most three goods by name, and the season."""
    names = list(dict.fromkeys(line.name for line in terms.goods))
    if not names:
        return ""
    shown = ", ".join(names[:3]) + (f" và {len(names) - 3} mặt hàng khác" if len(names) > 3 else "")
    return f"{shown} – {terms.season}" if terms.season else shown


def party_labels(parties: Sequence[Party]) -> list[str]:
    """Bên A for the seller, Bên B for the buyer; several on one side are Bên A1, Bên A2."""
    sides = [party.side for party in parties]
    labels = []
    for position, side in enumerate(sides):
        alone = sides.count(side) == 1
        labels.append(f"Bên {LETTERS[side]}" + ("" if alone else str(sides[:position].count(side) + 1)))
    return labels


def party_text(label: str, party: Party, kind: ContractKind) -> PartyText:
    """A party's lines; what a contract needs and is not known yet is left to be written by hand."""
    role = "" if kind is ContractKind.MEMORANDUM else f" ({ROLES[party.side]})"
    facts = [
        ("Mã số thuế", party.tax_code),
        ("Địa chỉ", party.address or BLANK),
        ("Điện thoại", party.phone),
        ("Tài khoản", party.bank),
        ("Người đại diện", party.representative or BLANK),
        ("Chức vụ", party.position or BLANK),
        ("Giấy ủy quyền", party.authority),
    ]
    return PartyText(f"{label}{role}", party.name, tuple(fact for fact in facts if fact[1]))


def signature_block(label: str, party: Party) -> SignatureBlock:
    """Where the party signs; households and groups without a seal are not asked for one."""
    note = "(Ký, ghi rõ họ tên, đóng dấu)" if party.has_seal else "(Ký, ghi rõ họ tên)"
    return SignatureBlock(f"Đại diện {label}", note, party.representative, party.position)
