"""Later papers of the demonstration: an annex in effect, one half signed, one drafted; minutes; a statement that waits."""

from decimal import Decimal

from marketplace.annexes import service_drafting, service_opening, service_signing
from marketplace.annexes.effective import LineChange, NewTerms
from marketplace.annexes.models import Paper
from marketplace.annexes.rules import AnnexReason
from marketplace.annexes.service_drafting import Annex
from marketplace.annexes.settlement import Delivered, Settlement
from marketplace.clauses.terms import Side
from marketplace.contracts import service_ending
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractAct, Method
from marketplace.contracts.service_sealing import Coming, prepare
from marketplace.contracts.service_signing import Given
from marketplace.demo.deals import ADDRESS, keep_scan, key_of
from marketplace.demo.stage import Stage
from marketplace.files import service as files
from marketplace.kernel.dates import add_months
from marketplace.kernel.prices import line_value


def draft(stage: Stage, contract: Contract, given: Annex, days: int) -> Paper:
    """The seller drafts an annex."""
    actor = stage.actor(key_of(stage, contract, Side.SELLER))
    return service_drafting.draft_annex(contract, given, actor=actor, on_behalf_of=None, now=stage.ago(days, 9))


def open_for_signing(stage: Stage, contract: Contract, paper: Paper, days: int) -> None:
    """Its text is frozen."""
    now, actor = stage.ago(days, 10), stage.actor(key_of(stage, contract, Side.BUYER))
    link = f"{stage.public_url}/verify/{contract.code}"
    frozen = service_opening.draw(paper, contract, now=now, verify_url=link)
    file = files.keep(frozen.pdf, f"{paper.label}.pdf", now, actor.id)
    service_opening.open_for_signing(paper, contract, frozen, file, actor=actor, on_behalf_of=None, now=now)


def sign(stage: Stage, contract: Contract, paper: Paper, side: Side, days: int) -> None:
    """One side signs on paper."""
    key = key_of(stage, contract, side)
    party = next(row for row in contract.parties if row.side == side)
    now, day, signer = stage.ago(days, 15), stage.day(days), stage.membership(key)
    document, actor = paper.documents[-1], stage.actor(key)
    scan = keep_scan(stage, f"{paper.label} – {contract.number}", day, actor.id)
    ahead = prepare(document, Coming(party, Method.WET_INK, signer, day, scan=files.read(scan)), now=now)
    given = Given(Method.WET_INK, document.file_digest, day, signer, scan=scan)
    service_signing.sign(paper, contract, party, given, actor=actor, now=now, address=ADDRESS, prepared=ahead)


def raise_price(stage: Stage, contract: Contract, days: int) -> None:
    """A price of the contract rises a little; both have signed."""
    price = contract.lines[0].price or 0
    wanted = NewTerms(lines={1: LineChange(price=price + price // 40 // 1000 * 1000)})
    why = "giá thức ăn cho cá và bao bì tăng từ đầu quý"
    paper = draft(stage, contract, Annex(AnnexReason.PRICE, stage.day(days - 10), wanted, why), days)
    open_for_signing(stage, contract, paper, days - 1)
    sign(stage, contract, paper, Side.SELLER, days - 2)
    sign(stage, contract, paper, Side.BUYER, days - 5)


def wait_for_renewal(stage: Stage, contract: Contract, days: int) -> None:
    """A later end, signed by the seller; the buyer's turn has come."""
    assert contract.ends_on is not None
    wanted = NewTerms(ends_on=add_months(contract.ends_on, 6))
    why = "hai bên muốn tiêu thụ tiếp vụ sau"
    paper = draft(stage, contract, Annex(AnnexReason.TERM, contract.ends_on, wanted, why), days)
    open_for_signing(stage, contract, paper, days - 1)
    sign(stage, contract, paper, Side.SELLER, days - 3)


def draft_later_delivery(stage: Stage, contract: Contract, days: int) -> None:
    """The months on hold are moved to the end; a draft that nobody has fixed yet."""
    rows = sorted(contract.lines[0].months, key=lambda row: row.month)
    months = {add_months(row.month, 1): row.quantity for row in rows}
    wanted = NewTerms(lines={1: LineChange(months=months)})
    why = "lùi lịch giao một tháng do nước hồ rút"
    draft(stage, contract, Annex(AnnexReason.SCHEDULE, stage.day(days), wanted, why), days)


def settle(stage: Stage, contract: Contract, days: int) -> None:
    """Minutes: everything came but a little, paid up; both have signed."""
    line = contract.lines[0]
    came = (line.quantity or Decimal(0)) * 98 / 100
    value = line_value(came, line.price or 0)
    advance = min(contract.advance or 0, value)
    found = Settlement((Delivered(came, value),), paid=value - advance, advance=advance)
    actor = stage.actor(key_of(stage, contract, Side.BUYER))
    now = stage.ago(days, 9)
    paper = service_drafting.draft_settlement(contract, found, actor=actor, on_behalf_of=None, now=now)
    open_for_signing(stage, contract, paper, days)
    sign(stage, contract, paper, Side.SELLER, days - 1)
    sign(stage, contract, paper, Side.BUYER, days - 2)


def state_as_performed(stage: Stage, contract: Contract, days: int) -> None:
    """The seller states that everything is delivered; the buyer has not answered."""
    said = service_ending.Said(ContractAct.COMPLETE, stage.day(days), "Đã giao đủ ba đợt, đã nhận đủ tiền.")
    party, actor = contract.parties[0], stage.actor(key_of(stage, contract, Side.SELLER))
    service_ending.declare(contract, party, said, actor=actor, now=stage.ago(days, 10))
