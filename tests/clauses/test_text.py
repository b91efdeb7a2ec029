"""What a contract says for given terms, word for word where it matters."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.clauses.drafting import contract_text, party_labels
from marketplace.clauses.linkages import linkage
from marketplace.clauses.terms import ContractKind, Goods, Stage
from marketplace.clauses.text import canonical, fingerprint, short
from marketplace.kernel.errors import Refusal
from marketplace.kernel.prices import PriceKind
from marketplace.offers.rules import LinkageForm
from tests.clauses.examples import BUYER, RICE, SELLER, TERMS, document, with_goods
from tests.clauses.reading import plain_text


def words(**changes: object) -> str:
    """The plain text of the example with some terms changed."""
    return plain_text(document(replace(TERMS, **changes)))


def test_everything_that_was_agreed_stands_in_the_text() -> None:
    text = words()
    for expected in (
        "Hợp đồng liên kết sản xuất và tiêu thụ sản phẩm",
        "Số: 12/2026/HĐLK",
        "Nghị định số 98/2018/NĐ-CP",
        "Bên A (Bên bán): Hợp tác xã Nông nghiệp Bản Thử",
        "Mã số thuế: 0090000026",
        "Người đại diện: Đặng Ỵ",
        "Giấy ủy quyền: số 05/GUQ ngày 02/01/2026",
        "(hình thức thứ 4 tại Điều 4 Nghị định số 98/2018/NĐ-CP)",
        "vụ Mùa 2026; 206 hộ tham gia; diện tích 45,5 ha.",
        "Tổng giá trị hợp đồng: 500.000.000 đồng (bằng chữ: Năm trăm triệu đồng).",
        "10/2026 | Gạo Séng Cù | kg | 12.000",
        "trong vòng 15 ngày",
        "Giá trị ứng trước: 120.000.000 đồng (bằng chữ: Một trăm hai mươi triệu đồng).",
        "chịu phạt 8% giá trị phần nghĩa vụ hợp đồng bị vi phạm",
        "từ ngày 05 tháng 01 năm 2026 đến hết ngày 31 tháng 12 năm 2028.",
        "04 bản có giá trị pháp lý như nhau, mỗi bên giữ 02 bản.",
    ):
        assert expected in text, expected


def test_numbers_of_clauses_and_sentences_run_without_gaps() -> None:
    for kind in ContractKind:
        clauses = document(replace(TERMS, kind=kind))["clauses"]
        assert [clause["number"] for clause in clauses] == [f"Điều {n}" for n in range(1, len(clauses) + 1)]
        for position, clause in enumerate(clauses, start=1):
            numbers = [paragraph["number"] for paragraph in clause["paragraphs"]]
            assert numbers in ([""], [f"{position}.{part}." for part in range(1, len(numbers) + 1)])


def test_every_clause_has_a_key_of_its_own() -> None:
    for kind in ContractKind:
        keys = [clause["key"] for clause in document(replace(TERMS, kind=kind))["clauses"]]
        assert all(keys)
        assert len(set(keys)) == len(keys)
    assert [clause["key"] for clause in document()["clauses"]][:3] == ["form", "goods", "advance"]


def test_nothing_is_said_that_was_not_agreed() -> None:
    text = words(
        penalty_percent=None, advance_inputs="", advance_amount=None, deposit=None, households=None, ends_on=None
    )
    for absent in ("chịu phạt", "ứng trước", "Đặt cọc", "hộ tham gia", "đến hết", "None"):
        assert absent not in text, absent


@pytest.mark.parametrize(
    ("kind", "price", "sentence", "total"),
    [
        (PriceKind.FIXED, 25000, "là giá cố định", "Tổng giá trị hợp đồng: 500.000.000 đồng"),
        (PriceKind.FLOOR, 25000, "không thấp hơn giá sàn", "Giá trị hợp đồng tạm tính: 500.000.000 đồng"),
        (PriceKind.NEGOTIABLE, 25000, "thỏa thuận bằng văn bản", "Giá trị hợp đồng tạm tính: 500.000.000 đồng"),
        (PriceKind.NEGOTIABLE, None, "thỏa thuận bằng văn bản", "chưa xác định"),
    ],
)
def test_an_open_price_makes_the_total_an_estimate(
    kind: PriceKind, price: int | None, sentence: str, total: str
) -> None:
    text = plain_text(document(with_goods(replace(RICE, price_kind=kind, price=price))))
    assert sentence in text
    assert total in text


def test_a_memorandum_and_a_framework_oblige_nobody_to_deliver() -> None:
    memorandum = words(kind=ContractKind.MEMORANDUM)
    assert "không phải là hợp đồng mua bán" in memorandum
    assert "chịu phạt" not in memorandum
    assert "Luật Thương mại" not in memorandum
    framework = words(kind=ContractKind.FRAMEWORK)
    assert "không tự làm phát sinh nghĩa vụ" in framework
    assert "10/2026" not in framework
    assert "Tổng cộng (dự kiến): 500.000.000" in framework


def test_the_law_and_arithmetic_are_kept() -> None:
    with pytest.raises(Refusal, match="8 per cent"):
        document(replace(TERMS, penalty_percent=Decimal("8.01")))
    with pytest.raises(Refusal, match="end after"):
        document(replace(TERMS, ends_on=date(2026, 1, 5)))
    with pytest.raises(Refusal, match="months add up"):
        document(with_goods(replace(RICE, quantity=Decimal(20001))))


def test_each_form_of_linkage_has_its_number_and_stages() -> None:
    numbers = [linkage(form).number for form in LinkageForm]
    assert numbers == [1, 2, 3, 4, 5, 6, 7]
    letters = {Stage.INPUTS: "V", Stage.PRODUCTION: "S", Stage.HARVEST: "H", Stage.PROCESSING: "C", Stage.SALE: "T"}
    stages = ["".join(letters[stage] for stage in Stage if stage in linkage(form).stages) for form in LinkageForm]
    assert stages == ["VSHCT", "VT", "SHT", "VSHT", "SHCT", "VCT", "CT"]


def test_several_sellers_are_a1_and_a2() -> None:
    second = replace(SELLER, name="Tổ hợp tác Bản Khác", has_seal=False)
    assert party_labels([SELLER, second, BUYER]) == ["Bên A1", "Bên A2", "Bên B"]
    text = contract_text(TERMS, [BUYER, SELLER, second], number="1").document()
    assert [party["label"] for party in text["parties"]] == ["Bên A1 (Bên bán)", "Bên A2 (Bên bán)", "Bên B (Bên mua)"]
    assert [block["note"] for block in text["signatures"]][1] == "(Ký, ghi rõ họ tên)"
    assert "mỗi bên giữ ít nhất 01 bản" in plain_text(text)


def test_typed_ends_and_lines_become_sentences() -> None:
    text = words(
        packaging="bao 25 kg.;", extra="Họp 06 tháng một lần.\n\n  Hỗ trợ tem  truy xuất", inspection="cân\nđiện tử"
    )
    assert "Quy cách đóng gói, bảo quản: bao 25 kg.\n" in text
    assert "Họp 06 tháng một lần.\n" in text
    assert "Hỗ trợ tem truy xuất.\n" in text
    assert "Kiểm tra, nghiệm thu: cân điện tử." in text


def test_the_same_content_has_the_same_fingerprint_however_it_was_typed() -> None:
    decomposed = replace(SELLER, representative="Bu\u0300i Thi\u0323 Y\u0309\u200b\u202e")
    assert document(seller=decomposed) == document()
    assert fingerprint(document(seller=decomposed)) == fingerprint(document())
    assert fingerprint(document(seller=replace(SELLER, representative="Bùi Thị Y"))) != fingerprint(document())
    assert "Bùi Thị Ỷ".encode() in canonical(document())
    assert short("0123456789abcdef" * 4) == "0123 4567 89AB CDEF"


def test_goods_without_price_or_quantity_leave_the_total_open() -> None:
    text = plain_text(document(with_goods(Goods("Mắc ca", "kg"), RICE)))
    assert "1 | Mắc ca | kg | chưa xác định | theo thỏa thuận | chưa xác định" in text
    assert "Giá trị hợp đồng tạm tính: 500.000.000 đồng" in text


@pytest.mark.parametrize("typed", ["Giấy ủy quyền số 05/GUQ", "giấy uỷ quyền: số 05/GUQ", "số 05/GUQ"])
def test_a_power_of_attorney_is_called_so_once(typed: str) -> None:
    text = plain_text(document(buyer=replace(BUYER, authority=typed)))
    assert "Giấy ủy quyền: số 05/GUQ\n" in text
