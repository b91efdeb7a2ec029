"""PURE: rules of "Điểm cần lưu ý" about goods, prices, delivery and quality. Suggested sentences are document words."""

from collections.abc import Callable

from marketplace.clauses.fairness_case import DOTS, Case, Rule, Weight, line_field, missing, of_goods, when
from marketplace.clauses.terms import ContractKind, Goods
from marketplace.kernel.messages import Message, msgid
from marketplace.kernel.prices import MARKET_KINDS, PriceKind


def no_price(line: Goods) -> bool:
    """Neither a price nor a way to compute one."""
    return line.price_kind is PriceKind.NEGOTIABLE or (line.price_kind is PriceKind.FIXED and line.price is None)


def no_floor(line: Goods) -> bool:
    """A market price that may fall to nothing."""
    return line.price_kind in (PriceKind.MARKET, PriceKind.CEILING) and line.price is None


def no_market(line: Goods) -> bool:
    """A market price of which nobody said where it is read."""
    return line.price_kind in MARKET_KINDS and not line.market.strip()


def no_quantity(line: Goods) -> bool:
    """Nobody knows how much."""
    return line.quantity is None


def about(wanted: Callable[[Goods], bool], sentence: str) -> Callable[[Case], str]:
    """A suggested sentence that names its goods."""
    return lambda case: sentence.format(goods=case.goods(wanted))


def months_outside(case: Case) -> Message | None:
    """Deliveries after the end."""
    end = case.terms.ends_on
    names = case.goods(lambda line: bool(line.schedule) and end is not None and max(line.schedule) > end)
    return msgid("A month of delivery lies after the contract's end: %(goods)s.", goods=names) if names else None


G, C, K = Weight.GRAVE, Weight.CHECK, Weight.KNOW
GOODS_RULES: tuple[Rule, ...] = (
    Rule(
        "no_goods",
        G,
        "goods",
        when(lambda case: not case.terms.goods, msgid("The contract names no goods yet.")),
        field="lines-0-name",
    ),
    Rule(
        "no_price",
        G,
        "price",
        of_goods(no_price, lambda names: msgid("No price is fixed, nor how it is computed: %(goods)s.", goods=names)),
        about(
            no_price,
            "Trước mỗi đợt giao ít nhất 07 ngày, hai bên chốt giá {goods} bằng văn bản; không chốt được giá thì Bên A "
            "được bán phần hàng của đợt đó cho người khác mà không bị coi là vi phạm.",
        ),
    ),
    Rule(
        "no_floor",
        G,
        "price",
        of_goods(
            no_floor,
            lambda names: msgid("The price follows the market and has no floor: %(goods)s.", goods=names),
        ),
        about(no_floor, f"Giá {{goods}} trong mọi trường hợp không thấp hơn {DOTS} đồng cho một đơn vị tính."),
        field=line_field(no_floor, "price"),
    ),
    Rule(
        "no_market",
        G,
        "price",
        of_goods(
            no_market,
            lambda names: msgid(
                "It is not said which market's price is meant, and who reads it: %(goods)s.", goods=names
            ),
        ),
        about(
            no_market,
            "Giá thị trường của {goods} là giá bán buôn hàng cùng loại tại chợ gần nơi giao hàng nhất vào buổi sáng "
            "ngày giao, do người của hai bên cùng hỏi và ghi vào phiếu giao nhận.",
        ),
        field=line_field(no_market, "market"),
    ),
    Rule(
        "no_quantity",
        C,
        "goods",
        of_goods(
            no_quantity,
            lambda names: msgid("No quantity is fixed: %(goods)s.", goods=names),
        ),
        field=line_field(no_quantity, "quantity"),
    ),
    Rule(
        "no_months",
        C,
        "delivery",
        of_goods(
            lambda line: line.quantity is not None and not line.schedule,
            lambda names: msgid("It is not said how much is due in which month: %(goods)s.", goods=names),
        ),
        "Trước ngày 25 hằng tháng, hai bên thống nhất bằng văn bản hoặc tin nhắn số lượng giao của tháng sau.",
    ),
    Rule("months_outside", C, "delivery", months_outside, field="ends_on"),
    Rule(
        "no_place",
        C,
        "delivery",
        when(lambda case: not case.terms.place.strip(), msgid("The place of delivery is not fixed.")),
        f"Hàng được giao nhận tại {DOTS}.",
        field="place",
    ),
    Rule(
        "no_transport",
        C,
        "delivery",
        when(
            lambda case: case.terms.transport is None,
            msgid("It is not said who carries the goods and who pays for it."),
        ),
        "Bên B tổ chức vận chuyển và chịu chi phí vận chuyển kể từ nơi giao hàng.",
        field="transport",
    ),
    Rule(
        "inspection",
        C,
        "quality",
        missing("quality", msgid("The usual words about checking the goods with both sides present are not there.")),
        "Việc cân, đo, kiểm tra chất lượng phải có mặt người của cả hai bên; kết quả ghi vào phiếu giao nhận có chữ ký "
        "của hai bên.",
    ),
    Rule(
        "no_deduction",
        C,
        "quality",
        when(
            lambda case: (
                not case.terms.deduction.strip() and (case.terms.kind is ContractKind.LINKAGE or case.lacks("quality"))
            ),
            msgid("Which scales are used, and what is taken off for moisture and impurities, is not described."),
        ),
        "Hàng được cân bằng cân đã kiểm định còn hạn, hai bên cùng xem; mức trừ độ ẩm, tạp chất và bao bì được đo trước "
        "mặt hai bên và ghi vào phiếu giao nhận, ngoài ra không trừ khoản nào khác.",
    ),
    Rule(
        "estimate",
        K,
        "price",
        of_goods(
            lambda line: line.price_kind in MARKET_KINDS and line.amount is not None,
            lambda names: msgid(
                "The price may change, so the contract's value is an estimate: %(goods)s.", goods=names
            ),
        ),
    ),
    Rule(
        "vat",
        K,
        "price",
        when(lambda case: case.terms.vat is None, msgid("It is not said whether the price contains value added tax.")),
        "Đơn giá trong hợp đồng đã bao gồm thuế giá trị gia tăng, nếu có.",
        field="vat",
    ),
)
