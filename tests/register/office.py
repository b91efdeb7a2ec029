"""Workbooks as offices send them, made for tests: a table of rows, written the way Excel would."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from stdnum.vn import mst

from marketplace.register.reading import read
from marketplace.register.sheets import Reading

SAMPLE = "tests/register/samples/so_theo_doi_htx_than_uyen_2023.xlsx"
HEADER = ["STT", "Tên HTX", "Mã số thuế", "Địa chỉ", "Ngày thành lập", "Ngày giải thể", "Ghi chú"]


def book(rows: Iterable[Sequence[Any]], title: str = "HTX", merges: Iterable[str] = ()) -> Workbook:
    """A workbook of one sheet."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    return workbook


def stream(workbook: Workbook) -> io.BytesIO:
    """The workbook as an uploaded file."""
    file = io.BytesIO()
    workbook.save(file)
    file.seek(0)
    return file


def read_rows(rows: Iterable[Sequence[Any]], title: str = "HTX", merges: Iterable[str] = ()) -> Reading:
    """What the reader says of such a sheet."""
    return read(stream(book(rows, title, merges)), valid_tax_code=mst.is_valid)


def reasons(reading: Reading) -> list[tuple[int | None, str, str]]:
    """Row, column and sentence of every failure."""
    return [(failure.row, failure.column, str(failure.message)) for failure in reading.failures]


def repacked(file: io.BytesIO, **parts: bytes) -> io.BytesIO:
    """The same archive with parts replaced or added ("__" stands for "/")."""
    changed = {name.replace("__", "/"): content for name, content in parts.items()}
    result = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, changed.pop(name, None) or source.read(name))
        for name, content in changed.items():
            target.writestr(name, content)
    result.seek(0)
    return result
