"""The officials' pages: only theirs, only their area; every number a door; as many queries for one contract as for many."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event

from marketplace.contracts.rules import DEFAULT_COUNTING, Counting, Method
from marketplace.extensions import db
from marketplace.ledger.queries import history
from marketplace.organisations.rules import Kind, PostRole
from marketplace.places.models import AdminUnit, ReportingArea
from marketplace.products.models import Certificate
from marketplace.products.rules import CertificateKind, CertificateState
from marketplace.reports import counting
from tests.factories import Factories
from tests.reports.deals import deal
from tests.reports.doors import doors, rows_behind

Commune = Callable[[str], AdminUnit]
SignIn = Callable[[Any], FlaskClient]
PAGES = ("/desk", "/reports/cooperatives", "/reports/ocop", "/reports/contracts", "/reports/coverage")
PERIOD = "from=01/07/2026&to=30/09/2026&at=30/09/2026"


@pytest.fixture
def deals(make: Factories, area: ReportingArea, commune: Commune) -> None:
    """Some of everything in xã Than Uyên and xã Mường Kim."""
    here, there = commune("Than Uyên"), commune("Mường Kim")
    first, second = make.cooperative("HTX Một Thử", unit=here), make.cooperative("HTX Hai Thử", unit=there)
    make.organisation(Kind.THT, "THT Ba Thử", unit=here)
    company = make.company("Công ty TNHH Thử", unit=there)
    product = make.product(first, "Gạo nếp Thử")
    make.add(
        Certificate(
            product_id=product.id,
            kind=CertificateKind.OCOP,
            state=CertificateState.CHECKED,
            number="9/QĐ-UBND",
            issued_on=date(2024, 1, 10),
            last_day=date(2027, 1, 10),
            stars=4,
            created_at=make.now,
        )
    )
    deal(make, [first], company)
    deal(make, [first, second], company, value=None)
    deal(make, [second], company, form=None, method=Method.APP)
    deal(make, [second], company, with_households=True)
    make.commit()


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    """Collects the statements that are sent inside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("deals")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("basis", ["signed", "force"])
def test_every_number_opens_exactly_its_rows(provincial: FlaskClient, page: str, basis: str) -> None:
    found = doors(provincial, f"{page}?{PERIOD}&area=than-uyen&basis={basis}")
    assert len(found) >= 4
    assert any(count for _, count in found)
    for address, count in found:
        assert rows_behind(provincial, address) == count, address


@pytest.mark.parametrize("page", [*PAGES, "/reports", "/reports/contracts/rows", "/reports/contracts/export"])
def test_only_officials_read_them(
    client: FlaskClient, make: Factories, area: ReportingArea, commune: Commune, sign_in: SignIn, page: str
) -> None:
    assert client.get(page).status_code == 303
    member = sign_in(make.member(make.cooperative(unit=commune("Than Uyên"))))
    assert member.get(page).status_code == 404
    viewer = sign_in(make.officer(commune("Than Uyên"), role=PostRole.VIEWER))
    assert viewer.get(page).status_code == 200


def test_nobody_reads_beyond_the_own_area(
    make: Factories,
    area: ReportingArea,
    province: AdminUnit,
    commune: Commune,
    sign_in: SignIn,
    area_viewer: FlaskClient,
    provincial: FlaskClient,
) -> None:
    here, there = commune("Than Uyên"), commune("Mường Kim")
    of_commune = sign_in(make.officer(here))
    wanted = {
        "of_commune": (of_commune, {f"u{here.id}": 200, f"u{there.id}": 404, "than-uyen": 404, f"u{province.id}": 404}),
        "of_area": (area_viewer, {f"u{here.id}": 200, "than-uyen": 200, f"u{province.id}": 404}),
        "of_province": (provincial, {f"u{here.id}": 200, "than-uyen": 200, f"u{province.id}": 200, "u0": 404}),
    }
    for name, (browser, answers) in wanted.items():
        for key, status in answers.items():
            for address in ("/reports/cooperatives", "/reports/cooperatives/rows", "/reports/contracts/export"):
                assert browser.get(f"{address}?area={key}").status_code == status, (name, key, address)


@pytest.mark.usefixtures("deals")
def test_an_officer_sees_the_figures_of_the_own_commune(make: Factories, commune: Commune, sign_in: SignIn) -> None:
    browser = sign_in(make.officer(commune("Mường Kim")))
    page = browser.get(f"/reports/contracts?{PERIOD}").get_data(as_text=True)
    assert "Xã Mường Kim" in page
    assert "Xã Than Uyên" not in page
    rows = browser.get(f"/reports/cooperatives/rows?{PERIOD}&kind=htx&dated=yes").get_data(as_text=True)
    assert "HTX Hai Thử" in rows
    assert "HTX Một Thử" not in rows


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/desk", 16),
        ("/reports/cooperatives", 8),
        ("/reports/ocop", 9),
        ("/reports/contracts", 9),
        ("/reports/coverage", 9),
        ("/reports/contracts/rows", 9),
    ],
)
def test_as_many_queries_for_one_contract_as_for_many(
    app: Flask, make: Factories, commune: Commune, provincial: FlaskClient, page: str, most: int
) -> None:
    buyer = make.company(unit=commune("Khoen On"))
    deal(make, [make.cooperative(unit=commune("Than Uyên"))], buyer)
    address = f"{page}?{PERIOD}&area=than-uyen"
    provincial.get(address)
    with queries(app) as first:
        assert provincial.get(address).status_code == 200
    for _ in range(12):
        deal(make, [make.cooperative(unit=commune("Than Uyên"))], buyer)
    make.commit()
    with queries(app) as later:
        assert provincial.get(address).status_code == 200
    assert len(later) == len(first), "\n".join(later)
    assert len(later) <= most, "\n".join(later)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("at=31/02/2026", "31/02/2026"),
        ("at=hôm qua", "hôm qua"),
        ("from=01/09/2026&to=01/07/2026", "01/09/2026"),
        ("sector=XX&units=older&since=x", "x"),
        ("unit=999&after=abc&kind=<b>", ""),
    ],
)
def test_an_odd_address_is_answered_with_a_remedy(
    provincial: FlaskClient, area: ReportingArea, query: str, kept: str
) -> None:
    for page in (*PAGES, "/reports/contracts/rows"):
        answer = provincial.get(f"{page}?{query}")
        assert answer.status_code == 200, page
        assert "<b>" not in answer.get_data(as_text=True)
    page = provincial.get(f"/reports/cooperatives?{query}").get_data(as_text=True)
    if query.startswith("at="):
        assert f'value="{kept}"' in page
        assert 'id="at-error"' in page


@pytest.mark.usefixtures("deals")
def test_the_excel_file_holds_numbers_as_numbers_and_says_what_it_is_of(
    make: Factories, commune: Commune, provincial: FlaskClient
) -> None:
    make.cooperative('=HYPERLINK("http://example.vn")', unit=commune("Than Uyên"))
    make.commit()
    answer = provincial.get(f"/reports/cooperatives/export?{PERIOD}&area=than-uyen")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    book = load_workbook(BytesIO(answer.data))
    figures, rows = (list(sheet.values) for sheet in book.worksheets)
    head = [row[0] for row in figures[:4]]
    assert head[:3] == [
        "Hợp tác xã",
        "Số liệu tính đến ngày 30/09/2026",
        "Địa bàn: Than Uyên, theo các xã từ 01/7/2025",
    ]
    assert ("Hợp tác xã", 3, None, None) in [(*row, None, None)[:4] for row in figures[4:]]
    names = {row[0] for row in rows[1:]}
    assert names == {"HTX Một Thử", "HTX Hai Thử", '=HYPERLINK("http://example.vn")'}
    assert book.worksheets[1]["A2"].data_type == "s"
    assert book.worksheets[1]["E2"].is_date
    contracts = load_workbook(BytesIO(provincial.get(f"/reports/contracts/export?{PERIOD}&area=than-uyen").data))
    values = [row[7] for row in list(contracts.worksheets[1].values)[1:]]
    assert sorted(values, key=str) == [120_000_000, None]
    text = "\n".join(str(row[0]) for row in contracts.worksheets[0].values)
    assert "Được tính là đã ký: ký trên giấy" in text


def test_the_province_changes_what_counts(
    make: Factories,
    area: ReportingArea,
    province: AdminUnit,
    commune: Commune,
    provincial: FlaskClient,
    sign_in: SignIn,
) -> None:
    assert sign_in(make.officer(commune("Than Uyên"))).get("/reports/counting").status_code == 404
    assert sign_in(make.officer(province, role=PostRole.VIEWER)).get("/reports/counting").status_code == 404
    page = provincial.get("/reports/counting").get_data(as_text=True)
    assert page.count("checked") == len(DEFAULT_COUNTING)
    assert provincial.post("/reports/counting", data={"key": "nothing ticked"}).status_code == 422
    answer = provincial.post("/reports/counting", data={"counting": ["ink", "digital"]})
    assert answer.status_code == 303
    db.session.expire_all()
    assert counting.of_province(province.id) == {Counting.INK, Counting.DIGITAL}
    entry = history(province)[0]
    assert (entry.event, entry.data["after"]) == ("counting:changed", ["digital", "ink"])
    shown = provincial.get("/reports/contracts?area=than-uyen").get_data(as_text=True)
    assert "chữ ký số" in shown
    assert "xác nhận trên hệ thống và đã được cán bộ chứng thực" not in shown


def test_the_desk_says_what_waits_for_an_officer(
    make: Factories, area: ReportingArea, commune: Commune, sign_in: SignIn, area_viewer: FlaskClient
) -> None:
    here = commune("Than Uyên")
    make.cooperative("HTX Chờ Thử", unit=here, verified=False)
    make.cooperative("HTX Chờ Nơi Khác", unit=commune("Khoen On"), verified=False)
    seller = make.cooperative("HTX Bán Thử", unit=here)
    deal(make, [seller], make.company(), method=Method.APP, number="77/2026/HĐLK")
    product = make.product(seller, "Mật ong Thử")
    make.add(
        Certificate(
            product_id=product.id,
            kind=CertificateKind.VIETGAP,
            state=CertificateState.DECLARED,
            number="1",
            created_at=make.now,
        )
    )
    make.commit()
    page = sign_in(make.officer(here)).get("/desk").get_data(as_text=True)
    for name in ("HTX Chờ Thử", "77/2026/HĐLK", "Mật ong Thử"):
        assert name in page
    assert "HTX Chờ Nơi Khác" not in page
    assert "HTX Chờ Thử" not in area_viewer.get("/desk").get_data(as_text=True)


def test_a_persons_number_stands_in_no_list_and_no_file(
    make: Factories, area: ReportingArea, commune: Commune, sign_in: SignIn
) -> None:
    make.organisation(Kind.THT, "THT Có số", unit=commune("Than Uyên"), tax_code="001199000011")
    officer = make.officer(commune("Than Uyên"))
    make.commit()
    browser = sign_in(officer)
    page = browser.get("/reports/cooperatives/rows?kind=tht").get_data(as_text=True)
    assert "THT Có số" in page
    assert "001199000011" not in page
    book = load_workbook(BytesIO(browser.get("/reports/cooperatives/export?kind=tht").data))
    cells = [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line]
    assert "THT Có số" in cells
    assert "001199000011" not in cells


@pytest.mark.usefixtures("deals")
@pytest.mark.parametrize("page", ["/desk", "/reports/contracts"])
def test_an_empty_period_says_so_and_leads_to_the_last_one_with_something(provincial: FlaskClient, page: str) -> None:
    whole = provincial.get(f"{page}?{PERIOD}&area=than-uyen").get_data(as_text=True)
    assert "Chưa có hợp đồng nào được tính" not in whole
    later = provincial.get(f"{page}?from=01/04/2027&to=30/06/2027&area=than-uyen").get_data(as_text=True)
    assert "Chưa có hợp đồng nào được tính trong kỳ: Quý II/2027" in later
    found = re.search(r'<a href="([^"]+)">Xem Quý III/2026</a>', later)
    assert found
    there = provincial.get(found[1].replace("&amp;", "&")).get_data(as_text=True)
    assert "Chưa có hợp đồng nào được tính" not in there
    before = provincial.get(f"{page}?from=01/01/2020&to=31/03/2020&area=than-uyen").get_data(as_text=True)
    assert "Chưa có hợp đồng nào được tính trong kỳ: Quý I/2020" in before
    assert "Xem Quý" not in before
