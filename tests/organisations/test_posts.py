"""Officials: the administrator gives and ends posts, on pages and on the command line."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal
from marketplace.organisations import queries, service_posts
from marketplace.organisations.models import Post
from marketplace.organisations.rules import PostRole
from marketplace.places.models import ReportingArea, ReportingAreaUnit
from marketplace.web import clock
from tests.factories import Factories


def area(make: Factories) -> ReportingArea:
    unit = make.unit()
    found = make.add(ReportingArea(code="than-uyen", name="Than Uyên", province_id=unit.parent_id))
    make.add(ReportingAreaUnit(area_id=found.id, unit_id=unit.id))
    return found


def test_a_new_official_gets_an_account_and_a_code(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    area(make)
    unit = make.unit()
    administrator = make.user("Quản trị", administrator=True)
    make.commit()
    browser = sign_in(administrator)
    data = {
        "person_name": "Hoàng Thị Cán Bộ",
        "person_phone": "0912 345 678",
        "place": f"unit:{unit.id}",
        "role": "officer",
        "body": "UBND xã Than Uyên",
        "held_from": "01/10/2026",
    }
    assert browser.post("/organisations/posts/appoint", data={**data, "person_phone": ""}).status_code == 422
    assert browser.post("/organisations/posts/appoint", data={**data, "place": "unit:999999"}).status_code == 422
    answer = browser.post("/organisations/posts/appoint", data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    person = db.session.scalars(select(User).filter_by(us_phone_number="+84912345678")).one()
    assert answer.location == f"/accounts/{person.id}/one-time-code"
    assert browser.get(answer.location).status_code == 200
    [post] = queries.posts_of(person)
    assert (post.unit_id, post.role) == (unit.id, PostRole.OFFICER)
    renamed = browser.post("/organisations/posts/appoint", data={**data, "person_name": "Tên Khác"})
    assert renamed.status_code == 422
    ended = browser.post(f"/organisations/posts/{post.id}/end", data={"last_day": "31/10/2026"})
    assert ended.status_code == 303
    db.session.rollback()
    assert post.held_until == date(2026, 10, 31)


def test_an_area_is_for_reading(make: Factories) -> None:
    reading = area(make)
    person = make.user()
    organisation = make.cooperative(verified=False)
    make.commit()
    given: dict[str, Any] = {"body": "UBND tỉnh", "title": "", "held_from": clock.today(), "actor": None}
    with pytest.raises(Refusal):
        service_posts.appoint(person, role=PostRole.OFFICER, area=reading, now=clock.now(), **given)
    with pytest.raises(Refusal):
        service_posts.appoint(person, role=PostRole.VIEWER, now=clock.now(), **given)
    service_posts.appoint(person, role=PostRole.VIEWER, area=reading, now=clock.now(), **given)
    assert queries.oversees(person, organisation)
    assert not queries.oversees(person, organisation, acting=True)


def test_a_post_counts_from_its_first_to_its_last_day(make: Factories) -> None:
    organisation = make.cooperative(verified=False)
    today = clock.today()
    people = [make.user() for _ in range(3)]
    spans = [(today, today), (today - timedelta(days=9), today - timedelta(days=1)), (today + timedelta(days=1), None)]
    for person, (first, last) in zip(people, spans, strict=True):
        make.add(
            Post(
                user_id=person.id,
                role=PostRole.OFFICER,
                body="UBND xã",
                unit_id=make.unit().id,
                held_from=first,
                held_until=last,
            )
        )
    make.commit()
    assert [queries.oversees(person, organisation, acting=True) for person in people] == [True, False, False]
    assert queries.officers_for(organisation) == [people[0]]


def test_officials_on_the_command_line(app: Flask, make: Factories) -> None:
    area(make)
    make.commit()
    run = app.test_cli_runner().invoke
    who = ["--name", "Lò Thị Cán Bộ", "--email", "Can.Bo@example.vn", "--body", "UBND xã Than Uyên"]
    made = run(args=["officials", "add", *who, "--unit", "Xã Than Uyên", "--province", "Lai Châu", "--json"])
    assert made.exit_code == 0, made.output
    [post] = json.loads(made.output)["posts"]
    assert (post["email"], post["place"], post["role"]) == ("can.bo@example.vn", "Xã Than Uyên", "officer")
    again = run(args=["officials", "add", *who, "--province", "Lai Châu", "--role", "viewer", "--json"])
    assert json.loads(again.output)["posts"][0]["place"] == "Tỉnh Lai Châu"
    assert run(args=["officials", "add", *who, "--area", "Than Uyên"]).exit_code == 1
    assert run(args=["officials", "add", *who, "--unit", "Xã Không Có"]).exit_code == 1
    listed = json.loads(run(args=["officials", "list", "--json"]).output)["posts"]
    assert len(listed) == 2
    assert run(args=["officials", "end", str(post["id"]), "--on", "01/01/2099"]).exit_code == 0
    assert run(args=["officials", "end", "999999"]).exit_code == 1
    db.session.rollback()
    assert len(list(db.session.scalars(select(User)))) == 1
