"""Points worth a second look on the pages: read from the draft, settled by a sentence, kept with the text that is signed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from marketplace.clauses.terms import ContractKind
from marketplace.contracts import points, service_points
from marketplace.contracts.service_drawing import parties_of, terms_of, written
from marketplace.extensions import db
from marketplace.kernel.errors import Refusal, Stale
from marketplace.kernel.prices import PriceKind
from marketplace.ledger.models import Entry
from marketplace.offers.rules import LinkageForm
from marketplace.organisations.models import Membership
from marketplace.organisations.rules import AuthorityBasis
from tests.contracts import deals
from tests.contracts.deals import Deal
from tests.contracts.test_pages import SignIn, contract, draft_values, field, text_of
from tests.factories import Factories

SENTENCE = "Hàng được cân bằng cân đã kiểm định còn hạn"
TODAY = date(2026, 11, 16)
LINKAGE = {"kind": ContractKind.LINKAGE, "linkage_form": LinkageForm.F3_PROD_SALE}


def read(deal: Deal, day: date = TODAY) -> set[str]:
    """The codes of the points of a draft."""
    it = deal.contract
    return {point.code for point in points.read(it, terms_of(it), parties_of(it), written(it), day)}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a one-button form."""
    return {name: field(page, name) for name in ("csrf_token", "key", "version") if f'name="{name}"' in page}


def take(deal: Deal, code: str) -> None:
    """Use the sentence of a point."""
    now = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
    service_points.take(deal.contract, code, out=False, actor=deal.farmer, on_behalf_of=None, now=now)


def test_a_sentence_is_used_and_taken_out_again(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make, **LINKAGE, extra="Họp mỗi tháng một lần.")
    number = deal.contract.id
    browser, other = sign_in(deal.farmer), sign_in(deal.trader)
    page = text_of(browser.get(f"/contracts/{number}/points"))
    assert "Chưa ghi cân bằng cân nào" in page
    assert f"/contracts/{number}/text#dieu-" in page
    form = hidden(page)
    answer = browser.post(f"/contracts/{number}/points/no_deduction", data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert contract(number).extra.startswith(f"Họp mỗi tháng một lần.\n{SENTENCE}")
    assert SENTENCE in text_of(other.get(f"/contracts/{number}/text"))

    page = text_of(other.get(f"/contracts/{number}/points"))
    assert "Bỏ câu này" in page
    form = hidden(page)
    other.post(f"/contracts/{number}/points/no_deduction", data={**form, "out": "1"})
    assert contract(number).extra == "Họp mỗi tháng một lần."
    edits = db.session.scalars(db.select(Entry).filter_by(event="contract:edited")).all()
    assert [entry.data["fields"] for entry in edits] == [["extra"], ["extra"]]


def test_a_page_that_is_out_of_date_changes_nothing(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make, **LINKAGE)
    number = deal.contract.id
    page = text_of(sign_in(deal.farmer).get(f"/contracts/{number}/points"))
    form = hidden(page)
    answer = sign_in(deal.farmer).post(
        f"/contracts/{number}/points/no_deduction", data={**form, "version": str(int(form["version"]) + 1)}
    )
    assert answer.status_code == 409
    assert contract(number).extra is None


@pytest.mark.parametrize("code", ["nothing", "payment_missing", "no_transport"])
def test_only_a_point_with_a_sentence_of_its_own_can_be_taken(make: Factories, sign_in: SignIn, code: str) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    browser = sign_in(deal.farmer)
    page = text_of(browser.get(f"/contracts/{number}/points"))
    form = hidden(page)
    assert browser.post(f"/contracts/{number}/points/{code}", data=form).status_code == 409
    assert contract(number).extra is None


def test_who_may_not_edit_gets_no_buttons_and_no_answer(make: Factories, sign_in: SignIn) -> None:
    drawn, opened = deals.draft(make, **LINKAGE), deals.opened(make, **LINKAGE)
    stranger = sign_in(make.member(make.cooperative()))
    assert stranger.get(f"/contracts/{drawn.contract.id}/points").status_code == 404
    assert stranger.post(f"/contracts/{drawn.contract.id}/points/no_deduction").status_code == 404
    page = text_of(sign_in(opened.farmer).get(f"/contracts/{opened.contract.id}/points"))
    assert "Dùng câu này" not in page
    assert sign_in(opened.farmer).post(f"/contracts/{opened.contract.id}/points/no_deduction").status_code == 404
    paper = deals.recorded(make)
    assert sign_in(paper.farmer).get(f"/contracts/{paper.contract.id}/points").status_code == 404


def test_what_stood_open_is_kept_with_the_text(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make, **LINKAGE)
    number = deal.contract.id
    document = deal.contract.documents[-1]
    kept = points.kept(document)
    assert kept is not None
    assert {"no_place", "no_transport", "no_deduction"} <= {point.code for point in kept}
    # Later knowledge changes nothing of what stood at signing.
    deal.contract.place = "Kho Bản Thử"
    db.session.commit()
    browser = sign_in(deal.farmer)
    assert "Chưa ghi nơi giao hàng." in text_of(browser.get(f"/contracts/{number}/points"))
    sign_page = text_of(browser.get(f"/contracts/{number}/sign"))
    assert "Chưa ghi nơi giao hàng." in sign_page
    shown = text_of(browser.get(f"/contracts/{number}"))
    assert f"Điểm lưu ý lúc ký: {len(kept)}" in shown


def test_an_own_file_is_not_read_for_points(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make, own_text=True)
    deals.open_text(deal, make.now)
    kept = points.kept(deal.contract.documents[-1])
    assert kept is not None
    assert "no_place" in {point.code for point in kept}
    assert not {"force_majeure", "late_interest", "disputes"} & {point.code for point in kept}
    assert "tệp riêng của các bên" in text_of(sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}/points"))


def test_a_text_from_before_points_were_kept_is_read_anew(make: Factories, sign_in: SignIn) -> None:
    deal = deals.opened(make)
    deal.contract.documents[-1].points = None
    db.session.commit()
    assert points.kept(deal.contract.documents[-1]) is None
    assert "Chưa ghi nơi giao hàng." in text_of(sign_in(deal.farmer).get(f"/contracts/{deal.contract.id}/points"))


def test_who_signs_is_compared_with_what_is_known_of_the_organisation(make: Factories) -> None:
    deal = deals.draft(make)
    seller = deal.sides[0]
    assert "signatory" not in read(deal)
    seller.representative = "Lò Văn Khác"
    assert "signatory" in read(deal)
    seller.authority = "số 05/GUQ ngày 02/01/2026"
    assert "signatory" not in read(deal)
    signatory = db.session.scalars(db.select(Membership).filter_by(user_id=deal.farmer.id)).one()
    signatory.authority_basis = AuthorityBasis.POWER_OF_ATTORNEY
    signatory.authority_until = TODAY
    seller.representative = deal.farmer.name
    assert "authority_over" not in read(deal)
    assert "authority_over" in read(deal, date(2026, 11, 17))
    signatory.authority_basis, signatory.authority_until = AuthorityBasis.LEGAL_REPRESENTATIVE, None
    seller.authority = None
    assert "signatory" not in read(deal)


def test_the_further_terms_do_not_overflow(make: Factories) -> None:
    from_draft = deals.draft(make, **LINKAGE, extra="x" * 3990)
    with pytest.raises(Refusal, match="full"):
        take(from_draft, "no_deduction")
    with pytest.raises(Stale):
        take(from_draft, "payment_missing")


def test_a_price_rule_is_typed_computed_and_printed(make: Factories, sign_in: SignIn) -> None:
    deal = deals.draft(make)
    number = deal.contract.id
    browser = sign_in(deal.trader)
    values = draft_values(browser.get(f"/contracts/{number}/edit").get_data(as_text=True))
    typed = {
        **values,
        "lines-0-price_kind": "floor_share",
        "lines-0-price": "25.000.000",
        "lines-0-price_percent": "50",
        "lines-0-market": "giá bán buôn tại chợ Bản Thử",
    }
    assert browser.post(f"/contracts/{number}/edit", data=typed).status_code in (302, 303)
    line = contract(number).lines[0]
    assert (line.price_kind, line.price_percent, line.market) == (
        PriceKind.FLOOR_SHARE,
        Decimal(50),
        "giá bán buôn tại chợ Bản Thử",
    )
    assert contract(number).value_estimated
    page = text_of(browser.get(f"/contracts/{number}/text"))
    assert "thì Bên A nhận (đồng/tấn)" in page
    assert "giá sàn cộng 50% của 5.000.000" in page
    edit = text_of(browser.get(f"/contracts/{number}/edit"))
    assert "27.500.000" in edit
    assert "cộng 50% phần giá thị trường cao hơn mức đó" in text_of(browser.get(f"/contracts/{number}"))


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"lines-0-price_kind": "floor", "lines-0-price": ""}, "lines-0-price-error"),
        ({"lines-0-price_kind": "floor_share"}, "lines-0-price_percent-error"),
        ({"lines-0-price_kind": "floor_share", "lines-0-price_percent": "101"}, "lines-0-price_percent-error"),
        ({"lines-0-price_kind": "market", "lines-0-price_percent": "-5,123"}, "lines-0-price_percent-error"),
        ({"lines-0-price_kind": "ceiling"}, "lines-0-price_most-error"),
        ({"lines-0-price_kind": "ceiling", "lines-0-price_most": "1.000"}, "lines-0-price_most-error"),
        ({"lines-0-price_percent": "5"}, "lines-0-price_percent-error"),
        ({"lines-0-price_kind": "nonsense"}, "lines-0-price_kind-error"),
    ],
)
def test_a_rule_that_cannot_be_computed_is_said_at_its_field(
    make: Factories, sign_in: SignIn, changes: dict[str, str], wrong: str
) -> None:
    deal = deals.draft(make)
    browser = sign_in(deal.trader)
    values = draft_values(browser.get(f"/contracts/{deal.contract.id}/edit").get_data(as_text=True))
    answer = browser.post(f"/contracts/{deal.contract.id}/edit", data={**values, **changes})
    assert answer.status_code == 422
    assert f'id="{wrong}"' in answer.get_data(as_text=True)
    assert contract(deal.contract.id).lines[0].price_kind == PriceKind.FIXED
