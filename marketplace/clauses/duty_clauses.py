"""Clauses about the parties: what each owes, what a breach costs, and what nobody answers for.

Document words, never translated; clauses.py says why.
"""

from marketplace.clauses.terms import Stage, Terms
from marketplace.clauses.wording import Draft, Sentence, ended, percent


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
    return Draft("seller_duties", "Quyền và nghĩa vụ của Bên A", sentences)


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
    return Draft("buyer_duties", "Quyền và nghĩa vụ của Bên B", sentences)


def breach(terms: Terms) -> Draft:
    """Penalty and damages."""
    sentences: list[Sentence] = []
    if terms.penalty_percent:
        sentences.append(
            f"Bên vi phạm chịu phạt {percent(terms.penalty_percent)} giá trị phần nghĩa vụ hợp đồng bị vi phạm "
            "(không vượt mức 8% quy định tại Điều 301 Luật Thương mại)."
        )
    sentences.append("Bên vi phạm bồi thường thiệt hại thực tế do vi phạm gây ra theo quy định của pháp luật.")
    return Draft("breach", "Phạt vi phạm và bồi thường thiệt hại", sentences)


def force_majeure(_terms: Terms) -> Draft:
    """Events that nobody answers for."""
    return Draft(
        "force_majeure",
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
    return Draft("further", "Thỏa thuận khác", [line for line in lines if line])


def disputes(terms: Terms) -> Draft:
    """How the parties settle what they disagree on."""
    return Draft(
        "disputes",
        "Giải quyết tranh chấp",
        [
            "Hai bên giải quyết tranh chấp trước hết bằng thương lượng, hòa giải trên tinh thần hợp tác.",
            ended(terms.disputes)
            or "Không thương lượng được thì tranh chấp do Tòa án nhân dân có thẩm quyền giải quyết.",
        ],
    )


def orders(_terms: Terms) -> Draft:
    """How a framework comes to single sales."""
    return Draft(
        "orders",
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
        "intent",
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
        "not_binding",
        "Giá trị của biên bản",
        [
            "Biên bản này ghi nhận thiện chí hợp tác, không phải là hợp đồng mua bán và không làm phát sinh nghĩa vụ "
            "giao hàng, mua hàng hoặc thanh toán. Các nghĩa vụ đó chỉ phát sinh khi hai bên ký hợp đồng."
        ],
    )
