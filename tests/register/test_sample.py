"""The officials' own file reads to exactly the figures of the source paper."""

from collections import Counter
from datetime import date

import pytest
from stdnum.vn import mst

from marketplace.organisations.rules import GONE, Kind, RegisterStatus, Sector
from marketplace.register.reading import read
from marketplace.register.rows import CooperativeRow
from marketplace.register.sheets import Reading
from tests.register.office import SAMPLE


@pytest.fixture(scope="module")
def reading() -> Reading:
    with open(SAMPLE, "rb") as file:
        return read(file, valid_tax_code=mst.is_valid)


def counted(reading: Reading, day: date) -> list[CooperativeRow]:
    return [
        row
        for row in reading.cooperatives
        if row.founded.day <= day and not (row.status in GONE and row.ended and row.ended.day <= day)
    ]


def test_every_row_is_read_and_none_fails(reading: Reading) -> None:
    assert reading.failures == []
    assert len(reading.cooperatives) == 77
    assert [row.row for row in reading.cooperatives][:3] == [10, 11, 12]
    assert {row.kind for row in reading.cooperatives} == {Kind.HTX}


def test_sheets_are_told_apart(reading: Reading) -> None:
    assert [(sheet.name, sheet.kind, sheet.header) for sheet in reading.sheets] == [
        ("HTX", "cooperatives", (7, 8)),
        ("OCOP", "ocop", (7, 7)),
    ]
    assert [sheet.unread for sheet in reading.sheets] == [[], []]


def test_figures_of_the_paper(reading: Reading) -> None:
    assert len(counted(reading, date(2020, 12, 31))) == 44
    today = counted(reading, date(2023, 9, 30))
    assert len(today) == 71
    assert Counter(row.sector for row in today) == {
        Sector.NLN: 35,
        Sector.XD: 7,
        Sector.CN_TTCN: 3,
        Sector.TM_DV: 20,
        Sector.VT: 4,
        Sector.DL: 2,
    }


def test_dissolved_ones_carry_their_day(reading: Reading) -> None:
    gone = [row for row in reading.cooperatives if row.status is RegisterStatus.DISSOLVED]
    assert [(row.row, row.ended_on) for row in gone] == [
        (45, date(2019, 6, 1)),
        (46, date(2020, 6, 5)),
        (55, date(2019, 6, 2)),
        (56, date(2020, 6, 6)),
        (61, date(2019, 6, 3)),
        (84, date(2020, 6, 4)),
    ]


def test_cells_of_one_row(reading: Reading) -> None:
    first = reading.cooperatives[0]
    assert (first.name, first.tax_code, first.commune.type, first.commune.folded) == (
        "HTX nông lâm thủy sản Minh Họa",
        None,
        "xã",
        "muong cang",
    )
    assert (first.founded.day, first.founded.precision) == (date(2012, 12, 15), "day")
    assert (first.members, first.capital) == (15, 1_200_000_000)
    assert (first.representative, first.phone) == ("Bùi Thị Dung", "+84926626844")
    assert reading.cooperatives[3].name == "HTX nông nghiệp Phương Nam"


def test_products_with_and_without_stars(reading: Reading) -> None:
    assert Counter(product.stars for product in reading.products) == {3: 22, 4: 4, None: 5}
    waiting = {(p.round.number, p.round.year) for p in reading.products if p.round and p.stars is None}
    assert waiting == {(1, 2023)}
    assert all(product.decided and product.decision_no for product in reading.products if product.stars)
    assert Counter(product.group for product in reading.products) == {"TP": 24, "DU": 2, "DL": 2, "TCMN": 2, "DLCD": 1}
    owners = {product.owner: product.owner_kind for product in reading.products}
    assert owners["Công ty TNHH Mẫu"] is Kind.COMPANY
    assert owners["Hộ kinh doanh Mẫu"] is Kind.HOUSEHOLD
    assert all(product.measure for product in reading.products)
