"""The clauses of a contract, written from its terms.

The sentences here are the contract's own words and not the interface's: a contract between Vietnamese parties is in
Vietnamese whatever language its reader chose, and a frozen text may not change with a translation. So they are plain
Vietnamese and not msgids.
"""

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.contracts.goods_tables import goods_table, schedule_table
from marketplace.contracts.terms import ContractKind, Linkage, PaymentMethod, Side, Stage, Terms
from marketplace.contracts.text import Clause, Paragraph, Table
from marketplace.contracts.wording import copies_kept, date_words, ended, money_words, percent, quantity
from marketplace.kernel.prices import PriceKind

Sentence = str | tuple[str, Table | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A clause before it has its number; without sentences it is left out."""

    title: str
    sentences: list[Sentence]


def clauses(terms: Terms, parties: int = 2) -> tuple[Clause, ...]:
    """All clauses of this kind of document, numbered."""
    drafts = [write(terms) for write in CLAUSES[terms.kind]]
    drafts.append(effect(terms, parties))
    written = [draft for draft in drafts if draft.sentences]
    return tuple(numbered(position, draft) for position, draft in enumerate(written, start=1))


def numbered(position: int, draft: Draft) -> Clause:
    """A clause with its number and, where it has several sentences, theirs."""
    paragraphs = []
    for part, sentence in enumerate(draft.sentences, start=1):
        text, table = sentence if isinstance(sentence, tuple) else (sentence, None)
        paragraphs.append(Paragraph(f"{position}.{part}." if len(draft.sentences) > 1 else "", text, table))
    return Clause(f"Điều {position}", draft.title, tuple(paragraphs))


def sale_goods(terms: Terms) -> Draft:
    """What is sold, how much, for how much."""
    sentences: list[Sentence] = [("Bên A bán và Bên B mua hàng hóa theo bảng sau:", goods_table(terms))]
    return Draft("Hàng hóa, số lượng và giá trị", sentences + value(terms))


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
    return Draft("Hình thức và quy mô liên kết", sentences)


def linkage_goods(terms: Terms) -> Draft:
    """What the linkage brings to the market."""
    lead = "Bên A tổ chức sản xuất và bán, Bên B mua và tiêu thụ sản phẩm theo bảng sau:"
    return Draft("Sản phẩm, số lượng và giá trị", [(lead, goods_table(terms)), *value(terms)])


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
    return Draft("Sản phẩm hợp tác", sentences)


def quality(terms: Terms) -> Draft:
    """Standard, packaging and acceptance."""
    sentences: list[Sentence] = [
        "Hàng hóa đúng giống, quy cách và tiêu chuẩn ghi trong bảng; có nguồn gốc rõ ràng, bảo đảm an toàn thực phẩm "
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
    return Draft("Chất lượng, đóng gói và nghiệm thu", sentences)


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
    return Draft("Giá", sentences)


def delivery(terms: Terms) -> Draft:
    """When, where, and who carries."""
    table = schedule_table(terms)
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
    return Draft("Giao nhận hàng hóa", sentences)


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
    return Draft("Thanh toán", sentences)


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
    return Draft("Ứng trước vật tư, dịch vụ, vốn", sentences)


def seller_duties(terms: Terms) -> Draft:
    """What the seller owes and may ask for."""
    stages = terms.linkage.stages if terms.linkage else frozenset()
    sentences: list[Sentence] = []
    if Stage.PRODUCTION in stages:
        sentences.append(
            "Tổ chức sản xuất đúng giống, quy trình kỹ thuật, diện tích và mùa vụ đã thỏa thuận; hướng dẫn các hộ, "
            "thành viên ghi chép sản xuất để truy xuất nguồn gốc."
        )
    if Stage.HARVEST in stages:
        sentences.append("Thu hoạch đúng thời điểm, đúng kỹ thuật; báo trước cho Bên B kế hoạch thu hoạch.")
    if Stage.PROCESSING in stages:
        sentences.append("Sơ chế, chế biến phần việc do Bên A đảm nhận theo đúng yêu cầu chất lượng đã thỏa thuận.")
    if Stage.INPUTS in stages:
        sentences.append("Sử dụng vật tư, dịch vụ đầu vào được cung ứng đúng mục đích và hướng dẫn kỹ thuật.")
    sentences += [
        "Giao hàng đủ số lượng, đúng chất lượng, đúng thời gian; không bán cho người khác phần hàng đã cam kết, trừ "
        "phần Bên B không nhận.",
        "Báo ngay cho Bên B khi thiên tai, dịch bệnh hoặc lý do khác có thể làm thay đổi số lượng, chất lượng, "
        "thời gian giao.",
        "Được thanh toán đủ và đúng hạn; được bán cho người khác phần hàng đạt tiêu chuẩn mà Bên B không nhận.",
    ]
    return Draft("Quyền và nghĩa vụ của Bên A", sentences)


def buyer_duties(terms: Terms) -> Draft:
    """What the buyer owes and may ask for."""
    stages = terms.linkage.stages if terms.linkage else frozenset()
    sentences: list[Sentence] = []
    if Stage.INPUTS in stages:
        sentences.append("Cung ứng vật tư, dịch vụ đầu vào đúng chủng loại, chất lượng, thời gian đã thỏa thuận.")
    if Stage.PRODUCTION in stages:
        sentences.append("Cử người phối hợp hướng dẫn kỹ thuật và theo dõi sản xuất khi Bên A yêu cầu.")
    if Stage.PROCESSING in stages:
        sentences.append("Sơ chế, chế biến phần việc do Bên B đảm nhận và tiêu thụ sản phẩm.")
    sentences += [
        "Nhận đủ hàng đạt tiêu chuẩn theo hợp đồng và thanh toán đúng hạn; không tự ý hạ giá, hạ cấp chất lượng.",
        "Chuẩn bị phương tiện, người nhận hàng; báo ngay cho Bên A khi có lý do làm thay đổi thời gian nhận hàng.",
        "Được kiểm tra chất lượng, nguồn gốc hàng hóa và không nhận phần hàng không đạt tiêu chuẩn.",
    ]
    return Draft("Quyền và nghĩa vụ của Bên B", sentences)


def breach(terms: Terms) -> Draft:
    """Penalty and damages."""
    sentences: list[Sentence] = []
    if terms.penalty_percent:
        sentences.append(
            f"Bên vi phạm chịu phạt {percent(terms.penalty_percent)} giá trị phần nghĩa vụ hợp đồng bị vi phạm "
            "(không vượt mức 8% quy định tại Điều 301 Luật Thương mại)."
        )
    sentences.append("Bên vi phạm bồi thường thiệt hại thực tế do vi phạm gây ra theo quy định của pháp luật.")
    return Draft("Phạt vi phạm và bồi thường thiệt hại", sentences)


def force_majeure(_terms: Terms) -> Draft:
    """Events that nobody answers for."""
    return Draft(
        "Bất khả kháng",
        [
            "Thiên tai, dịch bệnh và sự kiện khác xảy ra khách quan, không lường trước và không khắc phục được dù đã "
            "áp dụng mọi biện pháp cần thiết là bất khả kháng; bên bị ảnh hưởng không phải chịu trách nhiệm về phần "
            "nghĩa vụ không thực hiện được.",
            "Bên bị ảnh hưởng báo ngay cho bên kia, kèm xác nhận của chính quyền địa phương nếu có; hai bên cùng bàn "
            "việc lùi thời gian, giảm số lượng hoặc chấm dứt hợp đồng.",
        ],
    )


def further(terms: Terms) -> Draft:
    """What the parties added in their own words, one sentence a line."""
    lines = [ended(line) for line in terms.extra.splitlines()]
    return Draft("Thỏa thuận khác", [line for line in lines if line])


def disputes(terms: Terms) -> Draft:
    """How the parties settle what they disagree on."""
    return Draft(
        "Giải quyết tranh chấp",
        [
            "Hai bên giải quyết tranh chấp trước hết bằng thương lượng, hòa giải trên tinh thần hợp tác.",
            ended(terms.disputes) or "Không thương lượng được thì tranh chấp do Tòa án nhân dân có thẩm quyền giải quyết.",
        ],
    )


def orders(_terms: Terms) -> Draft:
    """How a framework comes to single sales."""
    return Draft(
        "Hợp đồng mua bán cụ thể",
        [
            "Căn cứ hợp đồng nguyên tắc này, hai bên ký hợp đồng mua bán hoặc phụ lục cho từng vụ, từng đợt hàng.",
            "Hợp đồng nguyên tắc này không tự làm phát sinh nghĩa vụ giao hàng, nhận hàng hoặc thanh toán.",
            "Nội dung mà hợp đồng mua bán cụ thể không quy định thì áp dụng hợp đồng nguyên tắc này.",
        ],
    )


def intent(_terms: Terms) -> Draft:
    """Why the parties write a memorandum and what each will do."""
    return Draft(
        "Mục đích và trách nhiệm của các bên",
        [
            "Hai bên ghi nhận mong muốn hợp tác lâu dài trong sản xuất và tiêu thụ sản phẩm trên cơ sở bình đẳng, tự "
            "nguyện, cùng có lợi.",
            "Bên A cung cấp thông tin về sản phẩm, sản lượng, mùa vụ và chất lượng; gửi mẫu sản phẩm khi "
            "Bên B yêu cầu.",
            "Bên B cung cấp thông tin về nhu cầu, yêu cầu chất lượng và giá; phối hợp khảo sát vùng sản xuất.",
        ],
    )


def not_binding(_terms: Terms) -> Draft:
    """A memorandum binds nobody to buy or sell."""
    return Draft(
        "Giá trị của biên bản",
        [
            "Biên bản này ghi nhận thiện chí hợp tác, không phải là hợp đồng mua bán và không làm phát sinh nghĩa vụ "
            "giao hàng, mua hàng hoặc thanh toán. Các nghĩa vụ đó chỉ phát sinh khi hai bên ký hợp đồng."
        ],
    )


def effect(terms: Terms, parties: int) -> Draft:
    """From when to when, how it is changed, how many copies."""
    name = "Biên bản" if terms.kind is ContractKind.MEMORANDUM else "Hợp đồng"
    start = f"từ ngày {date_words(terms.starts_on)}" if terms.starts_on else "từ ngày các bên ký đủ"
    end = f" đến hết ngày {date_words(terms.ends_on)}" if terms.ends_on else ""
    sentences: list[Sentence] = [f"{name} có hiệu lực {start}{end}."]
    if terms.kind is not ContractKind.MEMORANDUM:
        until = "" if terms.ends_on else "khi các bên đã thực hiện xong nghĩa vụ, "
        sentences.append(
            f"Hợp đồng chấm dứt {until or 'khi hết thời hạn, '}khi các bên thỏa thuận chấm dứt hoặc theo quy định của "
            "pháp luật. Mọi sửa đổi, bổ sung được lập thành phụ lục có chữ ký của các bên."
        )
    sentences.append(f"{name} được lập thành {copies_kept(terms.copies, parties)}")
    return Draft("Hiệu lực và điều khoản thi hành", sentences)


COMMON: tuple[Callable[[Terms], Draft], ...] = (quality, price, delivery, payment)
DUTIES: tuple[Callable[[Terms], Draft], ...] = (seller_duties, buyer_duties, breach, force_majeure, further, disputes)
CLAUSES: dict[ContractKind, tuple[Callable[[Terms], Draft], ...]] = {
    ContractKind.LINKAGE: (linkage_form, linkage_goods, *COMMON, advance, *DUTIES),
    ContractKind.SALE: (sale_goods, *COMMON, advance, *DUTIES),
    ContractKind.FRAMEWORK: (intended_goods, orders, quality, delivery, payment, force_majeure, further, disputes),
    ContractKind.MEMORANDUM: (intent, intended_goods, not_binding, further),
}
