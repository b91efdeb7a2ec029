"""Officials of Than Uyên who are signed in, with or without the sample register."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.organisations.models import Post
from marketplace.organisations.rules import PostRole
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.web import settings
from tests.factories import LONG_AGO, Factories

SAMPLE = "marketplace/register/data/so_theo_doi_htx_than_uyen_2023.xlsx"


@pytest.fixture
def area(make: Factories) -> ReportingArea:
    """The reporting area, in a demonstration, where officials need no second factor."""
    settings.put("demonstration", True)
    return make.than_uyen()


@pytest.fixture
def commune(area: ReportingArea) -> Callable[[str], AdminUnit]:
    """A commune of today by its name without type."""
    by_name = {row.name.removeprefix("Xã "): row for row in places.units_of_area(area)}
    return lambda name: by_name[name]


@pytest.fixture
def province(area: ReportingArea) -> AdminUnit:
    """Lai Châu."""
    found = places.unit(area.province_id)
    assert found is not None
    return found


@pytest.fixture
def provincial(make: Factories, province: AdminUnit, sign_in: Callable[[Any], FlaskClient]) -> FlaskClient:
    """A browser of an officer of the province."""
    return sign_in(make.officer(province))


@pytest.fixture
def area_viewer(make: Factories, area: ReportingArea, sign_in: Callable[[Any], FlaskClient]) -> FlaskClient:
    """A browser of somebody who reads the figures of the reporting area."""
    user = make.user("Người xem")
    make.add(Post(user_id=user.id, role=PostRole.VIEWER, body="Liên minh HTX", area_id=area.id, held_from=LONG_AGO))
    return sign_in(user)


@pytest.fixture
def sample(app: Flask, area: ReportingArea, make: Factories) -> None:
    """The officials' own file, imported."""
    make.commit()
    done = app.test_cli_runner().invoke(args=["register", "import", SAMPLE, "--apply", "--json"])
    assert done.exit_code == 0, done.output
