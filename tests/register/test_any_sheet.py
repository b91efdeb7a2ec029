"""Whatever stands in a sheet, and whatever happened to a file on its way: it is read or refused, never a crash."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.vn import mst

from marketplace.kernel.errors import Refusal
from marketplace.register.grid import Broken, Merge, Row, Sheet
from marketplace.register.sheets import read_sheets
from marketplace.register.workbook import open_workbook
from tests.register.office import HEADER, SAMPLE

WORDS = [
    *HEADER,
    "Tên sản phẩm",
    "Chủ thể",
    "Số sao",
    "Đợt",
    "Số QĐ",
    "Ngày",
    "Nhóm",
    "NLN",
    "XD",
    "x",
    "I",
    "II.",
    "Tổng cộng",
    "Nông nghiệp",
    "Xã Mường Cang",
    "HTX Mẫu",
    "Người lập biểu",
    "Đã giải thể",
    "4 sao",
    "5/6/2019",
    "1,2 tỷ",
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.integers(-10, 50_000),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.builds(Broken, st.sampled_from(["", "#N/A"])),
)
MERGES = st.builds(
    lambda top, left, height, width: Merge(top, left, top + height, left + width),
    *[st.integers(1, 8), st.integers(1, 8), st.integers(0, 3), st.integers(0, 8)],
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=9), min_size=1, max_size=12), st.lists(MERGES, max_size=4))
def test_any_sheet_is_read(rows: list[list[object]], merges: list[Merge]) -> None:
    sheet = Sheet("S", tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, 1)), tuple(merges))  # type: ignore[arg-type]
    reading = read_sheets([sheet], mst.is_valid)
    for failure in reading.failures:
        assert str(failure.message)
        assert failure.row


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=6))
def test_any_rows_below_a_header_are_read(rows: list[list[object]]) -> None:
    lines = [Row(number, tuple(cells)) for number, cells in enumerate([HEADER, *rows], 1)]  # type: ignore[arg-type]
    reading = read_sheets([Sheet("HTX", tuple(lines))], mst.is_valid)
    read = {row.row for row in reading.cooperatives}
    failed = {failure.row for failure in reading.failures}
    assert not read & failed


@pytest.mark.parametrize("seed", range(40))
def test_a_file_damaged_on_its_way_is_read_or_refused(seed: int) -> None:
    with open(SAMPLE, "rb") as file:
        data = bytearray(file.read())
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(4, len(data))] = chance.randrange(256)
    try:
        sheets = open_workbook(io.BytesIO(bytes(data)))
    except Refusal as refusal:
        text = str(refusal.message)
    else:
        text = str(read_sheets(sheets, mst.is_valid).sheets)
    assert text
