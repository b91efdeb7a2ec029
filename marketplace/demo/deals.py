"""From an offer to a contract and what becomes of it, each step by the service that a page would call."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.clauses.terms import Side
from marketplace.contracts import policy, service_drawing, service_ending, service_signing
from marketplace.contracts.models import Contract, Line
from marketplace.contracts.rules import ContractAct, EndGround, Method
from marketplace.contracts.service_accepting import accept_quote
from marketplace.contracts.service_recording import Paper, PaperParty, record_paper
from marketplace.contracts.service_sealing import Coming, prepare
from marketplace.contracts.service_signing import Given
from marketplace.demo.pictures import scan
from marketplace.demo.stage import Stage
from marketplace.files import service as files
from marketplace.files.models import StoredFile
from marketplace.kernel.dates import add_months, format_date
from marketplace.kernel.prices import PriceKind
from marketplace.offers import service as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import Asked, DemandLevel, LinkageForm, Need
from marketplace.organisations.models import Organisation
from marketplace.products.rules import CertificateKind
from marketplace.promotion.models import TradeEvent
from marketplace.quotes import service as quotes
from marketplace.quotes.models import Quote
from marketplace.quotes.rules import Said

CLEAN = (Asked(DemandLevel.MUST, CertificateKind.ATTP), Asked(DemandLevel.NICE, CertificateKind.VIETGAP))
ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class Wish:
    """What a buyer wants, in figures; days are counted back from today, months ahead from the day of asking."""

    buyer: str
    what: str
    product: str
    measure: str
    monthly: int
    price: int | None
    asked: int
    closes: int = -14  # days after asking, as a negative age
    months: int = 3
    first: int = 1
    form: LinkageForm | None = None
    floor: bool = False
    demands: tuple[Asked, ...] = ()
    minimum_stars: int | None = None
    payment_days: int | None = 15
    inputs: str | None = None
    place: str | None = "Kho bên mua"
    note: str | None = None
    enquiry: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    rule: dict[str, Any] = field(default_factory=dict)  # how the contract's price follows the market


def need_of(stage: Stage, wish: Wish) -> Need:
    """The wish as the offer's form would give it."""
    product, buyer = stage.products[wish.product], stage.organisations[wish.buyer]
    asked_on = stage.day(wish.asked)
    kind = PriceKind.NEGOTIABLE if wish.price is None else (PriceKind.FLOOR if wish.floor else PriceKind.FIXED)
    months = {stage.month(wish.first + step, asked_on): Decimal(wish.monthly) for step in range(wish.months)}
    return Need(
        what=wish.what,
        quantity=sum(months.values(), Decimal(0)),
        measure=wish.measure,
        unit_id=buyer.unit.id if buyer.unit else stage.province().id,
        closes_on=stage.day(wish.asked + wish.closes),
        price=wish.price,
        price_kind=kind,
        group=product.group,
        place=wish.place,
        minimum_stars=wish.minimum_stars,
        payment_days=wish.payment_days,
        inputs=wish.inputs,
        linkage_form=wish.form,
        note=wish.note,
        months=months,
        demands=wish.demands,
    )


def draft_offer(stage: Stage, wish: Wish) -> PurchaseOffer:
    """A draft of the buyer."""
    actor, buyer = stage.actor(wish.buyer), stage.organisations[wish.buyer]
    product = stage.products[wish.product] if wish.enquiry else None
    return offers.create(buyer, need_of(stage, wish), actor=actor, now=stage.ago(wish.asked), product=product)


def publish_offer(stage: Stage, wish: Wish) -> PurchaseOffer:
    """A draft, published within the hour."""
    offer = draft_offer(stage, wish)
    offers.publish(offer, actor=stage.actor(wish.buyer), now=stage.ago(wish.asked, 10))
    return offer


def said_of(stage: Stage, offer: PurchaseOffer, product: str, price: int, share: int = 100, **more: Any) -> Said:
    """An answer that gives `share` per cent of every month."""
    months = {row.month: (row.quantity * share / 100).quantize(Decimal(1)) for row in offer.months}
    total = sum(months.values(), Decimal(0)) if months else offer.quantity
    answers = {
        row.id: (True, "Có giấy, gửi kèm mẫu hàng.")
        if row.level == DemandLevel.MUST or share == 100
        else (False, "Đang làm hồ sơ.")
        for row in offer.demands
    }
    return Said(
        price=price,
        quantity=total,
        months=months,
        payment_days=offer.payment_days,
        product_ids=(stage.products[product].id,),
        answers=answers,
        **more,
    )


def answer(stage: Stage, offer: PurchaseOffer, seller: str, days: int, said: Said) -> Quote:
    """The seller's quote, or its next version."""
    organisation, actor = stage.organisations[seller], stage.actor(seller)
    return quotes.submit(offer, organisation, said, actor=actor, now=stage.ago(days, 11))


def agree(stage: Stage, seller: str, wish: Wish) -> Contract:
    """Offer, one quote at the buyer's price, acceptance; the draft is completed with what the form asks for."""
    offer = publish_offer(stage, wish)
    quote = answer(stage, offer, seller, wish.asked - 3, said_of(stage, offer, wish.product, wish.price or 0))
    actor, now = stage.actor(wish.buyer), stage.ago(wish.asked - 6)
    contract = accept_quote(quote, seen=quote.latest.number, actor=actor, on_behalf_of=None, now=now)
    last = max(row.month for row in offer.months)
    changes = {
        "starts_on": min(row.month for row in offer.months),
        "ends_on": add_months(last, 1) - (date(2000, 1, 2) - date(2000, 1, 1)),
        "penalty_percent": Decimal(8),
        **wish.extra,
    }
    for name, value in wish.rule.items():
        setattr(contract.lines[0], name, value)
    service_drawing.edit(contract, changes, actor=stage.actor(seller), on_behalf_of=None, now=stage.ago(wish.asked - 7))
    return contract


def open_for_signing(stage: Stage, contract: Contract, days: int) -> Contract:
    """The text is frozen."""
    now = stage.ago(days, 14)
    frozen = service_drawing.draw(contract, now=now, verify_url=f"{stage.public_url}/verify/{contract.code}")
    seller = key_of(stage, contract, Side.SELLER)
    file = files.keep(frozen.pdf, "hop-dong.pdf", now, stage.actor(seller).id)
    service_drawing.open_for_signing(contract, frozen, file, actor=stage.actor(seller), on_behalf_of=None, now=now)
    return contract


def key_of(stage: Stage, contract: Contract, side: Side) -> str:
    """The key of the organisation on that side."""
    party = next(row for row in contract.parties if row.side == side)
    return next(key for key, row in stage.organisations.items() if row.id == party.organisation_id)


def sign(stage: Stage, contract: Contract, side: Side, days: int, *, ink: bool) -> Contract:
    """One side signs: on paper with a scan, or by confirming in the application."""
    return sign_for(stage, contract, key_of(stage, contract, side), days, ink=ink)


def sign_for(stage: Stage, contract: Contract, key: str, days: int, *, ink: bool) -> Contract:
    """The same for one organisation, where several stand on a side."""
    party = next(row for row in contract.parties if row.organisation_id == stage.organisations[key].id)
    now = stage.ago(days, 15)
    signer, actor, document = stage.membership(key), stage.actor(key), contract.documents[-1]
    method, day = Method.WET_INK if ink else Method.APP, stage.day(days)
    scan = keep_scan(stage, f"Hợp đồng số {contract.number}", day, actor.id) if ink else None
    ahead = prepare(document, Coming(party, method, signer, day, scan=files.read(scan) if scan else None), now=now)
    given = Given(method, document.file_digest, day, signer, scan=scan)
    service_signing.sign(contract, party, given, actor=actor, now=now, address=ADDRESS, prepared=ahead)
    return contract


def conclude(stage: Stage, seller: str, wish: Wish, *, ink: bool) -> Contract:
    """All the way to two signatures."""
    contract = open_for_signing(stage, agree(stage, seller, wish), wish.asked - 8)
    sign(stage, contract, Side.SELLER, wish.asked - 9, ink=ink)
    return sign(stage, contract, Side.BUYER, wish.asked - 11, ink=ink)


def attest(stage: Stage, contract: Contract, officer: str, days: int) -> None:
    """An officer has seen the original."""
    service_signing.attest(contract, actor=stage.people[officer], now=stage.ago(days))


def end(stage: Stage, contract: Contract, act: ContractAct, days: int, reason: str = "") -> None:
    """What the seller declares after signing; the buyer confirms it on the same day."""
    seller, buyer = (stage.actor(key_of(stage, contract, side)) for side in (Side.SELLER, Side.BUYER))
    ground = EndGround.AGREEMENT if act == ContractAct.TERMINATE else None
    said = service_ending.Said(act, stage.day(days), reason, ground)
    made = service_ending.declare(contract, contract.parties[0], said, actor=seller, now=stage.ago(days, 16))
    for party in policy.to_answer(contract, made) if said.needs_answer else []:
        service_ending.answer(made, party, agrees=True, reason="", actor=buyer, now=stage.ago(days, 17))


# Papers signed elsewhere -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """A paper contract as somebody types it in."""

    number: str
    seller: str
    buyer: str
    signed_on: date
    product: str
    quantity: int | None
    measure: str
    price: int | None
    title: str = "Hợp đồng tiêu thụ sản phẩm"
    months: int | None = 12
    form: LinkageForm | None = None
    will: bool = False
    abroad: bool = False
    households: int | None = None
    with_households: bool = False
    buyer_code: str | None = None


def keep_scan(stage: Stage, title: str, day: date, by: int) -> StoredFile:
    """The scanned paper as a stored file."""
    return files.keep(scan(title, (f"Ngày ký: {format_date(day)}",)), "ban-quet.pdf", stage.at(day, 16), by)


def record(
    stage: Stage,
    sheet: Sheet,
    *,
    days: int,
    by: str,
    officer: bool = False,
    seen: bool = False,
    event: TradeEvent | None = None,
) -> Contract:
    """Typed in so many days ago, by the seller or by an officer, who may have the original in hand."""
    product, actor = stage.products[sheet.product], stage.people[by]
    line = Line(
        position=1,
        product_id=product.id,
        name=product.name,
        group=product.group,
        quantity=Decimal(sheet.quantity) if sheet.quantity is not None else None,
        measure=sheet.measure,
        price_kind=PriceKind.FIXED if sheet.price else PriceKind.NEGOTIABLE,
        price=sheet.price,
    )
    paper = Paper(
        seller=side(Side.SELLER, stage.organisations[sheet.seller]),
        buyer=buyer_of(stage, sheet),
        lines=[line],
        signed_on=sheet.signed_on,
        fixes_quantity=sheet.quantity is not None,
        fixes_price=sheet.price is not None,
        will=sheet.will,
        number=sheet.number,
        title=sheet.title,
        linkage_form=sheet.form,
        starts_on=sheet.signed_on,
        ends_on=add_months(sheet.signed_on, sheet.months) if sheet.months else None,
        event=event,
        with_households=sheet.with_households,
        households=sheet.households,
    )
    return record_paper(
        paper,
        keep_scan(stage, f"{sheet.title} số {sheet.number}", sheet.signed_on, actor.id),
        recording_for=None if officer else stage.organisations[sheet.seller],
        seen_original=seen,
        actor=actor,
        on_behalf_of=None,
        now=stage.ago(days, 10),
    )


def side(which: Side, organisation: Organisation) -> PaperParty:
    """An organisation that is known here."""
    return PaperParty(side=which, name=organisation.name, organisation=organisation)


def buyer_of(stage: Stage, sheet: Sheet) -> PaperParty:
    """The other party: of the cast, or a name with a tax code, or somebody abroad."""
    if sheet.buyer in stage.organisations:
        return side(Side.BUYER, stage.organisations[sheet.buyer])
    seat = None if sheet.abroad else stage.unit("Phường Đống Đa", "Hà Nội")
    return PaperParty(side=Side.BUYER, name=sheet.buyer, tax_code=sheet.buyer_code, seat=seat, abroad=sheet.abroad)
