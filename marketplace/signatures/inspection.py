"""Checks a digitally signed PDF in a process of its own: limits first, a request as JSON in, an answer as JSON out.

A file made to exhaust or to crash a parser ends this process and nothing else; checking.py starts it and turns
whatever becomes of it into a verdict. It reads no settings and no database, and sees no secrets.
"""

import asyncio
import json
import logging
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from marketplace.signatures import contents, stamps, trust
from marketplace.signatures.changes import only_signed, only_validated
from marketplace.signatures.embedded import (
    SEAL,
    STAMP,
    UNREADABLE,
    Looked,
    is_stamp,
    look_at_signature,
    look_at_stamp,
)
from marketplace.signatures.tables import ambiguous
from marketplace.signatures.verdict import Reason, Verdict, VerdictKind, kind_of, overall

MEMORY = 430 * 1024 * 1024
"""With the process that asks, below 500 MB."""
SECONDS = 7
MOST_SIGNATURES = 12
KINDS = {subfilter.value for subfilter in SigSeedSubFilter}
DAMAGED = (PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RuntimeError)
UNOPENED = (OSError, ValueError)
TOO_MUCH = (RecursionError, MemoryError, OverflowError, PdfDecodeLimitError)


@dataclass(frozen=True)
class Request:
    """What is to be checked against what; all files by their paths."""

    signed: str
    issued: str
    parties: Mapping[str, str]
    now: datetime
    slot: str = ""
    closing: bool = False
    """Nobody has to sign after this, not even the platform: a signature may lock the file."""
    roots: list[str] = field(default_factory=list)
    intermediates: list[str] = field(default_factory=list)
    crls: list[str] = field(default_factory=list)
    tsa_roots: list[str] = field(default_factory=list)
    seal_roots: list[str] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {**vars(self), "parties": dict(self.parties), "now": self.now.isoformat()}


def inspected(request: Request) -> Verdict:
    """The verdict; raises only what no file can cause."""
    try:
        issued = contents.slurped(request.issued)
    except UNOPENED:
        return Verdict(Reason.NO_ISSUED_FILE)
    try:
        data = contents.slurped(request.signed)
    except UNOPENED:
        return Verdict(Reason.NO_FILE)
    try:
        authorities = configured(request)
    except Exception:
        return Verdict(Reason.UNREADABLE_SETTING)
    try:
        return examined(data, issued, authorities, request)
    except TOO_MUCH:
        return Verdict(Reason.COMPLEX)
    except Exception:
        # Whatever else a parser raises about a file that was made to confuse it.
        return Verdict(Reason.BROKEN)


def configured(request: Request) -> trust.Authorities:
    """The operator's files."""
    return trust.Authorities(
        roots=trust.certificates(request.roots),
        intermediates=trust.certificates(request.intermediates),
        crls=trust.revocation_lists(request.crls),
        stampers=trust.certificates(request.tsa_roots),
        seals=trust.certificates(request.seal_roots),
    )


def examined(data: bytes, issued: bytes, authorities: trust.Authorities, request: Request) -> Verdict:
    """From the outside inwards: the file, its structure, its signatures, what stands between them."""
    if not issued.startswith(b"%PDF-"):
        return Verdict(Reason.NO_ISSUED_FILE)
    reason = contents.outside(data, issued)
    if reason is not None:
        return Verdict(reason)
    reader = contents.opened(data)
    reason = contents.inside(reader)
    if reason is not None:
        return Verdict(reason)
    if contents.dead_end(reader, data):
        return Verdict(Reason.TRAILING)
    base = contents.issued_revision(reader, issued)
    if base is None:
        return Verdict(Reason.NOT_ISSUED)
    if ambiguous(reader, data, base):
        return Verdict(Reason.BROKEN)
    embedded = signatures_of(reader)
    if isinstance(embedded, Reason):
        return Verdict(embedded)
    looked = asyncio.run(all_looked(embedded, data, authorities, request))
    compare(looked, base, request)
    found = tuple(one.found for one in looked)
    reason = overall(found)
    if kind_of(reason) != VerdictKind.REJECT:
        reason = added(reader, base, looked, request) or hidden(reader, base, reason)
    return Verdict(reason, found)


def signatures_of(reader: PdfFileReader) -> list[EmbeddedPdfSignature] | Reason:
    """All signatures in the order in which they were made; the library alone would skip kinds that it does not know."""
    found: list[EmbeddedPdfSignature] = []
    for name, value, place in enumerate_sig_fields(reader, filled_status=True):
        if len(found) == MOST_SIGNATURES:
            return Reason.TOO_MANY
        if value.get_object().get("/SubFilter") not in KINDS:
            return Reason.UNSUPPORTED
        try:
            found.append(EmbeddedPdfSignature(reader, place, name))
        except UNREADABLE:
            return Reason.BROKEN_SIGNATURE
    return sorted(found, key=lambda one: one.signed_revision) if found else Reason.NO_SIGNATURE


async def all_looked(
    embedded: list[EmbeddedPdfSignature], data: bytes, authorities: trust.Authorities, request: Request
) -> list[Looked]:
    """Time stamps over the file first: they vouch for what is under them."""
    stamps, signatures = [], []
    for one in embedded:
        if is_stamp(one):
            stamps.append(await look_at_stamp(one, data, authorities, request.now))
    for one in embedded:
        if not is_stamp(one):
            above = [stamp.found.trusted_at for stamp in stamps if stamp.revision > one.signed_revision]
            vouched = min((moment for moment in above if moment is not None), default=None)
            signatures.append(await look_at_signature(one, data, authorities, request.parties, request.now, vouched))
    return sorted([*stamps, *signatures], key=lambda one: one.revision)


def compare(looked: list[Looked], base: int, request: Request) -> None:
    """Each party once, the newest of the party whose turn it is, nobody after the seal, nothing locked too early."""
    sealed = False
    signed: dict[str, Looked] = {}
    for one in looked:
        if one.found.kind == VerdictKind.REJECT:
            continue
        if one.found.slot == SEAL:
            sealed = sealed or one.revision > base
        elif one.found.slot in signed:
            one.turn(Reason.SIGNED_TWICE)
        elif one.found.slot in request.parties:
            signed[one.found.slot] = one
            if sealed:
                one.turn(Reason.AFTER_SEAL)
    newest = next(reversed(signed.values()), None)
    if newest is not None and request.slot and newest.found.slot != request.slot:
        newest.turn(Reason.OUT_OF_TURN)
    missing = bool(request.slot) and signed.keys() != request.parties.keys()
    for one in looked:
        if one.locks and one.found.kind != VerdictKind.REJECT and (missing or not request.closing):
            one.turn(Reason.LOCKED)


def added(reader: PdfFileReader, base: int, looked: list[Looked], request: Request) -> Reason | None:
    """What the file holds beyond the issued one: a signature at least, and no more than that."""
    new = [one.revision for one in looked if one.revision > base]
    signed = [one for one in looked if one.found.slot in request.parties]
    if not signed or all(one.found.slot == STAMP for one in looked if one.revision > base):
        return Reason.NO_SIGNATURE
    if not only_validated(reader, max(one.revision for one in looked)):
        return Reason.CHANGED_LATER
    if stamps.active(reader, reader.get_historical_resolver(base)):
        return Reason.ACTIVE
    return None if only_signed(reader, base, min(new)) else Reason.CHANGED_BEFORE


def hidden(reader: PdfFileReader, base: int, reason: Reason) -> Reason:
    """A stamp over words of the contract is nothing that a machine accepts; so is a page that it cannot read."""
    issued = reader.get_historical_resolver(base)
    places = stamps.stamped(reader, issued)
    try:
        covered = stamps.over_text(issued, places)
    except DAMAGED:
        covered = True
    return Reason.STAMP_OVER_TEXT if covered and kind_of(reason) == VerdictKind.ACCEPT else reason


def limit(kind: int, most: int) -> None:
    """No more than this, nor than whoever started us allows."""
    given = resource.getrlimit(kind)[1]
    most = most if given == resource.RLIM_INFINITY else min(most, given)
    resource.setrlimit(kind, (most, most))


def main() -> int:
    """Limits, question, answer."""
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CPU, SECONDS)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, 0)
    logging.disable(logging.CRITICAL)
    asked = json.loads(sys.stdin.buffer.read())
    verdict = inspected(Request(**{**asked, "now": datetime.fromisoformat(asked["now"])}))
    answer = {"reason": verdict.reason, "signatures": [found.stored() for found in verdict.signatures]}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
