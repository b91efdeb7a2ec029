"""Reads of contracts: who may see which, how a person stands to one, lists, the public verification."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, not_, or_, select
from sqlalchemy.orm import lazyload, selectinload

from marketplace.clauses.terms import ContractKind, Side
from marketplace.contracts.models import Answer, Change, Contract, Declaration, Document, Line, Party, Share, Signature
from marketplace.contracts.policy import Standing
from marketplace.contracts.rules import (
    CONCLUDED,
    DEFAULT_COUNTING,
    ContractAct,
    ContractState,
    Counting,
    DeclarationState,
    Method,
)
from marketplace.contracts.turns import Turn, turn_of
from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible
from marketplace.kernel.messages import Message
from marketplace.offers.models import PurchaseOffer
from marketplace.organisations import queries as organisations
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.organisations.queries_list import matching
from marketplace.organisations.rules import folded_name
from marketplace.places.models import AdminUnit
from marketplace.quotes.models import Quote
from marketplace.web import clock
from marketplace.web.addresses import path_of

NOT_FOR_OFFICIALS = (ContractState.DRAFT, ContractState.CANCELLED)
"""What parties only think about is not an official's business."""


def visible_to(user: Any) -> Select[Contract]:
    """The contracts that this person may see: of their organisations, and of their territory."""
    if not user.is_authenticated:
        return select(Contract).where(false())
    own = capacities(user).organisation_ids
    reasons: list[ColumnElement[bool]] = []
    if own:
        reasons.append(
            Contract.id.in_(select(Party.contract_id).where(Party.organisation_id.in_(own), Party.left_at.is_(None)))
        )
    units = organisations.territory(user)
    if units:
        seated = select(Party.contract_id).where(Party.seat_id.in_(units), Party.left_at.is_(None))
        reasons.append(Contract.id.in_(seated) & Contract.state.not_in(NOT_FOR_OFFICIALS))
    if organisations.has_province_post(user):
        # A contract none of whose parties has a known seat would otherwise be nobody's to attest.
        seatless = ~Contract.id.in_(select(Party.contract_id).where(Party.seat_id.is_not(None)))
        reasons.append(seatless & Contract.state.not_in(NOT_FOR_OFFICIALS))
    return select(Contract).where(or_(*reasons) if reasons else false())


seen_by = visible_to
"""The same function under a name that `get` does not hide."""


def get(contract_id: int, visible_to: Any) -> Contract:
    """One contract, or NotVisible."""
    found = db.session.scalar(seen_by(visible_to).where(Contract.id == contract_id))
    if found is None:
        raise NotVisible
    return found


def get_locked(contract_id: int, visible_to: Any) -> Contract:
    """The same inside a write, its row held before anything of it is read: two signatures at once wait for each other."""
    db.session.execute(select(Contract.id).where(Contract.id == contract_id).with_for_update())
    return get(contract_id, visible_to)


def standing(user: Any, contract: Contract) -> Standing:
    """How this person stands to this contract, for the policy."""
    if not user.is_authenticated:
        return Standing()
    found = capacities(user)
    parties = [(party.id, party.organisation) for party in contract.parties if party.organisation is not None]
    seats = {party.seat_id for party in contract.parties if party.seat_id is not None}
    belongs = frozenset(key for key, who in parties if found.belongs(who.id))
    helps = frozenset(key for key, who in parties if found.helps(who.id))
    # Of who is of a party or helps one it is not asked: no officer acts on an own contract.
    officer = not (belongs or helps) and (
        bool(seats & organisations.territory(user, acting=True))
        or (not seats and organisations.has_province_post(user, acting=True))
    )
    return Standing(
        today=clock.today(),
        belongs=belongs,
        helps=helps,
        signs=frozenset(key for key, who in parties if who.verified and found.signs_for(who.id)),
        acts=officer,
    )


def mine(user: Any) -> Select[Contract]:
    """The contracts of the organisations that a user works for."""
    own = capacities(user).organisation_ids
    parties = select(Party.contract_id).where(Party.organisation_id.in_(own), Party.left_at.is_(None))
    return select(Contract).where(Contract.id.in_(parties) if own else false())


def of_quote(quote: Quote) -> Contract | None:
    """The contract that a quote became."""
    return db.session.scalar(select(Contract).filter_by(quote_id=quote.id).options(*BARE, lazyload(Contract.documents)))


def next_number(year: int) -> int:
    """A running number to propose: how many contracts were drawn up this year, plus one."""
    statement = select(func.count(Contract.id)).where(Contract.number.like(f"%/{year}/%"))
    return (db.session.scalar(statement) or 0) + 1


def same_paper(number: str, signed_on: date, seller_id: int, buyer_id: int) -> Contract | None:
    """A contract of the same number, day and parties that is recorded or signed already."""
    statement = select(Contract).where(
        Contract.number == number, Contract.signed_on.is_(None) | (Contract.signed_on == signed_on)
    )
    for side, organisation_id in ((Side.SELLER, seller_id), (Side.BUYER, buyer_id)):
        parties = select(Party.contract_id).where(
            Party.side == side, Party.organisation_id == organisation_id, Party.left_at.is_(None)
        )
        statement = statement.where(Contract.id.in_(parties))
    return db.session.scalar(statement.where(Contract.state.in_((ContractState.RECORDED, *CONCLUDED))).limit(1))


# Counting (design.md §4): the conditions by which reports may ask SQL; `rules.standing_on` says the same in Python. ----


def end_at(day: date | None) -> ColumnElement[date | None]:
    """The end date as it stands on a day (None: by all annexes); `rules.ends_at` in Python."""
    wanted = [Change.contract_id == Contract.id, Change.ends_on.is_not(None)]
    if day is not None:
        wanted.append(Change.effective_on <= day)
    last = select(Change.ends_on).where(*wanted).order_by(Change.effective_on.desc(), Change.id.desc()).limit(1)
    return func.coalesce(last.correlate(Contract).scalar_subquery(), Contract.ends_on)


def value_at(day: date) -> tuple[ColumnElement[int | None], ColumnElement[bool]]:
    """The worth by the terms that stand on a day, and whether it is an estimate."""
    earlier = [Change.contract_id == Contract.id, Change.effective_on <= day]
    order = (Change.effective_on.desc(), Change.id.desc())
    changed = select(Change.id).where(*earlier).correlate(Contract).exists()
    found = []
    for own, later in ((Contract.value, Change.value), (Contract.value_estimated, Change.value_estimated)):
        last = select(later).where(*earlier).order_by(*order).limit(1).correlate(Contract).scalar_subquery()
        found.append(case((changed, last), else_=own))
    return found[0], found[1]


def in_force_at(day: date) -> ColumnElement[bool]:
    """Contracts in force on a day by the terms that stand on it, those on hold included."""
    end = end_at(day)
    return and_(
        Contract.state.in_(CONCLUDED),
        Contract.signed_on <= day,
        func.coalesce(Contract.starts_on, Contract.signed_on) <= day,
        or_(end.is_(None), end >= day),
        or_(Contract.ended_on.is_(None), Contract.ended_on >= day),
    )


def counted(setting: Collection[Counting] = DEFAULT_COUNTING) -> ColumnElement[bool]:
    """Contracts each of whose standing signatures is of a kind that counts; `rules.counts` in Python."""
    good = [Signature.method == METHOD_OF[way] for way in METHOD_OF if way in setting]
    if Counting.APP_ATTESTED in setting:
        good.append(and_(Signature.method == Method.APP, Signature.attested_at.is_not(None)))
    under = (
        select(Signature.id)
        .join(Document, Document.id == Signature.document_id)
        .where(Document.contract_id == Contract.id, Document.series == 0, Document.voided_at.is_(None))
    )
    bad = under.where(not_(or_(*good))) if good else under
    return and_(under.exists(), not_(bad.exists()))


def expired_at(day: date) -> ColumnElement[bool]:
    """Texts that nobody signed in time; `rules.expired` in Python."""
    return and_(Contract.state == ContractState.AWAITING, Contract.sign_by < day)


METHOD_OF = {Counting.INK: Method.WET_INK, Counting.DIGITAL: Method.DIGITAL, Counting.APP: Method.APP}
COUNTED_KINDS = (ContractKind.LINKAGE, ContractKind.SALE)
"""Framework agreements and memoranda are no contracts."""


# What waits -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """Something that waits for one person: a sentence, where to go, since when."""

    contract: Contract
    sentence: Message
    url: str
    since: datetime | None
    act: ContractAct


WAITS = (ContractState.DRAFT, ContractState.AWAITING, ContractState.RECORDED)
"""In these states somebody is awaited."""


def turns(among: Select[Contract], user: Any, limit: int = 100) -> list[tuple[Contract, Turn]]:
    """Of these contracts those on which somebody is awaited, with whose turn it is for this person; longest first."""
    statement = among.where(Contract.state.in_(WAITS)).order_by(Contract.turn_since, Contract.id)
    rows = db.session.scalars(statement.options(*LEAN, lazyload(Contract.changes)).limit(limit)).unique()
    found = ((contract, turn_of(contract, standing(user, contract))) for contract in rows)
    return [(contract, turn) for contract, turn in found if turn is not None]


def waiting_for(user: Any, limit: int = 50) -> list[Waiting]:
    """Contracts that wait for this person to sign, confirm, attest, or look the draft through; longest first."""
    return [
        Waiting(
            contract, turn.sentence, path_of("contracts.show", contract_id=contract.id), contract.turn_since, turn.act
        )
        for contract, turn in turns(visible_to(user), user, limit)
        if turn.act is not None
    ]


LISTED = (
    lazyload(Contract.lines),
    lazyload(Contract.documents),
    selectinload(Contract.parties).lazyload("*"),
)
"""For a plain list: the parties' names only."""
BARE = (
    lazyload(Contract.lines),
    selectinload(Contract.parties).joinedload(Party.organisation).lazyload("*"),
)
LEAN = (
    *BARE,
    selectinload(Contract.documents).selectinload(Document.signatures).lazyload("*"),
)
"""For lists: no goods, and of the parties' organisations and the signatures only their own rows."""


def to_attest(user: Any, *, what: str = "", event_id: int | None = None) -> Select[Contract]:
    """The officers' queue: records that nobody has confirmed, and confirmations in the app that do not count yet."""
    open_app = (
        select(Signature.id)
        .join(Document, Document.id == Signature.document_id)
        .where(
            Document.contract_id == Contract.id,
            Document.series == 0,
            Document.voided_at.is_(None),
            Signature.method == Method.APP,
            Signature.attested_at.is_(None),
        )
    )
    # A party without an account answers on paper, and an officer records it.
    absent = (
        select(Declaration.id)
        .join(Party, Party.contract_id == Declaration.contract_id)
        .where(
            Declaration.contract_id == Contract.id,
            Declaration.state == DeclarationState.STATED,
            Party.organisation_id.is_(None),
            Party.left_at.is_(None),
            ~select(Answer.id).where(Answer.declaration_id == Declaration.id, Answer.party_id == Party.id).exists(),
        )
    )
    answered = and_(Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED)), absent.exists())
    recorded = Contract.state == ContractState.RECORDED
    confirmed = and_(Contract.state.in_((ContractState.SIGNED, ContractState.SUSPENDED)), open_app.exists())
    wanted = {"paper": recorded, "app": confirmed}.get(what, or_(recorded, confirmed, answered))
    own = capacities(user).organisation_ids
    parties = select(Party.contract_id).where(Party.organisation_id.in_(own), Party.left_at.is_(None))
    statement = visible_to(user).where(wanted, Contract.id.not_in(parties)).options(*LISTED)
    return statement.where(Contract.event_id == event_id) if event_id else statement


# Counts for the pages of earlier nouns ----------------------------------------------------------------------------


def in_force_of(organisation_id: int, day: date) -> int:
    """How many contracts of an organisation are in force."""
    parties = select(Party.contract_id).where(Party.organisation_id == organisation_id, Party.left_at.is_(None))
    statement = select(func.count(Contract.id)).where(
        Contract.id.in_(parties), in_force_at(day), Contract.kind.in_(COUNTED_KINDS)
    )
    return db.session.scalar(statement) or 0


def counts_at_event(event_id: int) -> dict[ContractKind, int]:
    """Concluded documents that name a trade event, by kind."""
    statement = (
        select(Contract.kind, func.count())
        .where(Contract.event_id == event_id, Contract.state.in_(CONCLUDED))
        .group_by(Contract.kind)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def contract_of_offer(offer_id: int) -> Contract | None:
    """The contract that came of an offer."""
    statement = select(Contract).join(Quote, Quote.id == Contract.quote_id).where(Quote.offer_id == offer_id)
    return db.session.scalar(statement.options(*BARE, lazyload(Contract.documents)).limit(1))


def count_of_product(product_id: int, day: date) -> int:
    """How many contracts in force promise a product: of several sellers that of each who names one."""
    shared = select(Share.id).where(Share.line_id == Line.id).exists()
    alone = select(Line.contract_id).where(Line.product_id == product_id, ~shared)
    together = select(Line.contract_id).join(Share, Share.line_id == Line.id).where(Share.product_id == product_id)
    statement = select(func.count(Contract.id)).where(
        or_(Contract.id.in_(alone), Contract.id.in_(together)), in_force_at(day), Contract.kind.in_(COUNTED_KINDS)
    )
    return db.session.scalar(statement) or 0


def scan_of(contract: Contract, signature_id: int) -> Signature:
    """A signature of this contract that has a scan, or NotVisible."""
    for document in contract.documents:
        for signature in document.signatures:
            if signature.id == signature_id and signature.scan is not None:
                return signature
    raise NotVisible


def document_of(contract: Contract, number: int) -> Document:
    """One frozen document of this contract, or NotVisible."""
    found = next((document for document in contract.documents if document.number == number), None)
    if found is None:
        raise NotVisible
    return found


# Whom a paper names -----------------------------------------------------------------------------------------------


def candidates(user: Any, name: str, tax_code: str, limit: int = 8) -> list[Organisation]:
    """The organisations that a typed name or tax code may mean."""
    by_code = organisations.by_tax_code(tax_code)
    if by_code is not None:
        seen = seen_organisations(user).where(Organisation.id == by_code.id)
        return list(db.session.scalars(seen))
    if not name or tax_code:
        return []
    statement = seen_organisations(user).where(*matching(name)).order_by(Organisation.folded, Organisation.id)
    return list(db.session.scalars(statement.limit(limit)))


seen_organisations = organisations.visible_to
"""Which organisations a person may see."""


def in_area(user: Any, sides: Iterable[tuple[Organisation | None, AdminUnit | None]], day: date) -> bool:
    """Whether a side (organisation, or a typed seat) lies where the user acts as an officer, or nobody's is known."""
    units = [organisations.place_at(who, day) or who.unit if who is not None else seat for who, seat in sides]
    known = {unit.id for unit in units if unit is not None}
    if not known:
        return organisations.has_province_post(user, acting=True)
    return bool(known & organisations.territory(user, acting=True))


def certain(found: list[Organisation], name: str, tax_code: str) -> Organisation | None:
    """The one that is surely meant: by its tax code, or the only one of exactly this name."""
    if tax_code and len(found) == 1:
        return found[0]
    exact = [row for row in found if row.folded == folded_name(name)]
    return exact[0] if len(exact) == 1 else None


def own_quote(quote_id: int, user: Any) -> Quote:
    """A quotation that somebody of the buyer's, or its helper, may accept; or NotVisible."""
    own = capacities(user).organisation_ids
    statement = (
        select(Quote)
        .join(PurchaseOffer, PurchaseOffer.id == Quote.offer_id)
        .where(Quote.id == quote_id, PurchaseOffer.buyer_id.in_(own), Quote.submitted_at.is_not(None))
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotVisible
    return found
