"""Golden tests: each shipped template, printed, says the sentences by which it is known, in every hard letter."""

import io
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader

from marketplace.clauses.documents import render_pdf
from marketplace.clauses.drafting import contract_text
from marketplace.clauses.example import example
from marketplace.clauses.seeds import ORDER, seeds
from marketplace.clauses.terms import ContractKind, Venue
from tests.clauses.examples import ISSUED
from tests.clauses.reading import plain_text

SAID = {
    "offtake": (
        "HỢP ĐỒNG BAO TIÊU NÔNG SẢN",
        "Bên B cam kết mua toàn bộ sản phẩm đạt tiêu chuẩn",
        "Trước mỗi vụ ít nhất 30 ngày",
        "Kết thúc mỗi vụ, hai bên đối chiếu",
        "Nghị định số 98/2018/NĐ-CP ngày 05 tháng 7 năm 2018",
        "ưu tiên chào bán cho Bên B",
    ),
    "production": (
        "HỢP ĐỒNG LIÊN KẾT SẢN XUẤT VÀ TIÊU THỤ SẢN PHẨM",
        "Bên B cung ứng, ứng trước cho Bên A: giống lúa, phân bón.",
        "120.000.000 đồng (bằng chữ: Một trăm hai mươi triệu đồng)",
        "không cao hơn giá bán lẻ cùng loại tại địa phương",
        "bàn giao quy trình kỹ thuật bằng văn bản trước khi xuống giống",
        "không tính lãi trên phần được lùi",
    ),
    "inputs": (
        "HỢP ĐỒNG CUNG ỨNG VẬT TƯ NÔNG NGHIỆP",
        "BÊN A (BÊN CUNG ỨNG): Công ty TNHH Ví Dụ",
        "BÊN B (BÊN MUA VẬT TƯ): Hợp tác xã Nông nghiệp Ví Dụ",
        "được phép lưu hành, còn hạn sử dụng",
        "Bên A bồi thường thiệt hại do vật tư kém chất lượng gây ra",
        "Phân bón NPK 16-16-8",
    ),
    "goods_sale": (
        "HỢP ĐỒNG MUA BÁN HÀNG HÓA",
        "Bên A bán và Bên B mua hàng hóa theo bảng sau:",
        "nhãn hàng hóa bằng tiếng Việt",
        "hai phần ba hạn sử dụng",
        "không được gắn cho sản phẩm khác",
    ),
    "framework": (
        "HỢP ĐỒNG NGUYÊN TẮC",
        "không tự làm phát sinh nghĩa vụ giao hàng, nhận hàng hoặc thanh toán",
        "không có giá trị ràng buộc",
        "Nguyên tắc xác định giá",
    ),
    "memorandum": (
        "BIÊN BẢN GHI NHỚ HỢP TÁC",
        "không phải là hợp đồng mua bán",
        "Biên bản được lập thành 04 bản có giá trị pháp lý như nhau, mỗi bên giữ 02 bản.",
    ),
}
BINDING = (
    "(không vượt mức 8% quy định tại Điều 301 Luật Thương mại)",
    "(Điều 306 Luật Thương mại)",
    "(Điều 156 Bộ luật Dân sự)",
    "Tòa án nhân dân có thẩm quyền",
    "phụ lục là một phần của hợp đồng (Điều 403 Bộ luật Dân sự)",
)


def text_of(code: str, **changes: object) -> dict:
    """A template written out with the example's terms, all optional clauses standing."""
    seed = seeds()[code]
    scene = example(ContractKind(seed["kind"]), ISSUED.date(), code)
    every = {"chosen": {clause["key"]: True for clause in seed["body"]["clauses"]}}
    terms = replace(scene.terms, **changes)
    return contract_text(terms, scene.parties, number="12/2026", body=seed["body"], wording=every).document()


def printed(text: dict) -> str:
    """The text layer of its PDF, on one line."""
    pages = PdfReader(io.BytesIO(render_pdf(text, issued_at=ISSUED))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("code", ORDER)
def test_a_printed_template_says_what_it_is_known_by(code: str) -> None:
    layer = printed(text_of(code)).replace(" / ", "/")
    tight = "".join(layer.split())
    binding = seeds()[code]["kind"] in ("linkage", "sale")
    for sentence in (*SAID[code], *(BINDING if binding else ())):
        assert "".join(sentence.split()) in tight, sentence
    for name in ("Bùi Thị Ỷ", "Đặng Ỵ"):
        assert name in layer


FIELDS = {
    "season": "vụ Xuân 2027",
    "place": "kho bản Ỷ Tý",
    "packaging": "bao tải hai lớp",
    "inspection": "cân từng bao tại kho",
    "deduction": "trừ theo máy đo",
    "advance_inputs": "giống lúa thuần",
    "advance_amount": 12_345_000,
    "deposit": 6_789_000,
    "tolerance": Decimal("3.5"),
    "penalty_percent": Decimal("7.5"),
    "payment_days": 21,
    "venue": Venue.ARBITRATION,
    "arbitration": "Trung tâm Trọng tài Ví Dụ",
    "signing_place": "xã Bản Thử",
    "copies": 6,
    "extra": "Họp mỗi tháng một lần",
}


@pytest.mark.parametrize("code", ["offtake", "production", "inputs", "goods_sale", "framework"])
def test_every_field_that_is_filled_in_stands_in_the_text(code: str) -> None:
    text = plain_text(text_of(code, **FIELDS))
    expected = [str(value) for value in FIELDS.values() if isinstance(value, str) and not isinstance(value, Venue)]
    expected += ["12.345.000 đồng (bằng chữ:", "6.789.000 đồng (bằng chữ:", "± 3,5%", "7,5%", "trong vòng 21 ngày"]
    expected += ["06 bản", "đã bao gồm thuế giá trị gia tăng", "Giấy ủy quyền: số 00/GUQ", "Mã số thuế: 0090000019"]
    expected += ["Tài khoản: 000000000", "Điện thoại: 09xx", "Chức vụ: Giám đốc", "phải có người của hai bên"]
    expected += ["có hiệu lực từ ngày 05 tháng 01 năm 2026 đến hết ngày"]
    missing = [each for each in expected if each not in text]
    assert missing == []


@pytest.mark.parametrize("code", ORDER)
def test_a_template_reads_the_same_however_the_letters_were_typed(code: str) -> None:
    place = "kho bản Ỷ Tý – giá 25.000 ₫"
    composed = text_of(code, place=place, extra=place)
    decomposed = text_of(code, place=unicodedata.normalize("NFD", place), extra=unicodedata.normalize("NFD", place))
    assert composed == decomposed
    assert "25.000 ₫" in printed(composed)
    assert unicodedata.is_normalized("NFC", plain_text(composed))


@pytest.mark.parametrize("code", ["offtake", "inputs"])
def test_three_hundred_lines_and_very_long_names_are_printed(code: str) -> None:
    long = "Sản phẩm rất dài " * 11 + "hết tên"
    seed = seeds()[code]
    line = example(ContractKind(seed["kind"]), ISSUED.date(), code).terms.goods[0]
    goods = tuple(replace(line, name=f"{long} {n}", quantity=Decimal(n), schedule={}) for n in range(1, 301))
    layer = "".join(printed(text_of(code, goods=goods)).split())
    assert all(f"hếttên{n}" in layer for n in (1, 150, 300))


@pytest.mark.parametrize("code", ORDER)
def test_with_nothing_filled_in_the_blanks_are_dots_and_no_sentence_breaks(code: str) -> None:
    seed = seeds()[code]
    kind = ContractKind(seed["kind"])
    scene = example(kind, ISSUED.date(), code)
    empty = type(scene.terms)(kind=kind)
    parties = [replace(party, address="", representative="", position="", phone="", bank="") for party in scene.parties]
    text = plain_text(contract_text(empty, parties, number="", body=seed["body"]).document())
    assert "Địa chỉ: ………" in text
    for broken in ("None", ": .", " ,", "{", "}", "  ", ":."):
        assert broken not in text, broken
