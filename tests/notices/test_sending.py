"""Mails leave once, later when the server fails, and never twice: against a real mail server, on both databases."""

import threading
import time
import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from marketplace.extensions import db
from marketplace.kernel.messages import msgid
from marketplace.notices import tasks
from marketplace.notices.models import Notice, Outgoing
from marketplace.notices.rules import CLAIM, WAITS, MailState
from marketplace.notices.service import notify, post
from marketplace.web import clock
from tests.factories import Factories
from tests.notices.conftest import Postman

Sending = Callable[[], Flask]


def put(count: int = 1) -> None:
    """Mails that are due now."""
    for number in range(count):
        post(f"nguoi{number}@example.vn", f"Thư số {number}", "Nội dung", path="/offers/1", now=clock.now())
    db.session.commit()


def only() -> Outgoing:
    """The one mail, read afresh."""
    db.session.rollback()
    return db.session.scalars(select(Outgoing)).one()


def come_due() -> None:
    """As if the time to wait had passed."""
    db.session.execute(update(Outgoing).values(next_try_at=clock.now() - timedelta(seconds=1)))
    db.session.commit()


def run(app: Flask) -> int:
    """One turn of the task, as the worker makes it."""
    with app.app_context():
        return tasks.send_due(app)


def test_a_notice_and_its_mail_reach_the_person_once(sending: Sending, postman: Postman) -> None:
    app = sending()
    make = Factories(clock.now())
    user = make.user("Bùi Thị Ỷ", email="y@example.vn")
    silent = make.user("Đặng Ỵ", email=None)
    sentence = msgid("%(name)s waits for verification.", name="HTX Thử")
    assert notify([user, user, silent], sentence, url="/organisations/7", now=clock.now()) == 2
    db.session.commit()
    assert run(app) == 1
    assert run(app) == 0
    (mail,) = postman.received
    assert mail["To"] == "y@example.vn"
    assert "HTX Thử" in mail["Subject"]
    assert "http://127.0.0.1:8000/organisations/7" in mail.get_content()
    assert only().state == MailState.SENT
    assert len(db.session.scalars(select(Notice)).all()) == 2


def test_a_mail_that_the_server_refuses_is_sent_later(sending: Sending, postman: Postman) -> None:
    app = sending()
    put()
    postman.refusals = ["451 try again later"]
    assert run(app) == 0
    mail = only()
    assert (mail.state, mail.attempts) == (MailState.FAILING, 1)
    assert "451" in (mail.error or "")
    assert run(app) == 0, "not before its time"
    come_due()
    assert run(app) == 1
    assert len(postman.received) == 1
    assert only().error is None


def test_it_is_given_up_at_last_and_the_administrator_may_try_again(sending: Sending, postman: Postman) -> None:
    app = sending()
    put()
    postman.refusals = ["550 no such person"] * (len(WAITS) + 1)
    for _attempt in range(len(WAITS) + 1):
        assert only().state != MailState.GIVEN_UP
        come_due()
        run(app)
    assert only().state == MailState.GIVEN_UP
    come_due()
    assert run(app) == 0
    assert postman.received == []


def test_a_server_that_is_away_puts_all_off(sending: Sending, postman: Postman) -> None:
    app = sending()
    postman.url = "smtp://127.0.0.1:1"
    away = sending()
    put(2)
    assert run(away) == 0
    db.session.rollback()
    assert {mail.state for mail in db.session.scalars(select(Outgoing))} == {MailState.FAILING}
    come_due()
    assert run(app) == 2


def test_two_workers_at_once_never_send_a_mail_twice(sending: Sending, postman: Postman) -> None:
    apps = [sending(), sending()]
    put(40)
    sent: list[int] = []
    ready = threading.Barrier(2)

    def work(app: Flask) -> None:
        ready.wait()
        for _turn in range(3):
            sent.append(run(app))

    threads = [threading.Thread(target=work, args=(app,)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(sent) == 40
    assert sorted(mail["To"] for mail in postman.received) == sorted(f"nguoi{n}@example.vn" for n in range(40))


def test_killed_between_claim_and_send_another_worker_sends_it(sending: Sending, postman: Postman) -> None:
    app = sending()
    put()
    claimed, _until = tasks.claim()
    assert len(claimed) == 1
    # Here the first worker dies; nobody touches its mail until the claim has run out.
    assert run(app) == 0
    mail = only()
    assert mail.next_try_at - clock.now() <= CLAIM
    come_due()
    assert run(app) == 1
    assert len(postman.received) == 1


def test_a_slow_batch_stops_before_its_claim_runs_out(
    sending: Sending, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sending()
    put(3)
    monkeypatch.setattr(tasks, "STOP", timedelta(seconds=0))
    assert run(app) == 0
    assert postman.received == []
    monkeypatch.undo()
    come_due()
    assert run(app) == 3


def test_decomposed_letters_arrive_composed(sending: Sending, postman: Postman) -> None:
    app = sending()
    subject = "Hợp đồng chè Shan tuyết đã được ký"
    post(
        "a@example.vn", unicodedata.normalize("NFD", subject), unicodedata.normalize("NFD", "Chè ngon"), now=clock.now()
    )
    db.session.commit()
    assert run(app) == 1
    assert postman.received[0]["Subject"] == subject
    assert "Chè ngon" in postman.received[0].get_content()


def test_a_subject_brings_no_header_of_its_own(sending: Sending, postman: Postman) -> None:
    app = sending()
    post("a@example.vn", "Xin chào\r\nBcc: nhieu@example.vn\n\nThân", "Nội dung", now=clock.now())
    db.session.commit()
    assert run(app) == 1
    (mail,) = postman.received
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Xin chào Bcc: nhieu@example.vn Thân"


@pytest.mark.parametrize("address", ["a@example.vn\r\nBcc: b@example.vn", "a@example.vn b@example.vn", " a@example.vn"])
def test_an_address_of_two_lines_is_refused(app: Flask, address: str) -> None:
    with pytest.raises(ValueError, match="not the address"):
        post(address, "Tiêu đề", "Nội dung", now=clock.now())


def test_a_repeat_bears_the_same_message_id(sending: Sending, postman: Postman) -> None:
    app = sending()
    put()
    assert run(app) == 1
    db.session.execute(update(Outgoing).values(sent_at=None))
    come_due()
    time.sleep(0.01)
    assert run(app) == 1
    first, second = postman.received
    assert first["Message-ID"] == second["Message-ID"]


def test_a_reminder_is_made_once(app: Flask, make: Factories) -> None:
    user = make.user()
    for _day in range(2):
        notify([user], msgid("Unread"), url="/", now=clock.now(), once="certificate:1:2027-01")
    assert len(db.session.scalars(select(Notice)).all()) == 1
