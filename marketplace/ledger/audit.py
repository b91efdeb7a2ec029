"""Reads the whole ledger again, streamed and in few passes, and names the first broken entry of each broken thing.

Columns instead of objects, and as the database keeps them: a hand may have written there what no object could hold.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketplace.extensions import db
from marketplace.kernel.dates import day_start, format_date, local_date
from marketplace.kernel.messages import Message
from marketplace.ledger import guards
from marketplace.ledger.kept import KeptEntry
from marketplace.ledger.merkle import EMPTY, Tree
from marketplace.ledger.models import Detail, Entry, Membership, Root
from marketplace.ledger.queries import in_no_root
from marketplace.ledger.reading import PIECE, any_text, as_kept, moment, on_sqlite, plain, raw, stream
from marketplace.ledger.roots import Published, RootLike, first_broken_root, hashed
from marketplace.ledger.rules import FAULTS, START, Fault, digest_of_detail, fault, moment_text

NAMED = 500
"""So many broken things are named; the others are counted."""
HEADER = ("id", "subject", "seq", "event", "actor", "on_behalf_of")

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Finding:
    """One broken thing."""

    fault: Fault
    subject: str | None = None
    seq: int | None = None
    entry: int | None = None
    root: int | None = None
    values: tuple[tuple[str, object], ...] = ()

    @property
    def sentence(self) -> Message:
        """What is wrong, to be translated."""
        known = {"subject": self.subject, "seq": self.seq, "entry": self.entry, "number": self.root}
        return Message(FAULTS[self.fault].text, {**known, **dict(self.values)})


@dataclass
class Report:
    """What was read, and what is wrong with it."""

    subjects: int = 0
    entries: int = 0
    details: int = 0
    roots: int = 0
    in_roots: int = 0
    published: int | None = None
    kept: int = 0
    broken: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """Entries that no root holds yet."""
        return max(0, self.entries - self.in_roots)

    def add(self, finding: Finding) -> None:
        """One more thing that is wrong."""
        self.broken += 1
        if len(self.findings) < NAMED:
            self.findings.append(finding)


class Line:
    """One entry as it stands in the database, ready to be hashed again."""

    __slots__ = (
        "actor",
        "at_text",
        "data",
        "digests",
        "event",
        "hash",
        "id",
        "on_behalf_of",
        "previous",
        "seq",
        "subject",
    )

    def __init__(self, row: Sequence[Any]) -> None:
        self.id, self.subject, self.seq, self.event, self.actor, self.on_behalf_of = row[:6]
        self.at_text = moment_text(moment(row[6]))
        self.data, self.digests = plain(row[7]), plain(row[8])
        self.previous, self.hash = row[9:]


Tell = Callable[[Finding], None]
Comparison = Callable[[Tell, Progress], None]
"""Of a later slice: holds its own rows and files against what the ledger recorded of them."""


def audit(
    published: Sequence[RootLike] | None = None,
    progress: Progress = lambda what, done: None,
    *,
    kept: Iterable[KeptEntry] = (),
    comparisons: Iterable[Comparison] = (),
) -> Report:
    """Everything, in one transaction: what is written meanwhile is not seen half."""
    db.session.rollback()
    if not on_sqlite():
        db.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    report = Report()
    try:
        with any_text():
            read_all(report, published, progress, kept)
        for compare in comparisons:
            compare(report.add, progress)
    except DBAPIError as error:  # a table or a column is gone, or the file itself is damaged
        report.add(Finding(Fault.UNREADABLE, values=(("why", str(error.orig).partition("\n")[0]),)))
    db.session.rollback()
    return report


def read_all(
    report: Report, published: Sequence[RootLike] | None, progress: Progress, kept: Iterable[KeptEntry]
) -> None:
    """The ledger's own tables."""
    for name in guards.missing(db.session.connection()):
        report.add(Finding(Fault.UNGUARDED, values=(("name", name),)))
    read_chains(report, progress)
    read_details(report, progress)
    roots = read_roots(report)
    read_members(report, roots, progress)
    if roots:
        read_waiting(report, roots[-1])
    compare_roots(report, roots, published)
    for entry in kept:
        compare_entry(report, entry, roots)


def read_chains(report: Report, progress: Progress) -> None:
    """Every entry's hash and its place after the one before; the first broken one of each chain."""
    columns = raw(*(getattr(Entry, name) for name in (*HEADER, "at", "data", "digests", "previous", "hash")))
    statement = select(*columns).order_by(Entry.subject, Entry.seq)
    subject, seq, previous, whole = None, 0, START, True
    for row in stream(statement):
        line = Line(row)
        if line.subject != subject:
            subject, seq, previous, whole = line.subject, 0, START, True
            report.subjects += 1
        seq, report.entries = seq + 1, report.entries + 1
        if whole and (found := fault(line, seq, previous)):
            whole = False
            report.add(Finding(found, line.subject, line.seq, line.id, values=(("expected", seq),)))
        previous = line.hash
        if not report.entries % PIECE:
            progress("entries", report.entries)
    progress("entries", report.entries)


def read_details(report: Report, progress: Progress) -> None:
    """Every personal detail that was not erased, against the digest that its entry keeps."""
    columns = raw(Detail.entry_id, Detail.name, Detail.salt, Detail.value, Entry.subject, Entry.seq, Entry.digests)
    statement = select(*columns).outerjoin(Entry, Entry.id == Detail.entry_id).order_by(Detail.entry_id, Detail.id)
    for entry_id, details in groupby(stream(statement), key=attrgetter("entry_id")):
        whole = True
        for row in details:
            report.details += 1
            digests = plain(row.digests)
            kept = digests.get(row.name) if isinstance(digests, dict) else None
            if whole and kept != digest_of_detail(str(row.salt), str(row.value)):
                whole = False
                what = Fault.ORPHAN if row.subject is None else Fault.DETAIL
                report.add(Finding(what, row.subject, row.seq, entry_id, values=(("name", row.name),)))
        if not report.details % PIECE:
            progress("details", report.details)


def read_members(report: Report, roots: Sequence[Any], progress: Progress) -> None:
    """What each root holds: every entry still there and as it was, all of them together its Merkle root."""
    known = {root.number: (root, before) for root, before in zip(roots, [None, *roots], strict=False)}
    names = ("root", "position", "entry_id", "subject", "seq", "hash")
    columns = raw(*(getattr(Membership, name) for name in names))
    columns += [Entry.hash.label("now"), Entry.subject.label("subject_now"), Entry.seq.label("seq_now")]
    columns.append(as_kept(Entry.at).label("at"))
    statement = select(*columns).outerjoin(Entry, Entry.id == Membership.entry_id)
    met = set()
    for number, members in groupby(
        stream(statement.order_by(Membership.root, Membership.position)), key=attrgetter("root")
    ):
        met.add(number)
        read_root(report, *known.get(number, (None, None)), number, members)
        progress("entries in roots", report.in_roots)
    for root in roots:
        if root.number not in met and (root.entries, root.merkle) != (0, EMPTY.hex()):  # a day without entries
            report.add(Finding(Fault.MEMBERS, root=root.number, values=(("day", format_date(root.day)),)))


def read_root(report: Report, root: Any, before: Any, number: int, members: Iterator[Any]) -> None:
    """One root's entries: the first that is gone or rewritten, the first that came too late."""
    tree, in_order, whole, in_time = Tree(), True, True, True
    day = (("day", format_date(root.day) if root else "?"),)
    for row in members:
        report.in_roots += row.now is not None
        in_order = in_order and row.position == tree.size
        tree.add(binary(row.hash))
        if whole and (row.now, row.subject_now, row.seq_now) != (row.hash, row.subject, row.seq):
            whole = False
            what = Fault.MISSING if row.now is None else Fault.REWRITTEN
            report.add(Finding(what, row.subject, row.seq, row.entry_id, number, day))
        if in_time and before and is_late(row.at, before.day):
            in_time = False
            report.add(late(row, row.entry_id, before))
    if root is None or not in_order or tree.size != root.entries or tree.root().hex() != root.merkle:
        report.add(Finding(Fault.MEMBERS, root=number, values=day))


def is_late(at: Any, day: date) -> bool:
    """Whether an entry says to be from before the day of a root that was made without it.

    Whoever records at midnight may come into the next day's root; a whole day is not explained by that.
    """
    said = moment(at)
    return isinstance(said, datetime) and said < day_start(day)


def late(row: Any, entry: int, root: Any) -> Finding:
    """Such an entry."""
    days = (("said", format_date(local_date(moment(row.at)))), ("day", format_date(root.day)))
    return Finding(Fault.LATE, row.subject, row.seq, entry, root.number, days)


def read_waiting(report: Report, last: Any) -> None:
    """Of the entries that are in no root yet, the first of each subject that should be in one."""
    columns = raw(Entry.id, Entry.subject, Entry.seq, Entry.at)
    statement = select(*columns).where(in_no_root()).order_by(Entry.subject, Entry.seq)
    for _subject, rows in groupby(stream(statement), key=attrgetter("subject")):
        found = next((row for row in rows if is_late(row.at, last.day)), None)
        if found is not None:
            report.add(late(found, found.id, last))


def binary(hashed: Any) -> bytes:
    """A hash as it goes into the tree; what is none gives another tree."""
    try:
        return bytes.fromhex(hashed)
    except (TypeError, ValueError):
        return b""


def read_roots(report: Report) -> list[Published]:
    """The chain of roots; the first that does not follow is named, and every one that can no longer be read."""
    roots = []
    columns = raw(*(getattr(Root, name) for name in ("number", "day", "entries", "merkle", "previous", "hash")))
    for row in stream(select(*columns).order_by(Root.number)):
        report.roots += 1
        try:
            roots.append(Published.read(row._mapping))
        except (TypeError, ValueError):
            report.add(Finding(Fault.ROOT, root=row.number, values=(("day", str(row.day)),)))
    wrong = first_broken_root(roots)
    missing_first = roots and roots[0].number != 1
    if wrong is not None or missing_first:
        report.add(of_root(Fault.ROOT, wrong or roots[0]))
    return roots


def compare_roots(report: Report, roots: Sequence[RootLike], published: Sequence[RootLike] | None) -> None:
    """The same roots as somebody kept them who does not trust this database; the first that differs."""
    if published is None:
        return
    report.published = len(published)
    here = {root.number: root for root in roots}
    for kept in published:
        if not same(here.get(kept.number), kept):
            report.add(of_root(Fault.PUBLISHED, kept))
            return


def same(root: RootLike | None, kept: RootLike) -> bool:
    """Whether a root is the one that was kept."""
    return root is not None and (hashed(root), root.hash) == (hashed(kept), kept.hash)


def compare_entry(report: Report, kept: KeptEntry, roots: Sequence[RootLike]) -> None:
    """An entry that somebody kept with its proof holds all before it in its chain, also before any root does."""
    report.kept += 1
    hashes = select(*raw(Entry.id, Entry.hash)).where(Entry.subject == kept.subject, Entry.seq == kept.seq)
    row = db.session.execute(hashes).first()
    if row is None or row.hash != kept.hash:
        report.add(Finding(Fault.KEPT, kept.subject, kept.seq, row.id if row else None))
    if kept.root is not None and not any(same(root, kept.root) for root in roots):
        report.add(of_root(Fault.PUBLISHED, kept.root))


def of_root(what: Fault, root: RootLike) -> Finding:
    """A root that is wrong."""
    return Finding(what, root=root.number, values=(("day", format_date(root.day)),))
