"""What waits on the desk: every line opens a page on which the officer can do it."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from marketplace.organisations.models import Membership
from marketplace.organisations.rules import MembershipState
from marketplace.products.models import Certificate
from marketplace.products.rules import CertificateKind, CertificateState
from marketplace.reports import waiting
from marketplace.web.addresses import path_of
from tests.factories import Factories


def test_every_line_opens(make: Factories, sign_in: Callable[[Any], FlaskClient]) -> None:
    here, there = make.unit(), make.unit("Xã Mường Kim")
    near, far = make.cooperative("HTX Gần", unit=here), make.cooperative("HTX Xa", unit=there)
    for product in (make.product(near, "Gạo gần"), make.product(far, "Gạo xa", unit_id=here.id)):
        make.add(
            Certificate(
                product_id=product.id,
                kind=CertificateKind.OCOP,
                state=CertificateState.DECLARED,
                created_at=make.now,
            )
        )
    make.cooperative("HTX Chờ", unit=here, verified=False)
    asks = make.user("Lò Văn Ún")
    make.add(
        Membership(
            organisation_id=near.id, user_id=asks.id, state=MembershipState.REQUESTED, requested_at=make.now, title=""
        )
    )
    officer = make.officer(here)
    make.commit()
    lines = waiting.read(officer, make.now)
    assert len(lines) == 3
    browser = sign_in(officer)
    for line in lines:
        assert browser.get(path_of(line.endpoint, **line.values)).status_code == 200, line
