"""Contracts in every state for tests, made through the services; each hands back what the test goes on with."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marketplace.accounts.models import User
from marketplace.clauses.terms import ContractKind, Side
from marketplace.contracts import service_accepting, service_drawing, service_signing
from marketplace.contracts.models import Contract, Line, LineMonth, Party
from marketplace.contracts.rules import Method
from marketplace.contracts.service_drawing import new_code, party_from
from marketplace.contracts.service_recording import Paper, PaperParty, record_paper
from marketplace.contracts.service_sealing import Coming, prepare
from marketplace.contracts.service_signing import Given
from marketplace.files.service import keep
from marketplace.files.sniff import MediaType
from marketplace.kernel.dates import local_date
from marketplace.kernel.prices import PriceKind
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.queries import membership_of
from tests.factories import Factories
from tests.files.samples import plain_pdf

PDF = {MediaType.PDF}


@dataclass
class Deal:
    """Two organisations with a signatory each, and what they agreed."""

    seller: Organisation
    buyer: Organisation
    farmer: User
    trader: User
    contract: Contract

    @property
    def sides(self) -> tuple[Party, Party]:
        first, second = self.contract.parties
        return first, second


def draft(make: Factories, **values: Any) -> Deal:
    """A draft of a sale of rice between an HTX in Than Uyên and a company in Hà Nội."""
    seller = make.cooperative(unit=make.unit("Xã Than Uyên"), representative="Bùi Thị Ỷ")
    buyer = make.company(unit=make.unit("Phường Hoàn Kiếm", parent=make.unit("Thành phố Hà Nội")))
    farmer, trader = make.member(seller), make.member(buyer)
    contract = Contract(
        **{
            "kind": ContractKind.SALE,
            "number": "01/2026/HĐMB",
            "code": new_code(),
            "starts_on": date(2026, 10, 1),
            "ends_on": date(2027, 3, 31),
            "payment_days": 15,
            "turn_since": make.now,
            "created_at": make.now,
            "created_by_id": trader.id,
            **values,
        }
    )
    day = local_date(make.now)
    contract.parties = [party_from(seller, Side.SELLER, 1, day), party_from(buyer, Side.BUYER, 2, day)]
    contract.lines = [line(make.product(seller).id)]
    service_drawing.add(contract, "contract:drawn_up", actor=trader, on_behalf_of=None, now=make.now, data={})
    forget_capacities()
    return Deal(seller, buyer, farmer, trader, contract)


def line(product_id: int | None = None, **values: Any) -> Line:
    """Twenty tonnes of rice in two months."""
    return Line(
        **{
            "position": 1,
            "product_id": product_id,
            "name": "Gạo Séng Cù",
            "quantity": Decimal(20),
            "measure": "tan",
            "price_kind": PriceKind.FIXED,
            "price": 25_000_000,
            "months": [
                LineMonth(month=date(2026, 11, 1), quantity=Decimal(12)),
                LineMonth(month=date(2026, 12, 1), quantity=Decimal(8)),
            ],
            **values,
        }
    )


def opened(make: Factories, **values: Any) -> Deal:
    """Its text is fixed; both signatures are missing."""
    deal = draft(make, **values)
    open_text(deal, make.now)
    return deal


def open_text(deal: Deal, now: datetime) -> None:
    """Freeze the text as a small file (rendering is tested elsewhere)."""
    text = service_drawing.draw_own(deal.contract, plain_pdf())
    file = keep(text.pdf, "hop-dong.pdf", now, deal.trader.id, PDF)
    service_drawing.open_for_signing(deal.contract, text, file, actor=deal.trader, on_behalf_of=None, now=now)


def sign(deal: Deal, party: Party, now: datetime, method: Method = Method.WET_INK, day: date | None = None) -> None:
    """One party's signatory signs."""
    who = deal.farmer if party.side == Side.SELLER else deal.trader
    document = deal.contract.documents[-1]
    own, signed_on = signer(party, who), day or local_date(now)
    scan = keep(plain_pdf(), "ban-ky.pdf", now, who.id, PDF) if method == Method.WET_INK else None
    ahead = None if scan else prepare(document, Coming(party, method, own, signed_on), now=now)
    given = Given(method, document.file_digest, signed_on, own, scan=scan)
    by = {"actor": who, "now": now, "address": "192.0.2.7", "prepared": ahead}
    service_signing.sign(deal.contract, party, given, **by)


def signer(party: Party, who: User) -> Membership:
    """The membership by which somebody signs."""
    assert party.organisation is not None
    found = membership_of(who.id, party.organisation)
    assert found is not None
    return found


def signed(make: Factories, method: Method = Method.WET_INK, **values: Any) -> Deal:
    """Both have signed."""
    deal = opened(make, **values)
    for party in deal.sides:
        sign(deal, party, make.now, method)
    return deal


def recorded(make: Factories, recorder: User | None = None, **values: Any) -> Deal:
    """The HTX recorded a paper contract with a company; or an officer did, who belongs to the HTX."""
    seller = make.cooperative(unit=make.unit("Xã Than Uyên"))
    buyer = make.company(unit=make.unit("Phường Hoàn Kiếm", parent=make.unit("Thành phố Hà Nội")))
    farmer, trader = make.member(seller), make.member(buyer)
    if recorder is not None:
        make.belong(recorder, seller)
    forget_capacities()
    given = {
        "seller": PaperParty(Side.SELLER, seller.name, seller),
        "buyer": PaperParty(Side.BUYER, buyer.name, buyer),
        "lines": [line()],
        "signed_on": date(2026, 3, 2),
        "fixes_quantity": True,
        "fixes_price": True,
        "number": "07/2026/HĐTT",
        **values,
    }
    scan = keep(plain_pdf(), "ban-ky.pdf", make.now, farmer.id, PDF)
    contract = record_paper(
        Paper(**given),
        scan,
        recording_for=None if recorder else seller,
        seen_original=False,
        actor=recorder or farmer,
        on_behalf_of=None,
        now=make.now,
    )
    return Deal(seller, buyer, farmer, trader, contract)


def accepted(make: Factories, **values: Any) -> tuple[Deal, Any]:
    """A quotation accepted through the service; hands back the quotation too."""
    deal = waiting_quote(make, **values)
    contract = service_accepting.accept_quote(deal.contract, seen=1, actor=deal.trader, on_behalf_of=None, now=make.now)
    return Deal(deal.seller, deal.buyer, deal.farmer, deal.trader, contract), deal.contract


def waiting_quote(make: Factories, **values: Any) -> Any:
    """An open offer with one submitted quotation, in a Deal's `contract`."""
    seller = make.cooperative(unit=make.unit("Xã Than Uyên"))
    buyer = make.company(unit=make.unit("Phường Hoàn Kiếm", parent=make.unit("Thành phố Hà Nội")))
    farmer, trader = make.member(seller), make.member(buyer)
    forget_capacities()
    quote = make.quote(make.offer(buyer, **values), seller)
    return Deal(seller, buyer, farmer, trader, quote)


def pdf_upload(name: str = "ban-ky.pdf", data: bytes | None = None) -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(data or plain_pdf()), name
