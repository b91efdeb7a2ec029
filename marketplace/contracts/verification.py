"""What the public page of a contract may say: names of organisations only, and whether a file is the contract."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.contracts.models import Document, Party
from marketplace.kernel.identifiers import is_personal_tax_code
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import fold
from marketplace.organisations.rules import KINDS, Kind
from marketplace.register.names import kind_of

PERSONS = ("ho ", "ong ", "ba ", "anh ", "chi ", "co so ")
"""How the names of household businesses and of persons begin, without marks."""


class Match(StrEnum):
    """What a file turned out to be."""

    ISSUED = "issued"
    SIGNED = "signed"
    FINAL = "final"
    EVIDENCE = "evidence"
    SCAN = "scan"
    LATER = "later"
    OLDER = "older"
    NONE = "none"


MATCHES: dict[Match, tuple[Message, str]] = {
    Match.ISSUED: (msgid("The file matches: it is the contract exactly as it was issued."), "good"),
    Match.SIGNED: (msgid("The file matches: it is the contract with the digital signatures of the parties."), "good"),
    Match.FINAL: (msgid("The file matches: it is the final contract under this platform's seal."), "good"),
    Match.EVIDENCE: (msgid("The file matches: it is the confirmation of this contract's signatures."), "good"),
    Match.SCAN: (msgid("The file matches: it is the scan of the signed paper."), "good"),
    Match.LATER: (msgid("The file matches: it belongs to an annex or another later paper of this contract."), "good"),
    Match.OLDER: (msgid("This is an older version that no longer stands."), "warning"),
    Match.NONE: (msgid("The file does not match this contract: it was changed, or is another one."), "problem"),
}
"""In words, and the kind of notice."""


def match(documents: Iterable[Document], digest: str) -> Match:
    """Compare a file's fingerprint with every file of a contract and its later papers; what stands counts first."""
    found = [kind for document in documents for kind in of_document(document, digest)]
    return next((kind for kind in Match if kind in found), Match.NONE)


def of_document(document: Document, digest: str) -> Iterator[Match]:
    """What a file is to one document."""
    files = {
        Match.FINAL: document.final_file,
        Match.SIGNED: document.signed_file,
        Match.EVIDENCE: document.evidence_file,
    }
    kinds = [kind for kind, file in files.items() if file is not None and file.digest == digest]
    if digest == document.file_digest:
        kinds.append(Match.ISSUED)
    if any(row.scan is not None and row.scan.digest == digest for row in document.signatures):
        kinds.append(Match.SCAN)
    for kind in kinds:
        yield Match.OLDER if document.voided_at is not None else Match.LATER if document.series else kind


def fingerprints(document: Document, *, printed: bool) -> list[tuple[Message, str]]:
    """The fingerprint of each file that people may hold of a document.

    `printed`: our own text, whose fingerprint begins at the foot of its pages (a file cannot bear its own).
    """
    found = (
        [(msgid("Text, its beginning is printed at the foot of each page"), document.text_digest)] if printed else []
    )
    found.append((msgid("As issued"), document.file_digest))
    if document.signed_file is not None and document.signed_file.digest != document.file_digest:
        found.append((msgid("With the parties' digital signatures"), document.signed_file.digest))
    if document.final_file is not None:
        found.append((msgid("Final, under the seal"), document.final_file.digest))
    return found


@dataclass(frozen=True)
class Seal:
    """What is public of a document's seal."""

    at: datetime
    trusted: datetime | None


def seal_of(document: Document) -> Seal | None:
    """When it was sealed, and the trusted time or its absence."""
    if document.sealed_at is None:
        return None
    trusted = (document.seal or {}).get("trusted_time")
    return Seal(document.sealed_at, datetime.fromisoformat(trusted) if trusted else None)


def public_name(party: Party) -> Message | str:
    """The name of an organisation; a household business bears a person's name: only what it is, and its commune."""
    if may_be_person(party):
        return msgid("A party without an account here")
    if not is_household(party):
        return party.name
    household = KINDS[Kind.HOUSEHOLD]
    if party.seat is None:
        return household
    return msgid("%(kind)s in %(commune)s", kind=household, commune=party.seat.name)


def may_be_person(party: Party) -> bool:
    """Somebody without an account, by a name that is not surely an organisation's: nothing here tells it from a person's."""
    stranger = party.organisation is None and not party.abroad
    return stranger and not is_household(party) and not party.tax_code and kind_of(party.name) is None


def is_household(party: Party) -> bool:
    """A household business, as far as is known of a party without account."""
    if party.organisation is not None:
        return bool(party.organisation.kind == Kind.HOUSEHOLD)
    return is_personal_tax_code(party.tax_code or "") or fold(party.name).startswith(PERSONS)
