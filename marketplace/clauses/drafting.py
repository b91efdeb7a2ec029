"""Draws up a whole contract from its terms, its parties and a template: title, legal bases, parties, clauses, signatures.

The words are the contract's own and not the interface's: a contract between Vietnamese parties is in Vietnamese whatever
language its reader chose, and a frozen text may not change with a translation. So they are no msgids.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marketplace.clauses.language import Wording, compose, filled
from marketplace.clauses.seeds import body_for
from marketplace.clauses.summary import summary
from marketplace.clauses.terms import Party, Side, Terms, check
from marketplace.clauses.text import Clause, ContractText, Paragraph, PartyText, SignatureBlock
from marketplace.clauses.vocabulary import Scene
from marketplace.clauses.wording import BLANK, Draft

AUTHORITY = re.compile(r"^\s*giấy\s+(ủy|uỷ)\s+quyền\b[\s:,]*", re.IGNORECASE)
"""What people write before the number of a power of attorney: the line says it already."""
LETTERS = {Side.SELLER: "A", Side.BUYER: "B"}


def contract_text(
    terms: Terms,
    parties: Sequence[Party],
    *,
    number: str,
    body: Mapping[str, Any] | None = None,
    wording: Mapping[str, Any] | None = None,
    signed_on: date | None = None,
) -> ContractText:
    """The contract in full; sellers are Bên A, buyers Bên B. Refuses terms that the law forbids.

    `body` is the template's (TemplateVersion.body; None: the one that comes with the application for this kind),
    `wording` what the parties chose of its optional and free clauses.
    """
    check(terms)
    body = body_for(terms.kind) if body is None else body
    scene = Scene(terms, tuple(parties), number, signed_on)
    labels = party_labels(parties)
    ordered = sorted(zip(labels, parties, strict=True), key=lambda pair: LETTERS[pair[1].side])
    drafts = compose(body, scene, Wording.read(wording))
    return ContractText(
        title=body["title"],
        subtitle=subject(terms),
        number=f"Số: {number}",
        legal_bases=tuple(filled(basis, scene) for basis in body["legal_bases"]),
        opening=filled(body["opening"], scene),
        parties=tuple(party_text(label, party, body["roles"][party.side]) for label, party in ordered),
        agreement=filled(body["agreement"], scene),
        clauses=tuple(numbered(position, draft) for position, draft in enumerate(drafts, start=1)),
        closing=filled(body["closing"], scene),
        signatures=tuple(signature_block(label, party) for label, party in ordered),
        summary=summary(terms, parties, {draft.key for draft in drafts}),
    )


def numbered(position: int, draft: Draft) -> Clause:
    """A clause with its number and, where it has several sentences, theirs."""
    paragraphs = []
    for part, sentence in enumerate(draft.sentences, start=1):
        text, table = sentence if isinstance(sentence, tuple) else (sentence, None)
        paragraphs.append(Paragraph(f"{position}.{part}." if len(draft.sentences) > 1 else "", text, table))
    return Clause(f"Điều {position}", draft.title, tuple(paragraphs), draft.key)


def subject(terms: Terms) -> str:
    """What it is about in one line: at most three goods by name, and the season."""
    names = list(dict.fromkeys(line.name for line in terms.goods))
    if not names:
        return ""
    shown = ", ".join(names[:3]) + (f" và {len(names) - 3} mặt hàng khác" if len(names) > 3 else "")
    return f"{shown} – {terms.season}" if terms.season else shown


def party_labels(parties: Sequence[Party]) -> list[str]:
    """Bên A for the seller, Bên B for the buyer; several on one side are Bên A1, Bên A2."""
    return side_labels([party.side for party in parties])


def side_labels(sides: Sequence[Side]) -> list[str]:
    """The same for parties of which only the side is known."""
    labels = []
    for position, side in enumerate(sides):
        alone = sides.count(side) == 1
        labels.append(f"Bên {LETTERS[side]}" + ("" if alone else str(sides[:position].count(side) + 1)))
    return labels


def party_text(label: str, party: Party, role: str) -> PartyText:
    """A party's lines; what a contract needs and is not known yet is left to be written by hand."""
    facts = [
        ("Mã số thuế", party.tax_code),
        ("Địa chỉ", party.address or BLANK),
        ("Điện thoại", party.phone),
        ("Tài khoản", party.bank),
        ("Người đại diện", party.representative or BLANK),
        ("Chức vụ", party.position or BLANK),
        ("Giấy ủy quyền", AUTHORITY.sub("", party.authority).strip()),
    ]
    return PartyText(f"{label} ({role})" if role else label, party.name, tuple(fact for fact in facts if fact[1]))


def signature_block(label: str, party: Party) -> SignatureBlock:
    """Where the party signs; households and groups without a seal are not asked for one."""
    note = "(Ký, ghi rõ họ tên, đóng dấu)" if party.has_seal else "(Ký, ghi rõ họ tên)"
    return SignatureBlock(f"Đại diện {label}", note, party.representative, party.position)
