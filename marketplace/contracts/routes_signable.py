"""What the signing pages know of a paper of a contract: its own text here, later papers in later slices."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from marketplace.contracts.models import Contract, Document, Party, Signature
from marketplace.contracts.refusing import REASONS, SignatureRefused
from marketplace.contracts.routes_base import me, standing_to
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.messages import Message
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Membership


class Signable(ABC):
    """A paper of a contract that parties sign. Each slice that owns papers says what is its own."""

    blueprint: ClassVar[str]
    template: ClassVar[str]  # of its signing page

    def __init__(self, contract: Contract, **address: int) -> None:
        self.contract = contract
        self.address: dict[str, Any] = {"contract_id": contract.id, **address}

    @property
    @abstractmethod
    def things(self) -> tuple[Any, ...]:
        """What its services are called with; the first bears the version that travels in forms."""

    @property
    @abstractmethod
    def documents(self) -> list[Document]:
        """Its frozen texts."""

    @abstractmethod
    def party(self) -> Party | None:
        """The party for which this person may sign now."""

    @abstractmethod
    def unsigned(self) -> list[Party]:
        """The parties whose signature is missing."""

    @abstractmethod
    def closed(self) -> str:
        """Why nobody signs it now, as one of REASONS; "" while it is open."""

    @abstractmethod
    def may_return(self) -> bool:
        """Ask for changes, or decline."""

    @abstractmethod
    def sign(self, party: Party, given: Any, **by: Any) -> Signature:
        """Put one party's signature: the service of its slice."""

    @abstractmethod
    def concluded(self) -> str:
        """What is said once all have signed."""

    @abstractmethod
    def may_attest(self) -> bool:
        """Whether this officer may attest it."""

    @abstractmethod
    def attest(self, **by: Any) -> None:
        """The service of its slice."""

    @abstractmethod
    def heading(self) -> str:
        """Of the page for signing digitally."""

    @abstractmethod
    def described(self) -> dict[str, Any]:
        """What the templates of its own slice need to say what it is about."""

    def shown(self) -> dict[str, Any]:
        """What its signing page shows besides the ways to sign."""
        return self.described()

    @property
    def document(self) -> Document:
        """The text that stands."""
        return self.documents[-1]

    def url(self, page: str = "show", **more: Any) -> str:
        """The address of one of its pages."""
        return url_for(f"{self.blueprint}.{page}", **self.address, **more)


Load = Callable[..., Signable]
"""Reads the paper of an address, or a 404; with `held=True` inside a write, and its contract's row is held."""


def party_of(contract: Contract, party_id: str | None) -> Party:
    """The party of the form, if this person is of it or helps it; whatever else is written there does not exist."""
    sides = standing_to(contract).sides
    for party in contract.parties:
        if str(party.id) == party_id and party.id in sides:
            return party
    raise NotVisible


def membership(party: Party) -> Membership | None:
    """How the person belongs to the party; None for who only helps it."""
    return organisations.membership_of(me().id, party.organisation) if party.organisation else None


def signing(party: Party) -> Membership:
    """The same inside the write; what it allows is checked by the service."""
    found = membership(party)
    if found is None:
        raise SignatureRefused("no_authority")
    return found


def why_not(paper: Signable) -> Message:
    """For somebody who came to sign and cannot, in the words in which a direct request is refused."""
    signs = standing_to(paper.contract).signs
    if paper.closed():
        return REASONS[paper.closed()]
    if not signs:
        return REASONS["no_authority"]
    return REASONS["out_of_turn" if any(party.id in signs for party in paper.unsigned()) else "already_signed"]


def thanks(paper: Signable) -> str:
    """What was done, and what comes."""
    names = ", ".join(party.name for party in paper.unsigned())
    return _("Your signature is recorded. Still to sign: %(names)s.", names=names) if names else paper.concluded()
