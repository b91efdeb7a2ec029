"""PURE: who may do what to a contract, given how a person stands to it (`queries.standing`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from marketplace.clauses.terms import Side
from marketplace.contracts.models import Contract, Declaration, Document, Party, Signature
from marketplace.contracts.rules import CONTRACT, ContractAct, ContractState, DeclarationState, expired, standing_on
from marketplace.contracts.rules import Standing as ByDate

DECLARED = (ContractAct.COMPLETE, ContractAct.SUSPEND, ContractAct.RESUME, ContractAct.TERMINATE)
"""What one side declares after signing."""
ALONE = (ContractAct.SUSPEND, ContractAct.TERMINATE)
"""What one side may do alone; the other objects afterwards."""


@dataclass(frozen=True)
class Standing:
    """How one person stands to one contract today; ids are those of parties."""

    belongs: frozenset[int] = field(default_factory=frozenset)  # parties whose own people the person is of
    helps: frozenset[int] = field(default_factory=frozenset)  # by a mandate only
    signs: frozenset[int] = field(default_factory=frozenset)  # parties the person may sign for
    acts: bool = False  # an officer in whose territory a party is seated, and of no party
    today: date | None = None  # the day of which all this is said

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


def may_describe(contract: Contract, party: Party, standing: Standing) -> bool:
    """Correct what a draft says of a party: its own people and helpers; anybody, of one that has nobody here."""
    return may_edit(contract, standing) and (party.organisation_id is None or party.id in standing.sides)


def may_open(contract: Contract, standing: Standing) -> bool:
    """Freeze the text for signing: both sides, and their helpers."""
    return CONTRACT.allows(contract.state, ContractAct.OPEN_FOR_SIGNING) and bool(standing.sides)


def signing_order(contract: Contract) -> list[Party]:
    """The parties as they sign, where they fixed an order."""
    return sorted(contract.parties, key=lambda party: (party.signs_at or party.position, party.position))


def missing(document: Document, parties: Sequence[Party]) -> list[Party]:
    """The parties whose signature is missing under a document, in the order of signing."""
    done = {signature.party_id for signature in document.signatures}
    left = (party for party in parties if party.id not in done)
    return sorted(left, key=lambda party: (party.signs_at or party.position, party.position))


def turn(contract: Contract, document: Document) -> list[Party]:
    """Whose turn it is under any paper of a contract: all that are missing, or only the next one of a fixed order."""
    left = missing(document, contract.parties)
    return left[:1] if contract.ordered else left


def unsigned(contract: Contract) -> list[Party]:
    """The parties whose signature is still missing under the text that stands, in their order."""
    return missing(contract.documents[-1], contract.parties) if contract.state == ContractState.AWAITING else []


def awaited(contract: Contract) -> list[Party]:
    """Whose turn it is to sign the text that stands."""
    return turn(contract, contract.documents[-1]) if contract.state == ContractState.AWAITING else []


def may_sign(contract: Contract, standing: Standing) -> Party | None:
    """The party for which this person may sign now; never a helper, and nobody after the last day."""
    if over(contract, standing):
        return None
    return next((party for party in awaited(contract) if party.id in standing.signs), None)


def over(contract: Contract, standing: Standing) -> bool:
    """Whether the time to sign is over today."""
    return standing.today is not None and expired(standing.today, contract)


def may_extend(contract: Contract, standing: Standing) -> bool:
    """Give the same text more time: either side's own people; the others are told."""
    return CONTRACT.allows(contract.state, ContractAct.EXTEND) and bool(standing.belongs)


def may_talk(contract: Contract, standing: Standing) -> bool:
    """Read what the sides say to each other about the text, and what they changed: never an official."""
    return bool(standing.sides) and not contract.on_paper


def may_comment(contract: Contract, standing: Standing) -> bool:
    """Say something about a clause while it can still be changed."""
    return may_talk(contract, standing) and contract.state in (ContractState.DRAFT, ContractState.AWAITING)


def turn_in_draft(contract: Contract) -> list[Party]:
    """Who is to look the draft through: everybody but the side that left it as it reads now."""
    return [party for party in contract.parties if party.position != contract.left_by]


def may_return(contract: Contract, standing: Standing) -> bool:
    """Ask for changes, or decline: a party's people while signatures are awaited."""
    return contract.state == ContractState.AWAITING and bool(standing.belongs)


def may_confirm(contract: Contract, standing: Standing) -> Party | None:
    """The party whose signatory may confirm a contract that somebody else recorded from paper: never one of the same side."""
    ours = any(party.recorded and party.id in standing.sides for party in contract.parties)
    if contract.state != ContractState.RECORDED or ours:
        return None
    same = {party.side for party in contract.parties if party.recorded}
    others = (party for party in contract.parties if party.id in standing.signs and party.side not in same)
    return next(others, None)


def may_attest(contract: Contract, standing: Standing) -> bool:
    """An officer of a party's territory who is independent of the parties and has seen the original."""
    waiting = contract.state == ContractState.RECORDED
    concluded = contract.state in (ContractState.SIGNED, ContractState.SUSPENDED, ContractState.COMPLETED)
    unattested = any(not signature.attested for signature in standing_signatures(contract))
    return standing.acts and standing.independent and (waiting or (concluded and unattested))


def may_declare(contract: Contract, standing: Standing, act: ContractAct) -> Party | None:
    """The party in whose name this person may pause, resume, complete or end the contract: only who may sign for it.

    Whoever put it on hold takes it up again; the other side may object to the pause, or end the contract.
    """
    if act not in DECLARED or not CONTRACT.allows(contract.state, act):
        return None
    paused = paused_by(contract) if act == ContractAct.RESUME else None
    own = (party for party in contract.parties if party.id in standing.signs)
    return next((party for party in own if paused in (None, party.id)), None)


def paused_by(contract: Contract) -> int | None:
    """The party that put the contract on hold last."""
    pauses = {row.id: row.party_id for row in contract.declarations if row.act == ContractAct.SUSPEND}
    return pauses[max(pauses)] if pauses else None


def others(contract: Contract, party: Party) -> list[Party]:
    """The other sides; one that has nobody here answers on paper, which an officer records."""
    return [
        other
        for other in contract.parties
        if other.organisation_id is None or other.organisation_id != party.organisation_id
    ]


def to_answer(contract: Contract, declaration: Declaration) -> list[Party]:
    """The other sides that have not answered a declaration, where an answer still matters."""
    if declaration.state == DeclarationState.STATED:
        matters = CONTRACT.allows(contract.state, declaration.act)
    else:
        matters = declaration.state == DeclarationState.EFFECTIVE and declaration.act in ALONE
    answered = {answer.party_id for answer in declaration.answers}
    return [party for party in others(contract, declaration.party) if matters and party.id not in answered]


def may_answer(contract: Contract, declaration: Declaration, standing: Standing) -> Party | None:
    """The party in whose name this person may confirm, or object."""
    return next((party for party in to_answer(contract, declaration) if party.id in standing.signs), None)


def to_record(contract: Contract, declaration: Declaration, standing: Standing) -> list[Party]:
    """Parties without an account whose written answer this officer may record: never one of a party, nor its helper."""
    if not (standing.acts and standing.independent):
        return []
    return [party for party in to_answer(contract, declaration) if party.organisation_id is None]


def may_withdraw(contract: Contract, declaration: Declaration, standing: Standing) -> bool:
    """Whoever may sign for the side that declared it, while it waits."""
    return declaration.state == DeclarationState.STATED and declaration.party_id in standing.signs


def may_settle(contract: Contract, standing: Standing, day: date) -> bool:
    """Draw up settlement minutes: both sides, for what has ended; what is in force is not yet settled."""
    running = contract.state == ContractState.SIGNED and standing_on(day, contract) != ByDate.PAST_END
    return CONTRACT.allows(contract.state, ContractAct.SETTLE) and not running and bool(standing.sides)


def sellers(contract: Contract) -> list[Party]:
    """The sellers, in their order."""
    return [party for party in contract.parties if party.side == Side.SELLER]


def is_shared(contract: Contract) -> bool:
    """Whether several sellers stand in it, each with its own share."""
    return len(sellers(contract)) > 1


def speaks(contract: Contract, party: Party) -> bool:
    """Whether what a party says ends the whole: of several sellers only the leading one's; the others leave with their share."""
    return party.side == Side.BUYER or party.lead or not is_shared(contract)


def may_decline(contract: Contract, standing: Standing) -> bool:
    """Not sign at all, and for everybody."""
    own = (party for party in contract.parties if party.id in standing.belongs)
    return may_return(contract, standing) and any(speaks(contract, party) for party in own)


def may_split(contract: Contract, standing: Standing) -> bool:
    """Share out anew in the draft: any of several sellers, and their helpers."""
    ours = any(party.id in standing.sides for party in sellers(contract))
    return CONTRACT.allows(contract.state, ContractAct.EDIT) and is_shared(contract) and ours


def may_leave(contract: Contract, standing: Standing) -> Party | None:
    """The one of several sellers in whose name this person may leave, as long as not all have signed."""
    if contract.state not in (ContractState.DRAFT, ContractState.AWAITING) or not is_shared(contract):
        return None
    return next((party for party in sellers(contract) if party.id in standing.belongs), None)


def may_cancel(contract: Contract, standing: Standing) -> bool:
    """Drop a draft: who speaks for a side; a record that nobody has confirmed: only those who recorded it."""
    draft = contract.state == ContractState.DRAFT
    own = {party.id for party in contract.parties if party.recorded or (draft and speaks(contract, party))}
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
