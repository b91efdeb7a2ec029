"""What `flask ledger verify` asks of contracts: do their rows and their files still say what the ledger recorded?

Plain columns, and a few queries for many contracts at once. What no entry holds cannot be missed or found changed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from marketplace.clauses.text import fingerprint
from marketplace.contracts.agreed import digests_of
from marketplace.contracts.models import Change, Contract, Document, Party, Signature
from marketplace.contracts.recorded import Key, Recorded
from marketplace.contracts.rules import CONCLUDED
from marketplace.extensions import db
from marketplace.files import store
from marketplace.files.models import StoredFile
from marketplace.kernel.messages import Message, msgid
from marketplace.ledger.audit import Finding, Progress, Tell
from marketplace.ledger.models import Detail, Entry
from marketplace.ledger.reading import any_text, plain, raw
from marketplace.ledger.rules import Fault

AT_ONCE = 400
PIECE = 1024 * 1024
FILES = {
    "file": (Document.file_id, msgid("the file as issued")),
    "signed_file": (Document.signed_file_id, msgid("the file with the digital signatures")),
    "final": (Document.final_file_id, msgid("the file under the seal")),
    "evidence": (Document.evidence_file_id, msgid("the confirmation of the signatures")),
}
Rows = dict[int, list[Any]]


def compare(tell: Tell, progress: Progress) -> None:
    """All contracts, those of the ledger and those of the tables; then each file once."""
    files: dict[str, Finding] = {}
    numbers, done = iter(sorted(known())), 0
    while ids := list(islice(numbers, AT_ONCE)):
        with any_text():
            for finding in findings(ids, files):
                tell(finding)
        done += len(ids)
        progress("contracts", done)
    for place, (digest, finding) in enumerate(files.items()):
        if not is_whole(digest):
            tell(finding)
        progress("files", place)


def known() -> set[int]:
    """The numbers of all contracts of which the ledger or the tables know."""
    subjects = db.session.scalars(select(Entry.subject).where(Entry.seq == 1, Entry.subject.like("contract:%")))
    numbers = {subject.partition(":")[2] for subject in subjects}
    told = {int(each) for each in numbers if each.isdecimal() and each.isascii() and len(each) < 19}
    return told | set(db.session.scalars(select(Contract.id)))


def is_whole(digest: str) -> bool:
    """Whether the bytes of this fingerprint are in the store."""
    try:
        with store.current().open(digest) as file:
            found = sha256()
            while piece := file.read(PIECE):
                found.update(piece)
            return found.hexdigest() == digest
    except (OSError, ValueError):
        return False


# What is read ---------------------------------------------------------------------------------------------------------


def findings(ids: Sequence[int], files: dict[str, Finding]) -> Iterator[Finding]:
    """Everything that differs, contract by contract."""
    recorded, figures, signers = read_recorded(ids), digests_of(ids), read_signers(ids)
    contracts = grouped(select(Contract.id.label("owner"), *raw(Contract.state, Contract.signed_on)), Contract.id, ids)
    documents = grouped(documents_read(), Document.contract_id, ids)
    signatures = grouped(signatures_read(), Document.contract_id, ids)
    changed = raw(Change.number, Change.effective_on, Change.terms)
    changes = grouped(select(Change.contract_id.label("owner"), *changed), Change.contract_id, ids)
    for number in ids:
        of = Compared(f"contract:{number}", recorded[number], files)
        if not contracts[number]:
            yield of.differs(msgid("the contract itself"), of.recorded.first)
            continue
        yield from of.contract(contracts[number][0], figures[number])
        yield from of.documents(documents[number])
        yield from of.signatures(signatures[number], signers)
        yield from of.changes(changes[number])


def grouped(statement: Select[Any], owner: Any, ids: Sequence[int]) -> Rows:
    """Rows of these contracts, by contract."""
    found: Rows = defaultdict(list)
    for row in db.session.execute(statement.where(owner.in_(ids))):
        found[row.owner].append(row)
    return found


def read_recorded(ids: Sequence[int]) -> dict[int, Recorded]:
    """What the ledger recorded of each."""
    found: dict[int, Recorded] = defaultdict(Recorded)
    columns = raw(Entry.id, Entry.subject, Entry.seq, Entry.event, Entry.data)
    statement = select(*columns).where(Entry.subject.in_(subjects(ids))).order_by(Entry.subject, Entry.seq)
    for row in db.session.execute(statement):
        data = plain(row.data)
        found[int(row.subject.partition(":")[2])].read(
            row.id, row.seq, row.event, data if isinstance(data, dict) else {}
        )
    return found


def read_signers(ids: Sequence[int]) -> dict[int, str]:
    """The signers' names by entry, as the ledger keeps them while they are not erased."""
    statement = select(Detail.entry_id, Detail.value).join(Entry, Entry.id == Detail.entry_id)
    statement = statement.where(Entry.subject.in_(subjects(ids)), Detail.name == "signer")
    return {row.entry_id: row.value for row in db.session.execute(statement)}


def subjects(ids: Sequence[int]) -> list[str]:
    """The ledger's names of contracts."""
    return [f"contract:{number}" for number in ids]


def documents_read() -> Select[Any]:
    """Every frozen text with the fingerprints of its files."""
    names = ("series", "number", "text", "text_digest", "file_digest", "sealed_at", "seal")
    columns = raw(*(getattr(Document, name) for name in names))
    statement = select(Document.contract_id.label("owner"), *columns)
    for name, (column, _words) in FILES.items():
        stored = aliased(StoredFile)
        statement = statement.add_columns(stored.digest.label(name)).outerjoin(stored, stored.id == column)
    return statement


def signatures_read() -> Select[Any]:
    """Every signature with the fingerprint of its scan."""
    names = ("method", "signed_on", "digest", "signer_name", "attested_at")
    columns = raw(Document.series, Document.number, *(getattr(Signature, name) for name in names))
    scan = aliased(StoredFile)
    return (
        select(Document.contract_id.label("owner"), Party.position.label("party"), *columns, scan.digest.label("scan"))
        .join_from(Signature, Document, Document.id == Signature.document_id)
        .join(Party, Party.id == Signature.party_id)
        .outerjoin(scan, scan.id == Signature.scan_id)
    )


# What is compared -----------------------------------------------------------------------------------------------------


class Compared:
    """One contract: what the ledger recorded, against each kind of row."""

    def __init__(self, subject: str, recorded: Recorded, files: dict[str, Finding]) -> None:
        self.subject = subject
        self.recorded = recorded
        self.files = files

    def differs(self, what: Message, seq: int) -> Finding:
        """Something is no longer as an entry says."""
        return Finding(Fault.ROW, self.subject, seq, values=(("what", what),))

    def unrecorded(self, what: Message) -> Finding:
        """Something of which no entry knows."""
        return Finding(Fault.UNRECORDED, self.subject, values=(("what", what),))

    def contract(self, row: Any, figures: str) -> Iterator[Finding]:
        """State, day of signing, figures."""
        said = self.recorded
        if said.state is not None and row.state != said.state[1]:
            yield self.differs(msgid("the state"), said.state[0])
        if said.signed_on is not None and row.signed_on != said.signed_on[1]:
            yield self.differs(msgid("the day of signing"), said.signed_on[0])
        if said.signed_on is None and row.state in CONCLUDED:
            yield self.unrecorded(msgid("the conclusion by all parties"))
        fixed = said.state is not None and said.state[1] != "draft"
        if fixed and said.rows is not None and said.rows[1] is not None and said.rows[1] != figures:
            yield self.differs(msgid("what was agreed (parties, goods, figures, dates)"), said.rows[0])

    def documents(self, rows: Sequence[Any]) -> Iterator[Finding]:
        """Texts and files by their fingerprints, and the note of the seal."""
        here = {(row.series, row.number): row for row in rows}
        for key, facts in self.recorded.documents.items():
            row = here.get(key)
            if row is None:
                yield self.differs(placed(msgid("a fixed text"), key), min(seq for seq, _fact in facts.values()))
                continue
            yield from self.document(key, facts, row)
        for key in here.keys() - self.recorded.documents.keys():
            yield self.unrecorded(placed(msgid("a fixed text"), key))

    def document(self, key: Key, facts: Mapping[str, Any], row: Any) -> Iterator[Finding]:
        """One of them."""
        if "text" in facts and not facts["text"][1] == row.text_digest == text_digest(row.text):
            yield self.differs(placed(msgid("the text"), key), facts["text"][0])
        for name, (_column, words) in FILES.items():
            seq, digest = facts.get(name, (0, None))
            stored = getattr(row, name)
            if digest is None:
                if stored is not None:
                    yield self.unrecorded(placed(words, key))
            elif stored != digest or (name == "file" and row.file_digest != digest):
                yield self.differs(placed(words, key), seq)
            else:
                self.look_for(digest, placed(words, key), seq)
        seq, seal = facts.get("seal", (0, None))
        noted = plain(row.seal)
        if seal is None and row.sealed_at is not None:
            yield self.unrecorded(placed(msgid("the seal"), key))
        elif seal is not None and (
            not isinstance(noted, dict) or (noted.get("fingerprint"), noted.get("trusted_time")) != seal
        ):
            yield self.differs(placed(msgid("the seal"), key), seq)

    def look_for(self, digest: str, what: Message, seq: int) -> None:
        """Its bytes are read at the end, each file once."""
        self.files.setdefault(digest, Finding(Fault.FILE, self.subject, seq, values=(("what", what),)))

    def signatures(self, rows: Sequence[Any], signers: Mapping[int, str]) -> Iterator[Finding]:
        """Who signed what, how and when; and who is said to have seen the original."""
        here = {(row.series, row.number, row.party): row for row in rows}
        for place, (seq, said) in self.recorded.signatures.items():
            row = here.get(place)
            names = [name for name in OF_SIGNATURE if name in said]
            if row is None or [said[name] for name in names] != [getattr(row, name) for name in names]:
                yield self.differs(signature_at(place), seq)
            elif row.signer_name != signers.get(said["entry"], row.signer_name):
                yield self.differs(msgid("the name in %(what)s", what=signature_at(place)), seq)
            elif row.scan is not None:
                self.look_for(row.scan, placed(msgid("the scan"), place[:2]), seq)
        for place, row in here.items():
            if place not in self.recorded.signatures and not self.stands_on_paper(place[:2], row):
                yield self.unrecorded(signature_at(place))
            elif row.attested_at is not None and place[:2] not in self.recorded.attested:
                yield self.unrecorded(msgid("that an officer has seen %(what)s", what=signature_at(place)))

    def stands_on_paper(self, key: Key, row: Any) -> bool:
        """Ink on a recorded paper, or of a party without an account that an officer has seen on the others' scan."""
        if self.recorded.scan is not None and key == (0, 1):
            said = self.recorded.scan[1]
            return (row.scan, row.signed_on, row.method) == (said.get("scan"), said.get("signed_on"), "wet_ink")
        return row.method == "wet_ink" and row.attested_at is not None and key in self.recorded.attested

    def changes(self, rows: Sequence[Any]) -> Iterator[Finding]:
        """What signed annexes changed, and from when."""
        here = {row.number: row for row in rows}
        for label in self.recorded.concluded & self.recorded.papers.keys():
            seq, said = self.recorded.papers[label]
            if "terms" not in said or said.get("reason_code") is None:
                continue
            row = here.get(label)
            if row is None or (row.effective_on, words_hidden(plain(row.terms))) != (
                said["effective_on"],
                said["terms"],
            ):
                yield self.differs(msgid("what %(label)s changes", label=label), seq)
        for label in here.keys() - self.recorded.concluded:
            yield self.unrecorded(msgid("what %(label)s changes", label=label))


OF_SIGNATURE = ("method", "digest", "signed_on", "scan")


def placed(what: Message, key: tuple[int, ...]) -> Message:
    """In which version of the contract's text, or of which later paper's."""
    series, number = key
    if series:
        return msgid("%(what)s (later paper %(series)s, version %(number)s)", what=what, series=series, number=number)
    return msgid("%(what)s (version %(number)s)", what=what, number=number)


def signature_at(place: tuple[int, int, int]) -> Message:
    """Whose, under which document."""
    return placed(msgid("the signature of party %(party)s", party=place[2]), place[:2])


def text_digest(text: Any) -> str:
    """Of a stored text; "" of what is none."""
    found = plain(text)
    return fingerprint(found) if isinstance(found, dict) else ""


def words_hidden(terms: Any) -> Any:
    """An annex's terms as the ledger holds them: of people's own words only the digest."""
    if not isinstance(terms, dict) or not terms.get("clause"):
        return terms
    return {**terms, "clause": sha256(str(terms["clause"]).encode()).hexdigest()}
