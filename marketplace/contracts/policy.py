"""PURE: who may do what to a contract, given how a person stands to it (`queries.standing`)."""

from dataclasses import dataclass, field
from datetime import date

from marketplace.contracts.models import Contract, Party, Signature
from marketplace.contracts.rules import CONTRACT, ContractAct, ContractState, standing_on
from marketplace.contracts.rules import Standing as ByDate


@dataclass(frozen=True)
class Standing:
    """How one person stands to one contract today; ids are those of parties."""

    belongs: frozenset[int] = field(default_factory=frozenset)  # parties whose own people the person is of
    helps: frozenset[int] = field(default_factory=frozenset)  # by a mandate only
    signs: frozenset[int] = field(default_factory=frozenset)  # parties the person may sign for
    reads: bool = False  # an official in whose territory a party is seated
    acts: bool = False  # … as an officer

    @property
    def sides(self) -> frozenset[int]:
        """Parties in whose name the person works on the contract."""
        return self.belongs | self.helps

    @property
    def independent(self) -> bool:
        """Who attests a contract is neither of a party nor helps one."""
        return not self.sides


def may_edit(contract: Contract, standing: Standing) -> bool:
    """Both sides may edit a draft; helpers prepare."""
    return contract.state == ContractState.DRAFT and bool(standing.sides)


def may_open(contract: Contract, standing: Standing) -> bool:
    """Freeze the text for signing: both sides, and their helpers."""
    return CONTRACT.allows(contract.state, ContractAct.OPEN_FOR_SIGNING) and bool(standing.sides)


def unsigned(contract: Contract) -> list[Party]:
    """The parties whose signature is still missing under the text that stands, in their order."""
    if contract.state != ContractState.AWAITING:
        return []
    done = {signature.party_id for signature in contract.documents[-1].signatures}
    return [party for party in contract.parties if party.id not in done]


def awaited(contract: Contract) -> list[Party]:
    """Whose turn it is: all that are missing, or only the next one where the parties fixed an order."""
    missing = unsigned(contract)
    return missing[:1] if contract.ordered else missing


def may_sign(contract: Contract, standing: Standing) -> Party | None:
    """The party for which this person may sign now; never a helper."""
    return next((party for party in awaited(contract) if party.id in standing.signs), None)


def may_return(contract: Contract, standing: Standing) -> bool:
    """Ask for changes, or decline: a party's people while signatures are awaited."""
    return contract.state == ContractState.AWAITING and bool(standing.belongs)


def may_confirm(contract: Contract, standing: Standing) -> Party | None:
    """The party whose signatory may confirm a contract that somebody else recorded from paper: never one of the same side."""
    ours = any(party.recorded and party.id in standing.sides for party in contract.parties)
    if contract.state != ContractState.RECORDED or ours:
        return None
    others = (party for party in contract.parties if party.id in standing.signs and not party.recorded)
    return next(others, None)


def may_attest(contract: Contract, standing: Standing) -> bool:
    """An officer of a party's territory who is independent of the parties and has seen the original."""
    waiting = contract.state == ContractState.RECORDED
    concluded = contract.state in (ContractState.SIGNED, ContractState.SUSPENDED, ContractState.COMPLETED)
    unattested = any(not signature.attested for signature in standing_signatures(contract))
    return standing.acts and standing.independent and (waiting or (concluded and unattested))


def may_end(contract: Contract, standing: Standing, act: ContractAct, day: date) -> bool:
    """Suspend, resume, complete, terminate, settle: whoever may sign for a party. What is in force is not yet settled."""
    running = contract.state == ContractState.SIGNED and standing_on(day, contract) != ByDate.PAST_END
    if act == ContractAct.SETTLE and running:
        return False
    return CONTRACT.allows(contract.state, act) and bool(standing.signs)


def may_cancel(contract: Contract, standing: Standing) -> bool:
    """Drop a draft: a party's own people; a record that nobody has confirmed: only those who recorded it."""
    own = {party.id for party in contract.parties if party.recorded or contract.state == ContractState.DRAFT}
    return CONTRACT.allows(contract.state, ContractAct.CANCEL) and bool(standing.belongs & own)


def may_reclassify(contract: Contract, standing: Standing) -> bool:
    """An officer may say what a document is, with a reason; a title does not decide it."""
    hidden = (ContractState.DRAFT, ContractState.CANCELLED)
    return standing.acts and standing.independent and contract.state not in hidden


def standing_signatures(contract: Contract) -> list[Signature]:
    """The signatures under the text that stands."""
    return list(contract.documents[-1].signatures) if contract.documents else []


def helped(contract: Contract, standing: Standing) -> int | None:
    """The organisation in whose name a helper acts here; None for a party's own people."""
    if standing.belongs:
        return None
    return next((party.organisation_id for party in contract.parties if party.id in standing.helps), None)
