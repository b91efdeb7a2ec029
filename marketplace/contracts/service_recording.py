"""A contract that was signed elsewhere, on paper, is recorded: scan, parties, goods, dates, trade event."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from marketplace.accounts.models import User
from marketplace.clauses import text
from marketplace.clauses.terms import Side
from marketplace.contracts import policy, queries, service_signing
from marketplace.contracts.models import Contract, Document, Line, Party, Signature
from marketplace.contracts.rules import ContractState, Method
from marketplace.contracts.service_drawing import add, kind_of, new_code, party_from, written
from marketplace.contracts.service_signing import check_day
from marketplace.contracts.telling import named, tell, tell_officers
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.files.service import read
from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.ledger.service import record
from marketplace.offers.rules import LinkageForm
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit
from marketplace.promotion.models import TradeEvent


@dataclass(frozen=True)
class PaperParty:
    """One side of the paper: an organisation known here, or a name and perhaps a tax code without account."""

    side: Side
    name: str
    organisation: Organisation | None = None
    tax_code: str | None = None
    seat: AdminUnit | None = None
    representative: str | None = None
    representative_title: str | None = None
    abroad: bool = False


@dataclass(frozen=True)
class Paper:
    """What stands on the paper. A title does not decide what it is: whether quantity and price are fixed does."""

    seller: PaperParty
    buyer: PaperParty
    lines: list[Line]
    signed_on: date
    fixes_quantity: bool
    fixes_price: bool
    will: bool = False  # it only states what both intend: a memorandum
    number: str = ""
    title: str = ""
    linkage_form: LinkageForm | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    event: TradeEvent | None = None
    with_households: bool = False
    households: int | None = None
    extra: dict[str, str] = field(default_factory=dict)
    beside: tuple[PaperParty, ...] = ()  # more sellers, where several stand on the paper

    @property
    def sides(self) -> tuple[PaperParty, ...]:
        """Everybody, the sellers first."""
        return (self.seller, *self.beside, self.buyer)


def record_paper(
    paper: Paper,
    scan: StoredFile,
    *,
    recording_for: Organisation | None,
    seen_original: bool,
    actor: User,
    on_behalf_of: int | None,
    now: datetime,
) -> Contract:
    """Enter a paper contract. It counts once each side has recorded or confirmed it, or an officer attests it.

    `recording_for`: the party whose people (or helper) record it; None when an officer does, who may attest at once.
    """
    check_paper(paper, now)
    contract = Contract(
        kind=kind_of(paper.linkage_form, paper.fixes_quantity, paper.fixes_price, will=paper.will),
        linkage_form=paper.linkage_form,
        with_households=paper.with_households,
        fixes_quantity=paper.fixes_quantity,
        fixes_price=paper.fixes_price,
        number=paper.number,
        title=paper.title,
        code=new_code(),
        state=ContractState.RECORDED,
        on_paper=True,
        event_id=paper.event.id if paper.event else None,
        starts_on=paper.starts_on,
        ends_on=paper.ends_on,
        households=paper.households,
        turn_since=now,
        created_by_id=actor.id,
        created_at=now,
    )
    contract.parties = [side_of(each, place, paper.signed_on) for place, each in enumerate(paper.sides, start=1)]
    for party in contract.parties[1:]:
        party.lead = False
    # An officer who is also of a party, or helps it, has recorded it for that party too: its word alone never counts.
    own = {recording_for.id} if recording_for else capacities(actor).organisation_ids
    for party in contract.parties:
        party.recorded = party.organisation_id in own
    contract.lines = paper.lines
    add(contract, "contract:recorded", actor=actor, on_behalf_of=on_behalf_of, now=now, data=facts(paper, scan))
    keep_scan(contract, scan, paper.signed_on, actor=actor, now=now)
    if seen_original:
        attest_at_once(contract, actor=actor, now=now)
    else:
        ask_to_confirm(contract, actor=actor, now=now)
    return contract


def ask_to_confirm(contract: Contract, *, actor: User, now: datetime) -> None:
    """Tell the other party, and the officers, that a record waits for them."""
    others = [party for party in contract.parties if not party.recorded]
    told = msgid("Paper contract %(number)s was recorded: is it yours? Please confirm.", number=named(contract))
    tell(contract, told, now=now, actor=actor, parties=others)
    waits = msgid("Paper contract %(number)s waits for an officer who has seen the original.", number=named(contract))
    tell_officers(contract, waits, now=now, actor=actor)


def confirm(contract: Contract, party: Party, *, actor: User, now: datetime) -> None:
    """A party says that the recorded paper is theirs. One that an officer typed needs the word of each side."""
    if any(each.recorded for each in contract.parties):
        service_signing.confirm(contract, party, actor=actor, now=now)
        return
    party.recorded = True  # from now on this side stands behind the record, and the other one is asked
    contract.turn_since = now
    db.session.flush()
    record("contract:confirmed", contract, actor=actor.id, now=now, data={"party": party.position})
    others = [each for each in contract.parties if each.side != party.side]
    told = msgid(
        "%(name)s confirmed paper contract %(number)s. It counts once your side confirms it too.",
        name=party.name,
        number=named(contract),
    )
    tell(contract, told, now=now, actor=actor, parties=others)


def check_paper(paper: Paper, now: datetime) -> None:
    """Refuse what cannot stand on a paper."""
    check_day(paper.signed_on, now)
    if paper.starts_on and paper.ends_on and paper.ends_on <= paper.starts_on:
        raise Refusal(msgid("The contract must end after it starts; correct one of the two dates."), field="ends_on")
    known = [each.organisation.id for each in paper.sides if each.organisation is not None]
    codes = [each.tax_code for each in paper.sides if each.tax_code]
    if len(known) > len(set(known)) or len(codes) > len(set(codes)):
        if paper.beside:
            raise Refusal(msgid("Each party stands on the paper once: the same one is named twice here."))
        raise Refusal(msgid("Seller and buyer cannot be the same."), field="buyer_name")
    if not paper.lines:
        raise Refusal(msgid("Enter at least one line of goods first."))
    refuse_twice(paper)


def refuse_twice(paper: Paper) -> None:
    """Both parties may record the same paper: the second is led to the first one's record."""
    if paper.seller.organisation is None or paper.buyer.organisation is None or not paper.number:
        return
    found = queries.same_paper(paper.number, paper.signed_on, paper.seller.organisation.id, paper.buyer.organisation.id)
    if found is not None:
        raise Refusal(
            msgid("Contract %(number)s of these two parties and this day is recorded already.", number=paper.number),
            field="number",
        )


def side_of(given: PaperParty, position: int, day: date) -> Party:
    """The stored party, with the seat and sector that the organisation had when it signed."""
    if given.organisation is not None:
        party = party_from(given.organisation, given.side, position, day)
        # Who signed is what stands on the paper, not who represents the organisation here today.
        party.representative, party.representative_title = given.representative, given.representative_title
        return party
    return Party(
        position=position,
        side=given.side,
        name=given.name,
        tax_code=given.tax_code,
        seat_id=given.seat.id if given.seat else None,
        representative=given.representative,
        representative_title=given.representative_title,
        abroad=given.abroad,
        lead=False,
    )


def facts(paper: Paper, scan: StoredFile) -> dict[str, object]:
    """What the ledger keeps of the recording."""
    return {
        "number": paper.number,
        "signed_on": paper.signed_on.isoformat(),
        "scan": scan.digest,
        "event": paper.event.id if paper.event else None,
    }


def keep_scan(contract: Contract, scan: StoredFile, signed_on: date, *, actor: User, now: datetime) -> None:
    """The scan is the document; every party's ink is on it."""
    wording = written(contract)
    digest = sha256(read(scan)).hexdigest()
    document = Document(
        contract_id=contract.id,
        number=1,
        text=wording,
        text_digest=text.fingerprint(wording),
        file_id=scan.id,
        file_digest=digest,
        frozen_at=now,
        frozen_by_id=actor.id,
    )
    db.session.add(document)
    db.session.flush()
    for party in contract.parties:
        db.session.add(
            Signature(
                document_id=document.id,
                party_id=party.id,
                method=Method.WET_INK,
                signed_on=signed_on,
                recorded_at=now,
                recorded_by_id=actor.id,
                signer_name=party.representative or "",
                signer_title=party.representative_title or "",
                digest=digest,
                scan_id=scan.id,
            )
        )
    db.session.flush()
    db.session.refresh(contract, ["documents"])


def attest_at_once(contract: Contract, *, actor: User, now: datetime) -> None:
    """The officer who records it has the original in hand; not one who helps a party."""
    if not policy.may_attest(contract, queries.standing(actor, contract)):
        raise Refusal(
            msgid("Only an officer of a party's commune or province who helps neither party can attest the original."),
            field="seen_original",
        )
    service_signing.attest(contract, actor=actor, now=now)


def reclassify(
    contract: Contract,
    *,
    fixes_quantity: bool,
    fixes_price: bool,
    linkage_form: LinkageForm | None,
    will: bool,
    with_households: bool,
    reason: str,
    actor: User,
    now: datetime,
) -> None:
    """An officer says what the document is, with a reason; the old classification stays in the ledger."""
    before = {"kind": contract.kind, "form": contract.linkage_form, "households": contract.with_households}
    contract.fixes_quantity, contract.fixes_price = fixes_quantity, fixes_price
    contract.linkage_form = linkage_form
    contract.with_households = with_households
    contract.kind = kind_of(linkage_form, fixes_quantity, fixes_price, will=will)
    after = {"kind": contract.kind, "form": contract.linkage_form, "households": contract.with_households}
    if before == after:
        raise Refusal(msgid("Nothing has changed: this is how the contract is classified already."))
    db.session.flush()
    data = {"before": before, "after": after}
    record("contract:reclassified", contract, actor=actor.id, now=now, data=data, personal={"reason": reason})
