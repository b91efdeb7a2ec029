"""PURE: a drawn map: each commune a circle of its area at its place, the darker the more is counted there."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

SCALE = 10
"""The sheet is measured in steps of 100 metres, so that outlines of a pixel or two stay thin."""
DEGREE = 111.32 * SCALE
USUAL_AREA = 80.0
"""Square kilometres, where the area of a unit is not known."""
SHARE_OF_RADIUS = 0.8
"""Circles of neighbours should touch rather than cover each other."""
MARGIN = 3.0 * SCALE
BROAD = 1.4
"""The sheet is at least so much wider than high."""
LABELLED = 14
"""With more communes than this only those are named in which something is counted."""
STEPS = (1, 2, 4, 8)


class Located(Protocol):
    """Of a unit: its name and where it is."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def lon(self) -> float | None: ...
    @property
    def area_km2(self) -> Decimal | None: ...


@dataclass(frozen=True)
class Circle:
    """One commune on the map, measured from its upper left corner."""

    unit_id: int
    name: str
    x: float
    y: float
    radius: float
    level: int
    count: int
    labelled: bool

    @property
    def path(self) -> str:
        """The circle as the data of a path."""
        r, d = self.radius, self.radius * 2
        return f"M{self.x - r:.1f} {self.y:.1f}a{r:.1f} {r:.1f} 0 1 0 {d:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-d:.1f} 0z"


@dataclass(frozen=True)
class Drawing:
    """The circles and the size of the sheet."""

    circles: Sequence[Circle]
    width: float
    height: float

    @property
    def linked(self) -> bool:
        """Whether the circles are large enough to be touched; the table beside has the same doors."""
        return len(self.circles) <= LABELLED

    def anchor(self, circle: Circle) -> str:
        """Which end of a label stands at its circle, so that it stays on the sheet."""
        if self.linked:
            return "middle"
        if circle.x > self.width * 0.6:
            return "end"
        return "start" if circle.x < self.width * 0.4 else "middle"


def level_of(count: int) -> int:
    """How dark: 0 for nothing, up to 4."""
    return sum(count >= step for step in STEPS)


def draw(units: Sequence[Located], counts: Mapping[int, int]) -> Drawing | None:
    """The map of some units, or None where fewer than two have a known place. Larger ones are drawn first."""
    placed = [(unit, unit.lat, unit.lon) for unit in units if unit.lat is not None and unit.lon is not None]
    if len(placed) < 2:
        return None
    middle = sum(lat for _, lat, _ in placed) / len(placed)
    across = DEGREE * math.cos(math.radians(middle))
    west, north = min(lon for _, _, lon in placed), max(lat for _, lat, _ in placed)
    radius = {
        unit.id: SCALE * SHARE_OF_RADIUS * math.sqrt(float(unit.area_km2 or USUAL_AREA) / math.pi)
        for unit, _, _ in placed
    }
    edge = max(radius.values()) + MARGIN
    height = (north - min(lat for _, lat, _ in placed)) * DEGREE + 2 * edge
    narrow = (max(lon for _, _, lon in placed) - west) * across + 2 * edge
    width = max(narrow, height * BROAD)
    circles = [
        Circle(
            unit_id=unit.id,
            name=unit.name,
            x=(lon - west) * across + edge + (width - narrow) / 2,
            y=(north - lat) * DEGREE + edge,
            radius=radius[unit.id],
            level=level_of(counts.get(unit.id, 0)),
            count=counts.get(unit.id, 0),
            labelled=len(placed) <= LABELLED or counts.get(unit.id, 0) > 0,
        )
        for unit, lat, lon in placed
    ]
    return Drawing(sorted(circles, key=lambda each: -each.radius), width, height)
