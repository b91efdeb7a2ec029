"""The whole of Vietnam in both eras, loaded twice; and what is read from it."""

import json
from datetime import date

from flask import Flask
from sqlalchemy import func, select

from marketplace.extensions import db
from marketplace.places import queries
from marketplace.places.models import AdminUnit, Succession

OLD = date(2023, 9, 30)
TODAY = date(2026, 10, 15)


def load(app: Flask) -> dict[str, dict[str, int]]:
    result = app.test_cli_runner().invoke(args=["places", "load", "--json"])
    assert result.exit_code == 0, result.output
    loaded: dict[str, dict[str, int]] = json.loads(result.stdout)
    return loaded


def test_all_units_load_only_once(app: Flask) -> None:
    first = load(app)
    assert first["created"] == {"units": 14_149, "successions": 10_660, "areas": 1, "units of areas": 16}
    second = load(app)
    assert set(second["created"].values()) | set(second["changed"].values()) == {0}
    assert second["unchanged"] == first["created"]
    assert db.session.scalar(select(func.count()).select_from(AdminUnit)) == 14_149
    said = app.test_cli_runner().invoke(args=["places", "load"]).stdout
    assert "nothing was changed" in said
    check_parents()
    check_area()
    check_reused_codes()
    check_divided_units()
    check_the_same_name_elsewhere()


def check_parents() -> None:
    orphans = select(func.count()).where(AdminUnit.parent_id.is_(None), AdminUnit.level != "province")
    assert db.session.scalar(orphans) == 0
    lai_chau = next(row for row in queries.provinces(TODAY) if row.folded == "lai chau")
    assert len(queries.provinces(TODAY)) == 34
    assert len(queries.provinces(OLD)) == 63
    assert len(queries.communes(lai_chau.id, TODAY)) == 38
    assert len(queries.communes(lai_chau.id, OLD)) == 106
    covered = queries.covered(lai_chau.id)
    assert len(covered) == 1 + 1 + 8 + 38 + 106  # both provinces, old districts, communes of both eras


def check_area() -> None:
    area = queries.area_by_name("than uyen")
    assert area is not None
    assert area is queries.area_by_name("Than Uyên") is queries.area_by_name("than-uyen")
    new, old = queries.units_of_area(area, "new"), queries.units_of_area(area, "old")
    assert [row.name for row in new] == ["Xã Khoen On", "Xã Mường Kim", "Xã Mường Than", "Xã Than Uyên"]
    assert len(old) == 12
    assert {queries.successor(row) for row in old} == set(new)
    assert sum(len(queries.predecessors(row)) for row in new) == 12
    assert queries.resolved([row.id for row in old], "new").keys() == {row.id for row in old}
    assert set(queries.resolved([row.id for row in old], "new").values()) == {row.id for row in new}
    assert set(queries.resolved([row.id for row in new], "old").values()) == {None}


def check_reused_codes() -> None:
    area = queries.area_by_name("Than Uyên")
    before = queries.find_commune("Mường Than", area=area, at=OLD)
    after = queries.find_commune("Mường Than", area=area, at=TODAY)
    assert before is not None
    assert after is not None
    assert (before.code, after.code) == ("03619", "03618")
    became = queries.successor(before)
    assert became is not None
    assert became.name == "Xã Than Uyên"
    assert queries.within(before, became)
    assert not queries.within(before, after)
    assert queries.resolve(after, "new") is after
    assert queries.resolve(after, "old") is None


def check_divided_units() -> None:
    divided = db.session.scalar(
        select(AdminUnit).join(Succession, Succession.old_id == AdminUnit.id).filter_by(extent="main part")
    )
    assert divided is not None
    assert queries.successor(divided) is None
    assert queries.resolve(divided, "new") is None
    assert queries.resolved([divided.id], "new") == {divided.id: None}


def check_the_same_name_elsewhere() -> None:
    lai_chau = next(row for row in queries.provinces(TODAY) if row.folded == "lai chau")
    assert queries.find_commune("Tân Lập", at=OLD) is None  # dozens of them
    assert len(queries.candidates("Tân Lập", at=OLD)) > 20
    found = queries.find_commune("xã Mường Cang, huyện Than Uyên, tỉnh Lai Châu", at=OLD)
    assert found is not None
    assert found.code == "03631"
    can_ho = queries.find_commune("Can Hồ", province_id=lai_chau.id, at=OLD)
    assert can_ho is not None
    assert can_ho.code == "03469"
