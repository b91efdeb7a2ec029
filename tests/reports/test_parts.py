"""What several sellers or goods share: the values under each come to the total, whatever the data, also after annexes."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.clauses.terms import ContractKind, Goods, Portion, Terms
from marketplace.contracts.models import Change, Contract, Share
from marketplace.contracts.rules import Method
from marketplace.extensions import db
from marketplace.kernel.dates import Period
from marketplace.organisations.models import Organisation
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.products.rules import Group
from marketplace.reports import contracts
from marketplace.reports.asked import Asked
from marketplace.reports.figures import SEVERAL, Report, Worth
from marketplace.reports.parts import parted, portions
from marketplace.reports.queries import behind
from marketplace.reports.territories import everywhere
from tests.factories import Factories
from tests.reports.deals import deal
from tests.reports.test_contracts import ask, rows_of, scope_of

Commune = Callable[[str], AdminUnit]
quantities = st.one_of(st.none(), st.decimals("0.001", "9999999", places=3))
goods = st.builds(
    lambda quantity, price: Goods("", "kg", quantity, price=price),
    quantities,
    st.one_of(st.none(), st.integers(0, 10**7)),
)


@given(st.integers(0, 10**13), st.lists(st.integers(1, 10**12), min_size=1, max_size=9))
def test_no_dong_is_lost_or_made(whole: int, weights: list[int]) -> None:
    found = parted(whole, weights)
    assert sum(found) == whole
    assert all(abs(each - whole * weight / sum(weights)) < 2 for each, weight in zip(found, weights, strict=True))


@given(st.lists(goods, max_size=4), st.integers(1, 4), st.randoms(), st.one_of(st.none(), st.integers(0, 10**13)))
def test_portions_come_to_the_whole(lines: list[Goods], sellers: int, dice: random.Random, typed: int | None) -> None:
    split = tuple(
        Portion(seller, "", line, {None: Decimal(dice.randint(0, 3))})
        for seller in range(sellers)
        for line in range(len(lines))
        if dice.random() < 0.8
    )
    terms = Terms(ContractKind.LINKAGE, tuple(lines), split)
    for whole in (terms.total, typed):
        found = portions(whole, terms, sellers)
        assert sum(each.value or 0 for each in found) == (whole or 0)
        assert (whole is None) == all(each.value is None for each in found)


def pooled(make: Factories, sellers: list[Organisation], given: list[int], **values: object) -> Contract:
    """One line of 1.000 kg at 120.000 đồng, shared out."""
    contract = deal(make, sellers, make.company(), **values)  # type: ignore[arg-type]
    for party, quantity in zip(contract.parties, given, strict=False):
        party.shares = [Share(line_id=contract.lines[0].id, quantity=Decimal(quantity))]
    db.session.flush()
    return contract


def annex(make: Factories, contract: Contract, day: date, value: int, **terms: object) -> None:
    """A signed annex as its row."""
    made = {"effective_on": day, "source": f"paper:{contract.id}-{day}", "number": "PL01"}
    make.add(Change(contract_id=contract.id, **made, value=value, terms=terms))


def worths(report: Report, name: str) -> dict[str, Worth]:
    return {
        row.name: row.worth
        for each in report.breakdowns
        if each.name == name
        for row in each.figures
        if row.count and row.worth
    }


def amounts(report: Report, name: str) -> dict[str, int]:
    return {mark: worth.amount for mark, worth in worths(report, name).items()}


def check(report: Report) -> None:
    """Every breakdown comes to the total, and every figure to the rows that it opens."""
    assert report.total.worth
    for each in report.breakdowns:
        assert sum(row.worth.amount for row in each.figures if row.worth) == report.total.worth.amount, each.name
    for figure in report.every_figure():
        rows = contracts.rows(behind(report, figure.wanted), figure.wanted)
        assert len(rows) == figure.count, figure
        if figure.worth:
            cell = [column.label.text for column in contracts.COLUMNS].index("Value (đồng)")
            assert sum(row.cells[cell] or 0 for row in rows) == figure.worth.amount, figure  # type: ignore[misc]


def test_each_commune_sector_and_officer_has_its_sellers_part(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    here, there = commune("Than Uyên"), commune("Mường Kim")
    pooled(make, [make.cooperative(unit=here), make.cooperative(unit=there)], [700, 300])
    found = ask(area)
    check(found)
    assert amounts(found, "by_unit") == {str(here.id): 84_000_000, str(there.id): 36_000_000}
    assert rows_of(found, "by_unit") == {str(here.id): 1, str(there.id): 1}
    for unit, part in ((here, 84_000_000), (there, 36_000_000)):
        of_commune = contracts.report(scope_of(unit), ASKED)
        check(of_commune)
        assert of_commune.total.worth == Worth(part, 0, 0)
        assert rows_of(of_commune, "by_unit") == {str(unit.id): 1}


ASKED = Asked(at=date(2026, 9, 30), period=Period.quarter(2026, 3))


def test_an_annex_moves_the_parts_from_its_day_on(make: Factories, area: ReportingArea, commune: Commune) -> None:
    here, there = commune("Than Uyên"), commune("Mường Kim")
    contract = pooled(make, [make.cooperative(unit=here), make.cooperative(unit=there)], [700, 300])
    split = {"0": {"whole": "500"}, "1": {"whole": "1500"}}
    annex(make, contract, date(2026, 9, 1), 240_000_000, lines={"1": {"quantity": "2000", "split": split}})
    found = ask(area)
    check(found)
    assert amounts(found, "by_unit") == {str(here.id): 60_000_000, str(there.id): 180_000_000}
    before = ask(area, ASKED.but(at=date(2026, 8, 31)))
    check(before)
    assert amounts(before, "by_unit") == {str(here.id): 84_000_000, str(there.id): 36_000_000}


def test_goods_that_an_annex_adds_stand_under_their_group(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    seller = make.cooperative(unit=commune("Than Uyên"))
    contract = deal(make, [seller], make.company())
    product = make.product(seller, group=Group.DU)
    line = {"name": "Rượu", "measure": "kg", "quantity": "10", "price_kind": "fixed", "price": 100_000}
    annex(make, contract, date(2026, 9, 1), 121_000_000, added=[{**line, "product": product.id}])
    found = ask(area)
    check(found)
    assert amounts(found, "by_group") == {"TP": 120_000_000, "DU": 1_000_000}


def test_what_nobody_shared_out_is_said_and_not_counted_twice(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    here, there = commune("Than Uyên"), commune("Mường Kim")
    deal(make, [make.cooperative(unit=here), make.cooperative(unit=there)], make.company())
    found = ask(area)
    check(found)
    undivided = Worth(0, 0, 0, 1)
    whole = Worth(120_000_000, 0, 0)
    assert worths(found, "by_unit") == {str(here.id): undivided, str(there.id): undivided, SEVERAL: whole}
    assert contracts.report(scope_of(here), ASKED).total.worth == undivided


def test_a_contract_over_two_provinces_counts_once_in_each_with_its_part(
    make: Factories, area: ReportingArea, commune: Commune
) -> None:
    here, away = commune("Than Uyên"), make.unit("Xã Xa", parent=make.unit("Tỉnh Xa"))
    pooled(make, [make.cooperative(unit=here), make.cooperative(unit=away)], [250, 750])
    found = ask(area)
    check(found)
    assert (found.total.count, found.total.worth) == (1, Worth(30_000_000, 0, 0))
    assert rows_of(found, "by_unit") == {str(here.id): 1}
    every = contracts.report(everywhere(), ASKED)
    check(every)
    assert (every.total.count, every.total.worth) == (1, Worth(120_000_000, 0, 0))
    assert amounts(every, "by_unit") == {str(here.id): 30_000_000, str(away.id): 90_000_000}


def test_generated_contracts_come_to_their_totals(make: Factories, area: ReportingArea, commune: Commune) -> None:
    dice = random.Random(20260930)
    units = [commune(name) for name in ("Than Uyên", "Mường Kim", "Khoen On", "Mường Than")]
    units.append(make.unit("Xã Xa", parent=make.unit("Tỉnh Xa")))
    sellers = [make.cooperative(unit=unit) for unit in units]
    for _ in range(60):
        chosen = dice.sample(sellers, dice.choice([1, 1, 2, 3]))
        groups = dice.sample([Group.TP, Group.DU, Group.TCMN], dice.choice([1, 1, 2]))
        signed = date(2026, 7, 1) + timedelta(days=dice.randint(0, 80))
        priced = dice.random() < 0.8
        contract = deal(
            make,
            chosen,
            make.company(),
            groups=groups,
            method=dice.choice(list(Method)),
            attested=dice.random() < 0.7,
            signed_on=signed,
            value=120_000_000 * len(groups) if priced else None,
        )
        shared = len(chosen) > 1 and dice.random() < 0.7
        for party in contract.parties[: len(chosen)] if shared else ():
            party.shares = [Share(line_id=line.id, quantity=Decimal(dice.randint(1, 999))) for line in contract.lines]
        if dice.random() < 0.4 and priced:
            later = signed + timedelta(days=dice.randint(1, 60))
            annex(make, contract, later, dice.randint(1, 10**9), lines={"1": {"price": dice.randint(1, 10**6)}})
    db.session.flush()
    for basis in ("signed", "force"):
        for place in (area, *units[:4]):
            for day in (date(2026, 8, 1), date(2026, 9, 30)):
                check(contracts.report(scope_of(place), ASKED.but(at=day, basis=basis)))
        check(contracts.report(everywhere(), ASKED.but(basis=basis)))
