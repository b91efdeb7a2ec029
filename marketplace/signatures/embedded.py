"""One signature of a PDF: what it covers, whether it is whole, who made it and whether that may be believed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from asn1crypto import cms, parser, x509
from cryptography import x509 as pyca
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import FieldMDPAction, MDPPerm
from pyhanko.sign.general import CMSExtractionError, extract_certificate_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from marketplace.signatures.changes import AFTER_SIGNING
from marketplace.signatures.contents import END
from marketplace.signatures.frame import framed, strangers
from marketplace.signatures.trust import Algorithms, Authorities, doubt, tax_codes
from marketplace.signatures.verdict import Found, Reason, VerdictKind, kind_of

SEAL, STAMP = "seal", "time"
HEX = re.compile(rb"<(?:[0-9a-f]+|[0-9A-F]+)>")
"""The place of a signature as programs write it; anything else in there is covered by nothing."""
UNREADABLE = (
    SignatureValidationError, CMSExtractionError, PdfError, pyca.InvalidVersion, pyca.DuplicateExtension,
    ValueError, TypeError, KeyError, AttributeError,
)  # fmt: skip
LONGEST = 300


@dataclass
class Looked:
    """A signature and what was found so far."""

    embedded: EmbeddedPdfSignature
    found: Found = field(default_factory=lambda: Found(reason=Reason.BROKEN_SIGNATURE))
    locks: bool = False

    @property
    def revision(self) -> int:
        """With which writing of the file it came."""
        return int(self.embedded.signed_revision)

    def turn(self, reason: Reason) -> None:
        """Found out something that decides."""
        self.found = replace(self.found, reason=reason)


def is_stamp(embedded: EmbeddedPdfSignature) -> bool:
    """Whether it is a time stamp over the whole file, nobody's signature."""
    return bool(embedded.sig_object_type == "/DocTimeStamp")


async def look_at_stamp(embedded: EmbeddedPdfSignature, data: bytes, authorities: Authorities, now: datetime) -> Looked:
    """A document time stamp: broken, unknown, or a moment that can be relied on."""
    looked = Looked(embedded)
    try:
        looked.found = replace(described(embedded), slot=STAMP, signed_at=None)
        status = await async_validate_pdf_timestamp(embedded, authorities.stamping(now), AFTER_SIGNING)
        whole = covered(embedded, data) and status.intact and status.valid and not later_changes(embedded)
        whole = whole and framed(embedded.pkcs7_content)
        if not whole or foreign(embedded.signed_data, status, authorities):
            looked.turn(Reason.TIME_STAMP_BROKEN)
        elif status.trusted and status.timestamp <= now:
            looked.found = replace(looked.found, trusted_at=status.timestamp, reason=Reason.TIME_STAMP)
        else:
            looked.turn(Reason.TIME_STAMP_UNKNOWN)
    except UNREADABLE:
        looked.turn(Reason.TIME_STAMP_BROKEN)
    return looked


async def look_at_signature(
    embedded: EmbeddedPdfSignature,
    data: bytes,
    authorities: Authorities,
    parties: Mapping[str, str],
    now: datetime,
    vouched: datetime | None,
) -> Looked:
    """A signature of a party or of the platform by itself; `vouched` is when a later time stamp saw it."""
    looked = Looked(embedded)
    try:
        looked.found = described(embedded)
        if not covered(embedded, data):
            looked.turn(Reason.PARTIAL)
            return looked
        status = await async_validate_pdf_signature(
            embedded, authorities.signing(now), authorities.stamping(now), diff_policy=AFTER_SIGNING
        )
        looked.locks = locks(embedded)
        moment = trusted_time(status.timestamp_validity, now) or vouched
        looked.found = replace(looked.found, trusted_at=moment)
        reason = broken(status, looked) or await judged(looked, authorities, parties, now)
        tokens = [attribute["values"][0]["content"] for attribute in embedded.signer_info["unsigned_attrs"] or ()]
        changed = any(foreign(token, status.timestamp_validity, authorities) for token in tokens)
        looked.turn(Reason.TIME_STAMP_BROKEN if changed and kind_of(reason) != VerdictKind.REJECT else reason)
    except UNREADABLE:
        looked.turn(Reason.BROKEN_SIGNATURE)
    return looked


def covered(embedded: EmbeddedPdfSignature, data: bytes) -> bool:
    """Whether the signature covers all bytes from the first, except its own place, which holds nothing but itself."""
    numbers = [int(number) for number in embedded.byte_range]
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0:
        return False
    _, start, after, length = numbers
    if not 0 < start < after < after + length <= len(data) or not END.search(data[after : after + length][-16:]):
        return False
    gap = data[start:after]
    if not HEX.fullmatch(gap) or len(gap) % 2:
        return False
    held = bytes.fromhex(gap[1:-1].decode("ascii"))
    return held == embedded.pkcs7_content and not held[parser.peek(held) :].strip(b"\0")


def broken(status: PdfSignatureStatus, looked: Looked) -> Reason | None:
    """What mathematics alone says."""
    embedded = looked.embedded
    if not status.intact:
        return Reason.CHANGED
    if not status.valid:
        return Reason.FORGED
    if not framed(embedded.pkcs7_content):
        return Reason.BROKEN_SIGNATURE
    if weak(embedded.signer_info, embedded.signer_cert):
        return Reason.WEAK
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return Reason.PARTIAL
    if later_changes(embedded):
        return Reason.CHANGED_LATER
    if not status.docmdp_ok:
        return Reason.LOCKED if looked.locks else Reason.CHANGED_LATER
    for stamp in (status.timestamp_validity, status.content_timestamp_validity):
        if stamp is not None and not (stamp.intact and stamp.valid):
            return Reason.TIME_STAMP_BROKEN
    return None


def weak(signer: cms.SignerInfo, certificate: x509.Certificate) -> bool:
    """Whether the signature itself uses what is no longer safe."""
    rules = Algorithms()
    return not (
        rules.digest_algorithm_allowed(signer["digest_algorithm"], None)
        and rules.signature_algorithm_allowed(signer["signature_algorithm"], None, certificate.public_key)
        and hash_allowed(signer["signature_algorithm"], rules)
    )


def hash_allowed(algorithm: cms.SignedDigestAlgorithm, rules: Algorithms) -> bool:
    """The digest that the signature algorithm names, where it names one."""
    try:
        return algorithm.hash_algo not in rules.weak_hash_algos
    except ValueError:
        return True


def later_changes(embedded: EmbeddedPdfSignature) -> bool:
    """Whether more than signatures and time stamps came after this one."""
    result = embedded.diff_result
    # A SuspiciousModification has no level: it is the finding itself.
    level = getattr(result, "modification_level", None)
    return level is None or level.value > MDPPerm.FILL_FORMS.value


def foreign(stamp: cms.SignedData, status: TimestampSignatureStatus | None, authorities: Authorities) -> bool:
    """Whether a time stamp carries changed certificates; all about one that is relied on has to be known."""
    held = extract_certificate_info(stamp)
    if status is not None and status.trusted:
        return strangers(held.other_certs, authorities, all_known=True)
    return strangers([held.signer_cert, *held.other_certs], authorities, all_known=False)


def locks(embedded: EmbeddedPdfSignature) -> bool:
    """Whether nobody may sign after this one."""
    fields = embedded.fieldmdp
    if embedded.docmdp_level == MDPPerm.NO_CHANGES or (fields and fields.action != FieldMDPAction.INCLUDE):
        return True
    lock = embedded.sig_field.get("/Lock", None)
    return isinstance(lock, generic.DictionaryObject) and lock.get("/P") == MDPPerm.NO_CHANGES.value


def trusted_time(stamp: TimestampSignatureStatus | None, now: datetime) -> datetime | None:
    """The time of a signature's own time stamp, where it can be relied on."""
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted) or stamp.timestamp > now:
        return None
    moment: datetime = stamp.timestamp
    return moment


async def judged(looked: Looked, authorities: Authorities, parties: Mapping[str, str], now: datetime) -> Reason:
    """Who signed: a party with a certificate to be trusted, the platform, or nobody of these."""
    certificate, others = looked.embedded.signer_cert, looked.embedded.other_embedded_certs
    if strangers(others, authorities, all_known=False):
        return Reason.FORGED
    codes = tax_codes(certificate)
    slots = [slot for slot, code in parties.items() if code in codes]
    own = certificate.dump() in {seal.dump() for seal in authorities.seals}
    if not slots and (own or not codes) and authorities.seals:
        reason = await trusted(looked, authorities.sealing, now)
        if reason != Reason.UNTRUSTED:
            looked.found = replace(looked.found, slot=SEAL)
            return reason or Reason.SEAL
    reason = await trusted(looked, authorities.signing, now) if authorities.roots else Reason.NOT_CONFIGURED
    if reason is not None and kind_of(reason) == VerdictKind.REJECT:
        return reason
    if len(codes) != 1:
        return Reason.NO_TAX_CODE
    looked.found = replace(looked.found, tax_code=shown(next(iter(codes))))
    if not slots:
        return Reason.OTHER_PARTY
    if authorities.roots and strangers(others, authorities, all_known=True):
        return Reason.FORGED
    looked.found = replace(looked.found, slot=slots[0])
    return reason or Reason.GOOD


async def trusted(looked: Looked, rules: Callable[..., ValidationContext], now: datetime) -> Reason | None:
    """Why a certificate does not hold now; if it once did, whether an authority vouches for a moment when it did."""
    certificate, others = looked.embedded.signer_cert, looked.embedded.other_embedded_certs
    reason = await doubt(certificate, others, rules(now))
    if reason == Reason.NO_REVOCATION_INFORMATION:
        reason = await doubt(certificate, others, rules(now, all_listed=True))
    then = looked.found.trusted_at
    later = {Reason.EXPIRED: Reason.EXPIRED_LATER, Reason.REVOKED: Reason.REVOKED_LATER}
    if reason in later and then is not None:
        return await doubt(certificate, others, rules(then, past=True)) or later[reason]
    return reason


def described(embedded: EmbeddedPdfSignature) -> Found:
    """What the certificate says, whether or not it is to be believed."""
    certificate = embedded.signer_cert
    standard = pyca.load_der_x509_certificate(certificate.dump())
    claimed = embedded.self_reported_timestamp
    names: dict[str, Any] = certificate.subject.native
    return Found(
        signer=shown(names.get("common_name", "")),
        subject=shown(standard.subject.rfc4514_string()),
        issuer=shown(standard.issuer.rfc4514_string()),
        serial=f"{certificate.serial_number:X}"[:64],
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        # A time without its zone says nothing.
        signed_at=claimed if claimed is not None and claimed.tzinfo is not None else None,
        digest_algorithm=shown(embedded.md_algorithm),
        reason=Reason.BROKEN_SIGNATURE,
    )


def shown(value: Any) -> str:
    """Text from a certificate, in a length and in letters that a page can show."""
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(letter for letter in text[:LONGEST] if letter.isprintable())
