"""Finding what people wrote, and what a post covers, in the reporting area Than Uyên."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from marketplace.extensions import db
from marketplace.organisations.models import Post
from marketplace.organisations.rules import PostRole
from marketplace.places import queries
from tests.factories import Factories

OLD = date(2023, 9, 30)
TODAY = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        ("Xã Mường Cang", OLD, "03631"),
        ("x. Mường Cang", OLD, "03631"),
        ("Mường Cang", TODAY, "03631"),
        ("TT Than Uyên", OLD, "03595"),
        ("thị trấn Than Uyên", TODAY, "03595"),
        ("Tà Gia", OLD, "03640"),
        ("Ta Gia", OLD, "03640"),
        ("hua na", OLD, "03632"),
        ("Khoen On", OLD, "03643"),
        ("Khoen On", TODAY, "03640"),
        ("Mường Thanh", OLD, None),
        ("", OLD, None),
    ],
)
def test_written_names_are_found(make: Factories, text: str, at: date, code: str | None) -> None:
    found = queries.find_commune(text, area=make.than_uyen(), at=at)
    assert (found.code if found else None) == code


def test_a_written_type_finds_the_unit_of_its_era(make: Factories) -> None:
    area = make.than_uyen()
    town = queries.find_commune("TT Than Uyên", area=area, at=TODAY)
    commune = queries.find_commune("xã Than Uyên", area=area, at=TODAY)
    assert town is not None
    assert commune is not None
    assert (town.type, town.valid_to) == ("thị trấn", date(2025, 6, 30))
    assert (commune.type, commune.valid_to) == ("xã", None)


def test_a_post_covers_its_territory_in_both_eras(make: Factories) -> None:
    area = make.than_uyen()
    than_uyen = next(row for row in queries.units_of_area(area) if row.name == "Xã Than Uyên")
    post = Post(role=PostRole.OFFICER, unit_id=than_uyen.id, area_id=None)
    names = {row.name for row in queries.units(queries.territory_ids(post)).values()}
    assert names == {"Xã Than Uyên", "Thị trấn Than Uyên", "Xã Mường Than", "Xã Mường Cang", "Xã Hua Nà"}
    assert len(queries.territory_ids(Post(role=PostRole.VIEWER, unit_id=None, area_id=area.id))) == 16
    assert len(queries.territory_ids(Post(role=PostRole.OFFICER, unit_id=area.province_id, area_id=None))) == 19
    assert queries.territory_ids(Post(role=PostRole.VIEWER, unit_id=None, area_id=None)) == set()


def test_asking_twice_in_a_request_reads_once(app: Flask, make: Factories) -> None:
    area = make.than_uyen()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    first = queries.covered(area.province_id)
    assert len(statements) == 1
    assert queries.covered(area.province_id) == first
    assert len(statements) == 1
