"""Nobody changes what the other side says of itself, and a bank account is never swapped silently."""

from datetime import timedelta
from typing import Any

import pytest

from marketplace.contracts import service_drawing, service_signing
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.organisations.access import forget_capacities
from tests.contracts import deals
from tests.contracts.deals import Deal
from tests.contracts.test_pages import SignIn, contract, draft_values, text_of
from tests.contracts.test_talk import helper_of
from tests.factories import Factories

SWAPPED = "Số tài khoản trong dự thảo đã bị đổi"


def give(deal: Deal, place: int, make: Factories, who: Any = None, days: int = 0, **values: str | None) -> None:
    """A party's own people write its details, or somebody else tries to."""
    party = deal.contract.parties[place]
    actor = who or (deal.farmer, deal.trader)[place]
    now = make.now + timedelta(days=days)
    service_drawing.edit(deal.contract, {}, None, {party.id: values}, actor=actor, on_behalf_of=None, now=now)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("bank", "999 Ngân hàng Lạ"),
        ("bank", ""),
        ("representative", "Kẻ Mạo Danh"),
        ("representative_title", "Trùm"),
        ("address", "Nơi khác"),
        ("authority", "GUQ 99"),
        ("phone", "0912 345 678"),
    ],
)
def test_a_forged_post_about_the_other_side_is_refused_at_the_field(
    make: Factories, sign_in: SignIn, name: str, typed: str
) -> None:
    deal = deals.draft(make)
    give(deal, 1, make, bank="111 Ngân hàng Thử", representative="Trần Văn Mua")
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    page = browser.get(f"/contracts/{number}/edit").get_data(as_text=True)
    assert f'name="parties-0-{name}"' in page
    assert 'name="parties-1-' not in page, "the other side's details are no fields"
    assert "111 Ngân hàng Thử" in page
    assert f"Chỉ {deal.buyer.name} được sửa" in text_of(browser.get(f"/contracts/{number}/edit"))
    before = {each: getattr(contract(number).parties[1], each) for each in ("bank", name)}
    answer = browser.post(
        f"/contracts/{number}/edit",
        data={**draft_values(page), "place": "Kho mới", f"parties-1-{name}": typed},
    )
    assert answer.status_code == 422
    said = text_of(answer)
    assert f'href="#parties-1-{name}"' in said, "the summary leads to it"
    assert f"Chỉ {deal.buyer.name} được sửa thông tin của mình" in said[said.index(f'id="parties-1-{name}"') :]
    assert "Kho mới" in said, "what else was typed is kept"
    found = contract(number)
    assert {each: getattr(found.parties[1], each) for each in ("bank", name)} == before
    assert found.place != "Kho mới"


def test_the_own_details_are_corrected_by_people_and_helpers(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    for person, bank in ((deal.farmer, "123"), (helper_of(make, deal.seller, deal.farmer), "456")):
        browser = sign_in(person)
        values = draft_values(browser.get(f"/contracts/{number}/edit").get_data(as_text=True))
        answer = browser.post(f"/contracts/{number}/edit", data={**values, "parties-0-bank": bank})
        assert answer.status_code == 303, text_of(answer)
        assert contract(number).parties[0].bank == bank
    found = contract(number).parties[1]
    assert (found.bank, found.representative) == (
        deal.contract.parties[1].bank,
        deal.contract.parties[1].representative,
    )


def test_who_helps_both_sides_records_for_both(make: Factories) -> None:
    deal = deals.draft(make)
    helper = helper_of(make, deal.seller, deal.farmer)
    with pytest.raises(Refusal) as refused:
        give(deal, 1, make, helper, bank="1")
    assert refused.value.field == "parties-1-bank"
    make.belong(helper, deal.buyer)
    forget_capacities()
    give(deal, 1, make, helper, bank="1")
    assert deal.sides[1].bank == "1"


def test_who_leads_is_a_term_that_both_sides_write(make: Factories) -> None:
    deal = deals.draft(make)
    service_drawing.edit(
        deal.contract, {}, None, {deal.sides[1].id: {"lead": True}}, actor=deal.farmer, on_behalf_of=None, now=make.now
    )
    assert deal.sides[1].lead


def test_the_first_account_is_no_swap(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    give(deal, 1, make, bank="111")
    number = deal.contract.id
    assert SWAPPED not in text_of(sign_in(deal.farmer).get(f"/contracts/{number}"))
    assert [row.event for row in db.session.query(Entry) if row.event.startswith("contract:account")] == [
        "contract:account_given"
    ]


@pytest.mark.parametrize("steps", [["222"], [None, "222"]], ids=["at once", "by way of nothing"])
def test_an_account_that_is_swapped_is_said_everywhere(
    make: Factories, sign_in: SignIn, steps: list[str | None]
) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    give(deal, 1, make, bank="111 Ngân hàng Thử")
    give(deal, 0, make, days=1, bank="777")
    deals.open_text(deal, make.now)
    deals.sign(deal, deal.sides[0], make.now)
    service_signing.request_changes(deal.contract, "Sửa địa điểm", actor=deal.trader, now=make.now)
    for days, bank in enumerate(steps, start=2):
        give(deal, 1, make, days=days, bank=bank)
    told = db.session.query(Notice).filter_by(user_id=deal.farmer.id).filter(Notice.text.contains("bank account")).all()
    assert len(told) == len(steps)
    browser = sign_in(deal.farmer)
    assert SWAPPED in text_of(browser.get(f"/contracts/{number}"))
    assert SWAPPED in text_of(browser.get(f"/contracts/{number}/points"))
    assert "Đã đổi số tài khoản" in text_of(browser.get(f"/contracts/{number}"))
    page = text_of(browser.get(f"/contracts/{number}/changes"))
    assert f"Số tài khoản của {deal.buyer.name} đã khác: 111 Ngân hàng Thử → 222" in page
    deals.open_text(contract_deal(deal, number), make.now)
    db.session.commit()
    kept = contract(number).documents[-1].points
    assert kept is not None
    assert any(row["code"] == "account_changed" for row in kept), "it stays with the text that is signed"
    assert SWAPPED in text_of(browser.get(f"/contracts/{number}/sign"))
    assert SWAPPED in text_of(browser.get(f"/contracts/{number}"))


def contract_deal(deal: Deal, number: int) -> Deal:
    """The same deal with its contract read anew."""
    return Deal(deal.seller, deal.buyer, deal.farmer, deal.trader, contract(number))
