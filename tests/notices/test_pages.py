"""The list of notices, the bell, and the administrator's page of mails."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.kernel.messages import msgid
from marketplace.notices import tasks
from marketplace.notices.models import Notice, Outgoing
from marketplace.notices.service import notify
from marketplace.web import clock
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


def told(user: Any, name: str = "HTX Thử", url: str = "/notices/") -> Notice:
    """A notice for somebody."""
    notify([user], msgid("%(name)s waits for verification.", name=name), url=url, now=clock.now())
    db.session.commit()
    return db.session.scalars(select(Notice).order_by(Notice.id.desc())).first()


def text(answer: Any) -> str:
    """The page."""
    return answer.get_data(as_text=True)


def test_reading_needs_a_button_not_a_visit(make: Factories, sign_in: SignIn) -> None:
    user = make.user()
    notice = told(user, url="/account")
    client = sign_in(user)
    page = text(client.get("/notices/"))
    assert "HTX Thử" in page
    assert "Chưa đọc" in page
    assert "Chưa đọc" in text(client.get("/notices/"))
    answer = client.post(f"/notices/{notice.id}/open", data={"key": "a"})
    assert (answer.status_code, answer.location) == (303, "/account")
    page = text(client.get("/notices/"))
    assert "Chưa đọc" not in page
    assert 'href="/account"' in page


def test_one_or_all_are_marked_as_read(make: Factories, sign_in: SignIn) -> None:
    user = make.user()
    notices = [told(user, f"HTX số {number}") for number in range(3)]
    client = sign_in(user)
    client.post(f"/notices/{notices[0].id}/read", data={"key": "a"})
    assert text(client.get("/notices/")).count("Chưa đọc") == 2
    client.post("/notices/read", data={"key": "b"})
    assert "Chưa đọc" not in text(client.get("/notices/"))


def test_nobody_reads_or_marks_what_another_was_told(make: Factories, sign_in: SignIn) -> None:
    notice = told(make.user())
    client = sign_in(make.user())
    assert "HTX Thử" not in text(client.get("/notices/"))
    assert client.post(f"/notices/{notice.id}/open", data={"key": "a"}).status_code == 404
    assert client.post(f"/notices/{notice.id}/read", data={"key": "b"}).status_code == 404
    db.session.rollback()
    assert db.session.get(Notice, notice.id).read_at is None


def test_visitors_are_sent_to_sign_in(client: FlaskClient) -> None:
    assert "/login" in client.get("/notices/").location


def test_the_list_is_paged_and_its_queries_do_not_grow(make: Factories, sign_in: SignIn) -> None:
    user = make.user()
    for number in range(30):
        notify(
            [user],
            msgid("%(name)s is verified: you can publish now.", name=f"HTX số {number}"),
            url="/",
            now=clock.now(),
        )
    client = sign_in(user)
    page = text(client.get("/notices/"))
    assert page.count('<li class="rowcard') == 24
    assert "after=" in page


# Mails -----------------------------------------------------------------------------------------------------------


def test_the_administrator_reads_kept_mails(app: Flask, make: Factories, sign_in: SignIn) -> None:
    told(make.user(email="nhan@example.vn"), name="HTX Nếp Thơm")
    client = sign_in(make.user(administrator=True, email=None))
    mail = db.session.scalars(select(Outgoing)).one()
    assert "đến trong" not in text(client.get("/notices/mails"))
    assert tasks.send_due(app) == 1
    page = text(client.get("/notices/mails"))
    assert "nhan@example.vn" in page
    letter = text(client.get(f"/notices/mails/{mail.id}"))
    assert "HTX Nếp Thơm" in letter
    assert 'href="http://127.0.0.1:8000/notices/"' in letter


def test_a_failed_mail_shows_its_reason_and_is_tried_again(app: Flask, make: Factories, sign_in: SignIn) -> None:
    told(make.user(email="nhan@example.vn"))
    mail = db.session.scalars(select(Outgoing)).one()
    mail.error, mail.attempts, mail.given_up = "550 no such person", 8, True
    client = sign_in(make.user(administrator=True, email=None))
    assert "nhan@example.vn" in text(client.get("/notices/mails?state=failed"))
    assert "550 no such person" in text(client.get(f"/notices/mails/{mail.id}"))
    assert client.post(f"/notices/mails/{mail.id}/retry", data={"key": "a"}).status_code == 303
    assert tasks.send_due(app) == 1
    assert "nhan@example.vn" not in text(client.get("/notices/mails?state=failed"))


def test_mails_are_the_administrators(make: Factories, sign_in: SignIn) -> None:
    told(make.user(email="nhan@example.vn"))
    mail = db.session.scalars(select(Outgoing)).one()
    client = sign_in(make.user())
    for path in ("/notices/mails", f"/notices/mails/{mail.id}"):
        assert client.get(path).status_code == 404
    assert client.post(f"/notices/mails/{mail.id}/retry").status_code == 404


def test_where_mails_really_leave_their_text_stays_private(app: Flask, make: Factories, sign_in: SignIn) -> None:
    told(make.user(email="nhan@example.vn"), name="HTX Nếp Thơm")
    assert tasks.send_due(app) == 1
    mail = db.session.scalars(select(Outgoing)).one()
    client = sign_in(make.user(administrator=True, email=None))
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = type(before)(**{**vars(before), "mail_url": "smtp://mail.example.vn"})
    try:
        page = text(client.get(f"/notices/mails/{mail.id}"))
    finally:
        app.config["SETTINGS"] = before
    assert "chỉ người nhận được xem" in page
    assert "Bạn nhận được thư này" not in page
