"""What an officer looks at and states for each way to sign: where there is no paper, nobody has seen an original."""

from collections.abc import Iterable, Mapping

from marketplace.contracts.models import Signature
from marketplace.contracts.rules import Method
from marketplace.kernel.dates import format_date, local_date
from marketplace.kernel.messages import Message, msgid

ASKED: Mapping[Method, Message] = {
    Method.WET_INK: msgid("Compare the signed original with what is recorded here."),
    Method.DIGITAL: msgid("Open the digitally signed file and look whose signatures it carries."),
    Method.APP: msgid("Who confirmed in the application left no paper: ask that party who it was."),
}
STATED: Mapping[Method, Message] = {
    Method.WET_INK: msgid("I have seen the signed original."),
    Method.DIGITAL: msgid("I have seen the digital signatures in the file."),
    Method.APP: msgid("I have checked who confirmed in the application, and that they may sign."),
}


def methods_of(signatures: Iterable[Signature]) -> list[Method]:
    """The ways that are still to be attested; a paper that nobody read a signer off is a paper all the same."""
    open_ones = {signature.method for signature in signatures if not signature.attested}
    return [method for method in Method if method in open_ones] or [Method.WET_INK]


def attested_words(signature: Signature) -> Message:
    """What an officer said of one signature, and when; or that nobody has."""
    if signature.attested_at is None:
        return msgid("No officer has seen the original.")
    day = format_date(local_date(signature.attested_at))
    if signature.method == Method.APP:
        return msgid("An officer has checked who confirmed (%(day)s).", day=day)
    if signature.method == Method.DIGITAL:
        return msgid("An officer has seen the digital signature (%(day)s).", day=day)
    return msgid("An officer has seen the original (%(day)s).", day=day)
