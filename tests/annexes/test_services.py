"""Annexes through their services: what may be changed, when it holds, what is promised, what is refused and why."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.annexes import policy, queries, service_drafting, service_signing
from marketplace.annexes.effective import NewTerms
from marketplace.annexes.line_changes import LineChange
from marketplace.annexes.rules import AnnexReason, PaperState
from marketplace.contracts import queries as contracts
from marketplace.contracts import service_ending
from marketplace.contracts.history import history
from marketplace.contracts.models import Change, Contract
from marketplace.contracts.refusing import SignatureRefused
from marketplace.contracts.rules import ContractAct, ContractState, EndGround
from marketplace.contracts.service_ending import Said
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.products.models import Commitment
from marketplace.web.messages import say
from tests.annexes import papers
from tests.annexes.papers import DEARER, LONGER, annex
from tests.contracts import deals
from tests.factories import Factories

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
R = AnnexReason


def end(deal: deals.Deal, now: datetime) -> None:
    """The buyer ends the contract alone."""
    said = Said(ContractAct.TERMINATE, date(2026, 10, 15), "Không giao", EndGround.BREACH, notice_on=date(2026, 10, 15))
    service_ending.declare(deal.contract, deal.sides[1], said, actor=deal.trader, now=now)


def promised() -> dict[date, Decimal]:
    """What the rice has promised by month, in tonnes."""
    rows = db.session.scalars(select(Commitment).where(Commitment.voided_at.is_(None)))
    return {row.month: row.quantity / 1000 for row in rows if row.quantity}


def test_a_signed_annex_holds_from_its_day_on(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    version = deal.contract.version
    later = papers.signed(deal, annex(R.PRICE, DEARER), now)
    assert (later.paper.state, later.paper.label, later.paper.signed_on) == (PaperState.SIGNED, "PL01", now.date())
    before, after = (queries.terms_on(deal.contract, date(2026, 11, day)) for day in (14, 15))
    assert (before.terms.goods[0].price, after.terms.goods[0].price) == (25_000_000, 27_000_000)
    assert after.origins["1.price"].number == "PL01"
    assert queries.count_of(deal.contract) == 1
    assert deal.contract.version > version
    change = db.session.query(Change).one()
    assert (change.source, change.value) == (f"later_paper:{later.paper.id}", 540_000_000)
    assert deal.contract.value == 500_000_000
    assert promised() == {NOVEMBER: 12, DECEMBER: 8}


def test_a_longer_term_counts_on_the_days_it_brings(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    day = date(2027, 4, 1)
    assert contracts.in_force_of(deal.seller.id, day) == 0
    papers.signed(deal, annex(R.TERM, LONGER, date(2027, 3, 1)), now)
    assert contracts.in_force_of(deal.seller.id, day) == 1
    assert contracts.in_force_of(deal.seller.id, date(2027, 10, 1)) == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (annex(R.PRICE, LONGER), None),
        (annex(R.PRICE, NewTerms(lines={1: LineChange(quantity=Decimal(9))})), None),
        (annex(R.SCHEDULE, NewTerms(lines={1: LineChange(months={NOVEMBER: Decimal(19)})})), None),
        (annex(R.PLACE_PAYMENT, NewTerms(clause="Bên A tặng quà")), None),
        (annex(R.PRICE, NewTerms(lines={1: LineChange(price=25_000_000)})), None),
        (annex(R.PRICE, DEARER, date(2026, 10, 14)), "effective_on"),
        (annex(R.PRICE, DEARER, date(2027, 4, 1)), "effective_on"),
        (annex(R.TERM, NewTerms(ends_on=date(2026, 11, 1))), "ends_on"),
        (annex(R.OTHER, DEARER), "explanation"),
        (annex(R.CORRECTION, DEARER), "explanation"),
    ],
)
def test_what_an_annex_may_not_do_is_refused(make: Factories, now: datetime, given: object, field: str | None) -> None:
    deal = deals.signed(make)
    with pytest.raises(Refusal) as refused:
        papers.draft(deal, given, now)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_new_quantities_are_promised_from_that_day_and_the_months_before_stay(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    more = {NOVEMBER: Decimal(1), DECEMBER: Decimal(9), JANUARY: Decimal(15)}
    wanted = NewTerms(lines={1: LineChange(quantity=Decimal(25), months=more)})
    papers.signed(deal, annex(R.QUANTITY, wanted, date(2026, 12, 5)), now)
    assert promised() == {NOVEMBER: 12, DECEMBER: 9, JANUARY: 15}
    fewer = NewTerms(lines={1: LineChange(quantity=Decimal(10), months={NOVEMBER: Decimal(10)})})
    papers.signed(deal, annex(R.QUANTITY, fewer, date(2026, 11, 2)), now)
    assert promised() == {NOVEMBER: 10, DECEMBER: 9, JANUARY: 15}
    end(deal, now)
    assert promised() == {}


def test_an_earlier_day_signed_later_moves_the_worth_after_it(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    papers.signed(deal, annex(R.PRICE, DEARER, date(2026, 12, 1)), now)
    more = NewTerms(lines={1: LineChange(quantity=Decimal(30), months={})})
    papers.signed(deal, annex(R.QUANTITY, more, date(2026, 11, 1)), now)
    assert [(row.number, row.value) for row in deal.contract.changes] == [
        ("PL02", 30 * 25_000_000),
        ("PL01", 30 * 27_000_000),
    ]


def test_only_one_paper_is_signed_at_a_time(make: Factories, now: datetime) -> None:
    first = papers.opened(make, annex(R.PRICE, DEARER))
    second = papers.draft(first.deal, annex(R.TERM, LONGER), now)
    assert second.paper.label == "PL02"
    with pytest.raises(Refusal, match="is being signed"):
        papers.open_text(second, now)
    service_signing.decline(first.paper, first.contract, "Không đồng ý giá", actor=first.deal.trader, now=now)
    papers.open_text(second, now)
    assert policy.unsigned(second.paper, second.contract) == list(second.deal.sides)


def test_asking_for_other_wording_voids_the_signatures(make: Factories, now: datetime) -> None:
    later = papers.opened(make, annex(R.PRICE, DEARER))
    papers.sign(later, later.deal.sides[0], now)
    service_signing.request_changes(later.paper, later.contract, "Giá thấp hơn", actor=later.deal.trader, now=now)
    assert later.paper.state == PaperState.DRAFT
    given = annex(R.PRICE, NewTerms(lines={1: LineChange(price=26_000_000)}))
    edit = {"actor": later.deal.farmer, "on_behalf_of": None, "now": now}
    service_drafting.edit_annex(later.paper, later.contract, given, **edit)
    papers.open_text(later, now)
    assert [document.number for document in later.paper.documents] == [1, 2]
    assert [document.number for document in later.contract.documents] == [1]
    assert len(policy.unsigned(later.paper, later.contract)) == 2


def test_a_dropped_draft_frees_its_number(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    first = papers.draft(deal, annex(R.PRICE, DEARER), now)
    service_drafting.cancel(first.paper, deal.contract, "Nhầm", actor=deal.farmer, now=now)
    again = papers.draft(deal, annex(R.PRICE, DEARER), now)
    assert (again.paper.label, again.paper.series) == ("PL01", 2)


def test_an_end_voids_what_was_open_and_tells_everybody(make: Factories, now: datetime) -> None:
    later = papers.opened(make, annex(R.PRICE, DEARER))
    other = papers.draft(later.deal, annex(R.TERM, LONGER), now)
    papers.sign(later, later.deal.sides[0], now)
    end(later.deal, now)
    assert [row.state for row in (later.paper, other.paper)] == [PaperState.LAPSED] * 2
    assert later.paper.documents[-1].voided_at == now
    assert policy.unsigned(later.paper, later.contract) == []
    events = [row.event for row in db.session.query(Entry).order_by(Entry.id)]
    assert events[-3:] == ["contract:terminated", "contract:paper_lapsed", "contract:paper_lapsed"]
    told = [row.text for row in db.session.query(Notice).filter_by(user_id=later.deal.farmer.id)]
    assert sum("is void" in text for text in told) == 2
    with pytest.raises(SignatureRefused) as refused:
        papers.sign(later, later.deal.sides[1], now)
    assert refused.value.code == "contract_over"
    assert later.contract.changes == []
    with pytest.raises(Refusal, match="ended meanwhile"):
        papers.draft(later.deal, annex(R.TERM, LONGER), now)


def test_minutes_void_the_annex_of_a_contract_past_its_end(make: Factories, now: datetime) -> None:
    later = papers.opened(make, annex(R.TERM, LONGER, date(2027, 3, 31)))
    after = now.replace(year=2027, month=5)
    minutes = papers.minutes(later.deal, after)
    assert later.paper.state == PaperState.AWAITING
    papers.open_text(minutes, after)
    assert (later.paper.state, minutes.paper.state) == (PaperState.LAPSED, PaperState.AWAITING)
    waiting = papers.draft(later.deal, annex(R.PRICE, DEARER), after)
    for party in later.deal.sides:
        papers.sign(minutes, party, after)
    assert later.contract.state == ContractState.SETTLED
    assert waiting.paper.state == PaperState.LAPSED


def test_minutes_settle_what_has_ended_and_nothing_else(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    with pytest.raises(Refusal, match="first completed or terminated"):
        papers.minutes(deal, now)
    end(deal, now)
    later = papers.minutes(deal, now)
    with pytest.raises(Refusal, match="already"):
        papers.minutes(deal, now)
    papers.open_text(later, now)
    for party in deal.sides:
        papers.sign(later, party, now)
    assert (later.paper.label, later.paper.state, deal.contract.state) == (
        "BBTL",
        PaperState.SIGNED,
        ContractState.SETTLED,
    )
    assert queries.count_of(deal.contract) == 0


def test_a_party_without_account_signs_on_the_same_paper_and_an_officer_sees_it(make: Factories, now: datetime) -> None:
    deal = deals.signed(make)
    deal.sides[1].organisation_id = None
    db.session.flush()
    db.session.expire(deal.sides[1])
    officer = make.officer(make.unit("Xã Than Uyên"))
    later = papers.draft(deal, annex(R.TERM, LONGER), now)
    papers.open_text(later, now)
    standing = contracts.standing(officer, deal.contract)
    assert not policy.may_attest(later.paper, deal.contract, standing, now.date())
    papers.sign(later, deal.sides[0], now)
    assert later.paper.state == PaperState.AWAITING
    assert policy.may_attest(later.paper, deal.contract, standing, now.date())
    service_signing.attest(later.paper, deal.contract, actor=officer, now=now)
    assert later.paper.state == PaperState.SIGNED
    assert all(signature.attested for signature in later.paper.documents[-1].signatures)


def test_an_annex_confirmed_in_the_app_takes_no_contract_out_of_the_count(make: Factories, now: datetime) -> None:
    later = papers.signed(deals.signed(make), annex(R.PRICE, DEARER), now)
    later.paper.documents[-1].signatures[0].method = "app_confirmation"
    db.session.flush()
    counted = select(Contract.id).where(contracts.counted())
    assert list(db.session.scalars(counted)) == [later.contract.id]


def test_the_history_says_what_happened_to_which_paper(make: Factories, now: datetime, app: object) -> None:
    later = papers.signed(deals.signed(make), annex(R.PRICE, DEARER), now)
    words = [str(row.words) for row in history(later.contract)]
    assert words[:3] == ["PL01: signed by all", "PL01: Signed by one party", "PL01: Signed by one party"]
    assert "PL01: drafted" in words
    assert all(say(row.words) for row in history(later.contract))


def test_what_waits_for_whom_in_sql_and_in_python(make: Factories, now: datetime) -> None:
    later = papers.opened(make, annex(R.PRICE, DEARER))
    ordered = papers.opened(make, annex(R.TERM, LONGER, date(2027, 3, 1)), ordered=True)
    signed = papers.signed(deals.signed(make), annex(R.PRICE, DEARER), now)
    clerk = make.member(later.deal.seller, authority=False)
    people = [deal.farmer for deal in (later.deal, ordered.deal, signed.deal)]
    people += [deal.trader for deal in (later.deal, ordered.deal, signed.deal)] + [clerk]

    def agree() -> list[int]:
        found = []
        for person in people:
            rows = [row.paper_id for row in queries.waiting_for(person)]
            expected = []
            for each in (later, ordered, signed):
                standing = contracts.standing(person, each.contract)
                if policy.may_sign(each.paper, each.contract, standing, now.date()) is not None:
                    expected.append(each.paper.id)
            assert rows == expected
            found.append(len(rows))
        return found

    assert agree() == [1, 1, 0, 1, 0, 0, 0]
    papers.sign(ordered, ordered.deal.sides[0], now)
    papers.sign(later, later.deal.sides[1], now)
    assert agree() == [1, 0, 0, 0, 1, 0, 0]
    end(later.deal, now)
    assert agree() == [0, 0, 0, 0, 1, 0, 0]
