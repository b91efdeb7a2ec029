"""People of an organisation: requests, authority to sign, leaving, mandates, one-time codes."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.ledger.queries import history
from marketplace.organisations import queries, service_people
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Mandate, Membership
from marketplace.organisations.rules import AuthorityBasis, MembershipState, may_sign_on
from marketplace.organisations.service_people import Authority
from marketplace.web import clock
from tests.factories import Factories
from tests.files.samples import plain_pdf

SignIn = Callable[[Any], FlaskClient]
DIRECTOR = Authority("Phó giám đốc", AuthorityBasis.POWER_OF_ATTORNEY, "05/UQ-HTX, 02/03/2026", None)


def asking(make: Factories, organisation: Any, person: Any = None) -> Membership:
    user = person or make.user("Lò Văn Ún")
    return make.add(
        Membership(
            organisation_id=organisation.id,
            user_id=user.id,
            state=MembershipState.REQUESTED,
            title="Kế toán",
            requested_at=make.now,
        )
    )


def test_a_request_is_accepted_with_authority(make: Factories, sign_in: SignIn) -> None:
    organisation = make.cooperative()
    director, request = make.member(organisation), asking(make, organisation)
    plain = make.member(organisation, authority=False)
    make.commit()
    address = f"/organisations/{organisation.id}/members/{request.id}/accept"
    assert sign_in(plain).post(address, data={"title": "Kế toán"}).status_code == 404
    browser = sign_in(director)
    attorney = {"title": "Phó giám đốc", "basis": "power_of_attorney"}
    assert browser.post(address, data=attorney).status_code == 422
    answer = browser.post(address, data={**attorney, "document": "05/UQ-HTX", "until": "31/12/2099"})
    assert answer.status_code == 303
    db.session.rollback()
    assert (request.state, request.authority_until) == (MembershipState.ACTIVE, date(2099, 12, 31))
    assert request.user in queries.signatories(organisation)
    assert request.user not in queries.signatories(organisation, date(2100, 1, 1))
    assert history(organisation)[0].event == "membership:accepted"
    assert browser.post(address, data={"title": "Kế toán"}).status_code == 422  # decided already


def test_an_officer_decides_where_nobody_may_sign(make: Factories, sign_in: SignIn) -> None:
    organisation = make.cooperative()
    request = asking(make, organisation)
    officer, other = make.officer(make.unit()), make.officer(make.unit("Xã Mường Kim"))
    make.commit()
    address = f"/organisations/{organisation.id}/members/{request.id}/decline"
    assert sign_in(other).post(address, data={"reason": "không"}).status_code == 404
    browser = sign_in(officer)
    assert "Lò Văn Ún" in browser.get("/organisations/queue").get_data(as_text=True)
    assert browser.post(address, data={"reason": ""}).status_code == 422
    assert browser.post(address, data={"reason": "Không phải người của HTX"}).status_code == 303
    db.session.rollback()
    assert request.state == MembershipState.ENDED


def test_who_closed_the_account_signs_for_nobody(make: Factories) -> None:
    organisation = make.cooperative()
    gone, there = make.member(organisation), make.member(organisation)
    gone.active = False
    assert queries.people(organisation) == queries.signatories(organisation) == [there]
    mine = queries.memberships(organisation)[-1]
    assert service_people.is_last_signatory(mine, clock.today())


def test_nobody_lets_oneself_in(make: Factories, sign_in: SignIn) -> None:
    organisation, officer = make.cooperative(), make.officer(make.unit())
    request = asking(make, organisation, officer)
    make.commit()
    address = f"/organisations/{organisation.id}/members/{request.id}/accept"
    answer = sign_in(officer).post(address, data={"title": "Giám đốc", "basis": "legal_representative"})
    assert answer.status_code == 422
    assert "Không ai tự duyệt yêu cầu của mình" in answer.get_data(as_text=True)
    db.session.rollback()
    assert (request.state, request.authority) == (MembershipState.REQUESTED, False)


def test_a_membership_of_another_organisation_is_not_there(make: Factories, sign_in: SignIn) -> None:
    one, other = make.cooperative(), make.cooperative()
    director, foreign = make.member(one), asking(make, other)
    make.commit()
    browser = sign_in(director)
    for act in ("accept", "decline", "end", "change-authority"):
        assert browser.get(f"/organisations/{one.id}/members/{foreign.id}/{act}").status_code == 404
        assert browser.get(f"/organisations/{other.id}/members/{foreign.id}/{act}").status_code == 404


def test_the_last_signatory_is_warned_and_may_leave(make: Factories, sign_in: SignIn) -> None:
    organisation = make.cooperative()
    director = make.member(organisation)
    second = make.member(organisation, authority=False)
    make.commit()
    own = queries.membership_of(director.id, organisation)
    address = f"/organisations/{organisation.id}/members/{own.id}/end"
    assert service_people.is_last_signatory(own, clock.today())
    assert not service_people.is_last_signatory(queries.membership_of(second.id, organisation), clock.today())
    browser = sign_in(director)
    assert "notice-warning" in browser.get(address).get_data(as_text=True)
    answer = browser.post(address)
    assert answer.location == "/organisations/mine"
    assert browser.get(f"/organisations/{organisation.id}/members").status_code == 404
    assert queries.signatories(organisation) == []


def test_authority_is_changed_on_the_page_that_was_seen(make: Factories, sign_in: SignIn) -> None:
    organisation = make.cooperative()
    director, second = make.member(organisation), make.member(organisation, authority=False)
    row = queries.membership_of(second.id, organisation)
    make.commit()
    browser = sign_in(director)
    address = f"/organisations/{organisation.id}/members/{row.id}/change-authority"
    data = {"title": "Chủ tịch HĐQT", "basis": "legal_representative", "version": row.version}
    assert browser.post(address, data=data).status_code == 303
    assert browser.post(address, data=data).status_code == 409
    db.session.rollback()
    assert (row.title, row.authority) == ("Chủ tịch HĐQT", True)
    taken = {"title": "Kế toán", "basis": "", "version": row.version}
    assert browser.post(address, data=taken).status_code == 303
    db.session.rollback()
    assert not row.authority


def test_a_mandate_is_given_to_who_is_named_and_ends(app: Flask, make: Factories, sign_in: SignIn) -> None:
    organisation = make.cooperative()
    director, helper = make.member(organisation), make.user("Bùi Thị Ỷ", us_phone_number="+84912345678")
    make.commit()
    browser, theirs = sign_in(director), sign_in(helper)
    address = f"/organisations/{organisation.id}/mandates/grant"
    wanted = {"helper_name": "bui thi y", "identity": "0912.345.678", "until": clock.today().strftime("%d/%m/%Y")}
    unknown = browser.post(address, data={**wanted, "identity": "0999 999 999"})
    misnamed = browser.post(address, data={**wanted, "helper_name": "Lò Thị Khác"})
    assert unknown.status_code == misnamed.status_code == 422
    said = [
        answer.get_data(as_text=True).split('id="identity-error">')[1].split("<")[0] for answer in (unknown, misnamed)
    ]
    assert said[0] == said[1]
    assert browser.post(address, data={**wanted, "until": "01/01/2020"}).status_code == 422
    assert browser.post(address, data={**wanted, "until": "01/01/2099"}).status_code == 422
    assert theirs.get(f"/organisations/{organisation.id}/edit").status_code == 404
    assert browser.post(address, data=wanted).status_code == 303
    assert theirs.get(f"/organisations/{organisation.id}/edit").status_code == 200
    assert theirs.get(address).status_code == 404
    [mandate] = queries.mandates(organisation)
    assert queries.mandates(organisation, clock.today() + timedelta(days=1)) == []
    assert theirs.post(f"/organisations/{organisation.id}/mandates/{mandate.id}/revoke").status_code == 303
    assert theirs.get(f"/organisations/{organisation.id}/edit").status_code == 404
    assert [entry.event for entry in history(organisation)][:2] == ["mandate:revoked", "mandate:granted"]


def test_a_new_mandate_replaces_the_old_one(make: Factories) -> None:
    organisation = make.cooperative()
    director, helper = make.member(organisation), make.user()
    make.commit()
    today = clock.today()
    service_people.grant(organisation, helper, until=today, actor=director, now=clock.now())
    service_people.grant(organisation, helper, until=today + timedelta(days=30), actor=director, now=clock.now())
    assert [row.until for row in queries.mandates(organisation)] == [today + timedelta(days=30)]
    assert capacities(helper).helps(organisation.id)
    assert len(list(db.session.scalars(select(Mandate)))) == 2


def test_mandates_that_make_no_sense_are_refused(make: Factories) -> None:
    organisation = make.cooperative()
    director, member, helper = make.member(organisation), make.member(organisation, authority=False), make.user()
    make.commit()
    until = clock.today() + timedelta(days=30)
    with pytest.raises(Refusal):
        service_people.grant(organisation, member, until=until, actor=director, now=clock.now())
    with pytest.raises(NotVisible):
        service_people.grant(organisation, helper, until=until, actor=member, now=clock.now())
    with pytest.raises(NotVisible):
        service_people.grant(organisation, helper, until=until, actor=helper, now=clock.now())


def test_a_member_is_never_only_a_helper(make: Factories) -> None:
    organisation = make.cooperative()
    director, helper = make.member(organisation), make.user()
    make.commit()
    service_people.grant(organisation, helper, until=clock.today(), actor=director, now=clock.now())
    row = make.add(Membership(organisation_id=organisation.id, user_id=helper.id, requested_at=make.now))
    service_people.accept(row, DIRECTOR, actor=director, now=clock.now())
    assert not capacities(helper).helps(organisation.id)
    assert capacities(helper).signs_for(organisation.id)


def test_a_one_time_code_is_for_people_of_the_territory(make: Factories, sign_in: SignIn) -> None:
    organisation = make.cooperative()
    member, elsewhere = make.member(organisation), make.member(make.cooperative(unit=make.unit("Xã Mường Kim")))
    officer, administrator = make.officer(make.unit()), make.user("Quản trị", administrator=True)
    make.commit()
    assert queries.may_hand_over_code(officer, member)
    assert not queries.may_hand_over_code(officer, elsewhere)
    assert not queries.may_hand_over_code(officer, administrator)
    assert not queries.may_hand_over_code(officer, officer)
    assert queries.may_hand_over_code(administrator, officer)
    assert not queries.may_hand_over_code(administrator, member)
    assert not queries.may_hand_over_code(member, member)
    browser = sign_in(officer)
    link = f"/accounts/{member.id}/one-time-code"
    assert link in browser.get(f"/organisations/{organisation.id}/members").get_data(as_text=True)
    assert browser.get(link).status_code == 200
    assert browser.get(f"/accounts/{elsewhere.id}/one-time-code").status_code == 404


def test_an_authority_begins_on_its_day_and_keeps_its_paper(make: Factories, sign_in: SignIn) -> None:
    organisation = make.cooperative()
    boss, deputy = make.member(organisation), make.member(organisation, authority=False)
    number = queries.membership_of(deputy.id, organisation).id
    path = f"/organisations/{organisation.id}/members/{number}/change-authority"
    browser = sign_in(boss)
    given = {
        "title": "Phó giám đốc",
        "basis": "power_of_attorney",
        "document": "05/UQ-HTX, 02/03/2026",
        "since": "01/01/2099",
        "version": str(queries.membership_of(deputy.id, organisation).version),
        "paper": (io.BytesIO(plain_pdf()), "uy-quyen.pdf"),
    }
    answer = browser.post(path, data=given, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    db.session.expire_all()
    held = queries.membership_of(deputy.id, organisation)
    assert held.authority_from == date(2099, 1, 1)
    assert held.authority_file_id is not None
    assert not may_sign_on(date(2098, 12, 31), held.authority, held.authority_until, held.authority_from)
    assert may_sign_on(date(2099, 1, 1), held.authority, held.authority_until, held.authority_from)
    page = browser.get(f"/organisations/{organisation.id}/members").get_data(as_text=True)
    assert "01/01/2099" in page
