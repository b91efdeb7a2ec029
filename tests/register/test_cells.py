"""Cells of every kind, as officials write them; each refusal says what to do."""

import unicodedata
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.vn import mst

from marketplace.kernel.errors import Refusal
from marketplace.organisations.rules import RegisterStatus, Sector
from marketplace.register import cells, meanings, names
from marketplace.register.cells import Dated
from marketplace.register.grid import Broken
from marketplace.register.meanings import Round


@pytest.mark.parametrize(
    ("value", "day", "precision"),
    [
        (datetime(2017, 9, 10), date(2017, 9, 10), "day"),
        ("15/12/2012", date(2012, 12, 15), "day"),
        (" 5/1/2019 ", date(2019, 1, 5), "day"),
        ("05-01-2019", date(2019, 1, 5), "day"),
        ("05.01.2019", date(2019, 1, 5), "day"),
        ("ngày 16 tháng 6 năm 2022", date(2022, 6, 16), "day"),
        ("2022-06-16", date(2022, 6, 16), "day"),
        (43831, date(2020, 1, 1), "day"),
        (43831.0, date(2020, 1, 1), "day"),
        ("43831", date(2020, 1, 1), "day"),
        (2019, date(2019, 12, 31), "year"),
        (2019.0, date(2019, 12, 31), "year"),
        ("2019", date(2019, 12, 31), "year"),
        ("năm 2019", date(2019, 12, 31), "year"),
        ("Năm 2019", date(2019, 12, 31), "year"),
        ("5/2019", date(2019, 5, 31), "month"),
        ("02/2020", date(2020, 2, 29), "month"),
        ("tháng 12 năm 2019", date(2019, 12, 31), "month"),
        ("T12/2019", date(2019, 12, 31), "month"),
    ],
)
def test_dates(value: object, day: date, precision: str) -> None:
    assert cells.dated(value) == Dated(day, precision)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        "31/02/2020",
        "12/25/2020",
        "15/12/12",
        "hôm qua",
        "0",
        0,
        3.5,
        True,
        time(8, 30),
        "32/1/2020",
        "1/13/2020",
        "13/2020",
        datetime(1905, 5, 5),
        "15/12/1212",
        1019,
        "năm 1019",
    ],
)
def test_dates_refused(value: object) -> None:
    with pytest.raises(Refusal) as refusal:
        cells.dated(value)  # type: ignore[arg-type]
    assert any(word in str(refusal.value) for word in ("Write", "check", "Correct", "Check"))


@pytest.mark.parametrize(
    ("value", "unit", "amount"),
    [
        (500000000, 1, 500_000_000),
        ("1.200.000.000", 1, 1_200_000_000),
        ("1.200.000.000 đồng", 1, 1_200_000_000),
        ("1,2 tỷ", 1, 1_200_000_000),
        ("1,2 tỉ", None, 1_200_000_000),
        ("500 triệu", 1, 500_000_000),
        ("500 trđ", None, 500_000_000),
        ("500tr.đ", None, 500_000_000),
        ("1.200", 1_000_000, 1_200_000_000),
        ("1,2", 1_000_000_000, 1_200_000_000),
        (1200, 1_000_000, 1_200_000_000),
        (1.5, 1_000_000, 1_500_000),
        (800_000, 1_000, 800_000_000),
        (0, 1, None),
        ("3 tỷ", 1_000_000, 3_000_000_000),
    ],
)
def test_money(value: object, unit: int | None, amount: int | None) -> None:
    assert cells.money(value, unit) == amount  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [1200, "1.200", -5_000_000, "năm trăm triệu", 10**16, "1.2.3", "tỷ", datetime(2020, 1, 1)]
)
def test_money_refused(value: object) -> None:
    with pytest.raises(Refusal):
        cells.money(value, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "count"), [(7, 7), ("07", 7), ("05 thành viên", 5), ("1.234", 1234), (12.0, 12), ("9 TV", 9)]
)
def test_counts(value: object, count: int) -> None:
    assert cells.whole(value) == count  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [7.5, "bảy", -3, "7,5", True, "7 con"])
def test_counts_refused(value: object) -> None:
    with pytest.raises(Refusal):
        cells.whole(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        ("0926626844", "+84926626844"),
        (926626844, "+84926626844"),
        (926626844.0, "+84926626844"),
        ("926 626 844", "+84926626844"),
        ("0926.626.844", "+84926626844"),
        ("84926626844", "+84926626844"),
        ("+84 926 626 844", "+84926626844"),
        ("0213 3 878 436", "+842133878436"),
        (2133878436, "+842133878436"),
        ("0926626844; 0938309482", "+84926626844"),
        ("0926626844/0938309482", "+84926626844"),
        ("1900 1234", "+8419001234"),
    ],
)
def test_phones(value: object, phone: str) -> None:
    assert cells.phone(value) == phone  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["không nhớ", "12", 12, "09266268441234", "0126626844"])
def test_phones_refused(value: object) -> None:
    with pytest.raises(Refusal):
        cells.phone(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("0100109106", "0100109106"),
        (100109106, "0100109106"),
        (100109106.0, "0100109106"),
        ("0100 109 106", "0100109106"),
        ("0314409058-002", "0314409058002"),
        (314409058002, "0314409058002"),
        ("'0100233488", "0100233488"),
    ],
)
def test_tax_codes(value: object, code: str) -> None:
    assert cells.tax_code(value, mst.is_valid) == code  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["0100233480", "12345", "23.07.F.000012", 12345, "٠١٠٠١٠٩١٠٦", "012345678901"])
def test_tax_codes_refused(value: object) -> None:
    with pytest.raises(Refusal, match="tax code"):
        cells.tax_code(value, mst.is_valid)  # type: ignore[arg-type]


def test_a_personal_number_only_for_a_household() -> None:
    assert cells.tax_code("012345678901", mst.is_valid, personal=True) == "012345678901"


@pytest.mark.parametrize(
    ("value", "stars"), [("4 sao", 4), (4, 4), (4.0, 4), ("4*", 4), ("★★★★", 4), ("***", 3), ("Hạng 3 sao", 3)]
)
def test_stars(value: object, stars: int) -> None:
    assert meanings.stars(value) == stars  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [6, 0, "đạt", "3-4 sao", "★★★★★★", 3.5])
def test_stars_refused(value: object) -> None:
    with pytest.raises(Refusal, match="stars"):
        meanings.stars(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "score"), [("79,1", "79.1"), (52.9, "52.9"), ("79.1", "79.1"), ("80 điểm", "80"), (100, "100")]
)
def test_scores(value: object, score: str) -> None:
    assert cells.score(value) == Decimal(score)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [101, -1, "cao", "7,9,1"])
def test_scores_refused(value: object) -> None:
    with pytest.raises(Refusal):
        cells.score(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "number", "year"),
    [
        ("Đợt 2 năm 2022", 2, 2022),
        ("đợt 1/2023", 1, 2023),
        ("Đợt II-2023", 2, 2023),
        ("1/2023", 1, 2023),
        (datetime(2023, 1, 1), 1, 2023),
        (2022, None, 2022),
        ("năm 2022", None, 2022),
        ("Đợt 01 năm 2024", 1, 2024),
    ],
)
def test_rounds(value: object, number: int | None, year: int) -> None:
    assert meanings.round_of(value) == Round(year, number)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["Đợt 1", "đầu năm", datetime(2023, 9, 15), "Đợt 1 năm 1923"])
def test_rounds_refused(value: object) -> None:
    with pytest.raises(Refusal, match="round"):
        meanings.round_of(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind", "folded", "detail"),
    [
        ("Xã Mường Cang", "xã", "muong cang", ""),
        ("x. Mường Cang", "xã", "muong cang", ""),
        ("x.Mường Cang", "xã", "muong cang", ""),
        ("TT Than Uyên", "thị trấn", "than uyen", ""),
        ("Tt. Than Uyên", "thị trấn", "than uyen", ""),
        ("Thị trấn Than Uyên", "thị trấn", "than uyen", ""),
        ("Mường Cang", None, "muong cang", ""),
        ("Bản Khoang, xã Mường Mít, huyện Than Uyên, tỉnh Lai Châu", "xã", "muong mit", "Bản Khoang"),
        ("Bản Khoang xã Mường Mít", "xã", "muong mit", "Bản Khoang"),
        ("Số 5, khu 3 - TT Than Uyên - H. Than Uyên", "thị trấn", "than uyen", "Số 5, khu 3"),
        ("P. Tân Phong", "phường", "tan phong", ""),
        (unicodedata.normalize("NFD", "Xã Hua Nà"), "xã", "hua na", ""),
    ],
)
def test_communes(text: str, kind: str | None, folded: str, detail: str) -> None:
    found = meanings.commune(text)
    assert (found.type, found.folded, found.detail) == (kind, folded, detail)


OLD = {("thị trấn", "than uyen"), ("xã", "muong than"), ("xã", "muong cang")}
NEW = {("xã", "than uyen"), ("xã", "muong than")}


@pytest.mark.parametrize(
    ("written", "latest", "era"),
    [
        ({("xã", "muong cang"), ("xã", "muong than")}, date(2026, 1, 1), "old"),
        ({("xã", "than uyen"), ("xã", "muong than")}, date(2023, 1, 1), "new"),
        ({("thị trấn", "than uyen")}, None, "old"),
        ({(None, "than uyen"), ("xã", "muong than")}, date(2023, 9, 30), "old"),
        ({("xã", "muong than")}, date(2025, 7, 1), "new"),
        ({("xã", "than uyen"), ("xã", "muong cang")}, date(2024, 7, 1), "old"),
    ],
)
def test_the_era_of_a_file_is_told_by_names_that_only_one_era_has(
    written: set[names.Named], latest: date | None, era: str
) -> None:
    assert names.era_of(written, OLD, NEW, latest) == era


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("NLN", Sector.NLN),
        ("Nông, lâm, ngư nghiệp", Sector.NLN),
        ("Nông - Lâm - Thủy sản", Sector.NLN),
        ("I. Nông nghiệp (35 HTX)", Sector.NLN),
        ("Dịch vụ nông nghiệp", Sector.NLN),
        ("CN-TTCN", Sector.CN_TTCN),
        ("Công nghiệp và tiểu thủ công nghiệp", Sector.CN_TTCN),
        ("TM&DV", Sector.TM_DV),
        ("Thương mại - dịch vụ", Sector.TM_DV),
        ("Lĩnh vực xây dựng: 07", Sector.XD),
        ("Vận tải", Sector.VT),
        ("Dịch vụ du lịch", Sector.DL),
        ("Sản xuất nông nghiệp", Sector.NLN),
    ],
)
def test_sectors(text: str, sector: Sector) -> None:
    assert meanings.sector(text) is sector


@pytest.mark.parametrize("text", ["Tín dụng", "Nông nghiệp, xây dựng", "HTX", "..."])
def test_sectors_refused(text: str) -> None:
    with pytest.raises(Refusal, match="six sectors"):
        meanings.sector(text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Đang hoạt động", RegisterStatus.ACTIVE),
        ("Tạm ngừng hoạt động", RegisterStatus.PAUSED),
        ("Ngừng hoạt động chờ giải thể", RegisterStatus.STOPPED),
        ("Đang giải thể", RegisterStatus.DISSOLVING),
        ("Đã giải thể", RegisterStatus.DISSOLVED),
        ("Không hoạt động", RegisterStatus.STOPPED),
        ("Bị thu hồi GCN", RegisterStatus.REVOKED),
    ],
)
def test_statuses(text: str, status: RegisterStatus) -> None:
    assert meanings.status(text) is status


@pytest.mark.parametrize(
    "parse", [cells.dated, cells.whole, cells.phone, cells.text, meanings.stars, meanings.round_of]
)
def test_excel_errors_and_formulas_without_result(parse: object) -> None:
    with pytest.raises(Refusal, match="#REF!"):
        parse(Broken("#REF!"))  # type: ignore[operator]
    with pytest.raises(Refusal, match="no stored result"):
        parse(Broken())  # type: ignore[operator]


ANYTHING = st.one_of(
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)


@given(ANYTHING)
def test_any_value_parses_or_is_refused_with_a_sentence(value: object) -> None:
    parsers = (
        cells.dated, cells.number, cells.whole, cells.score, cells.phone, meanings.stars, meanings.round_of, meanings.commune,
        meanings.sector, meanings.status, meanings.group, lambda v: cells.money(v, None), lambda v: cells.tax_code(v, mst.is_valid),
    )  # fmt: skip
    for parse in parsers:
        with suppress(Refusal):
            parse(value)  # type: ignore[arg-type]
