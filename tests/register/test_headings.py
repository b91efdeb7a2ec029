"""Headings are understood by their words, wherever they stand and however they are abbreviated."""

import unicodedata

import pytest

from marketplace.register import headings
from marketplace.register.grid import Merge, Row, Sheet
from tests.register.office import read_rows, reasons


def meaning(kind: str, *parts: str) -> str | None:
    found = headings.meanings(parts, kind)
    return found[0][1] if found else None


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("STT", "order"), ("TT", "order"), ("Số TT", "order"),
        ("Tên hợp tác xã", "name"), ("Tên HTX", "name"), ("HTX", "name"), ("TÊN TỔ HỢP TÁC", "name"), ("Tên đơn vị", "name"),
        ("Tên viết tắt", "short_name"),
        ("Mã số thuế", "tax_code"), ("MST", "tax_code"), ("Mã số HTX/Mã số thuế", "tax_code"), ("Mã số doanh nghiệp", "tax_code"),
        ("Số GPKD", "registration_no"), ("GCN ĐKHTX", "registration_no"), ("Số giấy chứng nhận ĐKKD", "registration_no"),
        ("Địa chỉ (xã, thị trấn)", "address"), ("Trụ sở", "address"), ("Đ/c", "address"),
        ("Xã", "commune"), ("Xã, thị trấn", "commune"), ("Xã, TT", "commune"), ("Xã/phường", "commune"),
        ("Ngày thành lập", "founded"), ("Năm TL", "founded"), ("Ngày cấp GCN", "founded"), ("Ngày, tháng, năm thành lập", "founded"),
        ("Thành viên", "members"), ("Số TV", "members"), ("Số lượng xã viên", "members"), ("Tổng số thành viên", "members"),
        ("Vốn điều lệ (tr.đ)", "capital"), ("VĐL", "capital"), ("Vốn ĐL", "capital"), ("Vốn điều lệ (đồng)", "capital"),
        ("Vốn hoạt động", None),
        ("Người đại diện", "representative"), ("Giám đốc", "representative"), ("Họ tên người đại diện theo pháp luật", "representative"),
        ("Chủ tịch HĐQT", "representative"), ("Họ tên GĐ HTX", "representative"), ("Ngày đăng ký thay đổi", None), ("Chức vụ", "title"),
        ("Điện thoại", "phone"), ("SĐT", "phone"), ("ĐT", "phone"), ("Điện thoại giám đốc", "phone"), ("Số ĐT liên hệ", "phone"),
        ("Email", "email"), ("Địa chỉ email", "email"),
        ("Ngày giải thể", "ended"), ("Năm giải thể", "ended"),
        ("Ngành", "sector"), ("Lĩnh vực hoạt động", "sector"), ("Ngành nghề KD", "sector"),
        ("Tình trạng hoạt động", "status"), ("Trạng thái", "status"), ("Ghi chú", "note"), ("Loại hình", "kind"),
        ("Doanh thu", None), ("Số lao động", None),
    ],
)  # fmt: skip
def test_headings_of_cooperatives(heading: str, name: str | None) -> None:
    assert meaning("cooperatives", heading) == name
    assert meaning("cooperatives", unicodedata.normalize("NFD", heading)) == name
    assert meaning("cooperatives", heading.upper()) == name


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Tên sản phẩm", "product"), ("Sản phẩm", "product"), ("Tên sản phẩm OCOP", "product"),
        ("Chủ thể", "owner"), ("Tên chủ thể", "owner"), ("Chủ thể sản xuất", "owner"), ("Cơ sở sản xuất", "owner"),
        ("Tên chủ thể sản phẩm", "owner"), ("Loại hình chủ thể", "kind"), ("Địa chỉ chủ thể", "address"),
        ("Nhóm sản phẩm", "group"), ("Ngành hàng", "group"), ("Phân nhóm", "subgroup"),
        ("Đơn vị", "unit"), ("Số QĐ, ngày tháng năm công nhận", "decision_no"), ("Tên HTX/DN/Hộ", "owner"),
        ("ĐVT", "unit"), ("Đơn vị tính", "unit"),
        ("Số sao", "stars"), ("Hạng sao", "stars"), ("Xếp hạng", "stars"), ("Kết quả phân hạng", "stars"),
        ("Điểm", "score"), ("Tổng điểm", "score"),
        ("Số Quyết định", "decision_no"), ("Số QĐ", "decision_no"), ("Quyết định công nhận", "decision_no"),
        ("Số, ngày quyết định", "decision_no"),
        ("Ngày công nhận", "decided_on"), ("Ngày QĐ", "decided_on"), ("Ngày cấp giấy chứng nhận", "decided_on"),
        ("Ngày hết hạn", "expires_on"), ("Thời hạn", "expires_on"), ("Đợt đánh giá", "round"), ("Đợt", "round"),
    ],
)  # fmt: skip
def test_headings_of_ocop(heading: str, name: str) -> None:
    assert meaning("ocop", heading) == name


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Người đại diện", "Họ và tên"), "representative"),
        (("Người đại diện", "Điện thoại"), "phone"),
        (("Người đại diện", "Chức vụ"), "title"),
        (("Giấy chứng nhận ĐKHTX", "Số"), "registration_no"),
        (("Giấy chứng nhận ĐKHTX", "Ngày cấp"), "founded"),
        (("Thành viên", "Tổng số"), "members"),
    ],
)
def test_two_rows_of_headings(parts: tuple[str, str], name: str) -> None:
    assert meaning("cooperatives", *parts) == name


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Quyết định", "Số"), "decision_no"),
        (("Quyết định", "Ngày"), "decided_on"),
        (("Kết quả", "Điểm"), "score"),
        (("Kết quả", "Hạng"), "stars"),
    ],
)
def test_two_rows_of_ocop_headings(parts: tuple[str, str], name: str) -> None:
    assert meaning("ocop", *parts) == name


def test_three_rows_of_headings() -> None:
    reading = read_rows(
        [
            ["Danh sách HTX", None, None, None, None, None, None],
            ["TT", "Thông tin chung", None, None, None, "Vốn điều lệ (triệu đồng)", "Người đại diện"],
            [None, "Tên HTX", "Xã", "Giấy chứng nhận ĐKKD", None, None, None],
            [None, None, None, "Số", "Ngày cấp", None, None],
            [1, "HTX Mẫu Một", "Xã Mường Cang", "23.07.F.000012", "5/6/2019", 500, "Lò Văn Mẫu"],
        ],
        merges=["A1:G1", "A2:A4", "B2:E2", "B3:B4", "C3:C4", "D3:E3", "F2:F4", "G2:G4"],
    )
    assert reading.failures == []
    (row,) = reading.cooperatives
    assert reading.sheets[0].header == (2, 4)
    assert (row.registration_no, row.founded.day.isoformat(), row.capital) == (
        "23.07.F.000012",
        "2019-06-05",
        500_000_000,
    )


def test_a_missing_column_is_named_with_the_remedy() -> None:
    reading = read_rows(
        [["STT", "Tên HTX", "Địa chỉ", "Vốn điều lệ (đồng)"], [1, "HTX Mẫu", "Xã Mường Cang", 500_000_000]]
    )
    assert reading.cooperatives == []
    assert reasons(reading) == [(1, "", "There is no column for the founding date. Add one, or rename its heading.")]


def test_two_columns_of_one_meaning_are_both_named() -> None:
    reading = read_rows(
        [
            ["Tên HTX", "Xã", "Năm thành lập", "Điện thoại", "Điện thoại"],
            ["HTX Mẫu", "Xã Mường Cang", 2019, "0926626844", None],
        ]
    )
    assert reasons(reading) == [(1, "E", "Columns D and E seem to mean the same. Rename or delete one of them.")]


def test_the_more_explicit_heading_wins_and_the_other_is_reported_unread() -> None:
    reading = read_rows(
        [
            ["Tên HTX", "Xã", "Ngày thành lập", "Ngày cấp", "Doanh thu"],
            ["HTX Mẫu", "Xã Mường Cang", 2019, "5/6/2020", 7],
        ]
    )
    assert reading.cooperatives[0].founded.day.year == 2019
    assert reading.sheets[0].unread == ["Ngày cấp", "Doanh thu"]


def test_a_sheet_about_something_else_is_reported() -> None:
    reading = read_rows([["Ngày", "Nội dung", "Số tiền"], ["5/6/2019", "Mua văn phòng phẩm", 50_000]])
    assert [(sheet.name, sheet.kind) for sheet in reading.sheets] == [("HTX", "unknown")]
    assert reading.cooperatives == []
    assert reading.products == []


def test_sectors_as_ticked_columns() -> None:
    reading = read_rows(
        [
            ["TT", "Tên HTX", "Xã", "Năm TL", "Lĩnh vực", None, None],
            [None, None, None, None, "NLN", "XD", "TM-DV"],
            [1, "HTX Mẫu Một", "Xã Mường Cang", 2019, "x", None, None],
            [2, "HTX Mẫu Hai", "Xã Mường Cang", 2019, None, None, "X"],
            [3, "HTX Mẫu Ba", "Xã Mường Cang", 2019, "x", "x", None],
        ],
        merges=["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:G1"],
    )
    assert [row.sector for row in reading.cooperatives] == ["NLN", "TM_DV"]
    assert reasons(reading) == [(5, "B", "More than one sector is ticked. Leave the main one only.")]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Vốn (đồng)", 1),
        ("Vốn (nghìn đồng)", 1000),
        ("Vốn (tr.đ)", 10**6),
        ("Vốn (trđ)", 10**6),
        ("Vốn (triệu đồng)", 10**6),
        ("Vốn", None),
    ],
)
def test_units_of_money(text: str, unit: int | None) -> None:
    assert headings.money_unit(text) == unit


def test_the_unit_may_stand_above_the_table() -> None:
    rows = (
        Row(1, ("", "", "Đơn vị tính: triệu đồng")),
        Row(3, ("Tên HTX", "Xã", "Năm TL", "Vốn điều lệ")),
        Row(4, ("HTX Mẫu", "Xã Mường Cang", 2019, 500)),
    )
    header = headings.find(Sheet("HTX", rows))
    assert header is not None
    assert header.unit == 1_000_000


def test_titles_merged_over_the_table_are_not_headings() -> None:
    rows = (
        Row(1, ("Tên sổ: hợp tác xã",)),
        Row(2, ("TT", "Tên HTX", "Xã", "Năm TL", "Doanh thu")),
        Row(3, (1, "HTX Mẫu", "Xã Mường Cang", 2019, 7)),
    )
    header = headings.find(Sheet("HTX", rows, (Merge(1, 1, 1, 5),)))
    assert header is not None
    assert (header.first, header.last, header.unread) == (2, 2, ["Doanh thu"])
