"""OCOP counted in SQL says the same as its products counted one by one."""

import random
from datetime import date, timedelta

from marketplace.kernel.dates import Period
from marketplace.organisations.rules import Kind, Sector
from marketplace.places.models import ReportingArea
from marketplace.products.models import Certificate
from marketplace.products.rules import CertificateKind, CertificateState, Group
from marketplace.reports import ocop
from marketplace.reports.asked import Asked
from marketplace.reports.figures import Report
from marketplace.reports.queries import behind
from marketplace.reports.territories import everywhere
from tests.factories import Factories
from tests.reports.test_contracts import scope_of

DAY = date(2026, 9, 30)


def counts(report: Report) -> list[tuple[str, int]]:
    return [(figure.name, figure.count) for figure in report.every_figure()]


def test_counted_in_sql_and_one_by_one(make: Factories, area: ReportingArea) -> None:
    dice = random.Random(26)
    units = [make.unit(name) for name in ("Xã Than Uyên", "Xã Mường Kim", "Xã Khoen On")]
    owners = [make.organisation(kind, unit=dice.choice(units)) for kind in (Kind.HTX, Kind.THT, Kind.COMPANY) * 2]
    owners[0].sector = Sector.VT
    for number in range(60):
        product = make.product(dice.choice(owners), f"Gạo Thử {number}", group=dice.choice(list(Group)))
        product.unit_id = dice.choice([product.unit_id, None])
        for again in range(dice.choice([0, 1, 1, 2])):
            last = DAY + timedelta(days=dice.randint(-100, 400))
            make.add(
                Certificate(
                    product_id=product.id,
                    kind=CertificateKind.OCOP,
                    state=dice.choice([CertificateState.CHECKED, CertificateState.CHECKED, CertificateState.DECLARED]),
                    number=f"{number}-{again}/QĐ-UBND",
                    issued_on=date(2024, 1, 10) + timedelta(days=again),
                    last_day=dice.choice([last, None]),
                    stars=dice.choice([3, 4, 5]),
                    created_at=make.now,
                )
            )
    for place in (area, *units, None):
        scope = scope_of(place) if place is not None else everywhere()
        for day in (DAY, DAY + timedelta(days=300)):
            for units_asked in ("new", "old"):
                asked = Asked(at=day, period=Period.quarter(2026, 3), units=units_asked)
                summed, each = ocop.report(scope, asked), ocop.report(scope, asked, each=True)
                assert counts(summed) == counts(each)
                for figure in summed.every_figure():
                    assert len(behind(each, figure.wanted)) == figure.count
    assert ocop.report(scope_of(area), Asked(at=DAY, period=Period.quarter(2026, 3))).total.count > 10
