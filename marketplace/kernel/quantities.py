"""Units of goods: names, dimensions, conversion inside a dimension, prices brought to đồng per kg or lít."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from marketplace.kernel.errors import Refusal
from marketplace.kernel.messages import msgid
from marketplace.kernel.numbers import format_number, rounded
from marketplace.kernel.vietnamese import exact, fold

QUANTITY_PLACES = 3


class Dimension(StrEnum):
    """What a unit measures; only mass, volume and area convert."""

    MASS = "mass"
    VOLUME = "volume"
    AREA = "area"
    COUNT = "count"
    SERVICE = "service"


@dataclass(frozen=True)
class Unit:
    """A unit by its code; the label is its Vietnamese name in every language; `factor` leads to the base unit."""

    code: str
    label: str
    dimension: Dimension
    factor: Decimal | None = None
    other_names: tuple[str, ...] = ()


def _unit(code: str, label: str, dimension: Dimension, factor: str | None = None, others: str = "") -> Unit:
    names = tuple(name.strip() for name in others.split(",") if name.strip())
    return Unit(code, label, dimension, Decimal(factor) if factor else None, names)


UNITS: dict[str, Unit] = {
    each.code: each
    for each in (
        _unit("kg", "kg", Dimension.MASS, "1", "kgs, kí, ký, cân, kilô, kí lô, ký lô, kilogam, kilogram, ki lô gam"),
        _unit("tan", "tấn", Dimension.MASS, "1000", "ton"),
        _unit("ta", "tạ", Dimension.MASS, "100"),
        _unit("yen", "yến", Dimension.MASS, "10"),
        _unit("lang", "lạng", Dimension.MASS, "0.1"),
        _unit("g", "g", Dimension.MASS, "0.001", "gam, gram, gr"),
        _unit("lit", "lít", Dimension.VOLUME, "1", "l, lít (l), lit"),
        _unit("ml", "ml", Dimension.VOLUME, "0.001", "mililít, mi li lít"),
        _unit("ha", "ha", Dimension.AREA, "10000", "hecta, héc ta, hec ta"),
        # A sào is 360 m² in the north, 500 in the centre, 1.000 in the south; we mean the northern one.
        _unit("sao_bb", "sào Bắc Bộ", Dimension.AREA, "360", "sào"),
        _unit("m2", "m²", Dimension.AREA, "1", "mét vuông"),
        _unit("con", "con", Dimension.COUNT),
        _unit("qua", "quả", Dimension.COUNT, others="trái"),
        _unit("cay", "cây", Dimension.COUNT),
        _unit("chai", "chai", Dimension.COUNT),
        _unit("lo", "lọ", Dimension.COUNT),
        _unit("hop", "hộp", Dimension.COUNT),
        _unit("goi", "gói", Dimension.COUNT),
        _unit("tui", "túi", Dimension.COUNT),
        _unit("bao", "bao", Dimension.COUNT, others="bao tải"),
        _unit("bo_mo", "bó", Dimension.COUNT, others="mớ"),
        _unit("cai", "cái", Dimension.COUNT, others="chiếc"),
        _unit("bo", "bộ", Dimension.COUNT),
        _unit("long", "lồng", Dimension.COUNT),
        _unit("dem", "đêm", Dimension.SERVICE),
        _unit("luot", "lượt", Dimension.SERVICE, others="lượt khách"),
    )
}
"""Every unit by its code, in the order of a list to choose from."""

BASE = {Dimension.MASS: "kg", Dimension.VOLUME: "lit", Dimension.AREA: "m2"}

_BY_EXACT = {exact(name): each.code for each in UNITS.values() for name in (each.label, *each.other_names)}
_FOLDED = [(fold(name), code) for name, code in _BY_EXACT.items()]
# Typed without diacritics "bo" may be a bó or a bộ: such a name means no unit at all.
_BY_FOLD = {name: code for name, code in _FOLDED if all(c == code for n, c in _FOLDED if n == name)}


def unit(code: str) -> Unit:
    """The unit of this code."""
    return UNITS[code]


def parse_unit(text: str) -> str | None:
    """The code of a unit as people write it; None when unknown or, without diacritics, ambiguous."""
    name = exact(text)
    if code := _BY_EXACT.get(name):
        return code
    return _BY_FOLD.get(name)


def convert(quantity: Decimal, from_unit: str, to_unit: str) -> Decimal:
    """The same quantity in another unit of its dimension, not rounded."""
    if from_unit == to_unit:
        return quantity
    source, target = unit(from_unit), unit(to_unit)
    if source.factor is None or target.factor is None or source.dimension is not target.dimension:
        raise Refusal(
            msgid(
                "%(source)s cannot be converted to %(target)s: choose a unit of the same kind.",
                source=source.label,
                target=target.label,
            )
        )
    return quantity * source.factor / target.factor


def rounded_quantity(quantity: Decimal) -> Decimal:
    """The quantity with the places that are stored, halves rounded up."""
    return rounded(quantity, QUANTITY_PLACES)


def format_quantity(quantity: Decimal | int, unit_code: str) -> str:
    """1500 of kg → "1.500 kg"; at most three places, no needless zeros."""
    return f"{format_number(rounded_quantity(Decimal(quantity)))} {unit(unit_code).label}"


class BasePrice(NamedTuple):
    """An amount of đồng for one base unit (kg or lít), not rounded."""

    amount: Decimal
    unit: str


def per_kg(price: int, unit_code: str, net_content: Decimal | None, net_unit: str | None) -> BasePrice | None:
    """The price brought to one kg (one lít for volumes), so that prices compare; a pack needs its net content."""
    measured = unit(unit_code)
    if measured.factor is None:
        if net_content is None or net_content <= 0 or net_unit is None or unit(net_unit).factor is None:
            return None
        measured, content = unit(net_unit), net_content
    else:
        content = Decimal(1)
    if measured.dimension not in (Dimension.MASS, Dimension.VOLUME) or measured.factor is None:
        return None
    return BasePrice(Decimal(price) / (content * measured.factor), BASE[measured.dimension])
