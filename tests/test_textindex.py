"""The word index on both databases: what is found, how it is weighed, and that it follows every write."""

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.extensions import db
from marketplace.products.models import WORDS, Product
from marketplace.textindex import (
    EXACT,
    FOLDED,
    TIER,
    UNTELEXED,
    Question,
    best_tiers,
    install_all,
    score,
    searchable,
    unmanaged,
)
from tests.factories import Factories

GOODS = (
    "Chè xanh Shan tuyết",
    "Gạo Séng Cù",
    "Mật ong bạc hà",
    "Hạt mắc-ca sấy",
    "Dứa Queen",
    "Đũa tre",
    "Dưa leo 5kg",
)


@pytest.fixture
def goods(make: Factories) -> list[Product]:
    seller = make.cooperative()
    found = [make.product(seller, name) for name in GOODS]
    for each in found:
        each.search_exact, each.search_fold = searchable(each.name, "HTX Thử Nghiệm")
    db.session.flush()
    return found


def ask(typed: str) -> list[str]:
    """The names that are found, best first."""
    question = Question.of(typed)
    assert question is not None
    columns = (Product.id, Product.name, Product.search_exact, Product.search_fold)
    rows = best_tiers(db.session.execute(WORDS.candidates(db.engine.dialect.name, question, *columns)))
    weigh = sorted(
        rows.values(),
        key=lambda row: (score(question, row.name, row.search_exact, row.search_fold), row.id),
        reverse=True,
    )
    return [row.name for row in weigh]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("chè", "Chè xanh Shan tuyết"),
        ("che", "Chè xanh Shan tuyết"),
        ("gao seng cu", "Gạo Séng Cù"),
        ("GẠO SÉNG", "Gạo Séng Cù"),
        ("gaoj sengs cuf", "Gạo Séng Cù"),
        ("mac ca", "Hạt mắc-ca sấy"),
        ("mắc-ca", "Hạt mắc-ca sấy"),
        ("dứa", "Dứa Queen"),
        ("đũa", "Đũa tre"),
        ("dưa", "Dưa leo 5kg"),
        ("dua leo", "Dưa leo 5kg"),
        ("mat on", "Mật ong bạc hà"),
        ("5 kg", "Dưa leo 5kg"),
    ],
)
def test_words_with_and_without_marks(goods: list[Product], typed: str, first: str) -> None:
    assert ask(typed)[0] == first


def test_an_exact_word_goes_before_its_look_alikes(goods: list[Product]) -> None:
    assert ask("dưa") == ["Dưa leo 5kg", "Đũa tre", "Dứa Queen"]
    assert set(ask("dua")) == {"Dưa leo 5kg", "Đũa tre", "Dứa Queen"}


def test_abbreviations_are_written_out_on_both_sides(goods: list[Product]) -> None:
    assert len(ask("hợp tác xã thử")) == len(ask("htx thu nghiem")) == len(GOODS)


def test_nothing_typed_breaks_the_query(goods: list[Product]) -> None:
    for typed in ("gạo' OR 1=1 --", '"gạo" | * & !', "gạo:* NEAR(x)", "gao\x00", "gạo " * 50):
        assert Question.of(typed) is not None
        ask(typed)
    assert Question.of(" ?!… ") is None
    assert ask("khôngcó gìhết") == []


def test_the_index_follows_every_write(goods: list[Product]) -> None:
    rice = goods[1]
    rice.search_exact, rice.search_fold = searchable("Ngô nếp")
    db.session.flush()
    assert ask("séng") == []
    assert ask("ngo nep") == ["Gạo Séng Cù"]
    rice.price = 1
    db.session.flush()
    assert ask("ngo nep") == ["Gạo Séng Cù"]
    db.session.delete(rice)
    db.session.flush()
    assert ask("ngo nep") == []


def test_it_can_be_made_again_after_a_batch(goods: list[Product]) -> None:
    connection = db.session.connection()
    install_all(connection)
    install_all(connection)
    assert ask("séng cù") == ["Gạo Séng Cù"]
    if db.engine.dialect.name == "sqlite":
        triggers = set(db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        assert {f"product_fts_{act}" for act in ("insert", "update", "delete")} <= triggers
        db.session.execute(text("INSERT INTO product_fts(product_fts) VALUES ('integrity-check')"))


def test_migrations_know_what_is_not_theirs() -> None:
    assert all(
        unmanaged(name)
        for name in ("product_fts", "product_fts_data", "product_fts_config", "ix_product_words", "search_lexemes")
    )
    assert not any(unmanaged(name) for name in ("product", "ix_product_owner", None))


def test_tiers_leave_out_what_adds_nothing() -> None:
    def tiers(typed: str) -> set[int]:
        question = Question.of(typed)
        assert question is not None
        return set(question.tiers())

    assert tiers("che") == {FOLDED}
    assert tiers("chè") == {EXACT, FOLDED}
    assert tiers("gaoj") == {FOLDED, UNTELEXED}


def test_each_tier_is_capped(make: Factories, app: Flask) -> None:
    seller = make.cooperative()
    words = searchable("Chè")
    rows = [
        {
            "organisation_id": seller.id,
            "name": "Chè",
            "group": "TP",
            "measure": "kg",
            "unit_id": seller.unit.id,
            "state": "published",
            "created_at": make.now,
            "search_exact": words[0],
            "search_fold": words[1],
        }
        for _ in range(TIER + 30)
    ]
    db.session.execute(Product.__table__.insert(), rows)
    assert len(ask("chè")) == TIER
