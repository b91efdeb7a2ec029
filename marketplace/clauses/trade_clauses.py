"""Clauses about the goods: what, how good, for how much, when and where, and how it is paid.

Document words, never translated; clauses.py says why.
"""

from marketplace.clauses.goods_tables import goods_table, schedule_table
from marketplace.clauses.terms import ContractKind, Linkage, PaymentMethod, Side, Terms
from marketplace.clauses.wording import Draft, Sentence, ended, money_words, percent, quantity
from marketplace.kernel.prices import PriceKind


def sale_goods(terms: Terms) -> Draft:
    """What is sold, how much, for how much."""
    sentences: list[Sentence] = [("Bên A bán và Bên B mua hàng hóa theo bảng sau:", goods_table(terms))]
    return Draft("goods", "Hàng hóa, số lượng và giá trị", sentences + value(terms))


def linkage_form(terms: Terms) -> Draft:
    """In which form the parties work together and how large it is."""
    linkage = terms.linkage or Linkage(label="liên kết sản xuất gắn với tiêu thụ sản phẩm")
    law = f" (hình thức thứ {linkage.number} tại Điều 4 Nghị định số 98/2018/NĐ-CP)" if linkage.number else ""
    sentences: list[Sentence] = [f"Hai bên tự nguyện hợp tác theo hình thức: {linkage.label}{law}."]
    scale = [terms.season] if terms.season else []
    scale += [f"{quantity(terms.households)} hộ tham gia"] if terms.households else []
    scale += [f"diện tích {quantity(terms.area_ha)} ha"] if terms.area_ha else []
    scale += [f"sản lượng dự kiến {terms.expected_output}"] if terms.expected_output else []
    if scale:
        sentences.append(f"Quy mô liên kết: {ended('; '.join(scale))}")
    if linkage.lead:
        sentences.append(f"Chủ trì liên kết: {ended(linkage.lead)}")
    return Draft("form", "Hình thức và quy mô liên kết", sentences)


def linkage_goods(terms: Terms) -> Draft:
    """What the linkage brings to the market."""
    lead = "Bên A tổ chức sản xuất và bán, Bên B mua và tiêu thụ sản phẩm theo bảng sau:"
    return Draft("goods", "Sản phẩm, số lượng và giá trị", [(lead, goods_table(terms)), *value(terms)])


def value(terms: Terms) -> list[Sentence]:
    """The sum in words, and how far the delivered quantity may differ."""
    sentences: list[Sentence] = []
    if terms.total is not None:
        name = "Giá trị hợp đồng tạm tính" if terms.total_is_estimate else "Tổng giá trị hợp đồng"
        sentences.append(f"{name}: {money_words(terms.total)}.")
    if terms.total_is_estimate:
        sentences.append("Giá trị thanh toán được xác định theo số lượng thực giao và giá áp dụng cho từng đợt.")
    if terms.tolerance is not None:
        sentences.append(
            f"Số lượng thực giao được chênh lệch trong phạm vi ± {percent(terms.tolerance)} so với số lượng trong "
            "bảng, trừ mặt hàng có ghi mức riêng."
        )
    return sentences


def intended_goods(terms: Terms) -> Draft:
    """What a framework or memorandum is about; figures are expectations."""
    names = "; ".join(dict.fromkeys(line.name for line in terms.goods)) or "các sản phẩm hai bên thống nhất"
    sentences: list[Sentence] = [f"Sản phẩm hợp tác: {names}."]
    if any(line.quantity is not None for line in terms.goods):
        sentences.append(("Số lượng và giá dự kiến (không có giá trị ràng buộc) như sau:", goods_table(terms)))
    sentences.append("Số lượng, giá, thời gian và địa điểm giao nhận được ghi trong từng hợp đồng mua bán cụ thể.")
    return Draft("goods", "Sản phẩm hợp tác", sentences)


def quality(terms: Terms) -> Draft:
    """Standard, packaging and acceptance."""
    where = "hai bên thống nhất" if terms.kind is ContractKind.FRAMEWORK else "ghi trong bảng"
    sentences: list[Sentence] = [
        f"Hàng hóa đúng giống, quy cách và tiêu chuẩn {where}; có nguồn gốc rõ ràng, bảo đảm an toàn thực phẩm "
        "theo quy định của pháp luật."
    ]
    if terms.packaging:
        sentences.append(f"Quy cách đóng gói, bảo quản: {ended(terms.packaging)}")
    sentences.append(
        f"Kiểm tra, nghiệm thu: {ended(terms.inspection)}"
        if terms.inspection
        else "Hai bên cùng cân, đo, kiểm tra chất lượng tại nơi giao hàng và ký phiếu giao nhận cho từng đợt."
    )
    sentences.append(
        "Hàng không đạt tiêu chuẩn thì Bên B lập biên bản ngay khi nhận và có quyền không nhận phần hàng đó, "
        "hoặc hai bên thỏa thuận giá theo chất lượng thực tế."
    )
    return Draft("quality", "Chất lượng, đóng gói và nghiệm thu", sentences)


def price(terms: Terms) -> Draft:
    """How each line's price is known."""
    kinds = {line.price_kind for line in terms.goods}
    only = len(kinds) == 1
    sentences: list[Sentence] = []
    if PriceKind.FIXED in kinds:
        subject = "Đơn giá trong bảng" if only else "Đơn giá của mặt hàng không có ghi chú"
        sentences.append(f"{subject} là giá cố định trong suốt thời hạn hợp đồng.")
    if PriceKind.FLOOR in kinds:
        subject = "Đơn giá trong bảng là giá sàn:" if only else "Đối với mặt hàng ghi giá sàn:"
        sentences.append(
            f"{subject} Bên B mua theo giá thị trường tại thời điểm giao hàng nhưng không thấp hơn giá sàn."
        )
    if PriceKind.NEGOTIABLE in kinds:
        subject = "Giá" if only else "Giá của mặt hàng chưa ghi đơn giá cố định hoặc giá sàn"
        sentences.append(
            f"{subject} do hai bên thỏa thuận bằng văn bản trước mỗi đợt giao hàng, căn cứ giá thị trường của hàng "
            "cùng loại, cùng chất lượng tại địa phương vào thời điểm đó."
        )
    sentences.append("Thuế và hóa đơn, chứng từ thực hiện theo quy định của pháp luật.")
    return Draft("price", "Giá", sentences)


def delivery(terms: Terms) -> Draft:
    """When, where, and who carries."""
    # A framework's months are expectations as its quantities are; single contracts will name them.
    table = None if terms.kind is ContractKind.FRAMEWORK else schedule_table(terms)
    sentences: list[Sentence] = [
        ("Thời gian và số lượng giao từng tháng:", table)
        if table
        else "Thời gian và số lượng từng đợt giao do hai bên thống nhất trước khi giao hàng."
    ]
    sentences.append(f"Địa điểm giao nhận: {ended(terms.place or 'do hai bên thống nhất trước mỗi đợt giao')}")
    if terms.transport:
        who = "Bên A" if terms.transport is Side.SELLER else "Bên B"
        sentences.append(f"Vận chuyển: {who} chịu trách nhiệm và chi phí vận chuyển.")
    sentences.append(
        "Bên A báo trước cho Bên B thời gian và số lượng mỗi đợt; rủi ro về hàng hóa chuyển sang Bên B khi hai bên ký "
        "phiếu giao nhận."
    )
    return Draft("delivery", "Giao nhận hàng hóa", sentences)


METHODS = {
    PaymentMethod.TRANSFER: "chuyển khoản vào tài khoản của Bên A",
    PaymentMethod.CASH: "tiền mặt",
    PaymentMethod.EITHER: "chuyển khoản hoặc tiền mặt",
}


def payment(terms: Terms) -> Draft:
    """How and when the buyer pays, and what an advance or deposit does."""
    when = "ngay khi nhận đủ hàng và chứng từ của đợt giao"
    if terms.payment_days:
        when = f"trong vòng {terms.payment_days:02d} ngày kể từ ngày nhận đủ hàng và chứng từ của đợt giao"
    sentences: list[Sentence] = [
        f"Hình thức thanh toán: {METHODS[terms.payment_method]}.",
        f"Thời hạn thanh toán: {when}.",
    ]
    if terms.deposit:
        sentences.append(
            f"Đặt cọc: Bên B đặt cọc cho Bên A {money_words(terms.deposit)}; tiền cọc được trừ vào tiền hàng, việc "
            "xử lý tiền cọc khi một bên không thực hiện hợp đồng theo quy định của Bộ luật Dân sự."
        )
    sentences.append(
        "Bên B chậm thanh toán thì trả thêm tiền lãi trên số tiền chậm trả theo lãi suất nợ quá hạn trung bình trên "
        "thị trường tại thời điểm thanh toán, tương ứng với thời gian chậm trả."
    )
    return Draft("payment", "Thanh toán", sentences)


def advance(terms: Terms) -> Draft:
    """Inputs, services or money that the buyer supplies beforehand."""
    sentences: list[Sentence] = []
    if terms.advance_inputs:
        sentences.append(f"Bên B cung ứng, ứng trước cho Bên A: {ended(terms.advance_inputs)}")
    if terms.advance_amount:
        sentences.append(f"Giá trị ứng trước: {money_words(terms.advance_amount)}.")
    if sentences:
        sentences.append(
            "Vật tư, dịch vụ và tiền ứng trước được giao nhận có chứng từ, đúng chủng loại, chất lượng; giá trị đã ứng "
            "trước được trừ dần vào tiền hàng khi thanh toán."
        )
    return Draft("advance", "Ứng trước vật tư, dịch vụ, vốn", sentences)
