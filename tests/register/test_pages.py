"""The officers' pages: upload, preview on four tabs, apply once, failed rows as Excel; each only in one's territory."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from stdnum.vn import mst

from marketplace.accounts.models import User
from marketplace.extensions import db
from marketplace.ledger.models import Entry
from marketplace.organisations.models import Organisation
from marketplace.organisations.rules import PostRole
from marketplace.places import queries as places
from marketplace.places.models import AdminUnit
from marketplace.register.models import RegisterImport
from marketplace.register.reading import read
from tests.factories import Factories
from tests.register.office import HEADER, SAMPLE, book, stream
from tests.register.test_import import row


@pytest.fixture
def province(make: Factories) -> AdminUnit:
    """Lai Châu with the reporting area of Than Uyên."""
    area = make.than_uyen()
    found = places.unit(area.province_id)
    assert found is not None
    return found


@pytest.fixture
def officer(make: Factories, province: AdminUnit) -> User:
    user = make.officer(province)
    make.commit()
    return user


def commune(name: str) -> AdminUnit:
    """One of the four communes of today."""
    area = places.area_by_name("Than Uyên")
    assert area is not None
    return next(unit for unit in places.units_of_area(area) if unit.name == name)


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, page[:3000]
    return found[1]


def upload(client: FlaskClient, file: io.BytesIO, name: str = "Sổ HTX 2023.xlsx", **values: str) -> Any:
    form = client.get("/registers/upload").get_data(as_text=True)
    area = re.search(r'<option[^>]*value="(\d+)"', form)
    data = {
        "key": field(form, "key"),
        "file": (file, name),
        "era": "",
        "area": area[1] if area else "province",
        **values,
    }
    return client.post("/registers/upload", data=data, content_type="multipart/form-data")


def sample() -> io.BytesIO:
    with open(SAMPLE, "rb") as file:
        return io.BytesIO(file.read())


def send_apply(client: FlaskClient, address: str) -> Any:
    page = client.get(address).get_data(as_text=True)
    return client.post(f"{address}/apply", data={"key": field(page, "key"), "version": field(page, "version")})


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Organisation.id))) or 0


def test_upload_preview_apply_and_once_more(app: Flask, officer: User, sign_in: Any) -> None:
    client = sign_in(officer)
    answer = upload(client, sample())
    assert answer.status_code == 303
    address = answer.location
    page = client.get(address).get_data(as_text=True)
    assert "108" in page
    assert "HTX nông lâm thủy sản Minh Họa" in page
    assert "15/12/2012" in page
    assert "1.200.000.000" in page
    assert how_many() == 0

    form = {"key": field(page, "key"), "version": field(page, "version")}
    done = client.post(f"{address}/apply", data=form)
    assert done.status_code == 303
    assert how_many() == 79
    assert client.post(f"{address}/apply", data=form).status_code == 303  # the same submission again
    assert how_many() == 79
    after = client.get(address).get_data(as_text=True)
    assert "/apply" not in after
    assert re.search(r'href="/organisations/\d+"', after)
    entry = db.session.scalars(select(Entry).filter_by(event="register:imported")).one()
    assert (entry.actor, entry.data["created"]) == (officer.id, 108)

    again = upload(client, sample())
    page = client.get(again.location).get_data(as_text=True)
    assert "/apply" not in page
    assert "108" in page
    listing = client.get("/registers").get_data(as_text=True)
    assert listing.count("Sổ HTX 2023.xlsx") == 2


def test_changed_rows_show_old_and_new(app: Flask, officer: User, sign_in: Any) -> None:
    client = sign_in(officer)
    first = upload(client, stream(book([HEADER, row(1, "HTX Mẫu Một", code="0090000019")])))
    assert send_apply(client, first.location).status_code == 303
    second = upload(
        client, stream(book([HEADER, row(1, "HTX Mẫu Một", "Xã Hua Nà", code="0090000019", ended="1/2/2024")]))
    )
    page = client.get(f"{second.location}?tab=changed").get_data(as_text=True)
    for text in ("Xã Mường Cang", "Xã Hua Nà", "cell-old", "cell-new"):
        assert text in page
    assert send_apply(client, second.location).status_code == 303


def test_what_has_changed_meanwhile_is_shown_anew_and_nothing_is_imported(
    app: Flask, officer: User, sign_in: Any
) -> None:
    client = sign_in(officer)
    file = [HEADER, row(1, "HTX Mẫu Một", code="0090000019"), row(2, "HTX Mẫu Hai")]
    first, second = upload(client, stream(book(file))), upload(client, stream(book(file)))
    assert send_apply(client, first.location).status_code == 303
    late = send_apply(client, second.location)
    assert late.status_code == 409
    assert "tab=unchanged" in late.get_data(as_text=True)
    assert how_many() == 2
    held = db.session.get(RegisterImport, int(second.location.rsplit("/", 1)[1]))
    assert held is not None
    assert held.applied_at is None
    assert held.counts["unchanged"] == 2


def test_failed_rows_come_back_as_excel_and_can_be_uploaded_corrected(app: Flask, officer: User, sign_in: Any) -> None:
    client = sign_in(officer)
    rows = [
        HEADER,
        ["II", "Vận tải"],
        row(1, "HTX Mẫu Một", "Xã Mường Cag", code="0090000019"),
        row(2, "HTX Mẫu Hai"),
        row(3, "=cmd()", founded="31/2/2020"),
    ]
    address = upload(client, stream(book(rows))).location
    page = client.get(f"{address}?tab=failed").get_data(as_text=True)
    assert "Xã Mường Cang" in page
    assert "31/2/2020" in page
    answer = client.get(f"{address}/failed")
    assert answer.status_code == 200
    returned = load_workbook(io.BytesIO(answer.data))
    sheet = returned["HTX"]
    assert [cell.value for cell in sheet[1]][-2:] == ["Ngành", "Cần sửa"]
    assert sheet.max_row == 3
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
    sheet["D2"] = "Xã Mường Cang"
    sheet["E3"] = "28/2/2020"
    sheet["B3"] = "HTX Mẫu Ba"
    reading = read(stream(returned), valid_tax_code=mst.is_valid)
    assert reading.failures == []
    assert [(found.name, found.sector) for found in reading.cooperatives] == [
        ("HTX Mẫu Một", "VT"),
        ("HTX Mẫu Ba", "VT"),
    ]


def test_a_wrong_file_is_refused_at_its_field(app: Flask, officer: User, sign_in: Any) -> None:
    client = sign_in(officer)
    for content in (b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"<html></html>", b"a;b\n1;2\n"):
        answer = upload(client, io.BytesIO(content))
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert upload(client, stream(book([["Ngày", "Nội dung"], ["5/6/2019", "Mua giấy"]]))).status_code == 422
    assert db.session.scalar(select(func.count(RegisterImport.id))) == 0


def test_a_commune_officer_enters_only_the_own_commune(
    app: Flask, make: Factories, province: AdminUnit, sign_in: Any
) -> None:
    user = make.officer(commune("Xã Mường Kim"))
    make.commit()
    client = sign_in(user)
    address = upload(client, sample()).location
    assert send_apply(client, address).status_code == 303
    rows = db.session.scalars(select(Organisation)).all()
    assert {found.unit.name for found in rows if found.unit} == {"Xã Mường Kim", "Xã Pha Mu", "Xã Tà Hừa", "Xã Tà Mung"}
    held = db.session.scalars(select(RegisterImport)).one()
    assert held.counts["failed"] + held.counts["created"] == 108
    page = client.get(f"{address}?tab=failed").get_data(as_text=True)
    assert "Xã Mường Cang" in page


def test_who_may_see_and_do_what(app: Flask, make: Factories, province: AdminUnit, officer: User, sign_in: Any) -> None:
    near, far = make.officer(commune("Xã Mường Kim")), make.officer(commune("Xã Than Uyên"))
    viewer = make.officer(province, role=PostRole.VIEWER)
    member = make.member(make.cooperative())
    make.commit()
    owner = sign_in(near)
    address = upload(owner, stream(book([HEADER, row(1, "HTX Mẫu", "Xã Mường Kim")]))).location
    page = owner.get(address).get_data(as_text=True)
    form = {"key": field(page, "key"), "version": field(page, "version")}
    for user in (far, viewer, member):
        browser = sign_in(user)
        assert browser.get(address).status_code == 404
        assert browser.post(f"{address}/apply", data=form).status_code == 404
    above = sign_in(officer)
    seen = above.get(address)
    assert seen.status_code == 200
    assert "/apply" not in seen.get_data(as_text=True)
    assert above.post(f"{address}/apply", data=form).status_code == 404
    assert app.test_client().get(address).status_code == 303
    assert owner.get(f"{address}/failed").status_code == 404
    assert how_many() == 1
    assert owner.post(f"{address}/apply", data={**form, "version": "99"}).status_code == 409
    assert owner.post(f"{address}/apply", data={**form, "key": "another"}).status_code == 303
    assert how_many() == 2


@pytest.mark.parametrize("uploads", [1, 2])
def test_two_at_once_import_once(app: Flask, officer: User, sign_in: Any, uploads: int) -> None:
    """The same upload applied in two windows, and the same file uploaded and applied by two."""
    browsers = [sign_in(officer), sign_in(officer)]
    rows = [row(number, f"HTX Mẫu {number}", "Xã Mường Kim") for number in range(1, 6)]
    found = [upload(browsers[number], stream(book([HEADER, *rows]))).location for number in range(uploads)]
    version = field(browsers[0].get(found[0]).get_data(as_text=True), "version")
    db.session.rollback()
    start = threading.Barrier(2)

    def press(number: int) -> int:
        start.wait()
        data = {"key": f"key {number}", "version": version}
        return browsers[number].post(f"{found[number % uploads]}/apply", data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(press, range(2)))
    assert codes == [303, 409]
    assert how_many() == 5
