"""Trade events: officers of the territory prepare, open and close them and note who takes part; others see what is open."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.ledger.queries import history
from marketplace.organisations.rules import Kind, PostRole
from marketplace.promotion.models import Participation, TradeEvent
from marketplace.promotion.rules import EVENT, EventAct, EventKind, EventState, Reach
from marketplace.web import settings
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture(autouse=True)
def demonstration(app: Any) -> None:
    """Where officials need no second factor."""
    settings.put("demonstration", True)


@pytest.fixture
def typed(make: Factories) -> dict[str, Any]:
    """What an officer of xã Than Uyên types."""
    return {
        "name": "Tuần hàng nông sản Thử",
        "kind": "fair",
        "reach": "province",
        "place": "Quảng trường trung tâm",
        "place_unit_id": "",
        "starts_on": "15/11/2026",
        "ends_on": "17/11/2026",
        "organiser": "UBND xã Than Uyên",
        "organiser_unit_id": str(make.unit("Xã Than Uyên").id),
        "note": "",
    }


def version(event: TradeEvent) -> str:
    db.session.refresh(event)
    return str(event.version)


def the_event() -> TradeEvent:
    db.session.expire_all()
    event = db.session.scalar(select(TradeEvent))
    assert event is not None
    return event


@pytest.mark.parametrize("state", EventState)
@pytest.mark.parametrize("act", EventAct)
def test_every_act_in_every_state(state: EventState, act: EventAct) -> None:
    allowed = {
        (EventState.DRAFT, EventAct.OPEN),
        (EventState.OPEN, EventAct.CLOSE),
        (EventState.CLOSED, EventAct.REOPEN),
    }
    assert EVENT.allows(state, act) == ((state, act) in allowed)


def test_an_officer_walks_an_event_from_its_preparation_to_its_end(
    make: Factories, sign_in: SignIn, client: FlaskClient, typed: dict[str, Any]
) -> None:
    commune = make.unit("Xã Than Uyên")
    browser = sign_in(make.officer(commune))
    cooperative = make.cooperative("HTX Gạo Thử Nghiệm", unit=commune)
    unverified = make.cooperative("HTX Chưa Xác Minh Thử Nghiệm", unit=commune, verified=False)

    answer = browser.post("/events/create", data=typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    event = the_event()
    assert (event.state, event.kind, event.reach) == (EventState.DRAFT, EventKind.FAIR, Reach.PROVINCE)
    assert client.get(f"/events/{event.id}").status_code == 404, "a draft is its officers' own"

    for organisation in (cooperative, unverified):
        found = browser.get(f"/events/{event.id}/enrol?q=thu nghiem").get_data(as_text=True)
        assert organisation.name in found
        data = {"organisation_id": organisation.id, "booth": "A12", "products": "Gạo Séng Cù"}
        assert browser.post(f"/events/{event.id}/enrol?q=thu nghiem", data=data).status_code == 303
    again = browser.post(f"/events/{event.id}/enrol?q=thu", data={"organisation_id": cooperative.id})
    assert again.status_code == 422
    assert db.session.scalar(select(func.count(Participation.id))) == 2

    assert browser.post(f"/events/{event.id}/open", data={"version": version(event)}).status_code == 303
    public = client.get(f"/events/{event.id}").get_data(as_text=True)
    assert "HTX Gạo Thử Nghiệm" in public
    assert "HTX Chưa Xác Minh" not in public, "only verified organisations are named in public"
    assert "Tuần hàng nông sản Thử" in client.get("/events").get_data(as_text=True)

    row = db.session.scalar(select(Participation).filter_by(organisation_id=unverified.id))
    assert row is not None
    assert browser.post(f"/events/{event.id}/withdraw/{row.id}").status_code == 303
    assert browser.post(f"/events/{event.id}/close", data={"version": version(event)}).status_code == 303
    assert [entry.event for entry in reversed(history(the_event()))] == [
        "trade_event:created",
        "trade_event:enrolled",
        "trade_event:enrolled",
        "trade_event:opened",
        "trade_event:withdrawn",
        "trade_event:closed",
    ]


def test_editing_keeps_what_was_typed_and_notices_a_stale_page(
    make: Factories, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    browser = sign_in(make.officer(make.unit("Xã Than Uyên")))
    browser.post("/events/create", data=typed)
    event = the_event()
    address = f"/events/{event.id}/edit"
    assert "Quảng trường trung tâm" in browser.get(address).get_data(as_text=True)
    first = {**typed, "name": "Tên mới", "version": version(event)}
    assert browser.post(address, data=first).status_code == 303
    late = browser.post(address, data={**first, "name": "Tên khác"})
    assert late.status_code == 409
    assert "Tên khác" in late.get_data(as_text=True)
    assert the_event().name == "Tên mới"
    assert history(the_event())[0].data == {"name": "Tên mới"}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("ends_on", "14/11/2026"),
        ("starts_on", "31/02/2026"),
        ("starts_on", "tháng sau"),
        ("kind", "party"),
        ("organiser_unit_id", "999999"),
        ("place_unit_id", "999999"),
        ("name", ""),
        ("name", "x" * 201),
    ],
)
def test_bad_input_is_refused_at_its_field(
    make: Factories, sign_in: SignIn, typed: dict[str, Any], field: str, text: str
) -> None:
    browser = sign_in(make.officer(make.unit("Xã Than Uyên")))
    answer = browser.post("/events/create", data={**typed, field: text})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in page
    assert "Quảng trường trung tâm" in page
    assert db.session.scalar(select(func.count(TradeEvent.id))) == 0


def test_only_officers_of_the_territory_manage_it(make: Factories, sign_in: SignIn, typed: dict[str, Any]) -> None:
    here, there = make.unit("Xã Than Uyên"), make.unit("Xã Mường Kim")
    province = here.parent
    assert province is not None
    sign_in(make.officer(here)).post("/events/create", data=typed)
    event = the_event()
    others = {
        "neighbour": sign_in(make.officer(there)),
        "viewer": sign_in(make.officer(here, role=PostRole.VIEWER)),
        "member": sign_in(make.member(make.cooperative(unit=here))),
    }
    for name, browser in others.items():
        for address in (f"/events/{event.id}/edit", f"/events/{event.id}/enrol"):
            assert browser.get(address).status_code == 404, (name, address)
            assert browser.post(address, data=typed).status_code == 404, (name, address)
        assert browser.post(f"/events/{event.id}/open", data={"version": "1"}).status_code == 404, name
    assert others["viewer"].get(f"/events/{event.id}/manage").status_code == 200
    assert others["neighbour"].get(f"/events/{event.id}/manage").status_code == 404
    assert sign_in(make.officer(province)).get(f"/events/{event.id}/edit").status_code == 200
    stranger = {**typed, "organiser_unit_id": str(there.id)}
    assert sign_in(make.officer(here)).post("/events/create", data=stranger).status_code == 422


def test_an_organisation_out_of_sight_cannot_be_entered(
    make: Factories, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    browser = sign_in(make.officer(make.unit("Xã Than Uyên")))
    browser.post("/events/create", data=typed)
    event = the_event()
    hidden = make.cooperative("HTX Nơi Khác Thử", unit=make.unit("Xã Mường Kim"), verified=False)
    assert "Nơi Khác" not in browser.get(f"/events/{event.id}/enrol?q=noi khac").get_data(as_text=True)
    forged = browser.post(f"/events/{event.id}/enrol", data={"organisation_id": hidden.id})
    assert forged.status_code == 422
    assert db.session.scalar(select(func.count(Participation.id))) == 0


def test_a_persons_number_is_not_found_out_digit_by_digit(
    make: Factories, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    make.organisation(Kind.HOUSEHOLD, "Hộ Thử", tax_code="001199000011")
    make.company("Công ty TNHH Thử Mã", tax_code="0090000019")
    officer = make.officer(make.unit("Xã Than Uyên"))
    make.commit()
    browser = sign_in(officer)
    browser.post("/events/create", data=typed)
    page = f"/events/{the_event().id}/enrol?q="
    assert "Công ty TNHH Thử Mã" in browser.get(page + "0090").get_data(as_text=True)
    for digits in ("0011", "001199000011"):
        assert "Hộ Thử" not in browser.get(page + digits).get_data(as_text=True)
