"""Migrations lead to exactly the tables that the code declares, on both databases, and the word index works after them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from marketplace import textindex
from marketplace.extensions import db
from tests.conftest import make_app
from tests.databases import postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    if request.param == "sqlite":
        yield from opened(make_app(f"sqlite:///{tmp_path / 'bare.sqlite3'}", tmp_path))
        return
    with postgresql("bare") as url:
        yield from opened(make_app(url, tmp_path))


def opened(app: Flask) -> Iterator[Flask]:
    """Inside its context; connections closed at the end."""
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differences(app: Flask) -> list[object]:
    """What `flask db check` would complain of."""
    extension = app.extensions["migrate"].migrate
    with db.engine.connect() as connection:
        options = {"compare_type": extension.alembic_ctx_kwargs.get("compare_type", True)}
        context = MigrationContext.configure(connection, opts={**options, "include_object": declared})
        return list(compare_metadata(context, db.metadata))


def declared(_thing: object, name: str | None, _kind: str, reflected: bool, compare_to: object) -> bool:
    """Leave the word index out: no model declares it."""
    return not reflected or compare_to is not None or not textindex.unmanaged(name)


def test_upgrading_an_empty_database_gives_the_declared_tables(bare: Flask) -> None:
    upgrade()
    left = [one for one in differences(bare) if "alembic_version" not in str(one)]
    assert not left, left


def test_the_word_index_follows_the_tables(bare: Flask) -> None:
    upgrade()
    if db.engine.dialect.name == "sqlite":
        triggers = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        assert {"product_fts_insert", "product_fts_update", "product_fts_delete"} <= set(triggers)
    else:
        assert "ix_product_words" in db.session.scalars(text("SELECT indexname FROM pg_indexes")).all()


def test_going_back_and_forth(bare: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert "contract" in inspect(db.engine).get_table_names()


def test_rows_of_the_first_release_come_along(bare: Flask) -> None:
    """SQLite makes altered tables anew; rows that point to them, and their own, must live through it."""
    upgrade(revision="0001")
    day = "2026-11-01"
    for statement in (
        "INSERT INTO stored_file (id, digest, size, media_type, name, stored_at)"
        f" VALUES (1, 'd', 1, 'application/pdf', 'a.pdf', '{day}')",
        "INSERT INTO contract (id, kind, with_households, fixes_quantity, fixes_price, number, code, title, state,"
        " on_paper, own_text, ordered, value_estimated, payment_method, created_at, version)"
        f" VALUES (1, 'sale', false, true, true, '01', 'C', '', 'signed', false, false, false, false, 'transfer', '{day}', 1)",
        "INSERT INTO contract_party (id, contract_id, position, side, recorded, lead, name, abroad)"
        " VALUES (1, 1, 1, 'seller', false, false, 'HTX', false)",
        "INSERT INTO contract_document (id, contract_id, number, text, text_digest, file_id, file_digest, frozen_at)"
        f" VALUES (1, 1, 1, '{{}}', 't', 1, 'd', '{day}')",
        "INSERT INTO contract_signature (id, document_id, party_id, method, signed_on, recorded_at, signer_name,"
        f" signer_title, digest) VALUES (1, 1, 1, 'wet_ink', '{day}', '{day}', 'A', '', 'd')",
    ):
        db.session.execute(text(statement))
    db.session.commit()
    upgrade()
    joined = text(
        "SELECT contract.wording, contract_document.series FROM contract_signature"
        " JOIN contract_party ON contract_party.id = party_id JOIN contract ON contract.id = contract_party.contract_id"
        " JOIN contract_document ON contract_document.id = document_id"
    )
    assert [(str(row[0]), row[1]) for row in db.session.execute(joined)] == [("{}", 0)]
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1
