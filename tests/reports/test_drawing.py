"""The drawn map: on the sheet, north up, darker where more is counted."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reports.drawing import draw, level_of


@dataclass
class Commune:
    id: int
    name: str
    lat: float | None
    lon: float | None
    area_km2: Decimal | None = None


@given(
    st.lists(
        st.tuples(st.floats(8, 23.5), st.floats(102, 110), st.none() | st.decimals("0.1", "900", places=2)),
        min_size=2,
        max_size=40,
    )
)
def test_every_circle_lies_on_the_sheet(places: list[tuple[float, float, Decimal | None]]) -> None:
    communes = [Commune(number, f"Xã {number}", *place) for number, place in enumerate(places)]
    found = draw(communes, {})
    assert found is not None
    for each in found.circles:
        assert 0 <= each.x - each.radius < each.x + each.radius <= found.width
        assert 0 <= each.y - each.radius < each.y + each.radius <= found.height


def test_north_is_up_and_east_is_right() -> None:
    found = draw([Commune(1, "Xã Bắc", 22.0, 103.8), Commune(2, "Xã Đông Nam", 21.7, 104.0)], {1: 3})
    assert found is not None
    north, south = sorted(found.circles, key=lambda each: each.unit_id)
    assert north.y < south.y
    assert north.x < south.x
    assert (north.level, south.level) == (2, 0)


@pytest.mark.parametrize(("count", "level"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (500, 4)])
def test_levels(count: int, level: int) -> None:
    assert level_of(count) == level


def test_nothing_is_drawn_without_places() -> None:
    assert draw([Commune(1, "Xã Một", 22.0, 103.8), Commune(2, "Xã Hai", None, None)], {}) is None
