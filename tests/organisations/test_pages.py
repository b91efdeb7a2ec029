"""Every page of organisations shows for those who may see it, and is not there for others."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask.testing import FlaskClient

from marketplace.organisations.models import Mandate, Membership
from marketplace.organisations.rules import MembershipState, Verification
from tests.factories import Factories


def text(answer: Any) -> str:
    return answer.get_data(as_text=True)


def test_public_pages_show(client: FlaskClient, make: Factories) -> None:
    cooperative = make.cooperative("HTX Nông nghiệp Bùi Thị Ỷ", phone="+84912345678")
    make.commit()
    shown = client.get("/organisations?q=bui+thi+y&kind=htx")
    assert shown.status_code == 200
    assert cooperative.name in text(shown)
    page = client.get(f"/organisations/{cooperative.id}")
    assert page.status_code == 200
    assert "0912 345 678" not in text(page)
    for address in ("/register", "/register?kind=htx", "/register?kind=tht", "/register?kind=household"):
        assert client.get(address).status_code == 200
    assert client.get(f"/organisations/{cooperative.id}/claim").status_code == 200
    assert client.get("/organisations/999999").status_code == 404


def test_members_pages_show(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    cooperative = make.cooperative()
    member = make.member(cooperative)
    asking = make.user("Lò Văn Ún")
    asked = make.add(
        Membership(
            organisation_id=cooperative.id, user_id=asking.id, state=MembershipState.REQUESTED, requested_at=make.now
        )
    )
    helper = make.user("Vàng A Sủa")
    make.add(
        Mandate(
            organisation_id=cooperative.id,
            helper_id=helper.id,
            granted_by_id=member.id,
            granted_at=make.now,
            until=date(2099, 1, 1),
        )
    )
    make.commit()
    base = f"/organisations/{cooperative.id}"
    browser = sign_in(member)
    own = f"{base}/members/1"
    pages = [base, f"{base}/edit", f"{base}/move", f"{base}/members", f"{base}/mandates/grant", "/organisations/mine"]
    pages += [f"{base}/members/{asked.id}/{act}" for act in ("accept", "decline", "end", "change-authority")]
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, (page, own)
    assert "Vàng A Sủa" in text(browser.get(base))
    assert browser.get(f"{base}/change-status").status_code == 404
    assert browser.get("/organisations/queue").status_code == 404
    stranger = sign_in(asking)
    for page in pages[1:5] + pages[6:]:
        assert stranger.get(page).status_code == 404, page


def test_officers_pages_show(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    waiting = make.cooperative("HTX Chờ", verified=False)
    elsewhere = make.cooperative("HTX Nơi khác", verified=False, unit=make.unit("Xã Mường Kim"))
    make.member(waiting)
    officer = make.officer(make.unit())
    make.commit()
    browser = sign_in(officer)
    queue = text(browser.get("/organisations/queue"))
    assert "HTX Chờ" in queue
    assert "HTX Nơi khác" not in queue
    for page in ("queue/{}", "{}", "{}/change-status", "{}/members", "{}/edit", "{}/move"):
        assert browser.get(f"/organisations/{page.format(waiting.id)}").status_code == 200, page
        assert browser.get(f"/organisations/{page.format(elsewhere.id)}").status_code == 404, page
    waiting.verification = Verification.RETURNED
    make.commit()
    assert "HTX Chờ" in text(browser.get("/organisations/queue?state=returned"))


def test_the_administrator_manages_posts(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    post = make.officer(make.unit())
    administrator = make.user("Quản trị", administrator=True)
    make.commit()
    browser = sign_in(administrator)
    assert post.name in text(browser.get("/organisations/posts"))
    assert browser.get("/organisations/posts/appoint").status_code == 200
    assert sign_in(post).get("/organisations/posts").status_code == 404
