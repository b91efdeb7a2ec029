"""A paper whose original no officer has seen: each side's word, what the pages say of it, and who can mend what is missing."""

from typing import Any

import pytest

from marketplace.clauses.terms import Side
from marketplace.contracts import counting, policy, queries, service_recording, turns
from marketplace.contracts.rules import ContractAct, ContractState, Counting, Method
from marketplace.contracts.service_recording import PaperParty
from marketplace.extensions import db
from marketplace.ledger.queries import history
from marketplace.organisations.access import forget_capacities
from marketplace.organisations.rules import PostRole
from marketplace.web import settings
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, contract, text_of
from tests.contracts.test_services import told
from tests.factories import Factories


def typed_by_an_officer(make: Factories, **values: Any) -> deals.Deal:
    """An officer of the seller's commune typed it in without having seen the original."""
    officer = make.user("Cán bộ Thử")
    deal = deals.recorded(make, recorder=officer, **values)
    for party in deal.contract.parties:
        party.recorded = False
    db.session.flush()
    return deal


def test_one_sides_word_does_not_conclude_what_an_officer_typed(make: Factories, sign_in: SignIn) -> None:
    deal = typed_by_an_officer(make)
    number, version = deal.contract.id, str(deal.contract.version)
    make.commit()
    seller, buyer = sign_in(deal.farmer), sign_in(deal.trader)
    answer = seller.post(f"/contracts/{number}/confirm", data={"version": version}, follow_redirects=True)
    assert "khi bên kia cũng xác nhận" in text_of(answer)
    found = contract(number)
    assert (found.state, found.signed_on) == (ContractState.RECORDED, None)
    assert [party.recorded for party in found.parties] == [True, False]
    assert any("your side confirms it too" in text for text in told(deal.trader))
    # Nobody says it twice for the same side, and a page from before is stale.
    again = {"version": str(found.version)}
    assert seller.post(f"/contracts/{number}/confirm", data=again).status_code in (303, 404)
    assert contract(number).state == ContractState.RECORDED
    assert buyer.post(f"/contracts/{number}/confirm", data={"version": version}).status_code == 409
    assert buyer.post(f"/contracts/{number}/confirm", data=again).status_code == 303
    found = contract(number)
    assert found.state == ContractState.SIGNED
    assert [row.event for row in history(found)].count("contract:confirmed") == 2


def test_who_signs_for_both_sides_speaks_once(make: Factories) -> None:
    deal = typed_by_an_officer(make)
    make.belong(deal.farmer, deal.buyer)
    forget_capacities()
    first = policy.may_confirm(deal.contract, queries.standing(deal.farmer, deal.contract))
    assert first is not None
    service_recording.confirm(deal.contract, first, actor=deal.farmer, now=make.now)
    assert deal.contract.state == ContractState.RECORDED
    assert policy.may_confirm(deal.contract, queries.standing(deal.farmer, deal.contract)) is None
    assert policy.may_confirm(deal.contract, queries.standing(deal.trader, deal.contract)) is not None


@pytest.mark.parametrize("stranger", [False, True])
def test_the_page_says_whose_word_is_missing(make: Factories, stranger: bool) -> None:
    values = {"buyer": PaperParty(Side.BUYER, "Công ty Không Tài Khoản")} if stranger else {}
    deal = typed_by_an_officer(make, **values)
    officer = make.officer(make.unit("Xã Than Uyên"))
    forget_capacities()
    turn = turns.turn_of(deal.contract, queries.standing(officer, deal.contract))
    assert turn is not None
    assert turn.act == ContractAct.ATTEST
    names = dict(turn.sentence.values).get("names")
    assert names == (None if stranger else f"{deal.seller.name}, {deal.buyer.name}")
    if not stranger:
        service_recording.confirm(deal.contract, deal.sides[0], actor=deal.farmer, now=make.now)
        turn = turns.turn_of(deal.contract, queries.standing(officer, deal.contract))
        assert turn is not None
        assert dict(turn.sentence.values)["names"] == deal.buyer.name


def test_ink_that_no_officer_saw_is_called_so(make: Factories, sign_in: SignIn, client: Any) -> None:
    deal = deals.signed(make)
    make.commit()
    address = f"/contracts/{deal.contract.id}"
    own, public = text_of(sign_in(deal.farmer).get(address)), text_of(client.get(f"/verify/{deal.contract.code}"))
    assert own.count("Chưa có cán bộ nào xem bản gốc") == public.count("Chưa có cán bộ nào xem bản gốc") == 2
    for signature in contract(deal.contract.id).documents[-1].signatures:
        signature.attested_at = make.now
    make.commit()
    assert "chưa có cán bộ" not in text_of(client.get(f"/verify/{deal.contract.code}"))
    assert "chưa có cán bộ" not in text_of(sign_in(deal.farmer).get(address))


def test_all_that_keeps_a_contract_out_of_the_figures_is_named(make: Factories, sign_in: SignIn) -> None:
    deal = deals.signed(make, Method.APP)
    (why,) = counting.uncounted(deal.contract)
    assert dict(why.values) == {
        "names": f"{deal.seller.name}, {deal.buyer.name}",
        "places": "Xã Than Uyên, Phường Hoàn Kiếm",
    }
    deal.contract.documents[-1].signatures[0].method = Method.WET_INK
    assert [dict(why.values)["names"] for why in counting.uncounted(deal.contract)] == [deal.buyer.name]
    province = counting.province_of(deal.seller.unit)
    assert province is not None
    settings.put(f"{counting.SETTING}{province.id}", [Counting.DIGITAL, Counting.APP_ATTESTED])
    ink, app = counting.uncounted(deal.contract)
    assert (dict(ink.values)["names"], dict(app.values)["names"]) == (deal.seller.name, deal.buyer.name)
    make.commit()
    page = text_of(sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}"))
    assert page.count("vào thống kê") == 2
    # One officer's word mends all that an officer can mend.
    officer = make.officer(deal.buyer.unit, role=PostRole.OFFICER)
    forget_capacities()
    assert policy.may_attest(deal.contract, queries.standing(officer, deal.contract))
