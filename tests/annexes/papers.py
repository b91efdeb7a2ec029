"""Later papers in every state for tests, made through the services."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marketplace.annexes import service_drafting, service_opening, service_signing
from marketplace.annexes.effective import NewTerms
from marketplace.annexes.line_changes import LineChange
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import AnnexReason
from marketplace.annexes.service_drafting import Annex
from marketplace.annexes.service_opening import Frozen
from marketplace.annexes.settlement import Delivered, Settlement
from marketplace.clauses.terms import Side
from marketplace.contracts.models import Contract, Party
from marketplace.contracts.rules import Method
from marketplace.contracts.service_signing import Given
from marketplace.extensions import db
from marketplace.files.service import keep
from marketplace.kernel.dates import local_date
from tests.contracts import deals
from tests.contracts.deals import PDF, Deal, signer
from tests.factories import Factories
from tests.files.samples import plain_pdf

LONGER = NewTerms(ends_on=date(2027, 9, 30))
DEARER = NewTerms(lines={1: LineChange(price=27_000_000)})


@dataclass
class Later:
    """A deal and one of its later papers."""

    deal: Deal
    paper: Paper

    @property
    def contract(self) -> Contract:
        return self.deal.contract


def annex(reason: AnnexReason, wanted: NewTerms, day: date = date(2026, 11, 15), why: str = "") -> Annex:
    """What somebody typed."""
    return Annex(reason, day, wanted, why)


def draft(deal: Deal, given: Annex, now: datetime) -> Later:
    """The seller drafts an annex."""
    made = service_drafting.draft_annex(deal.contract, given, actor=deal.farmer, on_behalf_of=None, now=now)
    return Later(deal, made)


def minutes(deal: Deal, now: datetime, **values: Any) -> Later:
    """The buyer drafts settlement minutes: nineteen of twenty tonnes came."""
    found = Settlement(
        **{
            "delivered": (Delivered(Decimal(19), 475_000_000),),
            "paid": 400_000_000,
            "buyer_owes": 75_000_000,
            "pay_by": date(2027, 5, 1),
            **values,
        }
    )
    made = service_drafting.draft_settlement(deal.contract, found, actor=deal.trader, on_behalf_of=None, now=now)
    return Later(deal, made)


def open_text(later: Later, now: datetime) -> None:
    """Freeze the text, with a small file for the PDF (rendering is tested elsewhere)."""
    document, before = service_opening.written(later.paper, later.contract)
    frozen = Frozen(later.paper.version, document, plain_pdf(), before)
    file = keep(frozen.pdf, "phu-luc.pdf", now, later.deal.trader.id, PDF)
    service_opening.open_for_signing(
        later.paper, later.contract, frozen, file, actor=later.deal.trader, on_behalf_of=None, now=now
    )


def sign(later: Later, party: Party, now: datetime, day: date | None = None) -> None:
    """One party's signatory signs on paper."""
    who = later.deal.farmer if party.side == Side.SELLER else later.deal.trader
    scan = keep(plain_pdf(), "ban-ky.pdf", now, who.id, PDF)
    digest = later.paper.documents[-1].file_digest
    given = Given(Method.WET_INK, digest, day or local_date(now), signer(party, who), scan=scan)
    service_signing.sign(
        later.paper, later.contract, party, given, actor=who, now=now, address="192.0.2.7", prepared=None
    )


def opened(make: Factories, given: Annex, **values: Any) -> Later:
    """An annex open for signing, of a contract signed by both."""
    later = draft(deals.signed(make, **values), given, make.now)
    open_text(later, make.now)
    return later


def signed(deal: Deal, given: Annex, now: datetime) -> Later:
    """An annex that both have signed."""
    later = draft(deal, given, now)
    open_text(later, now)
    for party in deal.sides:
        sign(later, party, now)
    db.session.flush()
    return later
