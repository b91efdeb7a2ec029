"""Another office's files: other words, other order, other habits."""

import unicodedata

import pytest

from marketplace.organisations.rules import Kind, RegisterStatus, Sector
from tests.register.office import HEADER, read_rows, reasons


def row(
    number: object, name: object, commune: object = "Xã Mường Cang", founded: object = 2019, **more: object
) -> list[object]:
    return [number, name, more.get("code"), commune, founded, more.get("ended"), more.get("note")]


def test_other_order_other_words_abbreviations() -> None:
    reading = read_rows(
        [
            ["PHÒNG NÔNG NGHIỆP"],
            ["BIỂU TỔNG HỢP HTX, THT"],
            ["Ngành", "Giám đốc", "SĐT", "VĐL (tr.đ)", "Số TV", "Năm TL", "Đ/c", "MST", "Đơn vị", "TT", "Tình trạng"],
            [
                "NLN",
                "Lò Văn Mẫu",
                926626844,
                500,
                "07",
                2019,
                "x. Mường Cang",
                90000019,
                "HTX NN Mẫu Một",
                1,
                "Đang hoạt động",
            ],
            [
                "TM-DV",
                "Lò Thị Mẫu",
                "0926 626 845",
                "1.200",
                15.0,
                "5/2020",
                "TT Than Uyên",
                None,
                "THT Mẫu Hai",
                2,
                None,
            ],
            ["DL", None, "-", None, None, "năm 2021", "Tt. Than Uyên", None, "LHHTX Mẫu Ba", 3, "Tạm ngừng"],
        ]
    )
    assert reading.failures == []
    first, second, third = reading.cooperatives
    assert (first.name, first.kind, first.sector) == ("HTX NN Mẫu Một", Kind.HTX, Sector.NLN)
    assert (first.tax_code, first.phone, first.capital, first.members) == ("0090000019", "+84926626844", 500_000_000, 7)
    assert (first.founded.day.isoformat(), first.founded.precision) == ("2019-12-31", "year")
    assert (first.representative, first.status) == ("Lò Văn Mẫu", RegisterStatus.ACTIVE)
    assert (second.kind, second.capital, second.founded.precision) == (Kind.THT, 1_200_000_000, "month")
    assert (second.commune.type, second.commune.folded) == ("thị trấn", "than uyen")
    assert (third.kind, third.status, third.phone) == (Kind.LHHTX, RegisterStatus.PAUSED, None)


def test_decomposed_unicode_and_stray_spaces() -> None:
    rows = [
        HEADER,
        row(1, "  HTX nông nghiệp Mẫu   Một \xa0", "Xã Mường Cang "),
        row(2, "HTX Mẫu Hai", "Thị trấn Than Uyên"),
    ]
    loose = [[unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in line] for line in rows]
    reading = read_rows(loose)
    assert reading.failures == []
    assert [found.name for found in reading.cooperatives] == ["HTX nông nghiệp Mẫu Một", "HTX Mẫu Hai"]
    assert reading.cooperatives[0].commune.text == "Xã Mường Cang"


def test_one_cooperative_written_twice() -> None:
    reading = read_rows(
        [
            HEADER,
            row(1, "HTX nông nghiệp Mẫu Một"),
            row(2, "Hợp tác xã NN Mẫu Một", "x. Mường Cang"),
            row(3, "HTX nông nghiệp Mẫu Một", "Xã Mường Kim"),
            row(4, "HTX Mẫu Hai", code="0090000019"),
            row(5, "HTX Mẫu Hai đổi tên", "Xã Hua Nà", code=90000019),
            row(6, "HTX thương mại dịch vụ Mẫu", code="0090000026"),
            row(7, "HTX TM và DV Mẫu", code="0090000033"),
        ]
    )
    assert reasons(reading) == [
        (3, "", "Already written in row 2 of sheet “HTX”. Delete one of the two rows."),
        (6, "", "Already written in row 5 of sheet “HTX”. Delete one of the two rows."),
    ]
    assert len(reading.cooperatives) == 5


def test_every_bad_cell_is_named_and_its_row_is_not_imported() -> None:
    reading = read_rows(
        [
            HEADER,
            row(1, "HTX Mẫu Một", code="0090000018"),
            row(2, "HTX Mẫu Hai", founded="31/02/2020"),
            row(3, None),
            row(4, "HTX Mẫu Bốn", commune=None, founded=None),
            row(5, "Mẫu Năm", founded="hôm qua"),
            row(6, "HTX Mẫu Sáu"),
        ]
    )
    assert [(failure.row, failure.column, failure.heading) for failure in reading.failures] == [
        (2, "C", "Mã số thuế"),
        (3, "E", "Ngày thành lập"),
        (4, "B", "Tên HTX"),
        (5, "D", "Địa chỉ"),
        (5, "E", "Ngày thành lập"),
        (6, "E", "Ngày thành lập"),
    ]
    assert [found.name for found in reading.cooperatives] == ["HTX Mẫu Sáu"]
    assert reading.failures[1].value == "31/02/2020"
    assert reading.texts["HTX", 3][:2] == ["2", "HTX Mẫu Hai"]


def test_dissolution_by_column_by_remark_and_without_a_day() -> None:
    reading = read_rows(
        [
            HEADER,
            row(1, "HTX Mẫu Một", ended="01/6/2020", note="Đã giải thể"),
            row(2, "HTX Mẫu Hai", note="Đã giải thể ngày 5/6/2021"),
            row(3, "HTX Mẫu Ba", ended=2022),
            row(4, "HTX Mẫu Bốn", note="Đã giải thể"),
            row(5, "HTX Mẫu Năm", ended="1/1/2018", note="Đã giải thể"),
            row(6, "HTX Mẫu Sáu", note="Sáp nhập vào HTX Mẫu Một năm 2021"),
            row(7, "HTX Mẫu Bảy", note="Hoạt động tốt"),
            row(8, "HTX Mẫu Tám", note="Chờ giải thể"),
        ]
    )
    assert [
        (found.row, found.status, found.ended and found.ended.day.isoformat()) for found in reading.cooperatives
    ] == [
        (2, RegisterStatus.DISSOLVED, "2020-06-01"),
        (3, RegisterStatus.DISSOLVED, "2021-06-05"),
        (4, RegisterStatus.DISSOLVED, "2022-12-31"),
        (7, RegisterStatus.CONVERTED, "2021-12-31"),
        (8, None, None),
        (9, RegisterStatus.STOPPED, None),
    ]
    assert [(failure.row, failure.column) for failure in reading.failures] == [(5, "F"), (6, "F")]
    assert "without a date" in str(reading.failures[0].message)
    assert "before it was founded" in str(reading.failures[1].message)


def test_sections_totals_signatures_and_remarks() -> None:
    reading = read_rows(
        [
            HEADER,
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
            ["I", "Nông, lâm, ngư nghiệp (02 HTX)", None, None, None, None, None],
            row(1, "HTX Mẫu Một"),
            row(2, "HTX Mẫu Hai"),
            [None, "Cộng", None, None, None, None, 2],
            ["II. Vận tải"],
            row(3, "HTX Mẫu Ba"),
            [],
            ["III", "Tín dụng", None, None],
            row(4, "HTX Mẫu Bốn"),
            ["B", "TỔ HỢP TÁC"],
            row(5, "Mẫu Năm"),
            ["Tổng cộng: 5 HTX, THT"],
            [None, None, None, "Than Uyên, ngày 30 tháng 9 năm 2023"],
            ["Người lập biểu", None, None, "CHỦ TỊCH"],
            [],
            ["Lò Văn Mẫu", None, None, "Hà Thị Mẫu"],
        ]
    )
    assert [(found.name, found.sector, found.kind) for found in reading.cooperatives] == [
        ("HTX Mẫu Một", Sector.NLN, Kind.HTX),
        ("HTX Mẫu Hai", Sector.NLN, Kind.HTX),
        ("HTX Mẫu Ba", Sector.VT, Kind.HTX),
        ("HTX Mẫu Bốn", None, Kind.HTX),
        ("Mẫu Năm", None, Kind.THT),
    ]
    assert [(failure.row, str(failure.value)) for failure in reading.failures] == [(10, "III Tín dụng")]
    assert [number for number, _text in reading.sheets[0].skipped] == [15, 16, 18]


def test_sections_by_commune_stand_in_for_the_address() -> None:
    reading = read_rows(
        [
            ["TT", "Tên HTX", "Năm TL", "Ngành"],
            ["I", "Xã Mường Cang", None, None],
            [1, "HTX Mẫu Một", 2019, "Nông nghiệp"],
            ["II", "TT Than Uyên", None, None],
            [1, "HTX Mẫu Hai", 2020, "Dịch vụ"],
        ]
    )
    assert reading.failures == []
    assert [(found.commune.folded, found.sector) for found in reading.cooperatives] == [
        ("muong cang", Sector.NLN),
        ("than uyen", Sector.TM_DV),
    ]


def test_the_header_repeated_on_a_second_page_is_no_cooperative() -> None:
    reading = read_rows([HEADER, row(1, "HTX Mẫu Một"), HEADER, row(2, "HTX Mẫu Hai")])
    assert reading.failures == []
    assert len(reading.cooperatives) == 2


def test_a_capital_in_millions_and_one_that_cannot_be_meant() -> None:
    lines = [[1, "HTX Mẫu Một", "Xã Mường Cang", 2019, 1200], [2, "HTX Mẫu Hai", "Xã Mường Cang", 2019, "2 tỷ"]]
    millions = read_rows([["TT", "Tên HTX", "Xã", "Năm TL", "Vốn điều lệ (triệu đồng)"], *lines])
    assert [found.capital for found in millions.cooperatives] == [1_200_000_000, 2_000_000_000]
    unstated = read_rows([["TT", "Tên HTX", "Xã", "Năm TL", "Vốn điều lệ"], *lines])
    assert [(failure.row, failure.column) for failure in unstated.failures] == [(2, "E")]
    assert "unit" in str(unstated.failures[0].message)


def test_an_ocop_list_with_merged_owners_and_a_decision_in_one_cell() -> None:
    reading = read_rows(
        [
            ["DANH SÁCH SẢN PHẨM OCOP"],
            [
                "TT",
                "Chủ thể",
                "Tên sản phẩm",
                "Phân hạng",
                "Số, ngày quyết định",
                "Ngành hàng",
                "ĐVT",
                "Hết hạn",
                "Địa chỉ",
            ],
            [
                1,
                "Cty TNHH Mẫu",
                "Chè Mẫu",
                "★★★",
                "Số 12/QĐ-UBND ngày 13/3/2022",
                "Đồ uống",
                "Hộp",
                "36 tháng",
                "x. Hua Nà",
            ],
            [2, None, "Rượu Mẫu", "4 sao", "13/QĐ-UBND ngày 14/3/2022", "Đồ uống", "chai", "13/3/2025", None],
            [3, "Hộ ông Lò Văn Mẫu", "Thịt sấy Mẫu", 3, "14/QĐ-UBND", "Thực phẩm", "bọc", None, None],
            [4, "HTX Mẫu", "Thổ cẩm Mẫu", None, None, "Vải và may mặc", "bộ", None, None],
        ],
        title="Sheet1",
        merges=["B3:B4", "I3:I4"],
    )
    assert [(found.product, found.owner, found.owner_kind) for found in reading.products] == [
        ("Chè Mẫu", "Cty TNHH Mẫu", Kind.COMPANY),
        ("Rượu Mẫu", "Cty TNHH Mẫu", Kind.COMPANY),
    ]
    first, second = reading.products
    assert (first.stars, first.decision_no, first.decided and first.decided.day.isoformat()) == (
        3,
        "12/QĐ-UBND",
        "2022-03-13",
    )
    assert (first.expires, second.expires and second.expires.isoformat()) == (None, "2025-03-13")
    assert (first.measure, second.measure, second.commune and second.commune.folded) == ("hop", "chai", "hua na")
    assert [(failure.row, failure.column, str(failure.message).split(".")[0]) for failure in reading.failures] == [
        (5, "E", "A product with stars needs the date of its decision"),
        (6, "D", "A product without stars needs its round of evaluation"),
    ]


@pytest.mark.parametrize("name", ["HTX Cộng Đồng Mẫu", "HTX Tổng hợp Mẫu", "HTX Du lịch Mẫu", "HTX Vận tải"])
def test_names_that_look_like_other_lines_are_read(name: str) -> None:
    reading = read_rows([HEADER, row(1, name), row(None, f"{name} Hai")])
    assert reading.failures == []
    assert [found.name for found in reading.cooperatives] == [name, f"{name} Hai"]
