"""Units: names as typed, conversion inside a dimension, prices brought to one kg or lít."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import Refusal
from marketplace.kernel.quantities import (
    BASE,
    UNITS,
    Dimension,
    convert,
    format_quantity,
    parse_unit,
    per_kg,
    rounded_quantity,
    unit,
)

CONVERTIBLE = [each.code for each in UNITS.values() if each.factor is not None]


def test_the_units_of_the_domain() -> None:
    domain = (
        """g kg tan lang yen ta ml lit m2 sao_bb ha con qua cay chai lo hop goi tui bao bo_mo cai bo long dem luot"""
    )
    assert sorted(UNITS) == sorted(domain.split())
    assert all(code == each.code and code.isascii() for code, each in UNITS.items())
    assert len({each.label for each in UNITS.values()}) == len(UNITS)


def test_base_units_have_factor_one() -> None:
    assert {dimension: unit(code).factor for dimension, code in BASE.items()} == dict.fromkeys(BASE, Decimal(1))


@pytest.mark.parametrize(
    ("quantity", "source", "target", "result"),
    [
        ("1.5", "tan", "kg", "1500"),
        ("250", "g", "kg", "0.25"),
        ("3", "ta", "yen", "30"),
        ("5", "lang", "g", "500"),
        ("750", "ml", "lit", "0.75"),
        ("2", "ha", "m2", "20000"),
        ("10", "sao_bb", "m2", "3600"),
        ("1", "sao_bb", "ha", "0.036"),
        ("7", "con", "con", "7"),
    ],
)
def test_convert(quantity: str, source: str, target: str, result: str) -> None:
    assert convert(Decimal(quantity), source, target) == Decimal(result)


@pytest.mark.parametrize("source", list(UNITS))
def test_only_units_of_one_dimension_convert(source: str) -> None:
    for target in UNITS:
        measured = unit(source).factor is not None and unit(target).factor is not None
        if source == target or (measured and unit(source).dimension is unit(target).dimension):
            assert convert(Decimal(1), source, target) > 0
            continue
        with pytest.raises(Refusal) as refused:
            convert(Decimal(1), source, target)
        assert dict(refused.value.message.values) == {"source": unit(source).label, "target": unit(target).label}


@given(st.decimals(0, 10**9, places=3), st.sampled_from(CONVERTIBLE), st.sampled_from(CONVERTIBLE))
def test_there_and_back(quantity: Decimal, source: str, target: str) -> None:
    if unit(source).dimension is unit(target).dimension:
        assert rounded_quantity(convert(convert(quantity, source, target), target, source)) == quantity


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kg", "kg"),
        ("KG", "kg"),
        ("kí", "kg"),
        ("ký", "kg"),
        ("cân", "kg"),
        ("can", "kg"),
        ("tấn", "tan"),
        ("Tan", "tan"),
        ("tạ", "ta"),
        ("yến", "yen"),
        ("gam", "g"),
        ("lít", "lit"),
        ("lit", "lit"),
        ("L", "lit"),
        ("m²", "m2"),
        ("m2", "m2"),
        ("sào", "sao_bb"),
        ("héc-ta", "ha"),
        ("trái", "qua"),
        ("lọ", "lo"),
        ("bó", "bo_mo"),
        ("mớ", "bo_mo"),
        ("bộ", "bo"),
        ("lồng", "long"),
        ("đêm", "dem"),
        (" Hộp ", "hop"),
    ],
)
def test_units_as_typed(text: str, code: str) -> None:
    assert parse_unit(text) == code
    assert parse_unit(unicodedata.normalize("NFD", text)) == code


@pytest.mark.parametrize("text", ["bo", "bò", "cạn", "tân", "thùng", "", "1", "kg/kg", "đ"])
def test_ambiguous_and_unknown_units_are_none(text: str) -> None:
    assert parse_unit(text) is None


@pytest.mark.parametrize("code", list(UNITS))
def test_every_label_leads_to_its_unit(code: str) -> None:
    assert parse_unit(unit(code).label) == code


@given(st.text())
def test_any_text_is_a_unit_or_none(text: str) -> None:
    assert parse_unit(text) in {None, *UNITS}


@pytest.mark.parametrize(
    ("quantity", "code", "shown"),
    [
        (Decimal("1500"), "kg", "1.500 kg"),
        (Decimal("1500.000"), "tan", "1.500 tấn"),
        (Decimal("0.036"), "ha", "0,036 ha"),
        (Decimal("0.0005"), "lit", "0,001 lít"),
        (2, "bo_mo", "2 bó"),
    ],
)
def test_format_quantity(quantity: Decimal | int, code: str, shown: str) -> None:
    assert format_quantity(quantity, code) == shown


@pytest.mark.parametrize(
    ("price", "code", "content", "content_unit", "result"),
    [
        (30_000, "kg", None, None, (Decimal(30_000), "kg")),
        (12_000_000, "tan", None, None, (Decimal(12_000), "kg")),
        (5_000, "lang", None, None, (Decimal(50_000), "kg")),
        (150_000, "tui", Decimal(5), "kg", (Decimal(30_000), "kg")),
        (90_000, "hop", Decimal(500), "g", (Decimal(180_000), "kg")),
        (90_000, "hop", Decimal("0.5"), "kg", (Decimal(180_000), "kg")),
        (90_000, "hop", Decimal(-1), "kg", None),
        (100_000, "chai", Decimal(500), "ml", (Decimal(200_000), "lit")),
        (200_000, "lit", None, None, (Decimal(200_000), "lit")),
        (150_000, "kg", Decimal(5), "kg", (Decimal(150_000), "kg")),
        (150_000, "tui", None, None, None),
        (150_000, "tui", Decimal(5), None, None),
        (150_000, "tui", Decimal(0), "kg", None),
        (150_000, "tui", Decimal(12), "qua", None),
        (150_000, "tui", Decimal(1), "m2", None),
        (150_000, "ha", None, None, None),
        (150_000, "dem", None, None, None),
    ],
)
def test_prices_brought_to_one_kg_or_lit(
    price: int, code: str, content: Decimal | None, content_unit: str | None, result: tuple[Decimal, str] | None
) -> None:
    assert per_kg(price, code, content, content_unit) == result


def test_only_mass_volume_and_area_have_factors() -> None:
    measured = {each.dimension for each in UNITS.values() if each.factor is not None}
    assert measured == {Dimension.MASS, Dimension.VOLUME, Dimension.AREA}
