"""Counting rule 5 of design.md §4 on cooperatives and OCOP products: which are there at a day, and which are not yet or no more."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.ocop.models import Evaluation, Round
from marketplace.organisations.models import StatusChange
from marketplace.organisations.rules import Kind, RegisterStatus, Verification
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.products.models import Certificate
from marketplace.products.rules import CertificateKind, CertificateState, ProductState
from marketplace.reports import cooperatives, ocop
from marketplace.reports.asked import Asked, quarter_of
from marketplace.reports.figures import Report
from tests.factories import Factories
from tests.reports.test_contracts import rows_of, scope_of, single

Commune = Callable[[str], AdminUnit]
DAY = date(2026, 9, 30)


def at(area: ReportingArea, day: date = DAY) -> Report:
    """The report on cooperatives at a day."""
    return cooperatives.report(scope_of(area), Asked(at=day, period=quarter_of(day)))


def stars_at(area: ReportingArea, day: date = DAY) -> Report:
    """The report on OCOP at a day."""
    return ocop.report(scope_of(area), Asked(at=day, period=quarter_of(day)))


@pytest.mark.parametrize("gone", ["dissolved", "revoked", "bankrupt", "converted"])
def test_gone_on_the_day_is_not_counted_on_it(
    make: Factories, area: ReportingArea, commune: Commune, gone: str
) -> None:
    known = make.cooperative(unit=commune("Than Uyên"))
    status = RegisterStatus(gone)
    make.add(StatusChange(organisation_id=known.id, status=status, effective_on=DAY, recorded_at=make.now))
    assert at(area, DAY - timedelta(days=1)).total.count == 1
    assert at(area).total.count == 0


def test_the_founding_day_counts_and_what_is_paused_is_not_active(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    known = make.cooperative(unit=commune("Than Uyên"), founded_on=DAY)
    make.add(
        StatusChange(
            organisation_id=known.id,
            status=RegisterStatus.PAUSED,
            effective_on=DAY + timedelta(days=1),
            recorded_at=make.now,
        )
    )
    days = [DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]
    found = [at(area, day) for day in days]
    assert [(each.total.count, single(each, "active").count) for each in found] == [(0, 0), (1, 1), (1, 0)]


@pytest.mark.parametrize(
    ("state", "listed", "values", "counted"),
    [
        (Verification.PENDING, False, {}, 0),
        (Verification.RETURNED, False, {}, 0),
        (Verification.VERIFIED, False, {}, 1),
        (Verification.SUSPENDED, False, {}, 1),
        (Verification.LISTED, True, {}, 1),
        (Verification.PENDING, True, {}, 1),
        (Verification.RETURNED, True, {}, 1),
        (Verification.VERIFIED, False, {"founded_on": None}, 0),
    ],
)
def test_somebodys_word_alone_is_no_cooperative(
    make: Factories,
    area: ReportingArea,
    commune: Commune,
    state: Verification,
    listed: bool,
    values: dict[str, Any],
    counted: int,
) -> None:
    listed_at = make.now if listed else None
    make.cooperative(unit=commune("Than Uyên"), verification=state, listed_at=listed_at, **values)
    found = at(area)
    assert found.total.count == counted
    assert single(found, "undated").count == len(values)


def test_unions_and_groups_stand_beside(make: Factories, area: ReportingArea, commune: Commune) -> None:
    for kind in (Kind.HTX, Kind.LHHTX, Kind.THT, Kind.COMPANY):
        make.organisation(kind, unit=commune("Than Uyên"))
    found = at(area)
    assert [single(found, name).count for name in ("total", "unions", "groups")] == [1, 1, 1]


def certified(
    make: Factories, unit: AdminUnit, product_state: ProductState = ProductState.PUBLISHED, **values: Any
) -> Certificate:
    """A product with an OCOP certificate."""
    product = make.product(make.cooperative(unit=unit), state=product_state)
    stated: dict[str, Any] = {
        "kind": CertificateKind.OCOP,
        "state": CertificateState.CHECKED,
        "number": "9/QĐ-UBND",
        "issued_on": date(2024, 1, 10),
        "last_day": DAY,
        "stars": 3,
        "created_at": make.now,
    }
    return make.add(Certificate(product_id=product.id, **{**stated, **values}))


@pytest.mark.parametrize(
    ("values", "counted"),
    [
        ({}, (1, 0)),  # the last day is one of its days
        ({"state": CertificateState.DECLARED}, (0, 0)),
        ({"state": CertificateState.REFUSED}, (0, 0)),
        ({"issued_on": DAY + timedelta(days=1), "last_day": DAY + timedelta(days=9)}, (0, 1)),
        ({"state": CertificateState.WITHDRAWN, "ended_on": DAY + timedelta(days=1)}, (1, 0)),
        ({"state": CertificateState.WITHDRAWN, "ended_on": DAY}, (0, 0)),
        ({"kind": CertificateKind.VIETGAP}, (0, 0)),
        ({"product_state": ProductState.DRAFT}, (1, 0)),
    ],
)
def test_stars_count_while_checked_and_valid(
    make: Factories, area: ReportingArea, commune: Commune, values: dict[str, Any], counted: tuple[int, int]
) -> None:
    certified(make, commune("Than Uyên"), **values)
    assert (stars_at(area).total.count, stars_at(area, DAY + timedelta(days=1)).total.count) == counted


def test_what_is_under_evaluation_stands_apart_and_by_its_newest_round(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    product = make.product(make.cooperative(unit=commune("Than Uyên")))
    for year in (2025, 2026):
        held = make.add(Round(year=year, number=1, area_id=area.id))
        make.add(Evaluation(round_id=held.id, product_id=product.id, recorded_at=make.now))
    found = stars_at(area)
    assert (found.total.count, single(found, "under_evaluation").count) == (0, 1)
    assert rows_of(found, "by_round") == {"Đợt 1 năm 2026": 1}


def test_two_certificates_of_one_product_count_once(make: Factories, area: ReportingArea, commune: Commune) -> None:
    first = certified(make, commune("Than Uyên"))
    make.add(
        Certificate(
            product_id=first.product_id,
            kind=CertificateKind.OCOP,
            state=CertificateState.CHECKED,
            issued_on=date(2026, 1, 10),
            last_day=date(2029, 1, 10),
            stars=4,
            created_at=make.now,
        )
    )
    found = stars_at(area)
    assert found.total.count == 1
    assert rows_of(found, "by_stars") == {"4": 1}


def test_what_no_commune_can_be_told_for_has_a_row(make: Factories, area: ReportingArea) -> None:
    old = next(unit for unit in make_units(area, era="old"))
    make.cooperative(unit=old)
    by_new = rows_of(at(area), "by_unit")
    assert sum(by_new.values()) == 1
    make.cooperative(unit=make_units(area, era="new")[0])
    by_old = cooperatives.report(scope_of(area), Asked(at=DAY, period=quarter_of(DAY), units="old"))
    assert rows_of(by_old, "by_unit")["none"] == 1
    assert by_old.total.count == 2


def make_units(area: ReportingArea, era: Any) -> list[AdminUnit]:
    """The communes of an area in one era."""
    return places.units_of_area(area, era)
