"""Drawing up: sides and kind of a contract, editing the draft, freezing its text for signing."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from marketplace.accounts.models import User
from marketplace.clauses import text
from marketplace.clauses.documents import render_pdf
from marketplace.clauses.drafting import contract_text
from marketplace.clauses.linkages import linkage
from marketplace.clauses.split import check_split
from marketplace.clauses.terms import COPIES, ContractKind, Goods, Linkage, Side, Terms, Venue, check
from marketplace.clauses.terms import Party as PartyTerms
from marketplace.clauses.vocabulary import Scene
from marketplace.contracts import agreed, points, policy
from marketplace.contracts.models import Contract, Document, Line, Party
from marketplace.contracts.rules import CONTRACT, ContractAct, ContractState
from marketplace.contracts.service_parties import correct
from marketplace.contracts.service_shares import lay, lift
from marketplace.contracts.service_templates import Chosen, body_of, choose, pin, word
from marketplace.contracts.service_versions import keep, latest, leave, side_of
from marketplace.contracts.sharing import portions
from marketplace.contracts.telling import named, tell
from marketplace.extensions import db
from marketplace.files.models import StoredFile
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.messages import msgid
from marketplace.kernel.prices import PriceKind
from marketplace.kernel.quantities import unit as measure_of
from marketplace.ledger.service import record
from marketplace.offers.rules import LinkageForm
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import COOPERATIVES, Kind
from marketplace.signatures.statement import stated, statement
from marketplace.web.fields import format_phone

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 O 1 I: codes are read from paper."""
CODE_LENGTH = 10


def new_code() -> str:
    """A code that cannot be guessed: 50 bits."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def kind_of(form: LinkageForm | None, fixes_quantity: bool, fixes_price: bool, *, will: bool = False) -> ContractKind:
    """What a document is, by what it fixes and not by its title (design.md §4.1).

    Without quantity and price it is no contract: a framework agreement, or a memorandum where it states only a `will`.
    """
    if not (fixes_quantity and fixes_price):
        return ContractKind.MEMORANDUM if will else ContractKind.FRAMEWORK
    return ContractKind.SALE if form is None else ContractKind.LINKAGE


def party_from(organisation: Organisation, side: Side, position: int, day: date) -> Party:
    """A side of the contract, filled from what the organisation has told of itself."""
    seat = organisations.seat_on(organisation, day)
    where = [organisation.address, seat.name if seat else None, seat.parent.name if seat and seat.parent else None]
    return Party(
        position=position,
        side=side,
        organisation_id=organisation.id,
        name=organisation.name,
        tax_code=organisation.public_tax_code,
        address=", ".join(part for part in where if part) or None,
        representative=organisation.representative,
        representative_title=organisation.representative_title,
        phone=organisation.phone,
        seat_id=seat.id if seat else None,
        sector=organisation.sector,
        lead=side == Side.SELLER and organisation.kind in COOPERATIVES,
    )


def add(
    contract: Contract, event: str, *, actor: User, on_behalf_of: int | None, now: datetime, data: Mapping[str, Any]
) -> Contract:
    """Store a new contract with its template, its worth and its first entry."""
    if not contract.on_paper:
        pin(contract, local_date(now))
    price_up(contract)
    db.session.add(contract)
    db.session.flush()
    fixed = {"rows": agreed.digest_of(contract.id)} if contract.on_paper else {}
    data = {**data, "kind": contract.kind, **fixed}
    record(event, contract, actor=actor.id, on_behalf_of=on_behalf_of, now=now, data=data)
    return contract


def price_up(contract: Contract) -> None:
    """Derive the value from the lines: an estimate with a floating price, None ("chưa xác định") without one."""
    terms = terms_of(contract)
    contract.value = terms.total
    contract.value_estimated = terms.total is not None and terms.total_is_estimate


def edit(
    contract: Contract,
    changes: Mapping[str, Any],
    lines: Iterable[Line] | None = None,
    parties: Mapping[int, Mapping[str, Any]] | None = None,
    wording: Chosen | None = None,
    *,
    actor: User,
    on_behalf_of: int | None,
    now: datetime,
) -> None:
    """Change a draft: `changes` by column, `lines` replaces the goods, `parties` by id, `wording` the choice of clauses."""
    contract.state = CONTRACT.after(contract.state, ContractAct.EDIT)
    begun(contract)
    changed = [name for name, value in changes.items() if getattr(contract, name) != value]
    for name in changed:
        setattr(contract, name, changes[name])
    if lines is not None:
        shares = lift(contract)
        contract.lines = list(lines)
        lay(contract, shares)
        changed.append("lines")
    changed += correct(contract, parties or {}, actor=actor, on_behalf_of=on_behalf_of, now=now)
    contract.kind = kind_of(contract.linkage_form, contract.fixes_quantity, contract.fixes_price)
    changed += reworded(contract, wording or Chosen(), local_date(now))
    check(terms_of(contract))
    price_up(contract)
    before = contract.left_by
    leave(contract, written(contract), actor=actor, on_behalf_of=on_behalf_of, now=now)
    if contract.left_by != before:  # who goes on editing tells the others once
        pass_turn(contract, actor, now)
    record(
        "contract:edited",
        contract,
        actor=actor.id,
        on_behalf_of=on_behalf_of,
        now=now,
        data={"fields": sorted(changed)},
    )


def reworded(contract: Contract, wording: Chosen, day: date) -> list[str]:
    """Take the chosen template and clauses; what of the two changed. The choices were made on the template before."""
    worded = word(contract, wording.chosen, wording.free) if wording.given else False
    return [
        name for name, new in (("wording", worded), ("template", choose(contract, wording.template_id, day))) if new
    ]


def pass_turn(contract: Contract, actor: User, now: datetime) -> None:
    """Tell the others that it is theirs to look at the draft."""
    name = next((party.name for party in contract.parties if party.position == contract.left_by), actor.name)
    told = msgid("%(name)s has changed the draft of contract %(number)s: your turn.", name=name, number=named(contract))
    tell(contract, told, now=now, actor=actor, parties=policy.turn_in_draft(contract))


def begun(contract: Contract) -> None:
    """Keep how a draft read before its first edit; drafts of the time before texts were kept get it here."""
    author = db.session.get(User, contract.created_by_id) if contract.created_by_id else None
    if author is None or latest(contract) is not None:
        return
    try:
        text_now = written(contract)
    except Refusal:  # what cannot be written yet is not kept; the edit that follows mends it
        return
    keep(contract, text_now, side=side_of(contract, author, None), by=author, now=contract.created_at)


def terms_of(contract: Contract) -> Terms:
    """The stored rows as the plain terms from which the clauses are written."""
    lead = next((party.name for party in contract.parties if party.lead), "")
    form: Linkage | None = linkage(contract.linkage_form, lead) if contract.linkage_form else None
    return Terms(
        kind=contract.kind,
        goods=tuple(goods_of(line) for line in contract.lines),
        split=portions(contract),
        linkage=form,
        households=contract.households,
        area_ha=contract.area_ha,
        expected_output=contract.expected_output or "",
        season=contract.season or "",
        place=contract.place or "",
        transport=contract.transport,
        packaging=contract.packaging or "",
        inspection=contract.inspection or "",
        deduction=contract.deduction or "",
        tolerance=contract.tolerance,
        vat=contract.vat,
        venue=contract.venue or Venue.COURT,
        arbitration=contract.arbitration or "",
        disputes=contract.disputes or "",
        signing_place=contract.signing_place or "",
        copies=contract.copies or COPIES,
        payment_days=contract.payment_days,
        payment_method=contract.payment_method,
        advance_inputs=contract.inputs or "",
        advance_amount=contract.advance,
        deposit=contract.deposit,
        penalty_percent=contract.penalty_percent,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        extra=contract.extra or "",
    )


def goods_of(line: Line) -> Goods:
    """One row of the goods table."""
    return Goods(
        name=line.name,
        unit=measure_of(line.measure).label,
        quantity=line.quantity,
        variety=line.variety or "",
        standard=line.standard or "",
        price_kind=line.price_kind or PriceKind.FIXED,
        price=line.price,
        percent=line.price_percent,
        most=line.price_most,
        market=line.market or "",
        schedule={row.month: row.quantity for row in line.months},
    )


def parties_of(contract: Contract) -> list[PartyTerms]:
    """The sides as the document names them."""
    return [
        PartyTerms(
            side=party.side,
            name=party.name,
            tax_code=party.tax_code or "",
            address=party.address or "",
            representative=party.representative or "",
            position=party.representative_title or "",
            authority=party.authority or "",
            phone=format_phone(party.phone) if party.phone else "",
            bank=party.bank or "",
            has_seal=party.organisation is None or party.organisation.kind not in (Kind.THT, Kind.HOUSEHOLD),
        )
        for party in contract.parties
    ]


def scene_of(contract: Contract) -> Scene:
    """Everything that a template's words are computed from."""
    return Scene(terms_of(contract), tuple(parties_of(contract)), contract.number)


@dataclass(frozen=True)
class Frozen:
    """A text made ready for signing, before any write transaction is open."""

    version: int
    document: dict[str, Any]
    pdf: bytes


def written(contract: Contract) -> dict[str, Any]:
    """The contract's text as it reads now, as one document. Refuses terms that the law forbids."""
    return contract_text(
        terms_of(contract),
        parties_of(contract),
        number=contract.number,
        body=body_of(contract),
        wording=contract.wording,
    ).document()


def draw(contract: Contract, *, now: datetime, verify_url: str | None, draft: bool = False) -> Frozen:
    """Write and render the contract's text; slow (tenths of a second), so never inside a write."""
    document = written(contract)
    if draft:
        return Frozen(contract.version, document, render_pdf(document, issued_at=now, draft=True))
    said = stated(contract.code, contract.number, text.fingerprint(document), local_date(now))
    pdf = render_pdf(document, issued_at=now, verify_url=verify_url, code=contract.code, statement=statement(said))
    return Frozen(contract.version, document, pdf)


def draw_own(contract: Contract, pdf: bytes) -> Frozen:
    """A party's own contract file is the document; our wording of the structured terms is kept beside it."""
    document = written(contract)
    return Frozen(contract.version, document, pdf)


def open_for_signing(
    contract: Contract, frozen: Frozen, file: StoredFile, *, actor: User, on_behalf_of: int | None, now: datetime
) -> Document:
    """Freeze the text: from here on it is signed or sent back, never changed. `file` holds exactly `frozen.pdf`."""
    if contract.version != frozen.version:
        raise Stale(contract)
    ready(contract)
    contract.state = CONTRACT.after(contract.state, ContractAct.OPEN_FOR_SIGNING)
    contract.turn_since = now
    document = Document(
        contract_id=contract.id,
        number=len(contract.documents) + 1,
        text=frozen.document,
        text_digest=text.fingerprint(frozen.document),
        file_id=file.id,
        file_digest=sha256(frozen.pdf).hexdigest(),
        frozen_at=now,
        frozen_by_id=actor.id,
        points=looked_at(contract, frozen, local_date(now)),
    )
    db.session.add(document)
    side = side_of(contract, actor, on_behalf_of)
    keep(contract, frozen.document, side=side, by=actor, now=now)
    record(
        "contract:opened_for_signing",
        contract,
        actor=actor.id,
        on_behalf_of=on_behalf_of,
        now=now,
        data={
            "document": document.number,
            "own_text": contract.own_text,
            "text": document.text_digest,
            "file": document.file_digest,
            "rows": agreed.digest_of(contract.id),
        },
    )
    db.session.refresh(contract, ["documents"])
    tell(contract, msgid("Contract %(number)s is ready to be signed.", number=named(contract)), now=now, actor=actor)
    return document


def looked_at(contract: Contract, frozen: Frozen, day: date) -> list[dict[str, Any]]:
    """The points worth a second look, to be kept with the text; a file of the parties' own is not read for them."""
    written = None if contract.own_text else frozen.document
    return [point.stored() for point in points.read(contract, terms_of(contract), parties_of(contract), written, day)]


def ready(contract: Contract) -> None:
    """Refuse to freeze what cannot be signed, naming the field to fill."""
    if not contract.number:
        raise Refusal(msgid("Give the contract its number first."), field="number")
    if contract.state == ContractState.DRAFT and not contract.lines:
        raise Refusal(msgid("Enter at least one line of goods first."))
    for party in contract.parties:
        if party.organisation is not None and not party.organisation.verified:
            raise Refusal(msgid("%(name)s is not verified yet, so it cannot sign.", name=party.name))
    check_split(terms_of(contract))
