"""PURE: what the check of a digitally signed PDF can end with: the verdict, its reasons, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from marketplace.kernel.messages import Message, msgid


class VerdictKind(StrEnum):
    """Accepted without a person; to be looked at by one; not accepted."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"


class Reason(StrEnum):
    """Why; the value is what commands, the ledger and other programs see, so it never changes."""

    GOOD = "good"
    SEAL = "seal"
    TIME_STAMP = "time_stamp"
    TIME_STAMP_UNKNOWN = "time_stamp_unknown"
    EXPIRED_LATER = "expired_later"
    REVOKED_LATER = "revoked_later"
    NO_REVOCATION_INFORMATION = "no_revocation_information"
    NOT_CONFIGURED = "not_configured"
    UNREADABLE_SETTING = "unreadable_setting"
    WRONG_QUESTION = "wrong_question"
    BUSY = "busy"
    STAMP_OVER_TEXT = "stamp_over_text"
    NO_FILE = "no_file"
    NO_ISSUED_FILE = "no_issued_file"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_PDF = "not_pdf"
    NOT_ISSUED = "not_issued"
    TRAILING = "trailing"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    BROKEN = "broken"
    COMPLEX = "complex"
    NO_SIGNATURE = "no_signature"
    TOO_MANY = "too_many"
    UNSUPPORTED = "unsupported"
    BROKEN_SIGNATURE = "broken_signature"
    PARTIAL = "partial"
    CHANGED = "changed"
    FORGED = "forged"
    CHANGED_BEFORE = "changed_before"
    CHANGED_LATER = "changed_later"
    WEAK = "weak"
    UNTRUSTED = "untrusted"
    NOT_FOR_SIGNING = "not_for_signing"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    TIME_STAMP_BROKEN = "time_stamp_broken"
    NO_TAX_CODE = "no_tax_code"
    OTHER_PARTY = "other_party"
    SIGNED_TWICE = "signed_twice"
    OUT_OF_TURN = "out_of_turn"
    LOCKED = "locked"
    AFTER_SEAL = "after_seal"


ACCEPTED = {Reason.GOOD, Reason.SEAL, Reason.TIME_STAMP, Reason.TIME_STAMP_UNKNOWN}
REVIEWED = {
    Reason.EXPIRED_LATER,
    Reason.REVOKED_LATER,
    Reason.NO_REVOCATION_INFORMATION,
    Reason.NOT_CONFIGURED,
    Reason.UNREADABLE_SETTING,
    Reason.WRONG_QUESTION,
    Reason.BUSY,
    Reason.STAMP_OVER_TEXT,
}

SENTENCES: dict[Reason, Message] = {
    Reason.GOOD: msgid("The digital signature is valid."),
    Reason.SEAL: msgid("This is the seal of the platform; it is unbroken."),
    Reason.TIME_STAMP: msgid("A trusted time stamp over the whole file."),
    Reason.TIME_STAMP_UNKNOWN: msgid("A time stamp of an authority that is not known here; it proves no time."),
    Reason.EXPIRED_LATER: msgid(
        "The signer's certificate has expired since, but a trusted time stamp shows that the signature is older. "
        "A person must decide; sign on paper or with a certificate that is valid today if you cannot wait."
    ),
    Reason.REVOKED_LATER: msgid(
        "The signer's certificate was revoked since, but a trusted time stamp shows that the signature is older. "
        "A person must decide; sign on paper or with a certificate that is valid today if you cannot wait."
    ),
    Reason.NO_REVOCATION_INFORMATION: msgid(
        "Whether the signer's certificate was revoked cannot be found out, because its authority's current "
        "revocation list is not installed here. Ask the administrator for it, or sign on paper."
    ),
    Reason.NOT_CONFIGURED: msgid(
        "Digital signatures cannot be checked yet: the administrator has to install the certificates of the "
        "authorities that are trusted. Sign on paper meanwhile."
    ),
    Reason.UNREADABLE_SETTING: msgid(
        "A file of certificates or revocation lists cannot be read. The administrator has to replace it; "
        "sign on paper meanwhile."
    ),
    Reason.WRONG_QUESTION: msgid(
        "The check was asked for in a way that makes no sense, so the file was not looked at. Write each party as "
        "SLOT=TAX_CODE, each once, with a tax code of 10, 13 or 12 digits, as the turn one of these slots, and a time "
        "with its date."
    ),
    Reason.BUSY: msgid(
        "The check could not be finished, because this computer is too busy. Try again in a few minutes."
    ),
    Reason.STAMP_OVER_TEXT: msgid(
        "The visible stamp of the signature covers words of the contract. Download the file again and put the stamp "
        "on an empty place, or sign without a visible stamp."
    ),
    Reason.NO_FILE: msgid("The signed file cannot be opened. Choose it again."),
    Reason.NO_ISSUED_FILE: msgid("The file that was issued cannot be opened, so nothing can be compared with it."),
    Reason.EMPTY: msgid("This file is empty. Save the signed file again and send that."),
    Reason.TOO_LARGE: msgid(
        "This file is too large for a signed contract. Send the file that you signed, nothing else."
    ),
    Reason.NOT_PDF: msgid("This is not a PDF file. Send the PDF that your signing program saved."),
    Reason.NOT_ISSUED: msgid(
        "This is not the file to be signed: it is another file, or it was changed or saved anew before signing. "
        "Download the file here again, sign exactly that one and send it."
    ),
    Reason.TRAILING: msgid(
        "Something was appended after the end of the signed file. Send the file as your signing program saved it."
    ),
    Reason.ENCRYPTED: msgid("The file is locked with a password. Download the file again and sign it without one."),
    Reason.ACTIVE: msgid(
        "A script, an attachment or another active part was added to the file. Download it again and sign it "
        "without adding anything."
    ),
    Reason.BROKEN: msgid(
        "This file could not be read safely: it is damaged. Download the file again, sign it and send that."
    ),
    Reason.COMPLEX: msgid(
        "This file could not be read safely: it asks for too much time or memory. Download the file again, sign it "
        "and send that."
    ),
    Reason.NO_SIGNATURE: msgid(
        "The file carries no new digital signature. Sign it with your token or signing service first."
    ),
    Reason.TOO_MANY: msgid(
        "The file carries more signatures than a contract can have. Download it again and sign it once."
    ),
    Reason.UNSUPPORTED: msgid(
        "This kind of signature is not supported. Choose PAdES (or “PDF signature, PKCS#7 detached”) in your "
        "signing program."
    ),
    Reason.BROKEN_SIGNATURE: msgid(
        "The signature is damaged and cannot be read. Download the file again and sign it anew."
    ),
    Reason.PARTIAL: msgid(
        "The signature does not cover the whole file. Download the file again and sign it with another program."
    ),
    Reason.CHANGED: msgid("The file was changed after it was signed. Download it again and sign it anew."),
    Reason.FORGED: msgid(
        "The signature was not made with the key of its certificate. Download the file again and sign it anew."
    ),
    Reason.CHANGED_BEFORE: msgid(
        "Something besides a signature was added to the file before it was signed. Download it again and sign it "
        "without changing anything."
    ),
    Reason.CHANGED_LATER: msgid(
        "Something besides a further signature was added to the file after it was signed. Download the file again "
        "and sign it without changing anything."
    ),
    Reason.WEAK: msgid(
        "The signature uses an outdated algorithm or a short key (MD5, SHA-1, RSA below 2048 bits). Choose SHA-256 "
        "in your signing program, or ask your authority for a new certificate."
    ),
    Reason.UNTRUSTED: msgid(
        "The signer's certificate was not issued by an authority that is trusted here. Sign with a certificate of a "
        "licensed authority, or on paper."
    ),
    Reason.NOT_FOR_SIGNING: msgid(
        "The signer's certificate may not be used to sign documents. Use a certificate for signing."
    ),
    Reason.EXPIRED: msgid(
        "The signer's certificate has expired. Renew it with your authority and sign again, or sign on paper."
    ),
    Reason.NOT_YET_VALID: msgid(
        "The signer's certificate does not hold yet. Sign again when it does, or sign on paper."
    ),
    Reason.REVOKED: msgid("The signer's certificate was revoked. Ask your authority for a new one, or sign on paper."),
    Reason.TIME_STAMP_BROKEN: msgid(
        "The time stamp in the file does not belong to it. Download the file again and sign it anew."
    ),
    Reason.NO_TAX_CODE: msgid(
        "The signer's certificate does not name one tax code of an organisation. Sign with the organisation's "
        "certificate, or on paper."
    ),
    Reason.OTHER_PARTY: msgid(
        "The signer's certificate belongs to an organisation that is not a party of this contract. Sign with the "
        "certificate of the right party, or on paper."
    ),
    Reason.SIGNED_TWICE: msgid("The same party signed twice. Download the file again and sign it once."),
    Reason.OUT_OF_TURN: msgid(
        "The last signature is not of the party whose turn it is. Let the party whose turn it is sign this file."
    ),
    Reason.LOCKED: msgid(
        "The signature locks the file, so that nobody else can sign it. Download it again and sign without "
        "“lock document after signing”."
    ),
    Reason.AFTER_SEAL: msgid(
        "The file was signed after the platform had sealed it. The sealed file is final; keep it as it is."
    ),
}


def kind_of(reason: Reason) -> VerdictKind:
    """What a reason alone leads to."""
    if reason in ACCEPTED:
        return VerdictKind.ACCEPT
    return VerdictKind.REVIEW if reason in REVIEWED else VerdictKind.REJECT


@dataclass(frozen=True)
class Found:
    """One signature of the file and what its certificate says.

    `slot` is the party's name in the request ("A"), "seal" for the platform, "" when it is nobody's; `signed_at` is
    what the signer's own clock claims, `trusted_at` what a time-stamp authority vouches for, or None.
    """

    slot: str = ""
    tax_code: str = ""
    signer: str = ""
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    signed_at: datetime | None = None
    trusted_at: datetime | None = None
    digest_algorithm: str = ""
    reason: Reason = Reason.GOOD

    @property
    def kind(self) -> VerdictKind:
        """What becomes of this signature alone."""
        return kind_of(self.reason)

    def stored(self) -> dict[str, Any]:
        """As JSON: in the answer of the command, and beside the signature that it proves."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"state": self.kind.value} | {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in plain.items()
        }


@dataclass(frozen=True)
class Verdict:
    """The answer for one file."""

    reason: Reason
    signatures: tuple[Found, ...] = ()

    @property
    def kind(self) -> VerdictKind:
        """Accept, review or reject."""
        return kind_of(self.reason)

    @property
    def sentence(self) -> Message:
        """Why, and what to do about it."""
        return SENTENCES[self.reason]


MOMENTS = {"not_before", "not_after", "signed_at", "trusted_at"}


def read(answer: Mapping[str, Any]) -> Verdict:
    """The verdict that the checking process wrote as JSON; raises KeyError, TypeError or ValueError on anything else."""
    return Verdict(Reason(answer["reason"]), tuple(found(entry) for entry in answer["signatures"]))


def found(entry: Mapping[str, Any]) -> Found:
    """One signature of that answer."""
    values = {name: entry[name] for name in (field.name for field in fields(Found))}
    for name in MOMENTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Found(**{**values, "reason": Reason(values["reason"])})


def overall(signatures: tuple[Found, ...]) -> Reason:
    """The reason of a file whose signatures were all looked at: the first that is refused, then the first in doubt."""
    for kind in (VerdictKind.REJECT, VerdictKind.REVIEW):
        for one in signatures:
            if one.kind == kind:
                return one.reason
    return Reason.GOOD
