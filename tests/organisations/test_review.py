"""The officers' queue: whose it is, what they decide, and that nobody decides on what is not theirs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.ledger.models import Entry
from marketplace.ledger.queries import history
from marketplace.notices.models import Notice
from marketplace.organisations import queries, service, service_people
from marketplace.organisations.models import Mandate, Organisation
from marketplace.organisations.rules import Kind, MembershipState, PostRole, RegisterStatus, Sector, Verification
from marketplace.organisations.tasks import escalate
from marketplace.places.models import Succession
from marketplace.web import clock
from tests.factories import Factories
from tests.ledger.tampering import first_broken

VERIFY = {"evidence": "certificate"}


def act(browser: FlaskClient, organisation: Organisation, name: str, **data: Any) -> int:
    """Open the page, then send the form of one act with the version that the page had."""
    version = organisation.version
    return browser.post(f"/organisations/{organisation.id}/{name}", data={"version": version, **data}).status_code


def events(organisation: Organisation) -> list[str]:
    db.session.rollback()
    return [entry.event for entry in history(organisation)]


def test_the_whole_way_from_pending_to_restored(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    waiting = make.cooperative("HTX Chờ", verified=False)
    member = make.member(waiting)
    officer = sign_in(make.officer(make.unit()))
    make.commit()
    browser = sign_in(member)

    def state() -> Verification:
        db.session.rollback()
        return db.session.get_one(Organisation, waiting.id).verification

    assert act(officer, waiting, "send-back") == 422  # a reason is needed
    assert act(officer, waiting, "send-back", reason="Thiếu giấy đăng ký") == 303
    assert state() == Verification.RETURNED
    assert "Thiếu giấy đăng ký" in browser.get(f"/organisations/{waiting.id}").get_data(as_text=True)
    assert act(officer, waiting, "verify", **VERIFY) == 422
    assert browser.post(f"/organisations/{waiting.id}/resubmit").status_code == 303
    assert state() == Verification.PENDING
    assert act(officer, waiting, "verify") == 422  # what was checked is asked
    assert act(officer, waiting, "verify", **VERIFY) == 303
    assert state() == Verification.VERIFIED
    assert act(officer, waiting, "suspend", reason="Khiếu nại") == 303
    assert state() == Verification.SUSPENDED
    assert act(officer, waiting, "restore", reason="Đã giải quyết") == 303
    assert state() == Verification.VERIFIED
    done = ["restored", "suspended", "verified", "resubmitted", "returned"]
    assert events(waiting) == [f"organisation:{name}" for name in done]
    told = list(db.session.scalars(select(Notice.user_id).order_by(Notice.id)))
    assert told.count(member.id) == 4
    assert first_broken(reversed(history(waiting))) is None


def test_a_stale_page_decides_nothing(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    waiting = make.cooperative(verified=False)
    officer = sign_in(make.officer(make.unit()))
    make.commit()
    answer = officer.post(f"/organisations/{waiting.id}/verify", data={"version": waiting.version - 1, **VERIFY})
    assert answer.status_code == 409
    db.session.rollback()
    assert waiting.verification == Verification.PENDING


def test_neighbours_and_viewers_and_strangers_cannot_decide(
    make: Factories, sign_in: Callable[[Any], FlaskClient]
) -> None:
    waiting = make.cooperative(verified=False)
    neighbour = make.officer(make.unit("Xã Mường Kim"))
    viewer = make.officer(make.unit(), role=PostRole.VIEWER)
    member = make.member(waiting)
    administrator = make.user(administrator=True)
    make.commit()
    for person in (neighbour, viewer, member, administrator):
        assert act(sign_in(person), waiting, "verify", **VERIFY) == 404
        with pytest.raises(NotVisible):
            service.verify(waiting, evidence="known", actor=person, now=make.now)
    db.session.rollback()
    assert waiting.verification == Verification.PENDING


def test_a_helper_or_member_does_not_verify(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    waiting = make.cooperative(verified=False)
    member = make.member(waiting)
    helper, own = make.officer(make.unit()), make.member(waiting, authority=False)
    make.add(post_like(make, own))
    make.add(
        Mandate(
            organisation_id=waiting.id,
            helper_id=helper.id,
            granted_by_id=member.id,
            granted_at=make.now,
            until=clock.today() + timedelta(days=30),
        )
    )
    make.commit()
    for person in (helper, own):
        browser = sign_in(person)
        assert act(browser, waiting, "verify", **VERIFY) == 422
        assert f"/organisations/{waiting.id}/verify" not in browser.get(f"/organisations/queue/{waiting.id}").get_data(
            as_text=True
        )
    db.session.rollback()
    assert waiting.verification == Verification.PENDING


def post_like(make: Factories, user: Any) -> Any:
    """The same post for somebody who belongs to the organisation."""
    [post] = queries.posts_of(make.officer(make.unit()))
    return type(post)(user_id=user.id, role=post.role, body=post.body, unit_id=post.unit_id, held_from=post.held_from)


def test_a_buyer_outside_every_area_is_the_provinces(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    ward = make.unit("Phường Ba Đình", parent=make.unit("Thành phố Hà Nội"))
    buyer = make.company("Công ty TNHH Người mua", unit=ward, verified=False)
    commune = make.officer(make.unit())
    province = make.officer(make.unit("Tỉnh Lai Châu"))
    make.commit()
    assert queries.officers_for(buyer) == [province]
    assert queries.oversees(province, buyer, acting=True)
    assert not queries.oversees(commune, buyer)
    assert "Người mua" in sign_in(province).get("/organisations/queue").get_data(as_text=True)
    assert "Người mua" not in sign_in(commune).get("/organisations/queue").get_data(as_text=True)
    capital = make.officer(make.unit("Thành phố Hà Nội"))
    make.commit()
    assert queries.officers_for(buyer) == [capital]
    assert not queries.oversees(province, buyer, acting=True)


def test_the_commune_decides_first_the_province_always_may(
    make: Factories, sign_in: Callable[[Any], FlaskClient]
) -> None:
    fresh = make.cooperative("HTX Mới gửi", verified=False, submitted_at=clock.now())
    late = make.cooperative("HTX Gửi lâu", verified=False, submitted_at=clock.now() - timedelta(days=20))
    commune, province = make.officer(make.unit()), make.officer(make.unit("Tỉnh Lai Châu"))
    make.commit()
    assert queries.officers_for(fresh) == [commune]
    browser = sign_in(province)
    mine = browser.get("/organisations/queue").get_data(as_text=True)
    assert "HTX Gửi lâu" in mine
    assert "HTX Mới gửi" not in mine
    assert "HTX Mới gửi" in browser.get("/organisations/queue?all=1").get_data(as_text=True)
    assert act(browser, fresh, "verify", **VERIFY) == 303
    assert late.verification == Verification.PENDING


def test_an_old_seat_belongs_to_the_officers_of_todays_commune(make: Factories) -> None:
    today = make.unit("Xã Than Uyên")
    old = make.unit("Xã Mường Cang", valid_to=today.valid_from)
    make.add(Succession(old_id=old.id, new_id=today.id, extent="whole"))
    seated = make.cooperative(unit=old, verified=False)
    officer = make.officer(today)
    make.commit()
    assert queries.officers_for(seated) == [officer]
    assert queries.oversees(officer, seated, acting=True)


def test_the_province_is_told_once_after_three_working_days(app: Flask, make: Factories) -> None:
    make.cooperative(verified=False, submitted_at=clock.now() - timedelta(days=9))
    make.cooperative(verified=False, submitted_at=clock.now())
    make.officer(make.unit())
    province = make.officer(make.unit("Tỉnh Lai Châu"))
    make.commit()
    assert escalate(app) == 1
    assert escalate(app) == 0
    assert list(db.session.scalars(select(Notice.user_id))) == [province.id]


def test_a_false_claim_is_refused_and_the_entry_is_free_again(
    make: Factories, sign_in: Callable[[Any], FlaskClient]
) -> None:
    held = service.enlist(Kind.HTX, "HTX Của người khác", unit=make.unit(), now=make.now, actor=None)
    impostor = make.user("Kẻ Nhận Vơ")
    code = next(make.codes)
    application = service.Application(
        kind=held.kind, name=held.name, unit=held.unit, title="Giám đốc", tax_code=code, sector=Sector.VT
    )
    claimed = service.claim(held, impostor, application, now=make.now)
    assert (held.tax_code, held.sector) == (code, Sector.VT)
    officer = make.officer(make.unit())
    make.commit()
    assert act(sign_in(officer), held, "release", reason="Không phải người của HTX") == 303
    db.session.rollback()
    assert held.verification == Verification.LISTED
    assert claimed.state == MembershipState.ENDED
    assert (held.tax_code, held.sector) == (None, None)  # what only the claimants said goes with them
    real = make.user("Lò Thị Thật")
    assert service.claim(held, real, application, now=make.now).state == MembershipState.ACTIVE


def test_the_register_status_has_a_history(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    known = make.cooperative()
    officer = make.officer(make.unit())
    make.commit()
    browser = sign_in(officer)
    address = f"/organisations/{known.id}/change-status"
    data = {"version": known.version, "status": "paused", "on": "01/03/2026", "reason": "QĐ 12/QĐ-UBND"}
    assert browser.post(address, data={**data, "on": "01/03/2999"}).status_code == 422
    assert browser.post(address, data={**data, "reason": ""}).status_code == 422
    stale = browser.post(address, data={**data, "version": "99"})
    assert stale.status_code == 409
    assert browser.post(address, data=data).status_code == 303
    assert browser.post(address, data=data).status_code == 422  # it is so already
    db.session.rollback()
    statuses = queries.statuses(known)
    assert [row.status for row in statuses] == [RegisterStatus.PAUSED, RegisterStatus.ACTIVE]
    assert queries.status_at(known, statuses[0].effective_on - timedelta(days=1)) == RegisterStatus.ACTIVE


def test_an_earlier_founding_day_brings_its_status_along(make: Factories) -> None:
    known, officer = make.cooperative(), make.officer(make.unit())
    earlier = date(2015, 3, 1)
    assert queries.status_at(known, earlier) is None
    service.amend(known, actor=officer, now=make.now, founded_on=earlier)
    assert queries.status_at(known, earlier) == RegisterStatus.ACTIVE
    service.amend(known, actor=officer, now=make.now, founded_on=date(2016, 3, 1))
    assert len(queries.statuses(known)) == 2


def test_a_move_is_dated_and_changes_who_supervises(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    known = make.cooperative()
    member = make.member(known)
    first, second = make.unit(), make.unit("Xã Mường Kim")
    officer, next_officer = make.officer(first), make.officer(second)
    make.commit()
    browser = sign_in(member)
    data = {"version": known.version, "province": first.parent_id, "unit": second.id, "since": "01/06/2026"}
    assert browser.post(f"/organisations/{known.id}/move", data={**data, "since": "01/06/2999"}).status_code == 422
    assert browser.post(f"/organisations/{known.id}/move", data=data).status_code == 303
    db.session.rollback()
    assert known.unit == second
    since = known.places[-1].valid_from
    assert queries.place_at(known, since - timedelta(days=1)) == first
    assert queries.place_at(known, since) == second
    assert queries.oversees(next_officer, known)
    assert not queries.oversees(officer, known)


def test_facts_are_edited_with_a_record_and_helpers_carry_both_names(
    make: Factories, sign_in: Callable[[Any], FlaskClient]
) -> None:
    known = make.cooperative("HTX Có người giúp")
    member, helper = make.member(known), make.user("Vàng A Giúp")
    service_people.grant(known, helper, until=clock.today() + timedelta(days=9), actor=member, now=clock.now())
    make.commit()
    data = {
        "version": known.version,
        "about": "Gạo nếp",
        "phone": "0912 345 678",
        "phone_published": "y",
        "name": "Tên khác",
    }
    assert sign_in(helper).post(f"/organisations/{known.id}/edit", data=data).status_code == 303
    db.session.rollback()
    assert (known.about, known.phone, known.name) == ("Gạo nếp", "+84912345678", "HTX Có người giúp")
    entry = db.session.scalars(select(Entry).filter_by(event="organisation:edited")).one()
    assert (entry.actor, entry.on_behalf_of) == (helper.id, known.id)
    assert "+84912345678" not in str(entry.data)
    shown = sign_in(member).get(f"/organisations/{known.id}").get_data(as_text=True)
    assert "Vàng A Giúp" in shown
    anonymous = sign_in(member).application.test_client().get(f"/organisations/{known.id}").get_data(as_text=True)
    assert "Vàng A Giúp" not in anonymous
    assert "0912 345 678" in anonymous


def test_a_personal_number_is_shown_to_nobody_and_kept(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    household = make.organisation(Kind.HOUSEHOLD, "Hộ kinh doanh Ỷ", tax_code="012345678901", verified=False)
    member, officer = make.member(household), make.officer(make.unit())
    make.commit()
    for person in (member, officer):
        browser = sign_in(person)
        base = f"/organisations/{household.id}"
        for page in (
            base,
            f"{base}/edit",
            f"{base}/members",
            f"/organisations/queue/{household.id}",
            "/organisations/queue",
        ):
            assert "012345678901" not in browser.get(page).get_data(as_text=True)
        data = {"version": household.version, "name": household.name, "tax_code": "", "about": f"Bún khô {person.id}"}
        assert browser.post(f"{base}/edit", data=data).status_code == 303
        db.session.rollback()
        assert (household.tax_code, household.about) == ("012345678901", f"Bún khô {person.id}")


def test_a_refusal_of_the_service_names_the_remedy(make: Factories) -> None:
    waiting = make.cooperative(verified=False)
    member = make.member(waiting)
    make.add(post_like(make, member))
    make.commit()
    with pytest.raises(Refusal, match="colleague"):
        service.verify(waiting, evidence="known", actor=member, now=make.now)
