"""Listing, editing and the life of a product; what the register brings; the ledger of it all."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.ledger.queries import history
from marketplace.notices.models import Notice
from marketplace.organisations.models import Mandate
from marketplace.organisations.rules import Verification
from marketplace.products import queries, service
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import CertificateState, Group, ProductState
from tests.factories import Factories
from tests.ledger.tampering import first_broken
from tests.products.listings import listed, listing


def events(product: Product) -> list[str]:
    return [entry.event for entry in reversed(history(product))]


def how_many() -> int:
    return db.session.scalar(select(func.count(Product.id))) or 0


def test_from_draft_to_archive(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = service.create(seller, listing(seller, months={3: Decimal(100), 4: None}), actor=owner, now=now)
    assert product.state == ProductState.DRAFT
    service.publish(product, actor=owner, now=now)
    service.hide(product, actor=owner, now=now)
    service.show(product, actor=owner, now=now)
    service.take_down(product, "Ảnh không đúng sản phẩm", actor=make.officer(make.unit()), now=now)
    with pytest.raises(Refusal):
        service.show(product, actor=owner, now=now)
    service.release(product, actor=make.officer(make.unit()), now=now)
    service.archive(product, actor=owner, now=now)
    done = ["created", "published", "hidden", "shown", "taken_down", "released", "archived"]
    assert events(product) == [f"product:{name}" for name in done]
    assert first_broken(reversed(history(product))) is None
    assert [row.user_id for row in db.session.scalars(select(Notice))] == [owner.id, owner.id]
    assert product.harvest == {3: Decimal(100), 4: None}
    with pytest.raises(NotVisible):
        service.edit(product, listing(seller), actor=owner, now=now)


def test_nobody_else_writes(make: Factories, now: datetime) -> None:
    seller, other = make.cooperative(), make.cooperative()
    owner, stranger = make.member(seller), make.member(other)
    product = listed(make, seller, owner)
    for act in (service.publish, service.hide, service.show, service.archive):
        with pytest.raises(NotVisible):
            act(product, actor=stranger, now=now)
    with pytest.raises(NotVisible):
        service.edit(product, listing(seller), actor=stranger, now=now)
    with pytest.raises(NotVisible):
        service.create(seller, listing(seller), actor=stranger, now=now)


def test_an_unverified_organisation_drafts_and_does_not_publish(make: Factories, now: datetime) -> None:
    seller = make.cooperative(verified=False)
    owner = make.member(seller)
    product = service.create(seller, listing(seller), actor=owner, now=now)
    with pytest.raises(Refusal, match="not verified"):
        service.publish(product, actor=owner, now=now)
    assert product.state == ProductState.DRAFT


def test_a_suspended_sellers_goods_leave_the_catalogue(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    product = listed(make, seller, make.member(seller))
    visitor = make.member(make.company())
    assert queries.get(product.id, visible_to=visitor) is product
    seller.verification = Verification.SUSPENDED
    db.session.flush()
    with pytest.raises(NotVisible):
        queries.get(product.id, visible_to=visitor)


def test_a_helper_is_always_visible_as_such(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner, helper = make.member(seller), make.user("Người giúp")
    db.session.add(
        Mandate(
            organisation_id=seller.id,
            helper_id=helper.id,
            granted_by_id=owner.id,
            granted_at=now,
            until=date(2030, 1, 1),
        )
    )
    db.session.flush()
    product = service.create(seller, listing(seller), actor=helper, now=now)
    service.publish(product, actor=helper, now=now)
    assert [(entry.actor, entry.on_behalf_of) for entry in history(product)] == [(helper.id, seller.id)] * 2
    g.pop("capacities", None)
    service.hide(product, actor=owner, now=now)
    assert history(product)[0].on_behalf_of is None


def test_an_edit_is_recorded_as_old_and_new(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product = listed(make, seller, owner, months={1: Decimal(5)})
    service.edit(product, listing(seller, price=45_000, months={1: Decimal(7), 2: None}), actor=owner, now=now)
    entry = history(product)[0]
    assert entry.event == "product:edited"
    assert entry.data["price"] == [30_000, 45_000]
    assert product.comparable == 45_000
    assert product.harvest == {1: Decimal(7), 2: None}
    before = len(history(product))
    service.edit(product, listing(seller, price=45_000, months={1: Decimal(7), 2: None}), actor=owner, now=now)
    assert len(history(product)) == before


def ocop(make: Factories, seller: object, **values: object) -> tuple[Product, str]:
    """A line of the register."""
    line = {
        "name": "Gạo Séng Cù",
        "group": Group.TP,
        "measure": "kg",
        "unit": make.unit(),
        "stars": 4,
        "number": "101/QĐ-UBND",
        "issued_on": date(2024, 2, 29),
        "actor": None,
        "now": make.now,
    }
    return service.record_ocop(seller, **{**line, **values})  # type: ignore[arg-type]


def test_a_line_of_the_register_makes_a_draft_with_a_checked_certificate(make: Factories) -> None:
    seller = make.cooperative(verified=False)
    product, outcome = ocop(make, seller)
    assert (outcome, product.state, product.from_register) == ("created", ProductState.DRAFT, True)
    assert (queries.valid_stars(product, date(2027, 2, 28)), queries.valid_stars(product, date(2027, 3, 1))) == (4, 0)
    assert ocop(make, seller, name="GẠO SÉNG CÙ")[1] == "unchanged"
    assert ocop(make, seller, stars=3)[1] == "changed"
    assert ocop(make, seller, stars=3, measure="goi")[1] == "changed"
    assert (how_many(), len(product.certificates), product.measure) == (1, 1, "goi")
    assert first_broken(reversed(history(product.certificates[0]))) is None


def test_the_register_leaves_the_owners_words_alone(make: Factories) -> None:
    seller = make.cooperative()
    product = listed(make, seller, make.member(seller), measure="tui")
    found, outcome = ocop(make, seller, group=Group.DU)
    assert (found, outcome) == (product, "changed")
    assert (product.measure, product.group, product.state) == ("tui", Group.TP, ProductState.PUBLISHED)
    assert ocop(make, seller, group=Group.DU)[1] == "unchanged"


def test_a_renamed_product_is_known_by_its_certificate(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product, _outcome = ocop(make, seller)
    service.edit(product, listing(seller, "Gạo đặc sản Séng Cù"), actor=owner, now=now)
    service.publish(product, actor=owner, now=now)
    assert ocop(make, seller) == (product, "unchanged")
    assert product.certificates[0].printed_name == "Gạo Séng Cù"


def test_an_archived_product_is_not_made_twice(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    product, _outcome = ocop(make, seller)
    service.archive(product, actor=owner, now=now)
    assert ocop(make, seller) == (product, "unchanged")


def test_the_owner_completes_the_registers_draft(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    owner = make.member(seller)
    known, _outcome = ocop(make, seller, measure="", unit=None)
    with pytest.raises(Refusal) as refusal:
        service.publish(known, actor=owner, now=now)
    assert refusal.value.field == "measure"
    product = service.create(seller, listing(seller, "gạo séng cù"), actor=owner, now=now)
    assert (product, how_many()) == (known, 1)
    service.publish(product, actor=owner, now=now)
    assert queries.valid_stars(product, date(2025, 1, 1)) == 4


def test_a_newer_certificate_replaces_the_older_from_its_day_on(make: Factories) -> None:
    seller = make.cooperative()
    product, _outcome = ocop(make, seller, stars=3)
    ocop(make, seller, stars=4, number="7/QĐ-UBND", issued_on=date(2026, 5, 5))
    stars = [product.stars_on(day) for day in (date(2026, 5, 4), date(2026, 5, 5), date(2029, 5, 5), date(2029, 5, 6))]
    assert stars == [3, 4, 4, 0]
    assert {each.state for each in product.certificates} == {CertificateState.CHECKED, CertificateState.SUPERSEDED}
    assert (
        ocop(make, seller, stars=3)[1] == ocop(make, seller, stars=4, number="7/QĐ-UBND", issued_on=date(2026, 5, 5))[1]
    )


def test_an_older_certificate_entered_later_gives_way(make: Factories) -> None:
    seller = make.cooperative()
    product, _outcome = ocop(make, seller, stars=4, number="7/QĐ-UBND", issued_on=date(2026, 5, 5))
    ocop(make, seller, stars=3)
    assert [product.stars_on(day) for day in (date(2026, 5, 4), date(2026, 5, 5))] == [3, 4]


def test_the_same_number_for_two_products_of_one_owner(make: Factories) -> None:
    seller = make.cooperative()
    ocop(make, seller)
    ocop(make, seller, name="Gạo nếp")
    assert (how_many(), db.session.scalar(select(func.count(Certificate.id)))) == (2, 2)
    assert ocop(make, seller, name="Gạo nếp")[1] == "unchanged"


def test_free_quantities(make: Factories, now: datetime) -> None:
    seller = make.cooperative()
    product = listed(make, seller, make.member(seller), months={3: Decimal(100), 4: None})
    months = [date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)]
    assert [queries.free_in(product, month) for month in months] == [Decimal(100), None, Decimal(0)]
    for source, quantity, voided in (("contract:1", 30, None), ("contract:2", 90, now), ("contract:3", 20, None)):
        make.add(
            queries.Commitment(
                product_id=product.id, month=months[0], quantity=Decimal(quantity), source=source, voided_at=voided
            )
        )
    assert queries.free_in(product, months[0]) == Decimal(50)
    assert queries.free_in(product, date(2028, 3, 1)) == Decimal(100)


def test_words_are_made_anew_after_a_seller_was_renamed(make: Factories, app: Flask) -> None:
    seller = make.cooperative("HTX Tên Cũ")
    product = listed(make, seller, make.member(seller))
    seller.name = "HTX Tên Mới"
    make.commit()
    version = product.version
    runner = app.test_cli_runner()
    for changed in (1, 0):
        answer = runner.invoke(args=["products", "reindex", "--json"])
        assert json.loads(answer.stdout) == {"products": 1, "changed": changed}, answer.output
    db.session.rollback()
    db.session.expire_all()
    assert "moi" in db.session.get_one(Product, product.id).search_fold
    assert db.session.get_one(Product, product.id).version == version
