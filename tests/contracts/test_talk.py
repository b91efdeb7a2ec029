"""The talk about a text: comments beside clauses, whose turn it is, what changed; who is told, and who never sees it."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.accounts.models import User
from marketplace.contracts import queries_versions, service_drawing, service_signing, service_talking
from marketplace.contracts.models import Comment, Revision
from marketplace.contracts.rules import ContractState
from marketplace.contracts.service_templates import Chosen, body_of
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.ledger.models import Detail, Entry
from marketplace.notices.models import Notice
from marketplace.organisations.models import Mandate, Organisation
from tests.contracts import deals
from tests.contracts.deals import Deal
from tests.contracts.test_pages import SignIn, contract, draft_values, field, text_of
from tests.factories import Factories


def edit(deal: Deal, who: User, make: Factories, days: int = 0, **changes: Any) -> None:
    """One side corrects the draft."""
    now = make.now + timedelta(days=days)
    service_drawing.edit(deal.contract, changes, actor=who, on_behalf_of=None, now=now)


def helper_of(make: Factories, organisation: Organisation, giver: User) -> User:
    """Somebody who may do everything for it but sign."""
    helper = make.user("Lò Thị Mai")
    make.add(
        Mandate(
            organisation_id=organisation.id,
            helper_id=helper.id,
            granted_by_id=giver.id,
            granted_at=make.now,
            until=date(2027, 10, 1),
        )
    )
    return helper


def told(user: User) -> list[str]:
    """What somebody was told, newest last."""
    return [row.text for row in db.session.query(Notice).filter_by(user_id=user.id).order_by(Notice.id)]


def test_a_comment_beside_its_clause(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    helper = helper_of(make, deal.seller, deal.farmer)
    browser = sign_in(helper)
    opened = text_of(browser.get(f"/contracts/{number}/text?clause=payment"))
    assert opened.count("<textarea") == 1, "only the clause that the address names has its form"
    values = {"key": field(opened, "key"), "clause": "payment", "text": "Xin trả trong 10 ngày.\nCảm ơn."}
    answer = browser.post(f"/contracts/{number}/comment", data=values)
    assert answer.status_code == 303
    again = browser.post(f"/contracts/{number}/comment", data=values)
    assert again.status_code == 303, "a double click says it once"
    said = db.session.query(Comment).one()
    assert (said.clause, said.party_id, said.on_behalf_of) == ("payment", deal.sides[0].id, deal.seller.id)
    page = text_of(sign_in(deal.trader).get(f"/contracts/{number}/text"))
    place = page[page.index('id="y-payment"') :]
    assert "Xin trả trong 10 ngày.<br>Cảm ơn." in place[:1500]
    assert "Lò Thị Mai thay mặt" in place[:1500]
    assert "%(name)s commented on %(clause)s of contract %(number)s." in told(deal.trader)
    assert told(helper) == []
    assert "%(name)s commented on %(clause)s of contract %(number)s." in told(deal.farmer), "their own side knows too"


def test_a_comment_is_done_once_and_by_either_side(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    service_talking.comment(
        deal.contract, deal.sides[0], "", "", "Gửi số tài khoản", actor=deal.farmer, on_behalf_of=None, now=make.now
    )
    key = db.session.query(Comment).one().id
    assert "Còn 1 góp ý" in text_of(sign_in(deal.trader).get(f"/contracts/{number}"))
    for person in (deal.trader, deal.farmer):
        assert sign_in(person).post(f"/contracts/{number}/comments/{key}/done").status_code == 303
    db.session.expire_all()
    assert db.session.query(Comment).one().done_by_id == deal.trader.id
    assert db.session.query(Entry).filter_by(event="contract:comment_settled").count() == 1
    assert "Còn 1 góp ý" not in text_of(sign_in(deal.trader).get(f"/contracts/{number}"))


def test_nobody_but_the_parties_reads_comments(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    service_talking.comment(
        deal.contract, deal.sides[0], "price", "Điều 3", "GIÁ THẤP", actor=deal.farmer, on_behalf_of=None, now=make.now
    )
    service_signing.request_changes(deal.contract, "Xin sửa", actor=deal.farmer, now=make.now)
    deals.open_text(deal, make.now)
    officer, stranger = sign_in(make.officer(make.unit("Xã Than Uyên"))), sign_in(make.member(make.cooperative()))
    key = db.session.query(Comment).one().id
    for path in ("", "/text", "/text?clause=price"):
        page = officer.get(f"/contracts/{number}{path}")
        assert page.status_code == 200
        assert "GIÁ THẤP" not in text_of(page)
        assert "<textarea" not in text_of(page) or path == ""
        assert stranger.get(f"/contracts/{number}{path}").status_code == 404
    assert officer.get(f"/contracts/{number}/changes").status_code in (302, 403, 404)
    assert stranger.get(f"/contracts/{number}/changes").status_code == 404
    for browser in (officer, stranger):
        assert browser.post(f"/contracts/{number}/comment", data={"clause": "", "text": "x"}).status_code in (403, 404)
        assert browser.post(f"/contracts/{number}/comments/{key}/done").status_code in (403, 404)
    code = contract(number).code
    assert "GIÁ THẤP" not in text_of(stranger.get(f"/verify/{code}"))
    assert db.session.query(Detail).filter(Detail.value.contains("GIÁ THẤP")).count() == 0, "nor does the ledger"


@pytest.mark.parametrize("values", [{"clause": "no-such", "text": "x"}, {"clause": "<script>", "text": "x"}])
def test_a_clause_that_is_not_there(make: Factories, sign_in: SignIn, values: dict[str, str]) -> None:
    deal = deals.draft(make)
    browser = sign_in(deal.farmer)
    assert browser.post(f"/contracts/{deal.contract.id}/comment", data=values).status_code == 404
    assert browser.get(f"/contracts/{deal.contract.id}/text?clause=no-such").status_code == 200


def test_an_empty_comment_is_asked_for_again(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    browser = sign_in(deal.farmer)
    path = f"/contracts/{deal.contract.id}/comment"
    answer = browser.post(path, data={"clause": "price", "text": " "})
    assert answer.status_code == 422
    assert "<textarea" in text_of(answer)
    answer = browser.post(path, data={"clause": "price", "text": "a" * 1001})
    assert answer.status_code == 422
    assert "a" * 1001 in text_of(answer), "what was typed is kept"


def test_a_comment_on_a_clause_that_was_taken_out_meanwhile_is_not_lost(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    optional = next(clause["key"] for clause in body_of(deal.contract)["clauses"] if clause["status"] == "optional")
    wording = Chosen(chosen={optional: False}, given=True)
    service_drawing.edit(deal.contract, {}, wording=wording, actor=deal.trader, on_behalf_of=None, now=make.now)
    values = {"clause": optional, "text": "Xin giữ lại điều này"}
    answer = sign_in(deal.farmer).post(f"/contracts/{deal.contract.id}/comment", data=values)
    assert answer.status_code == 409
    assert "Xin giữ lại điều này" in text_of(answer)


def test_decomposed_letters_are_kept_composed(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    values = {"clause": "", "text": unicodedata.normalize("NFD", "Đặng Ỵ, ₫")}
    assert sign_in(deal.farmer).post(f"/contracts/{deal.contract.id}/comment", data=values).status_code == 303
    assert db.session.query(Comment).one().text == "Đặng Ỵ, ₫"
    long = sign_in(deal.farmer).post(
        f"/contracts/{deal.contract.id}/comment", data={"clause": "", "text": "ẩ" * 10_000}
    )
    assert long.status_code == 422
    assert "ẩ" * 10_000 in text_of(long)


def test_a_signed_text_takes_no_comments(make: Factories) -> None:
    deal = deals.signed(make)
    with pytest.raises(Refusal):
        service_talking.comment(
            deal.contract, deal.sides[0], "", "", "Muộn", actor=deal.farmer, on_behalf_of=None, now=make.now
        )


def test_old_texts_without_keys_are_commented_by_number(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    document = deal.contract.documents[-1]
    deal.contract.own_text = False
    text = {**document.text, "clauses": [{**clause} for clause in document.text["clauses"]]}
    for clause in text["clauses"]:
        clause.pop("key", None)
    document.text = text
    browser = sign_in(deal.farmer)
    path = f"/contracts/{deal.contract.id}"
    assert "<textarea" in text_of(browser.get(f"{path}/text?clause=dieu-3"))
    assert browser.post(f"{path}/comment", data={"clause": "dieu-3", "text": "Sao?"}).status_code == 303
    assert "Sao?" in text_of(browser.get(f"{path}/text"))


def test_whose_turn_a_draft_is(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    edit(deal, deal.farmer, make, payment_days=10)
    waits = text_of(sign_in(deal.farmer).get(f"/contracts/{number}"))
    assert f"Đang chờ {deal.buyer.name} xem dự thảo và trả lời" in waits
    assert f"/contracts/{number}/edit" in waits, "who wrote last may still write again"
    mine = text_of(sign_in(deal.trader).get(f"/contracts/{number}"))
    assert "Đến lượt bạn" in mine
    assert f"/contracts/{number}/open-for-signing" in mine
    since = contract(number).turn_since
    assert since is not None
    service_talking.comment(
        contract(number),
        contract(number).parties[1],
        "",
        "",
        "Được",
        actor=deal.trader,
        on_behalf_of=None,
        now=make.now + timedelta(days=1),
    )
    assert "Đến lượt bạn" in text_of(sign_in(deal.farmer).get(f"/contracts/{number}")), "a comment is an answer"


def test_the_turn_is_told_once_for_many_edits(make: Factories) -> None:
    deal = deals.draft(make)
    for days in (10, 11, 12):
        edit(deal, deal.farmer, make, payment_days=days)
    sentence = "%(name)s has changed the draft of contract %(number)s: your turn."
    assert told(deal.trader).count(sentence) == 1
    edit(deal, deal.trader, make, payment_days=13)
    assert told(deal.farmer).count(sentence) == 1


def test_a_comment_makes_no_open_page_stale(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    edit(deal, deal.farmer, make, payment_days=10)
    trader, farmer = sign_in(deal.trader), sign_in(deal.farmer)
    values = draft_values(farmer.get(f"/contracts/{number}/edit").get_data(as_text=True))
    assert trader.post(f"/contracts/{number}/comment", data={"clause": "", "text": "Xin chờ"}).status_code == 303
    answer = farmer.post(f"/contracts/{number}/edit", data={**values, "payment_days": "11"})
    assert answer.status_code == 303, text_of(answer)


def test_every_text_is_kept_once(make: Factories) -> None:
    deal = deals.draft(make)
    edit(deal, deal.farmer, make, payment_days=10)
    edit(deal, deal.trader, make, payment_days=10)
    edit(deal, deal.trader, make, payment_days=20)
    rows = db.session.query(Revision).order_by(Revision.number).all()
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.side for row in rows] == [2, 1, 2], "the first as it was drawn up"
    assert [row.figures["payment_days"] for row in rows] == [15, 10, 20]
    deals.open_text(deal, make.now)
    assert db.session.query(Revision).count() == 3, "what is fixed was left before"


def test_who_has_signed_the_text_is_not_told_that_it_changed(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    edit(deal, deal.farmer, make, payment_days=10)
    edit(deal, deal.trader, make, 1, payment_days=25)
    deals.open_text(deal, make.now)
    page = f"/contracts/{deal.contract.id}"
    assert "văn bản đã thay đổi" in text_of(sign_in(deal.farmer).get(page))
    deals.sign(deal, deal.sides[0], make.now)
    assert "văn bản đã thay đổi" not in text_of(sign_in(deal.farmer).get(page))


def test_the_other_side_sees_what_was_changed(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    edit(deal, deal.farmer, make, payment_days=10)
    edit(deal, deal.trader, make, 1, payment_days=25, extra="Bên B cho mượn bao.")
    page = text_of(sign_in(deal.farmer).get(f"/contracts/{number}"))
    assert "văn bản đã thay đổi 2 chỗ" in page
    link = re.search(rf"/contracts/{number}/changes\?from=2&to=3", page)
    assert link, "from what one's own side left last"
    changed = text_of(sign_in(deal.farmer).get(link[0]))
    assert re.search(r"<del>10</del>.*<ins>25</ins> <span[^>]*>\(\+150%\)", changed)
    assert "cho mượn bao" in changed
    nothing = text_of(sign_in(deal.trader).get(f"/contracts/{number}"))
    assert "văn bản đã thay đổi" not in nothing, "who wrote last knows what it wrote"
    every = text_of(sign_in(deal.trader).get(f"/contracts/{number}/changes?from=1&to=3"))
    assert "<del>15</del>" in every
    browser = sign_in(deal.farmer)
    for odd in ("from=9&to=1", "from=v1&to=3", "from=x&to=3", "from=²&to=1", "from=now&to=nix"):
        assert browser.get(f"/contracts/{number}/changes?{odd}").status_code == 404
    assert browser.get(f"/contracts/{number}/changes").status_code == 200


def test_one_version_only_has_nothing_to_compare(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    page = sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}/changes")
    assert page.status_code == 200
    assert "Mới có một bản" in text_of(page)


def test_changes_asked_for_tell_everybody_and_make_a_new_text(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    number = deal.contract.id
    helpers = [helper_of(make, deal.seller, deal.farmer), helper_of(make, deal.buyer, deal.trader)]
    deals.sign(deal, deal.sides[0], make.now)
    service_signing.request_changes(deal.contract, "Giá chưa đúng", actor=deal.trader, now=make.now)
    sentence = "Changes are asked for in contract %(number)s: %(reason)s"
    assert all(sentence in told(person) for person in (deal.farmer, *helpers))
    make.commit()
    found = contract(number)
    assert (found.state, found.left_by) == (ContractState.DRAFT, 2)
    assert found.documents[0].voided_at is not None
    assert "Giá chưa đúng" in text_of(sign_in(deal.farmer).get(f"/contracts/{number}"))
    deals.open_text(deal, make.now)
    make.commit()
    assert [row.number for row in contract(number).documents] == [1, 2]
    assert contract(number).documents[1].signatures == []
    known = queries_versions.versions(contract(number), None)
    assert len(known) == 1, "the same words are the same version"


def test_a_text_that_fails_the_law_is_refused_before_anything_is_kept(make: Factories) -> None:
    deal = deals.draft(make)
    with pytest.raises(Refusal):
        edit(deal, deal.farmer, make, ends_on=date(2020, 1, 1))


def test_a_person_may_download_what_was_written(make: Factories) -> None:
    deal = deals.draft(make)
    service_talking.comment(
        deal.contract, deal.sides[0], "price", "Điều 3", "Chào", actor=deal.farmer, on_behalf_of=None, now=make.now
    )
    assert [(row["clause"], row["text"]) for row in queries_versions.held_about(deal.farmer)] == [("price", "Chào")]
    assert queries_versions.held_about(deal.trader) == []


def test_the_ledger_knows_that_but_not_what_was_said(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    service_talking.comment(
        deal.contract, deal.sides[0], "", "", "Chào", actor=deal.farmer, on_behalf_of=None, now=make.now
    )
    entry = db.session.query(Entry).filter_by(event="contract:commented").one()
    assert entry.data["party"] == 1
    assert "Chào" not in str(entry.data)
    assert "commented" not in text_of(sign_in(deal.trader).get(f"/contracts/{deal.contract.id}"))
