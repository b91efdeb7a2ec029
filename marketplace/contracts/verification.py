"""What the public page of a contract may say: names of organisations only, and whether a file is the contract."""

from enum import StrEnum

from marketplace.contracts.models import Contract, Party
from marketplace.kernel.identifiers import is_personal_tax_code
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.vietnamese import fold
from marketplace.organisations.rules import KINDS, Kind
from marketplace.register.names import kind_of

PERSONS = ("ho ", "ong ", "ba ", "anh ", "chi ", "co so ")
"""How the names of household businesses and of persons begin, without marks."""


class Match(StrEnum):
    """What an uploaded file turned out to be."""

    ISSUED = "issued"
    SCAN = "scan"
    OLDER = "older"
    NONE = "none"


def match(contract: Contract, digest: str) -> Match:
    """Compare a file's fingerprint with the files of a contract."""
    for document in reversed(contract.documents):
        scans = [row.scan.digest for row in document.signatures if row.scan is not None]
        if digest == document.file_digest or digest in scans:
            if document.voided_at is not None:
                return Match.OLDER
            return Match.SCAN if digest in scans else Match.ISSUED
    return Match.NONE


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
