"""Reads for the public check: a contract by its code, by its number with six digits, or by one of its files."""

from hmac import compare_digest

from sqlalchemy import or_, select

from marketplace.clauses.codes import check_code
from marketplace.contracts.models import Contract, Document, Signature
from marketplace.contracts.rules import ContractState
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.vietnamese import clean
from marketplace.ledger.models import Entry
from marketplace.ledger.queries import subject_of

VERIFIABLE = (
    ContractState.AWAITING,
    ContractState.SIGNED,
    ContractState.SUSPENDED,
    ContractState.COMPLETED,
    ContractState.TERMINATED,
    ContractState.SETTLED,
)
"""What is only thought about, or recorded by one side alone, has no public page."""
FILES_OF_DOCUMENT = (Document.file_id, Document.signed_file_id, Document.final_file_id, Document.evidence_file_id)
SEALED, CONCLUDED = "contract:sealed", "contract:concluded"


def by_code(code: str) -> Contract:
    """For the public page: a contract whose text was frozen, by its code, however it was typed; or NotVisible."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    found = db.session.scalar(select(Contract).where(Contract.code == letters, Contract.state.in_(VERIFIABLE)))
    if found is None:
        raise NotVisible
    return found


def by_number(number: str, digits: str) -> Contract | None:
    """For the public page: the contract of this number whose six digits these are; many papers bear the same number."""
    typed = clean(number)
    close = typed.replace(" ", "").upper()
    spellings = {typed, typed.upper(), typed.replace(" ", ""), close, close.replace("HD", "HĐ")}  # many type no đ
    statement = select(Contract.id, Contract.code).where(
        Contract.number.in_(spellings), Contract.state.in_(VERIFIABLE), Contract.number != ""
    )
    right = [row.id for row in db.session.execute(statement) if compare_digest(check_code(row.code), digits)]
    return db.session.get(Contract, right[0]) if len(right) == 1 else None


def by_digest(digest: str) -> Contract | None:
    """The contract to which a file belongs, in whatever state both are: issued, signed, sealed, evidence, scan."""
    files = list(db.session.scalars(select(StoredFile.id).where(StoredFile.digest == digest)))
    if not files:
        return None
    owned = [column.in_(files) for column in FILES_OF_DOCUMENT]
    documents = select(Document.contract_id).where(or_(*owned))
    scans = select(Document.contract_id).join(Signature, Signature.document_id == Document.id)
    matching = or_(Contract.id.in_(documents), Contract.id.in_(scans.where(Signature.scan_id.in_(files))))
    return db.session.scalar(select(Contract).where(matching).order_by(Contract.state.in_(VERIFIABLE).desc()).limit(1))


def all_documents(contract: Contract) -> list[Document]:
    """Every frozen text of a contract and of its later papers."""
    statement = select(Document).filter_by(contract_id=contract.id).order_by(Document.series, Document.number.desc())
    return list(db.session.scalars(statement))


def concluding_entry(contract: Contract) -> Entry | None:
    """The entry by which it was sealed, for that names the files; until then the one by which it was concluded.

    Both are the system's own: nobody's name or number stands in them. Later papers are sealed in the same chain.
    """
    statement = select(Entry).where(Entry.subject == subject_of(contract), Entry.event.in_((SEALED, CONCLUDED)))
    found = [row for row in db.session.scalars(statement.order_by(Entry.seq)) if "series" not in row.data]
    sealed = [row for row in found if row.event == SEALED]
    return next(iter([*sealed[::-1], *found[::-1]]), None)
