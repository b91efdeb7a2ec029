"""Two at once, as real concurrent requests on both databases: one organisation, one representative, one request."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.organisations import queries, service
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.rules import Kind, MembershipState
from tests.factories import Factories

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make a function wait until both requests are in it, or a moment when a lock keeps the other one out."""

    def meet(module: Any, name: str) -> None:
        barrier, real = Barrier(2), getattr(module, name)

        def waiting(*args: Any, **kwargs: Any) -> Any:
            found = real(*args, **kwargs)
            with suppress(BrokenBarrierError):
                barrier.wait(timeout=0.7)
            return found

        monkeypatch.setattr(module, name, waiting)

    return meet


def at_once(*acts: Callable[[], Any]) -> list[int]:
    """Run them in threads; their status codes, sorted."""
    codes: list[int] = []
    threads = [Thread(target=lambda act=act: codes.append(act().status_code)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(codes)


def states() -> list[MembershipState]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Membership.state)))


def organisations() -> list[Organisation]:
    db.session.rollback()
    return list(db.session.scalars(select(Organisation)))


def people(make: Factories, sign_in: SignIn) -> tuple[FlaskClient, FlaskClient]:
    one, other = make.user("Lò Thị Một"), make.user("Lò Thị Hai")
    make.commit()
    return sign_in(one), sign_in(other)


ONE_CLAIM = [MembershipState.ACTIVE, MembershipState.REQUESTED]


def test_two_claims_make_one_representative_and_one_request(
    app: Flask, make: Factories, sign_in: SignIn, together: Callable[..., None]
) -> None:
    held = service.enlist(Kind.HTX, "HTX Đã liệt kê", unit=make.unit(), now=make.now, actor=None)
    make.commit()
    first, second = people(make, sign_in)
    address = f"/organisations/{held.id}/claim"
    db.session.rollback()
    together(queries, "membership_of")
    data = {"title": "Giám đốc", "basis": "legal_representative"}
    codes = at_once(lambda: first.post(address, data=data), lambda: second.post(address, data=data))
    assert codes == [303, 303]
    assert states() == ONE_CLAIM


@pytest.mark.parametrize("case", ["same commune, no tax code", "same tax code, other commune"])
def test_two_registrations_make_one_organisation(
    app: Flask, make: Factories, sign_in: SignIn, together: Callable[..., None], case: str
) -> None:
    one, other = make.unit(), make.unit("Xã Mường Kim")
    first, second = people(make, sign_in)
    data: dict[str, Any] = {
        "name": "THT Rau sạch bản Đông",
        "sector": "NLN",
        "province": one.parent_id,
        "unit": one.id,
        "title": "Tổ trưởng",
        "basis": "legal_representative",
        "tax_code": "0090000019",
    }
    again = {**data, "unit": other.id}
    if case.startswith("same commune"):
        data = again = {**data, "tax_code": "", "cooperation_contract": "01/HĐHT"}
    db.session.rollback()
    together(service, "known")
    address = "/register?kind=tht"
    codes = at_once(lambda: first.post(address, data=data), lambda: second.post(address, data=again))
    assert codes == [303, 303]
    assert len(organisations()) == 1
    assert states() == ONE_CLAIM


def test_two_officers_decide_once(app: Flask, make: Factories, sign_in: SignIn, together: Callable[..., None]) -> None:
    waiting = make.cooperative(verified=False)
    one, other = make.officer(make.unit()), make.officer(make.unit("Tỉnh Lai Châu"))
    make.commit()
    first, second = sign_in(one), sign_in(other)
    version, number = waiting.version, waiting.id
    db.session.rollback()
    together(queries, "standing")
    codes = at_once(
        lambda: first.post(f"/organisations/{number}/verify", data={"version": version, "evidence": "known"}),
        lambda: second.post(f"/organisations/{number}/send-back", data={"version": version, "reason": "Thiếu giấy"}),
    )
    assert codes == [303, 409]
