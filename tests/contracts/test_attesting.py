"""What an officer attests is said as it is: an original that was seen, or who it was that confirmed without one."""

import pytest

from marketplace.annexes.rules import AnnexReason
from marketplace.contracts.models import Signature
from marketplace.contracts.rules import Method
from marketplace.extensions import db
from marketplace.web import clock
from tests.annexes import papers
from tests.annexes.papers import DEARER, annex
from tests.contracts import deals
from tests.contracts.test_pages import SignIn, field, text_of
from tests.factories import Factories

ORIGINAL, PERSON = "đã xem bản gốc", "đã kiểm tra người xác nhận"


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        ((Method.WET_INK, Method.WET_INK), (True, False)),
        ((Method.APP, Method.APP), (False, True)),
        ((Method.WET_INK, Method.APP), (True, True)),
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_the_statement_is_about_what_there_is(
    make: Factories, sign_in: SignIn, methods: tuple[Method, Method], said: tuple[bool, bool], later: bool
) -> None:
    officer = make.officer(make.unit("Xã Than Uyên"))
    deal = deals.signed(make)
    base, document = f"/contracts/{deal.contract.id}", deal.contract.documents[-1]
    if later:
        paper = papers.signed(deal, annex(AnnexReason.PRICE, DEARER, clock.today()), make.now).paper
        base, document = f"{base}/annexes/1", paper.documents[-1]
    for signature, method in zip(document.signatures, methods, strict=True):
        signature.method, signature.scan_id = method, signature.scan_id if method == Method.WET_INK else None
    make.commit()
    official = sign_in(officer)
    page = text_of(official.get(f"{base}/attest"))
    assert (ORIGINAL in page, PERSON in page) == said
    given = {"version": field(page, "version"), "key": field(page, "key"), "seen_original": "y"}
    assert official.post(f"{base}/attest", data=given).status_code == 303
    shown = text_of(official.get(base))
    assert ("Cán bộ đã xem bản gốc" in shown, "Cán bộ đã kiểm tra người xác nhận" in shown) == said


def test_who_attests_second_is_told(make: Factories, sign_in: SignIn) -> None:
    unit = make.unit("Xã Than Uyên")
    deal = deals.signed(make)
    base = f"/contracts/{deal.contract.id}/attest"
    first, second = (sign_in(make.officer(unit)) for _time in range(2))
    pages = [text_of(browser.get(base)) for browser in (first, second)]
    answers = [
        browser.post(base, data={"version": field(page, "version"), "key": field(page, "key"), "seen_original": "y"})
        for browser, page in zip((first, second, first), (*pages, pages[0]), strict=True)
    ]
    assert [answer.status_code for answer in answers] == [303, 409, 303], "the same sent twice gets the same answer"
    assert len({row.attested_by_id for row in db.session.query(Signature)}) == 1
