"""Registering and claiming in a browser: one organisation, one claim, requests to join; nothing typed is lost."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from marketplace.accounts.models import Consent, User
from marketplace.extensions import db
from marketplace.ledger.models import Entry
from marketplace.notices.models import Notice
from marketplace.organisations import queries, service
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.rules import AuthorityBasis, Kind, MembershipState, Verification
from marketplace.places.models import AdminUnit, Succession
from tests.factories import Factories

CODE = "0090000019"


def form_of(seat: AdminUnit, **changes: Any) -> dict[str, Any]:
    """A filled-in form of a new HTX and its director."""
    return {
        "name": "HTX Nông nghiệp Bùi Thị Ỷ",
        "tax_code": CODE,
        "sector": "NLN",
        "province": seat.parent_id,
        "unit": seat.id,
        "title": "Giám đốc",
        "basis": "legal_representative",
        "person_name": "Bùi Thị Ỷ",
        "person_phone": "0912 345 678",
        "password": "nuong-ngo-mua-thu",
        "consent": "y",
        **changes,
    }


def all_of(model: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(model).order_by(model.id)))


def test_a_visitor_registers_a_cooperative_and_is_signed_in(client: FlaskClient, make: Factories) -> None:
    unit = make.unit()
    officer = make.officer(unit)
    make.commit()
    answer = client.post("/register?kind=htx", data=form_of(unit))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.location == "/organisations/mine"
    assert "HTX Nông nghiệp Bùi Thị Ỷ" in client.get("/organisations/mine").get_data(as_text=True)
    [organisation] = all_of(Organisation)
    assert organisation.verification == Verification.PENDING
    assert (organisation.tax_code, organisation.unit.id, organisation.kind) == (CODE, unit.id, Kind.HTX)
    [membership] = all_of(Membership)
    assert (membership.state, membership.authority, membership.title) == (MembershipState.ACTIVE, True, "Giám đốc")
    assert {row.text_name for row in all_of(Consent)} == {"operating-rules", "privacy"}
    assert "organisation:registered" in {entry.event for entry in all_of(Entry)}
    assert [notice.user_id for notice in all_of(Notice)] == [officer.id]
    assert client.get(f"/organisations/{organisation.id}").status_code == 200


def test_not_yet_verified_is_not_public(client: FlaskClient, make: Factories) -> None:
    pending = make.cooperative("HTX Chờ", verified=False)
    make.commit()
    assert "HTX Chờ" not in client.get("/organisations").get_data(as_text=True)
    assert client.get(f"/organisations/{pending.id}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("htx", {"tax_code": "0100233480"}, "tax_code-error"),
        ("htx", {"tax_code": ""}, "tax_code-error"),
        ("htx", {"sector": ""}, "sector-error"),
        ("htx", {"sector": "forged"}, "sector-error"),
        ("htx", {"unit": ""}, "unit-error"),
        ("htx", {"unit": "999999"}, "unit-error"),
        ("htx", {"unit": "x"}, "unit-error"),
        ("htx", {"name": " "}, "name-error"),
        ("htx", {"title": ""}, "title-error"),
        ("htx", {"basis": "power_of_attorney"}, "document-error"),
        ("htx", {"until": "31/02/2027"}, "until-error"),
        ("htx", {"person_phone": ""}, "person_phone-error"),
        ("htx", {"person_phone": "123"}, "person_phone-error"),
        ("htx", {"consent": ""}, "consent-error"),
        ("htx", {"password": "12345678"}, "password-error"),
        ("tht", {"tax_code": ""}, "tax_code-error"),
        ("company", {"tax_code": "012345678901"}, "tax_code-error"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    client: FlaskClient, make: Factories, kind: str, changes: dict[str, str], words: str
) -> None:
    unit = make.unit()
    make.commit()
    answer = client.post(f"/register?kind={kind}", data=form_of(unit, **changes))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{words}"' in page
    kept = [
        value
        for name, value in form_of(unit, **changes).items()
        if name in ("name", "title", "tax_code") and value.strip()
    ]
    assert all(value in page for value in kept)
    assert "nuong-ngo-mua-thu" not in page
    assert not all_of(Organisation)
    assert not all_of(User)


def test_a_group_without_tax_code_gives_its_contract_and_a_household_its_personal_number(
    client: FlaskClient, make: Factories
) -> None:
    unit = make.unit()
    make.commit()
    group = form_of(unit, name="THT Rau bản Đông", tax_code="", cooperation_contract="01/HĐHT, 12/05/2023")
    assert client.post("/register?kind=tht", data=group).status_code == 303
    household = form_of(unit, name="Hộ kinh doanh Ỷ", tax_code="012345678901", person_phone="0912 345 679")
    browser = client.application.test_client()
    assert browser.post("/register?kind=household", data=household).status_code == 303
    first, second = all_of(Organisation)
    assert (first.tax_code, first.cooperation_contract) == (None, "01/HĐHT, 12/05/2023")
    assert second.tax_code == "012345678901"
    assert "012345678901" not in browser.get(f"/organisations/{second.id}").get_data(as_text=True)
    written = [str(entry.data) for entry in all_of(Entry)]
    assert not any("012345678901" in text for text in written)


def test_another_province_shows_its_communes_without_losing_what_was_typed(
    client: FlaskClient, make: Factories
) -> None:
    unit = make.unit()
    capital = make.unit("Thành phố Hà Nội")
    ward = make.unit("Phường Ba Đình", parent=capital)
    make.commit()
    data = form_of(unit, province=capital.id, act="places")
    page = client.post("/register?kind=htx", data=data)
    assert page.status_code == 200
    assert "Phường Ba Đình" in page.get_data(as_text=True)
    assert "HTX Nông nghiệp Bùi Thị Ỷ" in page.get_data(as_text=True)
    assert not all_of(Organisation)
    assert client.post("/register?kind=htx", data=form_of(unit, province=capital.id, unit=ward.id)).status_code == 303


def test_a_double_click_registers_once(client: FlaskClient, make: Factories) -> None:
    unit = make.unit()
    make.commit()
    client.get("/register?kind=htx")
    same_click = client.application.test_client()
    same_click.set_cookie("session", client.get_cookie("session").value)
    data = form_of(unit, key="k" * 32)
    first = client.post("/register?kind=htx", data=data)
    second = same_click.post("/register?kind=htx", data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    later = client.post("/register?kind=htx", data=data)  # back, and sent again by who is signed in meanwhile
    assert later.status_code == 422
    assert len(all_of(Organisation)) == len(all_of(User)) == 1


def listed(make: Factories, unit: AdminUnit, **values: Any) -> Organisation:
    given = {"tax_code": CODE, **values}
    return service.enlist(Kind.HTX, "Hợp tác xã NN Bùi Thị Ỷ", unit=unit, now=make.now, actor=None, **given)


def test_what_the_register_holds_is_claimed_by_its_tax_code(client: FlaskClient, make: Factories) -> None:
    elsewhere = make.unit("Xã Mường Kim")
    held = listed(make, elsewhere)
    make.commit()
    data = form_of(make.unit(), name="Tên khác hẳn")
    make.commit()
    assert client.post("/register?kind=htx", data=data).status_code == 303
    [organisation] = all_of(Organisation)
    assert organisation.id == held.id
    assert organisation.verification == Verification.PENDING
    assert organisation.unit.id == elsewhere.id


def test_it_is_found_by_name_in_an_old_unit_of_the_commune(client: FlaskClient, make: Factories) -> None:
    today = make.unit("Xã Than Uyên")
    old = make.unit("Xã Mường Cang", valid_to=today.valid_from)
    make.add(Succession(old_id=old.id, new_id=today.id, extent="whole"))
    held = listed(make, old, tax_code=None)
    make.commit()
    data = form_of(today, name=unicodedata.normalize("NFD", "htx nông nghiệp bùi thị ỷ"))
    assert client.post("/register?kind=htx", data=data).status_code == 303
    [organisation] = all_of(Organisation)
    assert organisation.id == held.id
    assert organisation.tax_code == CODE


def test_a_name_nearly_the_same_is_asked_about_first(client: FlaskClient, make: Factories) -> None:
    unit = make.unit()
    held = listed(make, unit, tax_code=None)
    make.cooperative("HTX Lúa nếp Tan Pỏm", unit=unit)
    make.commit()
    data = form_of(unit, name="HTX Dịch vụ Bùi Thị Ỷ")
    asked = client.post("/register?kind=htx", data=data)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert f"/organisations/{held.id}/claim" in page
    assert "Tan Pỏm" not in page
    assert len(all_of(Organisation)) == 2
    assert client.post("/register?kind=htx", data={**data, "sure": "y"}).status_code == 303
    assert len(all_of(Organisation)) == 3


def test_two_codes_are_two_organisations_of_one_name(client: FlaskClient, make: Factories) -> None:
    unit = make.unit()
    listed(make, unit, tax_code="0090000026")
    make.commit()
    assert client.post("/register?kind=htx", data=form_of(unit, sure="y")).status_code == 303
    assert len(all_of(Organisation)) == 2


def test_a_second_claim_becomes_a_request_to_join(
    client: FlaskClient, make: Factories, sign_in: Callable[[Any], FlaskClient]
) -> None:
    unit = make.unit()
    verified = make.cooperative("HTX Đã có", unit=unit, tax_code=CODE)
    director = make.member(verified)
    make.commit()
    answer = client.post("/register?kind=htx", data=form_of(unit))
    assert answer.status_code == 303
    asked = all_of(Membership)[-1]
    assert (asked.state, asked.authority) == (MembershipState.REQUESTED, False)
    assert [notice.user_id for notice in all_of(Notice)] == [director.id]
    assert client.get(f"/organisations/{verified.id}/edit").status_code == 404
    again = client.post(
        f"/organisations/{verified.id}/claim", data={"title": "Kế toán", "basis": "legal_representative"}
    )
    assert again.status_code == 422


def test_somebody_with_an_account_claims_from_the_page(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    held = listed(make, make.unit())
    other = make.cooperative()
    person = make.member(other)
    make.commit()
    browser = sign_in(person)
    assert f"/organisations/{held.id}/claim" in browser.get(f"/organisations/{held.id}").get_data(as_text=True)
    data = {"title": "Chủ tịch HĐQT", "basis": "power_of_attorney", "document": "05/UQ-HTX, 02/03/2026"}
    assert browser.post(f"/organisations/{held.id}/claim", data=data).status_code == 303
    row = all_of(Membership)[-1]
    assert (row.organisation_id, row.user_id, row.state) == (held.id, person.id, MembershipState.ACTIVE)
    assert (row.authority_basis, row.authority_document) == (AuthorityBasis.POWER_OF_ATTORNEY, "05/UQ-HTX, 02/03/2026")
    assert browser.get(f"/organisations/{held.id}/claim").status_code == 404


def test_a_phone_that_has_an_account_is_refused_and_makes_nothing(client: FlaskClient, make: Factories) -> None:
    unit = make.unit()
    make.user(us_phone_number="+84912345678")
    make.commit()
    answer = client.post("/register?kind=htx", data=form_of(unit))
    assert answer.status_code == 422
    assert 'id="person_phone-error"' in answer.get_data(as_text=True)
    assert not all_of(Organisation)


def test_enlisted_ones_count_and_do_not_act(make: Factories) -> None:
    held = listed(make, make.unit())
    assert held.verification == Verification.LISTED
    assert not held.verified
    assert queries.by_tax_code("0090 000.019").id == held.id
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1
