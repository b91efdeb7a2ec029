"""Drawing up, signing, recording and ending through the services, on both databases."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.clauses.terms import ContractKind, Side
from marketplace.contracts import policy, queries, service_accepting, service_drawing, service_signing
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractState, Method
from marketplace.contracts.service_recording import PaperParty, reclassify
from marketplace.contracts.service_signing import Given
from marketplace.contracts.tasks import remind
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal, Stale
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.offers.rules import LinkageForm, OfferState
from marketplace.organisations.access import forget_capacities
from marketplace.products.models import Commitment
from marketplace.quotes.rules import QuoteState
from tests.contracts import deals
from tests.factories import Factories


def told(user: object) -> list[str]:
    """What somebody was told, oldest first."""
    rows = db.session.query(Notice).filter_by(user_id=user.id).order_by(Notice.id)  # type: ignore[attr-defined]
    return [row.text for row in rows]


def test_accepting_carries_everything_over(make: Factories) -> None:
    months = {date(2026, 11, 1): Decimal(15), date(2026, 12, 1): Decimal(25)}
    deal = deals.waiting_quote(
        make, months=months, linkage_form=LinkageForm.F3_PROD_SALE, payment_days=20, place="Kho số 2"
    )
    quote = deal.contract
    quote.versions[0].months = [type_of(quote)(month=month, quantity=amount) for month, amount in months.items()]
    db.session.flush()
    contract = service_accepting.accept_quote(quote, seen=1, actor=deal.trader, on_behalf_of=None, now=make.now)
    assert contract.kind == ContractKind.LINKAGE
    assert [party.name for party in contract.parties] == [deal.seller.name, deal.buyer.name]
    assert contract.parties[0].lead
    line = contract.lines[0]
    assert (line.quantity, line.price, line.measure) == (Decimal(40), 20_000_000, "tan")
    assert {row.month: row.quantity for row in line.months} == months
    assert contract.ends_on == date(2026, 12, 31)
    assert contract.payment_days == 20
    assert contract.value == 800_000_000
    assert "Kho số 2" in (contract.place or "")
    assert (quote.state, quote.offer.state) == (QuoteState.ACCEPTED, OfferState.AWARDED)


def type_of(quote: object) -> type:
    """The class of a quotation's months."""
    return type(quote.versions[0]).months.property.mapper.class_  # type: ignore[attr-defined]


def test_an_older_version_cannot_be_accepted(make: Factories) -> None:
    deal = deals.waiting_quote(make)
    with pytest.raises(Stale):
        service_accepting.accept_quote(deal.contract, seen=2, actor=deal.trader, on_behalf_of=None, now=make.now)
    assert db.session.query(Contract).count() == 0


@pytest.mark.parametrize("method", [Method.WET_INK, Method.APP])
def test_the_last_signature_concludes_and_promises_quantities(make: Factories, method: Method) -> None:
    deal = deals.opened(make)
    first, second = deal.sides
    deals.sign(deal, second, make.now, method)
    assert deal.contract.state == ContractState.AWAITING
    assert db.session.query(Commitment).count() == 0
    deals.sign(deal, first, make.now, method)
    assert deal.contract.state == ContractState.SIGNED
    assert deal.contract.signed_on == date(2026, 10, 15)
    promised = {row.month: row.quantity for row in db.session.query(Commitment)}
    assert promised == {date(2026, 11, 1): Decimal(12_000), date(2026, 12, 1): Decimal(8_000)}
    events = [row.event for row in db.session.query(Entry).filter_by(subject=f"contract:{deal.contract.id}")]
    assert events.count("contract:concluded") == 1
    assert "Contract %(number)s is signed by all." in told(deal.trader)


def test_the_day_of_conclusion_is_that_of_the_last_paper(make: Factories, now: datetime) -> None:
    deal = deals.opened(make)
    first, second = deal.sides
    later = now + timedelta(days=20)
    deals.sign(deal, first, later, day=date(2026, 11, 2))
    deals.sign(deal, second, later, day=date(2026, 10, 20))
    assert deal.contract.signed_on == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 10, 16), "future"),
        (date(2026, 10, 14), "no paper of it can be older"),
        (date(1985, 1, 1), "year"),
    ],
)
def test_impossible_dates_on_the_paper(make: Factories, day: date, words: str) -> None:
    deal = deals.opened(make)
    with pytest.raises(Refusal, match=words) as refused:
        deals.sign(deal, deal.sides[0], make.now, day=day)
    assert refused.value.field == "signed_on"


def test_signing_in_the_order_that_the_parties_fixed(make: Factories) -> None:
    deal = deals.opened(make, ordered=True)
    first, second = deal.sides
    with pytest.raises(Refusal, match="turn"):
        deals.sign(deal, second, make.now)
    deals.sign(deal, first, make.now)
    deals.sign(deal, second, make.now)
    assert deal.contract.state == ContractState.SIGNED


def test_a_party_signs_once(make: Factories) -> None:
    deal = deals.opened(make)
    deals.sign(deal, deal.sides[0], make.now)
    with pytest.raises(Refusal, match="already"):
        deals.sign(deal, deal.sides[0], make.now)


def test_changes_void_the_text_and_its_signatures(make: Factories) -> None:
    deal = deals.opened(make)
    old = deal.contract.documents[-1].file_digest
    deals.sign(deal, deal.sides[0], make.now)
    service_signing.request_changes(deal.contract, "Sửa giá", actor=deal.trader, now=make.now)
    assert deal.contract.state == ContractState.DRAFT
    service_drawing.edit(deal.contract, {"payment_days": 30}, actor=deal.farmer, on_behalf_of=None, now=make.now)
    deals.open_text(deal, make.now)
    assert [document.number for document in deal.contract.documents] == [1, 2]
    assert policy.unsigned(deal.contract) == list(deal.sides)
    given = Given(Method.APP, "0" * 64, local_date(make.now), deals.signer(deal.sides[0], deal.farmer))
    by = {"actor": deal.farmer, "now": make.now, "address": "192.0.2.7", "prepared": None}
    with pytest.raises(Stale):
        service_signing.sign(deal.contract, deal.sides[0], given, **by)
    assert deal.contract.documents[0].voided_at is not None
    assert deal.contract.documents[0].file_digest == old


def test_no_number_no_text(make: Factories) -> None:
    deal = deals.draft(make, number="")
    with pytest.raises(Refusal, match="number") as refused:
        deals.open_text(deal, make.now)
    assert refused.value.field == "number"


def test_an_edit_that_the_law_forbids_is_refused(make: Factories) -> None:
    deal = deals.draft(make)
    with pytest.raises(Refusal, match="8 per cent"):
        service_drawing.edit(
            deal.contract, {"penalty_percent": Decimal(9)}, actor=deal.farmer, on_behalf_of=None, now=make.now
        )


def test_a_record_counts_when_the_other_party_confirms(make: Factories) -> None:
    deal = deals.recorded(make)
    assert deal.contract.state == ContractState.RECORDED
    assert deal.contract.signed_on is None
    _ours, theirs = deal.sides
    assert policy.may_confirm(deal.contract, queries.standing(deal.farmer, deal.contract)) is None
    assert policy.may_confirm(deal.contract, queries.standing(deal.trader, deal.contract)) == theirs
    assert any("is it yours" in text for text in told(deal.trader))
    service_signing.confirm(deal.contract, theirs, actor=deal.trader, now=make.now)
    assert (deal.contract.state, deal.contract.signed_on) == (ContractState.SIGNED, date(2026, 3, 2))


def test_who_signs_for_both_sides_does_not_confirm_the_own_record(make: Factories) -> None:
    deal = deals.recorded(make)
    make.belong(deal.farmer, deal.buyer)
    forget_capacities()
    assert policy.may_confirm(deal.contract, queries.standing(deal.farmer, deal.contract)) is None
    assert policy.may_confirm(deal.contract, queries.standing(deal.trader, deal.contract)) is not None


def test_an_officer_of_a_party_records_for_it(make: Factories) -> None:
    officer = make.officer(make.unit("Xã Than Uyên"))
    deal = deals.recorded(make, recorder=officer)
    assert [party.recorded for party in deal.sides] == [True, False]
    assert policy.may_confirm(deal.contract, queries.standing(deal.farmer, deal.contract)) is None
    assert policy.may_confirm(deal.contract, queries.standing(deal.trader, deal.contract)) is not None
    assert not policy.may_attest(deal.contract, queries.standing(officer, deal.contract))


def test_a_record_counts_when_an_officer_attests(make: Factories) -> None:
    deal = deals.recorded(make, buyer=PaperParty(Side.BUYER, "Công ty TNHH Không Tài Khoản"))
    officer, other = make.officer(make.unit("Xã Than Uyên")), make.officer(make.unit("Xã Mường Kim"))
    assert policy.may_attest(deal.contract, queries.standing(officer, deal.contract))
    assert not policy.may_attest(deal.contract, queries.standing(other, deal.contract))
    service_signing.attest(deal.contract, actor=officer, now=make.now)
    assert deal.contract.state == ContractState.SIGNED
    assert all(row.attested for row in deal.contract.documents[-1].signatures)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signed_on": date(2027, 1, 1)}, "future"),
        ({"lines": []}, "line of goods"),
        ({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}, "end after"),
    ],
)
def test_what_cannot_stand_on_a_paper(make: Factories, changes: dict[str, object], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        deals.recorded(make, **changes)


def test_what_it_fixes_decides_what_it_is(make: Factories) -> None:
    assert deals.recorded(make, title="Hợp đồng liên kết", fixes_price=False).contract.kind == ContractKind.FRAMEWORK
    assert deals.recorded(make, fixes_quantity=False, will=True).contract.kind == ContractKind.MEMORANDUM
    linked = deals.recorded(make, title="Biên bản ghi nhớ", linkage_form=LinkageForm.F7_PROC_SALE)
    assert linked.contract.kind == ContractKind.LINKAGE


def test_an_officer_classifies_anew_and_the_old_stays_in_the_ledger(make: Factories) -> None:
    deal = deals.recorded(make)
    officer = make.officer(make.unit("Xã Than Uyên"))
    given = {"fixes_price": False, "linkage_form": None, "will": True, "with_households": False}
    for again in (False, True):
        if again:
            with pytest.raises(Refusal, match="Nothing has changed"):
                reclassify(deal.contract, fixes_quantity=False, reason="x", actor=officer, now=make.now, **given)
        else:
            reclassify(
                deal.contract, fixes_quantity=False, reason="Chỉ là ý định", actor=officer, now=make.now, **given
            )
    assert deal.contract.kind == ContractKind.MEMORANDUM
    entry = db.session.query(Entry).filter_by(event="contract:reclassified").one()
    assert entry.data["before"]["kind"] == "sale"


def test_reminders_are_made_once(make: Factories, app: object) -> None:
    waiting = deals.opened(make)
    ending = deals.signed(make, ends_on=date.today() + timedelta(days=10), starts_on=None)
    make.commit()
    assert remind(app) == 4  # type: ignore[arg-type]
    assert remind(app) == 0  # type: ignore[arg-type]
    assert sum("waited for your signature" in text for text in told(waiting.farmer)) == 1
    assert sum("ends on" in text for text in told(ending.trader)) == 1


def test_a_recorded_paper_names_no_signer_that_nobody_read_off_it(make: Factories) -> None:
    seller = make.cooperative(representative="Đặng Ỵ", representative_title="Giám đốc")
    given = PaperParty(Side.SELLER, seller.name, seller)
    deal = deals.recorded(make, seller=given)
    assert [signature.signer_name for signature in deal.contract.documents[0].signatures] == ["", ""]
