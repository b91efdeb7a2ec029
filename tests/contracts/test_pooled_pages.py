"""A contract of several sellers on its pages: sharing out, each one's signature, leaving, and who ends it for all."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.contracts.models import Contract
from marketplace.contracts.rules import ContractAct, ContractState, EndGround
from marketplace.contracts.service_ending import Said, declare
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.kernel.errors import Refusal
from tests.contracts import test_pooled as made
from tests.contracts.test_pages import text_of
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


def fresh(contract_id: int) -> Contract:
    """The contract, read anew."""
    db.session.rollback()
    return db.session.get_one(Contract, contract_id, populate_existing=True)


def test_shares_on_the_page_and_changed_by_a_seller_only(make: Factories, sign_in: SignIn) -> None:
    pooled = made.drawn(make)
    pool, number = pooled.pool, pooled.contract.id
    make.commit()
    first, buyer = sign_in(pool.person(pool.first)), sign_in(pool.person(pool.buyer))
    page = text_of(first.get(f"/contracts/{number}"))
    assert "phần của HTX bạn" in page
    assert "Chia lại" in page
    assert "Chia lại" not in text_of(buyer.get(f"/contracts/{number}"))
    assert buyer.get(f"/contracts/{number}/split").status_code == 404
    assert first.get(f"/contracts/{number}/split").status_code == 200
    version = str(fresh(number).version)
    amounts = {"1": (17, 5), "2": (9, 3), "3": (4, 2)}
    data = {
        f"share_{place}_1_2027{month}": str(pair[at])
        for place, pair in amounts.items()
        for at, month in enumerate(("02", "03"))
    }
    wrong = first.post(f"/contracts/{number}/split", data={**data, "version": version, "share_2_1_202702": "8"})
    assert wrong.status_code == 422
    assert "còn thiếu 1 tấn" in text_of(wrong)
    assert first.post(f"/contracts/{number}/split", data={**data, "version": version}).status_code == 303
    assert made.shares(fresh(number)) == [[17, 5], [9, 3], [4, 2]]
    assert first.post(f"/contracts/{number}/split", data={**data, "version": version}).status_code == 409


def test_the_signing_page_says_ones_own_share(make: Factories, sign_in: SignIn) -> None:
    pooled = made.opened(make)
    make.commit()
    pool = pooled.pool
    page = text_of(sign_in(pool.person(pool.second)).get(f"/contracts/{pooled.contract.id}/sign"))
    assert "Phần của HTX bạn" in page
    assert "6 tấn (02/2027: 4; 03/2027: 2)<br>108.000.000 đ" in page
    assert page.count("Cùng đứng tên") == 2
    assert "Phần của HTX bạn" not in text_of(
        sign_in(pool.person(pool.buyer)).get(f"/contracts/{pooled.contract.id}/sign")
    )


def test_one_of_several_leaves_and_only_the_lead_or_the_buyer_ends_it_for_all(make: Factories, sign_in: SignIn) -> None:
    pooled = made.opened(make)
    make.commit()
    pool, number = pooled.pool, pooled.contract.id
    second = sign_in(pool.person(pool.second))
    data = {"version": str(fresh(number).version), "reason": "Lũ quét"}
    page = text_of(second.get(f"/contracts/{number}"))
    assert "Rút ra cùng phần của chúng tôi" in page
    assert f"/contracts/{number}/decline" not in page
    assert second.post(f"/contracts/{number}/decline", data=data).status_code == 404
    assert sign_in(pool.person(pool.buyer)).post(f"/contracts/{number}/leave", data=data).status_code == 404
    assert second.post(f"/contracts/{number}/leave", data=data).status_code == 303
    contract = fresh(number)
    assert (contract.state, len(contract.parties)) == (ContractState.DRAFT, 3)
    assert second.get(f"/contracts/{number}").status_code == 404
    assert "Một bên bán đã rút" in text_of(sign_in(pool.person(pool.buyer)).get(f"/contracts/{number}"))


def test_a_seller_does_not_end_alone_what_others_signed_too(make: Factories, now: Any) -> None:
    pooled = made.opened(make)
    for party in pooled.contract.parties:
        made.sign(pooled, party, now)
    today = local_date(now)
    given = {"actor": pooled.pool.person(pooled.pool.first), "now": now}
    alone = Said(ContractAct.TERMINATE, today, "Mất mùa", EndGround.UNILATERAL, today)
    with pytest.raises(Refusal, match="Several sellers"):
        declare(pooled.contract, pooled.party(1), alone, **given)
    together = Said(ContractAct.TERMINATE, today, "Mất mùa", EndGround.AGREEMENT)
    declare(pooled.contract, pooled.party(1), together, **given)
    assert pooled.contract.state == ContractState.SIGNED


def test_a_draft_whose_goods_changed_says_that_the_shares_no_longer_fit(make: Factories, sign_in: SignIn) -> None:
    pooled = made.drawn(make)
    pool, contract = pooled.pool, pooled.contract
    contract.lines[0].months[0].quantity = made.Decimal(29)
    contract.lines[0].quantity = made.Decimal(39)
    make.commit()
    browser = sign_in(pool.person(pool.lead))
    assert "Các phần cộng lại không còn bằng" in text_of(browser.get(f"/contracts/{contract.id}"))
    version = str(fresh(contract.id).version)
    refused = browser.post(f"/contracts/{contract.id}/open-for-signing", data={"version": version})
    assert refused.status_code == 422
    assert "thừa 1 tấn" in text_of(refused)
