"""A digital signature in a file that a party signed with its own key: checked before anything is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.contracts.models import Contract, Document, Party
from marketplace.contracts.rules import Method
from marketplace.contracts.service_signing import basis, check_open, check_turn
from marketplace.files.service import put_early, read
from marketplace.files.sniff import MediaType
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import Message, msgid
from marketplace.signatures.checking import check
from marketplace.signatures.verdict import Reason, Verdict, VerdictKind

PDF = {MediaType.PDF}
NEWER = msgid(
    "Another party has signed digitally meanwhile. Download the file here again, which now carries that signature, "
    "sign it and send it."
)
NO_TAX_CODE = msgid(
    "No tax code of your organisation stands in this contract, so a digital signature cannot be told to be yours. "
    "Sign on paper, or have the tax code entered and the text fixed again."
)
KEEP_IT = msgid(
    "The fault is not yours, and the administrator has been told. Your file was checked but not kept here: keep it, and "
    "send the same file again once this is mended. Signing on paper goes on meanwhile."
)
OPERATORS = frozenset({Reason.NO_REVOCATION_INFORMATION, Reason.NOT_CONFIGURED, Reason.UNREADABLE_SETTING})
"""An honest file that is sent away because of what the operator has not installed."""
NO_FILE = msgid("Choose the PDF that you signed.")


class NotAccepted(Refusal):
    """The file is not accepted, or only a person could: `code` goes into the ledger, the sentence to the field.

    `operators`: only who runs this platform can mend it.
    """

    def __init__(self, code: str, message: Message, operators: bool = False) -> None:
        super().__init__(message, "file")
        self.code, self.operators = code, operators


@dataclass(frozen=True)
class Checked:
    """A file that may be recorded, and what its new signature's certificate says."""

    pdf: bytes
    certificate: dict[str, Any]


def checked(contract: Contract, document: Document, party: Party, pdf: bytes, offered: str, now: datetime) -> Checked:
    """The file, on disk already, if its newest signature is this party's and good. Slow: call it before the write.

    `offered` is the fingerprint of the file that the party downloaded. Raises NotAccepted, or what signing raises.
    """
    check_open(contract, document, now)
    check_turn(contract, document, party)
    if not party.tax_code:
        raise NotAccepted("digital:no_tax_code", NO_TAX_CODE)
    before = basis(document, Method.DIGITAL)
    if before.digest != offered:
        raise NotAccepted("digital:stale", NEWER)
    others = [other.tax_code for other in contract.parties if other.tax_code and other.id != party.id]
    verdict = check(pdf, issued=read(before), party=party.tax_code, others=others, now=now)
    if verdict.kind != VerdictKind.ACCEPT:
        sentence = sentence_of(verdict, document, pdf)
        raise NotAccepted(f"digital:{verdict.reason}", sentence, verdict.reason in OPERATORS)
    put_early(pdf, PDF)
    return Checked(pdf, newest(verdict, party.tax_code))


def sentence_of(verdict: Verdict, document: Document, pdf: bytes) -> Message:
    """Why not; who signed the file as it was before the others is told that, and not that it is a wrong file."""
    if verdict.reason == Reason.NOT_ISSUED and document.signed_file is not None and pdf.startswith(read(document.file)):
        return NEWER
    return verdict.sentence


def newest(verdict: Verdict, tax_code: str) -> dict[str, Any]:
    """What is kept of the party's signature: its certificate, the trusted time or its absence."""
    own = [found for found in verdict.signatures if found.slot == tax_code]
    return own[-1].stored()
