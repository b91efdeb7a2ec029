"""What is not a harmless .xlsx is refused with a sentence that names the remedy; what is odd but honest is read."""

import io
import re
import zipfile

import pytest
from openpyxl import Workbook
from PIL import Image
from stdnum.vn import mst
from xlsxwriter import Workbook as Writer

from marketplace.kernel.errors import Refusal
from marketplace.register import workbook
from marketplace.register.grid import Broken
from marketplace.register.reading import read
from marketplace.register.workbook import open_workbook
from tests.register.office import HEADER, book, reasons, repacked, stream

ROW = [1, "HTX Mẫu Một", "0090000019", "Xã Mường Cang", "5/6/2019", None, None]


def written(rows: list[list[object]]) -> tuple[io.BytesIO, Writer]:
    """A file as XlsxWriter makes it, still open for more."""
    file = io.BytesIO()
    writer = Writer(file, {"in_memory": True})
    sheet = writer.add_worksheet("HTX")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    return file, writer


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", workbook.EMPTY),
        (picture(), workbook.NOT_XLSX),
        (b"<html><body><table><tr><td>STT</td></tr></table></body></html>", workbook.PAGE),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', workbook.PAGE),
        ("STT;Tên HTX;Địa chỉ\n1;HTX Mẫu;Xã Mường Cang\n".encode(), workbook.TEXT),
        ("STT,Tên HTX\n1,HTX Mẫu\n".encode("utf-16"), workbook.TEXT),
        ("\ufeffSTT\tTên HTX\n".encode(), workbook.TEXT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, workbook.OLD_EXCEL),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            workbook.ENCRYPTED,
        ),
        (b"%PDF-1.7\n\x00\x01\x02", workbook.NOT_XLSX),
        (b"PK\x03\x04 this is no archive", workbook.DAMAGED),
    ],
)
def test_other_files_are_refused(content: bytes, sentence: object) -> None:
    with pytest.raises(Refusal) as refusal:
        open_workbook(io.BytesIO(content))
    assert refusal.value.message == sentence


def test_a_file_of_more_than_ten_megabytes() -> None:
    with pytest.raises(Refusal, match="10 MB"):
        open_workbook(io.BytesIO(b"PK\x03\x04" + b"\0" * (10 * 2**20)))


def test_a_half_uploaded_file_is_damaged() -> None:
    whole = stream(book([HEADER, ROW])).getvalue()
    for length in (100, len(whole) // 2, len(whole) - 30):
        with pytest.raises(Refusal) as refusal:
            open_workbook(io.BytesIO(whole[:length]))
        assert refusal.value.message == workbook.DAMAGED


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(stream(book([HEADER, ROW])), **{"docProps/app.xml": b"<a/>"})
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * (80 * 2**20))
    assert len(bomb.getvalue()) < 2**20
    with pytest.raises(Refusal) as refusal:
        open_workbook(bomb)
    assert refusal.value.message == workbook.UNPACKS_TOO_LARGE


def test_an_archive_that_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(Refusal) as refusal:
        open_workbook(file)
    assert refusal.value.message == workbook.NOT_XLSX


def test_an_open_document_or_a_word_file() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(Refusal) as refusal:
        open_workbook(file)
    assert refusal.value.message == workbook.OTHER_OFFICE


def test_macros_are_refused() -> None:
    plain = stream(book([HEADER, ROW]))
    with pytest.raises(Refusal) as refusal:
        open_workbook(repacked(plain, **{"xl/vbaProject.bin": b"x"}))
    assert refusal.value.message == workbook.MACROS
    types = zipfile.ZipFile(plain).read("[Content_Types].xml")
    marked = types.replace(workbook.WORKBOOK.encode(), b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    with pytest.raises(Refusal) as refusal:
        open_workbook(repacked(plain, **{"[Content_Types].xml": marked}))
    assert refusal.value.message == workbook.MACROS


def test_entities_are_refused() -> None:
    sheet = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    )
    with pytest.raises(Refusal) as refusal:
        open_workbook(repacked(stream(book([HEADER, ROW])), **{"xl/worksheets/sheet1.xml": sheet}))
    assert refusal.value.message == workbook.DAMAGED


def test_links_to_other_files_are_not_followed() -> None:
    file, writer = written([HEADER, ROW])
    writer.get_worksheet_by_name("HTX").write_formula(1, 1, "='file:///etc/[passwd]Sheet1'!A1", None, "HTX Mẫu Hai")
    writer.close()
    assert [row.name for row in read(file, valid_tax_code=mst.is_valid).cooperatives] == ["HTX Mẫu Hai"]


def test_formulas_use_their_stored_result_and_say_so_where_there_is_none() -> None:
    file, writer = written([HEADER, ROW, ROW])
    writer.get_worksheet_by_name("HTX").write_formula(1, 0, "=ROW()-1", None, 1)
    writer.get_worksheet_by_name("HTX").write_formula(2, 4, "=#REF!+1", None, "#REF!")
    writer.close()
    assert reasons(read(file, valid_tax_code=mst.is_valid)) == [
        (3, "E", "The cell shows the error #REF!. Correct the formula, or type the value.")
    ]
    unsaved = read(stream(book([HEADER, [1, *ROW[1:4], "=DATE(2019,6,5)"]])), valid_tax_code=mst.is_valid)
    assert reasons(unsaved) == [
        (2, "E", "The formula in this cell has no stored result. Open the file in Excel, save it, and upload it again.")
    ]


def test_error_cells_keep_their_error() -> None:
    plain = book([["a", "b"], ["#N/A", "x"]])
    (sheet,) = open_workbook(stream(plain))
    assert sheet.rows[1].values == (Broken("#N/A"), "x")


def test_hidden_sheets_are_reported_and_not_read() -> None:
    workbook_ = book([HEADER, ROW])
    hidden = workbook_.create_sheet("Nháp")
    hidden.sheet_state = "veryHidden"
    hidden.append(HEADER)
    hidden.append([1, "HTX Nháp", None, "Xã Mường Cang", 2019])
    reading = read(stream(workbook_), valid_tax_code=mst.is_valid)
    assert [(sheet.name, sheet.kind) for sheet in reading.sheets] == [("HTX", "cooperatives"), ("Nháp", "hidden")]
    assert [row.name for row in reading.cooperatives] == ["HTX Mẫu Một"]


def test_a_sheet_that_is_only_a_chart_does_not_disturb() -> None:
    file, writer = written([HEADER, ROW])
    chart = writer.add_chart({"type": "bar"})
    chart.add_series({"values": "=HTX!$A$2:$A$2"})
    writer.add_chartsheet("Biểu đồ").set_chart(chart)
    writer.close()
    reading = read(file, valid_tax_code=mst.is_valid)
    assert [sheet.name for sheet in reading.sheets] == ["HTX"]
    assert len(reading.cooperatives) == 1


@pytest.mark.parametrize("dimension", [b"A1", b"A1:XFD1048576"])
def test_a_wrong_dimension_does_not_disturb(dimension: bytes) -> None:
    plain = stream(book([HEADER, ROW]))
    sheet = zipfile.ZipFile(plain).read("xl/worksheets/sheet1.xml")
    wrong = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + dimension + b'"', sheet)
    reading = read(repacked(plain, **{"xl/worksheets/sheet1.xml": wrong}), valid_tax_code=mst.is_valid)
    assert len(reading.cooperatives) == 1


def test_a_stray_cell_in_the_last_row_of_excel() -> None:
    workbook_ = book([HEADER, ROW])
    workbook_.active["B1048576"] = " "
    workbook_.active["C1048575"] = "x"
    (sheet,) = open_workbook(stream(workbook_))
    assert [row.number for row in sheet.rows] == [1, 2, 1048575]


def test_too_many_rows_and_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 20)
    with pytest.raises(Refusal, match=r"50\.000 rows"):
        open_workbook(stream(book([HEADER, *[ROW] * 25])))
    with pytest.raises(Refusal, match="100 columns"):
        open_workbook(stream(book([["x"] * 120])))


def test_merges_beyond_measure_are_refused() -> None:
    workbook_ = Workbook()
    for number in range(1, 5003):
        workbook_.active.merge_cells(start_row=number, end_row=number, start_column=1, end_column=2)
    workbook_.active["A1"] = "x"
    with pytest.raises(Refusal, match="merged"):
        open_workbook(stream(workbook_))


def test_a_value_merged_over_rows_stands_in_each() -> None:
    (sheet,) = open_workbook(stream(book([["a", 1], [None, 2], [None, 3]], merges=["A1:A3"])))
    assert [row.values for row in sheet.rows] == [("a", 1), ("a", 2), ("a", 3)]
