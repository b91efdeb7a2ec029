"""The summary says in plain words what the terms say, is part of the text, and is the PDF's first and only such page."""

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.clauses.documents import SUMMARY, SUMMARY_NOTE
from marketplace.clauses.drafting import contract_text
from marketplace.clauses.summary import summary
from marketplace.clauses.terms import ContractKind, Terms
from marketplace.clauses.text import fingerprint
from marketplace.kernel.prices import PriceKind
from tests.clauses.examples import BUYER, RICE, SELLER, TERMS, document, with_goods
from tests.clauses.test_documents import drawn, layer, tight

LONG = "Ỹ" * 200


def said(terms: Terms = TERMS, **options: object) -> dict[str, str]:
    """Answers by their questions."""
    lines = summary(terms, [SELLER, BUYER], {"force_majeure"}, **options)
    return {line.label: line.text for line in lines}


def test_what_a_farmer_asks_is_answered_in_order() -> None:
    assert said() == {
        "Ai bán, ai mua": "Hợp tác xã Nông nghiệp Bản Thử (Bên A, bên bán) bán cho Công ty TNHH Thực phẩm Minh Họa "
        "(Bên B, bên mua).",
        "Bán gì, bao nhiêu": "Gạo Séng Cù: 20.000 kg.",
        "Giao khi nào, ở đâu": "Giao từ tháng 10/2026 đến tháng 11/2026. Nơi giao: kho của Bên A. Bên mua chở hàng và "
        "chịu tiền chở.",
        "Giá bao nhiêu": "Gạo Séng Cù: 25.000 đồng/kg, giá không đổi.\nVí dụ: giao 100 kg Gạo Séng Cù được 2.500.000 "
        "đồng.",
        "Bao giờ có tiền": "Bên mua trả bằng chuyển khoản, trong 15 ngày sau khi nhận hàng. Bên mua ứng trước "
        "120.000.000 đồng, sau trừ dần vào tiền hàng. Bên mua ứng trước vật tư, dịch vụ: giống lúa; sau trừ vào tiền "
        "hàng.",
        "Trả tiền chậm thì sao": "Bên mua phải trả thêm tiền lãi cho số tiền và số ngày trả chậm.",
        "Mất mùa, thiên tai thì sao": "Báo ngay cho bên kia, xin xác nhận của xã nếu có. Phần hàng không giao được vì "
        "thiên tai, dịch bệnh thì không bị coi là làm sai; hai bên bàn lại thời gian và số lượng.",
        "Một bên làm sai thì sao": "Bên làm sai, dù là bên nào, bị phạt 8% giá trị phần làm sai, và đền thiệt hại thật "
        "đã gây ra cho bên kia.",
        "Hợp đồng đến bao giờ": "Hợp đồng có hiệu lực từ ngày 05/01/2026 đến hết ngày 31/12/2028.",
        "Muốn dừng thì làm thế nào": "Báo trước cho bên kia; hai bên cùng ký giấy thỏa thuận chấm dứt và trả lại hoặc "
        "trừ hết phần đã ứng. Tự ý bỏ giữa chừng thì có thể phải đền.",
        "Chưa rõ thì hỏi ai": "Hỏi lại bên kia, hoặc cán bộ kinh tế của xã, trước khi ký. Chưa hiểu chỗ nào thì chưa "
        "ký.",
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price_kind": PriceKind.FLOOR}, "theo giá thị trường, ít nhất 25.000 đồng/kg"),
        (
            {"price_kind": PriceKind.FLOOR_SHARE, "percent": Decimal(50)},
            "ít nhất 25.000 đồng/kg; giá thị trường cao hơn thì bên bán được thêm 50% phần cao hơn",
        ),
        (
            {"price_kind": PriceKind.CEILING, "percent": Decimal(-5), "most": 30_000},
            "theo giá thị trường trừ đi 5%, ít nhất 25.000 đồng/kg, nhiều nhất 30.000 đồng/kg",
        ),
        ({"price_kind": PriceKind.NEGOTIABLE}, "chưa chốt giá"),
        ({"price": None}, "chưa chốt giá"),
    ],
)
def test_each_kind_of_price_in_words(change: dict[str, object], words: str) -> None:
    assert words in said(with_goods(replace(RICE, **change)))["Giá bao nhiêu"]


def test_what_is_not_agreed_is_said_to_be_open() -> None:
    bare = said(
        replace(TERMS, payment_days=None, penalty_percent=None, ends_on=None, goods=(), transport=None, place="")
    )
    assert "chưa ghi số ngày" in bare["Bao giờ có tiền"]
    assert bare["Một bên làm sai thì sao"].startswith("Không ghi tiền phạt.")
    assert "chưa ghi ngày kết thúc" in bare["Hợp đồng đến bao giờ"]
    assert bare["Bán gì, bao nhiêu"] == "Chưa ghi hàng hóa."
    assert "None" not in str(bare)
    without = {line.label: line.text for line in summary(TERMS, [SELLER, BUYER], ())}
    assert without["Mất mùa, thiên tai thì sao"].startswith("Hợp đồng không có điều nào về việc này.")


def test_checking_and_selling_elsewhere_are_told_where_the_text_has_them() -> None:
    keys = {"quality", "seller_duties"}
    lines = {line.label: line.text for line in summary(replace(TERMS, deduction="theo cân"), [SELLER, BUYER], keys)}
    assert lines["Cân, kiểm hàng thế nào"].endswith("bên mua có quyền không nhận. Trừ độ ẩm, tạp chất: theo cân.")
    assert "được bán nơi khác" in lines["Bán cho người khác được không"]
    sale = {line.label for line in summary(replace(TERMS, kind=ContractKind.SALE), [SELLER, BUYER], keys)}
    assert "Bán cho người khác được không" not in sale
    assert not {"Cân, kiểm hàng thế nào", "Bán cho người khác được không"} & set(said())


def test_the_example_is_of_a_price_that_follows_the_market_where_there_is_one() -> None:
    tea = replace(RICE, name="Chè", price_kind=PriceKind.FLOOR, price=90_000, schedule={}, quantity=Decimal(50))
    told = said(with_goods(RICE, tea))["Giá bao nhiêu"]
    assert told.endswith("Ví dụ: khi giá thị trường là 110.000 đồng/kg, giao 1 kg Chè được 110.000 đồng.")


def test_paid_at_once_and_in_one_month() -> None:
    at_once = said(replace(TERMS, payment_days=0))["Bao giờ có tiền"]
    assert at_once.startswith("Bên mua trả bằng chuyển khoản, ngay khi nhận hàng.")
    october = replace(RICE, schedule={date(2026, 10, 1): Decimal(20000)})
    assert said(with_goods(october))["Giao khi nào, ở đâu"].startswith("Giao trong tháng 10/2026.")


@pytest.mark.parametrize("kind", [ContractKind.FRAMEWORK, ContractKind.MEMORANDUM])
def test_papers_that_oblige_nobody_say_so_first(kind: ContractKind) -> None:
    assert said(replace(TERMS, kind=kind))["Có bắt buộc mua bán không"].startswith("Không.")


def test_it_is_part_of_the_text_and_of_its_fingerprint() -> None:
    text = document()
    assert next(line["label"] for line in text["summary"]) == "Ai bán, ai mua"
    assert fingerprint({**text, "summary": []}) != fingerprint(text)


def test_it_is_the_first_page_and_says_what_decides() -> None:
    text = document(seller=replace(SELLER, name=unicodedata.normalize("NFD", "Hợp tác xã Bùi Thị Ỷ, Đặng Ỵ 25.000 ₫")))
    pages = [" ".join(page.extract_text().split()) for page in drawn(text).pages]
    assert pages[0].startswith(SUMMARY)
    assert SUMMARY_NOTE in pages[0]
    assert tight("Hợp tác xã Bùi Thị Ỷ, Đặng Ỵ 25.000 ₫ (Bên A, bên bán)") in tight(pages[0])
    for line in text["summary"]:
        assert tight(line["text"]) in tight(pages[0])
    assert pages[1].startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")


@pytest.mark.parametrize("name", ["Hợp tác xã " + "rất dài " * 24, "W" * 200, LONG])
@pytest.mark.parametrize("lines", [1, 300])
def test_it_stays_on_one_page(name: str, lines: int) -> None:
    goods = [
        replace(
            RICE,
            name=f"{n}{name}"[:200],
            market=name,
            schedule={},
            price_kind=PriceKind.FLOOR_SHARE,
            percent=Decimal(50),
        )
        for n in range(lines)
    ]
    terms = replace(with_goods(*goods), place=name, advance_inputs=name * 10, deposit=10**12)
    sides = [replace(side, name=name) for side in (SELLER, BUYER) for _number in range(4)]
    text = contract_text(terms, sides, number="12/2026/HĐLK").document()
    first, second = (" ".join(page.extract_text().split()) for page in drawn(text).pages[:2])
    assert "Chưa hiểu chỗ nào thì chưa ký." in first
    assert second.startswith("CỘNG HÒA XÃ HỘI")
    assert ("Và 295 mặt hàng nữa, xem bảng hàng hóa." in first) == (lines == 300)


def test_a_text_from_before_there_were_summaries_is_still_drawn() -> None:
    old = {key: value for key, value in document().items() if key != "summary"}
    assert layer(drawn(old)).startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
